/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/request_parser and request_fields: which requests may be taken, where each of them ends, and what is known
 * before its body. */
#include "request_feed.h"

/* ---- Host. */

TEST(a_request_of_http_1_1_names_its_host_once)
{
    static const char *const good[] = { "d",         "device.example:443", "10.0.2.15",
                                        "[::1]:443", "d\r\nHosts: a b",    " \t d \t " };
    static const char *const bad[] = { "",     " ",   "a b/c", "a\r\nHost: a", "a\r\nhOST: b",
                                       "me@d", "d:x", "[::1",  "d/",           "d, e" };
    char request_text[128];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        strcat(strcat(strcpy(request_text, "GET / HTTP/1.1\r\nHost: "), good[i]), "\r\n\r\n");
        request_read(request_text);
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
    request_read("GET / HTTP/1.0\r\n\r\n");
}

TEST(a_host_has_a_longest_length)
{
    char request_text[320] = "GET / HTTP/1.1\r\nHost: ";
    const size_t at = strlen(request_text);
    memset(request_text + at, 'a', 260);
    strcpy(request_text + at + 260, "\r\n\r\n");
    request_read(request_text);
    memset(request_text + at, 'a', 261);
    strcpy(request_text + at + 261, "\r\n\r\n");
    CHECK_BROKEN(request_text, 400);
}

/* ---- Where a body ends: whoever stands in front must see the same end. */

TEST(a_transfer_coding_is_chunked_once_or_refused)
{
    static const char *const good[] = { "chunked", "CHUNKed", " chunked ", "\tchunked" };
    static const char *const unknown[] = { "gzip",
                                           "identity",
                                           "gzip, chunked",
                                           "gzip\r\nTransfer-Encoding: chunked",
                                           "xchunked",
                                           "chunkedx",
                                           "chunked;x=1",
                                           "\"chunked\"",
                                           "deflate , chunked",
                                           "chunk ed" };
    static const char *const broken[] = { "",
                                          " ",
                                          "\t",
                                          ",",
                                          "chunked,",
                                          ",chunked",
                                          ", chunked",
                                          "gzip,",
                                          "chunked, chunked",
                                          "chunked, gzip",
                                          "chunked\r\nTransfer-Encoding: chunked",
                                          "chunked\r\nTransfer-Encoding: gzip",
                                          "chunked\r\nTransfer-Encoding:",
                                          "\r\nTransfer-Encoding: chunked",
                                          "gzip\r\nTransfer-Encoding:",
                                          "chunked\r\nContent-Length: 5",
                                          "chunked\r\nContent-Length: 0",
                                          "gzip\r\nContent-Length: 5",
                                          "\r\nContent-Length: 5",
                                          "chunked\t" };
    char request_text[256];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding:"), good[i]),
               "\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        request_read(request_text);
        CHECK_TEXT(ward_text_of(got.parser.body, got.parser.body_text.length), "hi");
        CHECK(got.parser.has_body && got.parser.keep_alive);
        memcpy(request_text, "POST / HTTP/1.0", 15);
        CHECK_BROKEN(request_text, 400);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding:"), unknown[i]),
               "\r\n\r\n");
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
    static const char *const bad[] = { "",
                                       " ",
                                       "+5",
                                       "-5",
                                       "5,5",
                                       "5, 5",
                                       "5 5",
                                       "0x5",
                                       "5x",
                                       "5.0",
                                       "\"5\"",
                                       "5\r\nContent-Length: 5",
                                       "5\r\nContent-Length: 6",
                                       "5\r\nContent-Length:",
                                       "\r\nContent-Length: 5",
                                       "5;",
                                       "\xb2" };
    char request_text[128];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        strcat(strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nContent-Length: "), bad[i]), "\r\n\r\nhello");
        CHECK_BROKEN(request_text, 400);
    }
    request_read("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 005 \r\n\r\nhello");
    CHECK_TEXT(ward_text_of(got.parser.body, got.parser.body_text.length), "hello");
    CHECK(got.parser.has_body);
    request_read("POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");
    CHECK(!got.parser.has_body);
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
    request_read("\r\n\r\nGET / HTTP/1.1\r\nHost: d\r\n\r\n");
}

TEST(so_do_the_lines_between_chunks_and_after_them)
{
    static const char *const bad[] = { "2\nhi\r\n0\r\n\r\n",
                                       "2\rhi\r\n0\r\n\r\n",
                                       "2;x\nhi\r\n0\r\n\r\n",
                                       "2;x\ry\r\nhi\r\n0\r\n\r\n",
                                       "2\r\nhi\n0\r\n\r\n",
                                       "2\r\nhi\r0\r\n\r\n",
                                       "2\r\nhi0\r\n\r\n",
                                       "2\r\nhi\r\n0\n\r\n",
                                       "2\r\nhi\r\n0\r\n\n",
                                       "2\r\nhi\r\n0\r\n\rX",
                                       "2\r\nhi\r\n0\r\nX: y\n\r\n",
                                       "2\r\nhi\r\n0\r\nX: y\r\n z\r\n\r\n",
                                       "2\r\nhi\r\n0\r\n: y\r\n\r\n",
                                       " 2\r\nhi\r\n0\r\n\r\n",
                                       "+2\r\nhi\r\n0\r\n\r\n",
                                       "0x2\r\nhi\r\n0\r\n\r\n",
                                       "-2\r\nhi\r\n0\r\n\r\n",
                                       "\r\nhi\r\n0\r\n\r\n",
                                       ";x\r\nhi\r\n0\r\n\r\n",
                                       "2\t\r\nhi\r\n0\r\n\r\n" };
    char request_text[160];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        strcat(strcpy(request_text, "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n"), bad[i]);
        CHECK_BROKEN(request_text, 400);
    }
    request_read(
        "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\n \r\n1\r\n\n\r\n0\r\nX: y\r\n\r\n");
    CHECK_TEXT(ward_text_of(got.parser.body, got.parser.body_text.length), "\r\n\n \n");
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413);
    CHECK_BROKEN("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", 400);
}

