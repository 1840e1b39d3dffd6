/* SPDX-License-Identifier: Apache-2.0 */
/* Steps 1 to 3 of ward_gate_check(): route, channel, credential; their order, and what each leaves to the next. */
#include "request.h"

static const struct ward_route routes[] = {
    { WARD_GET | WARD_HEAD, WARD_TEXT("/led"), WARD_TEXT("read:led") },
    { WARD_POST | WARD_PUT, WARD_TEXT("/led"), WARD_TEXT("write:led") },
    { WARD_GET | WARD_PUBLIC, WARD_TEXT("/health"), WARD_NO_SCOPES },
    { WARD_GET | WARD_PUBLIC | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/version"), WARD_NO_SCOPES },
    { WARD_GET | WARD_ALLOW_CLEARTEXT, WARD_TEXT("/sensor/*"), WARD_TEXT("read:led") },
    { WARD_GET | WARD_AUTHENTICATED, WARD_TEXT("/me"), WARD_NO_SCOPES },
    { WARD_GET, WARD_TEXT("/either"), WARD_TEXT("read:led write:led|admin:led") },
};

static struct ward_status get(const char *target, const char *authorization)
{
    return request_send("GET", target, authorization);
}

TEST(a_grant_says_row_subject_and_scopes)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(request_send("PUT", "/led?on=1", bearer_with("x write:led")), WARD_OK);
    CHECK_NUMBER(test_decision.route, 1);
    CHECK_TEXT(test_decision.grant.claims.subject, "auth0|65f0c0ffee");
    CHECK(ward_owns(&test_decision.grant, test_decision.grant.owner));
    struct ward_text scope;
    CHECK_STATUS(ward_scope_item(&test_decision.grant.claims, 1, &scope), WARD_OK);
    CHECK_TEXT(scope, "write:led");
    CHECK_NUMBER(last_event()->route, 1);
    CHECK_NUMBER(last_event()->method, WARD_PUT);
    CHECK_NUMBER(last_event()->marks & WARD_AUDIT_EXPOSED, 0);
}

TEST(the_row_of_the_method_says_which_scopes)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/led", bearer_with("write:led")), WARD_SCOPE_INSUFFICIENT);
    CHECK_TEXT(test_decision.answer.scope, "read:led");
    CHECK_STATUS(request_send("POST", "/led", bearer_with("read:led")), WARD_SCOPE_INSUFFICIENT);
    CHECK_TEXT(test_decision.answer.scope, "write:led");
    CHECK_NUMBER(last_event()->route, 1);
    CHECK_STATUS(get("/either", bearer_with("write:led")), WARD_SCOPE_INSUFFICIENT);
    CHECK_TEXT(test_decision.answer.scope, "read:led write:led");
    CHECK_STATUS(get("/either", bearer_with("admin:led")), WARD_OK);
}

TEST(an_authenticated_route_takes_any_verified_subject)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/me", bearer_with("")), WARD_OK);
    CHECK_NUMBER(test_decision.route, 5);
    CHECK_STATUS(get("/me", NULL), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(get("/me", "Bearer x"), WARD_TOKEN_OPAQUE);
}

TEST(a_public_route_looks_at_no_token)
{
    GATE_BEGIN(routes);
    test_request.now.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(get("/health", NULL), WARD_OK);
    CHECK_NUMBER(test_decision.route, 2);
    CHECK_ZERO(test_decision.grant);
    CHECK_STATUS(get("/health", "Bearer x, Bearer y"), WARD_OK);
    CHECK_TEXT(ward_text_of(test_request.authorization, 8), "Bearer x");
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_GRANT);
    test_request.authorization_count = 2;
    CHECK_STATUS(get("/health", "Bearer x"), WARD_OK);
    CHECK_ZERO(test_decision.grant);
}

