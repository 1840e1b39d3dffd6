#include "keys/key.h"
#include "keys/keyring.h"
#include "state/clock.h"

/* Seconds of max-age that are honoured. */
enum { SHORTEST_MAX_AGE = 300, LONGEST_MAX_AGE = 86400, USUAL_MAX_AGE = 3600 };

/* The first wait after a failure doubles up to an hour. Keys that serve can wait longer than none. */
enum { BACK_OFF_WITH_KEYS = 30 * WARD_MINUTE, BACK_OFF_WITHOUT = 10 * WARD_SECOND, LONGEST_BACK_OFF = WARD_HOUR };

void ward_keyring_fetch_begin(struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    struct ward_jwks *const spare = ward_keyring_spare(keyring);
    const struct ward_text wanted = ward_text_of(keyring->wanted, keyring->wanted_length);
    /* A runner that has not asked first must not pull the keys from under a check: its fetch will fail. */
    keyring->fetching = *ward_keyring_running(keyring, spare) == 0;
    keyring->read = 0;
    if (keyring->fetching)
        ward_jwks_begin(&keyring->reader, spare, keyring->set, wanted);
    ward_unlock(&keyring->config->hooks);
}

struct ward_status ward_keyring_fetch_feed(struct ward_keyring *keyring, const char *data, size_t length,
                                           struct ward_workspace *work)
{
    if (!keyring->fetching)
        return ward_status_of(WARD_JSON_MALFORMED);
    if (keyring->read > WARD_MAX_JWKS || length > WARD_MAX_JWKS - keyring->read) {
        keyring->read = WARD_MAX_JWKS + 1;
        return ward_status_of(WARD_FETCH_TOO_LONG);
    }
    keyring->read += (uint32_t)length;
    return ward_jwks_feed(&keyring->reader, data, length, work);
}

static bool has_key(const struct ward_jwks *set, const struct ward_key *key)
{
    for (size_t i = 0; i < set->count; i++)
        if (ward_key_equal(&set->key[i], key))
            return true;
    return false;
}

/* The same keys in any order: some issuers' sets are served by machines that do not agree on one. */
static bool same_keys(const struct ward_jwks *a, const struct ward_jwks *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!has_key(b, &a->key[i]) || !has_key(a, &b->key[i]))
            return false;
    return true;
}

static void schedule_success(struct ward_keyring *keyring, uint32_t max_age, uint32_t uptime)
{
    uint32_t age = max_age == WARD_NO_MAX_AGE ? USUAL_MAX_AGE : max_age;
    if (age < SHORTEST_MAX_AGE)
        age = SHORTEST_MAX_AGE;
    if (age > LONGEST_MAX_AGE)
        age = LONGEST_MAX_AGE;
    const uint32_t wait = age * WARD_SECOND;
    keyring->failures = 0;
    ward_keyring_schedule(keyring, uptime, wait, wait / 4);
}

/* The issuer's own word, as far as it is not longer than what is waited anyway. */
static uint32_t pause_of(uint32_t retry_after)
{
    return retry_after < LONGEST_BACK_OFF / WARD_SECOND ? retry_after * WARD_SECOND : LONGEST_BACK_OFF;
}

static void schedule_failure(struct ward_keyring *keyring, uint32_t retry_after, bool serves, uint32_t uptime)
{
    const uint32_t pause = pause_of(retry_after);
    uint32_t wait = serves ? BACK_OFF_WITH_KEYS : BACK_OFF_WITHOUT;
    for (uint8_t i = 0; i < keyring->failures && wait < LONGEST_BACK_OFF; i++)
        wait *= 2;
    if (wait > LONGEST_BACK_OFF)
        wait = LONGEST_BACK_OFF;
    if (keyring->failures < UINT8_MAX)
        keyring->failures++;
    const uint32_t spread = wait / 2;
    ward_keyring_schedule(keyring, uptime, wait - spread < pause ? pause + spread : wait, spread);
}

/* No refresh for an unknown kid so soon after one, whatever came of it, nor before the time that the issuer has named. */
static void cool_down(struct ward_keyring *keyring, struct ward_status status, uint32_t retry_after, uint32_t uptime)
{
    const uint32_t pause = ward_ok(status) ? 0 : pause_of(retry_after);
    const uint32_t cooldown =
        keyring->asked ? ward_keyring_cooldown(keyring) : ward_timer_left(&keyring->cooldown, uptime);
    if (!keyring->asked && pause <= cooldown)
        return;
    keyring->asked = false;
    keyring->answered = ward_ok(status);
    ward_timer_start(&keyring->cooldown, uptime, pause > cooldown ? pause : cooldown);
}

static void put_in_use(struct ward_keyring *keyring, const struct ward_jwks *set)
{
    keyring->used = ward_keyring_carry_used(keyring->set, keyring->used, set);
    keyring->set = set;
    keyring->urgent = true;
    keyring->replaced = true;
}

static void succeed(struct ward_keyring *keyring, const struct ward_fetch_answer *answer, struct ward_time time,
                    uint32_t uptime)
{
    /* No date is 0, which is behind every floor. */
    ward_clock_tell(&keyring->clock, answer->date, uptime);
    keyring->fetched_at = ward_clock_now(&keyring->clock, time, uptime).seconds;
    schedule_success(keyring, answer->max_age, uptime);
    if (!same_keys(ward_keyring_spare(keyring), keyring->set))
        put_in_use(keyring, ward_keyring_spare(keyring));
}

static void fail(struct ward_keyring *keyring, const struct ward_fetch_answer *answer, struct ward_time time,
                 uint32_t uptime)
{
    const bool serves = ward_keyring_serves(keyring, ward_clock_now(&keyring->clock, time, uptime));
    schedule_failure(keyring, answer->retry_after, serves, uptime);
}

/* What came of the body, where the platform found nothing wrong; none is not JSON either. */
static struct ward_status end_body(struct ward_keyring *keyring, struct ward_status status)
{
    if (!keyring->fetching)
        return ward_ok(status) ? ward_status_of(WARD_JSON_MALFORMED) : status;
    const struct ward_status read = ward_jwks_end(&keyring->reader);
    if (ward_ok(status) && keyring->read > WARD_MAX_JWKS)
        return ward_status_of(WARD_FETCH_TOO_LONG);
    return ward_ok(status) ? read : status;
}

struct ward_status ward_keyring_fetch_end(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                          struct ward_time time, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    const struct ward_status status = end_body(keyring, answer->status);
    keyring->fetching = false;
    if (ward_ok(status))
        succeed(keyring, answer, time, uptime);
    else
        fail(keyring, answer, time, uptime);
    cool_down(keyring, status, answer->retry_after, uptime);
    keyring->wanted_length = 0;
    ward_unlock(&keyring->config->hooks);
    return status;
}
