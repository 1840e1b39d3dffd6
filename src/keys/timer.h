/* SPDX-License-Identifier: Apache-2.0 */
/* Waits in milliseconds. */
#ifndef WARD_KEYS_TIMER_H
#define WARD_KEYS_TIMER_H

#include "state/uptime.h"
#include "ward/private/timer.h"

static inline void ward_timer_start(struct ward_timer *timer, uint32_t uptime, uint32_t wait)
{
    timer->since = uptime;
    timer->wait = wait;
}

/** Milliseconds until it is over; 0: it is. Kept at 0 by clearing the wait, so that a wrap of the uptime does not begin it again. */
static inline uint32_t ward_timer_left(struct ward_timer *timer, uint32_t uptime)
{
    const uint32_t passed = ward_uptime_passed(timer->since, uptime);
    if (passed >= timer->wait)
        timer->wait = 0;
    return timer->wait == 0 ? 0 : timer->wait - passed;
}

#endif
