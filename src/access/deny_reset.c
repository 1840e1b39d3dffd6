/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a gate that an old deny list keeps closed. */
#include <string.h>

#include "access/gate_change.h"
#include "access/gate_lock.h"
#include "access/gate_record.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "ward/denials.h"

static bool can_be_dropped(struct ward_status closed)
{
    return ward_ok(closed) || closed.code == WARD_DENIALS_NOT_HELD || closed.code == WARD_DENIALS_OF_OTHER;
}

struct ward_status ward_deny_reset(struct ward_gate *gate, const struct ward_caller *caller)
{
    static const uint8_t everybody[WARD_OWNER_SIZE];
    ward_gate_lock(gate);
    const struct ward_status closed = ward_gate_why_closed(gate);
    const bool drops = can_be_dropped(closed);
    if (drops) {
        memset(gate->denials, 0, sizeof gate->denials);
        gate->closed = ward_status_of(WARD_OK);
        if (gate->keyring != NULL)
            ward_bundle_drop(gate->keyring);
        ward_gate_record_change(gate, everybody, WARD_DENIALS_DROPPED, caller);
    }
    ward_gate_unlock(gate);
    if (!drops)
        return closed;
    if (gate->keyring != NULL)
        ward_keyring_release(gate->keyring, WARD_HELD_BY_GATE);
    ward_gate_store_change(gate);
    return ward_status_of(WARD_OK);
}

void ward_deny_all_until(struct ward_gate *gate, uint64_t issued_until, const struct ward_caller *caller)
{
    static const uint8_t everybody[WARD_OWNER_SIZE];
    ward_gate_lock(gate);
    const bool lowers = issued_until < gate->issued_until;
    gate->issued_until = issued_until;
    ward_gate_record_change(gate, everybody, lowers ? WARD_OK : WARD_SUBJECT_DENIED, caller);
    ward_gate_unlock(gate);
    ward_gate_store_change(gate);
}

struct ward_status ward_gate_closed(const struct ward_gate *gate)
{
    ward_gate_lock(gate);
    const struct ward_status closed = gate->policy == NULL ? ward_status_of(WARD_POLICY_EXPECT)
                                                           : ward_gate_why_closed(gate);
    ward_gate_unlock(gate);
    return closed;
}
