/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/request_parser: requests out of a stream of bytes, in pieces of any size, and how they come to the gate. */
#include "request.h"
#include "request_feed.h"

static struct ward_text authorization(void)
{
    return ward_text_of(got.request.authorization, got.request.authorization_length);
}

TEST(a_request_gives_what_a_gate_asks_for)
{
    request_read(
        "PUT /api/x?y=1 HTTP/1.1\r\nHost: device\r\nAuthorization: Bearer a.b.c\r\nOrigin: https://a.example\r\n"
        "Access-Control-Request-Method: PATCH\r\nContent-Length: 5\r\n\r\nhello");
    CHECK_NUMBER(got.request.method, WARD_PUT);
    CHECK_TEXT(got.request.target, "/api/x?y=1");
    CHECK_TEXT(authorization(), "Bearer a.b.c");
    CHECK_NUMBER(got.request.authorization_count, 1);
    CHECK_TEXT(got.request.origin, "https://a.example");
    CHECK_NUMBER(got.request.requested_method, WARD_PATCH);
    CHECK_TEXT(ward_text_of(got.parser.body, got.parser.body_text.length), "hello");
    CHECK_TEXT(text(ward_http_request_parser_method(&got.parser)), "PUT");
    CHECK(got.parser.keep_alive);
    CHECK(!got.request.protected_channel);
    CHECK_ZERO(got.request.peer);
    CHECK_ZERO(got.request.now);
}

