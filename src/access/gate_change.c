/* SPDX-License-Identifier: Apache-2.0 */
#include "access/gate_change.h"

#include <string.h>

#include "access/audit.h"
#include "access/audit_runs.h"
#include "access/gate_lock.h"
#include "keys/keyring.h"

void ward_gate_record_change(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], enum ward_code reason,
                             const struct ward_caller *caller)
{
    struct ward_audit_event *const event = ward_audit_next(&gate->audit, caller->now);
    event->kind = WARD_AUDIT_CHANGE;
    event->reason = (uint32_t)reason;
    memcpy(event->owner, owner, sizeof event->owner);
    memcpy(event->peer, caller->peer.address, sizeof event->peer);
    /* The change stands also where it cannot be recorded. */
    const struct ward_status status = ward_audit_record(&gate->audit, caller->uptime);
    (void)status;
}

void ward_gate_store_change(struct ward_gate *gate)
{
    if (gate->keyring != NULL)
        ward_keyring_touch(gate->keyring);
}

void ward_gate_note(struct ward_gate *gate, struct ward_status status, struct ward_time now, uint32_t uptime)
{
    static const uint8_t nobody[WARD_OWNER_SIZE];
    const struct ward_caller device = { .now = now, .uptime = uptime };
    ward_gate_lock(gate);
    ward_gate_record_change(gate, nobody, (enum ward_code)status.code, &device);
    ward_gate_unlock(gate);
}
