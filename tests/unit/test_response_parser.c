/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/response_parser: an answer out of a stream of bytes, in pieces of any size, and what is known of it. */
#include "response_feed.h"

/* ---- The answer. */

TEST(an_answer_gives_its_body_and_what_it_says_about_time)
{
    CHECK_BODY(OK "Content-Type: application/json\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nAge: 3\r\n"
                  "Cache-Control: public, max-age=15\r\nRetry-After: 7\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}",
               "{\"keys\":[]}");
    CHECK_NUMBER(fed.answer.date, 784111777);
    CHECK(fed.answer.aged);
    CHECK_NUMBER(fed.answer.max_age, 15);
    CHECK_NUMBER(fed.answer.retry_after, 7);
    CHECK_BODY(OK TWO "\r\n{}", "{}");
    CHECK_NUMBER(fed.answer.date, 0);
    CHECK_NUMBER(fed.answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(fed.answer.retry_after, 0);
}

TEST(field_names_have_no_case_and_the_space_around_a_value_is_not_of_it)
{
    CHECK_BODY(OK
               "CONTENT-length:002 \r\ncache-CONTROL: \t max-age=5 \t\r\nretry-after:6\r\nConnection: close\r\n\r\n{}",
               "{}");
    CHECK_NUMBER(fed.answer.max_age, 5);
    CHECK_NUMBER(fed.answer.retry_after, 6);
    CHECK_BODY(OK "transfer-ENCODING: CHUNKED  \r\ncontent-encoding: \tIdentity\t \r\nContent-Encoding: "
                  "identity\r\n\r\n0\r\n\r\n",
               "");
}

TEST(the_first_line_is_read_as_servers_write_it)
{
    CHECK_BODY("HTTP/1.1 200\r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("HTTP/1.1 200 \r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("HTTP/1.1 200 All is \xc3\xa9 \t\r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("HTTP/1.0 200 OK\r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("\r\n\r\nHTTP/1.1 200 OK\r\n" TWO "\r\n{}", "{}");
}

/* Also of the answer after an interim one. */
TEST(about_what_time_it_is_can_be_told)
{
    static const char stream[] =
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nDate: Tuesday, 01-Jan-75 00:00:00 GMT\r\n\r\n";
    static const size_t starts[] = { 28, 0 };
    static struct ward_http_response_parser parser;
    struct ward_fetch_answer answer;
    char body[8];
    size_t used;
    size_t length;
    for (size_t i = 0; i < 2; i++) {
        ward_http_response_parser_begin(&parser);
        ward_http_response_parser_at(&parser, 1735689600u);
        (void)ward_http_response_parser_feed(&parser, stream + starts[i], sizeof stream - 1 - starts[i], &used, body,
                                             sizeof body, &length);
        ward_http_response_parser_answer(&parser, &answer);
        CHECK_NUMBER(answer.date, 3313526400u);
    }
}

TEST(a_body_may_be_empty)
{
    CHECK_BODY(OK "Content-Length: 0\r\n\r\n", "");
    CHECK_BODY(CHUNKED "0\r\n\r\n", "");
}

TEST(chunks_are_joined_and_their_extensions_passed_over)
{
    CHECK_BODY(CHUNKED "2;a=b\r\n{\"\r\n9;c=\"d e\";f\r\nkeys\":[]}\r\n000\r\n\r\n", "{\"keys\":[]}");
    CHECK_BODY(CHUNKED "A\r\n0\r\n\r\n0\r\n\r\n\r\nb\r\n\n x\n\ty\n\n\r\n \r\n0;x\r\n\r\n",
               "0\r\n\r\n0\r\n\r\n\n x\n\ty\n\n\r\n ");
}

TEST(a_field_after_the_body_is_no_header)
{
    CHECK_BODY(CHUNKED
               "2\r\n{}\r\n0\r\nRetry-After: 5\r\nCache-Control: max-age=5\r\nTransfer-Encoding: gzip\r\n"
               "Content-Encoding: gzip\r\nContent-Length: 9\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n a\r\n\r\n",
               "{}");
    CHECK_NUMBER(fed.answer.retry_after, 0);
    CHECK_NUMBER(fed.answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(fed.answer.date, 0);
    CHECK_BROKEN(CHUNKED "2\r\n{}\r\n0\r\n: x\r\n\r\n", WARD_FETCH_PROTOCOL, 200);
}

TEST(what_is_after_an_answer_is_left)
{
    static const char *const streams[] = { OK TWO "\r\n{}HTTP/1.1 500 No\r\n\r\n", OK TWO "\r\n{}\x01",
                                           OK "Content-Length: 0\r\n\r\n{}",
                                           CHUNKED "2\r\n{}\r\n0\r\n\r\n2\r\n{}\r\n0\r\n\r\n" };
    static const size_t behind[] = { 19, 1, 2, 12 };
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        CHECK_NUMBER(feed_in_every_way(streams[i]), WARD_HTTP_RESPONSE_COMPLETE);
        CHECK_NUMBER(fed.used, strlen(streams[i]) - behind[i]);
        CHECK_STATUS(fed.answer.status, WARD_OK);
    }
}

/* ---- The status. */

static void write_number(char *digits, unsigned number)
{
    digits[0] = (char)('0' + number / 100);
    digits[1] = (char)('0' + number / 10 % 10);
    digits[2] = (char)('0' + number % 10);
}

TEST(every_status_but_200_is_refused_and_its_fields_count)
{
    char stream[] = "HTTP/1.1 xxx No\r\nRetry-After: 120\r\nLocation: https://b.example/\r\nContent-Encoding: gzip\r\n"
                    "Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    for (unsigned http = 100; http < 1000; http++) {
        if (http == 200 || (http < 200 && http != 101))
            continue;
        write_number(stream + 9, http);
        CHECK_NUMBER(feed(stream), WARD_HTTP_RESPONSE_BROKEN);
        feed_know();
        CHECK_STATUS(fed.answer.status, WARD_FETCH_HTTP_STATUS);
        CHECK_NUMBER(fed.answer.http, http);
        CHECK_NUMBER(fed.answer.retry_after, 120);
    }
    CHECK_BROKEN("HTTP/1.1 302 Found\r\nLocation: https://b.example/\r\n\r\n", WARD_FETCH_HTTP_STATUS, 302);
    CHECK_BROKEN("HTTP/1.1 204 No Content\r\n\r\n", WARD_FETCH_HTTP_STATUS, 204);
    CHECK_BROKEN("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", WARD_FETCH_HTTP_STATUS, 304);
    CHECK_BROKEN("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", WARD_FETCH_HTTP_STATUS, 101);
    CHECK_BROKEN("HTTP/1.1 503 No\r\nContent-Length: 99999999\r\n\r\n", WARD_FETCH_HTTP_STATUS, 503);
}

TEST(an_interim_answer_is_passed_over_with_all_that_it_says)
{
    char stream[] = "HTTP/1.1 xxx Wait\r\nRetry-After: 9\r\nCache-Control: max-age=9\r\nTransfer-Encoding: gzip\r\n"
                    "Content-Encoding: gzip\r\nConnection: close\r\n\r\n" OK "Retry-After: 7\r\n" TWO "\r\n{}";
    for (unsigned http = 100; http < 200; http++) {
        if (http == 101)
            continue;
        write_number(stream + 9, http);
        CHECK_NUMBER(feed(stream), WARD_HTTP_RESPONSE_COMPLETE);
        feed_know();
        CHECK_NUMBER(fed.answer.http, 200);
        CHECK_NUMBER(fed.answer.retry_after, 7);
        CHECK_NUMBER(fed.answer.max_age, WARD_NO_MAX_AGE);
        CHECK_TEXT(ward_text_of(fed.body, fed.body_length), "{}");
    }
    CHECK_BODY("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n" CHUNKED
               "2\r\n{}\r\n0\r\n\r\n",
               "{}");
    CHECK_BROKEN("HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\nHTTP/1.1 500 No\r\n\r\n", WARD_FETCH_HTTP_STATUS, 500);
    CHECK_NUMBER(fed.answer.retry_after, 0);
    CHECK_NUMBER(feed("HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\n"), WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, true), WARD_HTTP_RESPONSE_BROKEN);
    feed_know();
    CHECK_STATUS(fed.answer.status, WARD_FETCH_CUT_OFF);
    CHECK_NUMBER(fed.answer.http, 0);
    CHECK_NUMBER(fed.answer.retry_after, 0);
}

/* ---- What is refused. */

TEST(what_is_no_http_is_refused)
{
    CHECK_NO_HTTP("\x15\x03\x03");
    CHECK_NO_HTTP("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    CHECK_NO_HTTP("SSH-2.0-x\r\n");
    CHECK_NO_HTTP("<html>");
    CHECK_NO_HTTP(" " OK TWO "\r\n{}");
    CHECK_NO_HTTP("\r\n " OK TWO "\r\n{}");
    CHECK_NO_HTTP("ICY 200 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("http/1.1 200 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/2 200\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/2.0 200 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/0.9 200 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.2 200 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/2.0 500 No\r\nRetry-After: 5\r\n\r\n");
    CHECK_NUMBER(fed.answer.retry_after, 0);
}

TEST(a_status_is_a_number_from_100_to_999)
{
    CHECK_NO_HTTP("HTTP/1.1 2000 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1 20 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1 000 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1 099 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1  200 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1 200OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1 +20 OK\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP("HTTP/1.1\r\n" TWO "\r\n{}");
}

TEST(header_fields_have_a_form)
{
    CHECK_NO_HTTP(OK "Retry-After : 5\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK "Retry After: 5\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK "Retry-After\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK ": 5\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK "X: a\rb\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK "X: \x01\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK TWO "\r{}");
}

TEST(folded_lines_are_refused)
{
    CHECK_NO_HTTP(OK "Cache-Control: max-age=5,\r\n public\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK "X:\r\n\tRetry-After: 5\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK " Retry-After: 5\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK TWO " \r\n\r\n{}");
    CHECK_BODY(OK "Content-Length: 4\r\n\r\n\n {}", "\n {}");
}

TEST(a_length_that_can_be_read_in_two_ways_is_refused)
{
    CHECK_NO_HTTP(OK TWO "Transfer-Encoding: chunked\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Transfer-Encoding: chunked\r\n" TWO "\r\n0\r\n\r\n");
    CHECK_NO_HTTP(OK "Transfer-Encoding: identity\r\n" TWO "\r\n{}");
    CHECK_NO_HTTP(OK TWO "Content-Length: 3\r\n\r\n{}");
    CHECK_NO_HTTP(OK TWO TWO "\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: 2, 2\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: +2\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: -2\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: 0x2\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: 2 2\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: \r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length : 2\r\n\r\n{}");
    CHECK_NO_HTTP(OK "Content-Length: 18446744073709551618\r\n\r\n{}");
    CHECK_BROKEN("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", WARD_FETCH_PROTOCOL, 200);
}

TEST(a_body_comes_in_no_coding_but_chunks)
{
    static const char *const codings[] = { "gzip",
                                           "gzip, chunked",
                                           "chunked, gzip",
                                           "chunked, chunked",
                                           "chunked\r\nTransfer-Encoding: chunked",
                                           "gzip\r\nTransfer-Encoding: chunked",
                                           "chunked\r\nTransfer-Encoding: gzip",
                                           "chunkedx",
                                           "xchunked",
                                           "\"chunked\"",
                                           "chunked;q=1",
                                           "chunked,",
                                           "chunked\t",
                                           "identity",
                                           "",
                                           "\vchunked" };
    char stream[256];
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        strcat(strcat(strcpy(stream, OK "Transfer-Encoding: "), codings[i]), "\r\n\r\n0\r\n\r\n");
        CHECK_NUMBER(feed_in_every_way(stream), WARD_HTTP_RESPONSE_BROKEN);
        CHECK_STATUS(fed.answer.status, WARD_FETCH_PROTOCOL);
        strcat(strcat(strcpy(stream, OK "Content-Encoding: "), codings[i]), "\r\n" TWO "\r\n{}");
        const bool plain = strcmp(codings[i], "identity") == 0;
        const bool broken = strncmp(codings[i], "chunked\r\n", 9) == 0 || strncmp(codings[i], "gzip\r\n", 6) == 0 ||
                            codings[i][0] == '\v';
        CHECK_NUMBER(feed_in_every_way(stream), plain ? WARD_HTTP_RESPONSE_COMPLETE : WARD_HTTP_RESPONSE_BROKEN);
        CHECK_STATUS(fed.answer.status, plain ? WARD_OK : broken ? WARD_FETCH_PROTOCOL : WARD_FETCH_CODING);
    }
    CHECK_BROKEN(OK "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n" TWO "\r\n{}", WARD_FETCH_CODING, 200);
    CHECK_BROKEN(OK "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n" TWO "\r\n{}", WARD_FETCH_CODING, 200);
    CHECK_BROKEN(OK "Content-Encoding: gzip\r\nContent-Length: 99999999\r\n\r\n", WARD_FETCH_CODING, 200);
    CHECK_BROKEN(OK "Content-Encoding: br\r\nTransfer-Encoding: gzip\r\n\r\n", WARD_FETCH_PROTOCOL, 200);
}

TEST(chunks_have_a_form)
{
    static const char *const chunks[] = { "\r\n",
                                          "x\r\n",
                                          "0x2\r\n{}\r\n0\r\n\r\n",
                                          "-2\r\n{}\r\n0\r\n\r\n",
                                          "2 \r\n{}\r\n0\r\n\r\n",
                                          " 2\r\n{}\r\n0\r\n\r\n",
                                          "2\n{}\r\n0\r\n\r\n",
                                          "2\r\n{}x\r\n0\r\n\r\n",
                                          "2\r\n{}\n0\r\n\r\n",
                                          "2\r\n{}0\r\n\r\n",
                                          "2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n",
                                          "2;\r\n{}\r\n0\r\n\r\n",
                                          "10000000000000002\r\n{}\r\n0\r\n\r\n",
                                          "2\r\n{}\r\n0\r\nA\r\n\r\n" };
    char stream[256];
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        strcat(strcpy(stream, CHUNKED), chunks[i]);
        CHECK_BROKEN(stream, WARD_FETCH_PROTOCOL, 200);
    }
}

/* ---- The connection's end. */

static void close_after(const char *stream, bool clean, enum ward_code why)
{
    CHECK_NUMBER(feed_in_every_way(stream), WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, clean),
                 why == WARD_OK ? WARD_HTTP_RESPONSE_COMPLETE : WARD_HTTP_RESPONSE_BROKEN);
    feed_know();
    CHECK_STATUS(fed.answer.status, why);
}

TEST(a_body_without_length_ends_with_the_connection_where_the_peer_says_so)
{
    close_after(OK "Retry-After: 5\r\n\r\n{}", true, WARD_OK);
    CHECK_TEXT(ward_text_of(fed.body, fed.body_length), "{}");
    CHECK_NUMBER(fed.answer.http, 200);
    CHECK_NUMBER(fed.answer.retry_after, 5);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, false), WARD_HTTP_RESPONSE_COMPLETE);
    close_after(OK "Connection: close\r\n\r\n", true, WARD_OK);
    CHECK_NUMBER(fed.body_length, 0);
    close_after("HTTP/1.0 200 OK\r\n\r\n{}", true, WARD_OK);
    close_after(OK "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n{}", true, WARD_OK);
    close_after(OK "\r\n{}", false, WARD_FETCH_CUT_OFF);
    CHECK_NUMBER(fed.answer.http, 200);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, true), WARD_HTTP_RESPONSE_BROKEN);
}

