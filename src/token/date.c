/* SPDX-License-Identifier: Apache-2.0 */
#include "token/date.h"

/* Up to here every JSON library holds integers exactly: RFC 8259 section 6. */
static const uint64_t latest = (uint64_t)1 << 53;

/* From here on an exponent is only large: it is beyond what all digits of a token can make up for. */
enum { LARGE = 1000000 };

/* Where the parts of a literal are: digits, perhaps a point and digits, perhaps an exponent. */
struct parts {
    size_t whole;    /* digits before the point */
    size_t mantissa; /* characters before the exponent, the point among them */
    int32_t exponent;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The end of the digits that start at a place. */
static size_t skip_digits(struct ward_text literal, size_t at)
{
    while (at < literal.length && is_digit(literal.data[at]))
        at++;
    return at;
}

static bool has(struct ward_text literal, size_t at, char c)
{
    return at < literal.length && literal.data[at] == c;
}

static int32_t read_power(struct ward_text literal, size_t at)
{
    const bool negative = has(literal, at, '-');
    int32_t power = 0;
    for (at += negative || has(literal, at, '+') ? 1u : 0u; at < literal.length && power < LARGE; at++)
        power = power * 10 + (literal.data[at] - '0');
    return negative ? -power : power;
}

/* The grammar was checked with the whole JSON: what does not start with a digit is negative or not a number. */
static bool find_parts(struct ward_text literal, struct parts *parts)
{
    parts->whole = skip_digits(literal, 0);
    parts->mantissa = parts->whole;
    parts->exponent = 0;
    if (has(literal, parts->mantissa, '.'))
        parts->mantissa = skip_digits(literal, parts->mantissa + 1u);
    if (has(literal, parts->mantissa, 'e') || has(literal, parts->mantissa, 'E'))
        parts->exponent = read_power(literal, parts->mantissa + 1u);
    else if (parts->mantissa != literal.length)
        return false;
    return parts->whole > 0;
}

/* Adds the digit of a decimal place; those below the first only tell whether there is a fraction. */
static bool add_digit(struct ward_date *date, uint32_t digit, int32_t place)
{
    if (place < 0) {
        date->fraction = date->fraction || digit != 0;
        return true;
    }
    date->seconds = date->seconds * 10u + digit;
    return date->seconds <= latest;
}

/* Every digit counts at its own place, so that nothing is rounded and no power of ten is ever computed. */
static bool add_digits(struct ward_text literal, const struct parts *parts, struct ward_date *date)
{
    int32_t place = (int32_t)parts->whole + parts->exponent;
    for (size_t at = 0; at < parts->mantissa; at++) {
        if (at == parts->whole)
            continue;
        place--;
        if (!add_digit(date, (uint32_t)(literal.data[at] - '0'), place))
            return false;
    }
    /* Zeros that the exponent adds; of nothing they make nothing, however many there are. */
    for (; place > 0 && date->seconds > 0; place--)
        if (!add_digit(date, 0, place))
            return false;
    return true;
}

bool ward_date_read(struct ward_text literal, struct ward_date *date)
{
    struct ward_date read = { 0, false };
    struct parts parts;
    if (!find_parts(literal, &parts) || !add_digits(literal, &parts, &read))
        return false;
    if (read.seconds == latest && read.fraction)
        return false;
    *date = read;
    return true;
}
