#include "answer_fields.h"

#include <string.h>

/* ---- Numbers and dates. */

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

/* A number of so many digits at a place of a date, within bounds. */
static bool read_part(struct ward_text date, size_t from, size_t digits, uint32_t least, uint32_t most, uint32_t *number)
{
    return read_number(part(date, from, digits), number) && *number >= least && *number <= most;
}

/* Where a word of three letters stands in a list of such words: 0 is the first. */
static bool read_word(struct ward_text date, size_t from, const char *words, uint32_t count, uint32_t *place)
{
    uint32_t at = 0;
    while (at < count && memcmp(date.data + from, words + (size_t)3 * at, 3) != 0)
        at++;
    *place = at;
    return at < count;
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = (year % 4u == 0u && year % 100u != 0u) || year % 400u == 0u;
    return days[month] + (leap && month == 1u ? 1u : 0u);
}

/* To the first of a month, which is counted from 0. */
static uint64_t days_since_1970(uint32_t year, uint32_t month)
{
    uint64_t days = 0;
    for (uint32_t y = 1970; y < year; y++)
        days += days_in(y, 1) == 29u ? 366u : 365u;
    for (uint32_t m = 0; m < month; m++)
        days += days_in(year, m);
    return days;
}

static bool has_date_form(struct ward_text date)
{
    static const char form[] = "aaa, 00 aaa 0000 00:00:00 GMT";
    if (date.length != sizeof form - 1)
        return false;
    for (size_t i = 0; i < date.length; i++)
        if (form[i] != '0' && form[i] != 'a' && form[i] != date.data[i])
            return false;
    return true;
}

/* `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that may be generated (RFC 9110, 5.6.7). A leap second is the next one. */
static bool read_date(struct ward_text date, uint64_t *seconds)
{
    static const char weekdays[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    uint32_t weekday;
    uint32_t day;
    uint32_t month;
    uint32_t year;
    uint32_t hour;
    uint32_t minute;
    uint32_t second;
    if (!has_date_form(date) || !read_word(date, 0, weekdays, 7, &weekday) || !read_word(date, 8, months, 12, &month) ||
        !read_part(date, 12, 4, 1970, 9999, &year) || !read_part(date, 5, 2, 1, days_in(year, month), &day))
        return false;
    if (!read_part(date, 17, 2, 0, 23, &hour) || !read_part(date, 20, 2, 0, 59, &minute) ||
        !read_part(date, 23, 2, 0, 60, &second))
        return false;
    const uint64_t days = days_since_1970(year, month) + day - 1u;
    *seconds = ((days * 24u + hour) * 60u + minute) * 60u + second;
    /* The first of January 1970 was a Thursday. */
    return days % 7u == weekday;
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

static void take_directive(struct answer_fields *fields, struct ward_text directive)
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

static void take_cache_control(struct answer_fields *fields, struct ward_text value)
{
    size_t from = 0;
    while (from < value.length) {
        const size_t end = directive_end(value, from);
        take_directive(fields, trim(part(value, from, end - from)));
        from = end + 1;
    }
}

/* ---- The fields. */

void answer_fields_begin(struct answer_fields *fields)
{
    memset(fields, 0, sizeof *fields);
    fields->max_age = WARD_NO_MAX_AGE;
}

static bool is(struct ward_text name, struct ward_text field)
{
    return ward_text_equal_ignoring_case(name, field);
}

void answer_fields_take(struct answer_fields *fields, struct ward_text name, struct ward_text value)
{
    static const struct ward_text cache_control = WARD_TEXT("Cache-Control");
    static const struct ward_text retry_after = WARD_TEXT("Retry-After");
    static const struct ward_text date = WARD_TEXT("Date");
    static const struct ward_text age = WARD_TEXT("Age");
    const struct ward_text said = trim(value);
    if (is(name, cache_control)) {
        take_cache_control(fields, said);
    } else if (is(name, retry_after)) {
        count(&fields->retry_afters);
        /* It stays 0 where there is no number; a second one does not count. */
        (void)read_number(said, &fields->retry_after);
    } else if (is(name, date)) {
        count(&fields->dates);
        if (!read_date(said, &fields->date))
            fields->date = 0;
    } else if (is(name, age)) {
        count(&fields->ages);
        /* An age that cannot be read makes the date one that cannot be used. */
        if (!read_number(said, &fields->age))
            fields->ages = UINT8_MAX;
    }
}

bool answer_field_is_coding(struct ward_text name, struct ward_text value)
{
    static const struct ward_text content_encoding = WARD_TEXT("Content-Encoding");
    static const struct ward_text identity = WARD_TEXT("identity");
    return is(name, content_encoding) && !is(trim(value), identity);
}

void answer_fields_lose(struct answer_fields *fields, struct ward_text name)
{
    /* A directive without its value, and a value that is no number, no date. */
    static const struct ward_text unreadable = WARD_TEXT("max-age");
    answer_fields_take(fields, name, unreadable);
}

void answer_fields_end(const struct answer_fields *fields, struct ward_fetch_answer *answer)
{
    answer->max_age = fields->max_ages == 1u ? fields->max_age : WARD_NO_MAX_AGE;
    answer->retry_after = fields->retry_afters == 1u ? fields->retry_after : 0u;
    answer->date = fields->dates == 1u && fields->ages <= 1u && fields->date > 0 ? fields->date + fields->age : 0u;
}