TEST(a_field_after_the_body_does_not_make_it_end_with_the_connection)
{
    close_after(CHUNKED "2\r\n{}\r\n0\r\nTransfer-Encoding: gzip\r\n", true, WARD_FETCH_CUT_OFF);
    close_after(CHUNKED "2\r\n{}\r\n0\r\nTransfer-Encoding: gzip\r\nX: y", true, WARD_FETCH_CUT_OFF);
}

TEST(an_answer_that_ends_at_any_byte_too_early_is_cut_off)
{
    static const char *const streams[] = {
        OK "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}",
        "HTTP/1.1 100 Continue\r\n\r\n" CHUNKED "5;x\r\n{\"key\r\n6\r\ns\":[]}\r\n0\r\nX: y\r\n\r\n"
    };
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        const size_t whole = strlen(streams[i]);
        for (size_t length = 0; length < whole; length++) {
            for (int clean = 0; clean <= 1; clean++) {
                CHECK_NUMBER(feed_in_pieces(streams[i], length, WHOLE, sizeof fed.body), WARD_HTTP_RESPONSE_MORE);
                feed_know();
                CHECK_STATUS(fed.answer.status, WARD_FETCH_CUT_OFF);
                CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, clean != 0), WARD_HTTP_RESPONSE_BROKEN);
                feed_know();
                CHECK_STATUS(fed.answer.status, WARD_FETCH_CUT_OFF);
            }
        }
        CHECK_NUMBER(feed_in_pieces(streams[i], whole, WHOLE, sizeof fed.body), WARD_HTTP_RESPONSE_COMPLETE);
        CHECK_TEXT(ward_text_of(fed.body, fed.body_length), "{\"keys\":[]}");
    }
}

