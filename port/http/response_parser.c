/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/response_parser.h"

#include <string.h>

#ifndef LLHTTP_STRICT_MODE
#define LLHTTP_STRICT_MODE 0
#endif
/* Else a header may hide behind a space before its colon: RFC 9112 section 5.1. */
WARD_STATIC_ASSERT(LLHTTP_STRICT_MODE == 1, "build llhttp and this file with LLHTTP_STRICT_MODE=1");

static struct ward_http_response_parser *parser_of(llhttp_t *llhttp)
{
    return llhttp->data;
}

/* Ends the reading: there will be no body. */
static int refuse(struct ward_http_response_parser *parser, enum ward_code why)
{
    parser->state = WARD_HTTP_RESPONSE_BROKEN;
    parser->status = ward_status_of(why);
    return HPE_USER;
}

/* ---- The header fields. */

/* Keeps more of a text. One that does not fit has a length above `size`. */
static void append(char *text, size_t size, uint16_t *kept, const char *data, size_t length)
{
    if (*kept > size || length > size - *kept) {
        *kept = (uint16_t)(size + 1);
        return;
    }
    memcpy(text + *kept, data, length);
    *kept = (uint16_t)(*kept + length);
}

static int on_header_field(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_response_parser *const parser = parser_of(llhttp);
    append(parser->name, sizeof parser->name, &parser->name_length, data, length);
    return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_response_parser *const parser = parser_of(llhttp);
    append(parser->value, sizeof parser->value, &parser->value_length, data, length);
    return 0;
}

static bool is(struct ward_text name, const char *field)
{
    return ward_text_equal_ignoring_case(name, ward_text_of(field, strlen(field)));
}

/* Whether the value, without the spaces after it (RFC 9110, 5.5), is one word. */
static bool value_is(const struct ward_http_response_parser *parser, const char *word)
{
    size_t length = parser->value_length;
    if (length > sizeof parser->value)
        return false;
    while (length > 0 && (parser->value[length - 1] == ' ' || parser->value[length - 1] == '\t'))
        length--;
    return is(ward_text_of(parser->value, length), word);
}

static void take_field(struct ward_http_response_parser *parser, struct ward_text name)
{
    static const struct ward_text too_long = { NULL, 0 };
    if (is(name, "Transfer-Encoding")) {
        if (parser->chunked || !value_is(parser, "chunked"))
            parser->coding_refused = true;
        parser->chunked = true;
    } else if (parser->value_length > sizeof parser->value) {
        parser->is_coded = parser->is_coded || ward_http_answer_field_is_coding(name, too_long);
        ward_http_answer_fields_lose(&parser->fields, name);
    } else {
        const struct ward_text value = ward_text_of(parser->value, parser->value_length);
        parser->is_coded = parser->is_coded || ward_http_answer_field_is_coding(name, value);
        ward_http_answer_fields_take(&parser->fields, name, value);
    }
}

static int on_header_value_complete(llhttp_t *llhttp)
{
    struct ward_http_response_parser *const parser = parser_of(llhttp);
    if (parser->name_length == 0)
        return refuse(parser, WARD_FETCH_PROTOCOL);
    /* What stands after a chunked body is not a header: RFC 9110 section 6.5.1. */
    if (!parser->headers_complete && parser->name_length <= sizeof parser->name)
        take_field(parser, ward_text_of(parser->name, parser->name_length));
    parser->name_length = 0;
    parser->value_length = 0;
    return 0;
}

/* ---- The answer. */

static bool is_interim(uint16_t http)
{
    return http / 100u == 1u && http != 101u;
}

/* Whether the body can be read in one way only, and llhttp reads it so: it does not know `chunked` with a tab after it. */
static bool is_plain(const struct ward_http_response_parser *parser)
{
    const llhttp_t *const llhttp = &parser->llhttp;
    const bool chunked = (llhttp->flags & F_CHUNKED) != 0;
    return !parser->coding_refused && parser->chunked == chunked && (!chunked || llhttp->http_minor != 0u);
}

/* What on_headers_complete() tells llhttp: none comes, whatever the fields say. */
enum { WITHOUT_BODY = 1 };

/* A 304 that was asked for: it may name the length of what it does not send (RFC 9110, 8.6). */
static bool is_unchanged(const struct ward_http_response_parser *parser)
{
#if WARD_MAX_BUNDLE > 0
    return parser->conditional && parser->llhttp.status_code == 304u;
#else
    (void)parser;
    return false;
#endif
}

/* So many bytes more of the body are to come. */
static int expect(struct ward_http_response_parser *parser, uint64_t length)
{
    return length > WARD_FETCH_MAX_BODY - parser->body_bytes ? refuse(parser, WARD_FETCH_TOO_LONG) : 0;
}

static int on_headers_complete(llhttp_t *llhttp)
{
    struct ward_http_response_parser *const parser = parser_of(llhttp);
    /* llhttp takes a status of fewer digits, too; of more it makes no more than 999. */
    if (llhttp->http_major != 1u || llhttp->status_code < 100u)
        return refuse(parser, WARD_FETCH_PROTOCOL);
    if (is_interim(llhttp->status_code)) {
        parser->interim = true;
        return HPE_USER;
    }
    parser->headers_complete = true;
    if (is_unchanged(parser))
        return WITHOUT_BODY;
    if (llhttp->status_code != 200u)
        return refuse(parser, WARD_FETCH_HTTP_STATUS);
    if (!is_plain(parser))
        return refuse(parser, WARD_FETCH_PROTOCOL);
    if (parser->is_coded)
        return refuse(parser, WARD_FETCH_CODING);
    /* Asked now: a field after the body changes what llhttp says. */
    parser->until_close = llhttp_message_needs_eof(llhttp) != 0;
    return expect(parser, llhttp->content_length);
}

