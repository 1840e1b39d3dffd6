/* port/http/request_parser: requests out of a stream of bytes, in pieces of any size, and how they come to the gate. */
#include "request.h"
#include "request_parser.h"

static struct request_parser parser;
static struct ward_request request;
static size_t used;
static unsigned heads; /* how often REQUEST_HEAD was said */

/* Feeds a stream in pieces of `piece` bytes until it ends or the parser says so; `used` counts the whole. */
static enum request_state feed_in_pieces(const char *stream, size_t length, size_t piece)
{
    enum request_state state = REQUEST_MORE;
    size_t taken;
    heads = 0;
    request_parser_begin(&parser);
    for (used = 0; (used < length && state == REQUEST_MORE) || state == REQUEST_HEAD; used += taken) {
        state = request_parser_feed(&parser, stream + used, length - used < piece ? length - used : piece, &taken);
        heads += state == REQUEST_HEAD ? 1 : 0;
    }
    return state;
}

static enum request_state feed(const char *stream)
{
    return feed_in_pieces(stream, strlen(stream), SIZE_MAX);
}

/* Reads a whole request, in one piece and byte by byte: both must say the same. */
static void read_request(const char *stream)
{
    CHECK_NUMBER(feed_in_pieces(stream, strlen(stream), 1), REQUEST_COMPLETE);
    CHECK_NUMBER(used, strlen(stream));
    CHECK_NUMBER(heads, 1);
    CHECK_NUMBER(feed(stream), REQUEST_COMPLETE);
    CHECK_NUMBER(used, strlen(stream));
    CHECK_NUMBER(heads, 1);
    request_parser_get(&parser, &request);
}

static void check_broken(int line, const char *stream, unsigned status)
{
    for (size_t piece = 1; piece != 0; piece = piece == 1 ? SIZE_MAX : 0) {
        const enum request_state state = feed_in_pieces(stream, strlen(stream), piece);
        if (state != REQUEST_BROKEN || parser.error != status)
            check_number(__FILE__, line, stream, parser.error, status);
        CHECK_NUMBER(state, REQUEST_BROKEN);
    }
}

#define CHECK_BROKEN(stream, status) check_broken(__LINE__, stream, status)

static struct ward_text authorization(void)
{
    return ward_text_of(request.authorization, request.authorization_length);
}

TEST(a_request_gives_what_a_gate_asks_for)
{
    read_request("PUT /api/x?y=1 HTTP/1.1\r\nHost: device\r\nAuthorization: Bearer a.b.c\r\nOrigin: https://a.example\r\n"
                 "Access-Control-Request-Method: PATCH\r\nContent-Length: 5\r\n\r\nhello");
    CHECK_NUMBER(request.method, WARD_PUT);
    CHECK_TEXT(request.target, "/api/x?y=1");
    CHECK_TEXT(authorization(), "Bearer a.b.c");
    CHECK_NUMBER(request.authorization_count, 1);
    CHECK_TEXT(request.origin, "https://a.example");
    CHECK_NUMBER(request.requested_method, WARD_PATCH);
    CHECK_TEXT(ward_text_of(parser.body, parser.body_text.length), "hello");
    CHECK_TEXT(text(request_parser_method(&parser)), "PUT");
    CHECK(parser.keep_alive);
    CHECK(!request.protected_channel);
    CHECK_ZERO(request.peer);
    CHECK_ZERO(request.now);
}

