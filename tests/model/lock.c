/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"

#include <stddef.h>

/* How deep tasks wait for each other here, and how much time passes while one does: less than the minute that an uptime may be old. */
enum { DEEPEST = 2, LONGEST_WAIT = 20 * SECOND, LONGEST_WAITS = 50 * SECOND };

static struct call *innermost;
static bool held;
static uint32_t contended;
static unsigned depth;
static uint32_t waited;
static void (*others_turn)(unsigned);

static void wait_for_others(void)
{
    depth++;
    happened[CONTENTION]++;
    TRACE("%*s%s waits for the lock", (int)(2 * depth), "", innermost->name);
    others_turn(depth);
    if (slack > 0 && waited < LONGEST_WAITS) {
        const uint32_t left = LONGEST_WAITS - waited;
        const uint32_t wait = below(left < LONGEST_WAIT ? left : (uint32_t)LONGEST_WAIT);
        happened[LATE_UPTIME]++;
        waited += wait;
        now += wait;
    }
    depth--;
}

static void lock(void *context)
{
    HOLD(RULE_LOCK, context == &held && innermost != NULL, "the lock is taken for another, or outside of a call");
    HOLD(RULE_LOCK, !held, "%s takes the lock that is held", innermost->name);
    if (contended > 0 && depth < DEEPEST && one_in(contended))
        wait_for_others();
    innermost->taken++;
    held = true;
}

static void unlock(void *context)
{
    HOLD(RULE_LOCK, context == &held && held, "the lock is given back by one that does not hold it");
    innermost->given_back++;
    held = false;
}

const struct ward_hooks lock_hooks = { lock, unlock, &held };

void lock_begin(uint32_t contention, void (*others)(unsigned depth))
{
    innermost = NULL;
    held = false;
    depth = 0;
    contended = contention;
    others_turn = others;
}

void call_begin(struct call *call, const char *name)
{
    HOLD(RULE_LOCK, !held, "the lock is held between two calls");
    call->outer = innermost;
    call->name = name;
    call->taken = 0;
    call->given_back = 0;
    if (innermost == NULL)
        waited = 0;
    innermost = call;
}

void call_end_within(struct call *call, unsigned least, unsigned most)
{
    HOLD(RULE_LOCK, !held, "%s returns with the lock", call->name);
    HOLD(RULE_LOCK, call->taken >= least && call->taken <= most && call->given_back == call->taken,
         "%s takes the lock %u times and gives it back %u times", call->name, call->taken, call->given_back);
    innermost = call->outer;
}

void call_end(struct call *call, unsigned times)
{
    call_end_within(call, times, times);
}
