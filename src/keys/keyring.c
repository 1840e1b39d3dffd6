/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "keys/keyring.h"

#include <string.h>

#include "keys/bundle.h"
#include "keys/choice.h"
#include "keys/key.h"
#include "state/clock.h"

/* With keys the first fetch after a boot may come any time within the usual interval: after a power cut all devices boot at
 * once. Those that lack a clock, or whose keys have become stale, fetch as soon as five times the usual rate allows.
 */
enum { FIRST_WITH_KEYS = WARD_HOUR, FIRST_WITHOUT = 10 * WARD_SECOND, SOON = 12 * WARD_MINUTE };

/* A boot that does not last costs no write. */
enum { STORE_AFTER_BOOT = WARD_MINUTE, STORE_INTERVAL = WARD_DAY, STORE_RETRY = 10 * WARD_MINUTE };

/* Which keys are new is for the issuer to say, but where there are more than slots also for whoever sends headers: a flash would not bear
 * a write for each of them. Keys that were removed are not waited for.
 */
enum { NEW_KEYS_APART = WARD_HOUR };

enum { DEFAULT_COOLDOWN = 60, DEFAULT_MAX_STALE = 7 * 24 * 60 * 60 };
enum { LONGEST_COOLDOWN = 3600, SHORTEST_MAX_STALE = 60 * 60, LONGEST_MAX_STALE = 90 * 24 * 60 * 60 };
enum { LONGEST_TEXT = 255 };

/* 2024-01-01 and 2100-01-01. */
static const uint64_t earliest_build = 1704067200u;
static const uint64_t latest_build = 4102444800u;

/* Seconds after which a caller may ask again while a fetch is under way, and milliseconds after which a runner may. */
enum { RETRY_WHILE_FETCHING = 3, WHILE_CHECKS_RUN = 10 };

/* No check takes so long: one was forgotten, and is in the way of each refresh to come. */
enum { CHECK_FORGOTTEN = WARD_MINUTE };

/* ---- Configuration. */

static bool url_is_valid(struct ward_text url)
{
    static const char scheme[] = "https://";
    const size_t scheme_length = sizeof scheme - 1;
    if (url.length <= scheme_length || url.length > LONGEST_TEXT || memcmp(url.data, scheme, scheme_length) != 0)
        return false;
    for (size_t i = scheme_length; i < url.length; i++)
        if (url.data[i] <= 0x20 || url.data[i] >= 0x7f)
            return false;
    return true;
}

static bool cooldown_is_valid(uint32_t cooldown)
{
    return cooldown <= LONGEST_COOLDOWN;
}

static bool max_stale_is_valid(uint32_t max_stale)
{
    return max_stale == 0 || (max_stale >= SHORTEST_MAX_STALE && max_stale <= LONGEST_MAX_STALE);
}

/* Where keys can come from. */
static bool source_is_valid(const struct ward_keyring_config *config)
{
    if (config->url.length > 0)
        return url_is_valid(config->url) || ward_bundle_url_is_valid(config);
    return config->compiled != NULL || config->bundles != NULL;
}

struct ward_status ward_keyring_check(const struct ward_keyring_config *config)
{
    if (config->issuer.length == 0 || config->issuer.length > LONGEST_TEXT)
        return ward_status_of(WARD_KEYRING_ISSUER);
    if (!source_is_valid(config))
        return ward_status_of(WARD_KEYRING_URL);
    if (config->build_time < earliest_build || config->build_time >= latest_build)
        return ward_status_of(WARD_KEYRING_BUILD_TIME);
    if (!cooldown_is_valid(config->cooldown))
        return ward_status_of(WARD_KEYRING_COOLDOWN);
    if (!ward_bundle_config_is_valid(config))
        return ward_status_of(WARD_KEYRING_BUNDLES);
    return ward_status_of(max_stale_is_valid(config->max_stale) ? WARD_OK : WARD_KEYRING_MAX_STALE);
}

/* ---- Chance: xorshift, to spread fetches, nothing that needs to be secret. */

static void stir(struct ward_keyring *keyring)
{
    uint32_t x = keyring->random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    keyring->random = x;
}

void ward_keyring_schedule(struct ward_keyring *keyring, uint32_t uptime, uint32_t wait, uint32_t spread)
{
    stir(keyring);
    ward_timer_start(&keyring->refresh, uptime, wait - keyring->random % spread);
}

void ward_keyring_schedule_first(struct ward_keyring *keyring, uint32_t uptime)
{
    const uint32_t window = keyring->set->count > 0 ? FIRST_WITH_KEYS : FIRST_WITHOUT;
    ward_keyring_schedule(keyring, uptime, window, window);
}

