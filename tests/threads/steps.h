/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that several tasks verify in steps at one gate while its keys are swapped, its policy changes and some of them are given up. */
#ifndef THREADS_STEPS_H
#define THREADS_STEPS_H

#include "ward/ward.h"

enum { STEPPERS = 2 };

/** The keyring of the gate. */
extern struct ward_keyring steps_ring;

/** Begins it, with a key; the hooks are the gate's. */
void steps_begin(const struct ward_hooks *hooks);

/** A task that checks; its context is its number. Another one that swaps the keys until `steps_end` is said. */
void *steps_check(void *gate);
void *steps_swap(void *gate);

/** What has become of the tokens; ends the program unless some were granted, some refused, and no set is kept. */
void steps_report(void);

/** Ends the program. */
_Noreturn void fail(const char *what);

#endif
