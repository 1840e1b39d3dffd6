/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The budgets of a gate: signature checks, and requests of each subject. With the gate's lock held.
 *
 * Who pays for a signature check: a peer that a token was granted to lately from its own reserve; strangers each from a
 * budget of their own and from the one that all strangers have together; callers whose address is not known from one
 * that they have together. No one peer, and no few, can spend what the others need.
 */
#ifndef WARD_ACCESS_BUDGET_H
#define WARD_ACCESS_BUDGET_H

#include "ward/access.h"

/** Brings all budgets up to now, so that none is read after the clock has gone round; the first time they are full. */
void ward_budgets_refill(struct ward_gate *gate, uint32_t uptime);

/**
 * Pays for one signature check. A peer that has spent its reserve pays as a stranger.
 *
 * @retval WARD_OK
 * @retval WARD_SIGNATURE_BUDGET_SPENT  nothing was taken; the answer says when to come again
 */
WARD_MUST_USE struct ward_status ward_signature_consume(struct ward_check *check);

/** A token was granted: its peer is known from now on, and gets back what ward_signature_consume() has taken. */
void ward_signature_granted(const struct ward_check *check);

/**
 * Pays for one request of the grant's owner.
 *
 * @retval WARD_OK
 * @retval WARD_SUBJECT_BUDGET_SPENT  nothing was taken; the answer says when to come again
 */
WARD_MUST_USE struct ward_status ward_request_consume(const struct ward_check *check);

#endif
