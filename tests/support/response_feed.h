/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of port/http/response_parser: an answer as a stream of bytes, fed in pieces of any size. */
#ifndef WARD_TEST_RESPONSE_FEED_H
#define WARD_TEST_RESPONSE_FEED_H

#include "check.h"
#include "port/http/response_parser.h"

/** More than a stream that is fed in one piece. */
enum { WHOLE = 8192 };

/** The parser and what came of the stream that was fed last: its body, bytes used of it, and, after feed_know(), what the answer says. */
struct fed {
    struct ward_http_response_parser parser;
    struct ward_fetch_answer answer;
    char body[4096];
    size_t body_length;
    size_t used;
};
extern struct fed fed;

#if WARD_MAX_BUNDLE > 0
/** Whether the requests have a condition. */
extern bool feed_conditional;
#endif

/** Feeds a stream to a new parser, in pieces, with room for `size` bytes of body at a time. */
enum ward_http_response_state feed_in_pieces(const char *stream, size_t length, size_t piece, size_t size);

/** Feeds it in one piece. */
enum ward_http_response_state feed(const char *stream);

/** Feeds it in one piece, then cut in many ways and into small rooms: all must say the same. */
enum ward_http_response_state feed_in_every_way(const char *stream);

/** Asks the parser what is known of the answer. */
void feed_know(void);

/** Feeds a stream in every way: it is whole and has this body, or it is broken for this reason, with this status. */
void feed_check_body(int line, const char *stream, const char *expected);
void feed_check_broken(int line, const char *stream, enum ward_code why, unsigned http);

#define CHECK_BODY(stream, expected) feed_check_body(__LINE__, stream, expected)
#define CHECK_BROKEN(stream, why, http) feed_check_broken(__LINE__, stream, why, http)
#define CHECK_NO_HTTP(stream) CHECK_BROKEN(stream, WARD_FETCH_PROTOCOL, 0)

#define OK "HTTP/1.1 200 OK\r\n"
#define TWO "Content-Length: 2\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

#endif
