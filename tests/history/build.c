/* SPDX-License-Identifier: Apache-2.0 */
/* One build: compiled once for each set of limits, with a copy of ward, into an object of which only the table at the end is seen. */
#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/keyring.h"
#include "state/record.h"
#include "ward/port/service.h"
#include "ward/ward.h"
#include "world.h"

/* More turns than anything takes that the script does at once. */
enum { TURNS = 30 };

static struct device {
    struct ward_service service;
    struct ward_keyring keyring;
    struct ward_gate gate;
    struct ward_workspace work;
    struct ward_record record;
    bool has_gate;
} device;

static struct ward_text text(const char *string)
{
    return ward_text_of(string, strlen(string));
}

/* ---- The platform. */

static struct ward_time clock_now(void *context)
{
    (void)context;
    return world_clock();
}

static uint32_t uptime(void *context)
{
    (void)context;
    return world.uptime;
}

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    return world_read(slot, offset, data, size);
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    return world_write(slot, offset, data, size);
}

static const struct ward_platform platform = {
    .clock = clock_now, .uptime = uptime, .record_read = read_slot, .record_write = write_slot
};
static const struct ward_record_slots slots = { NULL, read_slot, write_slot };

/* ---- Starting. */

static struct ward_text issuers[ISSUERS];
static const struct ward_text audience = WARD_TEXT("api");
static struct ward_expect expect = { .issuers = { issuers, 0 }, .audiences = { &audience, 1 } };
static const struct ward_policy policy = { .expect = &expect,
                                           .signature_rate = { 1000, 1, 200 },
                                           .signature_rate_per_peer = { 1000, 1, 200 },
                                           .subject = { 1000, 1, 200 } };
static const struct ward_keyring_config config = { .issuer = WARD_TEXT("https://a.example/"),
                                                   .url = WARD_TEXT("https://a.example/jwks.json"),
                                                   .build_time = BUILT };

static void configure(const struct setting *setting)
{
    expect.issuers.count = 0;
    for (unsigned i = 0; i < ISSUERS; i++)
        if ((setting->issuers >> i & 1u) != 0)
            issuers[expect.issuers.count++] = text(issuer_name[i]);
    expect.authority = text(authority_name[setting->authority]);
}

static struct ward_status boot_tool(void)
{
    const struct ward_status status = ward_keyring_begin(&device.keyring, &config, 7, world.uptime);
    return ward_ok(status) ? ward_keyring_open(&device.keyring, &slots, world.uptime, &device.work) : status;
}

static struct ward_status boot_gate(void)
{
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &device.keyring };
    const struct ward_status status = ward_gate_begin_with(&device.gate, &setup, ward_service_time(&device.service),
                                                           &device.work);
    device.has_gate = ward_ok(status);
    if (device.has_gate)
        ward_service_gate(&device.service, &device.gate);
    return status;
}

static struct ward_status boot(const struct setting *setting, enum opener opener)
{
    memset(&device, 0x5a, sizeof device);
    device.has_gate = false;
    configure(setting);
    if (opener == TOOL)
        return boot_tool();
    struct ward_status status = ward_service_begin(&device.service, &platform, &device.keyring, &config, 7,
                                                   &device.work, &device.record);
    /* A runner that is there before its gate stores nothing. */
    for (unsigned i = 0; i < TURNS && ward_service_run(&device.service) == 0; i++) {
    }
    if (ward_ok(status) && opener == DEVICE)
        status = boot_gate();
    else
        ward_service_gate(&device.service, NULL);
    return ward_ok(status) ? device.service.opened : status;
}

static void run(void)
{
    for (unsigned i = 0; i < TURNS && ward_service_run(&device.service) == 0; i++) {
    }
}

/* ---- What can be seen. */

static size_t count_denials(void)
{
    size_t count = 0;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        count += device.gate.denials[i].issued_until > 0 ? 1u : 0u;
    return count;
}

static void view(struct view *view)
{
    const struct ward_jwks *const keys = ward_keyring_keys(&device.keyring);
    memset(view, 0, sizeof *view);
    view->time = ward_keyring_time(&device.keyring, world_clock(), world.uptime);
    view->ready = ward_keyring_ready(&device.keyring, view->time);
    view->closed = device.has_gate ? ward_gate_closed(&device.gate) : ward_status_of(WARD_OK);
    view->floor = device.keyring.clock.floor;
    view->fetched_at = device.keyring.fetched_at;
    view->boots = ward_keyring_boots(&device.keyring);
    for (size_t i = 0; i < keys->count; i++)
        view->keys[i] = keys->key[i].kid[0];
    if (!device.has_gate)
        return;
    view->denials = count_denials();
    memcpy(view->head, device.gate.audit.head, DIGEST);
    memcpy(view->previous, device.gate.audit.event[0].previous, DIGEST);
}

/* ---- Events. */

static struct ward_caller caller(void)
{
    const struct ward_caller now = { .now = ward_keyring_time(&device.keyring, world_clock(), world.uptime),
                                     .uptime = world.uptime };
    return now;
}

