/* SPDX-License-Identifier: Apache-2.0 */
/* A record of any bytes, as a slot may hold them after a power cut or worse: a keyring and a gate take over what it says, or nothing of it.
 * What they took over comes back after another start from the record that they write themselves; no denial is ever lost.
 *
 * The last byte says how the device is configured, and whether the bytes are a slot's as they are, or the sections of a record whose header
 * and digest are right.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "state/record.h"
#include "token.h"
#include "ward/access.h"

#define URL "https://dev-4fszoklachwdh46m.us.auth0.com/.well-known/jwks.json"

/* Option bits. */
enum { SEALED = 1, COMPILED_KEYS = 2, NEW_FIRMWARE = 4, OTHER_ISSUER = 8, OFFLINE = 16, KEYS_ONLY = 32 };
enum { UPTIME = 77, SEED = 5 };

/* A device: keyring and gate, and how it came up. */
struct device {
    struct ward_keyring_config config;
    struct ward_keyring keyring;
    struct ward_gate gate;
    struct ward_status opened;
    struct ward_status begun;
};

static const struct ward_policy policy = { .expect = &usual_expect };
static const struct ward_time clock_now = { NOW, WARD_TIME_SET };
static struct ward_workspace work;
static struct device first;
static struct device second;

static void configure(struct ward_keyring_config *config, uint8_t options)
{
    memset(config, 0, sizeof *config);
    config->issuer = ward_text_of(ISSUER, (options & OTHER_ISSUER) != 0 ? sizeof ISSUER - 3 : sizeof ISSUER - 1);
    if ((options & OFFLINE) == 0)
        config->url = ward_text_of(URL, sizeof URL - 1);
    config->compiled = (options & (COMPILED_KEYS | OFFLINE)) != 0 ? usual_keys() : NULL;
    config->compiled_version = (options & NEW_FIRMWARE) != 0 ? 2 : 1;
    config->build_time = NOW - 86400u;
}

/* ---- The slot, in memory that ends where its bytes end; a second slot is written to. */

enum { MOST = 16384 };
static char *slot;
static size_t slot_length;
static uint8_t written[MOST];
static size_t written_length;

static size_t read_slot(void *context, unsigned number, size_t offset, void *data, size_t size)
{
    const char *const from = number == 0 ? slot : (const char *)written;
    const size_t all = number == 0 ? slot_length : written_length;
    (void)context;
    const size_t left = offset < all ? all - offset : 0;
    const size_t length = size < left ? size : left;
    if (length > 0)
        memcpy(data, from + offset, length);
    return length;
}

static struct ward_status write_slot(void *context, unsigned number, size_t offset, const void *data, size_t size)
{
    (void)context;
    CHECK(number == 1 && offset + size <= sizeof written);
    if (size > 0)
        memcpy(written + offset, data, size);
    written_length = offset + size;
    return ward_status_of(WARD_OK);
}

static const struct ward_record_slots slots = { NULL, read_slot, write_slot };

static void put_number(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A slot's bytes with the header and digest that they lack. */
static void set_slot(const uint8_t *data, size_t size, uint8_t options)
{
    const bool seals = (options & SEALED) != 0;
    static uint8_t bytes[16 + MOST + 32];
    struct ward_sha256 *const sha = &work.part.sha;
    size_t length = size;
    memcpy(bytes + (seals ? 16 : 0), data, size);
    if (seals) {
        memcpy(bytes, "ward\0\2\0\0\0\0\0\11", 12);
        bytes[7] = (options & KEYS_ONLY) != 0 ? 1 : 0;
        put_number(bytes + 12, (uint32_t)size);
        CHECK_STATUS(ward_crypto_sha256_start(sha), WARD_OK);
        CHECK_STATUS(ward_crypto_sha256_update(sha, bytes, 16 + size), WARD_OK);
        CHECK_STATUS(ward_crypto_sha256_end(sha, bytes + 16 + size), WARD_OK);
        length = 16 + size + 32;
    }
    slot = fuzz_copy(bytes, length);
    slot_length = length;
}

static bool same_keys(const struct ward_keyring *a, const struct ward_keyring *b)
{
    const struct ward_jwks *const x = ward_keyring_keys(a);
    const struct ward_jwks *const y = ward_keyring_keys(b);
    return x->count == y->count && memcmp(x->key, y->key, x->count * sizeof x->key[0]) == 0;
}

static void begin_keyring(struct device *device, uint8_t options)
{
    configure(&device->config, options);
    memset(&device->keyring, 0xa5, sizeof device->keyring);
    CHECK_STATUS(ward_keyring_begin(&device->keyring, &device->config, SEED, UPTIME), WARD_OK);
}

/* As a service starts a device from the records that it found. */
static void start(struct device *device, uint8_t options)
{
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &device->keyring };
    begin_keyring(device, options);
    device->opened = ward_keyring_open(&device->keyring, &slots, UPTIME, &work);
    memset(&device->gate, 0xa5, sizeof device->gate);
    device->begun = ward_gate_begin_with(&device->gate, &setup, clock_now, &work);
    fuzz_check_named(device->opened);
    fuzz_check_named(device->begun);
}