/* ---- Begin. */

/* What is refused is not looked at again. */
static const struct ward_keyring_config no_config = { .cooldown = 0 };

struct ward_status ward_keyring_begin(struct ward_keyring *keyring, const struct ward_keyring_config *config,
                                      uint32_t seed, uint32_t uptime)
{
    const struct ward_status status = ward_keyring_check(config);
    memset(keyring, 0, sizeof *keyring);
    keyring->config = &no_config;
    keyring->set = &keyring->sets[0];
    ward_bundle_forget(keyring);
    if (!ward_ok(status))
        return status;
    keyring->config = config;
    if (config->compiled != NULL)
        keyring->set = config->compiled;
    ward_clock_begin(&keyring->clock, config->build_time);
    keyring->random = seed != 0 ? seed : 1;
    /* Seeds that are near each other must not give waits that are. */
    for (int i = 0; i < 8; i++)
        stir(keyring);
    ward_wanted_clear(&keyring->wanted, keyring->random);
    keyring->boots = 1;
    ward_keyring_note_change(keyring, WARD_CHANGE_LATER);
    ward_keyring_schedule_first(keyring, uptime);
    ward_timer_start(&keyring->store, uptime, STORE_AFTER_BOOT);
    ward_timer_start(&keyring->day, uptime, WARD_DAY);
    return ward_status_of(WARD_OK);
}

/* ---- What to do. */

struct ward_jwks *ward_keyring_spare(struct ward_keyring *keyring)
{
    return keyring->set == &keyring->sets[0] ? &keyring->sets[1] : &keyring->sets[0];
}

uint16_t *ward_keyring_running(struct ward_keyring *keyring, const struct ward_jwks *set)
{
    if (set == &keyring->sets[0])
        return &keyring->running[0];
    return set == &keyring->sets[1] ? &keyring->running[1] : NULL;
}

static bool fetch_is_due(struct ward_keyring *keyring, uint32_t uptime)
{
    if (keyring->config->url.length == 0 || ward_keyring_is_fetching(keyring))
        return false;
    return ward_keyring_is_asked(keyring) || ward_timer_left(&keyring->refresh, uptime) == 0;
}

/* A set is overwritten by the next one only when the last check that began with it is over. */
static bool spare_is_free(struct ward_keyring *keyring)
{
    return *ward_keyring_running(keyring, ward_keyring_spare(keyring)) == 0;
}

/* A failed write is tried again later, also one that was urgent. */
static bool wants_store(struct ward_keyring *keyring, struct ward_time now, uint32_t uptime)
{
    if (keyring->config == &no_config || keyring->held != 0 || ward_bundle_lies_beside(keyring))
        return false;
    if (keyring->change == WARD_CHANGE_NOW && !keyring->store_failed)
        return true;
    if (ward_timer_left(&keyring->store, uptime) > 0)
        return false;
    /* Where nothing else has changed, the time has, if there is a clock; it is kept once a day. */
    return keyring->change != WARD_CHANGE_NONE || now.seconds > ward_clock_floor(&keyring->clock);
}

static uint32_t sooner(uint32_t wait, uint32_t left)
{
    return left > 0 && left < wait ? left : wait;
}

static uint32_t shortest_wait(struct ward_keyring *keyring, uint32_t uptime)
{
    uint32_t wait = sooner(WARD_HOUR, ward_timer_left(&keyring->store, uptime));
    if (keyring->new_come)
        wait = sooner(wait, ward_timer_left(&keyring->new_keys, uptime));
    if (keyring->config->url.length > 0 && !ward_keyring_is_fetching(keyring))
        wait = sooner(wait, ward_timer_left(&keyring->refresh, uptime));
    /* Due, except for the checks that still use what it would overwrite: they are soon over. */
    return fetch_is_due(keyring, uptime) ? WHILE_CHECKS_RUN : wait;
}

void ward_keyring_new_keys(struct ward_keyring *keyring, uint32_t uptime)
{
    keyring->new_come = ward_timer_left(&keyring->new_keys, uptime) > 0;
    if (keyring->new_come)
        return;
    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
    keyring->notices |= WARD_NOTICE_CHANGED;
    ward_timer_start(&keyring->new_keys, uptime, NEW_KEYS_APART);
}

/* A key counts as in use for a day after it has verified a signature, and for another one at most. */
static void begin_day(struct ward_keyring *keyring, uint32_t uptime)
{
    if (ward_timer_left(&keyring->day, uptime) > 0)
        return;
    keyring->active[1] = keyring->active[0];
    keyring->active[0] = 0;
    ward_timer_start(&keyring->day, uptime, WARD_DAY);
}

