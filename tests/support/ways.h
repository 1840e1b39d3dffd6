/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that are on their way through test_gate in steps, under a lock that tells whether it is held. */
#ifndef WARD_TEST_WAYS_H
#define WARD_TEST_WAYS_H

#include "gate.h"

enum { WAYS = 12 };

/** One request on its way. */
struct way {
    struct ward_check check;
    struct ward_workspace work;
    struct ward_decision decision;
    struct test_token token;
};
extern struct way ways[WAYS];

/** Starts the gate with the usual keys, or with a keyring that has these. */
void ways_start(const struct ward_policy *policy);
void ways_start_ring(const char *keys);

/** Begins a request with the way's token for these scopes, or with a token of this subject for read:foia. */
struct ward_status way_begin_for(struct way *way, const char *expression);
struct ward_status way_begin(struct way *way, const char *subject);

/** One step by test_caller's times; or so many, after each of which more are to come. */
struct ward_status way_step(struct way *way);
void way_take(struct way *way, unsigned steps);

/** The first way, with a token of this subject, up to its last step. */
struct way *way_before_its_end(const char *subject);

/** That the last step grants; that it ends with this code and answer, which the audit has, and leaves nothing; that nothing is left. */
void way_grants(struct way *way);
void way_ends(struct way *way, uint16_t http, enum ward_code code);
void way_has_left_nothing(struct way *way);

/** Gives it up. */
void way_give_up(struct way *way);

/** Checks that the keyring knows of. */
unsigned ways_running(void);

#endif
