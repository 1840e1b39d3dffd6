/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

const char *const rule_sentence[RULES] = {
    [RULE_DENIED] =
        "who was denied is granted nothing under any of the names, by any build, until the operator takes it back",
    [RULE_SERVED] = "who was not denied is granted, where the gate is open, the time is known and the keys are ready",
    [RULE_CLOSED] = ("a build that cannot hold what is stored grants nobody, says why, and stores nothing until the "
                     "operator drops it"),
    [RULE_KEPT] =
        "a boot finds what was stored last: denials, the time before which all are denied, boots, the audit's head",
    [RULE_TOOL] = "no tool and no firmware without a gate changes denials, that time, or what another build has stored",
    [RULE_AT_ONCE] = "a change of the denials is stored when the service has nothing to do",
    [RULE_FULL] = "a full list, and a closed one, take all of a person's names or none, and say so",
    [RULE_BACK] = "in the end a build with room for all of them shows each denial that was stored",
    [RULE_FLOOR] = "the floor goes back for the operator alone, and no answer raises it while the clock is right",
    [RULE_CLOCK] =
        "a clock that is set and not before the floor is the time, whatever answers say; one before it grants nothing",
    [RULE_KEYS] = "a boot finds the keys that were stored last, as many as it holds, or later ones of ward provision",
    [RULE_SLOT] = "the slot of the newest whole record is never written to",
};

const char *const happening_name[HAPPENINGS] = {
    [BOOTS] = "boots",
    [OTHER_BUILD] = "of another build",
    [OTHER_ISSUERS] = "with other issuers",
    [OTHER_AUTHORITY] = "with another authority",
    [NOT_HELD] = "that could not hold all denials",
    [OF_OTHER] = "that found denials of another authority",
    [DROPPED] = "lists dropped",
    [DENIED_TWICE_NAMED] = "persons denied under two names",
    [REFUSED_UNDER_OTHER_NAME] = "of them refused under the second",
    [TOOL_WROTE] = "writes of a tool",
    [PROVISIONED] = "provisioned records",
    [WITHOUT_GATE] = "boots without a gate",
    [CUTS_IN_A_WRITE] = "power cuts in a write",
    [CUTS_AFTER_A_WRITE] = "after its last byte",
    [CLOCK_LOST] = "clocks that lost their power",
    [CACHED_DATE] = "dates out of a cache",
    [FOREIGN_SECTION] = "looks at another build's section",
};
