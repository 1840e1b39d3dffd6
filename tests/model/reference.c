/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <string.h>

struct reference reference;

/* What include/ward/keyring.h promises, in seconds. */
enum { USUAL_COOLDOWN = 60 };
enum { WEEK = 7 * 86400, EARLY_WAIT = 12 * MINUTE };
/* While checks hold a fetch up the runner is to look every ten milliseconds, so it may be late by as much. */
enum { WHILE_CHECKS_RUN = 10 };

enum { STORE_AFTER_BOOT = MINUTE };

/* ---- What an uptime that may be old lets one be sure of. */

static bool surely_past(uint64_t at, uint64_t due)
{
    return at >= due + slack;
}

static bool maybe_past(uint64_t at, uint64_t due)
{
    return at + slack >= due;
}

/* ---- Whether the keys serve. */

static uint64_t max_stale(void)
{
    return reference.firmware.max_stale != 0 ? reference.firmware.max_stale : (uint64_t)WEEK;
}

/* The first second at which they serve no more; UINT64_MAX: there is none. */
static uint64_t end_of_service(void)
{
    const uint64_t since = reference.fetched_at > 0    ? reference.fetched_at
                           : reference.firmware.online ? reference.seen_at
                                                       : 0;
    const uint64_t end = since > 0 ? since + max_stale() + 1 : UINT64_MAX;
    return reference.bundles.keys && reference.bundles.expires < end ? reference.bundles.expires : end;
}

uint32_t reference_ready(struct ward_time time)
{
    if (reference.keys.count == 0)
        return WARD_KEYS_ABSENT;
    const uint64_t end = end_of_service();
    if (time.seconds < end && end - time.seconds > reference_slack())
        return WARD_OK;
    return time.seconds >= end && time.seconds - end >= reference_slack() ? WARD_KEYS_STALE : 0;
}

static bool surely_serves(struct ward_time best)
{
    return best.trust == WARD_TIME_SET && reference_ready(best) == WARD_OK;
}

/* ---- What is due. */

/* Keys that were compiled in have the age that set clocks have seen. */
static void see(struct ward_time best)
{
    if (best.trust != WARD_TIME_SET || reference.fetched_at > 0 || reference.keys.count == 0 ||
        !reference.firmware.online)
        return;
    if (reference.seen_at > 0 && reference.seen_at <= best.seconds)
        return;
    reference.changed = reference.changed || reference.seen_at == 0 ||
                        reference.seen_at > best.seconds + reference_slack();
    reference.seen_at = best.seconds;
}

/* What cannot serve is fetched within twelve minutes, once. */
static void plan_early(struct ward_time best, uint64_t at)
{
    const bool serves = surely_serves(best);
    if (slack > 0) {
        if (!serves && reference.earliest_fetch > at)
            reference.earliest_fetch = at;
        return;
    }
    if (!serves && !reference.out_of_service && reference.latest_fetch > at + EARLY_WAIT)
        reference_plan(at, at + EARLY_WAIT);
    reference.out_of_service = !serves;
}

/* ---- A life. */

void reference_begin(const struct firmware *firmware, uint64_t at)
{
    memset(&reference, 0, sizeof reference);
    reference.firmware = *firmware;
    if (firmware->has_compiled)
        reference.keys = firmware->compiled;
    reference.flash = firmware->has_compiled;
    reference_begin_time();
    reference.boots = 1;
    reference.changed = true;
    reference.store_due = at + STORE_AFTER_BOOT;
    reference_plan_first(at);
}

