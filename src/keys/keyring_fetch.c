#include "keys/keyring.h"

#include <string.h>

#include "state/clock.h"

/* Seconds of max-age that are honoured. */
enum { SHORTEST_MAX_AGE = 300, LONGEST_MAX_AGE = 86400, USUAL_MAX_AGE = 3600 };

/* The first wait after a failure doubles up to an hour. Keys that serve can wait longer than none. */
enum { BACK_OFF_WITH_KEYS = 10 * WARD_MINUTE, BACK_OFF_WITHOUT = 10 * WARD_SECOND, LONGEST_BACK_OFF = WARD_HOUR };

void ward_keyring_fetch_begin(struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    const struct ward_text wanted = ward_text_of(keyring->wanted, keyring->wanted_length);
    keyring->fetching = true;
    keyring->serves_ask = keyring->asked;
    keyring->asked = false;
    keyring->read = 0;
    ward_jwks_begin(&keyring->reader, ward_keyring_spare(keyring), keyring->set, wanted);
    ward_unlock(&keyring->config->hooks);
}

struct ward_status ward_keyring_fetch_feed(struct ward_keyring *keyring, const char *data, size_t length,
                                           struct ward_workspace *work)
{
    if (length > WARD_MAX_JWKS - keyring->read)
        return ward_status_of(WARD_FETCH_TOO_LONG);
    keyring->read += (uint32_t)length;
    return ward_jwks_feed(&keyring->reader, data, length, work);
}

static bool has_key(const struct ward_jwks *set, const struct ward_key *key)
{
    for (size_t i = 0; i < set->count; i++)
        if (memcmp(&set->key[i], key, sizeof *key) == 0)
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

static void schedule_failure(struct ward_keyring *keyring, uint32_t retry_after, uint32_t uptime)
{
    uint32_t wait = keyring->set->count > 0 ? BACK_OFF_WITH_KEYS : BACK_OFF_WITHOUT;
    for (uint8_t i = 0; i < keyring->failures && wait < LONGEST_BACK_OFF; i++)
        wait *= 2;
    if (wait > LONGEST_BACK_OFF)
        wait = LONGEST_BACK_OFF;
    if (keyring->failures < UINT8_MAX)
        keyring->failures++;
    uint32_t spread = wait / 2;
    /* The issuer's own word, as far as it is not longer than what is waited anyway. */
    const uint32_t asked = retry_after < LONGEST_BACK_OFF / WARD_SECOND ? retry_after * WARD_SECOND : LONGEST_BACK_OFF;
    if (wait - spread < asked) {
        wait = asked + spread;
    }
    ward_keyring_schedule(keyring, uptime, wait, spread);
}

static void succeed(struct ward_keyring *keyring, const struct ward_fetch_answer *answer, struct ward_time time,
                    uint32_t uptime)
{
    if (answer->date > 0)
        ward_clock_tell(&keyring->clock, answer->date, uptime);
    keyring->fetched_at = ward_clock_now(&keyring->clock, time, uptime).seconds;
    schedule_success(keyring, answer->max_age, uptime);
    if (same_keys(ward_keyring_spare(keyring), keyring->set))
        return;
    keyring->staged = true;
    ward_keyring_adopt(keyring);
}

struct ward_status ward_keyring_fetch_end(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                          struct ward_time time, uint32_t uptime)
{
    struct ward_status status = answer->status;
    ward_lock(&keyring->config->hooks);
    const struct ward_status read = ward_jwks_end(&keyring->reader);
    if (ward_ok(status))
        status = read;
    keyring->fetching = false;
    if (ward_ok(status))
        succeed(keyring, answer, time, uptime);
    else
        schedule_failure(keyring, answer->retry_after, uptime);
    if (keyring->serves_ask) {
        keyring->answered = ward_ok(status);
        ward_timer_start(&keyring->cooldown, uptime, ward_keyring_cooldown(keyring));
    }
    keyring->wanted_length = 0;
    ward_unlock(&keyring->config->hooks);
    return status;
}