TEST(a_request_without_headers_gives_none)
{
    read_request("GET / HTTP/1.1\r\nHost: d\r\n\r\n");
    CHECK(request.authorization == NULL);
    CHECK_NUMBER(request.authorization_count, 0);
    CHECK_NUMBER(request.origin.length, 0);
    CHECK_NUMBER(request.requested_method, 0);
    CHECK_NUMBER(parser.body_text.length, 0);
    read_request("GET / HTTP/1.0\r\n\r\n");
    CHECK(!parser.keep_alive);
    read_request("GET / HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
    CHECK(!parser.keep_alive);
}

TEST(header_names_have_no_case_and_are_whole)
{
    read_request("GET / HTTP/1.1\r\nHost: d\r\nAUTHORIZATION: x\r\noRIGIN: o\r\nACCESS-control-request-METHOD: GET\r\n\r\n");
    CHECK_TEXT(authorization(), "x");
    CHECK_TEXT(request.origin, "o");
    CHECK_NUMBER(request.requested_method, WARD_GET);
    read_request("GET / HTTP/1.1\r\nHost: d\r\nProxy-Authorization: x\r\nX-Authorization: x\r\nAuthorizatio: x\r\nAuthorizations: x\r\n"
                 "Origins: o\r\nAccess-Control-Request-Headers: GET\r\nAccess-Control-Request-Methods: GET\r\n"
                 "A-name-that-is-longer-than-any-that-is-kept: x\r\n\r\n");
    CHECK_NUMBER(request.authorization_count, 0);
    CHECK_NUMBER(request.origin.length, 0);
    CHECK_NUMBER(request.requested_method, 0);
}

TEST(space_around_a_value_is_not_of_it)
{
    read_request("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: \t  Bearer  x \t \r\nOrigin:\to\t\r\nAccess-Control-Request-Method:  GET  \r\n\r\n");
    CHECK_TEXT(authorization(), "Bearer  x");
    CHECK_TEXT(request.origin, "o");
    CHECK_NUMBER(request.requested_method, WARD_GET);
    read_request("GET / HTTP/1.1\r\nHost: d\r\nAuthorization:   \r\n\r\n");
    CHECK_NUMBER(request.authorization_count, 1);
    CHECK_NUMBER(authorization().length, 0);
}

TEST(authorization_headers_are_counted_and_the_first_is_kept)
{
    static char stream[64 + 300 * 20];
    read_request("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: a\r\nX: y\r\nauthorization: b\r\n\r\n");
    CHECK_NUMBER(request.authorization_count, 2);
    CHECK_TEXT(authorization(), "a");
    read_request("GET / HTTP/1.1\r\nHost: d\r\nAuthorization:\r\nAuthorization: b\r\n\r\n");
    CHECK_NUMBER(request.authorization_count, 2);
    strcpy(stream, "GET / HTTP/1.1\r\nHost: d\r\n");
    for (unsigned i = 0; i < 300; i++)
        strcat(stream, "Authorization: x\r\n");
    read_request(strcat(stream, "\r\n"));
    CHECK_NUMBER(request.authorization_count, WARD_COUNT_UNKNOWN - 1);
}

TEST(an_origin_or_method_that_is_there_twice_is_none)
{
    read_request("GET / HTTP/1.1\r\nHost: d\r\nOrigin: https://a.exa\r\nOrigin: mple\r\nAccess-Control-Request-Method: P\r\n"
                 "Access-Control-Request-Method: UT\r\n\r\n");
    CHECK_NUMBER(request.origin.length, 0);
    CHECK_NUMBER(request.requested_method, 0);
    read_request("GET / HTTP/1.1\r\nHost: d\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Method: GET\r\n\r\n");
    CHECK_NUMBER(request.requested_method, 0);
}

TEST(a_method_that_becomes_too_long_with_its_second_piece_is_none)
{
    static const char stream[] = "GET / HTTP/1.1\r\nHost: d\r\nAccess-Control-Request-Method: PUTxxxxxxxxxxxxxxxxxxxx\r\n\r\n";
    CHECK_NUMBER(feed_in_pieces(stream, strlen(stream), 16 + 31 + 3), REQUEST_COMPLETE);
    request_parser_get(&parser, &request);
    CHECK_NUMBER(request.requested_method, 0);
}

TEST(what_is_too_long_to_be_kept_is_none)
{
    char stream[512] = "GET / HTTP/1.1\r\nHost: d\r\nAccess-Control-Request-Method: GETGETGETGETGETGE\r\nOrigin: ";
    const size_t begin = strlen(stream);
    memset(stream + begin, 'o', 257);
    strcpy(stream + begin + 257, "\r\n\r\n");
    read_request(stream);
    CHECK_NUMBER(request.origin.length, 0);
    CHECK_NUMBER(request.requested_method, 0);
    strcpy(stream + begin + 256, "\r\n\r\n");
    read_request(stream);
    CHECK_NUMBER(request.origin.length, 256);
}

TEST(folded_lines_are_refused)
{
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer\r\n x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer a\r\n\tb\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization:\r\n Bearer x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer x\r\n \r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nX: y\r\n z\r\nAuthorization: Bearer x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\n Authorization: Bearer x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nX: y\r\n\tAuthorization: Bearer x\r\n\r\n", 400);
}

TEST(a_body_may_hold_lines_that_begin_with_space)
{
    read_request("\r\nPOST / HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\n\n x\n\t");
    CHECK_TEXT(ward_text_of(parser.body, parser.body_text.length), "\n x\n\t");
    CHECK_NUMBER(feed(""), REQUEST_MORE);
    CHECK_NUMBER(used, 0);
}

TEST(a_field_behind_the_body_is_no_header)
{
    read_request("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nAuthorization: Bearer x\r\nOrigin: o\r\n"
                 "Access-Control-Request-Method: GET\r\n\r\n");
    CHECK_TEXT(ward_text_of(parser.body, parser.body_text.length), "abc");
    CHECK_NUMBER(request.authorization_count, 0);
    CHECK(request.authorization == NULL);
    CHECK_NUMBER(request.origin.length, 0);
    CHECK_NUMBER(request.requested_method, 0);
    read_request("POST / HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer y\r\n\r\n");
    CHECK_NUMBER(request.authorization_count, 1);
    CHECK_TEXT(authorization(), "Bearer x");
}

TEST(what_follows_a_request_is_the_next_one)
{
    static const char stream[] = "GET /1 HTTP/1.1\r\nHost: d\r\nAuthorization: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\nhiGET /3 HTTP/1.1\r\nHost: d\r\n\r\n";
    static const char *const targets[] = { "/1", "/2", "/3" };
    const char *at = stream;
    for (size_t i = 0; i < 3; i++, at += used) {
        CHECK_NUMBER(feed(at), REQUEST_COMPLETE);
        request_parser_get(&parser, &request);
        CHECK_TEXT(request.target, targets[i]);
        CHECK_NUMBER(request.authorization_count, i == 0);
    }
    CHECK_NUMBER(*at, 0);
}

TEST(a_request_that_ended_takes_nothing_more)
{
    CHECK_NUMBER(feed("GET / HTTP/1.1\r\nHost: d\r\n\r\n"), REQUEST_COMPLETE);
    used = 99;
    CHECK_NUMBER(request_parser_feed(&parser, "GET", 3, &used), REQUEST_COMPLETE);
    CHECK_NUMBER(used, 0);
    CHECK_NUMBER(feed("\x01"), REQUEST_BROKEN);
    used = 99;
    CHECK_NUMBER(request_parser_feed(&parser, "GET / HTTP/1.1\r\nHost: d\r\n\r\n", 18, &used), REQUEST_BROKEN);
    CHECK_NUMBER(used, 0);
    CHECK_NUMBER(parser.error, 501);
}

TEST(nothing_is_kept_from_one_request_to_the_next)
{
    read_request("PUT /secret HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer secret\r\nContent-Length: 6\r\n\r\nsecret");
    request_parser_begin(&parser);
    CHECK_ZERO(parser.authorization);
    CHECK_ZERO(parser.target);
    CHECK_ZERO(parser.body);
    CHECK_TEXT(text(request_parser_method(&parser)), "");
    CHECK_NUMBER(request_parser_feed(&parser, "DELETE ", 7, &used), REQUEST_MORE);
    CHECK_TEXT(text(request_parser_method(&parser)), "");
    CHECK_NUMBER(request_parser_feed(&parser, "/", 1, &used), REQUEST_MORE);
    CHECK_TEXT(text(request_parser_method(&parser)), "DELETE");
}

/* ---- Host. */

TEST(a_request_of_http_1_1_names_its_host_once)
{
    static const char *const good[] = { "d", "device.example:443", "10.0.2.15", "[::1]:443", "d\r\nHosts: a b", " \t d \t " };
    static const char *const bad[] = { "", " ", "a b/c", "a\r\nHost: a", "a\r\nhOST: b", "me@d", "d:x", "[::1", "d/", "d, e" };
    char request_text[128];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        strcat(strcat(strcpy(request_text, "GET / HTTP/1.1\r\nHost: "), good[i]), "\r\n\r\n");
        read_request(request_text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        strcat(strcat(strcpy(request_text, "GET / HTTP/1.1\r\nHost:"), bad[i]), "\r\n\r\n");
        CHECK_BROKEN(request_text, 400);
        memcpy(request_text, "GET / HTTP/1.0", 14);
        CHECK_BROKEN(request_text, 400);
    }
    CHECK_BROKEN("GET / HTTP/1.1\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nX-Host: d\r\n\r\n", 400);
    CHECK_BROKEN("GET http://d/ HTTP/1.1\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: d\r\n\r\n", 400);
    read_request("GET / HTTP/1.0\r\n\r\n");
}

TEST(a_host_has_a_longest_length)
{
    char request_text[320] = "GET / HTTP/1.1\r\nHost: ";
    const size_t at = strlen(request_text);
    memset(request_text + at, 'a', 260);
    strcpy(request_text + at + 260, "\r\n\r\n");
    read_request(request_text);
    memset(request_text + at, 'a', 261);
    strcpy(request_text + at + 261, "\r\n\r\n");
    CHECK_BROKEN(request_text, 400);
}

/* ---- Where a body ends: whoever stands in front must see the same end. */

TEST(a_transfer_coding_is_chunked_once_or_refused)
{
    static const char *const good[] = { "chunked", "CHUNKed", " chunked ", "\tchunked" };
    static const char *const unknown[] = { "gzip", "identity", "gzip, chunked", "gzip\r\nTransfer-Encoding: chunked", "xchunked", "chunkedx", "chunked;x=1",
                                           "\"chunked\"", "deflate , chunked", "chunk ed" };
    static const char *const broken[] = { "", " ", "\t", ",", "chunked,", ",chunked", ", chunked", "gzip,", "chunked, chunked", "chunked, gzip",
                                          "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: gzip",
                                          "chunked\r\nTransfer-Encoding:", "\r\nTransfer-Encoding: chunked", "gzip\r\nTransfer-Encoding:",
                                          "chunked\r\nContent-Length: 5", "chunked\r\nContent-Length: 0", "gzip\r\nContent-Length: 5",
                                          "\r\nContent-Length: 5", "chunked\t" };
    char request_text[256];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding:"), good[i]), "\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        read_request(request_text);
        CHECK_TEXT(ward_text_of(parser.body, parser.body_text.length), "hi");
        CHECK(parser.has_body && parser.keep_alive);
        memcpy(request_text, "POST / HTTP/1.0", 15);
        CHECK_BROKEN(request_text, 400);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding:"), unknown[i]), "\r\n\r\n");
        CHECK_BROKEN(request_text, 501);
    }
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding:"), broken[i]), "\r\n\r\n");
        CHECK_BROKEN(request_text, 400);
    }
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n\r\n", 400);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n", 400);
}