TEST(a_field_has_a_name_and_no_nul)
{
    static const char nul[] = "GET / HTTP/1.1\r\nHost: d\r\nX: a\0b\r\n\r\n";
    CHECK_BROKEN("GET / HTTP/1.1\r\nHost: d\r\n: x\r\n\r\n", 400);
    CHECK_BROKEN("GET / HTTP/1.1\r\n:\r\nHost: d\r\n\r\n", 400);
    CHECK_NUMBER(request_feed_in_pieces(nul, sizeof nul - 1, SIZE_MAX), WARD_HTTP_REQUEST_BROKEN);
    CHECK_NUMBER(got.parser.error, 400);
}

/* ---- Between headers and body. */

static enum ward_http_request_state feed_head(const char *stream)
{
    ward_http_request_parser_begin(&got.parser);
    return ward_http_request_parser_feed(&got.parser, stream, strlen(stream), &got.used);
}

TEST(a_gate_is_asked_before_the_body)
{
    static const char head[] = "PUT /x HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer x\r\nContent-Length: 2\r\n\r\n";
    char whole[128];
    CHECK_NUMBER(feed_head(strcat(strcpy(whole, head), "hiGET")), WARD_HTTP_REQUEST_HEAD);
    CHECK_NUMBER(got.used, strlen(head));
    CHECK(got.parser.has_body && got.parser.keep_alive && !got.parser.expects_continue);
    ward_http_request_parser_get(&got.parser, &got.request);
    CHECK_TEXT(got.request.target, "/x");
    CHECK_TEXT(ward_text_of(got.request.authorization, got.request.authorization_length), "Bearer x");
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "", 0, &got.used), WARD_HTTP_REQUEST_MORE);
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "hiGET", 5, &got.used), WARD_HTTP_REQUEST_COMPLETE);
    CHECK_NUMBER(got.used, 2);
    CHECK_NUMBER(feed_head("GET /x HTTP/1.1\r\nHost: d\r\n\r\nGET"), WARD_HTTP_REQUEST_HEAD);
    CHECK(!got.parser.has_body);
    CHECK_NUMBER(ward_http_request_parser_feed(&got.parser, "GET", 3, &got.used), WARD_HTTP_REQUEST_COMPLETE);
    CHECK_NUMBER(got.used, 0);
}

TEST(a_body_may_wait_for_100_continue)
{
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"),
                 WARD_HTTP_REQUEST_HEAD);
    CHECK(got.parser.expects_continue);
    CHECK_NUMBER(
        feed_head(
            "PUT / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nExpect: ,100-continue, 100-continue\r\n\r\n"),
        WARD_HTTP_REQUEST_HEAD);
    CHECK(got.parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nExpect:\r\n\r\n"),
                 WARD_HTTP_REQUEST_HEAD);
    CHECK(!got.parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"),
                 WARD_HTTP_REQUEST_HEAD);
    CHECK(!got.parser.expects_continue);
    CHECK_NUMBER(feed_head("PUT / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"),
                 WARD_HTTP_REQUEST_HEAD);
    CHECK(!got.parser.expects_continue);
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
    request_read("GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n");
}

TEST(what_ends_a_connection)
{
    request_read("GET / HTTP/1.1\r\nHost: d\r\nConnection: x, close\r\n\r\n");
    CHECK(!got.parser.keep_alive);
    request_read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(!got.parser.keep_alive);
    CHECK_NUMBER(request_feed("CONNECT device:443 HTTP/1.1\r\nHost: device:443\r\n\r\n\x16\x03\x01"),
                 WARD_HTTP_REQUEST_COMPLETE);
    CHECK(!got.parser.keep_alive);
    request_read("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n");
    CHECK(got.parser.keep_alive);
    request_read("POST / HTTP/1.1\r\nHost: d\r\nConnection: close\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(!got.parser.keep_alive);
}

SUITE(request_framing, CASE(a_request_of_http_1_1_names_its_host_once), CASE(a_host_has_a_longest_length),
      CASE(a_transfer_coding_is_chunked_once_or_refused), CASE(a_content_length_is_one_number),
      CASE(lines_end_in_cr_lf), CASE(so_do_the_lines_between_chunks_and_after_them),
      CASE(a_field_has_a_name_and_no_nul), CASE(a_gate_is_asked_before_the_body),
      CASE(a_body_may_wait_for_100_continue), CASE(other_expectations_are_not_met), CASE(what_ends_a_connection),
      CASE(folded_lines_are_refused));
