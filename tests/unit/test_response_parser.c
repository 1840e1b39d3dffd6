/* port/http/response_parser: an answer out of a stream of bytes, in pieces of any size, and what is known of it. */
#include "check.h"

#include "guard.h"
#include "response_parser.h"

enum { WHOLE = 8192 };

static struct response_parser parser;
static struct ward_fetch_answer answer;
static char body[4096];
static size_t body_length;
static size_t used;

/* ---- Feeding. */

/* Feeds a stream in pieces into a room of `size` bytes at a time; `used` and the body count the whole. */
static enum response_state feed_in_pieces(const char *stream, size_t length, size_t piece, size_t size)
{
    enum response_state state = RESPONSE_MORE;
    response_parser_begin(&parser);
    body_length = 0;
    used = 0;
    while (state == RESPONSE_MORE && used < length) {
        const size_t part = length - used < piece ? length - used : piece;
        char *const room = guard_copy(body, size);
        size_t taken;
        size_t written;
        state = response_parser_feed(&parser, guard_copy(stream + used, part), part, &taken, room, size, &written);
        CHECK(taken <= part && written <= size && written <= taken);
        CHECK(state != RESPONSE_MORE || taken == part || written == size);
        CHECK(state != RESPONSE_BROKEN || written == 0);
        CHECK(body_length + written <= sizeof body);
        memcpy(body + body_length, room, written);
        body_length += written;
        used += taken;
    }
    return state;
}

static enum response_state feed(const char *stream)
{
    return feed_in_pieces(stream, strlen(stream), WHOLE, sizeof body);
}

static void know(void)
{
    memset(&answer, 0x5a, sizeof answer);
    response_parser_answer(&parser, &answer);
}

static void check_same_answer(const struct ward_fetch_answer *other)
{
    CHECK_NUMBER(answer.status.code, other->status.code);
    CHECK_NUMBER(answer.http, other->http);
    CHECK_NUMBER(answer.max_age, other->max_age);
    CHECK_NUMBER(answer.retry_after, other->retry_after);
    CHECK_NUMBER(answer.date, other->date);
}

/* Feeds a stream whole, then cut in many ways and into small rooms: all must say the same. */
static enum response_state feed_in_every_way(const char *stream)
{
    static const size_t pieces[] = { 1, 2, 3, 7, 61, WHOLE };
    static const size_t rooms[] = { 1, 2, 5, sizeof body };
    static char first_body[sizeof body];
    const enum response_state first = feed(stream);
    know();
    const struct ward_fetch_answer first_answer = answer;
    const size_t first_length = body_length;
    const size_t first_used = used;
    memcpy(first_body, body, body_length);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0] * (sizeof rooms / sizeof rooms[0]); i++) {
        CHECK_NUMBER(feed_in_pieces(stream, strlen(stream), pieces[i / 4], rooms[i % 4]), first);
        know();
        check_same_answer(&first_answer);
        if (first == RESPONSE_BROKEN)
            continue;
        CHECK_NUMBER(used, first_used);
        CHECK_NUMBER(body_length, first_length);
        CHECK(memcmp(body, first_body, body_length) == 0);
    }
    return first;
}

static void check_body(int line, const char *stream, const char *expected)
{
    if (feed_in_every_way(stream) != RESPONSE_COMPLETE)
        check_status(__FILE__, line, stream, answer.status, WARD_OK);
    CHECK_STATUS(answer.status, WARD_OK);
    CHECK_NUMBER(answer.http, 200);
    CHECK_NUMBER(used, strlen(stream));
    check_text(__FILE__, line, stream, ward_text_of(body, body_length), expected);
    CHECK_NUMBER(response_parser_closed(&parser, false), RESPONSE_COMPLETE);
}

static void check_broken(int line, const char *stream, enum ward_code why, unsigned http)
{
    if (feed_in_every_way(stream) != RESPONSE_BROKEN)
        check_failed(__FILE__, line, stream, "not BROKEN", "BROKEN");
    check_status(__FILE__, line, stream, answer.status, why);
    check_number(__FILE__, line, stream, answer.http, http);
    CHECK_NUMBER(response_parser_closed(&parser, true), RESPONSE_BROKEN);
    know();
    CHECK_STATUS(answer.status, why);
}

#define CHECK_BODY(stream, expected) check_body(__LINE__, stream, expected)
#define CHECK_BROKEN(stream, why, http) check_broken(__LINE__, stream, why, http)
#define CHECK_NO_HTTP(stream) CHECK_BROKEN(stream, WARD_FETCH_PROTOCOL, 0)