bool reference_open(const struct stored *stored, uint64_t at)
{
    const struct firmware *const firmware = &reference.firmware;
    /* A bundle's are no URL's: they count as long as who has signed them does. */
    const bool counts = stored->bundles.keys ? reference_has_operator(stored->bundles.signer)
                                             : stored->online == firmware->online;
    const bool takes_keys = stored->issuer == firmware->issuer && counts && stored->version >= firmware->version &&
                            stored->keys.count > 0 && !reference_has_operators(&stored->keys);
    reference_raise_floor(stored->floor, at);
    reference.boots = stored->boots + 1;
    reference_bundle_open(&stored->bundles, takes_keys, at);
    if (stored->issuer == firmware->issuer && (stored->online == firmware->online || stored->bundles.keys) &&
        stored->version == firmware->version)
        reference.seen_at = stored->seen_at;
    if (takes_keys) {
        reference.keys = stored->keys;
        memcpy(reference.used, stored->used, sizeof reference.used);
        for (unsigned i = 0; i < reference.keys.count; i++)
            reference.stored[i] = true;
        for (unsigned i = 0; i < MOST_KEYS; i++)
            reference.used_at[i] = at;
        reference.fetched_at = stored->fetched_at;
        reference.shown_at = stored->shown_at;
        reference.flash = false;
    }
    reference_plan_first(at);
    return takes_keys;
}

/* ---- What is wanted. */

static void judge_store(const struct ward_keyring_action *want, struct ward_time best, uint64_t at, int newest)
{
    const bool is_store = want->task == WARD_KEYRING_STORE;
    const bool at_once = reference.urgent && !reference.store_failed;
    const bool time_passed = best.seconds > reference_floor();
    const bool something = reference.changed || time_passed;
    HOLD(RULE_STORE, (int)want->slot != newest, "slot %u holds the newest whole record", want->slot);
    if (is_store)
        HOLD(RULE_STORE, at_once || (maybe_past(at, reference.store_due) && (something || slack > 0)),
             "a record is wanted for nothing");
    else
        HOLD(RULE_STORE,
             !(at_once || (surely_past(at, reference.store_due) && something)) ||
                 (slack > 0 && !at_once && !reference.changed),
             "no record is wanted");
}

static void judge_fetch(const struct ward_keyring_action *want, uint64_t at, bool free)
{
    const bool due = reference.asked || surely_past(at, reference.latest_fetch);
    const bool may = reference.asked || maybe_past(at, reference.earliest_fetch);
    if (want->task == WARD_KEYRING_FETCH) {
        HOLD(RULE_EARLY, reference.firmware.online && !reference.fetching && free,
             "a fetch is wanted where none can be");
        HOLD(RULE_EARLY, may, "a fetch comes %llu s too early",
             (unsigned long long)(reference.earliest_fetch - at) / SECOND);
        return;
    }
    HOLD(RULE_LATE, !due || !free || reference.fetching || !reference.firmware.online,
         "a fetch is due, and not wanted");
    HOLD(RULE_LATE, want->wait > 0 && want->wait <= HOUR, "a wait of %u ms", want->wait);
    if (reference.fetching || !reference.firmware.online)
        return;
    HOLD(RULE_LATE, free || !due || want->wait <= WHILE_CHECKS_RUN,
         "checks run, and the fetch that is due is looked at after %u ms only", want->wait);
    if (!due)
        HOLD(RULE_LATE, at + want->wait <= reference.latest_fetch + slack + (free ? 0 : WHILE_CHECKS_RUN),
             "a wait that ends %llu ms after the fetch is due",
             (unsigned long long)(at + want->wait - reference.latest_fetch));
}

/* New keys are stored and told at once, but an hour after the last ones; near that end ward itself says whether they were. */
static void new_keys(uint64_t at, bool still_wait)
{
    const bool unsure = slack > 0 && reference_distance(reference.new_keys_end, at) <= slack;
    reference.new_come = unsure ? still_wait : at < reference.new_keys_end;
    if (reference.new_come)
        return;
    reference.urgent = true;
    reference.replaced = true;
    reference.new_keys_end = at + HOUR;
}