TEST(what_is_known_counts_from_the_end_of_the_header_fields_on)
{
    CHECK_NUMBER(feed("HTTP/1.1 200 OK\r\nRetry-After: 5\r\n"), WARD_HTTP_RESPONSE_MORE);
    feed_know();
    CHECK_NUMBER(fed.answer.http, 0);
    CHECK_NUMBER(fed.answer.retry_after, 0);
    CHECK_NUMBER(fed.answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(feed("HTTP/1.1 200 OK\r\nRetry-After: 5\r\n\r\n"), WARD_HTTP_RESPONSE_MORE);
    feed_know();
    CHECK_NUMBER(fed.answer.http, 200);
    CHECK_NUMBER(fed.answer.retry_after, 5);
    CHECK_NO_HTTP("HTTP/1.1 503 No\r\nRetry-After: 5\r\nX\r\n\r\n");
    CHECK_NUMBER(fed.answer.retry_after, 0);
}

/* ---- Feeding by the caller's buffers. */

TEST(a_full_body_stops_the_reading)
{
    static const char stream[] = CHUNKED "4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n";
    const size_t head = strlen(CHUNKED);
    size_t taken;
    size_t written;
    ward_http_response_parser_begin(&fed.parser);
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, stream, head, &taken, fed.body, 0, &written),
                 WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(taken, head);
    CHECK_NUMBER(written, 0);
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, stream + head, 20, &taken, fed.body, 0, &written),
                 WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, stream + head, 0, &taken, fed.body, 9, &written),
                 WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, stream + head, 20, &taken, fed.body, 3, &written),
                 WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(taken, 6);
    CHECK_NUMBER(written, 3);
    CHECK_TEXT(ward_text_of(fed.body, written), "abc");
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, stream + head + 6, 17, &taken, fed.body, 9, &written),
                 WARD_HTTP_RESPONSE_COMPLETE);
    CHECK_NUMBER(taken, 15);
    CHECK_TEXT(ward_text_of(fed.body, written), "def");
}

