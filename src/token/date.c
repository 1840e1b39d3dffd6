#include "token/date.h"

/* Up to here every JSON library holds integers exactly: RFC 8259 section 6. */
static const uint64_t latest = (uint64_t)1 << 53;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ward_date_read(struct ward_text literal, struct ward_date *date)
{
    struct ward_date read = { 0, false };
    size_t at = 0;
    for (; at < literal.length && is_digit(literal.data[at]); at++) {
        read.seconds = read.seconds * 10u + (uint64_t)(literal.data[at] - '0');
        if (read.seconds > latest)
            return false;
    }
    if (at == 0)
        return false;
    if (at < literal.length && literal.data[at] == '.')
        for (at++; at < literal.length && is_digit(literal.data[at]); at++)
            read.fraction = read.fraction || literal.data[at] != '0';
    if (at != literal.length || (read.seconds == latest && read.fraction))
        return false;
    *date = read;
    return true;
}
