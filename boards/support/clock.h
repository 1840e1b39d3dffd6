/* SPDX-License-Identifier: Apache-2.0 */
/* A board's real-time clock. */
#ifndef WARD_CLOCK_H
#define WARD_CLOCK_H

#include "ward/time.h"

/** The wall clock; its trust is WARD_TIME_UNKNOWN where there is no clock, or it was never set. Read again once a second. */
struct ward_time clock_now(void);

#endif
