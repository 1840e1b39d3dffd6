/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "crypto/wipe.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "state/clock.h"
#include "ward/port/crypto.h"

/* Both slots as they are judged before anything is taken. */
struct judged {
    struct ward_status status[WARD_RECORD_SLOTS];
    struct ward_record_info info[WARD_RECORD_SLOTS];
};

enum { NO_SLOT = WARD_RECORD_SLOTS };

static bool has(const struct judged *judged, unsigned slot, enum ward_code code)
{
    return judged->status[slot].code == (uint32_t)code;
}

/* A slot that may hold the newest record, though this build or this start cannot say so: its status; WARD_OK: none does. */
static struct ward_status unjudged(const struct judged *judged)
{
    static const enum ward_code codes[] = { WARD_CRYPTO_FAILED, WARD_RECORD_UNREADABLE, WARD_RECORD_NEWER };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (has(judged, 0, codes[i]) || has(judged, 1, codes[i]))
            return ward_status_of(codes[i]);
    return ward_status_of(WARD_OK);
}

/* The slot of the newer whole record of one kind. */
static unsigned newest(const struct judged *judged, bool keys_only)
{
    const bool first = has(judged, 0, WARD_OK) && judged->info[0].keys_only == keys_only;
    const bool second = has(judged, 1, WARD_OK) && judged->info[1].keys_only == keys_only;
    const uint32_t ahead = judged->info[1].sequence - judged->info[0].sequence;
    if (first && second)
        return ahead > 0 && ahead <= INT32_MAX ? 1 : 0;
    if (first)
        return 0;
    return second ? 1 : NO_SLOT;
}

/* ---- Taking one record. */

/* False: the bundle is not whole. */
static bool read_sections(struct ward_keyring *keyring, struct ward_record_reader *reader, struct ward_jwks *set,
                          struct ward_keyring_taken *taken)
{
    bool whole = true;
    while (ward_record_next(reader)) {
        if (reader->tag == WARD_RECORD_CLOCK)
            taken->floor = ward_record_get(reader, 8);
        else if (reader->tag == WARD_RECORD_BOOTS)
            taken->boots = (uint32_t)ward_record_get(reader, 4) + 1;
        else if (reader->tag == WARD_RECORD_KEYS)
            ward_keyring_get(keyring, reader, set, taken);
#if WARD_MAX_BUNDLE > 0
        else if (reader->tag == WARD_RECORD_BUNDLE)
            whole = ward_bundle_get(keyring, reader, taken);
#endif
    }
    return whole;
}

static struct ward_status prepare(struct ward_jwks *set, struct ward_workspace *work)
{
    struct ward_status status = ward_status_of(WARD_OK);
    for (size_t i = 0; i < set->count && ward_ok(status); i++)
        status = ward_crypto_key_prepare(&set->key[i], &work->part.check.scratch.rsa);
    return status;
}

/* What `ward provision` has made is no news where it was fetched before the keys of the device. */
static bool is_later(const struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    return !taken->same || taken->fetched_at > keyring->fetched_at;
}

#if WARD_MAX_BUNDLE > 0

/* Of `ward provision`, beside the device's own record. */
static bool is_bundle_beside(const struct ward_keyring_taken *taken)
{
    return taken->bundle && !taken->device;
}

/* What an operator's key has signed ends with it, and what is an operator's key now verifies no token. */
static bool is_trusted(const struct ward_keyring *keyring, const struct ward_jwks *set,
                       const struct ward_keyring_taken *taken)
{
    /* Who has signed one that lies beside was asked before. */
    if (taken->bundle_keys && !is_bundle_beside(taken) && !ward_bundle_signer_is_here(keyring))
        return false;
    return !ward_bundle_has_operator_key(keyring, set);
}

/* Nor is a bundle that may not follow the one in force. Of another issuer nothing is taken, which is told. */
static bool is_news(const struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    return taken->bundle ? !taken->same || ward_bundle_follows(keyring) : is_later(keyring, taken);
}

/* A bundle that follows may be older than what was fetched: then all of it is taken but its keys. */
static bool take_beside(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    if (!taken->bundle)
        return true;
    ward_bundle_take(keyring, taken);
    keyring->bundle_beside = true;
    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
    return ward_bundle_brings_keys(keyring, taken->fetched_at);
}

