/* SPDX-License-Identifier: Apache-2.0 */
#include "response_model.h"

#include "fuzz.h"

/* What is left of a stream. */
struct rest {
    const char *at;
    const char *end;
};

/* What the header fields say about the body. */
struct framing {
    unsigned minor;
    unsigned lengths;
    unsigned chunked;
    bool coded;      /* by a transfer coding that is not chunked */
    bool compressed; /* by a content coding that is not identity */
    uint64_t length;
};

/* The next line up to its LF; false where there is none. */
static bool next_line(struct rest *rest, struct ward_text *line)
{
    const char *const end = rest->at < rest->end ? memchr(rest->at, '\n', (size_t)(rest->end - rest->at)) : NULL;
    if (end == NULL)
        return false;
    *line = ward_text_of(rest->at, (size_t)(end - rest->at));
    rest->at = end + 1;
    return true;
}

/* Takes the CR off a line; false where there is none, or another one. */
static bool take_return(struct ward_text *line)
{
    if (line->length == 0 || line->data[line->length - 1] != '\r')
        return false;
    line->length--;
    return line->length == 0 || memchr(line->data, '\r', line->length) == NULL;
}

static bool is_empty(struct ward_text line)
{
    return line.length == 0 || (line.length == 1 && line.data[0] == '\r');
}

static bool is_word(struct ward_text value, const char *word)
{
    return ward_text_equal_ignoring_case(value, text(word));
}

static struct ward_text without_ends(struct ward_text value, const char *first, const char *last)
{
    while (value.length > 0 && value.data[0] != '\0' && strchr(first, value.data[0]) != NULL) {
        value.data++;
        value.length--;
    }
    while (value.length > 0 && value.data[value.length - 1] != '\0' &&
           strchr(last, value.data[value.length - 1]) != NULL)
        value.length--;
    return value;
}

/* ---- The first line. */

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* The status of `HTTP/1.x NNN`, with a reason after a space or without one; 0 where it is none. llhttp takes zeros in front. */
static unsigned read_status(struct ward_text line, unsigned *minor)
{
    unsigned status = 0;
    size_t at = 9;
    (void)take_return(&line);
    if (line.length < 12 || memcmp(line.data, "HTTP/1.", 7) != 0 || line.data[8] != ' ' ||
        memchr(line.data, '\r', line.length) != NULL)
        return 0;
    for (; at < line.length && digit(line.data[at]) >= 0 && status <= 999; at++)
        status = 10 * status + (unsigned)digit(line.data[at]);
    *minor = (unsigned)digit(line.data[7]);
    return *minor > 1 || status > 999 || (at < line.length && line.data[at] != ' ') ? 0 : status;
}

/* ---- The header fields. */

static bool is_name(struct ward_text name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < name.length; i++) {
        const char c = name.data[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && digit(c) < 0 && (c == '\0' || strchr(others, c) == NULL))
            return false;
    }
    return name.length > 0;
}

static bool is_value(struct ward_text value)
{
    for (size_t i = 0; i < value.length; i++)
        if (((unsigned char)value.data[i] < ' ' && value.data[i] != '\t') || value.data[i] == 0x7f)
            return false;
    return true;
}

static bool read_length(struct ward_text value, uint64_t *length)
{
    value = without_ends(value, "", " ");
    *length = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (digit(value.data[i]) < 0 || __builtin_mul_overflow(*length, 10u, length) ||
            __builtin_add_overflow(*length, (uint64_t)digit(value.data[i]), length))
            return false;
    }
    return value.length > 0;
}

static bool take_field(struct ward_text line, struct framing *framing, struct ward_http_answer_fields *fields)
{
    const char *const colon = line.length > 0 ? memchr(line.data, ':', line.length) : NULL;
    if (colon == NULL)
        return false;
    const struct ward_text name = ward_text_of(line.data, (size_t)(colon - line.data));
    const struct ward_text value = without_ends(ward_text_of(colon + 1, line.length - name.length - 1), " \t", "");
    if (!is_name(name) || !is_value(value))
        return false;
    if (is_word(name, "content-length"))
        return framing->lengths++ == 0 && read_length(value, &framing->length);
    if (is_word(name, "transfer-encoding")) {
        framing->chunked++;
        framing->coded = framing->coded || value.length > 256 || !is_word(without_ends(value, "", " "), "chunked");
    } else if (is_word(name, "content-encoding")) {
        framing->compressed = framing->compressed || value.length > 256 ||
                              !is_word(without_ends(value, "", " \t"), "identity");
    } else if (value.length > 256) {
        ward_http_answer_fields_lose(fields, name);
    } else {
        ward_http_answer_fields_take(fields, name, value);
    }
    return true;
}

