/* SPDX-License-Identifier: Apache-2.0 */
/* NumericDate (RFC 7519 section 2): a JSON number of seconds since 1970. */
#ifndef WARD_TOKEN_DATE_H
#define WARD_TOKEN_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/text.h"

/** A date; each check rounds a fraction to the side on which it refuses. */
struct ward_date {
    uint64_t seconds; /**< whole ones, at most 2^53 */
    bool fraction;    /**< and a part of one more */
};

/**
 * Reads the literal of a JSON number in whatever way it is written: 1.8e+09, 18E8 and 1800000000.0 are one date. Exact:
 * digits in their decimal places, no floating point. False if the number is negative (-0 too) or more than 2^53.
 */
bool ward_date_read(struct ward_text literal, struct ward_date *date);

/** The date rounded up. */
static inline uint64_t ward_date_ceiling(struct ward_date date)
{
    return date.seconds + (date.fraction ? 1u : 0u);
}

#endif