static int on_chunk_header(llhttp_t *llhttp)
{
    return expect(parser_of(llhttp), llhttp->content_length);
}

static int on_body(llhttp_t *llhttp, const char *data, size_t length)
{
    struct ward_http_response_parser *const parser = parser_of(llhttp);
    if (expect(parser, length) != 0)
        return HPE_USER;
    /* There is room: no piece is longer than it. The body may be decoded in place. */
    memmove(parser->body, data, length);
    parser->body += length;
    parser->body_bytes += (uint32_t)length;
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    struct ward_http_response_parser *const parser = parser_of(llhttp);
    parser->state = WARD_HTTP_RESPONSE_COMPLETE;
    parser->status = ward_status_of(WARD_OK);
    /* Stop here: what follows is not of the answer. */
    return HPE_PAUSED;
}

/* The final answer, or one before it: nothing of that counts. */
static void begin_answer(struct ward_http_response_parser *parser)
{
    static const llhttp_settings_t settings = { .on_header_field = on_header_field,
                                                .on_header_value = on_header_value,
                                                .on_header_value_complete = on_header_value_complete,
                                                .on_headers_complete = on_headers_complete,
                                                .on_chunk_header = on_chunk_header,
                                                .on_body = on_body,
                                                .on_message_complete = on_message_complete };
    llhttp_init(&parser->llhttp, HTTP_RESPONSE, &settings);
    parser->llhttp.data = parser;
    ward_http_answer_fields_begin(&parser->fields);
    ward_http_answer_fields_at(&parser->fields, parser->now);
    parser->interim = false;
    parser->chunked = false;
    parser->coding_refused = false;
    parser->is_coded = false;
}

void ward_http_response_parser_begin(struct ward_http_response_parser *parser)
{
    memset(parser, 0, sizeof *parser);
    parser->state = WARD_HTTP_RESPONSE_MORE;
    parser->status = ward_status_of(WARD_FETCH_CUT_OFF);
    begin_answer(parser);
}

void ward_http_response_parser_at(struct ward_http_response_parser *parser, uint64_t now)
{
    parser->now = now;
    ward_http_answer_fields_at(&parser->fields, now);
}

#if WARD_MAX_BUNDLE > 0
void ward_http_response_parser_conditional(struct ward_http_response_parser *parser)
{
    parser->conditional = true;
}
#endif

/* ---- The stream. */

/* llhttp joins folded lines, others may not: one header must be the same to all. RFC 9112 section 5.2. */
static bool is_folded(const struct ward_http_response_parser *parser, char first)
{
    return !parser->headers_complete && parser->line_begins && (first == ' ' || first == '\t');
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Headers are read line by line, the body as far as there is room for it. 0: the answer has no more bytes to come. */
static size_t piece_length(const struct ward_http_response_parser *parser, const char *data, size_t length, size_t room)
{
    if (parser->headers_complete)
        return smaller(smaller(length, room), WARD_MAX_ANSWER - parser->bytes);
    const size_t most = smaller(length, WARD_MAX_ANSWER_HEADERS - parser->bytes);
    const char *const end = memchr(data, '\n', most);
    return end != NULL ? (size_t)(end + 1 - data) : most;
}

/* How many of the bytes are the answer's. */
static size_t read_piece(struct ward_http_response_parser *parser, const char *data, size_t length)
{
    parser->bytes += (uint32_t)length;
    parser->line_begins = data[length - 1] == '\n';
    const llhttp_errno_t error = llhttp_execute(&parser->llhttp, data, length);
    if (parser->state == WARD_HTTP_RESPONSE_COMPLETE)
        return (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
    if (parser->interim)
        begin_answer(parser);
    else if (error != HPE_OK && parser->state == WARD_HTTP_RESPONSE_MORE)
        (void)refuse(parser, WARD_FETCH_PROTOCOL);
    return length;
}

static size_t feed_piece(struct ward_http_response_parser *parser, const char *data, size_t length, size_t room)
{
    const size_t piece = piece_length(parser, data, length, room);
    if (piece == 0)
        (void)refuse(parser, WARD_FETCH_TOO_LONG);
    else if (is_folded(parser, data[0]))
        (void)refuse(parser, WARD_FETCH_PROTOCOL);
    else
        return read_piece(parser, data, piece);
    return 0;
}

enum ward_http_response_state ward_http_response_parser_feed(struct ward_http_response_parser *parser, const char *data,
                                                             size_t length, size_t *used, char *body, size_t size,
                                                             size_t *body_length)
{
    *used = 0;
    *body_length = 0;
    while (parser->state == WARD_HTTP_RESPONSE_MORE && *used < length &&
           (*body_length < size || !parser->headers_complete)) {
        parser->body = body + *body_length;
        *used += feed_piece(parser, data + *used, length - *used, size - *body_length);
        *body_length = (size_t)(parser->body - body);
    }
    parser->body = NULL;
    if (parser->state == WARD_HTTP_RESPONSE_BROKEN)
        *body_length = 0;
    return parser->state;
}

enum ward_http_response_state ward_http_response_parser_closed(struct ward_http_response_parser *parser, bool clean)
{
    if (parser->state == WARD_HTTP_RESPONSE_MORE) {
        if (clean && parser->until_close)
            (void)on_message_complete(&parser->llhttp);
        else
            (void)refuse(parser, WARD_FETCH_CUT_OFF);
    }
    return parser->state;
}

void ward_http_response_parser_answer(const struct ward_http_response_parser *parser, struct ward_fetch_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer->status = parser->status;
    answer->max_age = WARD_NO_MAX_AGE;
    if (parser->headers_complete) {
        answer->http = parser->llhttp.status_code;
        ward_http_answer_fields_end(&parser->fields, answer);
    }
}
