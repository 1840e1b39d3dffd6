/* The budgets of a gate: RSA operations of all and of each peer, requests of each subject. With the gate's lock held. */
#ifndef WARD_ACCESS_BUDGET_H
#define WARD_ACCESS_BUDGET_H

#include "access/check.h"

/** Brings all budgets up to now, so that none is read after the clock has gone round; the first time they are full. */
void ward_budgets_settle(struct ward_gate *gate, uint32_t uptime);

/**
 * Pays for one RSA operation: from the budget of all and, where the peer is known, from the peer's.
 *
 * @retval WARD_OK
 * @retval WARD_RSA_BUDGET_SPENT  nothing was taken; the answer says when to come again
 */
WARD_MUST_USE struct ward_status ward_rsa_spend(struct ward_check *check);

/** Gives back what ward_rsa_spend() took. */
void ward_rsa_give_back(const struct ward_check *check);

/**
 * Pays for one request of the grant's owner.
 *
 * @retval WARD_OK
 * @retval WARD_SUBJECT_BUDGET_SPENT  nothing was taken; the answer says when to come again
 */
WARD_MUST_USE struct ward_status ward_request_spend(const struct ward_check *check);

#endif