static void take_bundle(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    ward_bundle_take(keyring, taken);
}

static void keys_are_taken(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    keyring->bundle_keys = taken->bundle_keys;
}

#else

static bool is_bundle_beside(const struct ward_keyring_taken *taken)
{
    (void)taken;
    return false;
}

static bool is_trusted(const struct ward_keyring *keyring, const struct ward_jwks *set,
                       const struct ward_keyring_taken *taken)
{
    (void)keyring;
    (void)set;
    (void)taken;
    return true;
}

static bool is_news(const struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    return is_later(keyring, taken);
}

static bool take_beside(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    (void)keyring;
    (void)taken;
    return true;
}

static void take_bundle(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    (void)keyring;
    (void)taken;
}

static void keys_are_taken(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    (void)keyring;
    (void)taken;
}

#endif

/* How new the keys of a bundle are is for its time to say: no version of the firmware's tells. */
static bool is_as_new(const struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    return is_bundle_beside(taken) || taken->version >= keyring->config->compiled_version;
}

/* The firmware's keys win when they are newer, and where nothing was stored. */
static struct ward_status judge_keys(const struct ward_keyring *keyring, struct ward_jwks *set,
                                     const struct ward_keyring_taken *taken, struct ward_workspace *work)
{
    if (!taken->same || !is_as_new(keyring, taken) || !is_trusted(keyring, set, taken))
        return ward_status_of(WARD_RECORD_MISMATCH);
    const struct ward_status status = prepare(set, work);
    return ward_ok(status) && set->count == 0 ? ward_status_of(WARD_RECORD_MISMATCH) : status;
}

static struct ward_status take_keys(struct ward_keyring *keyring, struct ward_jwks *set,
                                    const struct ward_keyring_taken *taken)
{
    keyring->set = set;
    keys_are_taken(keyring, taken);
    keyring->fetched_at = taken->fetched_at;
    keyring->used = taken->used;
    keyring->stored = ward_keyring_all(set);
    /* Which of them verified within the last day was not stored. */
    keyring->active[0] = taken->used;
    return ward_status_of(taken->left_out ? WARD_RECORD_KEYS_LEFT_OUT : WARD_OK);
}

/* Also where the keys of the record are not taken: the firmware's are no younger because of that. */
static void take_seen(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    if (taken->same && taken->version == keyring->config->compiled_version)
        keyring->seen_at = taken->seen_at;
}

static void take_device(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    take_seen(keyring, taken);
    ward_clock_raise(&keyring->clock, taken->floor);
    keyring->boots = taken->boots > 0 ? taken->boots : keyring->boots;
    keyring->found = true;
    take_bundle(keyring, taken);
}

/* Reads a record to its end. Nothing is used before the digest has been found right once more: what was judged may have changed. */
static struct ward_status read_record(struct ward_keyring *keyring, unsigned slot, struct ward_jwks *set,
                                      struct ward_keyring_taken *taken, struct ward_workspace *work)
{
    struct ward_record_reader reader;
    uint8_t digest[WARD_SHA256_SIZE];
    memset(taken, 0, sizeof *taken);
    struct ward_status status = ward_record_open(&reader, keyring->slots, slot, &work->part.sha);
    if (!ward_ok(status))
        return status;
    const bool whole = read_sections(keyring, &reader, set, taken);
    status = ward_record_close(&reader, digest);
    return whole || !ward_ok(status) ? status : ward_status_of(WARD_RECORD_UNREADABLE);
}

static struct ward_status take(struct ward_keyring *keyring, unsigned slot, bool device, struct ward_workspace *work)
{
    struct ward_keyring_taken taken;
    struct ward_jwks *const set = ward_keyring_spare(keyring);
    const struct ward_status status = read_record(keyring, slot, set, &taken, work);
    if (!ward_ok(status)) {
        ward_keyring_hold(keyring, WARD_HELD_BY_RECORD);
        return ward_status_of(status.code == WARD_CRYPTO_FAILED ? WARD_CRYPTO_FAILED : WARD_RECORD_UNREADABLE);
    }
    taken.device = device;
    if (device)
        take_device(keyring, &taken);
    else if (!is_news(keyring, &taken))
        return ward_status_of(WARD_NO_RESULT);
    const struct ward_status fits = judge_keys(keyring, set, &taken, work);
    if (!ward_ok(fits))
        return fits;
    /* What lies beside is taken whole or not at all: the keys in use are those of the bundle in force. */
    if (!device && !take_beside(keyring, &taken))
        return ward_status_of(WARD_NO_RESULT);
    return take_keys(keyring, set, &taken);
}

