/* SPDX-License-Identifier: Apache-2.0 */
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

uint64_t reference_floor(void)
{
    return reference.bundle_floor > reference.floor ? reference.bundle_floor : reference.floor;
}

struct ward_time reference_time(struct ward_time given, uint64_t at)
{
    const struct ward_time floor = { reference_floor(), WARD_TIME_FLOOR };
    if (given.trust == WARD_TIME_SET && given.seconds >= floor.seconds)
        return given;
    if (reference.reported == 0)
        return floor;
    return ward_time_set(reference.reported + (at > reference.reported_at ? at - reference.reported_at : 0) / SECOND);
}

bool reference_time_is(struct ward_time is, struct ward_time given, uint64_t at)
{
    const struct ward_time best = reference_time(given, at);
    return is.trust == best.trust && reference_distance(is.seconds, best.seconds) <= reference_slack();
}

static uint64_t bounded(uint64_t seconds)
{
    return seconds < reference.latest ? seconds : reference.latest;
}

/* A time that was told late goes on from the floor, in the beat of its seconds. */
static void lift_reported(uint64_t at)
{
    const uint64_t passed = at > reference.reported_at ? (at - reference.reported_at) / SECOND : 0;
    if (reference.reported == 0 || reference.reported + passed >= reference_floor())
        return;
    reference.reported = reference_floor();
    reference.reported_at += passed * SECOND;
}

void reference_raise_floor(uint64_t seconds, uint64_t at)
{
    if (bounded(seconds) > reference.floor)
        reference.floor = bounded(seconds);
    lift_reported(at);
}

/* ---- What a bundle says of it. */

/* One that says less takes back what the one before it has said, and all that was told may have come of that. */
void reference_set_bundle_floor(uint64_t seconds, uint64_t at)
{
    if (bounded(seconds) < reference.bundle_floor) {
        reference.reported = 0;
        reference.fresh = 0;
    }
    reference.bundle_floor = bounded(seconds);
    lift_reported(at);
}

/* What answers have told may have come of a bundle's floor, as long as there is one. */
struct ward_time reference_time_without_bundle(struct ward_time given, uint64_t at)
{
    const struct ward_time floor = { reference.floor, WARD_TIME_FLOOR };
    if (given.trust == WARD_TIME_SET && given.seconds >= floor.seconds)
        return given;
    return reference.bundle_floor > 0 ? floor : reference_time(given, at);
}

/* ---- Dates. */

bool reference_clock_is_valid(struct ward_time given)
{
    return given.trust == WARD_TIME_SET && given.seconds >= reference_floor();
}

bool reference_date_is_valid(const struct ward_fetch_answer *answer, struct ward_time given)
{
    if (answer->valid_until == 0 || reference_clock_is_valid(given))
        return true;
    return answer->date >= answer->valid_from && answer->date <= answer->valid_until;
}

static bool agrees(uint64_t date, uint64_t earlier, uint64_t earlier_at, uint64_t at)
{
    const uint64_t passed = (at > earlier_at ? at - earlier_at : 0) / SECOND;
    return earlier != 0 && reference_distance(earlier + passed, date) <= TOLERANCE;
}

/* A date is a time that is past. It takes the time forward; back where two in a row without an age agree. A clock that is right keeps the
 * floor where it is; else two that agree raise it.
 */
void reference_report(const struct ward_fetch_answer *answer, struct ward_time given, uint64_t at)
{
    const struct ward_time unset = { 0, WARD_TIME_UNKNOWN };
    const bool right = reference_clock_is_valid(given);
    const uint64_t date = answer->date;
    if (date == 0)
        return;
    const bool possible = date >= reference_floor() && date <= reference.latest;
    const bool known = agrees(date, reference.reported, reference.reported_at, at);
    const bool twice = !answer->aged && agrees(date, reference.fresh, reference.fresh_at, at);
    reference.fresh = possible && !answer->aged ? date : 0;
    reference.fresh_at = at;
    if (!possible)
        return;
    if (reference.reported == 0 || twice || date > reference_time(unset, at).seconds) {
        reference.reported = date;
        reference.reported_at = at;
    }
    if (!right && (known || twice))
        reference_raise_floor(date - TOLERANCE, at);
}

void reference_set_floor(uint64_t seconds)
{
    reference.floor = reference.firmware.build_time;
    reference.bundle_floor = 0;
    reference.bundles.set_back = true;
    reference.reported = 0;
    reference.fresh = 0;
    reference_raise_floor(seconds, 0);
    reference.urgent = true;
}
