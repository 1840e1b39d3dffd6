/* SPDX-License-Identifier: Apache-2.0 */
#include "request_feed.h"

struct got got;

enum ward_http_request_state request_feed_in_pieces(const char *stream, size_t length, size_t piece)
{
    enum ward_http_request_state state = WARD_HTTP_REQUEST_MORE;
    size_t taken;
    got.heads = 0;
    got.used = 0;
    ward_http_request_parser_begin(&got.parser);
    while ((got.used < length && state == WARD_HTTP_REQUEST_MORE) || state == WARD_HTTP_REQUEST_HEAD) {
        const size_t left = length - got.used;
        state = ward_http_request_parser_feed(&got.parser, stream + got.used, left < piece ? left : piece, &taken);
        got.heads += state == WARD_HTTP_REQUEST_HEAD ? 1 : 0;
        got.used += taken;
    }
    return state;
}

enum ward_http_request_state request_feed(const char *stream)
{
    return request_feed_in_pieces(stream, strlen(stream), SIZE_MAX);
}

void request_read(const char *stream)
{
    for (size_t piece = 1; piece != 0; piece = piece == 1 ? SIZE_MAX : 0) {
        CHECK_NUMBER(request_feed_in_pieces(stream, strlen(stream), piece), WARD_HTTP_REQUEST_COMPLETE);
        CHECK_NUMBER(got.used, strlen(stream));
        CHECK_NUMBER(got.heads, 1);
    }
    ward_http_request_parser_get(&got.parser, &got.request);
}

void request_check_broken(int line, const char *stream, unsigned status)
{
    for (size_t piece = 1; piece != 0; piece = piece == 1 ? SIZE_MAX : 0) {
        const enum ward_http_request_state state = request_feed_in_pieces(stream, strlen(stream), piece);
        if (state != WARD_HTTP_REQUEST_BROKEN || got.parser.error != status)
            check_number(__FILE__, line, stream, got.parser.error, status);
        CHECK_NUMBER(state, WARD_HTTP_REQUEST_BROKEN);
    }
}