static void check_untouched(const struct device *device, uint8_t options)
{
    begin_keyring(&second, options);
    CHECK(same_keys(&second.keyring, &device->keyring));
    CHECK_NUMBER(ward_keyring_boots(&device->keyring), 1);
    CHECK_NUMBER(device->keyring.clock.floor, device->config.build_time);
    CHECK_NUMBER(device->keyring.sequence, 0);
}

static void check_keys(const struct device *device)
{
    const struct ward_jwks *const set = ward_keyring_keys(&device->keyring);
    CHECK(set->count <= WARD_MAX_KEYS);
    for (size_t i = 0; i < set->count; i++) {
        const struct ward_key *const key = &set->key[i];
        CHECK(key->bits >= 2048 && key->bits <= WARD_MAX_RSA_BITS && key->kid_length <= WARD_MAX_KID);
        CHECK((key->n[0] & 1u) != 0u && (key->n[(key->bits - 1u) / 32] >> (key->bits - 1u) % 32 & 1u) != 0u);
    }
    CHECK(device->keyring.clock.floor >= device->config.build_time &&
          device->keyring.clock.floor <= device->keyring.clock.latest);
}

static bool denies(const struct ward_gate *gate, const struct ward_denial *denial)
{
    if (gate->issued_until >= denial->issued_until)
        return true;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (memcmp(gate->denials[i].owner, denial->owner, WARD_OWNER_SIZE) == 0 &&
            gate->denials[i].issued_until >= denial->issued_until)
            return true;
    return false;
}

/* Where the section of a tag is in the slot's bytes; NULL: there is none. Read here by the form of the record alone. */
static const uint8_t *section_of(unsigned tag, size_t *length)
{
    const uint8_t *at = (const uint8_t *)slot + 16;
    const uint8_t *const end = (const uint8_t *)slot + slot_length - 32;
    while (end - at >= 8) {
        *length = (size_t)at[4] << 24 | (size_t)at[5] << 16 | (size_t)at[6] << 8 | at[7];
        if (at[0] == 0 && at[1] == tag)
            return at + 8;
        at += 8 + *length;
    }
    return NULL;
}

static uint64_t number_of(const uint8_t *at)
{
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | at[i];
    return number;
}

/* Where the denials start; more than the section has: it is broken. */
static size_t denials_at(const uint8_t *section, size_t length)
{
    return length < 42 ? SIZE_MAX : 42 + ((size_t)section[40] << 8 | section[41]);
}

/* The rule: a bundle that is not whole closes the gate, whatever else there is; a section of the gate's that ends in
 * half a thing starts none; one that this build cannot hold all of closes it; else each denial is the gate's. */
