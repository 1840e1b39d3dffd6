/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "keys/bundle.h"
#include "keys/keyring.h"
#include "state/clock.h"
#include "state/record.h"

/* The section of keys:
 *
 *     compiled_version(4) fetched_at(8) seen_at(8) issuer_length(2) issuer url_length(2) url
 *     and the keys (see state/record.h)
 *
 * Keys that a bundle has brought have the word `bundle` in place of the URL: to a build that takes no bundles they are another URL's.
 *
 * What a later build adds to a key after its modulus is passed over. R squared is not stored: it takes as much room as the modulus, and is
 * soon computed.
 */

static void put_text(struct ward_record_writer *writer, struct ward_text text)
{
    ward_record_put(writer, text.length, 2);
    ward_record_put_bytes(writer, text.data, text.length);
}

static void put_keys(struct ward_keyring *keyring, struct ward_record_writer *writer)
{
    ward_bundle_put(keyring, writer);
    ward_record_section(writer, WARD_RECORD_KEYS, 0);
    ward_record_put(writer, keyring->config->compiled_version, 4);
    ward_record_put(writer, keyring->fetched_at, 8);
    ward_record_put(writer, keyring->seen_at, 8);
    put_text(writer, keyring->config->issuer);
    put_text(writer, ward_bundle_source(keyring));
    ward_record_put_keys(writer, keyring->set, keyring->used);
    keyring->packed = ward_keyring_all(keyring->set);
    ward_record_end(writer);
}

static void put_device(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime, struct ward_record *record,
                       struct ward_record_writer *writer)
{
    ward_clock_tick(&keyring->clock, uptime);
    if (time.trust == WARD_TIME_SET)
        ward_clock_raise(&keyring->clock, time.seconds);
    ward_record_begin(writer, record, WARD_RECORD_OF_DEVICE, keyring->sequence + 1);
    ward_record_section(writer, WARD_RECORD_CLOCK, 0);
    ward_record_put(writer, keyring->clock.floor, 8);
    ward_record_section(writer, WARD_RECORD_BOOTS, 0);
    ward_record_put(writer, keyring->boots, 4);
    keyring->change = WARD_CHANGE_NONE;
}

void ward_keyring_put_device(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime,
                             struct ward_record *record, struct ward_record_writer *writer)
{
    ward_lock(&keyring->config->hooks);
    put_device(keyring, time, uptime, record, writer);
    ward_unlock(&keyring->config->hooks);
}

void ward_keyring_put_keys(struct ward_keyring *keyring, struct ward_record_writer *writer)
{
    ward_lock(&keyring->config->hooks);
    put_keys(keyring, writer);
    ward_unlock(&keyring->config->hooks);
}

void ward_keyring_pack(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime, struct ward_record *record)
{
    struct ward_record_writer writer;
    ward_lock(&keyring->config->hooks);
    put_device(keyring, time, uptime, record, &writer);
    put_keys(keyring, &writer);
    ward_unlock(&keyring->config->hooks);
}

void ward_keyring_pack_keys(struct ward_keyring *keyring, bool keys_only, struct ward_record *record)
{
    struct ward_record_writer writer;
    ward_lock(&keyring->config->hooks);
    ward_record_begin(&writer, record, keys_only ? WARD_RECORD_OF_KEYS : WARD_RECORD_OF_DEVICE, keyring->sequence + 1);
    put_keys(keyring, &writer);
    ward_unlock(&keyring->config->hooks);
}

/* ---- Reading. */

static bool is_text(struct ward_record_reader *reader, struct ward_text expected)
{
    const size_t length = (size_t)ward_record_get(reader, 2);
    bool same = length == expected.length;
    for (size_t i = 0; i < length && !reader->broken; i++) {
        const char c = (char)ward_record_get(reader, 1);
        same = same && c == expected.data[i];
    }
    return same && !reader->broken;
}

