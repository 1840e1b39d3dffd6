/* SPDX-License-Identifier: Apache-2.0 */
#include "access/finish.h"

#include <string.h>

#include "access/answer.h"
#include "access/audit.h"
#include "access/audit_runs.h"
#include "access/gate_lock.h"

static void describe(struct ward_audit_event *event, struct ward_status status, const struct ward_check *check)
{
    const struct ward_demand *const demand = &check->demand;
    const struct ward_grant *const grant = &check->decision->grant;
    event->kind = ward_ok(status) ? WARD_AUDIT_GRANT : WARD_AUDIT_REFUSAL;
    event->reason = status.code;
    event->http = check->decision->answer.http;
    event->route = (uint16_t)(demand->row < WARD_AUDIT_NO_ROUTE ? demand->row : WARD_AUDIT_NO_ROUTE);
    event->method = (uint8_t)demand->method;
    event->marks = demand->exposed ? WARD_AUDIT_EXPOSED : 0;
    event->subject_kind = grant->claims.kind;
    memcpy(event->owner, grant->owner, sizeof event->owner);
    memcpy(event->peer, check->caller.peer.address, sizeof event->peer);
    ward_audit_name(event, grant->claims.subject, grant->claims.client);
}

/* An audit that cannot be written turns a grant into a refusal: nobody acts unrecorded. */
static struct ward_status record(const struct ward_check *check, struct ward_status status)
{
    struct ward_audit *const audit = &check->gate->audit;
    ward_gate_lock(check->gate);
    describe(ward_audit_next(audit, check->caller.now), status, check);
    audit->beyond_budget = check->beyond_budget;
    const struct ward_status written = ward_audit_record(audit, check->caller.uptime);
    ward_gate_unlock(check->gate);
    return ward_ok(status) ? written : status;
}

static bool owns_something(const struct ward_grant *grant)
{
    return grant->claims.kind == WARD_SUBJECT_USER || grant->claims.kind == WARD_SUBJECT_MACHINE;
}

struct ward_status ward_gate_finish(struct ward_check *check, struct ward_status status)
{
    struct ward_decision *const decision = check->decision;
    ward_answer_set(&decision->answer, status);
    const struct ward_status result = record(check, status);
    ward_answer_set(&decision->answer, result);
    if (result.code == WARD_SUBJECT_DENIED)
        decision->answer.retry_after = 0;
    if (!ward_ok(result))
        memset(&decision->grant, 0, sizeof decision->grant);
    if (!owns_something(&decision->grant))
        memset(decision->grant.owner, 0, sizeof decision->grant.owner);
    return result;
}
