/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/answer_fields.h"

#include <string.h>

#include "port/date.h"

/* ---- Numbers. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct ward_text part(struct ward_text text, size_t from, size_t length)
{
    return ward_text_of(text.data + from, length);
}

static struct ward_text trim(struct ward_text text)
{
    while (text.length > 0 && is_space(text.data[0]))
        text = part(text, 1, text.length - 1);
    while (text.length > 0 && is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

/* Digits only. What does not fit is the largest that does (RFC 9111, 1.2.2), which is not WARD_NO_MAX_AGE. */
static bool read_number(struct ward_text text, uint32_t *number)
{
    uint64_t read = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (!is_digit(text.data[i]))
            return false;
        read = read * 10u + (uint64_t)(text.data[i] - '0');
        if (read > WARD_NO_MAX_AGE - 1u)
            read = WARD_NO_MAX_AGE - 1u;
    }
    *number = (uint32_t)read;
    return text.length > 0;
}

/* ---- Cache-Control: `name`, `name=token` or `name="quoted"`, with commas between. */

/* Where a directive ends: at a comma, but not at one in a quoted string. */
static size_t directive_end(struct ward_text value, size_t from)
{
    bool quoted = false;
    bool escaped = false;
    size_t at = from;
    while (at < value.length && (quoted || value.data[at] != ',')) {
        const char c = value.data[at];
        if (c == '"' && !escaped)
            quoted = !quoted;
        escaped = quoted && !escaped && c == '\\';
        at++;
    }
    return at;
}

/* A number in quotes is one too (RFC 9111, 5.2). */
static struct ward_text unquote(struct ward_text text)
{
    const bool quoted = text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"';
    return quoted ? part(text, 1, text.length - 2) : text;
}

static void count(uint8_t *counter)
{
    if (*counter < UINT8_MAX)
        (*counter)++;
}

static void take_directive(struct ward_http_answer_fields *fields, struct ward_text directive)
{
    static const struct ward_text max_age = WARD_TEXT("max-age");
    size_t equals = 0;
    while (equals < directive.length && directive.data[equals] != '=')
        equals++;
    if (!ward_text_equal_ignoring_case(part(directive, 0, equals), max_age))
        return;
    count(&fields->max_ages);
    if (equals == directive.length ||
        !read_number(unquote(part(directive, equals + 1, directive.length - equals - 1)), &fields->max_age))
        fields->max_age = WARD_NO_MAX_AGE;
}

static void take_cache_control(struct ward_http_answer_fields *fields, struct ward_text value)
{
    size_t from = 0;
    while (from < value.length) {
        const size_t end = directive_end(value, from);
        take_directive(fields, trim(part(value, from, end - from)));
        from = end + 1;
    }
}

/* ---- ETag: `"…"` or `W/"…"`. It is sent back as it is, so that nothing but what may stand there is kept. */

#if WARD_MAX_BUNDLE > 0
/* What may stand between the quotes. */
static bool is_opaque(struct ward_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f || text.data[i] == '"')
            return false;
    return true;
}

static bool is_etag(struct ward_text text)
{
    static const struct ward_text weak = WARD_TEXT("W/");
    const bool is_weak = text.length > 2 && memcmp(text.data, weak.data, weak.length) == 0;
    const struct ward_text quoted = is_weak ? part(text, 2, text.length - 2) : text;
    if (text.length > WARD_MAX_ETAG || quoted.length < 2)
        return false;
    return quoted.data[0] == '"' && quoted.data[quoted.length - 1] == '"' &&
           is_opaque(part(quoted, 1, quoted.length - 2));
}

static void take_etag(struct ward_http_answer_fields *fields, struct ward_text name, struct ward_text value)
{
    static const struct ward_text etag = WARD_TEXT("ETag");
    if (!ward_text_equal_ignoring_case(name, etag))
        return;
    count(&fields->etags);
    fields->etag_length = 0;
    if (fields->etags > 1u || !is_etag(value))
        return;
    memcpy(fields->etag, value.data, value.length);
    fields->etag_length = (uint8_t)value.length;
}
#endif

/* ---- The fields. */

/* 2024-01-01: before it no clock of ward's can be. */
static const uint64_t earliest_now = 1704067200u;

void ward_http_answer_fields_begin(struct ward_http_answer_fields *fields)
{
    memset(fields, 0, sizeof *fields);
    fields->max_age = WARD_NO_MAX_AGE;
    ward_http_answer_fields_at(fields, 0);
}

void ward_http_answer_fields_at(struct ward_http_answer_fields *fields, uint64_t now)
{
    fields->now = now > earliest_now ? now : earliest_now;
}

static bool is(struct ward_text name, struct ward_text field)
{
    return ward_text_equal_ignoring_case(name, field);
}

void ward_http_answer_fields_take(struct ward_http_answer_fields *fields, struct ward_text name, struct ward_text value)
{
    static const struct ward_text cache_control = WARD_TEXT("Cache-Control");
    static const struct ward_text retry_after = WARD_TEXT("Retry-After");
    static const struct ward_text date = WARD_TEXT("Date");
    static const struct ward_text age_name = WARD_TEXT("Age");
    const struct ward_text said = trim(value);
    uint32_t age = 0;
    if (is(name, cache_control)) {
        take_cache_control(fields, said);
    } else if (is(name, retry_after)) {
        count(&fields->retry_afters);
        /* It stays 0 where there is no number; a second one does not count. */
        (void)read_number(said, &fields->retry_after);
    } else if (is(name, date)) {
        count(&fields->dates);
        if (!ward_port_date_read(said, fields->now, &fields->date))
            fields->date = 0;
    } else if (is(name, age_name)) {
        /* One that cannot be read says that a cache was between, too. */
        if (!read_number(said, &age) || age > 0u)
            fields->aged = true;
    }
#if WARD_MAX_BUNDLE > 0
    take_etag(fields, name, said);
#endif
}

bool ward_http_answer_field_is_coding(struct ward_text name, struct ward_text value)
{
    static const struct ward_text content_encoding = WARD_TEXT("Content-Encoding");
    static const struct ward_text identity = WARD_TEXT("identity");
    return is(name, content_encoding) && !is(trim(value), identity);
}

void ward_http_answer_fields_lose(struct ward_http_answer_fields *fields, struct ward_text name)
{
    /* A directive without its value, and a value that is not a number, is not a date. */
    static const struct ward_text unreadable = WARD_TEXT("max-age");
    ward_http_answer_fields_take(fields, name, unreadable);
}

void ward_http_answer_fields_end(const struct ward_http_answer_fields *fields, struct ward_fetch_answer *answer)
{
    answer->max_age = fields->max_ages == 1u ? fields->max_age : WARD_NO_MAX_AGE;
    answer->retry_after = fields->retry_afters == 1u ? fields->retry_after : 0u;
    answer->date = fields->dates == 1u ? fields->date : 0u;
    answer->aged = fields->aged;
#if WARD_MAX_BUNDLE > 0
    answer->etag_length = fields->etag_length;
    memcpy(answer->etag, fields->etag, fields->etag_length);
#endif
}