TEST(a_request_without_headers_gives_none)
{
    request_read("GET / HTTP/1.1\r\nHost: d\r\n\r\n");
    CHECK(got.request.authorization == NULL);
    CHECK_NUMBER(got.request.authorization_count, 0);
    CHECK_NUMBER(got.request.origin.length, 0);
    CHECK_NUMBER(got.request.requested_method, 0);
    CHECK_NUMBER(got.parser.body_text.length, 0);
    request_read("GET / HTTP/1.0\r\n\r\n");
    CHECK(!got.parser.keep_alive);
    request_read("GET / HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
    CHECK(!got.parser.keep_alive);
}

TEST(header_names_have_no_case_and_are_whole)
{
    request_read(
        "GET / HTTP/1.1\r\nHost: d\r\nAUTHORIZATION: x\r\noRIGIN: o\r\nACCESS-control-request-METHOD: GET\r\n\r\n");
    CHECK_TEXT(authorization(), "x");
    CHECK_TEXT(got.request.origin, "o");
    CHECK_NUMBER(got.request.requested_method, WARD_GET);
    request_read("GET / HTTP/1.1\r\nHost: d\r\nProxy-Authorization: x\r\nX-Authorization: x\r\nAuthorizatio: "
                 "x\r\nAuthorizations: x\r\n"
                 "Origins: o\r\nAccess-Control-Request-Headers: GET\r\nAccess-Control-Request-Methods: GET\r\n"
                 "A-name-that-is-longer-than-any-that-is-kept: x\r\n\r\n");
    CHECK_NUMBER(got.request.authorization_count, 0);
    CHECK_NUMBER(got.request.origin.length, 0);
    CHECK_NUMBER(got.request.requested_method, 0);
}

TEST(space_around_a_value_is_not_of_it)
{
    request_read("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: \t  Bearer  x \t "
                 "\r\nOrigin:\to\t\r\nAccess-Control-Request-Method:  GET  \r\n\r\n");
    CHECK_TEXT(authorization(), "Bearer  x");
    CHECK_TEXT(got.request.origin, "o");
    CHECK_NUMBER(got.request.requested_method, WARD_GET);
    request_read("GET / HTTP/1.1\r\nHost: d\r\nAuthorization:   \r\n\r\n");
    CHECK_NUMBER(got.request.authorization_count, 1);
    CHECK_NUMBER(authorization().length, 0);
}

TEST(authorization_headers_are_counted_and_the_first_is_kept)
{
    static char stream[64 + 300 * 20];
    request_read("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: a\r\nX: y\r\nauthorization: b\r\n\r\n");
    CHECK_NUMBER(got.request.authorization_count, 2);
    CHECK_TEXT(authorization(), "a");
    request_read("GET / HTTP/1.1\r\nHost: d\r\nAuthorization:\r\nAuthorization: b\r\n\r\n");
    CHECK_NUMBER(got.request.authorization_count, 2);
    strcpy(stream, "GET / HTTP/1.1\r\nHost: d\r\n");
    for (unsigned i = 0; i < 300; i++)
        strcat(stream, "Authorization: x\r\n");
    request_read(strcat(stream, "\r\n"));
    CHECK_NUMBER(got.request.authorization_count, WARD_COUNT_UNKNOWN - 1);
}

TEST(an_origin_or_method_that_is_there_twice_is_none)
{
    request_read(
        "GET / HTTP/1.1\r\nHost: d\r\nOrigin: https://a.exa\r\nOrigin: mple\r\nAccess-Control-Request-Method: P\r\n"
        "Access-Control-Request-Method: UT\r\n\r\n");
    CHECK_NUMBER(got.request.origin.length, 0);
    CHECK_NUMBER(got.request.requested_method, 0);
    request_read("GET / HTTP/1.1\r\nHost: d\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Method: "
                 "GET\r\n\r\n");
    CHECK_NUMBER(got.request.requested_method, 0);
}

TEST(a_method_that_becomes_too_long_with_its_second_piece_is_none)
{
    enum { FIRST = 400 };
    static char long_request[1024] = "GET / HTTP/1.1\r\nHost: d\r\nX: ";
    static const char name[] = "\r\nAccess-Control-Request-Method: PUT";
    const size_t begin = strlen(long_request);
    memset(long_request + begin, 'y', FIRST - begin - strlen(name));
    strcat(long_request, name);
    CHECK_NUMBER(strlen(long_request), FIRST);
    memset(long_request + FIRST, 'x', FIRST);
    strcpy(long_request + 2 * FIRST, "\r\n\r\n");
    CHECK_NUMBER(request_feed_in_pieces(long_request, strlen(long_request), FIRST), WARD_HTTP_REQUEST_COMPLETE);
    ward_http_request_parser_get(&got.parser, &got.request);
    CHECK_NUMBER(got.request.requested_method, 0);
}

TEST(what_is_too_long_to_be_kept_is_none)
{
    char stream[512] = "GET / HTTP/1.1\r\nHost: d\r\nAccess-Control-Request-Method: GETGETGETGETGETGE\r\nOrigin: ";
    const size_t begin = strlen(stream);
    memset(stream + begin, 'o', 257);
    strcpy(stream + begin + 257, "\r\n\r\n");
    request_read(stream);
    CHECK_NUMBER(got.request.origin.length, 0);
    CHECK_NUMBER(got.request.requested_method, 0);
    strcpy(stream + begin + 256, "\r\n\r\n");
    request_read(stream);
    CHECK_NUMBER(got.request.origin.length, 256);
}

TEST(a_body_may_hold_lines_that_begin_with_space)
{
    request_read("\r\nPOST / HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\n\n x\n\t");
    CHECK_TEXT(ward_text_of(got.parser.body, got.parser.body_text.length), "\n x\n\t");
    CHECK_NUMBER(request_feed(""), WARD_HTTP_REQUEST_MORE);
    CHECK_NUMBER(got.used, 0);
}

TEST(a_field_after_the_body_is_no_header)
{
    request_read("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nAuthorization: "
                 "Bearer x\r\nOrigin: o\r\n"
                 "Access-Control-Request-Method: GET\r\n\r\n");
    CHECK_TEXT(ward_text_of(got.parser.body, got.parser.body_text.length), "abc");
    CHECK_NUMBER(got.request.authorization_count, 0);
    CHECK(got.request.authorization == NULL);
    CHECK_NUMBER(got.request.origin.length, 0);
    CHECK_NUMBER(got.request.requested_method, 0);
    request_read("POST / HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer x\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n0\r\nAuthorization: Bearer y\r\n\r\n");
    CHECK_NUMBER(got.request.authorization_count, 1);
    CHECK_TEXT(authorization(), "Bearer x");
}

TEST(what_follows_a_request_is_the_next_one)
{
    static const char stream[] = "GET /1 HTTP/1.1\r\nHost: d\r\nAuthorization: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: "
                                 "d\r\nContent-Length: 2\r\n\r\nhiGET /3 HTTP/1.1\r\nHost: d\r\n\r\n";
    static const char *const targets[] = { "/1", "/2", "/3" };
    const char *at = stream;
    for (size_t i = 0; i < 3; i++, at += got.used) {
        CHECK_NUMBER(request_feed(at), WARD_HTTP_REQUEST_COMPLETE);
        ward_http_request_parser_get(&got.parser, &got.request);
        CHECK_TEXT(got.request.target, targets[i]);
        CHECK_NUMBER(got.request.authorization_count, i == 0);
    }
    CHECK_NUMBER(*at, 0);
}

TEST(a_request_that_ended_takes_nothing_more)
{
    CHECK_NUMBER(request_feed("GET / HTTP/1.1\r\nHost: d\r\n\r\n"), WARD_HTTP_REQUEST_COMPLETE);
    got.used = 99;
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "GET", 3, &got.used), WARD_HTTP_REQUEST_COMPLETE);
    CHECK_NUMBER(got.used, 0);
    CHECK_NUMBER(request_feed("\x01"), WARD_HTTP_REQUEST_BROKEN);
    got.used = 99;
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "GET / HTTP/1.1\r\nHost: d\r\n\r\n", 18, &got.used),
                 WARD_HTTP_REQUEST_BROKEN);
    CHECK_NUMBER(got.used, 0);
    CHECK_NUMBER(got.parser.error, 501);
}

