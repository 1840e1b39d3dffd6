/* SPDX-License-Identifier: Apache-2.0 */
/* Steps 4 to 10 of a request. */
#ifndef WARD_ACCESS_DECIDE_H
#define WARD_ACCESS_DECIDE_H

#include "access/demand.h"

/** Verified, not denied, within its budgets, with the scopes that are demanded. Takes the lock. */
WARD_MUST_USE struct ward_status ward_gate_decide(struct ward_gate *gate, char *token, size_t length,
                                                  const struct ward_demand *demand, const struct ward_caller *caller,
                                                  struct ward_workspace *work, struct ward_decision *decision);

#endif
