/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/response_parser: what a server sends, however it is cut and however small the room for the body is, must come to what a
 * model that sees all of it at once makes of it (response_model.c).
 *
 * The last two bytes are options: how the connection ends, where the body goes and whether the request had a condition; the length of pieces and
 * of the room.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "response_model.h"
#include "port/http/response_parser.h"

enum { CLEAN = 1, IN_PLACE = 2, ROOM = 4, CONDITIONAL = 128 };

/* What a stream came to. */
struct outcome {
    enum ward_http_response_state state;
    struct ward_fetch_answer answer;
    size_t used;
    size_t body_length;
    char body[65536];
};

static struct ward_http_response_parser parser;

static void feed_piece(struct outcome *outcome, const char *data, size_t length, size_t room, bool in_place)
{
    char *const copy = fuzz_copy(data, length);
    char *const body = in_place ? copy : fuzz_block(room);
    const size_t size = in_place ? length : room;
    size_t used;
    size_t written;
    outcome->state = ward_http_response_parser_feed(&parser, copy, length, &used, body, size, &written);
    CHECK(used <= length && written <= size && written <= used);
    CHECK(outcome->state != WARD_HTTP_RESPONSE_MORE || used == length || (written == size && !in_place));
    CHECK(outcome->state != WARD_HTTP_RESPONSE_BROKEN || written == 0);
    CHECK(written <= sizeof outcome->body - outcome->body_length);
    memcpy(outcome->body + outcome->body_length, body, written);
    outcome->body_length += written;
    outcome->used += used;
    if (!in_place)
        free(body);
    free(copy);
}

static void know(struct outcome *outcome, unsigned options)
{
    const bool conditional = (options & CONDITIONAL) != 0;
    memset(&outcome->answer, 0xa5, sizeof outcome->answer);
    ward_http_response_parser_answer(&parser, &outcome->answer);
    fuzz_check_named(outcome->answer.status);
    CHECK((outcome->state == WARD_HTTP_RESPONSE_COMPLETE) == ward_ok(outcome->answer.status));
    CHECK(outcome->state != WARD_HTTP_RESPONSE_COMPLETE || outcome->answer.http == 200 ||
          (conditional && outcome->answer.http == 304 && outcome->body_length == 0));
    CHECK(outcome->answer.status.code != WARD_FETCH_HTTP_STATUS ||
          (outcome->answer.http >= 100 && outcome->answer.http != 200));
}

/* Feeds all, and then the connection's end. */
static void read_stream(struct outcome *outcome, const char *data, size_t size, size_t piece, size_t room,
                        unsigned options)
{
    outcome->state = WARD_HTTP_RESPONSE_MORE;
    outcome->used = 0;
    outcome->body_length = 0;
    memset(&parser, 0xa5, sizeof parser);
    ward_http_response_parser_begin(&parser);
    if ((options & CONDITIONAL) != 0)
        ward_http_response_parser_conditional(&parser);
    while (outcome->state == WARD_HTTP_RESPONSE_MORE && outcome->used < size) {
        const size_t left = size - outcome->used;
        feed_piece(outcome, data + outcome->used, left < piece ? left : piece, room, (options & IN_PLACE) != 0);
    }
    know(outcome, options);
    outcome->state = ward_http_response_parser_closed(&parser, (options & CLEAN) != 0);
    CHECK(outcome->state != WARD_HTTP_RESPONSE_MORE);
    know(outcome, options);
}

static void check_same_fields(const struct ward_fetch_answer *a, const struct ward_fetch_answer *b)
{
    CHECK_NUMBER(a->http, b->http);
    CHECK_NUMBER(a->max_age, b->max_age);
    CHECK_NUMBER(a->retry_after, b->retry_after);
    CHECK_NUMBER(a->date, b->date);
    CHECK(ward_text_equal(ward_text_of(a->etag, a->etag_length), ward_text_of(b->etag, b->etag_length)));
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
    CHECK_NUMBER(a->state, b->state);
    CHECK_STATUS(a->answer.status, b->answer.status.code);
    check_same_fields(&a->answer, &b->answer);
    if (a->state == WARD_HTTP_RESPONSE_BROKEN)
        return;
    CHECK_NUMBER(a->used, b->used);
    CHECK_NUMBER(a->body_length, b->body_length);
    CHECK(memcmp(a->body, b->body, a->body_length) == 0);
}

static void check_model(const struct outcome *outcome, const struct model_answer *model)
{
    const uint32_t code = outcome->answer.status.code;
    const bool refused = code == WARD_FETCH_PROTOCOL || code == WARD_FETCH_CUT_OFF;
    if (refused && (model->code == WARD_FETCH_PROTOCOL || model->strange))
        return;
    CHECK_STATUS(outcome->answer.status, model->code);
    struct ward_fetch_answer expected = { .http = (uint16_t)model->http };
    ward_http_answer_fields_end(&model->fields, &expected);
    CHECK(model->known);
    check_same_fields(&outcome->answer, &expected);
    if (model->code != WARD_OK)
        return;
    CHECK_NUMBER(outcome->used, model->used);
    CHECK_NUMBER(outcome->body_length, model->body_length);
    CHECK(memcmp(outcome->body, model->body, model->body_length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole;
    static struct outcome pieces;
    static struct model_answer model;
    const unsigned piece = fuzz_option(data, &size) + 1u;
    const unsigned options = fuzz_option(data, &size);
    char *const stream = fuzz_copy(data, size);
    read_stream(&whole, stream, size, SIZE_MAX, sizeof whole.body, options & (CLEAN | CONDITIONAL));
    read_stream(&pieces, stream, size, piece, options / ROOM + 1u, options);
    check_same(&whole, &pieces);
    model_answer(stream, size, (options & CLEAN) != 0, (options & CONDITIONAL) != 0, &model);
    check_model(&whole, &model);
    free(stream);
    return 0;
}
