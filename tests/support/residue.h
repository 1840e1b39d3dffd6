/* SPDX-License-Identifier: Apache-2.0 */
/* What a call leaves on the stack below its caller, and what of a token must not be there. */
#ifndef WARD_TEST_RESIDUE_H
#define WARD_TEST_RESIDUE_H

#include "token.h"

/** Remembers what is secret about a token: its header, payload and signature decoded, and each step of its RSA check. */
void residue_know(const struct test_token *token, const struct ward_key *key);

/** Paints the stack below, runs the call there and keeps a copy of what it leaves. */
void residue_run(void (*call)(void));

/** What that copy holds of a token: eight bytes of it, as characters or decoded. NULL: nothing. */
const char *residue_found(void);

/** The same, and the case fails with `name` when there is something. */
void check_no_residue(const char *name);

/** Whether the steps that residue_know() computed lead to the block that PKCS#1 has: the test of the test. */
bool residue_steps_are_right(const struct ward_key *key);

/** For frames that must lie where they seem to: not on the sanitizer's own stack, not taken apart by the compiler. */
#define PLAIN_FRAME __attribute__((noinline, no_sanitize_address))
#define KEEP_WHOLE(object) __asm__ volatile("" : : "r"(object) : "memory")

#endif
