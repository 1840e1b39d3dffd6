/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of any bytes that an operator has signed, one after the other (0xff between), under one of two keys as the last byte says. What is
 * refused changes nothing; what is taken is all of it, in force at once, and never leads back: of one key its number rises, of another the
 * time does not fall. What a record holds of it is what is in force after the next start.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "token.h"
#include "ward/access.h"

#define OPERATOR "https://fleet.example/"
#define FLEET "thermostats"

static struct ward_keyring keyring;
static struct ward_keyring again;
static struct ward_workspace work;
static struct ward_jwks operators;
static const struct ward_bundle_config bundles = {
    .operator_name = WARD_TEXT(OPERATOR), .fleet = WARD_TEXT(FLEET), .keys = &operators, .expect = &usual_expect
};
static const struct ward_keyring_config config = { .issuer = WARD_TEXT(ISSUER),
                                                   .build_time = NOW - 86400u * 30,
                                                   .bundles = &bundles };

/* Two keys of the operator's, of which the backend wants no more than that they are two. */
static void make_operators(void)
{
    if (operators.count > 0)
        return;
    for (uint8_t i = 0; i < 2; i++) {
        struct ward_key *const key = &operators.key[operators.count++];
        key->bits = 2048;
        key->kid_length = 1;
        key->kid[0] = i == 0 ? 'c' : 'd';
        key->n[0] = 3u + 2u * i;
        key->n[63] = 0x80000000u;
    }
}

/* ---- A record in memory. */

static struct image {
    uint8_t bytes[WARD_RECORD_STORED];
    size_t length;
} image;

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    const size_t left = slot == 0 && offset < image.length ? image.length - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, image.bytes + offset, length);
    return length;
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    CHECK(slot == 0 && offset + size <= sizeof image.bytes);
    if (size > 0)
        memcpy(image.bytes + offset, data, size);
    image.length = offset + size;
    return ward_status_of(WARD_OK);
}

static const struct ward_record_slots slots = { NULL, read_slot, write_slot };

static void restart(void)
{
    static struct ward_record record;
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    const struct ward_time now = ward_time_set(NOW);
    ward_keyring_pack(&keyring, now, 1, &record);
    CHECK(record.length <= sizeof record.bytes);
    CHECK_STATUS(ward_record_write(&slots, none, 0, &record, &work), WARD_OK);
    CHECK_STATUS(ward_keyring_begin(&again, &config, 1, 1), WARD_OK);
    CHECK_STATUS(ward_keyring_open(&again, &slots, 1, &work), WARD_OK);
    CHECK(memcmp(&again.bundles[again.bundle], &keyring.bundles[keyring.bundle], sizeof keyring.bundles[0]) == 0);
    CHECK(ward_keyring_keys(&again)->count == ward_keyring_keys(&keyring)->count);
    CHECK_NUMBER(again.clock.bundled, keyring.clock.bundled);
}

/* ---- One bundle. */

static struct test_token bundle;

static void sign(const uint8_t *payload, size_t length, bool second)
{
    static const uint8_t signature[256] = { 1 };
    const char *const header = second ? "{\"alg\":\"RS256\",\"typ\":\"jwk-set+jwt\",\"kid\":\"d\"}"
                                      : "{\"alg\":\"RS256\",\"typ\":\"jwk-set+jwt\",\"kid\":\"c\"}";
    bundle.length = 0;
    token_append_base64url(&bundle, header, strlen(header));
    token_append(&bundle, ".", 1);
    token_append_base64url(&bundle, payload, length);
    token_append(&bundle, ".", 1);
    token_append_base64url(&bundle, signature, sizeof signature);
}

static void check_follows(const struct ward_bundle *before, const struct ward_bundle *after)
{
    const struct ward_bundle_mark *const mark = &after->mark[0];
    CHECK(mark->sequence > 0 && after->issued > 0 && ward_ok(keyring.bundle_held));
    for (size_t i = 0; i < WARD_BUNDLE_SIGNERS; i++) {
        if (before->mark[i].sequence == 0)
            continue;
        if (memcmp(before->mark[i].key, mark->key, sizeof mark->key) == 0)
            CHECK(i == 0 ? mark->sequence >= before->mark[i].sequence : mark->sequence > before->mark[i].sequence);
        else if (i == 0)
            CHECK(after->issued >= before->issued);
    }
    if (before->mark[0].sequence == mark->sequence && memcmp(before->mark[0].key, mark->key, sizeof mark->key) == 0)
        CHECK(memcmp(before, after, sizeof *before) == 0);
}

static void give(const uint8_t *payload, size_t length, bool second)
{
    const struct ward_bundle before = keyring.bundles[keyring.bundle];
    const struct ward_jwks *const set = ward_keyring_keys(&keyring);
    const uint64_t bundled = keyring.clock.bundled;
    const uint8_t change = keyring.change;
    sign(payload, length, second);
    char *const copy = fuzz_copy(bundle.data, bundle.length);
    const struct ward_status status = ward_keyring_bundle(&keyring, copy, bundle.length, ward_time_set(NOW), 1, &work);
    free(copy);
    fuzz_check_named(status);
    CHECK(fuzz_is_zero(&work, sizeof work));
    CHECK(keyring.running[0] == 0 && keyring.running[1] == 0);
    if (ward_ok(status)) {
        check_follows(&before, &keyring.bundles[keyring.bundle]);
        CHECK(keyring.bundle_keys && ward_keyring_keys(&keyring)->count > 0);
        restart();
        return;
    }
    CHECK(memcmp(&before, &keyring.bundles[keyring.bundle], sizeof before) == 0);
    CHECK(ward_keyring_keys(&keyring) == set && keyring.clock.bundled == bundled && keyring.change == change);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t options = fuzz_option(data, &size);
    size_t begin = 0;
    make_operators();
    CHECK_STATUS(ward_keyring_begin(&keyring, &config, 1, 1), WARD_OK);
    for (unsigned number = 0; begin <= size && number < 8; number++) {
        const uint8_t *const end = size > begin ? memchr(data + begin, 0xff, size - begin) : NULL;
        const size_t length = end != NULL ? (size_t)(end - data) - begin : size - begin;
        give(data + begin, length, (options >> number & 1u) != 0u);
        begin += length + 1;
    }
    return 0;
}
