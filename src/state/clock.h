/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the time: a floor before which no clock can be, and what an authenticated answer has told. */
#ifndef WARD_STATE_CLOCK_H
#define WARD_STATE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/private/clock.h"
#include "ward/time.h"

/** Starts with the time of build as the floor. */
void ward_clock_begin(struct ward_clock *clock, uint64_t build_time);

/**
 * Raises the floor to a time of an authenticated or operator-set source; one beyond 20 years after the build counts as that. The time told
 * goes along: after ward_clock_tick(), where something was told.
 */
void ward_clock_raise(struct ward_clock *clock, uint64_t seconds);

/** Sets the floor, also back, but not before the time of build. */
void ward_clock_set_floor(struct ward_clock *clock, uint64_t build_time, uint64_t seconds);

/** Before this time no clock can be: the floor, or what a bundle has raised it to. */
uint64_t ward_clock_floor(const struct ward_clock *clock);

#if WARD_MAX_BUNDLE > 0
/** The time of a bundle takes the place of the last one's, also an earlier one; 0: none. What was told may be what was wrong then. */
void ward_clock_set_bundled(struct ward_clock *clock, uint64_t seconds);

/** The best time that is known without what a bundle has said: at this one the next bundle is judged, since the last one may be wrong. */
struct ward_time ward_clock_without_bundle(const struct ward_clock *clock, struct ward_time given, uint32_t uptime);
#endif

/** The `Date` of an authenticated answer. */
struct ward_clock_date {
    uint64_t seconds; /**< 0: it has none */
    bool aged;        /**< it came out of a cache (`Age`): as old as that or, where the cache has renewed `Date`, not */
};

/**
 * Takes the date that an authenticated answer has told, unless it is before the floor or 20 years after the build. The time told goes
 * forward to it; back only to the second in a row of those without an age that agree. Two that agree raise the floor.
 *
 * @param set  the platform's clock is right by ward_clock_is_valid(): nothing that is told raises the floor, which could overrule it
 */
void ward_clock_report(struct ward_clock *clock, const struct ward_clock_date *date, bool set, uint32_t uptime);

/** Whether the platform's clock is set and not before the floor: then it is the time, whatever was told. */
bool ward_clock_is_valid(const struct ward_clock *clock, struct ward_time given);

/** Keeps what was told up with the uptime; to be called at least once in 49 days. */
void ward_clock_tick(struct ward_clock *clock, uint32_t uptime);

/** The best time that is known: see ward_keyring_time(). */
struct ward_time ward_clock_now(const struct ward_clock *clock, struct ward_time given, uint32_t uptime);

#endif
