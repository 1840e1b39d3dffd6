/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "keys/bundle.h"
#include "keys/choice.h"
#include "keys/key.h"
#include "keys/keyring.h"
#include "state/clock.h"

/* Seconds of max-age that are honoured. */
enum { SHORTEST_MAX_AGE = 300, LONGEST_MAX_AGE = 86400, USUAL_MAX_AGE = 3600 };

/* The first wait after a failure doubles up to an hour. Keys that serve can wait longer than none. */
enum { BACK_OFF_WITH_KEYS = 30 * WARD_MINUTE, BACK_OFF_WITHOUT = 10 * WARD_SECOND, LONGEST_BACK_OFF = WARD_HOUR };

static unsigned count_bits(uint32_t bits)
{
    unsigned count = 0;
    for (uint32_t left = bits; left != 0u; left &= left - 1u)
        count++;
    return count;
}

/* What is wanted and fits gets the slots that no key in use has; else it has to draw lots, and each second time all take turns. What is no
 * refresh is no answer to those who have asked for one: it takes nobody's turn, and what they want stays wanted.
 */
static struct ward_jwks_choice choose(struct ward_keyring *keyring, bool refresh)
{
    const uint32_t in_use = ward_keyring_in_use(keyring);
    const bool crowded = keyring->wanted.crowded || keyring->wanted.count > WARD_MAX_KEYS - count_bits(in_use);
    const struct ward_jwks_choice choice = { .wanted = keyring->wanted,
                                             .in_use = in_use,
                                             .turn = keyring->turn,
                                             .in_turn = refresh && crowded && keyring->crowds % 2u == 1u };
    if (!refresh)
        return choice;
    if (crowded)
        keyring->crowds++;
    ward_wanted_clear(&keyring->wanted, keyring->random);
    return choice;
}

static void start_running(struct ward_keyring *keyring, bool running)
{
    keyring->feeds = running;
    const bool asked = ward_keyring_is_asked(keyring);
    if (running)
        keyring->refresh_state = asked ? WARD_REFRESH_RUNNING_ASKED : WARD_REFRESH_RUNNING;
    else
        keyring->refresh_state = asked ? WARD_REFRESH_ASKED : WARD_REFRESH_IDLE;
}

void ward_keyring_begin_set(struct ward_keyring *keyring, bool refresh)
{
    const struct ward_jwks_choice choice = choose(keyring, refresh);
    ward_jwks_begin(&keyring->reader, ward_keyring_spare(keyring), keyring->set, ward_text_of(NULL, 0));
    ward_jwks_choose(&keyring->reader, &choice);
}

void ward_keyring_fetch_begin(struct ward_keyring *keyring)
{
    ward_lock(&keyring->config->hooks);
    struct ward_jwks *const spare = ward_keyring_spare(keyring);
    /* A runner that has not asked first must not pull the keys from under a check: its fetch will fail. */
    start_running(keyring, *ward_keyring_running(keyring, spare) == 0);
    keyring->read = 0;
    if (ward_keyring_is_fetching(keyring) && !ward_keyring_fetches_bundles(keyring))
        ward_keyring_begin_set(keyring, true);
    ward_unlock(&keyring->config->hooks);
}

struct ward_status ward_keyring_fetch_feed(struct ward_keyring *keyring, const char *data, size_t length,
                                           struct ward_workspace *work)
{
    if (!keyring->feeds)
        return ward_status_of(WARD_JSON_MALFORMED);
    if (ward_keyring_fetches_bundles(keyring))
        return ward_bundle_collect(keyring, data, length);
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
    const bool asked = ward_keyring_is_asked(keyring);
    const uint32_t cooldown = asked ? ward_keyring_cooldown(keyring) : ward_timer_left(&keyring->cooldown, uptime);
    if (!asked && pause <= cooldown)
        return;
    keyring->refresh_state = WARD_REFRESH_IDLE;
    keyring->answered = ward_ok(status);
    ward_timer_start(&keyring->cooldown, uptime, pause > cooldown ? pause : cooldown);
}

/* ---- The new set. */

/* Of the keys that are not in use the one whose turn is the furthest away; one without a kid has none. */
static size_t furthest(const struct ward_keyring *keyring, const struct ward_jwks *set)
{
    const uint32_t in_use = ward_keyring_carry_used(keyring->set, ward_keyring_in_use(keyring), set);
    size_t found = set->count;
    uint64_t distance = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct ward_text kid = ward_key_kid(&set->key[i]);
        const uint64_t turn = kid.length > 0 ? ward_choice_place(kid) - keyring->turn : (uint64_t)UINT32_MAX + 1;
        if ((in_use >> i & 1u) != 0u || (found < set->count && turn < distance))
            continue;
        found = i;
        distance = turn;
    }
    return found;
}

