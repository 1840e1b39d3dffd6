/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of a gate: each stands in the audit, and those of the deny list in the record too. */
#ifndef WARD_ACCESS_GATE_CHANGE_H
#define WARD_ACCESS_GATE_CHANGE_H

#include "ward/access.h"

/** Writes a change to the audit; with the lock held. */
void ward_gate_record_change(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], enum ward_code reason,
                             const struct ward_caller *caller);

/** The deny list has changed: it is stored at the next turn of the keyring's runner. Without the lock. */
void ward_gate_store_change(struct ward_gate *gate);

#endif
