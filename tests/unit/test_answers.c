/* SPDX-License-Identifier: Apache-2.0 */
/* DESIGN's table of answers, each case by a request that comes to it; and that nothing of a token is told to anybody. */
#include "crypto_faults.h"
#include "request.h"

static const struct ward_route routes[] = {
    { WARD_GET | WARD_HEAD, WARD_TEXT("/foia/*"), WARD_TEXT("read:foia") },
};

static struct test_token token;
static char response[WARD_ANSWER_SIZE];
static size_t length;

#define EXPIRED_TEXT "The access token expired"

/* ---- The answer, read again by a small reader of its own. */

static const char *header_value(const char *name, char value[256])
{
    const size_t bytes = strlen(name);
    for (const char *line = strstr(response, "\r\n"); line != NULL && strncmp(line, "\r\n\r\n", 4) != 0;
         line = strstr(line + 2, "\r\n")) {
        if (strncmp(line + 2, name, bytes) != 0 || strncmp(line + 2 + bytes, ": ", 2) != 0)
            continue;
        const char *const begin = line + bytes + 4;
        const size_t size = (size_t)(strstr(begin, "\r\n") - begin);
        CHECK(size < 256);
        memcpy(value, begin, size);
        value[size] = '\0';
        return value;
    }
    return NULL;
}

static const char *body(void)
{
    return strstr(response, "\r\n\r\n") + 4;
}

/* The string after `before` in a text, up to a quote; NULL if it is not there. */
static const char *quoted(const char *in, const char *before, char value[128])
{
    const char *const begin = in != NULL ? strstr(in, before) : NULL;
    if (begin == NULL)
        return NULL;
    const char *const from = begin + strlen(before);
    const size_t size = strcspn(from, "\"");
    CHECK(size < 128);
    memcpy(value, from, size);
    value[size] = '\0';
    return value;
}

static void check_same(int line, const char *what, const char *actual, const char *expected)
{
    if (actual == NULL && expected == NULL)
        return;
    if (actual == NULL || expected == NULL || strcmp(actual, expected) != 0)
        check_failed(__FILE__, line, what, actual != NULL ? actual : "not there",
                     expected != NULL ? expected : "not there");
}

/* One row of the table. */
struct row {
    unsigned http;
    const char *challenge; /* NULL: no challenge; "": a bare one */
    const char *error;
    bool waits;
};

/* Every line ends in CR LF, and none holds another control. */
static void check_lines(void)
{
    const char *const end = body();
    for (const char *c = response; c < end; c++) {
        if (*c == '\r')
            CHECK(*++c == '\n');
        else
            CHECK(*c >= 0x20 && *c < 0x7f);
    }
}

static void check_challenge(int line, const struct row *row)
{
    char value[256];
    char word[128];
    const char *const challenge = header_value("WWW-Authenticate", value);
    CHECK_NUMBER(challenge != NULL, row->challenge != NULL);
    if (challenge == NULL)
        return;
    CHECK(strncmp(challenge, "Bearer realm=\"api\"", 18) == 0);
    check_same(line, "error of the challenge", quoted(challenge, ", error=\"", word),
               *row->challenge != '\0' ? row->challenge : NULL);
    CHECK_NUMBER(quoted(challenge, "scope=\"", word) != NULL, row->http == 403);
}

static void check_row(int line, const struct row *row)
{
    char value[256];
    char word[128];
    CHECK_STATUS(ward_answer_http(&test_decision.answer, response, sizeof response, &length), WARD_OK);
    CHECK_NUMBER(strlen(response), length);
    CHECK(strncmp(response, "HTTP/1.1 ", 9) == 0 && response[12] == ' ');
    CHECK_NUMBER((unsigned)(response[9] - '0') * 100u + (unsigned)(response[10] - '0') * 10u +
                     (unsigned)(response[11] - '0'),
                 row->http);
    check_lines();
    check_challenge(line, row);
    check_same(line, "Cache-Control", header_value("Cache-Control", value), "no-store");
    check_same(line, "error of the body", quoted(body(), "{\"error\":\"", word), row->error);
    CHECK_NUMBER(header_value("Retry-After", value) != NULL, row->waits);
    CHECK_NUMBER(header_value("Allow", value) != NULL, row->http == 405);
}

