/* SPDX-License-Identifier: Apache-2.0 */
/* The lock as the keyring's hooks take it: watched, and with what other tasks do while one waits. */
#ifndef MODEL_LOCK_H
#define MODEL_LOCK_H

#include "rules.h"
#include "ward/hooks.h"

/** One call of the keyring, on the stack of the task that makes it. */
struct call {
    struct call *outer;
    const char *name;
    unsigned taken;
    unsigned given_back;
};

extern const struct ward_hooks lock_hooks;

/** A schedule begins: nothing is held. `others` is what other tasks do at a lock, called for one lock in `contention`; 0: never. */
void lock_begin(uint32_t contention, void (*others)(unsigned depth));

void call_begin(struct call *call, const char *name);

/** The call has returned: it must have taken the lock so often. */
void call_end(struct call *call, unsigned times);
void call_end_within(struct call *call, unsigned least, unsigned most);

#endif