static void check_denials(const struct device *device)
{
    size_t length = 0;
    size_t count = 0;
    const uint8_t *const section = section_of(WARD_RECORD_GATE, &length);
    if (device->opened.code == WARD_RECORD_UNREADABLE) {
        CHECK(section_of(WARD_RECORD_BUNDLE, &length) != NULL);
        CHECK_STATUS(device->begun, WARD_OK);
        CHECK_STATUS(ward_gate_closed(&device->gate), WARD_RECORD_UNREADABLE);
        return;
    }
    if (section == NULL) {
        CHECK_STATUS(device->begun, WARD_OK);
        return;
    }
    const size_t from = denials_at(section, length);
    if (from > length || (length - from) % 24 != 0) {
        CHECK_STATUS(device->begun, WARD_RECORD_INVALID);
        return;
    }
    CHECK_STATUS(device->begun, WARD_OK);
    CHECK_NUMBER(device->gate.issued_until, number_of(section + 32));
    for (size_t at = from; at < length; at += 24)
        count += number_of(section + at + 16) > 0 ? 1 : 0;
    const enum ward_code closed = count > WARD_DENY_SLOTS  ? WARD_DENIALS_NOT_HELD
                                  : count > 0 && from > 42 ? WARD_DENIALS_OF_OTHER
                                                           : WARD_OK;
    CHECK_STATUS(ward_gate_closed(&device->gate), closed);
    for (size_t at = from; at < length && closed == WARD_OK; at += 24) {
        struct ward_denial denial = { .issued_until = number_of(section + at + 16) };
        memcpy(denial.owner, section + at, sizeof denial.owner);
        CHECK(denial.issued_until == 0 || denies(&device->gate, &denial));
    }
}

/* From the record that the device writes now it starts as it is; a closed gate writes none. */
static void check_again(const struct device *device, uint8_t options)
{
    static struct ward_record record;
    const struct ward_keyring_action want = ward_keyring_next(&first.keyring, clock_now, UPTIME);
    if (!ward_ok(ward_gate_closed(&first.gate))) {
        CHECK(want.task != WARD_KEYRING_STORE);
        CHECK(!ward_ok(ward_gate_pack(&first.gate, clock_now, UPTIME, &record)));
        return;
    }
    CHECK_NUMBER(want.slot, 1);
    CHECK_STATUS(ward_gate_pack(&first.gate, clock_now, UPTIME, &record), WARD_OK);
    CHECK(record.length <= sizeof record.bytes);
    CHECK_STATUS(ward_record_write(&slots, want.origin, 1, &record, &work), WARD_OK);
    /* Provisioned keys stay in their slot, and may be later ones, until another record takes their place. */
    slot_length = (options & KEYS_ONLY) != 0 ? 0 : slot_length;
    start(&second, options);
    CHECK_STATUS(second.begun, WARD_OK);
    const bool has_keys = ward_keyring_keys(&device->keyring)->count > 0;
    CHECK_STATUS(second.opened, has_keys ? WARD_OK : WARD_RECORD_MISMATCH);
    CHECK(same_keys(&second.keyring, &device->keyring));
    CHECK_NUMBER(second.keyring.fetched_at, device->keyring.fetched_at);
    CHECK_NUMBER(second.keyring.seen_at, device->keyring.seen_at);
    CHECK_NUMBER(second.keyring.used, device->keyring.used);
    CHECK_NUMBER(second.keyring.sequence, device->keyring.sequence + 1);
    CHECK_NUMBER(ward_keyring_boots(&second.keyring), ward_keyring_boots(&device->keyring) + 1);
    CHECK(second.keyring.clock.floor >= device->keyring.clock.floor);
    CHECK_NUMBER(second.gate.issued_until, device->gate.issued_until);
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        CHECK(device->gate.denials[i].issued_until == 0 || denies(&second.gate, &device->gate.denials[i]));
}

static void try_record(uint8_t options)
{
    struct ward_record_info info;
    const struct ward_status whole = ward_record_check(&slots, 0, &work, &info);
    fuzz_check_named(whole);
    CHECK(ward_ok(whole) || whole.code == WARD_RECORD_NEWER || info.sequence == 0);
    start(&first, options);
    check_keys(&first);
    if (!ward_ok(whole)) {
        CHECK(!ward_ok(first.opened));
        check_untouched(&first, options);
        return;
    }
    check_denials(&first);
    if (ward_ok(first.begun))
        check_again(&first, options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t options = fuzz_option(data, &size);
    if (size > MOST - WARD_RECORD_STORED)
        return 0;
    written_length = 0;
    set_slot(data, size, options);
    try_record(options);
    free(slot);
    return 0;
}
