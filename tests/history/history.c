/* SPDX-License-Identifier: Apache-2.0 */
/* Histories of one flash: what several builds, tools, clocks and power cuts do to a device's denials, against a simple
 * reference. tests/schedules/main.c says how to run it.
 */
#include <assert.h>
#include <stddef.h>

#include "rules.h"
#include "script.h"

static_assert((int)RULES <= (int)MOST_RULES && (int)HAPPENINGS <= (int)MOST_HAPPENINGS, "there is room for all");

const struct schedules schedules = {
    .again = "build/host/history/history",
    .usual = 20000,
    .rule = rule_sentence,
    .happening = happening_name,
    .rules = RULES,
    .happenings = HAPPENINGS,
    .run = script_run,
    .stamp = NULL,
};
