#include "access/gate.h"

#include <string.h>

#include "access/answer.h"
#include "access/audit.h"

static struct ward_audit_event event_of(const struct ward_demand *demand, const struct ward_caller *caller,
                                        const struct ward_decision *decision)
{
    const struct ward_grant *const grant = &decision->grant;
    struct ward_audit_event event;
    memset(&event, 0, sizeof event);
    event.seconds = caller->now.seconds;
    event.trust = caller->now.trust;
    event.repeats = 1;
    event.http = decision->answer.http;
    event.route = (uint16_t)(demand->row < WARD_AUDIT_NO_ROUTE ? demand->row : WARD_AUDIT_NO_ROUTE);
    event.method = (uint8_t)demand->method;
    event.marks = demand->exposed ? WARD_AUDIT_EXPOSED : 0;
    event.subject_kind = grant->claims.kind;
    memcpy(event.owner, grant->owner, sizeof event.owner);
    memcpy(event.peer, caller->peer.address, sizeof event.peer);
    ward_audit_name(&event, grant->claims.subject, grant->claims.client);
    return event;
}

/* An audit that cannot be written turns a grant into a refusal: nobody acts unrecorded. */
static struct ward_status record(struct ward_gate *gate, struct ward_status status, struct ward_audit_event *event,
                                 uint32_t uptime)
{
    event->kind = ward_ok(status) ? WARD_AUDIT_GRANT : WARD_AUDIT_REFUSAL;
    event->reason = status.code;
    ward_gate_lock(gate);
    const struct ward_status written = ward_audit_record(&gate->audit, event, uptime);
    ward_gate_unlock(gate);
    return ward_ok(status) ? written : status;
}

struct ward_status ward_gate_conclude(struct ward_gate *gate, struct ward_status status, const struct ward_demand *demand,
                                      const struct ward_caller *caller, struct ward_decision *decision)
{
    ward_answer_set(&decision->answer, status);
    struct ward_audit_event event = event_of(demand, caller, decision);
    const struct ward_status result = record(gate, status, &event, caller->uptime);
    if (ward_ok(status) && !ward_ok(result))
        ward_answer_set(&decision->answer, result);
    if (!ward_ok(result))
        memset(&decision->grant, 0, sizeof decision->grant);
    if (decision->grant.claims.kind == WARD_SUBJECT_ANONYMOUS || decision->grant.claims.kind == WARD_SUBJECT_NONE)
        memset(decision->grant.owner, 0, sizeof decision->grant.owner);
    return result;
}

void ward_gate_record_change(struct ward_gate *gate, const uint8_t owner[WARD_OWNER_SIZE], enum ward_code reason,
                             const struct ward_caller *caller)
{
    struct ward_audit_event event;
    memset(&event, 0, sizeof event);
    event.seconds = caller->now.seconds;
    event.trust = caller->now.trust;
    event.repeats = 1;
    event.route = WARD_AUDIT_NO_ROUTE;
    event.kind = WARD_AUDIT_CHANGE;
    event.reason = (uint32_t)reason;
    memcpy(event.owner, owner, sizeof event.owner);
    memcpy(event.peer, caller->peer.address, sizeof event.peer);
    /* The change stands also where it cannot be recorded. */
    const struct ward_status status = ward_audit_record(&gate->audit, &event, caller->uptime);
    (void)status;
}
