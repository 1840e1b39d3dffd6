/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include "base64url_text.h"
#include "encoding/number.h"
#include "state/record.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world world;
static jmp_buf power_failed;

enum { NOW = 1767225600, BUILT = NOW - 86400, DAY = 86400 };

/* ---- The platform. */

static struct ward_time clock_now(void *context)
{
    (void)context;
    return ward_time_set(world.seconds);
}

static uint32_t uptime(void *context)
{
    (void)context;
    return world.uptime;
}

static size_t record_read(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    const size_t left = offset < BLOCK ? BLOCK - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, world.flash.byte[slot] + offset, length);
    return length;
}

static void begin_record(unsigned slot)
{
    struct content *const begun = &world.begun;
    memset(begun, 0, sizeof *begun);
    begun->slot = slot;
    world.writes++;
    if (world.keyring.set == NULL)
        return;
    begun->sequence = world.keyring.sequence + 1;
    begun->boots = ward_keyring_boots(&world.keyring);
    begun->floor = world.keyring.clock.floor;
    begun->keys = *ward_keyring_keys(&world.keyring);
    memcpy(begun->denials, world.gate.denials, sizeof begun->denials);
    begun->issued_until = world.gate.issued_until;
    begun->bundle = world.keyring.bundles[world.keyring.bundle];
}

/* What was begun counts as a record once all of its pieces have come: before that it cannot be whole. */
static struct ward_status record_write(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    struct content *const begun = &world.begun;
    (void)context;
    if (offset == 0)
        begin_record(slot);
    if (offset + size > BLOCK)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (size > 0)
        memcpy(begun->bytes + offset, data, size);
    begun->length = offset + size;
    if (offset == 0 && !flash_erase(&world.flash, slot))
        longjmp(power_failed, 1);
    if (size > 0 && !flash_program(&world.flash, slot, offset, data, size))
        longjmp(power_failed, 1);
    return ward_status_of(WARD_OK);
}

static const struct ward_platform platform = {
    .clock = clock_now, .uptime = uptime, .record_read = record_read, .record_write = record_write
};

/* A script that does not work out tests nothing. */
static void expect(struct ward_status status)
{
    if (!ward_ok(status)) {
        fprintf(stderr, "power: an event failed: %s\n", ward_status_name(status));
        exit(2);
    }
}

/* ---- The device. */

/* Longer than a piece, and without an erased byte. */
enum { FOREIGN_TAG = 77, FOREIGN = 700 };

void device_inherit(void)
{
    static const struct ward_record_slots slots = { NULL, record_read, record_write };
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    struct ward_record_writer writer;
    ward_record_begin(&writer, &world.record, WARD_RECORD_OF_DEVICE, 1);
    ward_record_section(&writer, WARD_RECORD_BOOTS, 0);
    ward_record_put(&writer, 41, 4);
    ward_record_section(&writer, (enum ward_record_tag)FOREIGN_TAG, 0);
    for (unsigned i = 0; i < FOREIGN; i++)
        ward_record_put(&writer, i % 250u, 1);
    ward_record_end(&writer);
    expect(ward_record_write(&slots, none, 0, &world.record, &world.work));
    world.begun.sequence = 1;
    world.begun.boots = 41;
    world.stored = world.begun;
    memset(&world.begun, 0, sizeof world.begun);
    world.writes = 0;
}

/* What the earlier firmware has stored beside what this one knows is there, whatever was written since. */
static bool has_foreign(const struct content *content)
{
    uint8_t section[8 + FOREIGN] = { 0, FOREIGN_TAG, 0, 0, 0, 0, FOREIGN >> 8, FOREIGN & 0xff };
    for (unsigned i = 0; i < FOREIGN; i++)
        section[8 + i] = (uint8_t)(i % 250u);
    for (size_t at = 0; at + sizeof section <= content->length; at++)
        if (memcmp(content->bytes + at, section, sizeof section) == 0)
            return true;
    return false;
}

static const struct ward_text issuer = WARD_TEXT("https://issuer.example/");
static const struct ward_text audience = WARD_TEXT("https://api.example");
static const struct ward_expect expectations = { .issuers = { &issuer, 1 }, .audiences = { &audience, 1 } };
static const struct ward_jwks operators = {
    .count = 1, .key = { { .bits = 2048, .kid_length = 1, .kid = "o", .n = { [0] = 1, [63] = 0x80000000u } } }
};
static const struct ward_bundle_config bundles = {
    .operator_name = WARD_TEXT("o"), .fleet = WARD_TEXT("f"), .keys = &operators, .expect = &expectations
};

