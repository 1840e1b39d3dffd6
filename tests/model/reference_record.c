/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: what a record has, and which keys are in use. */
#include "reference.h"

#include <string.h>

enum { STORE_RETRY = 10 * MINUTE, STORE_INTERVAL = DAY };

/* ---- Records. */

struct stored reference_pack(struct ward_time given, uint64_t at)
{
    struct stored stored = { .keys = reference.keys,
                             .fetched_at = reference.fetched_at,
                             .shown_at = reference.shown_at,
                             .seen_at = reference.seen_at,
                             .boots = reference.boots,
                             .version = reference.firmware.version,
                             .issuer = reference.firmware.issuer,
                             .online = reference.firmware.online,
                             .bundles = reference.bundles };
    if (given.trust == WARD_TIME_SET)
        reference_raise_floor(given.seconds, at);
    stored.floor = reference.floor;
    memcpy(stored.used, reference.used, sizeof stored.used);
    for (unsigned i = 0; i < MOST_KEYS; i++)
        reference.packed[i] = i < reference.keys.count;
    reference.changed = false;
    reference.urgent = false;
    return stored;
}

void reference_stored(bool ok, uint64_t at)
{
    reference.store_failed = !ok;
    if (ok)
        memcpy(reference.stored, reference.packed, sizeof reference.stored);
    memset(reference.packed, 0, sizeof reference.packed);
    reference.changed = reference.changed || !ok;
    reference.store_due = at + (ok ? (uint64_t)STORE_INTERVAL : (uint64_t)STORE_RETRY);
}

void reference_touch(void)
{
    reference.urgent = true;
}

/* ---- Spare keys. */

void reference_used(struct key key, unsigned generation, uint64_t at)
{
    for (unsigned i = 0; i < reference.keys.count; i++) {
        if (generation != reference.generation || !key_same(key, reference.keys.key[i]))
            continue;
        reference.changed = reference.changed || !reference.used[i];
        reference.used[i] = true;
        reference.used_at[i] = at;
    }
}

unsigned reference_spare_keys(void)
{
    unsigned used = 0;
    for (unsigned i = 0; i < reference.keys.count; i++)
        used += reference.used[i];
    const unsigned unused = reference.keys.count - used;
    return used == 0 && unused > 0 ? unused - 1 : unused;
}

uint32_t reference_notice(void)
{
    const bool last = !reference.firmware.online && reference_spare_keys() == 0;
    if (reference.replaced) {
        reference.replaced = false;
        return WARD_KEYS_CHANGED;
    }
    if (reference.bundle_taken) {
        reference.bundle_taken = false;
        return WARD_BUNDLE_TAKEN;
    }
    const bool left_out = reference.left_out > 0 && !reference.left_out_told;
    reference.left_out_told = reference.left_out > 0;
    if (left_out)
        return WARD_KEYS_LEFT_OUT;
    const bool is_last = last && !reference.warned;
    reference.warned = last;
    return is_last ? WARD_KEYS_LAST : WARD_NO_RESULT;
}