/* The fields up to the empty line. */
static bool read_fields(struct rest *rest, struct framing *framing, struct ward_http_answer_fields *fields)
{
    struct ward_text line;
    while (next_line(rest, &line)) {
        if (is_empty(line))
            return framing->lengths == 0 || framing->chunked == 0;
        if (line.data[0] == ' ' || line.data[0] == '\t' || !take_return(&line) || !take_field(line, framing, fields))
            return false;
    }
    return false;
}

/* ---- The body. */

static enum ward_code take_body(struct rest *rest, uint64_t length, struct model_answer *answer)
{
    if (length > sizeof answer->body - answer->body_length)
        return WARD_FETCH_TOO_LONG;
    if (length > (uint64_t)(rest->end - rest->at))
        return WARD_FETCH_PROTOCOL;
    if (length > 0)
        memcpy(answer->body + answer->body_length, rest->at, (size_t)length);
    answer->body_length += (size_t)length;
    rest->at += length;
    return WARD_OK;
}

static int hex(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *const at = c != '\0' ? strchr(digits, c) : NULL;
    return at == NULL ? -1 : (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

/* The size in front of a chunk. */
static bool read_size(struct rest *rest, uint64_t *size, bool *strange)
{
    struct ward_text line;
    size_t digits = 0;
    if (!next_line(rest, &line) || !take_return(&line))
        return false;
    for (*size = 0; digits < line.length && hex(line.data[digits]) >= 0; digits++) {
        if (*size > UINT64_MAX >> 4)
            return false;
        *size = *size << 4 | (uint64_t)hex(line.data[digits]);
    }
    *strange = *strange || digits < line.length;
    return digits > 0 && (digits == line.length || line.data[digits] == ';');
}

/* One chunk with its line end; `size` is 0 for the last one, which has none. */
static enum ward_code take_chunk(struct rest *rest, uint64_t *size, struct model_answer *answer)
{
    if (!read_size(rest, size, &answer->strange))
        return WARD_FETCH_PROTOCOL;
    const enum ward_code code = take_body(rest, *size, answer);
    if (code != WARD_OK || *size == 0)
        return code;
    if (rest->end - rest->at < 2 || memcmp(rest->at, "\r\n", 2) != 0)
        return WARD_FETCH_PROTOCOL;
    rest->at += 2;
    return WARD_OK;
}

static enum ward_code take_chunks(struct rest *rest, struct model_answer *answer)
{
    struct ward_text line;
    uint64_t size;
    do {
        const enum ward_code code = take_chunk(rest, &size, answer);
        if (code != WARD_OK)
            return code;
    } while (size > 0);
    while (next_line(rest, &line)) {
        if (is_empty(line))
            return WARD_OK;
        answer->strange = true;
    }
    return WARD_FETCH_PROTOCOL;
}

static enum ward_code read_body(struct rest *rest, const struct framing *framing, bool clean,
                                struct model_answer *answer)
{
    if (framing->coded || framing->chunked > 1 || (framing->chunked == 1 && framing->minor == 0))
        return WARD_FETCH_PROTOCOL;
    if (framing->compressed)
        return WARD_FETCH_CODING;
    if (framing->chunked == 1)
        return take_chunks(rest, answer);
    if (framing->lengths == 1)
        return take_body(rest, framing->length, answer);
    const enum ward_code code = take_body(rest, (uint64_t)(rest->end - rest->at), answer);
    return code == WARD_OK && !clean ? WARD_FETCH_PROTOCOL : code;
}

/* ---- The answer. */

/* Status line and fields of the next answer; 0: not readable. */
static unsigned read_head(struct rest *rest, struct framing *framing, struct ward_http_answer_fields *fields)
{
    struct ward_text line;
    memset(framing, 0, sizeof *framing);
    ward_http_answer_fields_begin(fields);
    while (rest->at < rest->end && (*rest->at == '\r' || *rest->at == '\n'))
        rest->at++;
    if (!next_line(rest, &line))
        return 0;
    const unsigned http = read_status(line, &framing->minor);
    return http >= 100 && read_fields(rest, framing, fields) ? http : 0;
}

static enum ward_code read_answer(struct rest *rest, bool clean, bool conditional, struct model_answer *answer)
{
    struct framing framing;
    do
        answer->http = read_head(rest, &framing, &answer->fields);
    while (answer->http / 100 == 1 && answer->http != 101);
    answer->known = answer->http != 0;
    if (!answer->known)
        return WARD_FETCH_PROTOCOL;
    if (answer->http == 304 && conditional)
        return WARD_OK;
    return answer->http == 200 ? read_body(rest, &framing, clean, answer) : WARD_FETCH_HTTP_STATUS;
}

void model_answer(const char *stream, size_t length, bool clean, bool conditional, struct model_answer *answer)
{
    struct rest rest = { stream, stream + length };
    answer->strange = false;
    answer->body_length = 0;
    answer->code = read_answer(&rest, clean, conditional, answer);
    answer->used = (size_t)(rest.at - stream);
}
