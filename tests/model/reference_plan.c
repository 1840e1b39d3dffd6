/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: when a fetch may come. What include/ward/keyring.h promises, in seconds. */
#include "reference.h"

enum { SHORTEST_AGE = 300, LONGEST_AGE = 86400, USUAL_AGE = 3600, LONGEST_PAUSE = 3600 };
enum {
    FIRST_WITH_KEYS = HOUR,
    FIRST_WITHOUT = 10 * SECOND,
    BACK_OFF_WITH_KEYS = 30 * MINUTE,
    BACK_OFF_WITHOUT = 10 * SECOND
};

void reference_plan(uint64_t earliest, uint64_t latest)
{
    reference.earliest_fetch = earliest;
    reference.latest_fetch = latest;
}

void reference_plan_first(uint64_t at)
{
    reference_plan(at, at + (reference.keys.count > 0 ? (uint64_t)FIRST_WITH_KEYS : (uint64_t)FIRST_WITHOUT));
}

void reference_plan_after_success(uint32_t max_age, uint64_t at)
{
    uint64_t age = max_age == WARD_NO_MAX_AGE ? (uint64_t)USUAL_AGE : max_age;
    age = age < SHORTEST_AGE ? (uint64_t)SHORTEST_AGE : age > LONGEST_AGE ? (uint64_t)LONGEST_AGE : age;
    reference_plan(at + age * SECOND / 4 * 3, at + age * SECOND);
}

uint64_t reference_pause(uint32_t retry_after)
{
    return (uint64_t)(retry_after < LONGEST_PAUSE ? retry_after : (uint32_t)LONGEST_PAUSE) * SECOND;
}

static uint64_t back_off(uint64_t first)
{
    uint64_t wait = first;
    for (unsigned i = 0; i < reference.failures && wait < HOUR; i++)
        wait *= 2;
    return wait < HOUR ? wait : (uint64_t)HOUR;
}

void reference_plan_after_failure(uint32_t retry_after, bool serves, uint64_t at)
{
    const uint64_t pause = reference_pause(retry_after);
    const uint64_t longest = back_off(serves ? BACK_OFF_WITH_KEYS : BACK_OFF_WITHOUT);
    /* Where it cannot be told whether the keys served, both waits are right. */
    const uint64_t shortest = slack > 0 ? back_off(BACK_OFF_WITHOUT) : longest;
    const uint64_t most = slack > 0 ? back_off(BACK_OFF_WITH_KEYS) : longest;
    const uint64_t spread = most - most / 2;
    reference_plan(at + (shortest / 2 < pause ? pause : shortest / 2), at + (most / 2 < pause ? pause + spread : most));
    reference.failures++;
}