#define CHECK_ANSWER(...)                                                                                              \
    do {                                                                                                               \
        const struct row expected = __VA_ARGS__;                                                                       \
        check_row(__LINE__, &expected);                                                                                \
    } while (0)

static struct ward_status get(const char *target, const char *authorization)
{
    return request_send("GET", target, authorization);
}

/* The same answer to HEAD has the body's length and no body. */
TEST(head_gets_the_headers_of_get)
{
    static char headers[WARD_ANSWER_SIZE];
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/foia", NULL), WARD_CREDENTIAL_MISSING);
    CHECK_ANSWER({ 401, "", "unauthorized", false });
    memcpy(headers, response, sizeof headers);
    headers[body() - response] = '\0';
    CHECK_STATUS(request_send("HEAD", "/foia", NULL), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(ward_answer_http(&test_decision.answer, response, sizeof response, &length), WARD_OK);
    CHECK_TEXT(text(response), headers);
}

/* ---- The table. */

TEST(no_credential)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/foia", NULL), WARD_CREDENTIAL_MISSING);
    CHECK_ANSWER({ 401, "", "unauthorized", false });
}

TEST(a_bad_path)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/foia/..", bearer_with("read:foia")), WARD_PATH_INVALID);
    CHECK_ANSWER({ 400, NULL, "invalid_request", false });
}

TEST(malformed_or_several_credentials)
{
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/foia", "Bearer"), WARD_CREDENTIAL_INVALID);
    CHECK_ANSWER({ 400, "invalid_request", "invalid_request", false });
    test_request.authorization_count = 2;
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_CREDENTIALS_MULTIPLE);
    CHECK_ANSWER({ 400, "invalid_request", "invalid_request", false });
}

static struct ward_status get_with(const char *header, const char *payload)
{
    token_make(&token, KEY_A, header, payload);
    return get("/foia", bearer_of(&token));
}

TEST(a_bad_token)
{
    static const struct row bad = { 401, "invalid_token", "invalid_token", false };
    GATE_BEGIN(routes);
    static const char *const credentials[] = { "Bearer x",  "Bearer a.b.c", "Bearer a.b.c.d.e",
                                               "Bearer ..", "Bearer =.=.=", "Bearer a.b" };
    for (size_t i = 0; i < sizeof credentials / sizeof credentials[0]; i++) {
        CHECK(!ward_ok(get("/foia", credentials[i])));
        check_row(__LINE__, &bad);
    }
    CHECK_STATUS(get_with("{\"alg\":\"none\",\"kid\":\"a\"}", USUAL_PAYLOAD), WARD_ALGORITHM_REFUSED);
    check_row(__LINE__, &bad);
    CHECK_STATUS(get_with("{\"alg\":\"RS256\",\"kid\":\"x\"}", USUAL_PAYLOAD), WARD_KEY_UNKNOWN);
    check_row(__LINE__, &bad);
    CHECK_STATUS(get_with(USUAL_HEADER, "{\"iss\":\"x\"}"), WARD_ISSUER_REFUSED);
    check_row(__LINE__, &bad);
    token_make(&token, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    CHECK_STATUS(get("/foia", bearer_of(&token)), WARD_SIGNATURE_INVALID);
    check_row(__LINE__, &bad);
}

TEST(a_denied_subject)
{
    uint8_t owner[WARD_OWNER_SIZE];
    static const struct ward_caller operator_of_device;
    GATE_BEGIN(routes);
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("auth0|65f0c0ffee"), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&test_gate, owner, WARD_DENY_ALWAYS, &operator_of_device), WARD_OK);
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_SUBJECT_DENIED);
    CHECK_ANSWER({ 401, "invalid_token", "invalid_token", false });
}

TEST(an_expired_token)
{
    char word[128];
    char value[256];
    GATE_BEGIN(routes);
    test_request.now.seconds = NOW + 100000;
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_TOKEN_EXPIRED);
    CHECK_ANSWER({ 401, "invalid_token", "invalid_token", false });
    check_same(__LINE__, "description", quoted(body(), "\"error_description\":\"", word), EXPIRED_TEXT);
    check_same(__LINE__, "description", quoted(header_value("WWW-Authenticate", value), "error_description=\"", word),
               EXPIRED_TEXT);
}

