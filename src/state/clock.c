/* SPDX-License-Identifier: Apache-2.0 */
#include "state/clock.h"

#include "state/uptime.h"

/* A floor further ahead than this can only be wrong, and would shut the device for good. */
enum { YEARS = 20, SECONDS_A_YEAR = 31556952 };

enum { MILLISECONDS = 1000 };

/* Two clocks never agree to the second: one may be this many behind the other and still count. */
enum { TOLERANCE = 300 };

void ward_clock_begin(struct ward_clock *clock, uint64_t build_time)
{
    clock->floor = build_time;
    clock->latest = build_time + (uint64_t)YEARS * SECONDS_A_YEAR;
    clock->reported = 0;
    clock->reported_at = 0;
    clock->fresh = 0;
    clock->fresh_at = 0;
#if WARD_MAX_BUNDLE > 0
    clock->bundled = 0;
#endif
}

uint64_t ward_clock_floor(const struct ward_clock *clock)
{
#if WARD_MAX_BUNDLE > 0
    if (clock->bundled > clock->floor)
        return clock->bundled;
#endif
    return clock->floor;
}

/* A time that was reported late, out of a cache, would be before the floor: it goes on from there. */
static void lift_reported(struct ward_clock *clock)
{
    if (clock->reported != 0 && clock->reported < ward_clock_floor(clock))
        clock->reported = ward_clock_floor(clock);
}

void ward_clock_raise(struct ward_clock *clock, uint64_t seconds)
{
    const uint64_t floor = seconds < clock->latest ? seconds : clock->latest;
    if (floor > clock->floor)
        clock->floor = floor;
    lift_reported(clock);
}

/* What was told may be what was wrong. */
static void forget_told(struct ward_clock *clock)
{
    clock->reported = 0;
    clock->fresh = 0;
}

void ward_clock_set_floor(struct ward_clock *clock, uint64_t build_time, uint64_t seconds)
{
    clock->floor = build_time;
    forget_told(clock);
#if WARD_MAX_BUNDLE > 0
    clock->bundled = 0;
#endif
    ward_clock_raise(clock, seconds);
}

#if WARD_MAX_BUNDLE > 0
void ward_clock_set_bundled(struct ward_clock *clock, uint64_t seconds)
{
    const uint64_t bundled = seconds < clock->latest ? seconds : clock->latest;
    if (bundled < clock->bundled)
        forget_told(clock);
    clock->bundled = bundled;
    lift_reported(clock);
}
#endif

static uint32_t seconds_since(uint32_t then, uint32_t uptime)
{
    return ward_uptime_passed(then, uptime) / MILLISECONDS;
}

/* Keeps a time up with the uptime. */
static void keep_up(uint64_t *seconds, uint32_t *at, uint32_t uptime)
{
    const uint32_t passed = seconds_since(*at, uptime);
    if (*seconds == 0)
        return;
    *seconds += passed;
    *at += passed * MILLISECONDS;
}

void ward_clock_tick(struct ward_clock *clock, uint32_t uptime)
{
    keep_up(&clock->reported, &clock->reported_at, uptime);
    keep_up(&clock->fresh, &clock->fresh_at, uptime);
}

/* Whether a date, which is after the floor, is what an earlier one, if there is any, has become by now. */
static bool agrees(uint64_t seconds, uint64_t expected)
{
    return seconds <= expected + TOLERANCE && expected <= seconds + TOLERANCE;
}

/* A Date is a time that is past: the answer may have waited in a cache. So a later one is better than what was told, and an earlier
 * one says that the device is ahead only where no cache was between, twice in a row.
 */
static void take(struct ward_clock *clock, const struct ward_clock_date *date, bool set, uint32_t uptime)
{
    const bool known = agrees(date->seconds, clock->reported);
    const bool twice = !date->aged && agrees(date->seconds, clock->fresh);
    if (date->seconds > clock->reported || twice) {
        clock->reported = date->seconds;
        clock->reported_at = uptime;
    }
    /* A single answer that is wrong by years is corrected by the next two; a floor that is would not be. */
    if (!set && (known || twice))
        ward_clock_raise(clock, date->seconds - TOLERANCE);
}

void ward_clock_report(struct ward_clock *clock, const struct ward_clock_date *date, bool set, uint32_t uptime)
{
    const bool possible = date->seconds >= ward_clock_floor(clock) && date->seconds <= clock->latest;
    if (date->seconds == 0)
        return;
    ward_clock_tick(clock, uptime);
    if (possible)
        take(clock, date, set, uptime);
    clock->fresh = possible && !date->aged ? date->seconds : 0;
    clock->fresh_at = uptime;
}

bool ward_clock_is_valid(const struct ward_clock *clock, struct ward_time given)
{
    return given.trust == WARD_TIME_SET && given.seconds >= ward_clock_floor(clock);
}

struct ward_time ward_clock_now(const struct ward_clock *clock, struct ward_time given, uint32_t uptime)
{
    const struct ward_time floor = { ward_clock_floor(clock), WARD_TIME_FLOOR };
    if (ward_clock_is_valid(clock, given))
        return given;
    if (clock->reported != 0)
        return ward_time_set(clock->reported + seconds_since(clock->reported_at, uptime));
    return floor;
}

#if WARD_MAX_BUNDLE > 0
struct ward_time ward_clock_without_bundle(const struct ward_clock *clock, struct ward_time given, uint32_t uptime)
{
    struct ward_clock own = *clock;
    /* A bundle may have moved the time told along. */
    if (own.bundled > 0)
        own.reported = 0;
    own.bundled = 0;
    return ward_clock_now(&own, given, uptime);
}
#endif
