/* SPDX-License-Identifier: Apache-2.0 */
/* A gate with a policy of its own, and requests to it. */
#ifndef WARD_TEST_REQUEST_H
#define WARD_TEST_REQUEST_H

#include "gate.h"

/** A rate that no test exhausts. */
#define WIDE_RATE { 1000, 1, 10000 }

/** The policy that test_gate enforces, and the next request; what came of the last one is test_decision. */
extern struct ward_policy test_policy;
extern struct ward_request test_request;

/**
 * Starts the gate again: wide budgets, the usual expectations and keys, and these routes, which are checked. A test changes
 * test_policy after it; test_request comes over a protected channel at NOW.
 */
void gate_begin(const struct ward_route *routes, size_t count);

#define GATE_BEGIN(routes) gate_begin(routes, sizeof(routes) / sizeof(routes)[0])

/**
 * Sends test_request with this method, target and Authorization value (NULL: none), and checks what holds of every decision: a grant
 * names its row; a refusal grants nothing, names none and leaves nothing of the credential.
 */
struct ward_status request_send(const char *method, const char *target, const char *authorization);

/** The same for a credential of any bytes. */
struct ward_status request_send_bytes(const char *method, const char *target, const char *authorization, size_t length);

/** `Bearer` and a token under KEY_A with the usual claims and this scope; valid until the next call. */
const char *bearer_with(const char *scope);

/** `Bearer` and this token; valid until the next call. */
const char *bearer_of(const struct test_token *token);

#endif
