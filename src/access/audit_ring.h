/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of events: who gives way to whom, and reading in order. */
#ifndef WARD_ACCESS_AUDIT_RING_H
#define WARD_ACCESS_AUDIT_RING_H

#include "ward/audit.h"

/** Whether an event is about somebody whom a token proved: it has an owner. */
bool ward_audit_is_verified(const struct ward_audit_event *event);

/** Where in the ring the next event goes: a free slot, or that of the event which has to go. */
struct ward_audit_event *ward_audit_slot(struct ward_audit *audit, const struct ward_audit_event *event);

/** The oldest event of the ring with a number above this one, or NULL. */
const struct ward_audit_event *ward_audit_after(const struct ward_audit *audit, uint32_t sequence);

#endif
