/* SPDX-License-Identifier: Apache-2.0 */
/* Checks and other tasks that use the keyring while the runner serves it. */
#include <string.h>

#include "inside.h"
#include "keys/keyring.h"

/* What runs: the keys it began with, as they were. */
static struct check {
    bool runs;
    bool ends; /* is in the call that ends it */
    uint64_t end;
    const struct ward_jwks *set;
    struct ward_jwks before;
    unsigned generation;
    bool flash;
} checks[MOST_CHECKS];

/* From the issuer's look at its keys to their use. */
enum { SLOWEST_FETCH = 30 * MINUTE };

/* ---- What must hold whenever nothing is under way. */

void judge_keys(enum rule rule)
{
    struct keys keys;
    const bool known = keys_read(ward_keyring_keys(&keyring), &keys);
    HOLD(rule, known && keys_same(&keys, &reference.keys), "%s instead of %s",
         known ? keys_text(&keys) : "keys that nobody ever made", keys_text(&reference.keys));
}

/* Nothing that the issuer has removed longer ago than designed is of use. */
static void judge_removed(struct ward_status ready, struct ward_time best)
{
    const uint64_t serves_for = (reference.firmware.max_stale != 0 ? reference.firmware.max_stale : 604800u) *
                                (uint64_t)SECOND;
    for (unsigned i = 0; i < reference.keys.count && reference.firmware.online; i++) {
        if (operator_has(reference.keys.key[i].number))
            continue;
        const uint64_t removed = issuer_removed_at(reference.keys.key[i]);
        const uint64_t since = removed > device.undisturbed ? removed : device.undisturbed;
        HOLD(RULE_REMOVED,
             now < device.undisturbed || removed == UINT64_MAX ||
                 now - since <= 26u * (uint64_t)HOUR + issuer.longest_cache,
             "the key %u:%u is still in use", reference.keys.key[i].kid, reference.keys.key[i].number);
        if (!ward_ok(ready) || best.trust != WARD_TIME_SET || device.clock_was_wrong || reference.fetched_at == 0)
            continue;
        HOLD(RULE_STALE,
             removed == UINT64_MAX ||
                 now - removed <= serves_for + SLOWEST_FETCH + issuer.longest_cache + device.operator_ahead,
             "the key %u:%u still serves", reference.keys.key[i].kid, reference.keys.key[i].number);
    }
}

/* Checks that run with a set that the next fetch would overwrite. */
bool spare_is_free(void)
{
    for (unsigned i = 0; i < MOST_CHECKS; i++)
        if (checks[i].runs && !checks[i].flash && checks[i].generation != reference.generation)
            return false;
    return true;
}

/* ---- Checks. */

/* A key that a check began with counts at its end only if it is in use then. */
static void judge_membership(const struct check *check)
{
    struct keys keys;
    (void)keys_read(&check->before, &keys);
    for (unsigned i = 0; i < keys.count; i++) {
        const bool in_use = keys_have(&reference.keys, keys.key[i]);
        HOLD(RULE_MEMBER, ward_keyring_holds(&keyring, check->set, &check->set->key[i]) == in_use, "the key %u:%u %s",
             keys.key[i].kid, keys.key[i].number, in_use ? "is in use and does not count" : "is gone and counts");
        happened[KEY_GONE] += in_use ? 0u : 1u;
    }
}

static void end_check(struct check *check)
{
    struct call call;
    check->ends = true;
    HOLD(RULE_CHECK, memcmp(check->set, &check->before, sizeof check->before) == 0,
         "a check's keys have changed under it");
    judge_membership(check);
    happened[CHECK_ACROSS_SWAP] += check->generation != reference.generation;
    if (check->before.count > 0 && one_in(2)) {
        const unsigned at = below(check->before.count);
        const uint64_t before = now;
        struct keys keys;
        (void)keys_read(&check->before, &keys);
        call_begin(&call, "ward_keyring_mark_used");
        ward_keyring_mark_used(&keyring, &check->set->key[at]);
        call_end(&call, 1);
        reference_used(keys.key[at], check->generation, before);
        TRACE("a token has shown %u:%u", keys.key[at].kid, keys.key[at].number);
    }
    call_begin(&call, "ward_keyring_leave");
    ward_keyring_leave(&keyring, check->set);
    call_end(&call, 1);
    device.undisturbed = check->generation != reference.generation && device.undisturbed < now ? now
                                                                                               : device.undisturbed;
    check->runs = false;
    TRACE("check %u ends", (unsigned)(check - checks));
}

void device_check_begin(uint32_t duration)
{
    struct call call;
    struct check *check = NULL;
    for (unsigned i = 0; i < MOST_CHECKS; i++)
        if (!checks[i].runs)
            check = &checks[i];
    if (check == NULL)
        return;
    check->runs = true;
    check->ends = true;
    /* Until the call returns it holds nothing up. */
    check->flash = true;
    call_begin(&call, "ward_keyring_enter");
    check->set = ward_keyring_enter(&keyring);
    call_end(&call, 1);
    check->flash = check->set == &compiled_keys;
    check->generation = reference.generation;
    check->before = *check->set;
    check->end = now + duration;
    check->ends = false;
    HOLD(RULE_CHECK, check->flash == reference.flash, "a check begins with a set that is not in use");
    TRACE("check %u begins with generation %u", (unsigned)(check - checks), check->generation);
}

/* ---- Other tasks' calls. */