/* Whatever is wrong with a request, the earliest step answers. */
TEST(route_comes_before_channel_before_credential_before_clock)
{
    GATE_BEGIN(routes);
    test_request.now.trust = WARD_TIME_FLOOR;
    test_request.protected_channel = false;
    CHECK_STATUS(get("/led/../led", "Bearer"), WARD_PATH_INVALID);
    CHECK_STATUS(get("/nothing", "Bearer"), WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(request_send("DELETE", "/led", "Bearer"), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(test_decision.answer.allow, WARD_GET | WARD_HEAD | WARD_POST | WARD_PUT);
    CHECK_STATUS(get("/led", "Bearer"), WARD_CHANNEL_UNPROTECTED);
    CHECK_STATUS(get("/led", NULL), WARD_CHANNEL_UNPROTECTED);
    test_request.protected_channel = true;
    CHECK_STATUS(get("/led", NULL), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(get("/led", "Bearer"), WARD_CREDENTIAL_INVALID);
    test_request.authorization_count = 2;
    CHECK_STATUS(get("/led", "Bearer x"), WARD_CREDENTIALS_MULTIPLE);
    test_request.authorization_count = WARD_COUNT_UNKNOWN;
    CHECK_STATUS(get("/led", "Bearer x"), WARD_CLOCK_NOT_SET);
    test_request.now.trust = WARD_TIME_SET;
    CHECK_STATUS(get("/led", "Bearer x"), WARD_TOKEN_OPAQUE);
}

TEST(a_target_of_any_form_leads_to_its_path)
{
    static const char *const led[] = { "/led", "/led?on=1", "http://device/led", "HTTPS://10.0.2.15:443/led?on=1" };
    for (size_t i = 0; i < sizeof led / sizeof led[0]; i++) {
        GATE_BEGIN(routes);
        CHECK_STATUS(get(led[i], bearer_with("read:led")), WARD_OK);
        CHECK_NUMBER(test_decision.route, 0);
        CHECK_STATUS(get(led[i], bearer_with("write:led")), WARD_SCOPE_INSUFFICIENT);
        CHECK_STATUS(get(led[i], NULL), WARD_CREDENTIAL_MISSING);
        CHECK_STATUS(request_send("DELETE", led[i], NULL), WARD_METHOD_NOT_ALLOWED);
    }
    CHECK_STATUS(get("http://device/led/../led", bearer_with("read:led")), WARD_PATH_INVALID);
    CHECK_STATUS(get("http://device//led", bearer_with("read:led")), WARD_PATH_INVALID);
    CHECK_STATUS(get("http://device", bearer_with("read:led")), WARD_ROUTE_NOT_FOUND);
}

TEST(a_target_that_is_none_is_refused_before_anything_is_asked)
{
    static const char *const targets[] = {
        "", "led", "*", "device:443", "ftp://device/led", "http://user@device/led", "http:///led", "?/led"
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        GATE_BEGIN(routes);
        CHECK_STATUS(get(targets[i], bearer_with("read:led")), WARD_TARGET_INVALID);
        CHECK_NUMBER(test_decision.answer.http, 400);
        CHECK_NUMBER(test_decision.answer.error, WARD_ERROR_PATH);
        CHECK_NUMBER(last_event()->reason, WARD_TARGET_INVALID);
    }
}

TEST(options_of_the_whole_server_has_no_route)
{
    static const struct ward_route everything[] = { { WARD_ALL_METHODS, WARD_TEXT("/*"), WARD_TEXT("read:led") } };
    GATE_BEGIN(everything);
    CHECK_STATUS(request_send("OPTIONS", "*", bearer_with("read:led")), WARD_ROUTE_NOT_FOUND);
    CHECK_NUMBER(test_decision.answer.http, 404);
    CHECK_STATUS(request_send("OPTIONS", "http://device", bearer_with("read:led")), WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(request_send("OPTIONS", "http://device/", bearer_with("read:led")), WARD_OK);
    test_policy.hide_routes = WARD_HIDE_ROUTES;
    CHECK_STATUS(request_send("OPTIONS", "*", NULL), WARD_CREDENTIAL_MISSING);
}

TEST(an_unknown_method_is_allowed_nowhere)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(request_send("BREW", "/led", bearer_with("read:led")), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(request_send("get", "/health", NULL), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(request_send("OPTIONS", "/health", NULL), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(request_send("HEAD", "/health", NULL), WARD_METHOD_NOT_ALLOWED);
}

TEST(cleartext_is_refused_unless_the_route_allows_it)
{
    GATE_BEGIN(routes);
    test_request.protected_channel = false;
    CHECK_STATUS(get("/led", bearer_with("read:led")), WARD_CHANNEL_UNPROTECTED);
    CHECK_STATUS(get("/me", bearer_with("read:led")), WARD_CHANNEL_UNPROTECTED);
    CHECK_STATUS(get("/health", NULL), WARD_CHANNEL_UNPROTECTED);
    CHECK_STATUS(get("/version", NULL), WARD_OK);
    CHECK_STATUS(get("/sensor/1", bearer_with("read:led")), WARD_OK);
    CHECK_STATUS(get("/sensor/1", bearer_with("x")), WARD_SCOPE_INSUFFICIENT);
    CHECK_STATUS(get("/sensor/1", NULL), WARD_CREDENTIAL_MISSING);
}

TEST(a_credential_in_cleartext_is_audited_as_exposed)
{
    static const char *const targets[] = { "/led", "/health", "/nothing", "//", "/version", "/sensor/1" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        for (unsigned credential = 0; credential < 2; credential++) {
            GATE_BEGIN(routes);
            test_request.protected_channel = false;
            const struct ward_status status = get(targets[i], credential != 0 ? bearer_with("read:led") : NULL);
            CHECK_NUMBER(last_event()->reason, status.code);
            CHECK_NUMBER(last_event()->marks & WARD_AUDIT_EXPOSED, credential != 0 ? WARD_AUDIT_EXPOSED : 0);
        }
    }
    test_request.authorization_count = 0;
    CHECK_STATUS(get("/led", "x"), WARD_CHANNEL_UNPROTECTED);
    CHECK_NUMBER(last_event()->marks & WARD_AUDIT_EXPOSED, WARD_AUDIT_EXPOSED);
    CHECK_STATUS(get("/led", "Basic eDp5"), WARD_CHANNEL_UNPROTECTED);
    CHECK_NUMBER(last_event()->marks & WARD_AUDIT_EXPOSED, WARD_AUDIT_EXPOSED);
    test_request.protected_channel = true;
    test_request.authorization_count = 1;
    CHECK_STATUS(get("/led", bearer_with("x")), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(last_event()->marks & WARD_AUDIT_EXPOSED, 0);
}

TEST(an_empty_credential_exposes_nothing)
{
    GATE_BEGIN(routes);
    test_request.protected_channel = false;
    CHECK_STATUS(get("/led", ""), WARD_CHANNEL_UNPROTECTED);
    CHECK_NUMBER(last_event()->marks & WARD_AUDIT_EXPOSED, 0);
}

/* Everything that a stranger can try, of a route that is there and of one that is not: the same answer. */
TEST(hidden_routes_answer_strangers_all_alike)
{
    static const char *const credentials[] = {
        NULL, "", "Basic x", "Bearer", "Bearer x", "Bearer a.b.c", "Bearer x y"
    };
    static const char *const missing[] = { "/nothing", "/", "/ledx", "/le%64", "/nothin%67", "/me/x" };
    static char there[WARD_ANSWER_SIZE];
    static char gone[WARD_ANSWER_SIZE];
    size_t length;
    GATE_BEGIN(routes);
    test_policy.hide_routes = WARD_HIDE_ROUTES;
    for (unsigned channel = 0; channel < 2; channel++) {
        for (size_t c = 0; c < sizeof credentials / sizeof credentials[0]; c++) {
            test_request.protected_channel = channel != 0;
            const struct ward_status expected = get("/led", credentials[c]);
            CHECK_STATUS(ward_answer_http(&test_decision.answer, there, sizeof there, &length), WARD_OK);
            for (size_t m = 0; m <= sizeof missing / sizeof missing[0]; m++) {
                const struct ward_status status = m < sizeof missing / sizeof missing[0]
                                                      ? get(missing[m], credentials[c])
                                                      : request_send("DELETE", "/led", credentials[c]);
                CHECK_STATUS(status, (enum ward_code)expected.code);
                CHECK_STATUS(ward_answer_http(&test_decision.answer, gone, sizeof gone, &length), WARD_OK);
                CHECK_TEXT(text(gone), there);
                CHECK_NUMBER(test_decision.answer.allow, 0);
            }
        }
    }
}

TEST(hidden_routes_are_told_to_verified_subjects)
{
    GATE_BEGIN(routes);
    test_policy.hide_routes = WARD_HIDE_ROUTES;
    CHECK_STATUS(get("/nothing", bearer_with("")), WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(get("/le%64", bearer_with("")), WARD_ROUTE_NOT_FOUND);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_REFUSAL);
    CHECK_STATUS(request_send("DELETE", "/led", bearer_with("")), WARD_METHOD_NOT_ALLOWED);
    CHECK_NUMBER(test_decision.answer.allow, WARD_GET | WARD_HEAD | WARD_POST | WARD_PUT);
    CHECK_STATUS(get("/led/..", bearer_with("")), WARD_PATH_INVALID);
    CHECK_STATUS(get("/led", bearer_with("read:led")), WARD_OK);
    CHECK_STATUS(get("/health", NULL), WARD_OK);
    test_request.protected_channel = false;
    CHECK_STATUS(get("/nothing", bearer_with("")), WARD_CHANNEL_UNPROTECTED);
    CHECK_STATUS(get("/version", NULL), WARD_OK);
}

/* ---- CORS. */

static const struct ward_text origins[] = { WARD_TEXT("https://a.example"), WARD_TEXT("*"),
                                            WARD_TEXT("https://b.example") };

static void begin_cors(const char *origin)
{
    GATE_BEGIN(routes);
    test_policy.origins.item = origins;
    test_policy.origins.count = sizeof origins / sizeof origins[0];
    test_request.origin = text(origin);
}

TEST(a_preflight_of_an_allowed_origin_is_answered)
{
    begin_cors("https://b.example");
    test_request.requested_method = WARD_PUT;
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_PREFLIGHT);
    CHECK(test_decision.answer.preflight);
    CHECK_NUMBER(test_decision.answer.http, 204);
    CHECK_NUMBER(test_decision.answer.allow, WARD_GET | WARD_HEAD | WARD_POST | WARD_PUT);
    CHECK_TEXT(test_decision.answer.origin, "https://b.example");
    CHECK(test_decision.answer.origin.data == origins[2].data);
    test_request.requested_method = WARD_GET;
    CHECK_STATUS(request_send("OPTIONS", "/health", NULL), WARD_PREFLIGHT);
    CHECK_NUMBER(test_decision.answer.allow, WARD_GET);
}

TEST(an_origin_of_one_character_is_one)
{
    static const struct ward_text short_origin[] = { WARD_TEXT("x") };
    begin_cors("x");
    test_policy.origins.item = short_origin;
    test_policy.origins.count = 1;
    test_request.requested_method = WARD_PUT;
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_PREFLIGHT);
    CHECK_TEXT(test_decision.answer.origin, "x");
}

TEST(a_preflight_goes_the_way_of_its_request)
{
    begin_cors("https://a.example");
    test_request.requested_method = WARD_DELETE;
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_METHOD_NOT_ALLOWED);
    CHECK(!test_decision.answer.preflight);
    CHECK_STATUS(request_send("OPTIONS", "/nothing", NULL), WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(request_send("OPTIONS", "//", NULL), WARD_PATH_INVALID);
    test_request.requested_method = WARD_PUT;
    test_request.protected_channel = false;
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_CHANNEL_UNPROTECTED);
    CHECK(!test_decision.answer.preflight);
    test_request.requested_method = WARD_GET;
    CHECK_STATUS(request_send("OPTIONS", "/sensor/x", NULL), WARD_PREFLIGHT);
}

TEST(other_origins_and_other_requests_are_no_preflight)
{
    static const char *const others[] = { "",
                                          "https://c.example",
                                          "https://a.example:443",
                                          "http://a.example",
                                          "https://A.example",
                                          "https://a.example.evil",
                                          "https://a.exampl",
                                          "null" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        begin_cors(others[i]);
        test_request.requested_method = WARD_PUT;
        CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_METHOD_NOT_ALLOWED);
        CHECK_NUMBER(test_decision.answer.origin.length, 0);
    }
    begin_cors("https://a.example");
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_METHOD_NOT_ALLOWED);
    CHECK_TEXT(test_decision.answer.origin, "https://a.example");
    test_request.requested_method = WARD_PUT;
    CHECK_STATUS(get("/led", NULL), WARD_CREDENTIAL_MISSING);
    test_policy.origins.count = 0;
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_METHOD_NOT_ALLOWED);
    test_request.origin = text("");
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_METHOD_NOT_ALLOWED);
}

