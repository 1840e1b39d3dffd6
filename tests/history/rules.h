/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of one flash, and what can happen to it. */
#ifndef HISTORY_RULES_H
#define HISTORY_RULES_H

#include <stdint.h>

#include "schedules/chance.h"
#include "schedules/rules.h"

enum rule {
    RULE_DENIED,
    RULE_SERVED,
    RULE_CLOSED,
    RULE_KEPT,
    RULE_TOOL,
    RULE_AT_ONCE,
    RULE_FULL,
    RULE_BACK,
    RULE_FLOOR,
    RULE_CLOCK,
    RULE_KEYS,
    RULE_SLOT,
    RULES
};

/** What a rule says. */
extern const char *const rule_sentence[RULES];

enum happening {
    BOOTS,
    OTHER_BUILD,
    OTHER_ISSUERS,
    OTHER_AUTHORITY,
    NOT_HELD,
    OF_OTHER,
    DROPPED,
    DENIED_TWICE_NAMED,
    REFUSED_UNDER_OTHER_NAME,
    TOOL_WROTE,
    PROVISIONED,
    WITHOUT_GATE,
    CUTS_IN_A_WRITE,
    CUTS_AFTER_A_WRITE,
    CLOCK_LOST,
    CACHED_DATE,
    FOREIGN_SECTION,
    HAPPENINGS
};

extern const char *const happening_name[HAPPENINGS];

#endif
