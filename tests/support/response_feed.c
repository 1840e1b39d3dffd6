/* SPDX-License-Identifier: Apache-2.0 */
#include "response_feed.h"

#include "guard.h"

struct fed fed;
#if WARD_MAX_BUNDLE > 0
bool feed_conditional;
#endif

enum ward_http_response_state feed_in_pieces(const char *stream, size_t length, size_t piece, size_t size)
{
    enum ward_http_response_state state = WARD_HTTP_RESPONSE_MORE;
    ward_http_response_parser_begin(&fed.parser);
#if WARD_MAX_BUNDLE > 0
    if (feed_conditional)
        ward_http_response_parser_conditional(&fed.parser);
#endif
    fed.body_length = 0;
    fed.used = 0;
    while (state == WARD_HTTP_RESPONSE_MORE && fed.used < length) {
        const size_t part = length - fed.used < piece ? length - fed.used : piece;
        char *const room = guard_copy(fed.body, size);
        size_t taken;
        size_t written;
        state = ward_http_response_parser_feed(&fed.parser, guard_copy(stream + fed.used, part), part, &taken, room,
                                               size, &written);
        CHECK(taken <= part && written <= size && written <= taken);
        CHECK(state != WARD_HTTP_RESPONSE_MORE || taken == part || written == size);
        CHECK(state != WARD_HTTP_RESPONSE_BROKEN || written == 0);
        CHECK(fed.body_length + written <= sizeof fed.body);
        memcpy(fed.body + fed.body_length, room, written);
        fed.body_length += written;
        fed.used += taken;
    }
    return state;
}

enum ward_http_response_state feed(const char *stream)
{
    return feed_in_pieces(stream, strlen(stream), WHOLE, sizeof fed.body);
}

void feed_know(void)
{
    memset(&fed.answer, 0x5a, sizeof fed.answer);
    ward_http_response_parser_answer(&fed.parser, &fed.answer);
}

static void check_same_answer(const struct ward_fetch_answer *other)
{
    CHECK_NUMBER(fed.answer.status.code, other->status.code);
    CHECK_NUMBER(fed.answer.http, other->http);
    CHECK_NUMBER(fed.answer.max_age, other->max_age);
    CHECK_NUMBER(fed.answer.retry_after, other->retry_after);
    CHECK_NUMBER(fed.answer.date, other->date);
}

enum ward_http_response_state feed_in_every_way(const char *stream)
{
    static const size_t pieces[] = { 1, 2, 3, 7, 61, WHOLE };
    static const size_t rooms[] = { 1, 2, 5, sizeof fed.body };
    static char first_body[sizeof fed.body];
    const enum ward_http_response_state first = feed(stream);
    feed_know();
    const struct ward_fetch_answer first_answer = fed.answer;
    const size_t first_length = fed.body_length;
    const size_t first_used = fed.used;
    memcpy(first_body, fed.body, fed.body_length);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0] * (sizeof rooms / sizeof rooms[0]); i++) {
        CHECK_NUMBER(feed_in_pieces(stream, strlen(stream), pieces[i / 4], rooms[i % 4]), first);
        feed_know();
        check_same_answer(&first_answer);
        if (first == WARD_HTTP_RESPONSE_BROKEN)
            continue;
        CHECK_NUMBER(fed.used, first_used);
        CHECK_NUMBER(fed.body_length, first_length);
        CHECK(memcmp(fed.body, first_body, fed.body_length) == 0);
    }
    return first;
}

void feed_check_body(int line, const char *stream, const char *expected)
{
    if (feed_in_every_way(stream) != WARD_HTTP_RESPONSE_COMPLETE)
        check_status(__FILE__, line, stream, fed.answer.status, WARD_OK);
    CHECK_STATUS(fed.answer.status, WARD_OK);
    CHECK_NUMBER(fed.answer.http, 200);
    CHECK_NUMBER(fed.used, strlen(stream));
    check_text(__FILE__, line, stream, ward_text_of(fed.body, fed.body_length), expected);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, false), WARD_HTTP_RESPONSE_COMPLETE);
}

void feed_check_broken(int line, const char *stream, enum ward_code why, unsigned http)
{
    if (feed_in_every_way(stream) != WARD_HTTP_RESPONSE_BROKEN)
        check_failed(__FILE__, line, stream, "not BROKEN", "BROKEN");
    check_status(__FILE__, line, stream, fed.answer.status, why);
    check_number(__FILE__, line, stream, fed.answer.http, http);
    CHECK_NUMBER(ward_http_response_parser_closed(&fed.parser, true), WARD_HTTP_RESPONSE_BROKEN);
    feed_know();
    CHECK_STATUS(fed.answer.status, why);
}
