/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1 requests out of a stream of bytes (RFC 9112), by llhttp: what a gate needs of them, in memory of fixed size.
 *
 * llhttp does the grammar; this keeps the target, the Authorization header, what CORS needs and a small body, counts
 * the Authorization headers, bounds everything, and is strict where llhttp is not (see also request_fields.h): the
 * first line is HTTP's, a line ends in CR LF and is not continued by the next, a field has a name, and the framing of
 * a body can be read in one way only. It works for a server on any transport: port/lwip and the demo on a UART.
 */
#ifndef WARD_PORT_HTTP_REQUEST_PARSER_H
#define WARD_PORT_HTTP_REQUEST_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "llhttp.h"
#include "port/http/limits.h"
#include "port/http/request_fields.h"
#include "ward/http.h"
#include "ward/port/config.h"

/** One text that grows while it is parsed. */
struct ward_http_request_text {
    uint16_t length;
    bool too_long;
};

/** A request being read. The caller's; after ward_http_request_parser_begin() it needs no other set-up and no end. */
struct ward_http_request_parser {
    llhttp_t llhttp;
    size_t bytes;
    size_t header_bytes;
    uint16_t error; /**< status to answer with when the request cannot be read; 0: none */
    uint8_t authorization_count;
    uint8_t origin_count;
    uint8_t requested_count;
    uint8_t header;
    uint8_t field; /* of enum ward_http_request_field */
    uint16_t requested_method;
    size_t chunk_left; /* bytes of the chunk that are still to come */
    struct ward_http_request_fields fields;
    uint8_t blanks;         /* of the request line, up to the second */
    uint8_t protocol_bytes; /* of the protocol's name that stands after it */
    bool headers_complete;
    bool paused; /* the state of its head was told */
    bool line_begins;
    bool line_ends; /* a CR has come, and LF must follow */
    bool complete;
    bool keep_alive;       /**< another request may follow on this connection */
    bool expects_continue; /**< a body is to follow once `100 Continue` was sent */
    bool has_body;         /**< a body is to follow the headers */
    struct ward_http_request_text name_text;
    struct ward_http_request_text target_text;
    struct ward_http_request_text authorization_text;
    struct ward_http_request_text origin_text;
    struct ward_http_request_text value_text;
    struct ward_http_request_text body_text;
    char name[32];
    char target[WARD_MAX_TARGET];
    char authorization[WARD_MAX_AUTHORIZATION];
    char origin[256];
    union {
        char value[WARD_HTTP_REQUEST_FIELD_LONGEST + 1]; /* before the body: of a field that is judged and not kept */
        char body[WARD_MAX_BODY > 0 ? WARD_MAX_BODY : 1];
    };
};

/** What a piece of the stream came to. */
enum ward_http_request_state {
    WARD_HTTP_REQUEST_MORE, /**< the request goes on */
    WARD_HTTP_REQUEST_HEAD, /**< its headers are whole, once a request: ask the gate; feed the rest, or nothing, to go on */
    WARD_HTTP_REQUEST_COMPLETE, /**< it is whole */
    WARD_HTTP_REQUEST_BROKEN    /**< it cannot be read: answer parser->error and close */
};

/** ward_http_request_parser_begin() with the limits of who calls it: not to be called otherwise. */
void ward_http_request_parser_start(struct ward_http_request_parser *parser, const unsigned char *limits);

/** Starts the next request. What was kept of the last one is wiped. */
static inline void ward_http_request_parser_begin(struct ward_http_request_parser *parser)
{
    ward_http_request_parser_start(parser, &WARD_HTTP_LIMITS);
}

/**
 * Takes bytes of the stream. After HEAD nothing of the body has been taken: whoever refuses the request may answer and
 * close, and whoever does not calls it again with what is left, which may be nothing: a request without a body is
 * COMPLETE then. Once it has said COMPLETE or BROKEN it says so again and takes none, until the next begin.
 *
 * @param used  written: how many belong to this request; the rest is for the next one (pipelining)
 */
enum ward_http_request_state ward_http_request_parser_feed(struct ward_http_request_parser *parser, const char *data,
                                                           size_t length, size_t *used);

/**
 * The parts of a request that a gate asks for, from HEAD on; channel, peer and time are the caller's to set. Its texts
 * point into the parser and live until the next ward_http_request_parser_begin().
 */
void ward_http_request_parser_get(struct ward_http_request_parser *parser, struct ward_request *request);

/** The method's name, for answers; "" before it is known. */
const char *ward_http_request_parser_method(const struct ward_http_request_parser *parser);

#endif
