/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/answer.h"

#include <string.h>

#include "port/http/fetch_fields.h"
#include "ward/config.h"
#include "ward/port/config.h"

void ward_posix_answer_fail(struct ward_posix_answer *answer, enum ward_code code)
{
    if (ward_ok(answer->status))
        answer->status = ward_status_of(code);
}

static struct ward_text without_line_end(struct ward_text line)
{
    while (line.length > 0 && (line.data[line.length - 1] == '\n' || line.data[line.length - 1] == '\r'))
        line.length--;
    return line;
}

static bool begins_with(struct ward_text text, struct ward_text begin)
{
    return text.length >= begin.length && memcmp(text.data, begin.data, begin.length) == 0;
}

static struct ward_text without_blanks(struct ward_text text)
{
    while (text.length > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = ward_text_of(text.data + 1, text.length - 1);
    while (text.length > 0 && (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t'))
        text.length--;
    return text;
}

/* What tells the end of the body: one length, or chunks. libcurl also takes several lengths, one beside chunks, and
 * undoes other codings; port/http/response_parser.h does not. */
static void take_framing(struct ward_posix_answer *answer, struct ward_text name, struct ward_text value)
{
    static const struct ward_text length = WARD_TEXT("Content-Length");
    static const struct ward_text coding = WARD_TEXT("Transfer-Encoding");
    static const struct ward_text chunked = WARD_TEXT("chunked");
    const bool is_coding = ward_text_equal_ignoring_case(name, coding);
    if (!is_coding && !ward_text_equal_ignoring_case(name, length))
        return;
    if (answer->end_is_told || (is_coding && !ward_text_equal_ignoring_case(without_blanks(value), chunked)))
        answer->end_is_doubtful = true;
    answer->end_is_told = true;
}

static void take_field(struct ward_posix_answer *answer, struct ward_text name, struct ward_text value)
{
    take_framing(answer, name, value);
    if (ward_http_answer_field_is_coding(name, value))
        answer->is_coded = true;
    ward_http_answer_fields_take(&answer->fields, name, value);
}

static void forget_fields(struct ward_posix_answer *answer)
{
    answer->fields_are_over = false;
    answer->is_coded = false;
    answer->end_is_told = false;
    answer->end_is_doubtful = false;
}

void ward_posix_answer_begin(struct ward_posix_answer *answer, CURL *easy, uint64_t now)
{
    answer->easy = easy;
    answer->now = now;
    answer->status = ward_status_of(WARD_OK);
    answer->header_bytes = 0;
    answer->body_bytes = 0;
    answer->pending = 0;
    answer->given = 0;
    answer->http = 0;
    answer->paused = false;
    answer->conditional = false;
    forget_fields(answer);
    ward_http_answer_fields_begin(&answer->fields);
}

/* A line of the header. What comes after the empty one are trailers; an answer before the answer (status 1xx) has a header of its
 * own.
 */
static void take_line(struct ward_posix_answer *answer, struct ward_text line)
{
    static const struct ward_text status_line = WARD_TEXT("HTTP/");
    if (begins_with(line, status_line)) {
        ward_http_answer_fields_begin(&answer->fields);
        ward_http_answer_fields_at(&answer->fields, answer->now);
        forget_fields(answer);
    } else if (line.length == 0) {
        answer->fields_are_over = true;
    } else if (!answer->fields_are_over) {
        size_t colon = 0;
        while (colon < line.length && line.data[colon] != ':')
            colon++;
        if (colon < line.length)
            take_field(answer, ward_text_of(line.data, colon),
                       ward_text_of(line.data + colon + 1, line.length - colon - 1));
    }
}

size_t ward_posix_answer_header(char *data, size_t one, size_t length, void *context)
{
    struct ward_posix_answer *const answer = context;
    (void)one;
    if (length > WARD_POSIX_FETCH_HEADERS - answer->header_bytes) {
        ward_posix_answer_fail(answer, WARD_FETCH_TOO_LONG);
        return 0;
    }
    answer->header_bytes += length;
    take_line(answer, without_line_end(ward_text_of(data, length)));
    return length;
}

bool ward_posix_answer_is_unchanged(const struct ward_posix_answer *answer)
{
    return answer->conditional && answer->http == 304;
}

enum ward_code ward_posix_answer_fault(const struct ward_posix_answer *answer)
{
    if (ward_posix_answer_is_unchanged(answer))
        return WARD_OK;
    if (answer->http != 200)
        return WARD_FETCH_HTTP_STATUS;
    if (answer->end_is_doubtful)
        return WARD_FETCH_PROTOCOL;
    return answer->is_coded ? WARD_FETCH_CODING : WARD_OK;
}

size_t ward_posix_answer_body(char *data, size_t one, size_t length, void *context)
{
    struct ward_posix_answer *const answer = context;
    (void)one;
    (void)curl_easy_getinfo(answer->easy, CURLINFO_RESPONSE_CODE, &answer->http);
    if (ward_posix_answer_fault(answer) != WARD_OK) {
        ward_posix_answer_fail(answer, ward_posix_answer_fault(answer));
        return 0;
    }
    if (length > WARD_FETCH_MAX_BODY - answer->body_bytes || length > sizeof answer->body) {
        ward_posix_answer_fail(answer, WARD_FETCH_TOO_LONG);
        return 0;
    }
    if (answer->given < answer->pending) {
        answer->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    memcpy(answer->body, data, length);
    answer->body_bytes += length;
    answer->pending = length;
    answer->given = 0;
    return length;
}
