/* SPDX-License-Identifier: Apache-2.0 */
#include "access/finish.h"

#include <string.h>

#include "access/answer.h"
#include "access/audit.h"
#include "access/audit_runs.h"
#include "access/gate_lock.h"

static void describe(struct ward_audit_event *event, struct ward_status status, const struct ward_demand *demand,
                     const struct ward_caller *caller, const struct ward_decision *decision)
{
    const struct ward_grant *const grant = &decision->grant;
    event->kind = ward_ok(status) ? WARD_AUDIT_GRANT : WARD_AUDIT_REFUSAL;
    event->reason = status.code;
    event->http = decision->answer.http;
    event->route = (uint16_t)(demand->row < WARD_AUDIT_NO_ROUTE ? demand->row : WARD_AUDIT_NO_ROUTE);
    event->method = (uint8_t)demand->method;
    event->marks = demand->exposed ? WARD_AUDIT_EXPOSED : 0;
    event->subject_kind = grant->claims.kind;
    memcpy(event->owner, grant->owner, sizeof event->owner);
    memcpy(event->peer, caller->peer.address, sizeof event->peer);
    ward_audit_name(event, grant->claims.subject, grant->claims.client);
}

/* Of a verified subject: it is told to come again later, or would be if it was not denied. */
static bool is_beyond_budget(const struct ward_decision *decision)
{
    return decision->answer.retry_after > 0;
}

/* An audit that cannot be written turns a grant into a refusal: nobody acts unrecorded. */
static struct ward_status record(struct ward_gate *gate, struct ward_status status, const struct ward_demand *demand,
                                 const struct ward_caller *caller, const struct ward_decision *decision)
{
    ward_gate_lock(gate);
    describe(ward_audit_next(&gate->audit, caller->now), status, demand, caller, decision);
    gate->audit.beyond_budget = is_beyond_budget(decision);
    const struct ward_status written = ward_audit_record(&gate->audit, caller->uptime);
    ward_gate_unlock(gate);
    return ward_ok(status) ? written : status;
}

static bool owns_something(const struct ward_grant *grant)
{
    return grant->claims.kind == WARD_SUBJECT_USER || grant->claims.kind == WARD_SUBJECT_MACHINE;
}

struct ward_status ward_gate_finish(struct ward_gate *gate, struct ward_status status, const struct ward_demand *demand,
                                    const struct ward_caller *caller, struct ward_decision *decision)
{
    ward_answer_set(&decision->answer, status);
    const struct ward_status result = record(gate, status, demand, caller, decision);
    ward_answer_set(&decision->answer, result);
    if (result.code == WARD_SUBJECT_DENIED)
        decision->answer.retry_after = 0;
    if (!ward_ok(result))
        memset(&decision->grant, 0, sizeof decision->grant);
    if (!owns_something(&decision->grant))
        memset(decision->grant.owner, 0, sizeof decision->grant.owner);
    return result;
}
