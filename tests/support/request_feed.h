/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of port/http/request_parser: requests as a stream of bytes, fed in pieces of any size. */
#ifndef WARD_TEST_REQUEST_FEED_H
#define WARD_TEST_REQUEST_FEED_H

#include "check.h"
#include "port/http/request_parser.h"

/** The parser and what came of the stream that was fed last. */
struct got {
    struct ward_http_request_parser parser;
    struct ward_request request; /**< after request_read() */
    size_t used;
    unsigned heads; /**< how often WARD_HTTP_REQUEST_HEAD was said */
};
extern struct got got;

/** Feeds a stream to a new parser, in pieces, past its head and until it ends or the parser says so. */
enum ward_http_request_state request_feed_in_pieces(const char *stream, size_t length, size_t piece);

/** Feeds it in one piece. */
enum ward_http_request_state request_feed(const char *stream);

/** Feeds a whole request and nothing else, in one piece and byte by byte: both must say so, and give the head once. */
void request_read(const char *stream);

/** Feeds a stream in both ways: it is refused with this status. */
void request_check_broken(int line, const char *stream, unsigned status);

#define CHECK_BROKEN(stream, status) request_check_broken(__LINE__, stream, status)

#endif
