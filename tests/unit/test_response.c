/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of answers: each kind, every buffer size. What a request comes to is in test_answers.c. */
#include "check.h"
#include "guard.h"

static struct ward_answer answer;
static char buffer[WARD_ANSWER_SIZE];
static size_t length;

typedef struct ward_status writer(const struct ward_answer *answer, char *out, size_t size, size_t *length);

static void begin(uint16_t http, enum ward_error error)
{
    memset(&answer, 0, sizeof answer);
    answer.http = http;
    answer.error = (uint8_t)error;
    answer.scope = text("read:foia write:foia");
}

static void check_written(int line, writer *write, const char *expected)
{
    memset(buffer, '~', sizeof buffer);
    CHECK_STATUS(write(&answer, buffer, sizeof buffer, &length), WARD_OK);
    check_text(__FILE__, line, "answer", ward_text_of(buffer, length), expected);
    CHECK_NUMBER(buffer[length], 0);
    CHECK_NUMBER(buffer[length + 1], '~');
}

#define CHECK_WRITTEN(write, expected) check_written(__LINE__, write, expected)

TEST(an_answer_is_status_line_headers_and_body)
{
    begin(401, WARD_ERROR_UNAUTHORIZED);
    CHECK_WRITTEN(ward_answer_http,
                  "HTTP/1.1 401 Unauthorized\r\nCache-Control: no-store\r\nWWW-Authenticate: Bearer realm=\"api\"\r\n"
                  "Content-Type: application/json\r\nContent-Length: 72\r\n\r\n"
                  "{\"error\":\"unauthorized\",\"error_description\":\"An access token is needed\"}");
    begin(404, WARD_ERROR_NOT_FOUND);
    CHECK_WRITTEN(ward_answer_http,
                  "HTTP/1.1 404 Not Found\r\nCache-Control: no-store\r\n"
                  "Content-Type: application/json\r\nContent-Length: 73\r\n\r\n"
                  "{\"error\":\"not_found\",\"error_description\":\"There is nothing at this path\"}");
}

TEST(an_answer_to_head_has_the_length_of_its_body_and_none)
{
    begin(404, WARD_ERROR_NOT_FOUND);
    answer.head = true;
    CHECK_WRITTEN(ward_answer_http, "HTTP/1.1 404 Not Found\r\nCache-Control: no-store\r\n"
                                    "Content-Type: application/json\r\nContent-Length: 73\r\n\r\n");
}

TEST(a_challenge_names_realm_error_and_scope)
{
    begin(401, WARD_ERROR_UNAUTHORIZED);
    CHECK_WRITTEN(ward_answer_challenge, "Bearer realm=\"api\"");
    answer.realm = text("h");
    CHECK_WRITTEN(ward_answer_challenge, "Bearer realm=\"h\"");
    answer.realm = text("hole");
    CHECK_WRITTEN(ward_answer_challenge, "Bearer realm=\"hole\"");
    begin(401, WARD_ERROR_EXPIRED);
    CHECK_WRITTEN(ward_answer_challenge,
                  "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The access token expired\"");
    begin(403, WARD_ERROR_SCOPE);
    CHECK_WRITTEN(ward_answer_challenge,
                  "Bearer realm=\"api\", error=\"insufficient_scope\", "
                  "error_description=\"The access token lacks a scope\", scope=\"read:foia write:foia\"");
    CHECK_WRITTEN(ward_answer_body,
                  "{\"error\":\"insufficient_scope\",\"error_description\":\"The access token lacks a scope\","
                  "\"scope\":\"read:foia write:foia\"}");
}

/* RFC 9728 section 5.1: beside the realm, whatever the error, and never in an answer without a challenge. */
TEST(a_challenge_names_the_metadata_where_there_is_some)
{
    static const char url[] = "https://api.example/.well-known/oauth-protected-resource";
    begin(401, WARD_ERROR_UNAUTHORIZED);
    answer.resource_metadata = text(url);
    CHECK_WRITTEN(ward_answer_challenge, "Bearer realm=\"api\", resource_metadata=\"https://api.example/.well-known/"
                                         "oauth-protected-resource\"");
    begin(403, WARD_ERROR_SCOPE);
    answer.realm = text("hole");
    answer.resource_metadata = text("https://h/m");
    CHECK_WRITTEN(ward_answer_challenge,
                  "Bearer realm=\"hole\", resource_metadata=\"https://h/m\", error=\"insufficient_scope\", "
                  "error_description=\"The access token lacks a scope\", scope=\"read:foia write:foia\"");
    begin(403, WARD_ERROR_HTTPS);
    answer.resource_metadata = text(url);
    CHECK_WRITTEN(ward_answer_challenge, "");
}

