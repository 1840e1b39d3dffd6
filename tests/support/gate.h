/* SPDX-License-Identifier: Apache-2.0 */
/* A gate, and requests to it. */
#ifndef WARD_TEST_GATE_H
#define WARD_TEST_GATE_H

#include "token.h"

/** The gate, and the policy that it is started with unless a test says otherwise: the usual expectations, all defaults. */
extern struct ward_gate test_gate;
extern const struct ward_policy usual_policy;

/** Circumstances of the next requests: an unknown peer at NOW, uptime 1000, after gate_start(). */
extern struct ward_caller test_caller;

/** What came of the last request, and its token as the gate left it. */
extern struct ward_decision test_decision;
extern char *asked_token;

/** Starts the gate with the usual keys. */
void gate_start(const struct ward_policy *policy);

/** A token of a subject with the usual claims and the scopes read:foia and write:foia. */
void token_make_of(struct test_token *token, const char *subject);

/** The same with other members after the scope, such as ",\"permissions\":[]". */
void token_make_with(struct test_token *token, const char *subject, const char *scope, const char *more);

/** A usual token whose signature is not right: each number gives another one. */
void token_forge(struct test_token *token, unsigned number);

/** Asks the gate: a copy of the token, in memory that ends where the token ends. Without an expression any subject will do. */
struct ward_status ask(const struct test_token *token, const char *expression);

/** That the last request had this answer. */
void check_answer(uint16_t http, uint8_t error);

/** And that nothing was granted, and nothing of its token is left. */
void check_refused(const struct test_token *token, uint16_t http, uint8_t error);

/** Denies a subject of the usual issuer. */
void deny_subject(const char *subject, uint64_t issued_until);

/** Sets the peer of the next requests; 0: unknown. */
void ask_from(uint32_t peer);

/** A small generator of numbers, the same ones on each machine. */
uint32_t random_below(uint32_t *state, uint32_t bound);

/** The last event of the audit, what is counted included. */
const struct ward_audit_event *last_event(void);

#endif
