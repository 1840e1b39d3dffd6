/* SPDX-License-Identifier: Apache-2.0 */
/* Dates of HTTP (RFC 9110, 5.6.7) and of certificates, as seconds since 1970. Private to the ports. */
#ifndef WARD_PORT_DATE_H
#define WARD_PORT_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/text.h"

/** A time in UTC, as people write it: the month and the day are counted from 1. */
struct ward_port_date {
    uint32_t year;
    uint32_t month;
    uint32_t day;
    uint32_t hour;
    uint32_t minute;
    uint32_t second;
};

/** The seconds since 1970; 0: there is no such time, or it is not within 1970 to 9999. */
uint64_t ward_port_date_seconds(const struct ward_port_date *date);

/**
 * Reads a date in any of the three forms, exactly as they are written: `Sun, 06 Nov 1994 08:49:37 GMT`, which is the only one that may be
 * generated, `Sunday, 06-Nov-94 08:49:37 GMT` (RFC 850) and `Sun Nov  6 08:49:37 1994` (asctime).
 *
 * @param now      seconds since 1970 of a time that is near, by some years: it tells which century a year of two digits is of
 * @param seconds  written where true is returned
 *
 * @return false: it has another form, is not a day of the calendar, or the day of the week is another one
 */
bool ward_port_date_read(struct ward_text text, uint64_t now, uint64_t *seconds);

#endif
