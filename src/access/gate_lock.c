/* SPDX-License-Identifier: Apache-2.0 */
#include "access/gate_lock.h"

#include "keys/lock.h"

void ward_gate_lock(const struct ward_gate *gate)
{
    ward_lock(&gate->hooks);
}

void ward_gate_unlock(const struct ward_gate *gate)
{
    ward_unlock(&gate->hooks);
}