static void watch_checks(struct ward_keyring *keyring, uint32_t uptime)
{
    const bool blocked = !spare_is_free(keyring);
    keyring->bundle_waits = keyring->bundle_waits && blocked;
    const bool waits = blocked && (fetch_is_due(keyring, uptime) || keyring->bundle_waits);
    if (waits && !keyring->waits) {
        ward_timer_start(&keyring->checks, uptime, CHECK_FORGOTTEN);
        /* Another one was told of, if any. */
        keyring->notices = (uint8_t)(keyring->notices & ~(unsigned)WARD_NOTICE_TOLD_HELD);
    }
    keyring->waits = waits;
    (void)ward_timer_left(&keyring->checks, uptime);
}

/* Each timer is looked at more often than the uptime goes round. */
static void tick(struct ward_keyring *keyring, uint32_t uptime)
{
    ward_clock_tick(&keyring->clock, uptime);
    (void)ward_timer_left(&keyring->refresh, uptime);
    (void)ward_timer_left(&keyring->cooldown, uptime);
    (void)ward_timer_left(&keyring->store, uptime);
    (void)ward_timer_left(&keyring->new_keys, uptime);
    begin_day(keyring, uptime);
    watch_checks(keyring, uptime);
    if (keyring->new_come)
        ward_keyring_new_keys(keyring, uptime);
}

/* What a clock that was wrong has said of the keys' age is corrected once the clock is, and what cannot serve is fetched soon:
 * once, since then it is for the wait after a failure to say when.
 */
static void take_time(struct ward_keyring *keyring, struct ward_time now, uint32_t uptime)
{
    if (now.trust == WARD_TIME_SET && keyring->fetched_at > now.seconds)
        keyring->fetched_at = now.seconds;
    ward_keyring_see(keyring, now);
    const bool serves = ward_keyring_serves(keyring, now);
    if (!serves && !keyring->fetches_soon && ward_timer_left(&keyring->refresh, uptime) > SOON)
        ward_keyring_schedule(keyring, uptime, SOON, SOON);
    keyring->fetches_soon = !serves;
}

static struct ward_keyring_action choose(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime)
{
    struct ward_keyring_action want;
    memset(&want, 0, sizeof want);
    tick(keyring, uptime);
    const struct ward_time now = ward_clock_now(&keyring->clock, time, uptime);
    take_time(keyring, now, uptime);
    want.now = now.seconds;
    want.slot = keyring->slot;
    want.origin = keyring->origin;
    if (wants_store(keyring, now, uptime)) {
        want.task = WARD_KEYRING_STORE;
    } else if (fetch_is_due(keyring, uptime) && spare_is_free(keyring)) {
        want.task = WARD_KEYRING_FETCH;
        want.url = keyring->config->url;
        ward_bundle_tell_etag(keyring, &want);
    } else {
        want.wait = shortest_wait(keyring, uptime);
    }
    return want;
}

struct ward_keyring_action ward_keyring_next(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    const struct ward_keyring_action want = choose(keyring, time, uptime);
    ward_unlock(&keyring->config->hooks);
    return want;
}

void ward_keyring_stored(struct ward_keyring *keyring, struct ward_status status, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    keyring->store_failed = !ward_ok(status);
    if (ward_ok(status)) {
        keyring->sequence++;
        keyring->stored = keyring->packed;
        ward_bundle_stored(keyring);
        keyring->origin.slot = keyring->slot;
        keyring->slot = keyring->slot == 0 ? 1 : 0;
        ward_timer_start(&keyring->store, uptime, STORE_INTERVAL);
    } else {
        ward_keyring_note_change(keyring, WARD_CHANGE_LATER);
        ward_timer_start(&keyring->store, uptime, STORE_RETRY);
    }
    keyring->packed = 0;
    ward_unlock(&keyring->config->hooks);
}

void ward_keyring_touch(struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
    ward_unlock(&keyring->config->hooks);
}

/* ---- What checks want of it. */

const struct ward_jwks *ward_keyring_keys(const struct ward_keyring *keyring)
{
    return keyring->set;
}

const struct ward_jwks *ward_keyring_enter(struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const struct ward_jwks *const set = keyring->set;
    uint16_t *const running = ward_keyring_running(keyring, set);
    if (running != NULL)
        (*running)++;
    ward_unlock(&keyring->config->hooks);
    return set;
}