struct ward_status device_ask(uint16_t kid, bool too_long, uint32_t *retry_after)
{
    char text[WARD_MAX_KID + 1] = "kkkkkkkkkkkkkkkkk";
    struct call call;
    const uint64_t at = now;
    const size_t length = too_long ? sizeof text : kid != 0 ? (size_t)KID_LENGTH : 0;
    if (!too_long)
        kid_write(text, kid);
    happened[UNKNOWN_KID]++;
    call_begin(&call, "ward_keyring_request_refresh");
    const struct ward_status status = ward_keyring_request_refresh(&keyring, ward_text_of(text, length), uptime(at),
                                                                   retry_after);
    call_end(&call, too_long || !device.firmware.online ? 0 : 1);
    TRACE("a token names %u: %s, %u s", kid, status.code == WARD_KEY_REFRESH_PENDING ? "awaited" : "unknown",
          *retry_after);
    reference_ask(kid, too_long, at, status, *retry_after, ward_keyring_is_asked(&keyring));
    /* An answer of AWAITED wakes the runner, as a gate does. */
    if (status.code == WARD_KEY_REFRESH_PENDING)
        runner_wake();
    return status;
}

void device_touch(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_touch");
    ward_keyring_touch(&keyring);
    call_end(&call, 1);
    reference_touch();
    runner_wake();
    TRACE("something that must not be lost has changed");
}

void device_set_floor(uint64_t seconds)
{
    struct call call;
    call_begin(&call, "ward_keyring_set_floor");
    ward_keyring_set_floor(&keyring, seconds);
    call_end(&call, 1);
    reference_set_floor(seconds);
    runner_wake();
    TRACE("the operator sets the floor to %llu", (unsigned long long)seconds);
}

static void look_at_spare_keys(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_spare_keys");
    const size_t spare_keys = ward_keyring_spare_keys(&keyring);
    call_end(&call, 1);
    HOLD(RULE_SPARE_KEYS, spare_keys == reference_spare_keys(), "a number of spare keys of %zu instead of %u",
         spare_keys, reference_spare_keys());
}

static struct ward_status take_notice(void)
{
    struct call call;
    call_begin(&call, "ward_keyring_take_notice");
    const struct ward_status news = ward_keyring_take_notice(&keyring);
    call_end(&call, 1);
    return news;
}

static void look_at_notice(void)
{
    struct ward_status news = take_notice();
    if (news.code == WARD_KEYS_HELD) {
        HOLD(RULE_CHECK, !spare_is_free(), "a refresh waits for a check, and none is in its way");
        news = take_notice();
    }
    HOLD(RULE_SPARE_KEYS, news.code == reference_notice(), "news that are none, or none where there are: %u",
         news.code);
}

static struct ward_time look_at_time(void)
{
    struct call call;
    const struct ward_time given = clock_of_platform();
    const uint64_t at = now;
    call_begin(&call, "ward_keyring_time");
    const struct ward_time best = ward_keyring_time(&keyring, given, uptime(at));
    call_end(&call, 1);
    HOLD(RULE_TIME, reference_time_is(best, given, at), "the time is %llu instead of %llu",
         (unsigned long long)best.seconds, (unsigned long long)reference_time(given, at).seconds);
    return best;
}

static struct ward_status look_whether_ready(struct ward_time best)
{
    struct call call;
    call_begin(&call, "ward_keyring_ready");
    const struct ward_status ready = ward_keyring_ready(&keyring, best);
    call_end(&call, 1);
    return ready;
}

bool device_serves(void)
{
    const struct ward_time best = look_at_time();
    return best.trust == WARD_TIME_SET && ward_ok(look_whether_ready(best));
}

void device_look(void)
{
    const struct ward_time best = look_at_time();
    const struct ward_status ready = look_whether_ready(best);
    const uint32_t expected = reference_ready(best);
    HOLD(RULE_READY, expected == 0 || ready.code == expected, "status %u instead of %u, fetched at %llu, now %llu",
         ready.code, expected, (unsigned long long)reference.fetched_at, (unsigned long long)best.seconds);
    happened[STALE_KEYS] += ready.code == WARD_KEYS_STALE;
    judge_keys(RULE_KEPT);
    if (one_in(4))
        judge_bundles();
    judge_removed(ready, best);
    look_at_spare_keys();
}

static void do_one_thing(void)
{
    uint32_t retry_after;
    switch (below(8)) {
    case 0:
    case 1: (void)device_ask((uint16_t)below(12), one_in(8), &retry_after); break;
    case 2: device_check_begin(some_time(12)); break;
    case 3:
        for (unsigned i = 0; i < MOST_CHECKS; i++)
            if (checks[i].runs && !checks[i].ends) {
                end_check(&checks[i]);
                break;
            }
        break;
    case 4: look_at_notice(); break;
    case 5:
        if (one_in(4))
            device_touch();
        break;
    default: device_look(); break;
    }
}

void others_turn(unsigned depth)
{
    for (unsigned things = 1 + below(2); things > 0; things--)
        do_one_thing();
    /* The runner, where it is not the one that waits. */
    if (depth == 1 && runner_is_free() && one_in(2))
        runner_run();
}

static struct check *next_check(void)
{
    struct check *next = NULL;
    for (unsigned i = 0; i < MOST_CHECKS; i++)
        if (checks[i].runs && !checks[i].ends && (next == NULL || checks[i].end < next->end))
            next = &checks[i];
    return next;
}

uint64_t next_check_end(void)
{
    const struct check *const check = next_check();
    return check != NULL ? check->end : UINT64_MAX;
}

void end_next_check(void)
{
    end_check(next_check());
}

void tasks_begin(void)
{
    memset(checks, 0, sizeof checks);
}
