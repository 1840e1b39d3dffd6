/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of HTTP that are decided in steps: what is decided at once, and what of the request has to stay. */
#include "crypto_faults.h"
#include "guard.h"
#include "platform.h"
#include "request.h"

static struct ward_request_check running;

static void start(void)
{
    static const struct ward_route routes[] = { { WARD_GET | WARD_PUBLIC, WARD_TEXT("/health"), WARD_NO_SCOPES },
                                                { WARD_GET | WARD_HEAD, WARD_TEXT("/foia"), WARD_TEXT("read:foia") },
                                                { WARD_GET, WARD_TEXT("/admin"), WARD_TEXT("admin:foia") } };
    crypto_fail_at(0, 0);
    GATE_BEGIN(routes);
}

/* Begins one, after which nothing of it is there any more but its credential. */
static struct ward_status begin(const char *method, const char *target, const char *authorization)
{
    struct ward_request request = test_request;
    const size_t length = authorization != NULL ? strlen(authorization) : 0;
    char *const path = guard_copy(target, strlen(target));
    request.method = ward_method_of(text(method));
    request.target = ward_text_of(path, strlen(target));
    test_request.authorization = authorization != NULL ? guard_copy(authorization, length) : NULL;
    test_request.authorization_length = length;
    request.authorization = test_request.authorization;
    request.authorization_length = length;
    request.authorization_count = authorization != NULL ? 1 : 0;
    memset(&running, 0x5a, sizeof running);
    memset(&test_work, 0x5a, sizeof test_work);
    memset(&test_decision, 0x5a, sizeof test_decision);
    const struct ward_status status = ward_gate_check_begin(&running, &test_gate, &request, &test_work, &test_decision);
    memset(&request, 0x5a, sizeof request);
    memset(path, 0x5a, strlen(target));
    return status;
}

static struct ward_status step(void)
{
    return ward_gate_check_step(&running, test_request.now, test_request.uptime);
}

static struct ward_status finish(void)
{
    for (unsigned i = 0; i + 1 < platform_steps(); i++) {
        CHECK_STATUS(step(), WARD_UNFINISHED);
        CHECK(test_decision.route == WARD_NO_ROUTE);
        CHECK_NUMBER(test_decision.answer.http, 0);
    }
    return step();
}

static void check_nothing_left(void)
{
    CHECK_ZERO(test_decision.grant);
    CHECK_ZERO(test_work);
    CHECK(test_decision.route == WARD_NO_ROUTE);
    for (size_t i = 0; i < test_request.authorization_length; i++)
        CHECK_NUMBER(test_request.authorization[i], 0);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
}

TEST(a_request_is_granted_in_its_last_step_with_its_route)
{
    start();
    CHECK_STATUS(begin("HEAD", "/foia", bearer_with("read:foia")), WARD_UNFINISHED);
    CHECK_STATUS(finish(), WARD_OK);
    CHECK_NUMBER(test_decision.route, 1);
    CHECK_NUMBER(test_decision.answer.http, 200);
    CHECK(test_decision.answer.head);
    CHECK_NUMBER(last_event()->route, 1);
    CHECK_NUMBER(last_event()->method, WARD_HEAD);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    CHECK_NUMBER(test_decision.route, 1);
}

TEST(what_needs_no_signature_is_decided_when_it_begins)
{
    start();
    CHECK_STATUS(begin("GET", "/health", NULL), WARD_OK);
    CHECK_NUMBER(test_decision.route, 0);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    CHECK_STATUS(begin("GET", "/foia", NULL), WARD_CREDENTIAL_MISSING);
    check_nothing_left();
    CHECK_STATUS(begin("GET", "/none", bearer_with("read:foia")), WARD_ROUTE_NOT_FOUND);
    check_nothing_left();
    CHECK_STATUS(begin("POST", "/foia", bearer_with("read:foia")), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(test_decision.answer.allow, WARD_GET | WARD_HEAD);
    check_nothing_left();
}

TEST(scopes_and_times_are_asked_in_the_last_step)
{
    start();
    CHECK_STATUS(begin("GET", "/admin", bearer_with("read:foia")), WARD_UNFINISHED);
    CHECK_STATUS(finish(), WARD_SCOPE_INSUFFICIENT);
    CHECK_TEXT(test_decision.answer.scope, "admin:foia");
    check_nothing_left();
    CHECK_STATUS(begin("GET", "/foia", bearer_with("read:foia write:foia")), WARD_UNFINISHED);
    test_request.now = ward_time_set(NOW + 86400 + 60);
    CHECK_STATUS(finish(), WARD_TOKEN_EXPIRED);
    CHECK_NUMBER(last_event()->seconds, NOW + 86400 + 60);
    check_nothing_left();
}

TEST(a_hidden_table_tells_what_it_lacks_in_the_last_step)
{
    start();
    test_policy.hide_routes = WARD_HIDE_ROUTES;
    CHECK_STATUS(begin("GET", "/none", bearer_with("read:foia")), WARD_UNFINISHED);
    CHECK_STATUS(finish(), WARD_ROUTE_NOT_FOUND);
    CHECK_NUMBER(test_decision.answer.allow, 0);
    check_nothing_left();
    CHECK_STATUS(begin("POST", "/foia", bearer_with("write:foia")), WARD_UNFINISHED);
    CHECK_STATUS(finish(), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(test_decision.answer.allow, WARD_GET | WARD_HEAD);
    check_nothing_left();
}

TEST(what_is_given_up_after_any_step_leaves_nothing_of_its_credential)
{
    static const struct ward_request_check zeroed;
    for (unsigned taken = 0; taken < platform_steps(); taken++) {
        start();
        CHECK_STATUS(begin("GET", "/foia", bearer_with("read:foia")), WARD_UNFINISHED);
        for (unsigned i = 0; i < taken; i++)
            CHECK_STATUS(step(), WARD_UNFINISHED);
        ward_gate_check_abort(&running);
        CHECK_NUMBER(crypto_signatures(), 0);
        CHECK_NUMBER(test_decision.answer.http, 0);
        check_nothing_left();
        ward_gate_check_abort(&running);
    }
    running = zeroed;
    ward_gate_check_abort(&running);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
}

SUITE(request_steps, CASE(a_request_is_granted_in_its_last_step_with_its_route),
      CASE(what_needs_no_signature_is_decided_when_it_begins), CASE(scopes_and_times_are_asked_in_the_last_step),
      CASE(a_hidden_table_tells_what_it_lacks_in_the_last_step),
      CASE(what_is_given_up_after_any_step_leaves_nothing_of_its_credential));