TEST(grants_and_refusals_are_marked_for_an_allowed_origin)
{
    begin_cors("https://a.example");
    CHECK_STATUS(get("/led", bearer_with("read:led")), WARD_OK);
    CHECK_TEXT(test_decision.answer.origin, "https://a.example");
    CHECK_STATUS(get("//", NULL), WARD_PATH_INVALID);
    CHECK_TEXT(test_decision.answer.origin, "https://a.example");
    begin_cors("https://c.example");
    CHECK_STATUS(get("/led", bearer_with("read:led")), WARD_OK);
    CHECK_NUMBER(test_decision.answer.origin.length, 0);
}

TEST(a_preflight_does_not_tell_hidden_routes)
{
    begin_cors("https://a.example");
    test_policy.hide_routes = WARD_HIDE_ROUTES;
    test_request.requested_method = WARD_PUT;
    static const char *const targets[] = { "/led", "/nothing", "/me" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        CHECK_STATUS(request_send("OPTIONS", targets[i], NULL), WARD_PREFLIGHT);
        CHECK_NUMBER(test_decision.answer.allow, WARD_PUT);
    }
    test_request.requested_method = WARD_DELETE;
    CHECK_STATUS(request_send("OPTIONS", "/led", NULL), WARD_PREFLIGHT);
    CHECK_NUMBER(test_decision.answer.allow, WARD_DELETE);
}