/* A key may have verified its first signature while the set was read, after it had found no slot in it: what was dropped once is not in
 * the set, since all that is matters more.
 */
static void keep_in_use(const struct ward_keyring *keyring, struct ward_jwks *set)
{
    const uint32_t missing = ward_keyring_in_use(keyring) & keyring->reader.dropped;
    for (size_t i = 0; i < keyring->set->count; i++) {
        const struct ward_key *const key = &keyring->set->key[i];
        if ((missing >> i & 1u) != 0u)
            set->key[furthest(keyring, set)] = *key;
    }
}

/* Where the next ones go on. */
static void pass_turn(struct ward_keyring *keyring, const struct ward_jwks *set)
{
    const size_t last = furthest(keyring, set);
    if (keyring->reader.choice.in_turn && last < set->count && set->key[last].kid_length > 0)
        keyring->turn = ward_choice_place(ward_key_kid(&set->key[last])) + 1u;
}

/* Who has a key that the issuer has removed is let in until that is known, also after a restart. */
static void write_now(struct ward_keyring *keyring)
{
    ward_keyring_note_change(keyring, WARD_CHANGE_NOW);
    keyring->new_come = false;
}

static void put_in_use(struct ward_keyring *keyring, const struct ward_jwks *set, uint32_t uptime)
{
    const uint32_t removed = ward_keyring_all(keyring->set) & ~keyring->reader.offered;
    const bool is_stored = (removed & (keyring->stored | keyring->packed)) != 0u;
    keyring->stored = ward_keyring_carry_used(keyring->set, keyring->stored, set);
    keyring->packed = ward_keyring_carry_used(keyring->set, keyring->packed, set);
    keyring->used = ward_keyring_carry_used(keyring->set, keyring->used, set);
    for (size_t i = 0; i < 2; i++)
        keyring->active[i] = ward_keyring_carry_used(keyring->set, keyring->active[i], set);
    keyring->set = set;
    /* Other checks are in the way of the next one. */
    keyring->waits = false;
    keyring->bundle_waits = false;
    /* Machines of an issuer that do not agree bring a key and take it away again: what was never stored needs no write. */
    if (is_stored)
        write_now(keyring);
    else if (keyring->stored == ward_keyring_all(set))
        keyring->new_come = false;
    else
        ward_keyring_new_keys(keyring, uptime);
    if (removed != 0u)
        keyring->notices |= WARD_NOTICE_CHANGED;
}

void ward_keyring_take_set(struct ward_keyring *keyring, uint32_t uptime)
{
    struct ward_jwks *const set = ward_keyring_spare(keyring);
    keep_in_use(keyring, set);
    pass_turn(keyring, set);
    keyring->left_out = keyring->reader.report.left_out;
    if (!same_keys(set, keyring->set))
        put_in_use(keyring, set, uptime);
}

static void hear(struct ward_keyring *keyring, const struct ward_fetch_answer *answer, uint64_t told,
                 struct ward_time time, uint32_t uptime)
{
    const struct ward_clock_date date = { told, answer->aged };
    ward_clock_report(&keyring->clock, &date, ward_clock_is_valid(&keyring->clock, time), uptime);
    schedule_success(keyring, answer->max_age, uptime);
}

static void succeed(struct ward_keyring *keyring, const struct ward_fetch_answer *answer, struct ward_time time,
                    uint32_t uptime)
{
    hear(keyring, answer, answer->date, time, uptime);
    keyring->fetched_at = ward_clock_now(&keyring->clock, time, uptime).seconds;
    ward_keyring_take_set(keyring, uptime);
    ward_bundle_keys_replaced(keyring, false);
}

static void fail(struct ward_keyring *keyring, const struct ward_fetch_answer *answer, struct ward_time time,
                 uint32_t uptime)
{
    const bool serves = ward_keyring_serves(keyring, ward_clock_now(&keyring->clock, time, uptime));
    schedule_failure(keyring, answer->retry_after, serves, uptime);
}

/* A certificate is judged at the best time that is known. Where that may be years ago, the answer has to name one at which it is good. */
static bool date_is_valid(const struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                          struct ward_time time)
{
    if (answer->valid_until == 0 || ward_clock_is_valid(&keyring->clock, time))
        return true;
    return answer->date >= answer->valid_from && answer->date <= answer->valid_until;
}

/* What came of the body, where the platform found nothing wrong; none is not JSON either. */
static struct ward_status end_body(struct ward_keyring *keyring, struct ward_status status)
{
    if (!ward_keyring_is_fetching(keyring))
        return ward_ok(status) ? ward_status_of(WARD_JSON_MALFORMED) : status;
    /* A runner that ends it so has not looked at it. */
    if (ward_keyring_fetches_bundles(keyring))
        return ward_ok(status) ? ward_status_of(WARD_NOT_PROVIDED) : status;
    const struct ward_status read = ward_jwks_end(&keyring->reader);
    if (ward_ok(status) && keyring->read > WARD_MAX_JWKS)
        return ward_status_of(WARD_FETCH_TOO_LONG);
    return ward_ok(status) ? read : status;
}

