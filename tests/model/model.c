/* SPDX-License-Identifier: Apache-2.0 */
/* The keyring against a simple reference model, over random schedules of rotations, outages, reboots, clock jumps, floods of unknown kids,
 * waits for the lock, and bundles of operators whose keys and firmware come and go. tests/schedules/main.c says how to run it.
 */
#include <assert.h>
#include <stdio.h>

#include "rules.h"
#include "script.h"

static_assert((int)RULES <= (int)MOST_RULES && (int)HAPPENINGS <= (int)MOST_HAPPENINGS, "there is room for all");

static void stamp(void)
{
    const unsigned long long seconds = now / SECOND;
    printf("%3llu d %02llu:%02llu:%02llu.%03u  ", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
           (unsigned)(now % SECOND));
}

const struct schedules schedules = {
    .again = "build/host/model",
    .usual = 100000,
    .rule = rule_sentence,
    .happening = happening_name,
    .rules = RULES,
    .happenings = HAPPENINGS,
    .run = script_run,
    .stamp = stamp,
};
