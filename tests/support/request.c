/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"

#include "guard.h"

struct ward_policy test_policy;
struct ward_request test_request;

void gate_begin(const struct ward_route *routes, size_t count)
{
    static const struct ward_policy wide = {
        .expect = &usual_expect, .signature_rate = WIDE_RATE, .signature_rate_per_peer = WIDE_RATE, .subject = WIDE_RATE
    };
    size_t row;
    test_policy = wide;
    test_policy.routes = routes;
    test_policy.route_count = count;
    CHECK_STATUS(ward_routes_check(routes, count, &row), WARD_OK);
    CHECK_STATUS(ward_gate_begin(&test_gate, &test_policy, usual_keys(), NULL, ward_time_set(NOW)), WARD_OK);
    memset(&test_request, 0, sizeof test_request);
    test_request.protected_channel = true;
    test_request.now = ward_time_set(NOW);
    test_request.authorization_count = 1;
}

static void check_decision(struct ward_status status)
{
    CHECK_NUMBER(ward_ok(status), test_decision.answer.http == 200);
    if (ward_ok(status)) {
        CHECK(test_decision.route < test_policy.route_count);
        return;
    }
    CHECK(test_decision.route == WARD_NO_ROUTE);
    CHECK_ZERO(test_decision.grant);
    for (size_t i = 0; test_request.authorization != NULL && i < test_request.authorization_length; i++)
        CHECK_NUMBER(test_request.authorization[i], 0);
}

struct ward_status request_send_bytes(const char *method, const char *target, const char *authorization, size_t length)
{
    const uint8_t count = test_request.authorization_count;
    test_request.method = ward_method_of(text(method));
    test_request.target = ward_text_of(guard_copy(target, strlen(target)), strlen(target));
    test_request.authorization = authorization != NULL ? guard_copy(authorization, length) : NULL;
    test_request.authorization_length = length;
    test_request.authorization_count = authorization != NULL ? count : 0;
    memset(&test_decision, 0x5a, sizeof test_decision);
    const struct ward_status status = ward_gate_check(&test_gate, &test_request, &test_work, &test_decision);
    test_request.authorization_count = count;
    check_decision(status);
    return status;
}

struct ward_status request_send(const char *method, const char *target, const char *authorization)
{
    return request_send_bytes(method, target, authorization, authorization != NULL ? strlen(authorization) : 0);
}

const char *bearer_of(const struct test_token *token)
{
    static char value[sizeof token->data + 8];
    memcpy(value, "Bearer ", 7);
    memcpy(value + 7, token->data, token->length);
    value[7 + token->length] = '\0';
    return value;
}

const char *bearer_with(const char *scope)
{
    static struct test_token token;
    char payload[1024] = "{" CLAIMS_BUT_SCOPE ",\"scope\":\"";
    CHECK(strlen(payload) + strlen(scope) + 3 <= sizeof payload);
    strcat(payload, scope);
    strcat(payload, "\"}");
    token_make(&token, KEY_A, USUAL_HEADER, payload);
    return bearer_of(&token);
}
