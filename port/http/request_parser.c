#include "request_parser.h"

#include <string.h>

#if !LLHTTP_STRICT_MODE
#error "build llhttp and this file with -DLLHTTP_STRICT_MODE=1: else a space before a header's colon and the like pass"
#endif

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

static int on_header_field_complete(llhttp_t *llhttp)
{
    struct request_parser *const parser = parser_of(llhttp);
    /* A field behind a chunked body is no header: RFC 9110 section 6.5.1. */
    parser->header = parser->headers_complete ? OTHER : header_named(parser);
    memset(&parser->name_text, 0, sizeof parser->name_text);
    if (parser->header == AUTHORIZATION && parser->authorization_count < WARD_COUNT_UNKNOWN - 1)
        parser->authorization_count++;
    return 0;
}

/* Whether nothing but blanks stands between a line's begin and this byte of what is being fed. */
static bool at_line_begin(const struct request_parser *parser, const char *at)
{
    while (at > parser->fed && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at > parser->fed ? at[-1] == '\n' : parser->at_line_begin;
}

static int on_header_value(llhttp_t *llhttp, const char *data, size_t length)
{
    struct request_parser *const parser = parser_of(llhttp);
    /* A value that begins a line is folded, which llhttp undoes without a trace: RFC 9112 section 5.2. */
    if (length > 0 && at_line_begin(parser, data))
        return refuse(parser, 400);
    switch (parser->header) {
    case AUTHORIZATION:
        /* Of several only the first is kept: their number alone refuses the request. */
        if (parser->authorization_count == 1)
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
    /* A request line without a version is HTTP/0.9, which llhttp reads too. */
    if (llhttp->http_major != 1)
        return refuse(parser, 505);
    parser->headers_complete = true;
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
        return 501;
    case HPE_INVALID_VERSION:
        return 505;
    default:
        return 400;
    }
}

enum request_state request_parser_feed(struct request_parser *parser, const char *data, size_t length, size_t *used)
{
    parser->fed = data;
    const llhttp_errno_t error = llhttp_execute(&parser->llhttp, data, length);
    parser->at_line_begin = at_line_begin(parser, data + length);
    *used = length;
    if (parser->complete) {
        *used = (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
        return REQUEST_COMPLETE;
    }
    if (error == HPE_OK)
        return REQUEST_MORE;
    /* An upgrade (to WebSocket, to HTTP/2) is asked for: there is none. */
    if (parser->error == 0)
        parser->error = error == HPE_PAUSED_UPGRADE || error == HPE_PAUSED_H2_UPGRADE ? 501 : status_of(error);
    return REQUEST_BROKEN;
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
    return llhttp_method_name((llhttp_method_t)parser->llhttp.method);
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
    if (!parser->origin_text.too_long)
        request->origin = ward_text_of(parser->origin, trimmed(parser->origin, parser->origin_text.length));
    if (!parser->requested_text.too_long)
        request->requested_method = ward_method_of(
            ward_text_of(parser->requested, trimmed(parser->requested, parser->requested_text.length)));
}