TEST(a_content_length_is_one_number)
{
    static const char *const bad[] = { "", " ", "+5", "-5", "5,5", "5, 5", "5 5", "0x5", "5x", "5.0", "\"5\"", "5\r\nContent-Length: 5", "5\r\nContent-Length: 6",
                                       "5\r\nContent-Length:", "\r\nContent-Length: 5", "5;", "\xb2" };
    char request_text[128];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nContent-Length: "), bad[i]), "\r\n\r\nhello");
        CHECK_BROKEN(request_text, 400);
    }
    read_request("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 005 \r\n\r\nhello");
    CHECK_TEXT(ward_text_of(parser.body, parser.body_text.length), "hello");
    CHECK(parser.has_body);
    read_request("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");
    CHECK(!parser.has_body);
}

TEST(lines_end_in_cr_lf)
{
    CHECK_BROKEN("GET / HTTP/1.1\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\rHost: d\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\rX: y\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\n\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\n\rX", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nX: \r\r\n\r\n", 400);
    CHECK_BROKEN("\nGET / HTTP/1.1\r\nHost: d\r\n\r\n", 400);
    CHECK_BROKEN("\rGET / HTTP/1.1\r\nHost: d\r\n\r\n", 400);
    read_request("\r\n\r\nGET / HTTP/1.1\r\nHost: d\r\n\r\n");
}

TEST(so_do_the_lines_between_chunks_and_behind_them)
{
    static const char *const bad[] = { "2\nhi\r\n0\r\n\r\n", "2\rhi\r\n0\r\n\r\n", "2;x\nhi\r\n0\r\n\r\n", "2;x\ry\r\nhi\r\n0\r\n\r\n", "2\r\nhi\n0\r\n\r\n",
                                       "2\r\nhi\r0\r\n\r\n", "2\r\nhi0\r\n\r\n", "2\r\nhi\r\n0\n\r\n", "2\r\nhi\r\n0\r\n\n", "2\r\nhi\r\n0\r\n\rX",
                                       "2\r\nhi\r\n0\r\nX: y\n\r\n", "2\r\nhi\r\n0\r\nX: y\r\n z\r\n\r\n", "2\r\nhi\r\n0\r\n: y\r\n\r\n",
                                       " 2\r\nhi\r\n0\r\n\r\n", "+2\r\nhi\r\n0\r\n\r\n", "0x2\r\nhi\r\n0\r\n\r\n", "-2\r\nhi\r\n0\r\n\r\n", "\r\nhi\r\n0\r\n\r\n",
                                       ";x\r\nhi\r\n0\r\n\r\n", "2\t\r\nhi\r\n0\r\n\r\n" };
    char request_text[160];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n"), bad[i]);
        CHECK_BROKEN(request_text, 400);
    }
    read_request("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\n \r\n1\r\n\n\r\n0\r\nX: y\r\n\r\n");
    CHECK_TEXT(ward_text_of(parser.body, parser.body_text.length), "\r\n\n \n");
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", 400);
}