void ward_keyring_leave(struct ward_keyring *keyring, const struct ward_jwks *set)
{
    ward_lock(&keyring->config->hooks);
    uint16_t *const running = ward_keyring_running(keyring, set);
    if (running != NULL)
        (*running)--;
    ward_unlock(&keyring->config->hooks);
}

bool ward_keyring_holds(const struct ward_keyring *keyring, const struct ward_jwks *set, const struct ward_key *key)
{
    bool held = keyring->set == set;
    for (size_t i = 0; i < keyring->set->count && !held; i++)
        held = ward_key_equal(&keyring->set->key[i], key);
    return held;
}

static uint32_t seconds_of(uint32_t milliseconds)
{
    return milliseconds / WARD_SECOND + (milliseconds % WARD_SECOND > 0 ? 1u : 0u);
}

/* No longer than the cooldown, so that who comes back finds that fresh keys do not have it instead of asking for the next refresh. */
static uint32_t soon(const struct ward_keyring *keyring)
{
    const uint32_t cooldown = ward_keyring_cooldown(keyring) / WARD_SECOND;
    return cooldown < RETRY_WHILE_FETCHING ? cooldown : RETRY_WHILE_FETCHING;
}

/* 0: fresh keys do not have it. Else the seconds until a refresh may have brought it. */
static uint32_t ask(struct ward_keyring *keyring, struct ward_text kid, uint32_t uptime)
{
    const uint32_t left = ward_timer_left(&keyring->cooldown, uptime);
    ward_wanted_add(&keyring->wanted, kid);
    if (keyring->refresh_state != WARD_REFRESH_IDLE)
        return soon(keyring);
    /* Of a set that did not fit the slots, nobody knows what is missing. */
    if (left > 0)
        return keyring->answered && keyring->left_out == 0 ? 0 : seconds_of(left);
    keyring->refresh_state = WARD_REFRESH_ASKED;
    return soon(keyring);
}

struct ward_status ward_keyring_request_refresh(struct ward_keyring *keyring, struct ward_text kid, uint32_t uptime,
                                                uint32_t *retry_after)
{
    *retry_after = 0;
    if (keyring->config->url.length == 0 || kid.length > WARD_MAX_KID)
        return ward_status_of(WARD_KEY_UNKNOWN);
    ward_lock(&keyring->config->hooks);
    *retry_after = ask(keyring, kid, uptime);
    ward_unlock(&keyring->config->hooks);
    return ward_status_of(*retry_after > 0 ? WARD_KEY_REFRESH_PENDING : WARD_KEY_UNKNOWN);
}

uint64_t ward_keyring_fetched_at(const struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const uint64_t seconds = keyring->fetched_at;
    ward_unlock(&keyring->config->hooks);
    return seconds;
}

static struct ward_status ready(const struct ward_keyring *keyring, struct ward_time now)
{
    const uint32_t max_stale = keyring->config->max_stale != 0 ? keyring->config->max_stale : DEFAULT_MAX_STALE;
    if (keyring->set->count == 0)
        return ward_status_of(WARD_KEYS_ABSENT);
    const uint64_t since = ward_keyring_age_from(keyring);
    if (since > 0 && now.seconds > since && now.seconds - since > max_stale)
        return ward_status_of(WARD_KEYS_STALE);
    return ward_bundle_ready(keyring, now);
}

struct ward_status ward_keyring_ready(const struct ward_keyring *keyring, struct ward_time now)
{
    ward_lock(&keyring->config->hooks);
    const struct ward_status status = ready(keyring, now);
    ward_unlock(&keyring->config->hooks);
    return status;
}

bool ward_keyring_serves(const struct ward_keyring *keyring, struct ward_time now)
{
    return now.trust == WARD_TIME_SET && ward_ok(ready(keyring, now));
}

uint32_t ward_keyring_cooldown(const struct ward_keyring *keyring)
{
    return (keyring->config->cooldown != 0 ? keyring->config->cooldown : DEFAULT_COOLDOWN) * WARD_SECOND;
}

/* ---- Time. */

struct ward_time ward_keyring_time(const struct ward_keyring *keyring, struct ward_time time, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    const struct ward_time now = ward_clock_now(&keyring->clock, time, uptime);
    ward_unlock(&keyring->config->hooks);
    return now;
}

void ward_keyring_set_floor(struct ward_keyring *keyring, uint64_t seconds)
{
    ward_lock(&keyring->config->hooks);
    ward_clock_set_floor(&keyring->clock, keyring->config->build_time, seconds);
    ward_bundle_forget_floor(keyring);
    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
    ward_unlock(&keyring->config->hooks);
}