TEST(a_wrong_method_is_told_the_right_ones_in_order)
{
    begin(405, WARD_ERROR_METHOD);
    answer.allow = WARD_ALL_METHODS;
    CHECK_WRITTEN(ward_answer_http,
                  "HTTP/1.1 405 Method Not Allowed\r\nCache-Control: no-store\r\n"
                  "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
                  "Content-Type: application/json\r\nContent-Length: 87\r\n\r\n"
                  "{\"error\":\"method_not_allowed\",\"error_description\":\"The path does not have this method\"}");
    /* Bits that are not methods are not told. */
    answer.allow = WARD_POST | WARD_PUBLIC | 0x80;
    answer.head = true;
    CHECK_WRITTEN(ward_answer_http, "HTTP/1.1 405 Method Not Allowed\r\nCache-Control: no-store\r\nAllow: POST\r\n"
                                    "Content-Type: application/json\r\nContent-Length: 87\r\n\r\n");
}

TEST(a_wait_is_told_where_there_is_one)
{
    begin(429, WARD_ERROR_RATE);
    answer.retry_after = 1;
    answer.head = true;
    CHECK_WRITTEN(ward_answer_http, "HTTP/1.1 429 Too Many Requests\r\nCache-Control: no-store\r\nRetry-After: 1\r\n"
                                    "Content-Type: application/json\r\nContent-Length: 64\r\n\r\n");
    answer.retry_after = 0;
    CHECK_WRITTEN(ward_answer_http, "HTTP/1.1 429 Too Many Requests\r\nCache-Control: no-store\r\n"
                                    "Content-Type: application/json\r\nContent-Length: 64\r\n\r\n");
}

TEST(cors_marks_an_answer_for_one_origin_and_never_for_all)
{
    begin(200, WARD_ERROR_NONE);
    CHECK_WRITTEN(ward_answer_cors, "");
    answer.preflight = true;
    CHECK_WRITTEN(ward_answer_cors, "");
    answer.preflight = false;
    answer.origin = text("https://a.example");
    CHECK_WRITTEN(ward_answer_cors, "Access-Control-Allow-Origin: https://a.example\r\nVary: Origin\r\n"
                                    "Access-Control-Expose-Headers: WWW-Authenticate, Retry-After\r\n");
}

TEST(a_preflight_is_answered_without_a_body)
{
    begin(204, WARD_ERROR_NONE);
    answer.preflight = true;
    answer.origin = text("https://a.example");
    answer.allow = WARD_GET | WARD_DELETE;
    CHECK_WRITTEN(ward_answer_http,
                  "HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n"
                  "Access-Control-Allow-Origin: https://a.example\r\nVary: Origin\r\n"
                  "Access-Control-Allow-Methods: GET, DELETE\r\n"
                  "Access-Control-Allow-Headers: Authorization, Content-Type\r\nAccess-Control-Max-Age: 600\r\n\r\n");
    CHECK_WRITTEN(ward_answer_body, "");
    CHECK_WRITTEN(ward_answer_challenge, "");
}

TEST(every_status_of_the_gate_has_its_phrase)
{
    static const struct {
        uint16_t http;
        const char *phrase;
    } phrases[] = { { 200, "OK" },
                    { 204, "No Content" },
                    { 400, "Bad Request" },
                    { 401, "Unauthorized" },
                    { 403, "Forbidden" },
                    { 404, "Not Found" },
                    { 405, "Method Not Allowed" },
                    { 429, "Too Many Requests" },
                    { 500, "Internal Server Error" },
                    { 503, "Service Unavailable" } };
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        CHECK_TEXT(text(ward_http_phrase(phrases[i].http)), phrases[i].phrase);
    static const uint16_t others[] = { 0, 100, 199, 201, 402, 418, 501, UINT16_MAX };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK_TEXT(text(ward_http_phrase(others[i])), "");
}

/* ---- Every kind. */