#define OK "HTTP/1.1 200 OK\r\n"
#define TWO "Content-Length: 2\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

/* ---- The answer. */

TEST(an_answer_gives_its_body_and_what_it_says_about_time)
{
    CHECK_BODY(OK "Content-Type: application/json\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nAge: 3\r\n"
               "Cache-Control: public, max-age=15\r\nRetry-After: 7\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}", "{\"keys\":[]}");
    CHECK_NUMBER(answer.date, 784111780);
    CHECK_NUMBER(answer.max_age, 15);
    CHECK_NUMBER(answer.retry_after, 7);
    CHECK_BODY(OK TWO "\r\n{}", "{}");
    CHECK_NUMBER(answer.date, 0);
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(answer.retry_after, 0);
}

TEST(field_names_have_no_case_and_the_space_around_a_value_is_not_of_it)
{
    CHECK_BODY(OK "CONTENT-length:002 \r\ncache-CONTROL: \t max-age=5 \t\r\nretry-after:6\r\nConnection: close\r\n\r\n{}", "{}");
    CHECK_NUMBER(answer.max_age, 5);
    CHECK_NUMBER(answer.retry_after, 6);
    CHECK_BODY(OK "transfer-ENCODING: CHUNKED  \r\ncontent-encoding: \tIdentity\t \r\nContent-Encoding: identity\r\n\r\n0\r\n\r\n", "");
}

TEST(the_first_line_is_read_as_servers_write_it)
{
    CHECK_BODY("HTTP/1.1 200\r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("HTTP/1.1 200 \r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("HTTP/1.1 200 All is \xc3\xa9 \t\r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("HTTP/1.0 200 OK\r\n" TWO "\r\n{}", "{}");
    CHECK_BODY("\r\n\r\nHTTP/1.1 200 OK\r\n" TWO "\r\n{}", "{}");
}

TEST(a_body_may_be_empty)
{
    CHECK_BODY(OK "Content-Length: 0\r\n\r\n", "");
    CHECK_BODY(CHUNKED "0\r\n\r\n", "");
}

TEST(chunks_are_joined_and_their_extensions_passed_over)
{
    CHECK_BODY(CHUNKED "2;a=b\r\n{\"\r\n9;c=\"d e\";f\r\nkeys\":[]}\r\n000\r\n\r\n", "{\"keys\":[]}");
    CHECK_BODY(CHUNKED "A\r\n0\r\n\r\n0\r\n\r\n\r\nb\r\n\n x\n\ty\n\n\r\n \r\n0;x\r\n\r\n", "0\r\n\r\n0\r\n\r\n\n x\n\ty\n\n\r\n ");
}

TEST(a_field_behind_the_body_is_no_header)
{
    CHECK_BODY(CHUNKED "2\r\n{}\r\n0\r\nRetry-After: 5\r\nCache-Control: max-age=5\r\nTransfer-Encoding: gzip\r\n"
               "Content-Encoding: gzip\r\nContent-Length: 9\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n a\r\n\r\n", "{}");
    CHECK_NUMBER(answer.retry_after, 0);
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(answer.date, 0);
    CHECK_BROKEN(CHUNKED "2\r\n{}\r\n0\r\n: x\r\n\r\n", WARD_FETCH_PROTOCOL, 200);
}

TEST(what_is_behind_an_answer_is_left)
{
    static const char *const streams[] = { OK TWO "\r\n{}HTTP/1.1 500 No\r\n\r\n", OK TWO "\r\n{}\x01", OK "Content-Length: 0\r\n\r\n{}",
                                           CHUNKED "2\r\n{}\r\n0\r\n\r\n2\r\n{}\r\n0\r\n\r\n" };
    static const size_t behind[] = { 19, 1, 2, 12 };
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        CHECK_NUMBER(feed_in_every_way(streams[i]), RESPONSE_COMPLETE);
        CHECK_NUMBER(used, strlen(streams[i]) - behind[i]);
        CHECK_STATUS(answer.status, WARD_OK);
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
        CHECK_NUMBER(feed(stream), RESPONSE_BROKEN);
        know();
        CHECK_STATUS(answer.status, WARD_FETCH_HTTP_STATUS);
        CHECK_NUMBER(answer.http, http);
        CHECK_NUMBER(answer.retry_after, 120);
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
        CHECK_NUMBER(feed(stream), RESPONSE_COMPLETE);
        know();
        CHECK_NUMBER(answer.http, 200);
        CHECK_NUMBER(answer.retry_after, 7);
        CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
        CHECK_TEXT(ward_text_of(body, body_length), "{}");
    }
    CHECK_BODY("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n" CHUNKED "2\r\n{}\r\n0\r\n\r\n", "{}");
    CHECK_BROKEN("HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\nHTTP/1.1 500 No\r\n\r\n", WARD_FETCH_HTTP_STATUS, 500);
    CHECK_NUMBER(answer.retry_after, 0);
    CHECK_NUMBER(feed("HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\n"), RESPONSE_MORE);
    CHECK_NUMBER(response_parser_closed(&parser, true), RESPONSE_BROKEN);
    know();
    CHECK_STATUS(answer.status, WARD_FETCH_CUT_OFF);
    CHECK_NUMBER(answer.http, 0);
    CHECK_NUMBER(answer.retry_after, 0);
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
    CHECK_NUMBER(answer.retry_after, 0);
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
    static const char *const codings[] = { "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked\r\nTransfer-Encoding: chunked",
                                           "gzip\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: gzip", "chunkedx", "xchunked",
                                           "\"chunked\"", "chunked;q=1", "chunked,", "chunked\t", "identity", "", "\vchunked" };
    char stream[256];
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        strcat(strcat(strcpy(stream, OK "Transfer-Encoding: "), codings[i]), "\r\n\r\n0\r\n\r\n");
        CHECK_NUMBER(feed_in_every_way(stream), RESPONSE_BROKEN);
        CHECK_STATUS(answer.status, WARD_FETCH_PROTOCOL);
        strcat(strcat(strcpy(stream, OK "Content-Encoding: "), codings[i]), "\r\n" TWO "\r\n{}");
        CHECK_NUMBER(feed_in_every_way(stream), strcmp(codings[i], "identity") == 0 ? RESPONSE_COMPLETE : RESPONSE_BROKEN);
    }
    CHECK_BROKEN(OK "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n" TWO "\r\n{}", WARD_FETCH_PROTOCOL, 200);
    CHECK_BROKEN(OK "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n" TWO "\r\n{}", WARD_FETCH_PROTOCOL, 200);
}