/* ---- The whole. */

static struct ward_status open_none(const struct judged *judged)
{
    const bool first = has(judged, 0, WARD_RECORD_ABSENT);
    const bool second = has(judged, 1, WARD_RECORD_ABSENT);
    if (first && second)
        return ward_status_of(WARD_RECORD_ABSENT);
    return ward_status_of(first || second ? WARD_RECORD_UNFINISHED : WARD_RECORD_INVALID);
}

/* Keys from `ward provision` beside a device's record: the next record is written in their place. They may have lain there while the device
 * fetched later ones.
 */
static struct ward_status take_provisioned(struct ward_keyring *keyring, unsigned slot, struct ward_status status,
                                           struct ward_workspace *work)
{
    const struct ward_status provisioned = take(keyring, slot, false, work);
    if (provisioned.code == WARD_NO_RESULT)
        return status;
    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
    return provisioned;
}

static struct ward_status open_device(struct ward_keyring *keyring, const struct judged *judged, unsigned slot,
                                      struct ward_workspace *work)
{
    const unsigned other = 1 - slot;
    keyring->sequence = judged->info[slot].sequence;
    keyring->slot = (uint8_t)other;
    keyring->origin.slot = (uint8_t)slot;
    keyring->origin.sections = judged->info[slot].sections;
    struct ward_status status = take(keyring, slot, true, work);
    if (keyring->found && !judged->info[slot].keys_only && judged->info[other].keys_only)
        status = take_provisioned(keyring, other, status, work);
    if (ward_ok(status) && has(judged, other, WARD_RECORD_INVALID))
        return ward_status_of(WARD_RECORD_FALLBACK);
    return status;
}

static struct ward_status open_judged(struct ward_keyring *keyring, struct ward_workspace *work)
{
    struct judged judged;
    for (unsigned slot = 0; slot < WARD_RECORD_SLOTS; slot++)
        judged.status[slot] = ward_record_check(keyring->slots, slot, work, &judged.info[slot]);
    const struct ward_status shut = unjudged(&judged);
    if (!ward_ok(shut)) {
        ward_keyring_hold(keyring, WARD_HELD_BY_RECORD);
        return shut;
    }
    const unsigned device = newest(&judged, false);
    const unsigned keys = newest(&judged, true);
    if (device == NO_SLOT && keys == NO_SLOT)
        return open_none(&judged);
    return open_device(keyring, &judged, device != NO_SLOT ? device : keys, work);
}

struct ward_status ward_keyring_open(struct ward_keyring *keyring, const struct ward_record_slots *slots,
                                     uint32_t uptime, struct ward_workspace *work)
{
    keyring->slots = slots;
    keyring->opened = open_judged(keyring, work);
    ward_wipe(work, sizeof *work);
    ward_keyring_schedule_first(keyring, uptime);
    return keyring->opened;
}

uint32_t ward_keyring_boots(const struct ward_keyring *keyring)
{
    return keyring->boots;
}

void ward_keyring_hold(struct ward_keyring *keyring, unsigned why)
{
    ward_lock(&keyring->config->hooks);
    keyring->held |= (uint8_t)why;
    ward_unlock(&keyring->config->hooks);
}

void ward_keyring_hold_records(struct ward_keyring *keyring, bool hold)
{
    if (hold)
        ward_keyring_hold(keyring, WARD_HELD_BY_RUNNER);
    else
        ward_keyring_release(keyring, WARD_HELD_BY_RUNNER);
}

void ward_keyring_release(struct ward_keyring *keyring, unsigned why)
{
    ward_lock(&keyring->config->hooks);
    keyring->held &= (uint8_t)~why;
    ward_unlock(&keyring->config->hooks);
}
