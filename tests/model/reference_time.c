/* The reference: what time it is. */
#include "reference.h"

enum { TOLERANCE = 300 };

static const uint64_t twenty_years = 20u * UINT64_C(31556952);

uint64_t reference_slack(void)
{
    return slack > 0 ? slack / SECOND + 2 : 0;
}

uint64_t reference_distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

void reference_begin_time(void)
{
    reference.floor = reference.firmware.build_time;
    reference.latest = reference.floor + twenty_years;
}

struct ward_time reference_time(struct ward_time given, uint64_t at)
{
    const struct ward_time floor = { reference.floor, WARD_TIME_FLOOR };
    if (given.trust == WARD_TIME_SET && given.seconds >= reference.floor)
        return given;
    if (reference.told == 0)
        return floor;
    return ward_time_set(reference.told + (at > reference.told_at ? at - reference.told_at : 0) / SECOND);
}

bool reference_time_is(struct ward_time is, struct ward_time given, uint64_t at)
{
    const struct ward_time best = reference_time(given, at);
    return is.trust == best.trust && reference_distance(is.seconds, best.seconds) <= reference_slack();
}

void reference_raise_floor(uint64_t seconds)
{
    const uint64_t bounded = seconds < reference.latest ? seconds : reference.latest;
    if (bounded > reference.floor)
        reference.floor = bounded;
}

/* Two answers in a row that agree raise the floor, so that one wrong answer is mended by the next. */
void reference_tell(uint64_t date, uint64_t at)
{
    const struct ward_time unset = { 0, WARD_TIME_UNKNOWN };
    if (date == 0 || date < reference.floor || date > reference.latest)
        return;
    const bool agrees = reference.told != 0 && reference_distance(reference_time(unset, at).seconds, date) <= TOLERANCE;
    reference.told = date;
    reference.told_at = at;
    if (agrees)
        reference_raise_floor(date - TOLERANCE);
}

void reference_set_floor(uint64_t seconds)
{
    reference.floor = reference.firmware.build_time;
    reference.told = 0;
    reference_raise_floor(seconds);
    reference.urgent = true;
}