void device_boot(void)
{
    static const struct ward_keyring_config config = { .bundles = &bundles,
                                                       .issuer = WARD_TEXT("https://issuer.example/"),
                                                       .url = WARD_TEXT("https://issuer.example/jwks.json"),
                                                       .build_time = BUILT };
    static const struct ward_policy policy = { .expect = &expectations };
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &world.keyring };
    world.uptime = 5000;
    if (world.seconds == 0)
        world.seconds = NOW;
    struct ward_status status = ward_service_begin(&world.service, &platform, &world.keyring, &config, 7, &world.work,
                                                   &world.record);
    world.opened = status;
    if (ward_ok(status))
        status = ward_gate_begin_with(&world.gate, &setup, ward_service_time(&world.service), &world.work);
    expect(status);
    ward_service_gate(&world.service, &world.gate);
}

/* As long as something is wanted at once. A write that failed is wanted again after ten minutes only. */
static void run(void)
{
    const uint32_t before = world.keyring.sequence;
    for (int i = 0; i < 20 && ward_service_run(&world.service) == 0; i++) {
    }
    if (world.keyring.sequence != before)
        world.stored = world.begun;
}

/* ---- Events. */

static void feed(const char *text, size_t length)
{
    expect(ward_keyring_fetch_feed(&world.keyring, text, length, &world.work));
}

static int write_key(char kid, char *out, size_t size)
{
    static const char form[] = "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\"%c\",\"n\":\"%s\"}";
    char modulus[343];
    /* 342 characters from v to x are 2048 bits, odd by the last of them. */
    memset(modulus, kid, 341);
    modulus[341] = 'Q';
    modulus[342] = '\0';
    return snprintf(out, size, form, kid, modulus);
}

static void feed_key(char kid, bool first)
{
    char key[512];
    const int length = write_key(kid, key, sizeof key);
    if (!first)
        feed(",", 1);
    feed(key, (size_t)length);
}

/* The next bundle of the operator, with one key: its number is its time, so that an event that comes again is another one. */
static void take_bundle(char kid, const char *deny)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"jwk-set+jwt\",\"kid\":\"o\"}";
    char key[512];
    char payload[2048];
    char bundle[4096];
    (void)write_key(kid, key, sizeof key);
    const int length = snprintf(
        payload, sizeof payload,
        "{\"iss\":\"o\",\"sub\":\"https://issuer.example/\",\"aud\":\"f\",\"iat\":%llu,\"exp\":%llu,"
        "\"seq\":%llu,\"keys\":[%s],\"deny\":%s}",
        (unsigned long long)world.seconds, (unsigned long long)world.seconds + DAY, (unsigned long long)world.seconds,
        key, deny);
    size_t at = base64url_text(bundle, header, sizeof header - 1);
    bundle[at++] = '.';
    at += base64url_text(bundle + at, payload, (size_t)length);
    bundle[at++] = '.';
    memset(bundle + at, 'A', 342);
    expect(
        ward_keyring_bundle(&world.keyring, bundle, at + 342, ward_time_set(world.seconds), world.uptime, &world.work));
}

static void fetch(const char *kids)
{
    const struct ward_fetch_answer answer = { .status = { (uint32_t)WARD_OK },
                                              .http = 200,
                                              .max_age = WARD_NO_MAX_AGE };
    ward_keyring_fetch_begin(&world.keyring);
    feed("{\"keys\":[", 9);
    for (const char *kid = kids; *kid != '\0'; kid++)
        feed_key(*kid, kid == kids);
    feed("]}", 2);
    expect(ward_keyring_fetch_end(&world.keyring, &answer, ward_time_set(world.seconds), world.uptime));
}

static void deny(uint8_t owner)
{
    const uint8_t id[WARD_OWNER_SIZE] = { owner };
    const struct ward_caller caller = { .now = ward_time_set(world.seconds), .uptime = world.uptime };
    expect(ward_deny(&world.gate, id, WARD_DENY_ALWAYS, &caller));
}

static void deny_all(void)
{
    const struct ward_caller caller = { .now = ward_time_set(world.seconds), .uptime = world.uptime };
    ward_deny_all(&world.gate, world.seconds, &caller);
}