struct ward_status ward_keyring_fetch_end(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                          struct ward_time time, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    struct ward_status status = end_body(keyring, answer->status);
    if (ward_ok(status) && !date_is_valid(keyring, answer, time))
        status = ward_status_of(WARD_KEYS_UNDATED);
    if (ward_ok(status) && ward_bundle_has_operator_key(keyring, ward_keyring_spare(keyring)))
        status = ward_status_of(WARD_BUNDLE_OPERATOR_KEY);
    start_running(keyring, false);
    if (ward_ok(status))
        succeed(keyring, answer, time, uptime);
    else
        fail(keyring, answer, time, uptime);
    cool_down(keyring, status, answer->retry_after, uptime);
    ward_unlock(&keyring->config->hooks);
    return status;
}

#if WARD_MAX_BUNDLE > 0

enum { NOT_MODIFIED = 304 };

/* Whether nobody on the way can have made the answer up: it did not come over http. */
static bool is_authenticated(const struct ward_keyring *keyring)
{
    return !ward_bundle_url_is_valid(keyring->config);
}

bool ward_bundle_is_unchanged(const struct ward_fetch_answer *answer)
{
    return answer->http == NOT_MODIFIED;
}

/* As the same bundle once more would be judged. A bundle that has come another way meanwhile is not the one that was asked for. */
static struct ward_status judge_unchanged(struct ward_keyring *keyring, struct ward_time time, uint32_t uptime)
{
    const struct ward_time now = ward_clock_without_bundle(&keyring->clock, time, uptime);
    if (keyring->etag_length == 0)
        return ward_status_of(WARD_FETCH_HTTP_STATUS);
    return ward_status_of(now.seconds < ward_bundle_in_force(keyring)->expires ? WARD_OK : WARD_BUNDLE_EXPIRED);
}

struct ward_status ward_bundle_collected(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                         struct ward_time time, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    struct ward_status status = answer->status;
    if (ward_ok(status) && !ward_keyring_is_fetching(keyring))
        status = ward_status_of(WARD_JSON_MALFORMED);
    if (ward_ok(status) && keyring->read > keyring->config->bundles->size)
        status = ward_status_of(WARD_FETCH_TOO_LONG);
    if (ward_ok(status) && is_authenticated(keyring) && !date_is_valid(keyring, answer, time))
        status = ward_status_of(WARD_KEYS_UNDATED);
    if (ward_ok(status) && ward_bundle_is_unchanged(answer))
        status = judge_unchanged(keyring, time, uptime);
    ward_unlock(&keyring->config->hooks);
    return status;
}

/* A mirror that is who it must be has said that these are the keys of now. */
static void renew(struct ward_keyring *keyring, struct ward_time now)
{
    if (keyring->bundle_keys && now.trust == WARD_TIME_SET && now.seconds > keyring->fetched_at)
        keyring->fetched_at = now.seconds;
}

static void keep_etag(struct ward_keyring *keyring, const struct ward_fetch_answer *answer)
{
    keyring->etag_length = answer->etag_length <= sizeof keyring->etag ? answer->etag_length : 0;
    memcpy(keyring->etag, answer->etag, keyring->etag_length);
}

static void succeed_with_bundle(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                                struct ward_time time, uint32_t uptime)
{
    hear(keyring, answer, is_authenticated(keyring) ? answer->date : 0, time, uptime);
    if (is_authenticated(keyring))
        renew(keyring, ward_clock_now(&keyring->clock, time, uptime));
    if (!ward_bundle_is_unchanged(answer))
        keep_etag(keyring, answer);
}

void ward_bundle_fetch_ended(struct ward_keyring *keyring, const struct ward_fetch_answer *answer,
                             struct ward_status status, struct ward_time time, uint32_t uptime)
{
    ward_lock(&keyring->config->hooks);
    start_running(keyring, false);
    if (ward_ok(status))
        succeed_with_bundle(keyring, answer, time, uptime);
    else if (status.code == WARD_BUNDLE_BUSY) /* Nobody has failed: a check with the keys before last is soon over. */
        ward_keyring_schedule(keyring, uptime, BACK_OFF_WITHOUT, BACK_OFF_WITHOUT / 2);
    else
        fail(keyring, answer, time, uptime);
    cool_down(keyring, status, answer->retry_after, uptime);
    ward_unlock(&keyring->config->hooks);
}

#endif