void reference_next(const struct ward_keyring_action *want, struct ward_time given, uint64_t at, int newest, bool free,
                    bool new_come)
{
    const struct ward_time best = reference_time(given, at);
    HOLD(RULE_TIME, reference_distance(want->now, best.seconds) <= reference_slack(),
         "certificates would be judged at %llu instead of %llu", (unsigned long long)want->now,
         (unsigned long long)best.seconds);
    /* A clock that was ahead made the keys younger than now. */
    if (best.trust == WARD_TIME_SET && reference.fetched_at > best.seconds)
        reference.fetched_at = best.seconds;
    see(best);
    plan_early(best, at);
    if (reference.new_come)
        new_keys(at, new_come);
    judge_store(want, best, at, newest);
    if (want->task != WARD_KEYRING_STORE)
        judge_fetch(want, at, free);
    if (want->task == WARD_KEYRING_WAIT && reference.new_come)
        HOLD(RULE_STORE, at + want->wait <= reference.new_keys_end + slack + (free ? 0 : WHILE_CHECKS_RUN),
             "a wait that passes over new keys");
    if (want->task == WARD_KEYRING_WAIT && at + slack < reference.store_due)
        HOLD(RULE_STORE, at + want->wait <= reference.store_due + slack + (free ? 0 : WHILE_CHECKS_RUN),
             "a wait that passes over the record that is due");
}

/* ---- Fetches. */

void reference_fetch_begin(bool free, uint64_t at)
{
    reference.fetching = free;
    reference.fetch_began = at;
    if (!free)
        return;
    reference.fetching_wanted = reference.wanted;
    memset(&reference.wanted, 0, sizeof reference.wanted);
}

static bool all_are_offered(const struct keys *offered)
{
    for (unsigned i = 0; i < reference.keys.count; i++)
        if (!keys_have(offered, reference.keys.key[i]))
            return false;
    return true;
}

/* Of a key that no record has, none needs to know that it is gone. */
static bool all_of_records_are_offered(const struct keys *offered)
{
    for (unsigned i = 0; i < reference.keys.count; i++)
        if ((reference.stored[i] || reference.packed[i]) && !keys_have(offered, reference.keys.key[i]))
            return false;
    return true;
}

static bool all_are_stored(void)
{
    for (unsigned i = 0; i < reference.keys.count; i++)
        if (!reference.stored[i])
            return false;
    return true;
}

void reference_swap(const struct keys *keys, const struct keys *offered, uint64_t at, bool still_wait)
{
    bool used[MOST_KEYS] = { false };
    uint64_t used_at[MOST_KEYS] = { 0 };
    bool stored[MOST_KEYS] = { false };
    bool packed[MOST_KEYS] = { false };
    const bool removed = !all_are_offered(offered);
    const bool record_has_removed = !all_of_records_are_offered(offered);
    for (unsigned i = 0; i < keys->count; i++)
        for (unsigned j = 0; j < reference.keys.count; j++)
            if (reference.used[j] && key_same(keys->key[i], reference.keys.key[j])) {
                used[i] = true;
                used_at[i] = reference.used_at[j];
            }
    for (unsigned i = 0; i < keys->count; i++)
        for (unsigned j = 0; j < reference.keys.count; j++)
            if (key_same(keys->key[i], reference.keys.key[j])) {
                stored[i] = reference.stored[j];
                packed[i] = reference.packed[j];
            }
    memcpy(reference.stored, stored, sizeof stored);
    memcpy(reference.packed, packed, sizeof packed);
    memcpy(reference.used, used, sizeof used);
    memcpy(reference.used_at, used_at, sizeof used_at);
    reference.keys = *keys;
    reference.generation++;
    reference.flash = false;
    reference.replaced = reference.replaced || removed;
    if (record_has_removed) {
        reference.urgent = true;
        reference.replaced = true;
        reference.new_come = false;
    } else if (all_are_stored()) {
        reference.new_come = false;
    } else {
        new_keys(at, still_wait);
    }
}