TEST(chunks_have_a_form)
{
    static const char *const chunks[] = { "\r\n", "x\r\n", "0x2\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "2 \r\n{}\r\n0\r\n\r\n", " 2\r\n{}\r\n0\r\n\r\n",
                                          "2\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "2\r\n{}\n0\r\n\r\n", "2\r\n{}0\r\n\r\n",
                                          "2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n", "2;\r\n{}\r\n0\r\n\r\n", "10000000000000002\r\n{}\r\n0\r\n\r\n",
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
    CHECK_NUMBER(feed_in_every_way(stream), RESPONSE_MORE);
    CHECK_NUMBER(response_parser_closed(&parser, clean), why == WARD_OK ? RESPONSE_COMPLETE : RESPONSE_BROKEN);
    know();
    CHECK_STATUS(answer.status, why);
}

TEST(a_body_without_length_ends_with_the_connection_where_the_peer_says_so)
{
    close_after(OK "Retry-After: 5\r\n\r\n{}", true, WARD_OK);
    CHECK_TEXT(ward_text_of(body, body_length), "{}");
    CHECK_NUMBER(answer.http, 200);
    CHECK_NUMBER(answer.retry_after, 5);
    CHECK_NUMBER(response_parser_closed(&parser, false), RESPONSE_COMPLETE);
    close_after(OK "Connection: close\r\n\r\n", true, WARD_OK);
    CHECK_NUMBER(body_length, 0);
    close_after("HTTP/1.0 200 OK\r\n\r\n{}", true, WARD_OK);
    close_after(OK "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n{}", true, WARD_OK);
    close_after(OK "\r\n{}", false, WARD_FETCH_CUT_OFF);
    CHECK_NUMBER(answer.http, 200);
    CHECK_NUMBER(response_parser_closed(&parser, true), RESPONSE_BROKEN);
}

TEST(a_field_behind_the_body_does_not_make_it_end_with_the_connection)
{
    close_after(CHUNKED "2\r\n{}\r\n0\r\nTransfer-Encoding: gzip\r\n", true, WARD_FETCH_CUT_OFF);
    close_after(CHUNKED "2\r\n{}\r\n0\r\nTransfer-Encoding: gzip\r\nX: y", true, WARD_FETCH_CUT_OFF);
}

TEST(an_answer_that_ends_at_any_byte_too_early_is_cut_off)
{
    static const char *const streams[] = { OK "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}",
                                           "HTTP/1.1 100 Continue\r\n\r\n" CHUNKED "5;x\r\n{\"key\r\n6\r\ns\":[]}\r\n0\r\nX: y\r\n\r\n" };
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        const size_t whole = strlen(streams[i]);
        for (size_t length = 0; length < whole; length++) {
            for (int clean = 0; clean <= 1; clean++) {
                CHECK_NUMBER(feed_in_pieces(streams[i], length, WHOLE, sizeof body), RESPONSE_MORE);
                know();
                CHECK_STATUS(answer.status, WARD_FETCH_CUT_OFF);
                CHECK_NUMBER(response_parser_closed(&parser, clean != 0), RESPONSE_BROKEN);
                know();
                CHECK_STATUS(answer.status, WARD_FETCH_CUT_OFF);
            }
        }
        CHECK_NUMBER(feed_in_pieces(streams[i], whole, WHOLE, sizeof body), RESPONSE_COMPLETE);
        CHECK_TEXT(ward_text_of(body, body_length), "{\"keys\":[]}");
    }
}

