#include "request_parser.h"

#include <string.h>

#ifndef LLHTTP_STRICT_MODE
#define LLHTTP_STRICT_MODE 0
#endif
/* Else a header may hide behind a space before its colon: RFC 9112 section 5.1. */
WARD_STATIC_ASSERT(LLHTTP_STRICT_MODE == 1, "build llhttp and this file with LLHTTP_STRICT_MODE=1");

/* The headers that are kept. */
enum header { OTHER, AUTHORIZATION, ORIGIN, REQUESTED_METHOD };

static const struct {
    struct ward_text name;
    enum header header;
} headers[] = { { WARD_TEXT("authorization"), AUTHORIZATION },
                { WARD_TEXT("origin"), ORIGIN },
                { WARD_TEXT("access-control-request-method"), REQUESTED_METHOD } };

static struct request_parser *parser_of(llhttp_t *llhttp)
{
    return llhttp->data;
}

/* Ends the reading: the request is answered by this status. */
static int refuse(struct request_parser *parser, uint16_t status)
{
    parser->error = status;
    return HPE_USER;
}

static void append(struct request_text *text, char *out, size_t size, const char *data, size_t length)
{
    if (text->too_long || length > size - text->length) {
        text->too_long = true;
        return;
    }
    memcpy(out + text->length, data, length);
    text->length = (uint16_t)(text->length + length);
}

static int count_header_bytes(struct request_parser *parser, size_t length)
{
    parser->header_bytes += length;
    return parser->header_bytes > WARD_MAX_HEADERS ? refuse(parser, 431) : 0;
}

static int on_url(llhttp_t *llhttp, const char *data, size_t length)
{
    struct request_parser *const parser = parser_of(llhttp);
    append(&parser->target_text, parser->target, sizeof parser->target, data, length);
    return parser->target_text.too_long ? refuse(parser, 414) : 0;
}

static int on_header_field(llhttp_t *llhttp, const char *data, size_t length)
{
    struct request_parser *const parser = parser_of(llhttp);
    append(&parser->name_text, parser->name, sizeof parser->name, data, length);
    return count_header_bytes(parser, length);
}

static uint8_t header_named(const struct request_parser *parser)
{
    const struct ward_text name = ward_text_of(parser->name, parser->name_text.length);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (!parser->name_text.too_long && ward_text_equal_ignoring_case(headers[i].name, name))
            return (uint8_t)headers[i].header;
    return OTHER;
}

/* Counts a header that is kept, up to a number that is still no WARD_COUNT_UNKNOWN. */
static void count_header(struct request_parser *parser, uint8_t *count)
{
    if (*count < WARD_COUNT_UNKNOWN - 1)
        (*count)++;
    if (*count > 1)
        parser->header = OTHER;
}

static int on_header_field_complete(llhttp_t *llhttp)
{
    struct request_parser *const parser = parser_of(llhttp);
    /* What stands behind a chunked body is no header: RFC 9110 section 6.5.1. */
    parser->header = parser->headers_complete ? (uint8_t)OTHER : header_named(parser);
    memset(&parser->name_text, 0, sizeof parser->name_text);
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
    struct request_parser *const parser = parser_of(llhttp);
    switch (parser->header) {
    case AUTHORIZATION:
        append(&parser->authorization_text, parser->authorization, sizeof parser->authorization, data, length);
        break;
    case ORIGIN:
        append(&parser->origin_text, parser->origin, sizeof parser->origin, data, length);
        break;
    case REQUESTED_METHOD:
        append(&parser->requested_text, parser->requested, sizeof parser->requested, data, length);
        break;
    default:
        break;
    }
    return count_header_bytes(parser, length);
}

static int on_headers_complete(llhttp_t *llhttp)
{
    struct request_parser *const parser = parser_of(llhttp);
    parser->headers_complete = true;
    if (llhttp->http_major != 1)
        return refuse(parser, 505);
    if (parser->authorization_text.too_long)
        return refuse(parser, 431);
    if (llhttp->content_length > WARD_MAX_BODY)
        return refuse(parser, 413);
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *data, size_t length)
{
    struct request_parser *const parser = parser_of(llhttp);
    append(&parser->body_text, parser->body, WARD_MAX_BODY, data, length);
    return parser->body_text.too_long ? refuse(parser, 413) : 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    struct request_parser *const parser = parser_of(llhttp);
    parser->complete = true;
    parser->keep_alive = llhttp_should_keep_alive(llhttp) != 0;
    /* Stop here: what follows is the next request. */
    return HPE_PAUSED;
}

