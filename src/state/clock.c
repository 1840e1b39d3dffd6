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
    clock->told = 0;
    clock->told_at = 0;
}

void ward_clock_raise(struct ward_clock *clock, uint64_t seconds)
{
    const uint64_t floor = seconds < clock->latest ? seconds : clock->latest;
    if (floor > clock->floor)
        clock->floor = floor;
}

void ward_clock_set_floor(struct ward_clock *clock, uint64_t build_time, uint64_t seconds)
{
    clock->floor = build_time;
    /* What was told may be what was wrong. */
    clock->told = 0;
    ward_clock_raise(clock, seconds);
}

static uint32_t seconds_since_told(const struct ward_clock *clock, uint32_t uptime)
{
    return ward_uptime_passed(clock->told_at, uptime) / MILLISECONDS;
}

void ward_clock_tell(struct ward_clock *clock, uint64_t seconds, uint32_t uptime)
{
    const uint64_t before = clock->told + seconds_since_told(clock, uptime);
    const bool agrees = seconds <= before + TOLERANCE && before <= seconds + TOLERANCE;
    if (seconds < clock->floor || seconds > clock->latest)
        return;
    clock->told = seconds;
    clock->told_at = uptime;
    /* A single answer that is wrong by years is mended by the next one; a floor that is would not be. */
    if (agrees)
        ward_clock_raise(clock, seconds - TOLERANCE);
}

void ward_clock_tick(struct ward_clock *clock, uint32_t uptime)
{
    const uint32_t seconds = seconds_since_told(clock, uptime);
    if (clock->told == 0)
        return;
    clock->told += seconds;
    clock->told_at += seconds * MILLISECONDS;
}

struct ward_time ward_clock_now(const struct ward_clock *clock, struct ward_time given, uint32_t uptime)
{
    const struct ward_time floor = { clock->floor, WARD_TIME_FLOOR };
    if (given.trust == WARD_TIME_SET && given.seconds >= clock->floor)
        return given;
    if (clock->told != 0)
        return ward_time_set(clock->told + seconds_since_told(clock, uptime));
    return floor;
}
