#include "request_feed.h"

struct got got;

enum request_state request_feed_in_pieces(const char *stream, size_t length, size_t piece)
{
    enum request_state state = REQUEST_MORE;
    size_t taken;
    got.heads = 0;
    got.used = 0;
    request_parser_begin(&got.parser);
    while ((got.used < length && state == REQUEST_MORE) || state == REQUEST_HEAD) {
        const size_t left = length - got.used;
        state = request_parser_feed(&got.parser, stream + got.used, left < piece ? left : piece, &taken);
        got.heads += state == REQUEST_HEAD ? 1 : 0;
        got.used += taken;
    }
    return state;
}

enum request_state request_feed(const char *stream)
{
    return request_feed_in_pieces(stream, strlen(stream), SIZE_MAX);
}

void request_read(const char *stream)
{
    for (size_t piece = 1; piece != 0; piece = piece == 1 ? SIZE_MAX : 0) {
        CHECK_NUMBER(request_feed_in_pieces(stream, strlen(stream), piece), REQUEST_COMPLETE);
        CHECK_NUMBER(got.used, strlen(stream));
        CHECK_NUMBER(got.heads, 1);
    }
    request_parser_get(&got.parser, &got.request);
}

void request_check_broken(int line, const char *stream, unsigned status)
{
    for (size_t piece = 1; piece != 0; piece = piece == 1 ? SIZE_MAX : 0) {
        const enum request_state state = request_feed_in_pieces(stream, strlen(stream), piece);
        if (state != REQUEST_BROKEN || got.parser.error != status)
            check_number(__FILE__, line, stream, got.parser.error, status);
        CHECK_NUMBER(state, REQUEST_BROKEN);
    }
}
