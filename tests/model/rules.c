/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

uint64_t now;
uint64_t slack;

const char *const rule_sentence[RULES] = {
    [RULE_FETCHED] = "after a whole fetch exactly the issuer's keys are in use, as many as there are slots, by their "
                     "documented order",
    [RULE_IN_USE] =
        "a key that verified a signature within the last day is given up for none, unless the issuer has removed it",
    [RULE_KEPT] = "nothing but a whole fetch, a bundle or a reboot ever changes the keys in use",
    [RULE_REBOOT] =
        "after a reboot the newest keys that were stored whole are back, or the firmware's where those are newer",
    [RULE_REMOVED] = "a key that the issuer has removed is gone after 26 undisturbed hours and what a cache keeps it",
    [RULE_STALE] = "with a clock that is right, or lost, no key serves longer than max_stale after the issuer, or a "
                   "cache before it, last showed it",
    [RULE_READY] = "keys are absent, stale or ready as their age by the best known time says",
    [RULE_EARLY] = "no fetch comes earlier than designed: max-age, back-off, Retry-After, cooldown",
    [RULE_LATE] = "no fetch comes later than designed, and no wait passes it over",
    [RULE_ASK] = "a caller with an unknown kid is told what cooldown and last refresh say, and one refresh comes of it",
    [RULE_STORE] = "a record is wanted when there is something to keep, no sooner, and never over the newest whole one",
    [RULE_TIME] = "the time is the platform's, else what the issuer told, else the floor",
    [RULE_CHECK] = "a check ends with the keys it began with, byte by byte",
    [RULE_MEMBER] = "a key that a check began with counts at its end if it is in use then, and only then",
    [RULE_LOCK] =
        "each call takes the lock once, that of a bundle three times at most, never twice at a time, and gives it back",
    [RULE_SPARE_KEYS] = "the spare keys are the keys that no token has shown, also across swaps and reboots",
    [RULE_SETTLED] = "from any state, an issuer that is there for 26 hours is what the keys come from, and they serve",
    [RULE_ANSWERED] =
        "from any state, a caller with an unknown kid is told so within two hours, where the issuer's keys fit",
    [RULE_BUNDLE] = "a bundle is in force from when it is taken, also after a reboot; one that is refused, by name, "
                    "changes nothing",
    [RULE_WORD] =
        "the keys are those of the later word: a bundle's of its iat, the issuer's of the fetch, the firmware's "
        "of its build",
    [RULE_DENIED] = "denied are those whom the bundle in force denies, and nobody else",
    [RULE_RIGHTED] = "from any state, a bundle of now under a key of the firmware is taken, and keys serve",
};

const char *const happening_name[HAPPENINGS] = {
    [ROTATION] = "rotations",
    [OUTAGE] = "outages",
    [HOSTILE_BODY] = "hostile bodies",
    [FETCH_GOOD] = "whole fetches",
    [FETCH_FAILED] = "failed fetches",
    [REBOOT] = "reboots",
    [REBOOT_IN_FETCH] = "reboots during a fetch",
    [REBOOT_IN_STORE] = "reboots during a write",
    [FIRMWARE_UPDATE] = "firmware updates",
    [CLOCK_JUMP] = "clock jumps",
    [UNKNOWN_KID] = "unknown kids",
    [CONTENTION] = "turns of another task at a lock",
    [LATE_UPTIME] = "uptimes that became old at a lock",
    [UPTIME_WRAP] = "wraps of the uptime",
    [STORED] = "records stored",
    [STORE_FAILED] = "writes that failed",
    [ROTTEN_SLOT] = "slots that rotted",
    [CHECK_ACROSS_SWAP] = "checks across a swap",
    [KEY_GONE] = "keys gone under a check",
    [STALE_KEYS] = "looks at stale keys",
    [RUDE_FETCH] = "fetches that nobody wanted",
    [CROWD] = "sets chosen by lots, turns or the hour of a day",
    [UNDATED] = "answers with a date that their certificate does not have",
    [CACHED] = "answers out of a cache",
    [CLOCK_LOST] = "clocks that lost their power",
    [BUNDLE_TAKEN] = "bundles taken",
    [BUNDLE_AGAIN] = "bundles again",
    [BUNDLE_ASIDE] = "bundles whose keys are left aside",
    [BUNDLE_OLDER] = "older bundles",
    [BUNDLE_CHANGED] = "bundles with the number of another",
    [BUNDLE_EARLIER] = "bundles of an earlier time under another key",
    [BUNDLE_EXPIRED] = "expired bundles",
    [BUNDLE_OF_OTHER] = "bundles of another fleet, issuer or operator",
    [BUNDLE_OF_OTHER_KEY] = "bundles under a key that is not in the firmware",
    [BUNDLE_FORGED] = "forged bundles",
    [BUNDLE_DAMAGED] = "damaged bundles",
    [BUNDLE_FULL] = "bundles that deny too many",
    [BUNDLE_BUSY] = "bundles that come during a fetch or a check",
    [OPERATORS_KEY] = "bundles with an operator's key among their own",
    [OPERATOR_GONE] = "keys that ended with their operator's",
    [FLOOR_LOWERED] = "floors lowered by a bundle",
    [DENIAL_BACK] = "denials taken back",
};