TEST(a_field_has_a_name_and_no_nul)
{
    static const char nul[] = "GET / HTTP/1.1\r\nHost: d\r\nX: a\0b\r\n\r\n";
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\n: x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\n:\r\nHost: d\r\n\r\n", 400);
    CHECK_NUMBER(feed_in_pieces(nul, sizeof nul - 1, SIZE_MAX), REQUEST_BROKEN);
    CHECK_NUMBER(parser.error, 400);
}

/* ---- Between headers and body. */

static enum request_state feed_head(const char *stream)
{
    request_parser_begin(&parser);
    return request_parser_feed(&parser, stream, strlen(stream), &used);
}

TEST(a_gate_is_asked_before_the_body)
{
    static const char head[] = "PUT /x HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer x\r\nContent-Length: 2\r\n\r\n";
    char whole[128];
    CHECK_NUMBER(feed_head(strcat(strcpy(whole, head), "hiGET")), REQUEST_HEAD);
    CHECK_NUMBER(used, strlen(head));
    CHECK(parser.has_body && parser.keep_alive && !parser.expects_continue);
    request_parser_get(&parser, &request);
    CHECK_TEXT(request.target, "/x");
    CHECK_TEXT(authorization(), "Bearer x");
    CHECK_NUMBER(request_parser_feed(&parser, "", 0, &used), REQUEST_MORE);
    CHECK_NUMBER(request_parser_feed(&parser, "hiGET", 5, &used), REQUEST_COMPLETE);
    CHECK_NUMBER(used, 2);
    CHECK_NUMBER(feed_head("GET /x HTTP/1.1\r\nHost: d\r\n\r\nGET"), REQUEST_HEAD);
    CHECK(!parser.has_body);
    CHECK_NUMBER(request_parser_feed(&parser, "GET", 3, &used), REQUEST_COMPLETE);
    CHECK_NUMBER(used, 0);
}

