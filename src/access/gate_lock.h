/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of a gate: its budgets, its cache, its deny list and its audit are used with it. */
#ifndef WARD_ACCESS_GATE_LOCK_H
#define WARD_ACCESS_GATE_LOCK_H

#include "ward/access.h"

/** Calls the gate's hook, if there is one. */
void ward_gate_lock(const struct ward_gate *gate);
void ward_gate_unlock(const struct ward_gate *gate);

#endif