TEST(that_a_token_has_expired_is_told_to_nobody_who_made_it_up)
{
    char word[128];
    GATE_BEGIN(routes);
    test_request.now.seconds = NOW + 100000;
    token_make(&token, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    CHECK_STATUS(get("/foia", bearer_of(&token)), WARD_SIGNATURE_INVALID);
    CHECK_ANSWER({ 401, "invalid_token", "invalid_token", false });
    check_same(__LINE__, "description", quoted(body(), "\"error_description\":\"", word),
               "The access token is not valid here");
}

TEST(missing_scopes)
{
    char word[128];
    char value[256];
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/foia", bearer_with("write:foia")), WARD_SCOPE_INSUFFICIENT);
    CHECK_ANSWER({ 403, "insufficient_scope", "insufficient_scope", false });
    check_same(__LINE__, "scope", quoted(body(), "\"scope\":\"", word), "read:foia");
    check_same(__LINE__, "scope", quoted(header_value("WWW-Authenticate", value), "scope=\"", word), "read:foia");
}

TEST(cleartext)
{
    GATE_BEGIN(routes);
    test_request.protected_channel = false;
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_CHANNEL_UNPROTECTED);
    CHECK_STATUS(ward_answer_http(&test_decision.answer, response, sizeof response, &length), WARD_OK);
    char value[256];
    char word[128];
    CHECK(header_value("WWW-Authenticate", value) == NULL);
    CHECK(strncmp(response, "HTTP/1.1 403 Forbidden\r\n", 24) == 0);
    check_same(__LINE__, "error of the body", quoted(body(), "{\"error\":\"", word), "https_required");
    check_same(__LINE__, "Cache-Control", header_value("Cache-Control", value), "no-store");
}

TEST(no_route_and_no_method)
{
    char value[256];
    GATE_BEGIN(routes);
    CHECK_STATUS(get("/foiax", NULL), WARD_ROUTE_NOT_FOUND);
    CHECK_ANSWER({ 404, NULL, "not_found", false });
    CHECK_STATUS(request_send("POST", "/foia", NULL), WARD_METHOD_NOT_ALLOWED);
    CHECK_ANSWER({ 405, NULL, "method_not_allowed", false });
    check_same(__LINE__, "Allow", header_value("Allow", value), "GET, HEAD");
}

TEST(a_spent_budget)
{
    static const struct ward_rate one = { 1, 60, 1 };
    char value[256];
    GATE_BEGIN(routes);
    test_policy.subject = one;
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_SUBJECT_BUDGET_SPENT);
    CHECK_ANSWER({ 429, NULL, "rate_limited", true });
    check_same(__LINE__, "Retry-After", header_value("Retry-After", value), "60");
    GATE_BEGIN(routes);
    test_policy.signature_rate = one;
    token_make(&token, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    CHECK_STATUS(get("/foia", bearer_of(&token)), WARD_SIGNATURE_INVALID);
    crypto_fail_at(0, 0);
    CHECK_STATUS(get("/foia", bearer_of(&token)), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(crypto_rsa_calls(), 0);
    CHECK_ANSWER({ 429, NULL, "rate_limited", true });
}

TEST(no_clock_and_no_keys)
{
    GATE_BEGIN(routes);
    test_request.now.trust = WARD_TIME_FLOOR;
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_CLOCK_NOT_SET);
    CHECK_ANSWER({ 503, NULL, "temporarily_unavailable", true });
    test_request.now.trust = WARD_TIME_SET;
    test_gate.keys = NULL;
    CHECK_STATUS(get("/foia", bearer_with("read:foia")), WARD_KEYS_ABSENT);
    CHECK_ANSWER({ 503, NULL, "temporarily_unavailable", true });
}

