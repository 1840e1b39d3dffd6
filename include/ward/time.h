/* SPDX-License-Identifier: Apache-2.0 */
/* ward: what time it is, and how far that is trusted. */
#ifndef WARD_TIME_H
#define WARD_TIME_H

#include <stdint.h>

/** How far a time is trusted. Zeroed: not at all. */
enum ward_trust {
    WARD_TIME_UNKNOWN = 0,   /**< nothing is known */
    WARD_TIME_FLOOR = 1,     /**< it is at least this late: a build date, a stored time */
    WARD_TIME_SET = 0x3c5a69 /**< the wall clock is set; the only trust that grants */
};

/** Wall time. */
struct ward_time {
    uint64_t seconds; /**< since 1970-01-01T00:00:00Z, leap seconds not counted (RFC 7519 NumericDate) */
    uint32_t trust;   /**< one of enum ward_trust */
};

/** A time that is known: from a clock that was set by an operator, NTP or a real-time clock. */
static inline struct ward_time ward_time_set(uint64_t seconds)
{
    struct ward_time time = { seconds, (uint32_t)WARD_TIME_SET };
    return time;
}

#endif
