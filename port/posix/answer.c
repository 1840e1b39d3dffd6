/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/answer.h"

#include <string.h>

#include "port/http/fetch_fields.h"
#include "ward/config.h"

void ward_posix_answer_fail(struct ward_posix_fetch *fetch, enum ward_code code)
{
    if (ward_ok(fetch->status))
        fetch->status = ward_status_of(code);
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
static void take_framing(struct ward_posix_fetch *fetch, struct ward_text name, struct ward_text value)
{
    static const struct ward_text length = WARD_TEXT("Content-Length");
    static const struct ward_text coding = WARD_TEXT("Transfer-Encoding");
    static const struct ward_text chunked = WARD_TEXT("chunked");
    const bool is_coding = ward_text_equal_ignoring_case(name, coding);
    if (!is_coding && !ward_text_equal_ignoring_case(name, length))
        return;
    if (fetch->end_is_told || (is_coding && !ward_text_equal_ignoring_case(without_blanks(value), chunked)))
        fetch->end_is_doubtful = true;
    fetch->end_is_told = true;
}

static void take_field(struct ward_posix_fetch *fetch, struct ward_text name, struct ward_text value)
{
    take_framing(fetch, name, value);
    if (ward_http_answer_field_is_coding(name, value))
        fetch->is_coded = true;
    ward_http_answer_fields_take(&fetch->fields, name, value);
}

void ward_posix_answer_begin(struct ward_posix_fetch *fetch)
{
    fetch->fields_are_over = false;
    fetch->is_coded = false;
    fetch->end_is_told = false;
    fetch->end_is_doubtful = false;
}

/* A line of the header. What comes after the empty one are trailers; an answer before the answer (status 1xx) has a header of its
 * own.
 */
static void take_line(struct ward_posix_fetch *fetch, struct ward_text line)
{
    static const struct ward_text status_line = WARD_TEXT("HTTP/");
    size_t colon = 0;
    if (begins_with(line, status_line)) {
        ward_http_answer_fields_begin(&fetch->fields);
        ward_http_answer_fields_at(&fetch->fields, fetch->judge.now);
        ward_posix_answer_begin(fetch);
    } else if (line.length == 0) {
        fetch->fields_are_over = true;
    } else if (!fetch->fields_are_over) {
        while (colon < line.length && line.data[colon] != ':')
            colon++;
        if (colon < line.length)
            take_field(fetch, ward_text_of(line.data, colon),
                       ward_text_of(line.data + colon + 1, line.length - colon - 1));
    }
}

size_t ward_posix_answer_header(char *data, size_t one, size_t length, void *context)
{
    struct ward_posix_fetch *const fetch = context;
    (void)one;
    if (length > WARD_POSIX_FETCH_HEADERS - fetch->header_bytes) {
        ward_posix_answer_fail(fetch, WARD_FETCH_TOO_LONG);
        return 0;
    }
    fetch->header_bytes += length;
    take_line(fetch, without_line_end(ward_text_of(data, length)));
    return length;
}

enum ward_code ward_posix_answer_fault(const struct ward_posix_fetch *fetch)
{
    if (fetch->http != 200)
        return WARD_FETCH_HTTP_STATUS;
    if (fetch->end_is_doubtful)
        return WARD_FETCH_PROTOCOL;
    return fetch->is_coded ? WARD_FETCH_CODING : WARD_OK;
}

size_t ward_posix_answer_body(char *data, size_t one, size_t length, void *context)
{
    struct ward_posix_fetch *const fetch = context;
    (void)one;
    (void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &fetch->http);
    if (ward_posix_answer_fault(fetch) != WARD_OK) {
        ward_posix_answer_fail(fetch, ward_posix_answer_fault(fetch));
        return 0;
    }
    if (length > WARD_MAX_JWKS - fetch->body_bytes || length > sizeof fetch->body) {
        ward_posix_answer_fail(fetch, WARD_FETCH_TOO_LONG);
        return 0;
    }
    if (fetch->given < fetch->pending) {
        fetch->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    memcpy(fetch->body, data, length);
    fetch->body_bytes += length;
    fetch->pending = length;
    fetch->given = 0;
    return length;
}
