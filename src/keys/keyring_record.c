#include <string.h>

#include "crypto/wipe.h"
#include "keys/keyring.h"
#include "state/clock.h"
#include "state/record.h"
#include "ward/port/crypto.h"

/* The section of keys:
 *
 *     compiled_version(4) fetched_at(8) used(4) issuer_length(2) issuer url_length(2) url
 *     { bits(2) kid_length(1) kid modulus }…
 *
 * R squared is not stored: it takes as much room as the modulus, and is soon computed.
 */

static void put_text(struct ward_record_writer *writer, struct ward_text text)
{
    ward_record_put(writer, text.length, 2);
    ward_record_put_bytes(writer, text.data, text.length);
}

static void put_key(struct ward_record_writer *writer, const struct ward_key *key)
{
    ward_record_put(writer, key->bits, 2);
    ward_record_put(writer, key->kid_length, 1);
    ward_record_put_bytes(writer, key->kid, key->kid_length);
    const size_t words = ward_key_words(key);
    for (size_t i = 1; i <= words; i++)
        ward_record_put(writer, key->n[words - i], 4);
}

static void put_keys(const struct ward_keyring *keyring, struct ward_record_writer *writer)
{
    ward_record_section(writer, WARD_RECORD_KEYS);
    ward_record_put(writer, keyring->config->compiled_version, 4);
    ward_record_put(writer, keyring->fetched_at, 8);
    ward_record_put(writer, keyring->used, 4);
    put_text(writer, keyring->config->issuer);
    put_text(writer, keyring->config->url);
    for (size_t i = 0; i < keyring->set->count; i++)
        put_key(writer, &keyring->set->key[i]);
}

void ward_keyring_put(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime, struct ward_record *record,
                      struct ward_record_writer *writer)
{
    ward_lock(&keyring->config->hooks);
    ward_clock_tick(&keyring->clock, uptime);
    if (time.trust == WARD_TIME_SET)
        ward_clock_raise(&keyring->clock, time.seconds);
    ward_record_begin(writer, record, keyring->sequence + 1);
    ward_record_section(writer, WARD_RECORD_CLOCK);
    ward_record_put(writer, keyring->clock.floor, 8);
    ward_record_section(writer, WARD_RECORD_BOOTS);
    ward_record_put(writer, keyring->boots, 4);
    put_keys(keyring, writer);
    keyring->changed = false;
    keyring->urgent = false;
    ward_unlock(&keyring->config->hooks);
}

struct ward_status ward_keyring_pack(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime,
                                     struct ward_workspace *work, struct ward_record *record)
{
    struct ward_record_writer writer;
    ward_keyring_put(keyring, time, uptime, record, &writer);
    return ward_record_end(&writer, &work->part.sha);
}

/* ---- Taking over what was stored. */

static bool is_text(struct ward_record_section *section, struct ward_text expected)
{
    const size_t length = (size_t)ward_record_get(section, 2);
    const struct ward_text stored = ward_text_of((const char *)section->at, length);
    if (length > section->left)
        return false;
    section->at += length;
    section->left -= length;
    return ward_text_equal(stored, expected);
}

/* What ward_jwk_end() has checked of a modulus: as long as it says, and odd. */
static bool modulus_is_right(const struct ward_key *key)
{
    const size_t top = (size_t)key->bits - 1;
    const size_t word = top / 32;
    const size_t last = ward_key_words(key) - 1;
    const bool ends = word == last || key->n[last] == 0;
    return (key->n[0] & 1u) != 0u && key->n[word] >> (top % 32) == 1u && ends;
}

/* A key as it was put, into an empty one; false where this build cannot hold it. */
static bool get_key(struct ward_record_section *section, struct ward_key *key)
{
    key->bits = (uint16_t)ward_record_get(section, 2);
    key->kid_length = (uint8_t)ward_record_get(section, 1);
    if (key->bits < 2048 || key->bits > WARD_MAX_RSA_BITS || key->kid_length > WARD_MAX_KID)
        return false;
    ward_record_get_bytes(section, key->kid, key->kid_length);
    const size_t words = ward_key_words(key);
    for (size_t i = 1; i <= words; i++)
        key->n[words - i] = (uint32_t)ward_record_get(section, 4);
    return !section->broken && modulus_is_right(key);
}

static struct ward_status get_keys(struct ward_record_section *section, struct ward_jwks *set, struct ward_workspace *work)
{
    memset(set, 0, sizeof *set);
    struct ward_status status = ward_status_of(WARD_OK);
    while (ward_ok(status) && section->left > 0) {
        if (set->count == WARD_MAX_KEYS || !get_key(section, &set->key[set->count]))
            status = ward_status_of(WARD_RECORD_OTHER);
        else
            status = ward_crypto_key_prepare(&set->key[set->count++], &work->part.check.scratch.rsa);
    }
    ward_wipe(work, sizeof *work);
    return ward_ok(status) && set->count == 0 ? ward_status_of(WARD_RECORD_OTHER) : status;
}

/* The firmware's keys win when they are newer, and where nothing was stored. */
static struct ward_status open_keys(struct ward_keyring *keyring, const void *bytes, struct ward_workspace *work)
{
    const struct ward_keyring_config *const config = keyring->config;
    struct ward_record_section section;
    struct ward_jwks *const set = ward_keyring_spare(keyring);
    if (!ward_record_find(bytes, WARD_RECORD_KEYS, &section))
        return ward_status_of(WARD_RECORD_OTHER);
    const uint32_t version = (uint32_t)ward_record_get(&section, 4);
    const uint64_t fetched_at = ward_record_get(&section, 8);
    const uint32_t used = (uint32_t)ward_record_get(&section, 4);
    const bool same = is_text(&section, config->issuer) && is_text(&section, config->url);
    if (!same || version < config->compiled_version)
        return ward_status_of(WARD_RECORD_OTHER);
    const struct ward_status status = get_keys(&section, set, work);
    if (!ward_ok(status))
        return status;
    keyring->set = set;
    keyring->fetched_at = fetched_at;
    keyring->used = used & (uint32_t)(((uint64_t)1 << set->count) - 1);
    /* Which of them verified within the last day was not stored. */
    keyring->active[0] = keyring->used;
    return ward_status_of(WARD_OK);
}

static void open_device(struct ward_keyring *keyring, const void *bytes)
{
    struct ward_record_section section;
    if (ward_record_find(bytes, WARD_RECORD_CLOCK, &section))
        ward_clock_raise(&keyring->clock, ward_record_get(&section, 8));
    if (ward_record_find(bytes, WARD_RECORD_BOOTS, &section))
        keyring->boots = (uint32_t)ward_record_get(&section, 4) + 1;
}

struct ward_status ward_keyring_open(struct ward_keyring *keyring, unsigned slot, const void *bytes, size_t length,
                                     uint32_t uptime, struct ward_workspace *work)
{
    uint32_t sequence;
    struct ward_status status = ward_record_check(bytes, length, work, &sequence);
    if (!ward_ok(status))
        return status.code == WARD_RECORD_ABSENT ? ward_status_of(WARD_RECORD_INVALID) : status;
    open_device(keyring, bytes);
    status = open_keys(keyring, bytes, work);
    keyring->sequence = sequence;
    keyring->slot = slot == 0 ? 1 : 0;
    ward_keyring_schedule_first(keyring, uptime);
    return status;
}

uint32_t ward_keyring_boots(const struct ward_keyring *keyring)
{
    return keyring->boots;
}