TEST(nothing_is_kept_from_one_request_to_the_next)
{
    request_read("PUT /secret HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer secret\r\nContent-Length: 6\r\n\r\nsecret");
    ward_http_request_parser_begin(&got.parser);
    CHECK_ZERO(got.parser.authorization);
    CHECK_ZERO(got.parser.target);
    CHECK_ZERO(got.parser.body);
    CHECK_TEXT(text(ward_http_request_parser_method(&got.parser)), "");
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "DELETE ", 7, &got.used), WARD_HTTP_REQUEST_MORE);
    CHECK_TEXT(text(ward_http_request_parser_method(&got.parser)), "");
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "/", 1, &got.used), WARD_HTTP_REQUEST_MORE);
    CHECK_TEXT(text(ward_http_request_parser_method(&got.parser)), "DELETE");
}

TEST(what_is_no_request_is_refused)
{
    CHECK_BROKEN("\x16\x03\x01", 501);
    CHECK_BROKEN("\r\n GET / HTTP/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET /\x01 HTTP/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization : x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\n Authorization: x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization\t: x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nX y: x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nContent-Length : 1\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nX: \x01\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nX: a\rb\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: -1\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400);
}

TEST(methods_and_versions_that_do_not_exist_are_told_so)
{
    CHECK_BROKEN("BREW / HTTP/1.1\r\nHost: d\r\n\r\n", 501);
    CHECK_BROKEN("get / HTTP/1.1\r\nHost: d\r\n\r\n", 501);
    CHECK_BROKEN("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501);
    CHECK_BROKEN("GET /\r\n\r\n", 505);
    CHECK_BROKEN("GET / HTTP/1.2\r\n\r\n", 505);
    CHECK_BROKEN("GET / HTTP/2.0\r\n\r\n", 505);
    CHECK_BROKEN("GET / HTTP/0.9\r\n\r\n", 505);
    CHECK_BROKEN("GET / HTTP/3.0\r\n\r\n", 505);
}

TEST(a_request_line_has_two_blanks_and_is_of_http)
{
    CHECK_BROKEN("GET / RTSP/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("\r\nPOST / RTSP/1.0\r\nContent-Length: 0\r\n\r\n", 400);
    CHECK_BROKEN("SOURCE / ICE/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET  / HTTP/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET /  HTTP/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP /1.1\r\nHost: d\r\n\r\n", 400);
    request_read("\r\nGET / HTTP/1.1\r\nHost: d\r\nX: a b RTSP/1.1\r\n\r\n");
    CHECK_TEXT(got.request.target, "/");
}

TEST(an_upgrade_is_a_request_like_any_other)
{
    request_read(
        "GET /x HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer x\r\n\r\n");
    CHECK_TEXT(got.request.target, "/x");
    CHECK_NUMBER(got.request.authorization_count, 1);
    request_read("CONNECT device:443 HTTP/1.1\r\nHost: d\r\n\r\n");
    CHECK_NUMBER(got.request.method, 0);
    CHECK_TEXT(got.request.target, "device:443");
}

/* ---- Bounds. */

static char stream[WARD_MAX_REQUEST + 4096];

static size_t begin_stream(const char *begin)
{
    strcpy(stream, begin);
    return strlen(begin);
}

static void end_stream(size_t at, size_t length, const char *end)
{
    memset(stream + at, 'a', length);
    strcpy(stream + at + length, end);
}

TEST(the_target_has_a_longest_length)
{
    size_t at = begin_stream("GET /");
    end_stream(at, WARD_MAX_TARGET - 1, " HTTP/1.1\r\nHost: d\r\n\r\n");
    request_read(stream);
    CHECK_NUMBER(got.request.target.length, WARD_MAX_TARGET);
    end_stream(at, WARD_MAX_TARGET, " HTTP/1.1\r\nHost: d\r\n\r\n");
    CHECK_BROKEN(stream, 414);
}

TEST(the_credential_has_a_longest_length)
{
    size_t at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: ");
    end_stream(at, WARD_MAX_AUTHORIZATION, "\r\n\r\n");
    request_read(stream);
    CHECK_NUMBER(got.request.authorization_length, WARD_MAX_AUTHORIZATION);
    end_stream(at, WARD_MAX_AUTHORIZATION + 1, "\r\n\r\n");
    CHECK_BROKEN(stream, 431);
}

TEST(headers_together_have_a_longest_length)
{
    size_t at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\nx: ");
    const size_t host = strlen("Hostd");
    end_stream(at, WARD_MAX_HEADERS - host - 1, "\r\n\r\n");
    request_read(stream);
    end_stream(at, WARD_MAX_HEADERS - host, "\r\n\r\n");
    CHECK_BROKEN(stream, 431);
    at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\n");
    end_stream(at, WARD_MAX_HEADERS + 1, ": x\r\n\r\n");
    CHECK_BROKEN(stream, 431);
    at = begin_stream("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nx: ");
    end_stream(at, WARD_MAX_HEADERS, "\r\n\r\n");
    CHECK_BROKEN(stream, 431);
}

TEST(the_body_has_a_longest_length)
{
    CHECK_NUMBER(WARD_MAX_BODY, 512);
    size_t at = begin_stream("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 512\r\n\r\n");
    end_stream(at, WARD_MAX_BODY, "");
    request_read(stream);
    CHECK_NUMBER(got.parser.body_text.length, WARD_MAX_BODY);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 513\r\n\r\n", 413);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 18446744073709551615\r\n\r\n", 413);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 18446744073709551617\r\n\r\n", 400);
    at = begin_stream("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n");
    end_stream(at, WARD_MAX_BODY, "\r\n0\r\n\r\n");
    request_read(stream);
    end_stream(at, WARD_MAX_BODY, "\r\n1\r\nx\r\n0\r\n\r\n");
    CHECK_BROKEN(stream, 413);
}

/* What llhttp reads and does not hand over: a peer could go on for ever. */
TEST(a_request_that_never_ends_is_ended)
{
    size_t taken;
    enum ward_http_request_state state = request_feed("GET / HTTP/1.1\r\nHost: d\r\nx:");
    for (size_t i = 0; i < WARD_MAX_REQUEST && state == WARD_HTTP_REQUEST_MORE; i += 64)
        state = ward_http_request_parser_feed(&got.parser,
                                              "                                                                ", 64,
                                              &taken);
    CHECK_NUMBER(state, WARD_HTTP_REQUEST_BROKEN);
    CHECK_NUMBER(got.parser.error, 431);
    state = request_feed("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n1;");
    for (size_t i = 0; i < WARD_MAX_REQUEST && state == WARD_HTTP_REQUEST_MORE; i += 64)
        state = ward_http_request_parser_feed(&got.parser,
                                              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 64,
                                              &taken);
    CHECK_NUMBER(state, WARD_HTTP_REQUEST_BROKEN);
    CHECK_NUMBER(got.parser.error, 413);
}

TEST(exactly_as_many_bytes_as_a_request_may_have_are_read)
{
    size_t taken;
    size_t at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\nx:");
    memset(stream + at, ' ', WARD_MAX_REQUEST);
    ward_http_request_parser_begin(&got.parser);
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, stream, WARD_MAX_REQUEST, &taken), WARD_HTTP_REQUEST_MORE);
    CHECK_NUMBER(taken, WARD_MAX_REQUEST);
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, " ", 1, &taken), WARD_HTTP_REQUEST_BROKEN);
}

