/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "access/decide.h"
#include "http/bearer.h"
#include "http/routes.h"

/* Steps 1 to 3: everything that is asked before the token. */
struct arrival {
    const struct ward_policy *policy;
    const struct ward_request *request;
    struct ward_answer *answer;
    struct ward_match match;
    struct ward_status hidden; /* what a verified subject will be told where the policy hides its routes */
    char *token;
    size_t length;
    bool preflight;
    bool public_route;
};

static bool has_mark(const struct arrival *arrival, unsigned mark)
{
    return arrival->match.row != WARD_NO_ROUTE &&
           (arrival->policy->routes[arrival->match.row].methods & (uint16_t)mark) != 0;
}

/* The origin as the policy writes it, where the request's is one of the policy's. */
static struct ward_text allowed_origin(const struct arrival *arrival)
{
    const struct ward_texts origins = arrival->policy->origins;
    for (size_t i = 0; i < origins.count; i++)
        if (ward_text_equal(origins.item[i], arrival->request->origin))
            return origins.item[i];
    return ward_text_of(NULL, 0);
}

static bool is_preflight(const struct arrival *arrival)
{
    return arrival->request->method == WARD_OPTIONS && arrival->request->requested_method != 0 &&
           arrival->answer->origin.length > 0;
}

static struct ward_status ask_routes(struct arrival *arrival, uint16_t method)
{
    const struct ward_target target = ward_target_of(arrival->request->method, arrival->request->target);
    if (target.path.length == 0)
        return ward_status_of(WARD_TARGET_INVALID);
    /* `OPTIONS *` asks about the server: there is no pattern for that. */
    if (target.path.data[0] == '*')
        return ward_status_of(WARD_ROUTE_NOT_FOUND);
    return ward_routes_find(arrival->policy, target.path, method, &arrival->match);
}

static struct ward_status find_route(struct arrival *arrival)
{
    const struct ward_request *const request = arrival->request;
    arrival->answer->origin = allowed_origin(arrival);
    arrival->preflight = is_preflight(arrival);
    const uint16_t method = arrival->preflight ? request->requested_method : request->method;
    const struct ward_status status = ask_routes(arrival, method);
    /* Where the table is hidden, what it lacks goes the way of what it has: a stranger gets the same answer to both. */
    if (!arrival->policy->hide_routes ||
        (status.code != WARD_ROUTE_NOT_FOUND && status.code != WARD_METHOD_NOT_ALLOWED))
        return status;
    arrival->hidden = status;
    return ward_status_of(WARD_OK);
}

static struct ward_status check_arrival(struct arrival *arrival)
{
    /* ward_gate_begin() has refused the policy, and nobody looked. */
    if (arrival->policy == NULL)
        return ward_status_of(WARD_POLICY_EXPECT);
    arrival->answer->realm = arrival->policy->realm;
    arrival->answer->resource_metadata = arrival->policy->resource_metadata;
    const struct ward_status status = find_route(arrival);
    if (!ward_ok(status))
        return status;
    if (!arrival->request->protected_channel && !has_mark(arrival, WARD_ALLOW_CLEARTEXT))
        return ward_status_of(WARD_CHANNEL_UNPROTECTED);
    if (arrival->preflight)
        return ward_status_of(WARD_PREFLIGHT);
    arrival->public_route = has_mark(arrival, WARD_PUBLIC);
    if (arrival->public_route)
        return ward_status_of(WARD_OK);
    return ward_bearer_token(arrival->request, &arrival->token, &arrival->length);
}

static struct ward_demand demand_of(const struct arrival *arrival)
{
    const struct ward_request *const request = arrival->request;
    struct ward_demand demand = { .row = arrival->match.row, .method = request->method };
    demand.exposed = !request->protected_channel && request->authorization != NULL && request->authorization_length > 0;
    demand.any_scope = arrival->hidden.code != WARD_OK || has_mark(arrival, WARD_AUTHENTICATED);
    if (arrival->match.row != WARD_NO_ROUTE)
        demand.expression = arrival->policy->routes[arrival->match.row].scopes;
    return demand;
}

/* The methods that a 405 or a preflight tells. Of a hidden table a preflight tells only what it was asked. */
static uint16_t methods_told(const struct arrival *arrival)
{
    return arrival->preflight && arrival->policy->hide_routes ? arrival->request->requested_method
                                                              : arrival->match.allowed;
}

/* Of a verified subject's request to a hidden table that does not have it. */
static struct ward_status unhide(const struct ward_request_check *running, struct ward_status status)
{
    return ward_ok(status) ? running->hidden : status;
}

static struct ward_status end(struct ward_request_check *running, struct ward_status status)
{
    struct ward_decision *const decision = running->check.decision;
    const size_t row = running->check.demand.row;
    const struct ward_status result = ward_check_end(&running->check, unhide(running, status));
    decision->answer.head = running->head;
    decision->answer.preflight = result.code == WARD_PREFLIGHT;
    if (result.code == WARD_METHOD_NOT_ALLOWED || result.code == WARD_PREFLIGHT)
        decision->answer.allow = running->allow;
    decision->route = ward_ok(result) ? row : WARD_NO_ROUTE;
    return result;
}

/* Steps 1 to 10, as far as they go without an RSA operation. */
static struct ward_status decide(struct ward_request_check *running, struct arrival *arrival)
{
    const struct ward_status status = check_arrival(arrival);
    running->check.demand = demand_of(arrival);
    running->hidden = arrival->hidden;
    running->allow = methods_told(arrival);
    if (!ward_ok(status) || arrival->public_route)
        return status;
    running->check.unread = true;
    return ward_decide_begin(&running->check, arrival->token, arrival->length);
}

struct ward_status ward_gate_check_begin(struct ward_request_check *running, struct ward_gate *gate,
                                         const struct ward_request *request, struct ward_workspace *work,
                                         struct ward_decision *decision)
{
    struct arrival arrival = { .policy = gate->policy, .request = request, .answer = &decision->answer };
    struct ward_check *const check = &running->check;
    memset(check, 0, sizeof *check);
    memset(decision, 0, sizeof *decision);
    decision->route = WARD_NO_ROUTE;
    arrival.match.row = WARD_NO_ROUTE;
    arrival.hidden = ward_status_of(WARD_OK);
    check->gate = gate;
    check->caller = (struct ward_caller){ request->peer, request->now, request->uptime };
    check->work = work;
    check->decision = decision;
    if (request->authorization != NULL) {
        check->bytes = request->authorization;
        check->length = request->authorization_length;
    }
    running->head = request->method == WARD_HEAD;
    const struct ward_status status = decide(running, &arrival);
    return status.code == WARD_UNFINISHED ? status : end(running, status);
}

struct ward_status ward_gate_check_step(struct ward_request_check *running, struct ward_time now, uint32_t uptime)
{
    if (running->check.gate == NULL)
        return ward_status_of(WARD_NOT_UNDER_WAY);
    running->check.caller.now = now;
    running->check.caller.uptime = uptime;
    const struct ward_status status = ward_decide_step(&running->check);
    return status.code == WARD_UNFINISHED ? status : end(running, status);
}

void ward_gate_check_abort(struct ward_request_check *running)
{
    ward_authorize_abort(&running->check);
}

struct ward_status ward_gate_check(struct ward_gate *gate, const struct ward_request *request,
                                   struct ward_workspace *work, struct ward_decision *decision)
{
    struct ward_request_check running;
    struct ward_status status = ward_gate_check_begin(&running, gate, request, work, decision);
    while (status.code == WARD_UNFINISHED)
        status = ward_gate_check_step(&running, request->now, request->uptime);
    return status;
}