/* ---- What is left. */

TEST(the_answer_knows_head_realm_and_metadata)
{
    GATE_BEGIN(routes);
    test_policy.realm = text("hole");
    test_policy.resource_metadata = text("https://hole.example/about");
    CHECK_STATUS(request_send("HEAD", "/led", NULL), WARD_CREDENTIAL_MISSING);
    CHECK(test_decision.answer.head);
    CHECK_TEXT(test_decision.answer.realm, "hole");
    CHECK_TEXT(test_decision.answer.resource_metadata, "https://hole.example/about");
    CHECK_STATUS(get("/led", NULL), WARD_CREDENTIAL_MISSING);
    CHECK(!test_decision.answer.head);
}

TEST(a_gate_that_did_not_begin_lets_nobody_in)
{
    GATE_BEGIN(routes);
    test_policy.scopes_from = 9;
    CHECK_STATUS(ward_gate_begin(&test_gate, &test_policy, usual_keys(), NULL, ward_time_set(NOW)),
                 WARD_POLICY_SCOPES_FROM);
    CHECK_STATUS(get("/health", NULL), WARD_POLICY_EXPECT);
    CHECK_NUMBER(test_decision.answer.http, 500);
    CHECK_STATUS(get("/led", bearer_with("read:led")), WARD_POLICY_EXPECT);
}

