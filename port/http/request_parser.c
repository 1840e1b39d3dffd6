/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/request_parser.h"

#include <string.h>

#ifndef LLHTTP_STRICT_MODE
#define LLHTTP_STRICT_MODE 0
#endif
/* Else a header may hide behind a space before its colon: RFC 9112 section 5.1. */
WARD_STATIC_ASSERT(LLHTTP_STRICT_MODE == 1, "build llhttp and this file with LLHTTP_STRICT_MODE=1");

/* The headers that are kept, and those that are judged. */
enum header { OTHER, AUTHORIZATION, ORIGIN, REQUESTED_METHOD, JUDGED };

static const struct {
    struct ward_text name;
    uint8_t header;
    uint8_t field; /* of one that is judged */
} headers[] = { { WARD_TEXT("authorization"), AUTHORIZATION, 0 },
                { WARD_TEXT("origin"), ORIGIN, 0 },
                { WARD_TEXT("access-control-request-method"), REQUESTED_METHOD, 0 },
                { WARD_TEXT("host"), JUDGED, WARD_HTTP_REQUEST_FIELD_HOST },
                { WARD_TEXT("content-length"), JUDGED, WARD_HTTP_REQUEST_FIELD_LENGTH },
                { WARD_TEXT("transfer-encoding"), JUDGED, WARD_HTTP_REQUEST_FIELD_CODING },
                { WARD_TEXT("expect"), JUDGED, WARD_HTTP_REQUEST_FIELD_EXPECT } };

static struct ward_http_request_parser *parser_of(llhttp_t *llhttp)
{
    return llhttp->data;
}

/* Ends the reading: the request is answered by this status. */
static int refuse(struct ward_http_request_parser *parser, uint16_t status)
{
    parser->error = status;
    return HPE_USER;
}

static void append(struct ward_http_request_text *text, char *out, size_t size, const char *data, size_t length)
{
    if (text->too_long || length > size - text->length) {
        text->too_long = true;
        return;
    }
    memcpy(out + text->length, data, length);
    text->length = (uint16_t)(text->length + length);
}

static int count_header_bytes(struct ward_http_request_parser *parser, size_t length)
{
    parser->header_bytes += length;
    return parser->header_bytes > WARD_MAX_HEADERS ? refuse(parser, 431) : 0;
}

static int on_url(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    append(&parser->target_text, parser->target, sizeof parser->target, data, length);
    return parser->target_text.too_long ? refuse(parser, 414) : 0;
}

static int on_header_field(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    append(&parser->name_text, parser->name, sizeof parser->name, data, length);
    return count_header_bytes(parser, length);
}

/* Which header a value is of. What stands after a chunked body is none: RFC 9110 section 6.5.1. */
static void find_header(struct ward_http_request_parser *parser)
{
    const struct ward_text name = ward_text_of(parser->name, parser->name_text.length);
    parser->header = OTHER;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0] && !parser->headers_complete; i++) {
        if (parser->name_text.too_long || !ward_text_equal_ignoring_case(headers[i].name, name))
            continue;
        parser->header = headers[i].header;
        parser->field = headers[i].field;
    }
}

/* Counts a header that is kept, up to a number that is still no WARD_COUNT_UNKNOWN. */
static void count_header(struct ward_http_request_parser *parser, uint8_t *count)
{
    if (*count < WARD_COUNT_UNKNOWN - 1)
        (*count)++;
    if (*count > 1)
        parser->header = OTHER;
}

static int on_header_field_complete(llhttp_t *llhttp)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    if (parser->name_text.length == 0 && !parser->name_text.too_long)
        return refuse(parser, 400);
    find_header(parser);
    memset(&parser->name_text, 0, sizeof parser->name_text);
    memset(&parser->value_text, 0, sizeof parser->value_text);
    /* Of several only the first is kept: their number alone refuses a credential, and makes the others none. */
    if (parser->header == AUTHORIZATION)
        count_header(parser, &parser->authorization_count);
    else if (parser->header == ORIGIN)
        count_header(parser, &parser->origin_count);
    else if (parser->header == REQUESTED_METHOD)
        count_header(parser, &parser->requested_count);
    return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    switch (parser->header) {
    case AUTHORIZATION:
        append(&parser->authorization_text, parser->authorization, sizeof parser->authorization, data, length);
        break;
    case ORIGIN: append(&parser->origin_text, parser->origin, sizeof parser->origin, data, length); break;
    case OTHER: break;
    default: append(&parser->value_text, parser->value, sizeof parser->value, data, length); break;
    }
    return count_header_bytes(parser, length);
}

/* A field's value does not include the space after it: RFC 9110 section 5.5. */
static struct ward_text trimmed(const char *text, struct ward_http_request_text size)
{
    size_t length = size.length;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    return ward_text_of(text, length);
}