static struct ward_status feed_key(char kid, bool first)
{
    char modulus[343];
    char key[512];
    memset(modulus, 'v' + kid % 3, 341);
    modulus[0] = 'w';
    modulus[1] = kid;
    modulus[341] = 'Q';
    modulus[342] = '\0';
    const int length = snprintf(key, sizeof key, "%s{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\"%c\",\"n\":\"%s\"}",
                                first ? "" : ",", kid, modulus);
    return ward_keyring_fetch_feed(&device.keyring, key, (size_t)length, &device.work);
}

static struct ward_status fetch(const char *letters, uint64_t date, bool aged)
{
    const struct ward_fetch_answer answer = {
        .status = { (uint32_t)WARD_OK }, .http = 200, .max_age = WARD_NO_MAX_AGE, .date = date, .aged = aged
    };
    ward_keyring_fetch_begin(&device.keyring);
    struct ward_status status = ward_keyring_fetch_feed(&device.keyring, "{\"keys\":[", 9, &device.work);
    for (const char *kid = letters; *kid != '\0' && ward_ok(status); kid++)
        status = feed_key(*kid, kid == letters);
    if (ward_ok(status))
        status = ward_keyring_fetch_feed(&device.keyring, "]}", 2, &device.work);
    const struct ward_status end = ward_keyring_fetch_end(&device.keyring, &answer, world_clock(), world.uptime);
    return ward_ok(status) ? end : status;
}

static void owner_of(const char *name, const char *person, uint8_t owner[WARD_OWNER_SIZE])
{
    if (!ward_ok(ward_owner_id(text(name), text(person), &device.work, owner)))
        abort();
}

static struct ward_status deny_name(const char *name, const char *person, uint64_t until)
{
    uint8_t owner[WARD_OWNER_SIZE];
    const struct ward_caller now = caller();
    owner_of(name, person, owner);
    return ward_deny(&device.gate, owner, until, &now);
}

static bool undeny_name(const char *name, const char *person)
{
    uint8_t owner[WARD_OWNER_SIZE];
    const struct ward_caller now = caller();
    owner_of(name, person, owner);
    return ward_undeny(&device.gate, owner, &now);
}

static struct ward_status deny_person(const char *person, uint64_t until)
{
    const struct ward_caller now = caller();
    return ward_deny_subject(&device.gate, text(person), until, &now, &device.work);
}

static struct ward_status undeny_person(const char *person, bool *was_denied)
{
    const struct ward_caller now = caller();
    return ward_undeny_subject(&device.gate, text(person), &now, &device.work, was_denied);
}

static void deny_all(uint64_t until)
{
    const struct ward_caller now = caller();
    ward_deny_all(&device.gate, until, &now);
}

static void deny_all_until(uint64_t until)
{
    const struct ward_caller now = caller();
    ward_deny_all_until(&device.gate, until, &now);
}

static struct ward_status drop(void)
{
    const struct ward_caller now = caller();
    return ward_deny_reset(&device.gate, &now);
}

static void set_floor(uint64_t seconds)
{
    ward_keyring_set_floor(&device.keyring, seconds);
}

static struct ward_status ask(char *token, size_t length)
{
    struct ward_decision decision;
    const struct ward_caller now = caller();
    return ward_authorize(&device.gate, token, length, ward_any_scope, &now, &device.work, &decision);
}

/* ---- Tools. */

static struct ward_status store_keys(void)
{
    const struct ward_keyring_action next = ward_keyring_next(&device.keyring, world_clock(), world.uptime);
    ward_keyring_pack_keys(&device.keyring, false, &device.record);
    return ward_record_write(&slots, next.origin, next.slot, &device.record, &device.work);
}

static struct ward_status provision(unsigned slot)
{
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    ward_keyring_pack_keys(&device.keyring, true, &device.record);
    return ward_record_write(&slots, none, slot, &device.record, &device.work);
}

static struct ward_status inherit(const uint8_t *bytes, size_t length)
{
    enum { FOREIGN_TAG = 77 };
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    struct ward_record_writer writer;
    ward_record_begin(&writer, &device.record, WARD_RECORD_OF_DEVICE, 1);
    ward_record_section(&writer, (enum ward_record_tag)FOREIGN_TAG, 0);
    ward_record_put_bytes(&writer, bytes, length);
    ward_record_end(&writer);
    return ward_record_write(&slots, none, 0, &device.record, &device.work);
}

const struct build HISTORY_BUILD = { .name = HISTORY_NAME,
                                     .most_keys = WARD_MAX_KEYS,
                                     .most_denials = WARD_DENY_SLOTS,
                                     .boot = boot,
                                     .view = view,
                                     .run = run,
                                     .fetch = fetch,
                                     .deny_name = deny_name,
                                     .undeny_name = undeny_name,
                                     .deny_person = deny_person,
                                     .undeny_person = undeny_person,
                                     .deny_all = deny_all,
                                     .deny_all_until = deny_all_until,
                                     .drop = drop,
                                     .set_floor = set_floor,
                                     .ask = ask,
                                     .store_keys = store_keys,
                                     .provision = provision,
                                     .inherit = inherit };
