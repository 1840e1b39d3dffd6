/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP/1.1 answer out of a stream of bytes (RFC 9112), by llhttp: a key set's body, and what ward_fetch_answer asks for, in
 * memory of fixed size. Nothing of the body is kept. For a client on any transport; port/lwip feeds it what TLS has decrypted.
 *
 * One GET, one answer, one connection. What it takes, and what not:
 *
 * - Status 200 only, and 304 where the request had a condition. A redirect is not followed: it is an answer like 404.
 *   Interim answers (1xx) are passed over, except for 101: nobody asked for another protocol (RFC 9110, 15.2).
 * - The body has the length that Content-Length says, or comes in chunks, or ends where the connection does. The last is taken
 *   only where the peer said that it is the end (TLS close_notify): a cut connection must not pass for a whole body. Both
 *   lengths at once, a Content-Length twice, even the same one, and a transfer coding other than one `chunked` are refused, and
 *   so is any coding of an HTTP/1.0 answer: what can be read in two ways is not read (RFC 9112, 6.1 and 6.3).
 * - A chunk or a Content-Length above WARD_FETCH_MAX_BODY is refused when it is announced.
 * - Content-Encoding only `identity`: the request must say so (fetch_fields.h); some servers compress all the same.
 * - Any Content-Type or none: issuers do not agree on one, and who reads the body as a key set finds out what it is.
 * - A folded header line is refused, a space before a colon too. A field after the body is not a header.
 * - Bytes after the answer are not read: whether they have come by now is chance, and must not decide.
 *
 * However a stream is cut into pieces, the outcome is the same.
 */
#ifndef WARD_PORT_HTTP_RESPONSE_PARSER_H
#define WARD_PORT_HTTP_RESPONSE_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/http/answer_fields.h"
#include "llhttp.h"
#include "ward/keyring.h"
#include "ward/port/config.h"

/** What a piece of the stream came to. */
enum ward_http_response_state {
    WARD_HTTP_RESPONSE_MORE,     /**< the answer goes on */
    WARD_HTTP_RESPONSE_COMPLETE, /**< status 200, and the body is whole */
    WARD_HTTP_RESPONSE_BROKEN    /**< no body will be: ward_http_response_parser_answer() says why */
};

/** An answer being read. The caller's; private. It needs no end. */
struct ward_http_response_parser {
    llhttp_t llhttp;
    struct ward_http_answer_fields fields;
    uint64_t now;
    struct ward_status status;
    uint32_t bytes;
    uint32_t body_bytes;
    char *body;
    uint16_t name_length;
    uint16_t value_length;
    enum ward_http_response_state state;
    bool headers_complete;
    bool until_close;
    bool line_begins;
    bool interim;
    bool chunked;
    bool coding_refused;
    bool is_coded;
#if WARD_MAX_BUNDLE > 0
    bool conditional; /* 304 is an answer */
#endif
    char name[32];
    char value[256];
};

/** Starts an answer. */
void ward_http_response_parser_begin(struct ward_http_response_parser *parser);

/** About what time it is: see ward_http_answer_fields_at(). After the begin. */
void ward_http_response_parser_at(struct ward_http_response_parser *parser, uint64_t now);

#if WARD_MAX_BUNDLE > 0
/** The request had an `If-None-Match`: status 304 completes the answer, without a body. After the begin. */
void ward_http_response_parser_conditional(struct ward_http_response_parser *parser);
#endif

/**
 * Takes bytes of the stream and gives the body's among them, decoded. It stops when `body` is full: with `size` at least `length`
 * all bytes are taken, except for those after the answer. `body` may be `data`: the body is then decoded in place.
 *
 * Once it has said COMPLETE or BROKEN it says so again and takes none, until the next begin.
 *
 * @param data         the next bytes; any number, also none
 * @param used         written: how many were taken. With MORE it is less than `length` only if `body` is full; with COMPLETE the
 *                     others are after the answer
 * @param body         not NULL; the next bytes of the body are written here; with BROKEN it may hold bytes that are worth nothing
 * @param size         of `body`; at least 1 once the body has begun
 * @param body_length  written: how many those are, with MORE and COMPLETE alike; 0 with BROKEN
 *
 * @return BROKEN also for a status other than 200, once its header fields have been read
 */
enum ward_http_response_state ward_http_response_parser_feed(struct ward_http_response_parser *parser, const char *data,
                                                             size_t length, size_t *used, char *body, size_t size,
                                                             size_t *body_length);

/**
 * The peer has closed the connection: what came before it has all been fed.
 *
 * @param clean  the peer said that it closes, by the authenticated close_notify of TLS. An end of TCP alone says nothing
 *
 * @return COMPLETE for an answer that was complete, or whose body ends here and `clean`; else BROKEN
 */
enum ward_http_response_state ward_http_response_parser_closed(struct ward_http_response_parser *parser, bool clean);

/**
 * What is known by now, at any time, all of it is written:
 *
 * `status`: WARD_OK after COMPLETE. After BROKEN:
 * - WARD_FETCH_HTTP_STATUS  any other than 200; `http` is which
 * - WARD_FETCH_TOO_LONG     headers above WARD_MAX_ANSWER_HEADERS, a body above WARD_FETCH_MAX_BODY, or a Content-Length that says so
 * - WARD_FETCH_PROTOCOL     not HTTP/1.1 or 1.0, or what is refused above
 * - WARD_FETCH_CODING       200, and the body is compressed or coded in another way
 * - WARD_FETCH_CUT_OFF      the connection ended before the answer did
 *
 * and WARD_FETCH_CUT_OFF while there is more to come: whoever gives up may know better (WARD_FETCH_TIMED_OUT).
 *
 * `http`, `max_age`, `retry_after`, `date`, `aged`: those of the answer, whatever its status, once all of its header fields have been
 * read; else 0, WARD_NO_MAX_AGE, 0, 0, false. A field longer than 256 bytes counts as one that cannot be read.
 */
void ward_http_response_parser_answer(const struct ward_http_response_parser *parser, struct ward_fetch_answer *answer);

#endif