TEST(crypto_that_failed)
{
    GATE_BEGIN(routes);
    const char *const bearer = bearer_with("read:foia");
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(get("/foia", bearer), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
    CHECK_ANSWER({ 500, NULL, "server_error", false });
}

/* ---- The canary: no run of eight characters of a token anywhere but in the token. */

enum { RUN = 8 };

static char canary[sizeof token.data + 1];

static bool holds_a_run(const char *bytes, size_t size)
{
    const size_t total = strlen(canary);
    for (size_t i = 0; i + RUN <= size; i++) {
        const char *at = canary;
        while ((at = memchr(at, bytes[i], total - (size_t)(at - canary))) != NULL) {
            if (total - (size_t)(at - canary) >= RUN && memcmp(bytes + i, at, RUN) == 0)
                return true;
            at++;
        }
    }
    return false;
}

static void check_audit(void)
{
    static char line[WARD_AUDIT_LINE];
    struct ward_sha256 sha;
    uint8_t digest[WARD_AUDIT_DIGEST];
    const struct ward_audit_event *event;
    CHECK_STATUS(ward_audit_flush(&test_gate.audit), WARD_OK);
    for (size_t i = 0; (event = ward_audit_at(&test_gate.audit, i)) != NULL; i++) {
        CHECK(!holds_a_run((const char *)event, sizeof *event));
        CHECK_STATUS(ward_audit_digest(event, &sha, digest), WARD_OK);
        CHECK_STATUS(ward_audit_json(event, digest, line, sizeof line, &length), WARD_OK);
        CHECK(!holds_a_run(line, length));
    }
}

static void send_canary(const char *target)
{
    const struct ward_status status = get(target, bearer_of(&token));
    memcpy(canary, token.data, token.length);
    canary[token.length] = '\0';
    if (!ward_ok(status))
        CHECK(!holds_a_run((const char *)&test_work, sizeof test_work));
    CHECK(!holds_a_run((const char *)&test_decision, sizeof test_decision));
    CHECK(!holds_a_run((const char *)&test_gate, sizeof test_gate));
    CHECK_STATUS(ward_answer_http(&test_decision.answer, response, sizeof response, &length), WARD_OK);
    CHECK(!holds_a_run(response, length));
    check_audit();
}

TEST(the_canary_is_seen_where_it_sings)
{
    strcpy(canary, "abcdefghij");
    CHECK(holds_a_run("xxabcdefghxx", 12));
    CHECK(holds_a_run("cdefghij", 8));
    CHECK(!holds_a_run("abcdefgxabcdefg", 15));
}

TEST(nothing_of_a_token_reaches_answers_audit_or_gate)
{
    static const char *const headers[] = { USUAL_HEADER, "{\"alg\":\"HS256\",\"kid\":\"a\"}",
                                           "{\"alg\":\"RS256\",\"kid\":\"canary-canary\"}",
                                           "{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"canary-canary\"}" };
    static const char *const payloads[] = { USUAL_PAYLOAD,
                                            "{" CLAIMS_BUT_SCOPE "}",
                                            "{\"iss\":\"canary-canary-canary\"}",
                                            "{",
                                            "{" CLAIMS_BUT_SCOPE ",\"nbf\":9999999999}",
                                            "{" CLAIMS_BUT_SCOPE ",\"cnf\":{}}" };
    static const char *const targets[] = { "/foia", "/nothing", "//", "/foia/%2e" };
    GATE_BEGIN(routes);
    for (size_t h = 0; h < sizeof headers / sizeof headers[0]; h++) {
        for (size_t p = 0; p < (h == 0 ? sizeof payloads / sizeof payloads[0] : 1); p++) {
            token_make(&token, KEY_A, headers[h], payloads[p]);
            for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++)
                send_canary(targets[t]);
        }
    }
    token_make(&token, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    send_canary("/foia");
    token_append(&token, ",x", 2);
    send_canary("/foia");
    token.length = 100;
    send_canary("/foia");
    token_make_usual(&token);
    test_request.protected_channel = false;
    send_canary("/foia");
}

SUITE(answers, CASE(no_credential), CASE(a_bad_path), CASE(malformed_or_several_credentials), CASE(a_bad_token),
      CASE(a_denied_subject), CASE(an_expired_token), CASE(that_a_token_has_expired_is_told_to_nobody_who_made_it_up),
      CASE(cleartext), CASE(no_route_and_no_method), CASE(a_denied_subject), CASE(an_expired_token),
      CASE(missing_scopes), CASE(cleartext), CASE(no_route_and_no_method), CASE(a_spent_budget),
      CASE(no_clock_and_no_keys), CASE(crypto_that_failed), CASE(head_gets_the_headers_of_get),
      CASE(the_canary_is_seen_where_it_sings), CASE(nothing_of_a_token_reaches_answers_audit_or_gate));