void request_parser_begin(struct request_parser *parser)
{
    memset(parser, 0, sizeof *parser);
    llhttp_settings_init(&parser->settings);
    parser->settings.on_url = on_url;
    parser->settings.on_header_field = on_header_field;
    parser->settings.on_header_field_complete = on_header_field_complete;
    parser->settings.on_header_value = on_header_value;
    parser->settings.on_headers_complete = on_headers_complete;
    parser->settings.on_body = on_body;
    parser->settings.on_message_complete = on_message_complete;
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &parser->settings);
    parser->llhttp.data = parser;
}

static uint16_t status_of(llhttp_errno_t error)
{
    switch (error) {
    case HPE_INVALID_METHOD:
    case HPE_PAUSED_H2_UPGRADE:
        return 501;
    case HPE_INVALID_VERSION:
        return 505;
    default:
        return 400;
    }
}

/* Ends a request that llhttp would go on reading. */
static enum request_state count_bytes(struct request_parser *parser, size_t length)
{
    parser->bytes += length;
    if (parser->bytes <= WARD_MAX_REQUEST)
        return REQUEST_MORE;
    parser->error = parser->headers_complete ? 413 : 431;
    return REQUEST_BROKEN;
}

/* llhttp joins folded lines, servers in front may not: one header must be the same to all. RFC 9112 section 5.2. */
static bool is_folded(const struct request_parser *parser, char first)
{
    return !parser->headers_complete && parser->line_begins && (first == ' ' || first == '\t');
}

static enum request_state feed_piece(struct request_parser *parser, const char *data, size_t length, size_t *used)
{
    if (is_folded(parser, data[0])) {
        parser->error = 400;
        return REQUEST_BROKEN;
    }
    const llhttp_errno_t error = llhttp_execute(&parser->llhttp, data, length);
    if (parser->complete) {
        *used += (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
        return REQUEST_COMPLETE;
    }
    *used += length;
    parser->line_begins = data[length - 1] == '\n';
    if (error == HPE_OK)
        return count_bytes(parser, length);
    if (parser->error == 0)
        parser->error = status_of(error);
    return REQUEST_BROKEN;
}

/* Headers are read line by line. */
static size_t piece_length(const struct request_parser *parser, const char *data, size_t length)
{
    const char *const end = parser->headers_complete ? NULL : memchr(data, '\n', length);
    return end != NULL ? (size_t)(end + 1 - data) : length;
}

enum request_state request_parser_feed(struct request_parser *parser, const char *data, size_t length, size_t *used)
{
    enum request_state state = REQUEST_MORE;
    *used = 0;
    if (parser->complete)
        return REQUEST_COMPLETE;
    if (parser->error != 0)
        return REQUEST_BROKEN;
    while (state == REQUEST_MORE && *used < length)
        state = feed_piece(parser, data + *used, piece_length(parser, data + *used, length - *used), used);
    return state;
}

/* A field's value does not include the space behind it: RFC 9110 section 5.5. */
static size_t trimmed(const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    return length;
}

const char *request_parser_method(const struct request_parser *parser)
{
    return parser->target_text.length > 0 ? llhttp_method_name((llhttp_method_t)parser->llhttp.method) : "";
}

void request_parser_get(struct request_parser *parser, struct ward_request *request)
{
    const char *const method = request_parser_method(parser);
    memset(request, 0, sizeof *request);
    request->method = ward_method_of(ward_text_of(method, strlen(method)));
    request->target = ward_text_of(parser->target, parser->target_text.length);
    request->authorization_count = parser->authorization_count;
    if (parser->authorization_count > 0) {
        request->authorization = parser->authorization;
        request->authorization_length = trimmed(parser->authorization, parser->authorization_text.length);
    }
    if (parser->origin_count == 1 && !parser->origin_text.too_long)
        request->origin = ward_text_of(parser->origin, trimmed(parser->origin, parser->origin_text.length));
    if (parser->requested_count == 1 && !parser->requested_text.too_long)
        request->requested_method = ward_method_of(
            ward_text_of(parser->requested, trimmed(parser->requested, parser->requested_text.length)));
}
