/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a gate's audit while other tasks use the gate. */
#include <string.h>

#include "access/audit_pack.h"
#include "access/audit_ring.h"
#include "access/gate_lock.h"

struct ward_status ward_gate_audit_flush(struct ward_gate *gate)
{
    ward_gate_lock(gate);
    const struct ward_status status = ward_audit_flush(&gate->audit);
    ward_gate_unlock(gate);
    return status;
}

/* With the lock held. The audit's own scratch serves: nobody else uses it then. */
static struct ward_status read_next(struct ward_audit *audit, uint32_t sequence, struct ward_audit_event *event,
                                    uint8_t digest[WARD_AUDIT_DIGEST])
{
    const struct ward_audit_event *const next = ward_audit_after(audit, sequence);
    if (next == NULL)
        return ward_status_of(WARD_AUDIT_END);
    *event = *next;
    return ward_audit_hash(event, &audit->sha, audit->packed, digest);
}

struct ward_status ward_gate_audit_read(struct ward_gate *gate, struct ward_audit_cursor *cursor,
                                        struct ward_audit_event *event, uint8_t digest[WARD_AUDIT_DIGEST])
{
    ward_gate_lock(gate);
    const struct ward_status status = read_next(&gate->audit, cursor->sequence, event, digest);
    ward_gate_unlock(gate);
    if (!ward_ok(status)) {
        memset(event, 0, sizeof *event);
        memset(digest, 0, WARD_AUDIT_DIGEST);
        return status;
    }
    cursor->missed = event->sequence - cursor->sequence - 1;
    cursor->sequence = event->sequence;
    return status;
}