TEST(what_is_known_counts_from_the_end_of_the_header_fields_on)
{
    CHECK_NUMBER(feed("HTTP/1.1 200 OK\r\nRetry-After: 5\r\n"), RESPONSE_MORE);
    know();
    CHECK_NUMBER(answer.http, 0);
    CHECK_NUMBER(answer.retry_after, 0);
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(feed("HTTP/1.1 200 OK\r\nRetry-After: 5\r\n\r\n"), RESPONSE_MORE);
    know();
    CHECK_NUMBER(answer.http, 200);
    CHECK_NUMBER(answer.retry_after, 5);
    CHECK_NO_HTTP("HTTP/1.1 503 No\r\nRetry-After: 5\r\nX\r\n\r\n");
    CHECK_NUMBER(answer.retry_after, 0);
}

/* ---- Feeding by the caller's buffers. */

TEST(a_full_body_stops_the_reading)
{
    static const char stream[] = CHUNKED "4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n";
    const size_t head = strlen(CHUNKED);
    size_t taken;
    size_t written;
    response_parser_begin(&parser);
    CHECK_NUMBER(response_parser_feed(&parser, stream, head, &taken, body, 0, &written), RESPONSE_MORE);
    CHECK_NUMBER(taken, head);
    CHECK_NUMBER(written, 0);
    CHECK_NUMBER(response_parser_feed(&parser, stream + head, 20, &taken, body, 0, &written), RESPONSE_MORE);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(response_parser_feed(&parser, stream + head, 0, &taken, body, 9, &written), RESPONSE_MORE);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(response_parser_feed(&parser, stream + head, 20, &taken, body, 3, &written), RESPONSE_MORE);
    CHECK_NUMBER(taken, 6);
    CHECK_NUMBER(written, 3);
    CHECK_TEXT(ward_text_of(body, written), "abc");
    CHECK_NUMBER(response_parser_feed(&parser, stream + head + 6, 17, &taken, body, 9, &written), RESPONSE_COMPLETE);
    CHECK_NUMBER(taken, 15);
    CHECK_TEXT(ward_text_of(body, written), "def");
}

TEST(a_body_can_be_decoded_in_place)
{
    char buffer[] = CHUNKED "4;x=y\r\nabcd\r\n5\r\nefghi\r\n0\r\n\r\n";
    size_t taken;
    size_t written;
    response_parser_begin(&parser);
    CHECK_NUMBER(response_parser_feed(&parser, buffer, strlen(buffer), &taken, buffer, strlen(buffer), &written), RESPONSE_COMPLETE);
    CHECK_NUMBER(taken, sizeof buffer - 1);
    CHECK_TEXT(ward_text_of(buffer, written), "abcdefghi");
}