static const struct {
    uint16_t http;
    enum ward_error error;
    const char *challenge; /* NULL: none */
    const char *body;
} kinds[] = {
    { 204, WARD_ERROR_NONE, NULL, "" },
    { 401, WARD_ERROR_UNAUTHORIZED, "", "unauthorized" },
    { 400, WARD_ERROR_PATH, NULL, "invalid_request" },
    { 400, WARD_ERROR_REQUEST, "invalid_request", "invalid_request" },
    { 401, WARD_ERROR_TOKEN, "invalid_token", "invalid_token" },
    { 401, WARD_ERROR_EXPIRED, "invalid_token", "invalid_token" },
    { 403, WARD_ERROR_SCOPE, "insufficient_scope", "insufficient_scope" },
    { 403, WARD_ERROR_HTTPS, NULL, "https_required" },
    { 404, WARD_ERROR_NOT_FOUND, NULL, "not_found" },
    { 405, WARD_ERROR_METHOD, NULL, "method_not_allowed" },
    { 429, WARD_ERROR_RATE, NULL, "rate_limited" },
    { 503, WARD_ERROR_UNAVAILABLE, NULL, "temporarily_unavailable" },
    { 500, WARD_ERROR_SERVER, NULL, "server_error" },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void begin_kind(size_t kind, bool full)
{
    begin(kinds[kind].http, kinds[kind].error);
    answer.preflight = kinds[kind].http == 204;
    answer.allow = WARD_GET | WARD_POST;
    answer.retry_after = full ? 86400 : 0;
    answer.realm = full ? text("theholefoundation") : ward_text_of(NULL, 0);
    answer.resource_metadata = full ? text("https://api.example/about") : ward_text_of(NULL, 0);
    answer.origin = full ? text("https://app.theholefoundation.org") : ward_text_of(NULL, 0);
}

static bool begins_with(const char *actual, const char *expected)
{
    return strncmp(actual, expected, strlen(expected)) == 0;
}

TEST(each_kind_has_its_challenge_and_body)
{
    for (size_t i = 0; i < KINDS; i++) {
        char expected[64] = "{\"error\":\"";
        begin_kind(i, false);
        CHECK_STATUS(ward_answer_body(&answer, buffer, sizeof buffer, &length), WARD_OK);
        strcat(strcat(expected, kinds[i].body), "\",\"error_description\":\"");
        CHECK(kinds[i].error == WARD_ERROR_NONE ? length == 0 : begins_with(buffer, expected));
        CHECK_STATUS(ward_answer_challenge(&answer, buffer, sizeof buffer, &length), WARD_OK);
        if (kinds[i].challenge == NULL) {
            CHECK_NUMBER(length, 0);
        } else if (*kinds[i].challenge == '\0') {
            CHECK_TEXT(ward_text_of(buffer, length), "Bearer realm=\"api\"");
        } else {
            strcpy(expected, "Bearer realm=\"api\", error=\"");
            CHECK(begins_with(buffer, strcat(strcat(expected, kinds[i].challenge), "\"")));
        }
    }
}

/* A description is a sentence: no quote, no backslash, nothing but printable ASCII, and in both places the same. */
TEST(descriptions_can_stand_in_a_header_and_in_json)
{
    for (size_t i = 1; i < KINDS; i++) {
        static const char mark[] = "\"error_description\":\"";
        begin_kind(i, false);
        CHECK_STATUS(ward_answer_body(&answer, buffer, sizeof buffer, &length), WARD_OK);
        const char *const description = strstr(buffer, mark) + sizeof mark - 1;
        const char *const end = strchr(description, '"');
        CHECK(end - description >= 9 && (end[1] == '}' || begins_with(end + 1, ",\"scope\":\"")));
        for (const char *c = description; c < end; c++)
            CHECK(*c >= 0x20 && *c < 0x7f && *c != '\\');
    }
}

static void check_every_size(writer *write)
{
    static char whole[WARD_ANSWER_SIZE];
    size_t bytes;
    CHECK_STATUS(write(&answer, whole, sizeof whole, &bytes), WARD_OK);
    memset(buffer, '~', sizeof buffer);
    for (size_t size = 0; size <= bytes + 2; size++) {
        char *const out = guard_copy(buffer, size);
        length = 12345;
        CHECK_STATUS(write(&answer, out, size, &length), size > bytes ? WARD_OK : WARD_BUFFER_TOO_SMALL);
        CHECK_NUMBER(length, size > bytes ? bytes : 0);
        if (size > bytes)
            CHECK(memcmp(out, whole, bytes + 1) == 0);
        else if (size > 0)
            CHECK_NUMBER(out[0], 0);
        if (size > bytes + 1)
            CHECK_NUMBER(out[bytes + 1], '~');
    }
}

TEST(at_every_buffer_size_an_answer_is_whole_or_not_there)
{
    static writer *const writers[] = { ward_answer_http, ward_answer_challenge, ward_answer_body, ward_answer_cors };
    for (size_t i = 0; i < KINDS; i++) {
        for (unsigned full = 0; full < 4; full++) {
            begin_kind(i, (full & 1u) != 0);
            answer.head = (full & 2u) != 0;
            for (size_t w = 0; w < sizeof writers / sizeof writers[0]; w++)
                check_every_size(writers[w]);
        }
    }
}

TEST(a_buffer_of_the_documented_size_holds_every_answer)
{
    static char hundred[101];
    memset(hundred, 'x', 100);
    for (size_t i = 0; i < KINDS; i++) {
        begin_kind(i, true);
        answer.realm = ward_text_of(NULL, 0);
        answer.scope = answer.origin = answer.resource_metadata = text(hundred);
        answer.allow = WARD_ALL_METHODS;
        answer.retry_after = UINT32_MAX;
        CHECK_STATUS(ward_answer_http(&answer, buffer, sizeof buffer, &length), WARD_OK);
    }
}

/* The answer's fields one by one, as a server would send them that writes status line and length itself. */
static size_t put_fields(char lines[WARD_ANSWER_SIZE])
{
    const char *name = NULL;
    lines[0] = '\0';
    for (size_t number = 0;; number++) {
        CHECK_STATUS(ward_answer_field(&answer, number, &name, buffer, sizeof buffer, &length), WARD_OK);
        CHECK_NUMBER(strlen(buffer), length);
        if (name == NULL)
            return strlen(lines);
        CHECK(length > 0 && strlen(lines) + strlen(name) + length + 4 < WARD_ANSWER_SIZE);
        strcat(strcat(strcat(strcat(lines, name), ": "), buffer), "\r\n");
    }
}

TEST(the_fields_of_an_answer_are_those_of_its_bytes)
{
    char lines[WARD_ANSWER_SIZE];
    for (size_t i = 0; i < 2 * KINDS; i++) {
        begin_kind(i / 2, i % 2 != 0);
        const size_t bytes = put_fields(lines);
        CHECK_STATUS(ward_answer_http(&answer, buffer, sizeof buffer, &length), WARD_OK);
        const char *const first = strstr(buffer, "\r\n") + 2;
        CHECK(memcmp(first, lines, bytes) == 0);
        CHECK(strncmp(first + bytes, "Content-Length: ", 16) == 0 || strncmp(first + bytes, "\r\n", 2) == 0);
    }
}

TEST(a_field_is_whole_or_there_is_none)
{
    const char *name = "x";
    begin(401, WARD_ERROR_UNAUTHORIZED);
    CHECK_STATUS(ward_answer_field(&answer, 1, &name, buffer, 19, &length), WARD_OK);
    CHECK_TEXT(text(name), "WWW-Authenticate");
    CHECK_TEXT(text(buffer), "Bearer realm=\"api\"");
    CHECK_STATUS(ward_answer_field(&answer, 1, &name, buffer, 18, &length), WARD_BUFFER_TOO_SMALL);
    CHECK(name == NULL && length == 0 && buffer[0] == '\0');
    CHECK_STATUS(ward_answer_field(&answer, SIZE_MAX, &name, buffer, sizeof buffer, &length), WARD_OK);
    CHECK(name == NULL && length == 0);
}

SUITE(response, CASE(an_answer_is_status_line_headers_and_body),
      CASE(an_answer_to_head_has_the_length_of_its_body_and_none), CASE(a_challenge_names_realm_error_and_scope),
      CASE(a_challenge_names_the_metadata_where_there_is_some), CASE(a_wrong_method_is_told_the_right_ones_in_order),
      CASE(a_wait_is_told_where_there_is_one), CASE(cors_marks_an_answer_for_one_origin_and_never_for_all),
      CASE(a_preflight_is_answered_without_a_body), CASE(every_status_of_the_gate_has_its_phrase),
      CASE(each_kind_has_its_challenge_and_body), CASE(descriptions_can_stand_in_a_header_and_in_json),
      CASE(at_every_buffer_size_an_answer_is_whole_or_not_there),
      CASE(a_buffer_of_the_documented_size_holds_every_answer), CASE(the_fields_of_an_answer_are_those_of_its_bytes),
      CASE(a_field_is_whole_or_there_is_none));