TEST(a_body_can_be_decoded_in_place)
{
    char buffer[] = CHUNKED "4;x=y\r\nabcd\r\n5\r\nefghi\r\n0\r\n\r\n";
    size_t taken;
    size_t written;
    ward_http_response_parser_begin(&fed.parser);
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, buffer, strlen(buffer), &taken, buffer, strlen(buffer),
                                                &written),
                 WARD_HTTP_RESPONSE_COMPLETE);
    CHECK_NUMBER(taken, sizeof buffer - 1);
    CHECK_TEXT(ward_text_of(buffer, written), "abcdefghi");
}

TEST(an_answer_that_ended_takes_nothing_more)
{
    size_t taken = 99;
    size_t written = 99;
    CHECK_NUMBER(feed(OK TWO "\r\n{}"), WARD_HTTP_RESPONSE_COMPLETE);
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, "{}", 2, &taken, fed.body, 2, &written),
                 WARD_HTTP_RESPONSE_COMPLETE);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(written, 0);
    CHECK_NUMBER(feed("x"), WARD_HTTP_RESPONSE_BROKEN);
    taken = 99;
    written = 99;
    CHECK_NUMBER(ward_http_response_parser_feed(&fed.parser, OK TWO "\r\n{}", 38, &taken, fed.body, 2, &written),
                 WARD_HTTP_RESPONSE_BROKEN);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(written, 0);
}