TEST(an_answer_that_ended_takes_nothing_more)
{
    size_t taken = 99;
    size_t written = 99;
    CHECK_NUMBER(feed(OK TWO "\r\n{}"), RESPONSE_COMPLETE);
    CHECK_NUMBER(response_parser_feed(&parser, "{}", 2, &taken, body, 2, &written), RESPONSE_COMPLETE);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(written, 0);
    CHECK_NUMBER(feed("x"), RESPONSE_BROKEN);
    taken = 99;
    written = 99;
    CHECK_NUMBER(response_parser_feed(&parser, OK TWO "\r\n{}", 38, &taken, body, 2, &written), RESPONSE_BROKEN);
    CHECK_NUMBER(taken, 0);
    CHECK_NUMBER(written, 0);
}

TEST(nothing_is_kept_from_one_answer_to_the_next)
{
    CHECK_NUMBER(feed("HTTP/1.1 429 No\r\nRetry-After: 5\r\nTransfer-Encoding: gzip\r\n\r\n"), RESPONSE_BROKEN);
    CHECK_BODY(OK TWO "\r\n{}", "{}");
    CHECK_NUMBER(answer.retry_after, 0);
}

/* ---- Bounds. */

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
    CHECK_NUMBER(answer.max_age, 5);
    begin_stream(OK "Cache-Control: max-age=5, x=");
    fill_stream(257 - 13, "\r\nRetry-After: 5\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(answer.retry_after, 5);
    begin_stream(OK "Cache-Control: max-age=5\r\nCache-Control: max-age=5, x=");
    fill_stream(257 - 13, "\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    begin_stream(OK "Transfer-Encoding: chunked");
    memset(stream + stream_length, ' ', 250);
    stream_length += 250;
    fill_stream(0, "\r\n\r\n0\r\n\r\n");
    CHECK_BROKEN(stream, WARD_FETCH_PROTOCOL, 200);
}

TEST(a_value_may_be_as_long_as_the_room_for_it)
{
    begin_stream(OK "Content-Encoding: identity");
    memset(stream + stream_length, ' ', sizeof parser.value - strlen("identity"));
    stream_length += sizeof parser.value - strlen("identity");
    fill_stream(0, "\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
}

TEST(a_field_that_says_nothing_to_ward_may_be_long)
{
    begin_stream(OK "Content-Security-Policy: ");
    fill_stream(3000, "\r\nRetry-After: 6\r\n");
    fill_stream(400, ": x\r\n" TWO "\r\n{}");
    CHECK_BODY(stream, "{}");
    CHECK_NUMBER(answer.retry_after, 6);
}

TEST(a_name_is_compared_as_a_whole)
{
    CHECK_BODY(OK "Retry-Aft: 1\r\nXRetry-After: 2\r\nRetry-AfterX: 3\r\nTransfer-Encodings: x\r\nContent-Encodings: x\r\n"
               "abcdefghijklmnopqrstuvwxyzabcdef: 4\r\nabcdefghijklmnopqrstuvwxyzabcdefg: 5\r\nRetry-After: 6\r\n" TWO "\r\n{}", "{}");
    CHECK_NUMBER(answer.retry_after, 6);
}

TEST(headers_together_have_a_longest_length)
{
    static const char *const begins[] = { OK "x: ", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n" OK "x: ", "\r\n\r\n\n" OK "x: " };
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        begin_stream(begins[i]);
        const size_t length = WARD_MAX_ANSWER_HEADERS - stream_length - strlen("\r\n" TWO "\r\n");
        fill_stream(length, "\r\n" TWO "\r\n{}");
        for (size_t piece = 1; piece != 0; piece = piece == 1 ? WHOLE : 0) {
            CHECK_NUMBER(feed_in_pieces(stream, stream_length, piece, sizeof body), RESPONSE_COMPLETE);
            CHECK_TEXT(ward_text_of(body, body_length), "{}");
        }
        begin_stream(begins[i]);
        fill_stream(length + 1, "\r\n" TWO "\r\n{}");
        for (size_t piece = 1; piece != 0; piece = piece == 1 ? WHOLE : 0) {
            CHECK_NUMBER(feed_in_pieces(stream, stream_length, piece, sizeof body), RESPONSE_BROKEN);
            know();
            CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
            CHECK_NUMBER(answer.http, 0);
        }
    }
}

/* Feeds the same piece until the parser says more than MORE; how many bytes it took. */
static size_t feed_without_end(const char *begin, const char *piece, size_t most)
{
    size_t total;
    size_t written;
    enum response_state state = feed(begin);
    for (total = used; state == RESPONSE_MORE && total < most; total += used)
        state = response_parser_feed(&parser, piece, strlen(piece), &used, body, sizeof body, &written);
    know();
    return total;
}

#define SIXTEEN "xxxxxxxxxxxxxxxx"

TEST(a_body_has_a_longest_length)
{
    char begin[64];
    const size_t head = strlen(OK "\r\n");
    CHECK_NUMBER(WARD_MAX_JWKS, 65536);
    CHECK_NUMBER(feed_without_end(OK "Content-Length: 65536\r\n\r\n", SIXTEEN, WARD_MAX_ANSWER), strlen(OK "Content-Length: 65536\r\n\r\n") + 65536);
    CHECK_STATUS(answer.status, WARD_OK);
    CHECK_BROKEN(OK "Content-Length: 65537\r\n\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(OK "Content-Length: 18446744073709551615\r\n\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(CHUNKED "10001\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(CHUNKED "ffffffffffffffff\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_BROKEN(CHUNKED "2\r\n{}\r\nffff\r\n", WARD_FETCH_TOO_LONG, 200);
    CHECK_NUMBER(feed(CHUNKED "2\r\n{}\r\nfffe\r\n"), RESPONSE_MORE);
    CHECK_NUMBER(feed_without_end(OK "\r\n", SIXTEEN, head + 65536), head + 65536);
    CHECK_NUMBER(response_parser_closed(&parser, true), RESPONSE_COMPLETE);
    CHECK_NUMBER(feed_without_end(strcpy(begin, OK "\r\nx"), SIXTEEN, WARD_MAX_ANSWER), head + 1 + 65536);
    CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
}

/* What llhttp reads and does not hand over: a peer could go on for ever. */
TEST(an_answer_that_never_ends_is_ended)
{
    CHECK_NUMBER(feed_without_end(CHUNKED "2;", SIXTEEN, WARD_MAX_ANSWER + 64), WARD_MAX_ANSWER);
    CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(answer.http, 200);
    CHECK_NUMBER(feed_without_end(CHUNKED "0\r\nx:", SIXTEEN, WARD_MAX_ANSWER + 64), WARD_MAX_ANSWER);
    CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(feed_without_end(OK "x:", "                ", WARD_MAX_ANSWER), WARD_MAX_ANSWER_HEADERS);
    CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(feed_without_end("\r\n", "\r\n\r\n", WARD_MAX_ANSWER), WARD_MAX_ANSWER_HEADERS);
    CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(feed_without_end("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", WARD_MAX_ANSWER),
                 WARD_MAX_ANSWER_HEADERS);
    CHECK_STATUS(answer.status, WARD_FETCH_TOO_LONG);
}

SUITE(response_parser, CASE(an_answer_gives_its_body_and_what_it_says_about_time),
      CASE(field_names_have_no_case_and_the_space_around_a_value_is_not_of_it), CASE(the_first_line_is_read_as_servers_write_it),
      CASE(a_body_may_be_empty), CASE(chunks_are_joined_and_their_extensions_passed_over),
      CASE(a_field_behind_the_body_is_no_header), CASE(what_is_behind_an_answer_is_left),
      CASE(every_status_but_200_is_refused_and_its_fields_count), CASE(an_interim_answer_is_passed_over_with_all_that_it_says),
      CASE(what_is_no_http_is_refused), CASE(a_status_is_a_number_from_100_to_999), CASE(header_fields_have_a_form), CASE(folded_lines_are_refused),
      CASE(a_length_that_can_be_read_in_two_ways_is_refused), CASE(a_body_comes_in_no_coding_but_chunks), CASE(chunks_have_a_form),
      CASE(a_body_without_length_ends_with_the_connection_where_the_peer_says_so),
      CASE(a_field_behind_the_body_does_not_make_it_end_with_the_connection),
      CASE(an_answer_that_ends_at_any_byte_too_early_is_cut_off), CASE(what_is_known_counts_from_the_end_of_the_header_fields_on),
      CASE(a_full_body_stops_the_reading), CASE(a_body_can_be_decoded_in_place), CASE(an_answer_that_ended_takes_nothing_more),
      CASE(nothing_is_kept_from_one_answer_to_the_next), CASE(a_field_that_is_too_long_to_be_kept_cannot_be_read),
      CASE(a_value_may_be_as_long_as_the_room_for_it),
      CASE(a_field_that_says_nothing_to_ward_may_be_long), CASE(a_name_is_compared_as_a_whole),
      CASE(headers_together_have_a_longest_length), CASE(a_body_has_a_longest_length), CASE(an_answer_that_never_ends_is_ended));