/* ---- From the wire to the gate. */

static struct ward_status gate_check(const char *begin, const char *bearer)
{
    strcpy(stream, begin);
    strcat(strcat(strcat(stream, "\r\nHost: device\r\nAuthorization: "), bearer), "\r\n\r\n");
    CHECK_NUMBER(request_feed(stream), WARD_HTTP_REQUEST_COMPLETE);
    ward_http_request_parser_get(&got.parser, &got.request);
    got.request.protected_channel = true;
    got.request.now = ward_time_set(NOW);
    return ward_gate_check(&test_gate, &got.request, &test_work, &test_decision);
}

TEST(a_request_on_the_wire_is_decided)
{
    static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/foia/*"), WARD_TEXT("read:foia") } };
    GATE_BEGIN(routes);
    CHECK_STATUS(gate_check("GET /foia/7?x=y HTTP/1.1", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(gate_check("GET /foia/7 HTTP/1.1", bearer_with("read:foiax")), WARD_SCOPE_INSUFFICIENT);
    CHECK_ZERO(got.parser.authorization);
    CHECK_STATUS(gate_check("POST /foia/7 HTTP/1.1", bearer_with("read:foia")), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(gate_check("GET /foia/../foia HTTP/1.1", bearer_with("read:foia")), WARD_PATH_INVALID);
    CHECK_STATUS(gate_check("GET http://device/foia HTTP/1.1", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(gate_check("GET HTTPS://device:443/foia?x HTTP/1.1", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(gate_check("GET http://me@device/foia HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("GET ftp://device/foia HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("OPTIONS * HTTP/1.1", bearer_with("read:foia")), WARD_ROUTE_NOT_FOUND);
    CHECK_STATUS(gate_check("GET * HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("CONNECT device:443 HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("GET /foia;x HTTP/1.1", bearer_with("read:foia")), WARD_PATH_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer"), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer x, Bearer y"), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer x\r\nAuthorization: Bearer y"), WARD_CREDENTIALS_MULTIPLE);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer\tx"), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Basic eDp5"), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "bearer x   "), WARD_TOKEN_OPAQUE);
}

SUITE(request_parser, CASE(a_request_gives_what_a_gate_asks_for), CASE(a_request_without_headers_gives_none),
      CASE(header_names_have_no_case_and_are_whole), CASE(space_around_a_value_is_not_of_it),
      CASE(authorization_headers_are_counted_and_the_first_is_kept),
      CASE(an_origin_or_method_that_is_there_twice_is_none),
      CASE(a_method_that_becomes_too_long_with_its_second_piece_is_none), CASE(what_is_too_long_to_be_kept_is_none),
      CASE(a_body_may_hold_lines_that_begin_with_space), CASE(a_field_after_the_body_is_no_header),
      CASE(what_follows_a_request_is_the_next_one), CASE(a_request_that_ended_takes_nothing_more),
      CASE(nothing_is_kept_from_one_request_to_the_next), CASE(what_is_no_request_is_refused),
      CASE(a_request_line_has_two_blanks_and_is_of_http), CASE(methods_and_versions_that_do_not_exist_are_told_so),
      CASE(an_upgrade_is_a_request_like_any_other), CASE(the_target_has_a_longest_length),
      CASE(the_credential_has_a_longest_length), CASE(headers_together_have_a_longest_length),
      CASE(the_body_has_a_longest_length), CASE(a_request_that_never_ends_is_ended),
      CASE(exactly_as_many_bytes_as_a_request_may_have_are_read), CASE(a_request_on_the_wire_is_decided));
