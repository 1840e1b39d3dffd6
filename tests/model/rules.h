/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the keyring, and what can happen to it. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include <stdint.h>

#include "schedules/chance.h"
#include "schedules/rules.h"

/** True time, milliseconds since the schedule began. Nothing of the keyring knows it. */
extern uint64_t now;

/** Milliseconds by which an uptime may have become old before it is used: 0 in a schedule whose tasks never wait for a lock. */
extern uint64_t slack;

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

enum rule {
    RULE_FETCHED,
    RULE_IN_USE,
    RULE_KEPT,
    RULE_REBOOT,
    RULE_REMOVED,
    RULE_STALE,
    RULE_READY,
    RULE_EARLY,
    RULE_LATE,
    RULE_ASK,
    RULE_STORE,
    RULE_TIME,
    RULE_CHECK,
    RULE_MEMBER,
    RULE_LOCK,
    RULE_SPARE_KEYS,
    RULE_SETTLED,
    RULE_ANSWERED,
    RULE_BUNDLE,
    RULE_WORD,
    RULE_DENIED,
    RULE_RIGHTED,
    RULES
};

/** What a rule says. */
extern const char *const rule_sentence[RULES];

enum happening {
    ROTATION,
    OUTAGE,
    HOSTILE_BODY,
    FETCH_GOOD,
    FETCH_FAILED,
    REBOOT,
    REBOOT_IN_FETCH,
    REBOOT_IN_STORE,
    FIRMWARE_UPDATE,
    CLOCK_JUMP,
    UNKNOWN_KID,
    CONTENTION,
    LATE_UPTIME,
    UPTIME_WRAP,
    STORED,
    STORE_FAILED,
    ROTTEN_SLOT,
    CHECK_ACROSS_SWAP,
    KEY_GONE,
    STALE_KEYS,
    RUDE_FETCH,
    CROWD,
    UNDATED,
    CACHED,
    CLOCK_LOST,
    BUNDLE_TAKEN,
    BUNDLE_AGAIN,
    BUNDLE_ASIDE,
    BUNDLE_OLDER,
    BUNDLE_CHANGED,
    BUNDLE_EARLIER,
    BUNDLE_EXPIRED,
    BUNDLE_OF_OTHER,
    BUNDLE_OF_OTHER_KEY,
    BUNDLE_FORGED,
    BUNDLE_DAMAGED,
    BUNDLE_FULL,
    BUNDLE_BUSY,
    OPERATORS_KEY,
    OPERATOR_GONE,
    FLOOR_LOWERED,
    DENIAL_BACK,
    HAPPENINGS
};

extern const char *const happening_name[HAPPENINGS];

#endif