/* A refresh for an unknown kid, whatever came of it, begins the cooldown; a Retry-After may only make it longer. */
static void cool_down(bool ok, uint32_t retry_after, uint64_t at)
{
    const uint64_t cooldown = (uint64_t)(reference.firmware.cooldown != 0 ? reference.firmware.cooldown
                                                                          : (uint32_t)USUAL_COOLDOWN) *
                              SECOND;
    const uint64_t pause = ok ? 0 : reference_pause(retry_after);
    const uint64_t end = at + (reference.asked && cooldown > pause ? cooldown : pause);
    if (!reference.asked && end <= reference.cooldown_end)
        return;
    if (!reference.asked && pause == 0)
        return;
    reference.cooldown_end = end;
    reference.answered = ok;
    reference.asked = false;
}

void reference_fetch_end(const struct answer *answer, bool ok, const struct keys *kept, struct ward_time given,
                         uint64_t at, bool new_come)
{
    const bool dated = reference_date_is_valid(&answer->known, given);
    const bool whole = reference.fetching && answer->whole && dated;
    HOLD(RULE_FETCHED, ok == whole, "a fetch that %s counts as one that %s", whole ? "was whole" : "failed",
         ok ? "was whole" : "failed");
    happened[UNDATED] += !dated;
    reference.fetching = false;
    if (ok) {
        reference_judge_choice(&answer->offered, kept, at);
        reference_report(&answer->known, given, at);
        reference.fetched_at = reference_time(given, at).seconds;
        reference.shown_at = answer->served;
        reference.bundles.keys = false;
        reference.failures = 0;
        reference_plan_after_success(answer->known.max_age, at);
        reference.left_out = answer->offered.count - kept->count;
        if (!keys_same(kept, &reference.keys))
            reference_swap(kept, &answer->offered, at, new_come);
    } else {
        reference_plan_after_failure(answer->known.retry_after, surely_serves(reference_time(given, at)), at);
    }
    cool_down(ok, answer->known.retry_after, at);
}

/* ---- Unknown kids. */

static void judge_left(uint64_t left, struct ward_status status, uint32_t retry_after)
{
    const uint64_t seconds = (left + SECOND - 1) / SECOND;
    if (reference.answered && reference.left_out == 0)
        HOLD(RULE_ASK, status.code == WARD_KEY_UNKNOWN, "the keys are fresh, and the caller is told to come back");
    else
        HOLD(RULE_ASK,
             status.code == WARD_KEY_REFRESH_PENDING && reference_distance(retry_after, seconds) <= reference_slack(),
             "%u s to wait instead of %llu, status %u", retry_after, (unsigned long long)seconds, status.code);
}

/* Three seconds, but not more than the cooldown. */
static uint32_t soon(void)
{
    const uint32_t cooldown = reference.firmware.cooldown != 0 ? reference.firmware.cooldown : (uint32_t)USUAL_COOLDOWN;
    return cooldown < 3 ? cooldown : 3;
}

void reference_ask(uint16_t kid, bool too_long, uint64_t at, struct ward_status status, uint32_t retry_after,
                   bool asked)
{
    const uint64_t left = reference.cooldown_end > at ? reference.cooldown_end - at : 0;
    HOLD(RULE_ASK, (retry_after > 0) == (status.code == WARD_KEY_REFRESH_PENDING), "%u s to wait with status %u",
         retry_after, status.code);
    if (!reference.firmware.online || too_long) {
        HOLD(RULE_ASK, status.code == WARD_KEY_UNKNOWN, "a key that can never come is awaited");
        return;
    }
    reference_wanted(kid);
    if (reference.fetching || reference.asked) {
        HOLD(RULE_ASK, status.code == WARD_KEY_REFRESH_PENDING && retry_after == soon(),
             "a refresh is under way, and %u s are told", retry_after);
        return;
    }
    /* Near the end of the cooldown an old uptime lets it be either: then ward itself says which. */
    const bool over = slack > 0 && reference_distance(reference.cooldown_end, at) <= slack ? asked : left == 0;
    if (!over) {
        judge_left(left, status, retry_after);
        return;
    }
    HOLD(RULE_ASK, status.code == WARD_KEY_REFRESH_PENDING && retry_after == soon(),
         "a refresh may come, and %u s are told", retry_after);
    reference.asked = true;
}
