/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "keys/bundle.h"

#if WARD_MAX_BUNDLE > 0

#include <string.h>

#include "keys/keyring.h"
#include "state/clock.h"

/* Two clocks never agree to the second: the operator's may be this many ahead of the device's and still raise its floor. */
enum { TOLERANCE = 300 };

bool ward_bundle_begin(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime, uint64_t *now)
{
    ward_lock(&keyring->config->hooks);
    uint16_t *const running = ward_keyring_running(keyring, ward_keyring_spare(keyring));
    /* What counts as a check's is overwritten by no fetch. */
    const bool reads = ward_keyring_is_fetching(keyring) && !ward_keyring_fetches_bundles(keyring);
    const bool begins = !reads && *running == 0;
    keyring->bundle_waits = !begins && !reads;
    if (begins) {
        /* What was waited for has ended; it counts as a check itself. */
        keyring->waits = false;
        (*running)++;
        memset(ward_bundle_next(keyring), 0, sizeof(struct ward_bundle));
    }
    *now = ward_clock_without_bundle(&keyring->clock, time, uptime).seconds;
    ward_unlock(&keyring->config->hooks);
    return begins;
}

struct ward_status ward_bundle_read_keys(struct ward_keyring *keyring, bool fetched, const char *payload, size_t length,
                                         struct ward_workspace *work)
{
    ward_lock(&keyring->config->hooks);
    ward_keyring_begin_set(keyring, fetched);
    ward_unlock(&keyring->config->hooks);
    const struct ward_status status = ward_jwks_feed(&keyring->reader, payload, length, work);
    return ward_ok(status) ? ward_jwks_end(&keyring->reader) : status;
}

/* The same once more does not undo that an operator at the device has set another one: it comes again after each boot, and its `iat` may be
 * what was wrong.
 */
static uint64_t floor_of(const struct ward_keyring *keyring, uint64_t issued)
{
    if (ward_bundle_is_again(keyring))
        return ward_bundle_in_force(keyring)->floor;
    return issued > TOLERANCE ? issued - TOLERANCE : 0;
}

static void take_all(struct ward_keyring *keyring, uint32_t uptime)
{
    const uint64_t issued = ward_bundle_next(keyring)->issued;
    ward_bundle_next(keyring)->floor = floor_of(keyring, issued);
    const bool brings_keys = ward_bundle_brings_keys(keyring, issued);
    ward_bundle_put_in_force(keyring);
    /* The same once more costs no write, and makes no keys older than they are. */
    const bool changed = !ward_ok(keyring->bundle_held) ||
                         memcmp(ward_bundle_in_force(keyring), ward_bundle_next(keyring), sizeof(struct ward_bundle)) !=
                             0;
    if (changed) {
        ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
        keyring->notices |= WARD_NOTICE_BUNDLE;
        keyring->etag_length = 0;
    }
    keyring->bundle_held = ward_status_of(WARD_OK);
    ward_clock_tick(&keyring->clock, uptime);
    ward_clock_set_bundled(&keyring->clock, ward_bundle_in_force(keyring)->floor);
    if (!brings_keys)
        return;
    if (changed || !keyring->bundle_keys)
        keyring->fetched_at = issued;
    keyring->bundle_keys = true;
    ward_keyring_take_set(keyring, uptime);
}

struct ward_status ward_bundle_end(struct ward_keyring *keyring, struct ward_status status, uint32_t uptime)
{
    struct ward_status result = status;
    ward_lock(&keyring->config->hooks);
    struct ward_jwks *const set = ward_keyring_spare(keyring);
    if (ward_ok(result))
        result = ward_bundle_judge(keyring, ward_bundle_next(keyring));
    if (ward_ok(result) && ward_bundle_has_operator_key(keyring, set))
        result = ward_status_of(WARD_BUNDLE_OPERATOR_KEY);
    if (ward_ok(result))
        take_all(keyring, uptime);
    (*ward_keyring_running(keyring, set))--;
    ward_unlock(&keyring->config->hooks);
    return result;
}

#endif