/* What ward_jwk_end() has checked of a modulus: as long as it says, and odd. */
static bool modulus_is_valid(const struct ward_key *key)
{
    const size_t top = (size_t)key->bits - 1;
    const size_t word = top / 32;
    const size_t last = ward_key_words(key) - 1;
    const bool ends = word == last || key->n[last] == 0;
    return (key->n[0] & 1u) != 0u && key->n[word] >> (top % 32) == 1u && ends;
}

static bool can_hold(const struct ward_key *key, unsigned algorithm, size_t left)
{
    if (algorithm != WARD_RECORD_RS256 || key->bits < 2048 || key->bits > WARD_MAX_RSA_BITS ||
        key->kid_length > WARD_MAX_KID)
        return false;
    return left >= key->kid_length + 4 * ward_key_words(key);
}

/* A key as it was put, into an empty one; false where this build cannot hold it. All of its entry is read. */
static bool get_key(struct ward_record_reader *reader, struct ward_key *key, bool *used)
{
    const size_t length = (size_t)ward_record_get(reader, 2);
    const size_t end = ward_record_left(reader) - length;
    if (length < WARD_RECORD_KEY_HEADER || length > ward_record_left(reader)) {
        reader->broken = true;
        return false;
    }
    const unsigned algorithm = (unsigned)ward_record_get(reader, 1);
    *used = (ward_record_get(reader, 1) & WARD_RECORD_USED) != 0;
    key->bits = (uint16_t)ward_record_get(reader, 2);
    key->kid_length = (uint8_t)ward_record_get(reader, 1);
    const bool holds = can_hold(key, algorithm, ward_record_left(reader) - end);
    const size_t words = holds ? ward_key_words(key) : 0;
    if (holds)
        ward_record_get_bytes(reader, key->kid, key->kid_length);
    for (size_t i = 1; i <= words; i++)
        key->n[words - i] = (uint32_t)ward_record_get(reader, 4);
    ward_record_skip(reader, ward_record_left(reader) - end);
    return holds && modulus_is_valid(key);
}

/* Where there is no room a key that tokens have shown takes the place of the last one that none has. */
static size_t place_of(const struct ward_jwks *set, uint32_t used, bool shown)
{
    if (set->count < WARD_MAX_KEYS)
        return set->count;
    for (size_t i = WARD_MAX_KEYS; shown && i-- > 0;)
        if ((used >> i & 1u) == 0u)
            return i;
    return WARD_MAX_KEYS;
}

static void keep_key(struct ward_jwks *set, const struct ward_key *key, bool used, struct ward_keyring_taken *taken)
{
    const size_t place = place_of(set, taken->used, used);
    taken->left_out = taken->left_out || set->count == WARD_MAX_KEYS;
    if (place == WARD_MAX_KEYS)
        return;
    set->key[place] = *key;
    if (place == set->count)
        set->count++;
    if (used)
        taken->used |= (uint32_t)1 << place;
}

void ward_keyring_get(const struct ward_keyring *keyring, struct ward_record_reader *reader, struct ward_jwks *set,
                      struct ward_keyring_taken *taken)
{
    memset(set, 0, sizeof *set);
    taken->version = (uint32_t)ward_record_get(reader, 4);
    taken->fetched_at = ward_record_get(reader, 8);
    taken->seen_at = ward_record_get(reader, 8);
    const bool same_issuer = is_text(reader, keyring->config->issuer);
#if WARD_MAX_BUNDLE > 0
    taken->same = ward_bundle_get_source(keyring, reader, taken) && same_issuer;
#else
    taken->same = is_text(reader, keyring->config->url) && same_issuer;
#endif
    while (taken->same && ward_record_left(reader) > 0 && !reader->broken) {
        struct ward_key key;
        bool used = false;
        memset(&key, 0, sizeof key);
        if (get_key(reader, &key, &used))
            keep_key(set, &key, used, taken);
        else
            taken->left_out = true;
    }
    taken->same = taken->same && !reader->broken;
}
