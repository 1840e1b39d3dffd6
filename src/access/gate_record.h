/* SPDX-License-Identifier: Apache-2.0 */
/* What a gate takes over from the record of an earlier boot. */
#ifndef WARD_ACCESS_GATE_RECORD_H
#define WARD_ACCESS_GATE_RECORD_H

#include "ward/access.h"

/**
 * Takes over the deny list of the record that the setup's keyring has opened, or closes the gate where it cannot hold it.
 *
 * @param head      written where has_head becomes true: the audit's head
 *
 * @retval WARD_OK, WARD_GATE_BUNDLES, WARD_RECORD_INVALID, WARD_RECORD_UNREADABLE, WARD_CRYPTO_FAILED
 */
WARD_MUST_USE struct ward_status ward_gate_restore(struct ward_gate *gate, const struct ward_gate_setup *setup,
                                                   struct ward_workspace *work, uint8_t head[WARD_AUDIT_DIGEST],
                                                   bool *has_head);

/** Why a gate is closed: what is stored of its own deny list, or of its bundle's; WARD_OK: it is open. With the lock held. */
#if WARD_MAX_BUNDLE > 0
struct ward_status ward_gate_why_closed(const struct ward_gate *gate);
#else
static inline struct ward_status ward_gate_why_closed(const struct ward_gate *gate)
{
    return gate->closed;
}
#endif

#endif