TEST(nothing_is_kept_from_one_answer_to_the_next)
{
    CHECK_NUMBER(feed("HTTP/1.1 429 No\r\nRetry-After: 5\r\nTransfer-Encoding: gzip\r\n\r\n"),
                 WARD_HTTP_RESPONSE_BROKEN);
    CHECK_BODY(OK TWO "\r\n{}", "{}");
    CHECK_NUMBER(fed.answer.retry_after, 0);
}

SUITE(response_parser, CASE(an_answer_gives_its_body_and_what_it_says_about_time),
      CASE(field_names_have_no_case_and_the_space_around_a_value_is_not_of_it),
      CASE(the_first_line_is_read_as_servers_write_it), CASE(about_what_time_it_is_can_be_told),
      CASE(a_body_may_be_empty), CASE(chunks_are_joined_and_their_extensions_passed_over),
      CASE(a_field_after_the_body_is_no_header), CASE(what_is_after_an_answer_is_left),
      CASE(every_status_but_200_is_refused_and_its_fields_count),
      CASE(an_interim_answer_is_passed_over_with_all_that_it_says), CASE(what_is_no_http_is_refused),
      CASE(a_status_is_a_number_from_100_to_999), CASE(header_fields_have_a_form), CASE(folded_lines_are_refused),
      CASE(a_length_that_can_be_read_in_two_ways_is_refused), CASE(a_body_comes_in_no_coding_but_chunks),
      CASE(chunks_have_a_form), CASE(a_body_without_length_ends_with_the_connection_where_the_peer_says_so),
      CASE(a_field_after_the_body_does_not_make_it_end_with_the_connection),
      CASE(an_answer_that_ends_at_any_byte_too_early_is_cut_off),
      CASE(what_is_known_counts_from_the_end_of_the_header_fields_on), CASE(a_full_body_stops_the_reading),
      CASE(a_body_can_be_decoded_in_place), CASE(an_answer_that_ended_takes_nothing_more),
      CASE(nothing_is_kept_from_one_answer_to_the_next));
