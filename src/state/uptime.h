/* SPDX-License-Identifier: Apache-2.0 */
/* Milliseconds of an uptime that wraps around. */
#ifndef WARD_STATE_UPTIME_H
#define WARD_STATE_UPTIME_H

#include <stdint.h>

/* A task that reads the uptime and then waits for another one may bring it late by this much. */
enum { WARD_UPTIME_LATE = 60 * 1000 };

/** Milliseconds from one uptime to a later one; one that was read just before counts as the same, not as 49 days after. */
static inline uint32_t ward_uptime_passed(uint32_t since, uint32_t uptime)
{
    const uint32_t passed = uptime - since;
    return passed > UINT32_MAX - WARD_UPTIME_LATE ? 0 : passed;
}

#endif
