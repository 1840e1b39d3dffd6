/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/response_parser: no answer takes more than its bounds, whatever it says. */
#include "response_feed.h"

static char stream[WARD_MAX_ANSWER_HEADERS + 1024];
static size_t stream_length;

static void begin_stream(const char *begin)
{
    strcpy(stream, begin);
    stream_length = strlen(begin);
}

static void fill_stream(size_t length, const char *end)
{
    memset(stream + stream_length, 'a', length);
    strcpy(stream + stream_length + length, end);
    stream_length += length + strlen(end);
}

TEST(a_field_that_is_too_long_to_be_kept_cannot_be_read)
{
    begin_stream(OK "Cache-Control: max-age=5, x=");
    fill_stream(256 - 13, "\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(fed.answer.max_age, 5);
    begin_stream(OK "Cache-Control: max-age=5, x=");
    fill_stream(257 - 13, "\r\nRetry-After: 5\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(fed.answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(fed.answer.retry_after, 5);
    begin_stream(OK "Cache-Control: max-age=5\r\nCache-Control: max-age=5, x=");
    fill_stream(257 - 13, "\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(fed.answer.max_age, WARD_NO_MAX_AGE);
    begin_stream(OK "Transfer-Encoding: chunked");
    memset(stream + stream_length, ' ', 250);
    stream_length += 250;
    fill_stream(0, "\r\n\r\n0\r\n\r\n");
    CHECK_BROKEN(stream, WARD_FETCH_PROTOCOL, 200);
}

TEST(a_value_may_be_as_long_as_the_room_for_it)
{
    begin_stream(OK "Content-Encoding: identity");
    memset(stream + stream_length, ' ', sizeof fed.parser.value - strlen("identity"));
    stream_length += sizeof fed.parser.value - strlen("identity");
    fill_stream(0, "\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
}

TEST(a_field_that_says_nothing_to_ward_may_be_long)
{
    begin_stream(OK "Content-Security-Policy: ");
    fill_stream(3000, "\r\nRetry-After: 6\r\n");
    fill_stream(400, ": x\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(fed.answer.retry_after, 6);
}

TEST(a_coding_that_is_too_long_to_be_read_is_one)
{
    begin_stream(OK "Content-Encoding: identity");
    memset(stream + stream_length, ' ', sizeof fed.parser.value + 1 - strlen("identity"));
    stream_length += sizeof fed.parser.value + 1 - strlen("identity");
    fill_stream(0, "\r\n" TWO "\r\n{}");
    CHECK_BROKEN(stream, WARD_FETCH_CODING, 200);
    begin_stream(OK "Content-Encoding: gzip\r\nX: ");
    fill_stream(sizeof fed.parser.value + 1, "\r\n" TWO "\r\n{}");
    CHECK_BROKEN(stream, WARD_FETCH_CODING, 200);
}

TEST(a_name_is_compared_as_a_whole)
{
    CHECK_BODY(OK
               "Retry-Aft: 1\r\nXRetry-After: 2\r\nRetry-AfterX: 3\r\nTransfer-Encodings: x\r\nContent-Encodings: x\r\n"
               "abcdefghijklmnopqrstuvwxyzabcdef: 4\r\nabcdefghijklmnopqrstuvwxyzabcdefg: 5\r\nRetry-After: 6\r\n" TWO
               "\r\n{}",
               "{}");
    CHECK_NUMBER(fed.answer.retry_after, 6);
}

TEST(headers_together_have_a_longest_length)
{
    static const char *const begins[] = { OK "x: ", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n" OK "x: ",
                                          "\r\n\r\n\n" OK "x: " };
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        begin_stream(begins[i]);
        const size_t length = WARD_MAX_ANSWER_HEADERS - stream_length - strlen("\r\n" TWO "\r\n");
        fill_stream(length, "\r\n" TWO "\r\n{}");
        for (size_t piece = 1; piece != 0; piece = piece == 1 ? WHOLE : 0) {
            CHECK_NUMBER(feed_in_pieces(stream, stream_length, piece, sizeof fed.body), WARD_HTTP_RESPONSE_COMPLETE);
            CHECK_TEXT(ward_text_of(fed.body, fed.body_length), "{}");
        }
        begin_stream(begins[i]);
        fill_stream(length + 1, "\r\n" TWO "\r\n{}");
        for (size_t piece = 1; piece != 0; piece = piece == 1 ? WHOLE : 0) {
            CHECK_NUMBER(feed_in_pieces(stream, stream_length, piece, sizeof fed.body), WARD_HTTP_RESPONSE_BROKEN);
            feed_know();
            CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
            CHECK_NUMBER(fed.answer.http, 0);
        }
    }
}

/* Feeds the same piece until the parser says more than MORE; how many bytes it took. */
static size_t feed_without_end(const char *begin, const char *piece, size_t most)
{
    size_t total;
    size_t written;
    enum ward_http_response_state state = feed(begin);
    for (total = fed.used; state == WARD_HTTP_RESPONSE_MORE && total < most; total += fed.used)
        state = ward_http_response_parser_feed(&fed.parser, piece, strlen(piece), &fed.used, fed.body, sizeof fed.body,
                                               &written);
    feed_know();
    return total;
}

#define SIXTEEN "xxxxxxxxxxxxxxxx"

TEST(a_body_has_a_longest_length)
{
    char begin[64];
    const size_t head = strlen(OK "\r\n");
    CHECK_NUMBER(WARD_MAX_JWKS, 65536);
    CHECK_NUMBER(feed_without_end(OK "Content-Length: 65536\r\n\r\n", SIXTEEN, WARD_MAX_ANSWER),
                 strlen(OK "Content-Length: 65536\r\n\r\n") + 65536);
    CHECK_STATUS(fed.answer.status, WARD_OK);
    CHECK_BROKEN(OK "Content-Length: 65537\r\n\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(OK "Content-Length: 18446744073709551615\r\n\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(CHUNKED "10001\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(CHUNKED "ffffffffffffffff\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(CHUNKED "2\r\n{}\r\nffff\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_NUMBER(feed(CHUNKED "2\r\n{}\r\nfffe\r\n"), WARD_HTTP_RESPONSE_MORE);
    CHECK_NUMBER(feed_without_end(OK "\r\n", SIXTEEN, head + 65536), head + 65536);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, true), WARD_HTTP_RESPONSE_COMPLETE);
    CHECK_NUMBER(feed_without_end(strcpy(begin, OK "\r\nx"), SIXTEEN, WARD_MAX_ANSWER), head + 1 + 65536);
    CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
}

/* What llhttp reads and does not hand over: a peer could go on for ever. */
TEST(an_answer_that_never_ends_is_ended)
{
    CHECK_NUMBER(feed_without_end(CHUNKED "2;", SIXTEEN, WARD_MAX_ANSWER + 64), WARD_MAX_ANSWER);
    CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(fed.answer.http, 200);
    CHECK_NUMBER(feed_without_end(CHUNKED "0\r\nx:", SIXTEEN, WARD_MAX_ANSWER + 64), WARD_MAX_ANSWER);
    CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(feed_without_end(OK "x:", "                ", WARD_MAX_ANSWER), WARD_MAX_ANSWER_HEADERS);
    CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(feed_without_end("\r\n", "\r\n\r\n", WARD_MAX_ANSWER), WARD_MAX_ANSWER_HEADERS);
    CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(feed_without_end("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", WARD_MAX_ANSWER),
                 WARD_MAX_ANSWER_HEADERS);
    CHECK_STATUS(fed.answer.status, WARD_FETCH_TOO_LONG);
}

SUITE(response_parser_bounds, CASE(a_field_that_is_too_long_to_be_kept_cannot_be_read),
      CASE(a_value_may_be_as_long_as_the_room_for_it), CASE(a_field_that_says_nothing_to_ward_may_be_long),
      CASE(a_coding_that_is_too_long_to_be_read_is_one), CASE(a_name_is_compared_as_a_whole),
      CASE(headers_together_have_a_longest_length), CASE(a_body_has_a_longest_length),
      CASE(an_answer_that_never_ends_is_ended));