static int on_header_value_complete(llhttp_t *llhttp)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    const struct ward_text value = trimmed(parser->value, parser->value_text);
    if (parser->header == REQUESTED_METHOD)
        parser->requested_method = parser->value_text.too_long ? 0 : ward_method_of(value);
    else if (parser->header == JUDGED)
        ward_http_request_fields_take(&parser->fields, parser->field, value, parser->value_text.too_long);
    return 0;
}

/* Both must have found the same body. */
static uint16_t judge_framing(const struct ward_http_request_parser *parser)
{
    const bool chunked = (parser->llhttp.flags & F_CHUNKED) != 0;
    const uint16_t status = ward_http_request_fields_judge(&parser->fields, parser->llhttp.http_minor);
    return status == 0 && chunked != parser->fields.chunked ? 400 : status;
}

static int on_headers_complete(llhttp_t *llhttp)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    parser->headers_complete = true;
    if (llhttp->http_major != 1)
        return refuse(parser, 505);
    if (parser->authorization_text.too_long)
        return refuse(parser, 431);
    const uint16_t status = judge_framing(parser);
    if (status != 0)
        return refuse(parser, status);
    if (llhttp->content_length > WARD_MAX_BODY)
        return refuse(parser, 413);
    parser->has_body = llhttp->content_length > 0 || parser->fields.chunked;
    parser->expects_continue = parser->fields.continues && parser->has_body && llhttp->http_minor > 0;
    /* What follows CONNECT is for a tunnel, and there is none. HTTP/1.0 has connections that go on only by an extension
     * of which proxies know nothing (RFC 9112, appendix C.2.2). Fields after the body change nothing. */
    parser->keep_alive = llhttp_should_keep_alive(llhttp) != 0 && llhttp->http_minor > 0 &&
                         llhttp->method != HTTP_CONNECT;
    /* Stop here: the gate is asked before the body. */
    return HPE_PAUSED;
}

static int on_chunk_header(llhttp_t *llhttp)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    if (llhttp->content_length > WARD_MAX_BODY)
        return refuse(parser, 413);
    parser->chunk_left = (size_t)llhttp->content_length;
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    append(&parser->body_text, parser->body, WARD_MAX_BODY, data, length);
    parser->chunk_left -= parser->fields.chunked ? length : 0;
    return parser->body_text.too_long ? refuse(parser, 413) : 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    struct ward_http_request_parser *const parser = parser_of(llhttp);
    parser->complete = true;
    /* Stop here: what follows is the next request. */
    return HPE_PAUSED;
}

const unsigned char WARD_HTTP_LIMITS = 0;

void ward_http_request_parser_start(struct ward_http_request_parser *parser, const unsigned char *limits)
{
    (void)limits;
    static const llhttp_settings_t settings = { .on_url = on_url,
                                                .on_header_field = on_header_field,
                                                .on_header_field_complete = on_header_field_complete,
                                                .on_header_value = on_header_value,
                                                .on_header_value_complete = on_header_value_complete,
                                                .on_headers_complete = on_headers_complete,
                                                .on_chunk_header = on_chunk_header,
                                                .on_body = on_body,
                                                .on_message_complete = on_message_complete };
    memset(parser, 0, sizeof *parser);
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &settings);
    parser->llhttp.data = parser;
}

static uint16_t status_of(llhttp_errno_t error)
{
    switch (error) {
    case HPE_INVALID_METHOD:
    case HPE_PAUSED_H2_UPGRADE: return 501;
    case HPE_INVALID_VERSION: return 505;
    default: return 400;
    }
}

/* Ends a request that llhttp would go on reading. */
static enum ward_http_request_state count_bytes(struct ward_http_request_parser *parser, size_t length)
{
    parser->bytes += length;
    if (parser->bytes <= WARD_MAX_REQUEST)
        return WARD_HTTP_REQUEST_MORE;
    parser->error = parser->headers_complete ? 413 : 431;
    return WARD_HTTP_REQUEST_BROKEN;
}

/* Where lines are read and not bytes of a body: the head, the size of a chunk and what ends it, the fields after a
 * body. */
static bool reads_lines(const struct ward_http_request_parser *parser)
{
    return !parser->headers_complete || (parser->fields.chunked && parser->chunk_left == 0);
}

/* llhttp joins folded lines, servers in front may not: one header must be the same to all. RFC 9112 section 5.2. */
static bool is_folded(const struct ward_http_request_parser *parser, char first)
{
    return parser->line_begins && (first == ' ' || first == '\t');
}