static char long_value[65536 + 8];

/* As long as a server may take: the token is too long, and wiped all the same. */
TEST(a_credential_of_64_kilobytes_is_refused)
{
    GATE_BEGIN(routes);
    test_request.method = WARD_GET;
    test_request.target = text("/led");
    static const char *const begins[] = { "Bearer ", "Bearer x,", "", "\t", "Basic " };
    static const enum ward_code expected[] = { WARD_TOKEN_TOO_LONG, WARD_CREDENTIAL_INVALID, WARD_CREDENTIAL_MISSING,
                                               WARD_CREDENTIAL_MISSING, WARD_CREDENTIAL_MISSING };
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        memset(long_value, 'a', sizeof long_value);
        memcpy(long_value, begins[i], strlen(begins[i]));
        test_request.authorization = long_value;
        test_request.authorization_length = 65536;
        CHECK_STATUS(ward_gate_check(&test_gate, &test_request, &test_work, &test_decision), expected[i]);
        for (size_t at = 0; at < 65536; at++)
            CHECK_NUMBER(long_value[at], 0);
        CHECK_NUMBER(long_value[65536], 'a');
    }
}

TEST(spaces_alone_are_no_token_however_many)
{
    GATE_BEGIN(routes);
    memset(long_value, ' ', sizeof long_value);
    memcpy(long_value, "Bearer", 6);
    test_request.method = WARD_GET;
    test_request.target = text("/led");
    test_request.authorization = long_value;
    test_request.authorization_length = 65536;
    CHECK_STATUS(ward_gate_check(&test_gate, &test_request, &test_work, &test_decision), WARD_CREDENTIAL_INVALID);
}

SUITE(request, CASE(a_grant_says_row_subject_and_scopes), CASE(the_row_of_the_method_says_which_scopes),
      CASE(an_authenticated_route_takes_any_verified_subject), CASE(a_public_route_looks_at_no_token),
      CASE(route_comes_before_channel_before_credential_before_clock), CASE(a_target_of_any_form_leads_to_its_path),
      CASE(a_target_that_is_none_is_refused_before_anything_is_asked), CASE(options_of_the_whole_server_has_no_route),
      CASE(an_unknown_method_is_allowed_nowhere), CASE(cleartext_is_refused_unless_the_route_allows_it),
      CASE(a_credential_in_cleartext_is_audited_as_exposed), CASE(an_empty_credential_exposes_nothing),
      CASE(hidden_routes_answer_strangers_all_alike), CASE(hidden_routes_are_told_to_verified_subjects),
      CASE(a_preflight_of_an_allowed_origin_is_answered), CASE(an_origin_of_one_character_is_one),
      CASE(a_preflight_goes_the_way_of_its_request), CASE(other_origins_and_other_requests_are_no_preflight),
      CASE(grants_and_refusals_are_marked_for_an_allowed_origin), CASE(a_preflight_does_not_tell_hidden_routes),
      CASE(the_answer_knows_head_realm_and_metadata), CASE(a_gate_that_did_not_begin_lets_nobody_in),
      CASE(a_credential_of_64_kilobytes_is_refused), CASE(spaces_alone_are_no_token_however_many));
