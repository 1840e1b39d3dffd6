#include "token/date.h"

/* Up to here every JSON library holds integers exactly: RFC 8259 section 6. */
static const uint64_t latest = (uint64_t)1 << 53;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The whole seconds, up to `at`; false where there are none or too many. */
static bool read_seconds(struct ward_text literal, size_t *at, uint64_t *seconds)
{
    for (; *at < literal.length && is_digit(literal.data[*at]); (*at)++) {
        *seconds = *seconds * 10u + (uint64_t)(literal.data[*at] - '0');
        if (*seconds > latest)
            return false;
    }
    return *at > 0;
}

/* Whether the digits behind the point are more than zeros. */
static bool read_fraction(struct ward_text literal, size_t *at)
{
    bool fraction = false;
    if (*at < literal.length && literal.data[*at] == '.')
        for ((*at)++; *at < literal.length && is_digit(literal.data[*at]); (*at)++)
            fraction = fraction || literal.data[*at] != '0';
    return fraction;
}

bool ward_date_read(struct ward_text literal, struct ward_date *date)
{
    struct ward_date read = { 0, false };
    size_t at = 0;
    if (!read_seconds(literal, &at, &read.seconds))
        return false;
    read.fraction = read_fraction(literal, &at);
    if (at != literal.length || (read.seconds == latest && read.fraction))
        return false;
    *date = read;
    return true;
}