/* A CR without its LF, or a LF without its CR: a recipient may take either for the end of a line or for a part of it
 * (RFC 9112 section 2.2), and two that differ see two requests. Of a piece only the last byte can be a LF. */
static bool is_torn(struct ward_http_request_parser *parser, const char *data, size_t length)
{
    bool ends = parser->line_ends;
    for (size_t i = 0; i < length; i++) {
        if (ends != (data[i] == '\n'))
            return true;
        ends = data[i] == '\r';
    }
    parser->line_ends = ends;
    return false;
}

/* One blank before a target and one after it, then HTTP's name: llhttp skips further blanks, and takes lines of RTSP
 * and ICE as if they were HTTP's. */
static bool is_other_protocol(struct ward_http_request_parser *parser, const char *data, size_t length)
{
    static const char name[] = "HTTP/";
    for (size_t i = 0; i < length && parser->protocol_bytes < sizeof name - 1; i++) {
        if (parser->blanks < 2)
            parser->blanks = (uint8_t)(parser->blanks + (data[i] == ' ' ? 1 : 0));
        else if (data[i] != name[parser->protocol_bytes++])
            return true;
    }
    return false;
}

static bool is_line_broken(struct ward_http_request_parser *parser, const char *data, size_t length)
{
    return reads_lines(parser) &&
           (is_folded(parser, data[0]) || is_torn(parser, data, length) || is_other_protocol(parser, data, length));
}

static enum ward_http_request_state feed_piece(struct ward_http_request_parser *parser, const char *data, size_t length,
                                               size_t *used)
{
    if (length > 0 && is_line_broken(parser, data, length)) {
        parser->error = 400;
        return WARD_HTTP_REQUEST_BROKEN;
    }
    const llhttp_errno_t error = llhttp_execute(&parser->llhttp, data, length);
    if (parser->complete) {
        *used += (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
        return WARD_HTTP_REQUEST_COMPLETE;
    }
    *used += length;
    parser->line_begins = length > 0 && data[length - 1] == '\n';
    parser->paused = error == HPE_PAUSED;
    if (error == HPE_OK || parser->paused)
        return count_bytes(parser, length);
    if (parser->error == 0)
        parser->error = status_of(error);
    return WARD_HTTP_REQUEST_BROKEN;
}

/* Lines come one by one, and a chunk without what follows it. */
static size_t piece_length(const struct ward_http_request_parser *parser, const char *data, size_t length)
{
    if (!reads_lines(parser))
        return parser->fields.chunked && parser->chunk_left < length ? parser->chunk_left : length;
    const char *const end = memchr(data, '\n', length);
    return end != NULL ? (size_t)(end + 1 - data) : length;
}

/* Goes on after the head, with no byte of what follows: a request without a body ends here. */
static enum ward_http_request_state resume(struct ward_http_request_parser *parser)
{
    size_t none = 0;
    parser->paused = false;
    llhttp_resume(&parser->llhttp);
    return feed_piece(parser, "", 0, &none);
}

enum ward_http_request_state ward_http_request_parser_feed(struct ward_http_request_parser *parser, const char *data,
                                                           size_t length, size_t *used)
{
    enum ward_http_request_state state = WARD_HTTP_REQUEST_MORE;
    *used = 0;
    if (parser->complete)
        return WARD_HTTP_REQUEST_COMPLETE;
    if (parser->error != 0)
        return WARD_HTTP_REQUEST_BROKEN;
    if (parser->paused)
        state = resume(parser);
    while (state == WARD_HTTP_REQUEST_MORE && !parser->paused && *used < length)
        state = feed_piece(parser, data + *used, piece_length(parser, data + *used, length - *used), used);
    return state == WARD_HTTP_REQUEST_MORE && parser->paused ? WARD_HTTP_REQUEST_HEAD : state;
}

const char *ward_http_request_parser_method(const struct ward_http_request_parser *parser)
{
    return parser->target_text.length > 0 ? llhttp_method_name((llhttp_method_t)parser->llhttp.method) : "";
}

void ward_http_request_parser_get(struct ward_http_request_parser *parser, struct ward_request *request)
{
    const char *const method = ward_http_request_parser_method(parser);
    memset(request, 0, sizeof *request);
    request->method = ward_method_of(ward_text_of(method, strlen(method)));
    request->target = ward_text_of(parser->target, parser->target_text.length);
    request->authorization_count = parser->authorization_count;
    if (parser->authorization_count > 0) {
        request->authorization = parser->authorization;
        request->authorization_length = trimmed(parser->authorization, parser->authorization_text).length;
    }
    if (parser->origin_count == 1 && !parser->origin_text.too_long)
        request->origin = trimmed(parser->origin, parser->origin_text);
    if (parser->requested_count == 1)
        request->requested_method = parser->requested_method;
}