static void pass_a_day(void)
{
    for (int hour = 0; hour < 25; hour++) {
        world.uptime += 3600000u;
        world.seconds += 3600u;
        (void)ward_keyring_next(&world.keyring, ward_time_set(world.seconds), world.uptime);
    }
}

const char *device_event_name(unsigned event)
{
    static const char *const names[EVENTS] = {
        "a minute after the boot", "the first keys", "a subject denied", "other keys",
        "another subject denied",  "a day",          "all denied",       "a key removed",
        "a bundle that denies",    "another bundle"
    };
    return names[event];
}

static void happen(unsigned event)
{
    world.seconds += 10;
    world.uptime += 10000;
    switch (event) {
    case 0: world.uptime += 61000u; break;
    case 1: fetch("vw"); break;
    case 2: deny(1); break;
    case 3: fetch("wx"); break;
    case 4: deny(2); break;
    case 5: pass_a_day(); break;
    case 6: deny_all(); break;
    case 7: fetch("x"); break;
    case 8:
        take_bundle('w', "[{\"sub\":\"someone\",\"issued_until\":\"always\"},{\"everybody\":true,\"issued_until\":5}]");
        break;
    default: take_bundle('v', "[{\"sub\":\"other\",\"issued_until\":7}]"); break;
    }
}

bool device_event(unsigned event)
{
    if (setjmp(power_failed) != 0)
        return false;
    happen(event);
    run();
    return true;
}

/* ---- What must be so. */

/* Whether the last piece has come: the header says how long the record is. */
static bool has_come(const struct content *content)
{
    return content->length > 16 && content->length == 16 + ward_number_get(content->bytes + 12, 4) + WARD_RECORD_DIGEST;
}

static bool is_whole(const struct content *content)
{
    return has_come(content) && memcmp(world.flash.byte[content->slot], content->bytes, content->length) == 0;
}

static bool same_keys(const struct ward_jwks *a, const struct ward_jwks *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->key[i].kid[0] != b->key[i].kid[0] || memcmp(a->key[i].n, b->key[i].n, sizeof a->key[i].n) != 0)
            return false;
    return true;
}

static bool has_denials(const struct content *content)
{
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++) {
        bool found = content->denials[i].issued_until == 0;
        for (size_t j = 0; j < WARD_DENY_SLOTS; j++)
            found = found || memcmp(&world.gate.denials[j], &content->denials[i], sizeof content->denials[i]) == 0;
        if (!found)
            return false;
    }
    return world.gate.issued_until == content->issued_until;
}

const char *device_check(void)
{
    static const struct content nothing;
    const struct content *const expected = is_whole(&world.begun) ? &world.begun : &world.stored;
    const struct content *const found = expected->length > 0 ? expected : &nothing;
    if (found->length > 0 && !is_whole(found))
        return "the record that was stored is no longer whole";
    if (world.keyring.sequence != found->sequence)
        return world.keyring.sequence < found->sequence ? "an older record was taken: rolled back"
                                                        : "a record that was never whole was taken";
    if (ward_keyring_boots(&world.keyring) != found->boots + 1)
        return "the boots are miscounted";
    if (!same_keys(ward_keyring_keys(&world.keyring), &found->keys))
        return "the keys are others";
    if (!has_denials(found))
        return "the deny list has shrunk or changed";
    if (memcmp(&world.keyring.bundles[world.keyring.bundle], &found->bundle, sizeof found->bundle) != 0)
        return "the bundle in force is another one, or a part of one";
    if (world.keyring.clock.floor < found->floor)
        return "the floor went back";
    if (!has_foreign(found))
        return "what another build has stored is gone";
    if (world.gate.closed.code != WARD_OK || (world.opened.code != WARD_OK))
        return "the device does not open what it has stored";
    if (found->length > 0 && world.keyring.slot == found->slot)
        return "the next write would go to the newest record";
    /* What was found is what a later fault may fall back to. */
    world.stored = *found;
    return NULL;
}

const char *device_check_write(void)
{
    const bool believed = world.stored.length > 0 && world.stored.sequence == world.begun.sequence;
    if (is_whole(&world.begun) && !believed)
        return "a good write was taken for a bad one";
    if (!is_whole(&world.begun) && believed)
        return "a bad write was taken for a good one";
    return NULL;
}
