/* SPDX-License-Identifier: Apache-2.0 */
/* Steps 4 to 10 of a request: verified, not denied, within its budgets, with the scopes that are demanded. */
#ifndef WARD_ACCESS_DECIDE_H
#define WARD_ACCESS_DECIDE_H

#include "ward/access.h"

/**
 * Goes as far as it can without an RSA operation. Takes the lock.
 *
 * @param check  gate, caller, demand, work, decision and what is to be wiped are set, all else is zeroed
 *
 * @retval WARD_UNFINISHED  the signature is under way
 * @retval (others)         it is decided
 */
WARD_MUST_USE struct ward_status ward_decide_begin(struct ward_check *check, char *token, size_t length);

/**
 * One step of it, by the times that the check's caller has now. Takes the lock in the last one.
 *
 * @retval WARD_UNFINISHED  more steps follow
 * @retval (others)         it is decided
 */
WARD_MUST_USE struct ward_status ward_decide_step(struct ward_check *check);

/** Gives up a token that is under way; also lets the key set go. Takes the lock. */
void ward_decide_abort(struct ward_check *check);

/**
 * Ends a request that is decided, whether its token was looked at or not: step 11, and of what was refused nothing is left. The check is
 * under way no more. Takes the lock.
 */
WARD_MUST_USE struct ward_status ward_check_end(struct ward_check *check, struct ward_status status);

#endif