TEST(a_body_may_wait_for_100_continue)
{
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"), REQUEST_HEAD);
    CHECK(parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nExpect: ,100-continue, 100-continue\r\n\r\n"), REQUEST_HEAD);
    CHECK(parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nExpect:\r\n\r\n"), REQUEST_HEAD);
    CHECK(!parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"), REQUEST_HEAD);
    CHECK(!parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"), REQUEST_HEAD);
    CHECK(!parser.expects_continue);
}

TEST(other_expectations_are_not_met)
{
    char request_text[400] = "PUT / HTTP/1.1\r\nHost: d\r\nExpect: ";
    const size_t at = strlen(request_text);
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\nExpect: 200-ok\r\n\r\n", 417);
    CHECK_BROKEN("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nExpect: 100-continue, x\r\n\r\n", 417);
    CHECK_BROKEN("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nExpect: 100-continue\r\nExpect: x\r\n\r\n", 417);
    CHECK_BROKEN("PUT / HTTP/1.1\r\nHost: d\r\nExpect: 100-continue;x=y\r\n\r\n", 417);
    memset(request_text + at, ' ', 300);
    memset(request_text + at, ',', 1);
    memset(request_text + at + 299, ',', 1);
    strcpy(request_text + at + 300, "\r\n\r\n");
    CHECK_BROKEN(request_text, 417);
    read_request("GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n");
}

TEST(what_ends_a_connection)
{
    read_request("GET / HTTP/1.1\r\nHost: d\r\nConnection: x, close\r\n\r\n");
    CHECK(!parser.keep_alive);
    read_request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(!parser.keep_alive);
    CHECK_NUMBER(feed("CONNECT device:443 HTTP/1.1\r\nHost: device:443\r\n\r\n\x16\x03\x01"), REQUEST_COMPLETE);
    CHECK(!parser.keep_alive);
    read_request("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n");
    CHECK(parser.keep_alive);
    read_request("POST / HTTP/1.1\r\nHost: d\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(!parser.keep_alive);
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

TEST(an_upgrade_is_a_request_like_any_other)
{
    read_request("GET /x HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer x\r\n\r\n");
    CHECK_TEXT(request.target, "/x");
    CHECK_NUMBER(request.authorization_count, 1);
    read_request("CONNECT device:443 HTTP/1.1\r\nHost: d\r\n\r\n");
    CHECK_NUMBER(request.method, 0);
    CHECK_TEXT(request.target, "device:443");
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
    read_request(stream);
    CHECK_NUMBER(request.target.length, WARD_MAX_TARGET);
    end_stream(at, WARD_MAX_TARGET, " HTTP/1.1\r\nHost: d\r\n\r\n");
    CHECK_BROKEN(stream, 414);
}

TEST(the_credential_has_a_longest_length)
{
    size_t at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\nAuthorization: ");
    end_stream(at, WARD_MAX_AUTHORIZATION, "\r\n\r\n");
    read_request(stream);
    CHECK_NUMBER(request.authorization_length, WARD_MAX_AUTHORIZATION);
    end_stream(at, WARD_MAX_AUTHORIZATION + 1, "\r\n\r\n");
    CHECK_BROKEN(stream, 431);
}

TEST(headers_together_have_a_longest_length)
{
    size_t at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\nx: ");
    const size_t host = strlen("Hostd");
    end_stream(at, WARD_MAX_HEADERS - host - 1, "\r\n\r\n");
    read_request(stream);
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
    read_request(stream);
    CHECK_NUMBER(parser.body_text.length, WARD_MAX_BODY);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 513\r\n\r\n", 413);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 18446744073709551615\r\n\r\n", 413);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 18446744073709551617\r\n\r\n", 400);
    at = begin_stream("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n");
    end_stream(at, WARD_MAX_BODY, "\r\n0\r\n\r\n");
    read_request(stream);
    end_stream(at, WARD_MAX_BODY, "\r\n1\r\nx\r\n0\r\n\r\n");
    CHECK_BROKEN(stream, 413);
}

/* What llhttp reads and does not hand over: a peer could go on for ever. */
TEST(a_request_that_never_ends_is_ended)
{
    size_t taken;
    enum request_state state = feed("GET / HTTP/1.1\r\nHost: d\r\nx:");
    for (size_t i = 0; i < WARD_MAX_REQUEST && state == REQUEST_MORE; i += 64)
        state = request_parser_feed(&parser, "                                                                ", 64, &taken);
    CHECK_NUMBER(state, REQUEST_BROKEN);
    CHECK_NUMBER(parser.error, 431);
    state = feed("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n1;");
    for (size_t i = 0; i < WARD_MAX_REQUEST && state == REQUEST_MORE; i += 64)
        state = request_parser_feed(&parser, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 64, &taken);
    CHECK_NUMBER(state, REQUEST_BROKEN);
    CHECK_NUMBER(parser.error, 413);
}

TEST(exactly_as_many_bytes_as_a_request_may_have_are_read)
{
    size_t taken;
    size_t at = begin_stream("GET / HTTP/1.1\r\nHost: d\r\nx:");
    memset(stream + at, ' ', WARD_MAX_REQUEST);
    request_parser_begin(&parser);
    CHECK_NUMBER(request_parser_feed(&parser, stream, WARD_MAX_REQUEST, &taken), REQUEST_MORE);
    CHECK_NUMBER(taken, WARD_MAX_REQUEST);
    CHECK_NUMBER(request_parser_feed(&parser, " ", 1, &taken), REQUEST_BROKEN);
}

/* ---- From the wire to the gate. */

static struct ward_status gate_check(const char *begin, const char *bearer)
{
    strcpy(stream, begin);
    strcat(strcat(strcat(stream, "\r\nHost: device\r\nAuthorization: "), bearer), "\r\n\r\n");
    CHECK_NUMBER(feed(stream), REQUEST_COMPLETE);
    request_parser_get(&parser, &request);
    request.protected_channel = true;
    request.now = ward_time_set(NOW);
    return ward_gate_check(&test_gate, &request, &test_work, &test_decision);
}

TEST(a_request_on_the_wire_is_decided)
{
    static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/foia/*"), WARD_TEXT("read:foia") } };
    GATE_BEGIN(routes);
    CHECK_STATUS(gate_check("GET /foia/7?x=y HTTP/1.1", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(gate_check("GET /foia/7 HTTP/1.1", bearer_with("read:foiax")), WARD_SCOPE_INSUFFICIENT);
    CHECK_ZERO(parser.authorization);
    CHECK_STATUS(gate_check("POST /foia/7 HTTP/1.1", bearer_with("read:foia")), WARD_METHOD_NOT_ALLOWED);
    CHECK_STATUS(gate_check("GET /foia/../foia HTTP/1.1", bearer_with("read:foia")), WARD_PATH_INVALID);
    CHECK_STATUS(gate_check("GET http://device/foia HTTP/1.1", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(gate_check("GET HTTPS://device:443/foia?x HTTP/1.1", bearer_with("read:foia")), WARD_OK);
    CHECK_STATUS(gate_check("GET http://me@device/foia HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("GET ftp://device/foia HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("OPTIONS * HTTP/1.1", bearer_with("read:foia")), WARD_NO_ROUTE);
    CHECK_STATUS(gate_check("GET * HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("CONNECT device:443 HTTP/1.1", bearer_with("read:foia")), WARD_TARGET_INVALID);
    CHECK_STATUS(gate_check("GET /foia;x HTTP/1.1", bearer_with("read:foia")), WARD_PATH_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer"), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer x, Bearer y"), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer x\r\nAuthorization: Bearer y"), WARD_CREDENTIALS_SEVERAL);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Bearer\tx"), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "Basic eDp5"), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(gate_check("GET /foia HTTP/1.1", "bearer x   "), WARD_TOKEN_OPAQUE);
}

SUITE(request_parser, CASE(a_request_gives_what_a_gate_asks_for), CASE(a_request_without_headers_gives_none),
      CASE(header_names_have_no_case_and_are_whole), CASE(space_around_a_value_is_not_of_it),
      CASE(authorization_headers_are_counted_and_the_first_is_kept), CASE(an_origin_or_method_that_is_there_twice_is_none),
      CASE(a_method_that_becomes_too_long_with_its_second_piece_is_none),
      CASE(what_is_too_long_to_be_kept_is_none), CASE(folded_lines_are_refused),
      CASE(a_body_may_hold_lines_that_begin_with_space), CASE(a_field_behind_the_body_is_no_header),
      CASE(what_follows_a_request_is_the_next_one), CASE(a_request_that_ended_takes_nothing_more),
      CASE(nothing_is_kept_from_one_request_to_the_next), CASE(a_request_of_http_1_1_names_its_host_once),
      CASE(a_host_has_a_longest_length), CASE(a_transfer_coding_is_chunked_once_or_refused), CASE(a_content_length_is_one_number),
      CASE(lines_end_in_cr_lf), CASE(so_do_the_lines_between_chunks_and_behind_them), CASE(a_field_has_a_name_and_no_nul),
      CASE(a_gate_is_asked_before_the_body), CASE(a_body_may_wait_for_100_continue), CASE(other_expectations_are_not_met),
      CASE(what_ends_a_connection), CASE(what_is_no_request_is_refused),
      CASE(methods_and_versions_that_do_not_exist_are_told_so), CASE(an_upgrade_is_a_request_like_any_other),
      CASE(the_target_has_a_longest_length), CASE(the_credential_has_a_longest_length),
      CASE(headers_together_have_a_longest_length), CASE(the_body_has_a_longest_length),
      CASE(a_request_that_never_ends_is_ended), CASE(exactly_as_many_bytes_as_a_request_may_have_are_read),
      CASE(a_request_on_the_wire_is_decided));
