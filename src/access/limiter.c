/* SPDX-License-Identifier: Apache-2.0 */
#include "access/limiter.h"

#include <string.h>

enum {
    MILLISECONDS = 1000,
    /* A burst refills within a day: far less than the 49 days after which 32 bits of milliseconds wrap around. */
    LONGEST_REFILL = 24 * 60 * 60 * 1000,
    /* By how much a task may come late with the time that it has read. */
    LATEST = 60 * 1000
};

/* Rounded up: never more than the rate allows. */
static uint32_t interval_of(struct ward_rate rate)
{
    return ((uint32_t)rate.seconds * MILLISECONDS + rate.count - 1u) / rate.count;
}

static uint32_t refill_of(struct ward_rate rate)
{
    return interval_of(rate) * rate.burst;
}

bool ward_rate_is_valid(struct ward_rate rate)
{
    if (rate.count == 0 || rate.burst == 0 || rate.count > (uint32_t)rate.seconds * MILLISECONDS)
        return false;
    return (uint64_t)interval_of(rate) * rate.burst <= LONGEST_REFILL;
}

static uint16_t smaller(uint32_t a, uint32_t b)
{
    return (uint16_t)(a < b ? a : b);
}

struct ward_rate ward_rate_part(struct ward_rate whole, struct ward_part part)
{
    struct ward_rate rate = whole;
    rate.seconds = smaller((uint32_t)whole.seconds * part.rate, UINT16_MAX);
    rate.burst = smaller((uint32_t)whole.burst / part.burst, LONGEST_REFILL / interval_of(rate));
    if (rate.burst == 0)
        rate.burst = 1;
    return rate;
}

/*
 * How long until the budget is full. A little further ahead than a whole refill is a task that comes late: the budget
 * is spent. Further than that is the past, or a clock that was set back: it is full.
 */
static uint32_t missing_of(uint32_t full_at, uint32_t refill, uint32_t uptime)
{
    const uint32_t ahead = full_at - uptime;
    if (ahead <= refill)
        return ahead;
    return ahead <= refill + LATEST ? refill : 0;
}

static uint32_t missing(uint32_t full_at, struct ward_rate rate, uint32_t uptime)
{
    return missing_of(full_at, refill_of(rate), uptime);
}

bool ward_budget_is_full(uint32_t full_at, struct ward_rate rate, uint32_t uptime)
{
    return missing(full_at, rate, uptime) == 0;
}

void ward_budget_refill(uint32_t *full_at, struct ward_rate rate, uint32_t uptime)
{
    if (ward_budget_is_full(*full_at, rate, uptime))
        *full_at = uptime;
}

/* For each request and all buckets: what is the same for all of them is computed once. */
void ward_buckets_settle(struct ward_bucket *buckets, size_t count, struct ward_rate rate, uint32_t uptime)
{
    const uint32_t refill = refill_of(rate);
    for (size_t i = 0; i < count; i++)
        if (missing_of(buckets[i].full_at, refill, uptime) == 0)
            buckets[i].full_at = uptime;
}

bool ward_budget_has(uint32_t full_at, struct ward_rate rate, uint32_t uptime, uint32_t *wait)
{
    const uint32_t after = missing(full_at, rate, uptime) + interval_of(rate);
    if (after <= refill_of(rate))
        return true;
    *wait = after - refill_of(rate);
    return false;
}

void ward_budget_consume(uint32_t *full_at, struct ward_rate rate, uint32_t uptime)
{
    *full_at = uptime + missing(*full_at, rate, uptime) + interval_of(rate);
}

void ward_budget_refund(uint32_t *full_at, struct ward_rate rate, uint32_t uptime)
{
    const uint32_t ahead = missing(*full_at, rate, uptime);
    const uint32_t interval = interval_of(rate);
    *full_at = uptime + (ahead > interval ? ahead - interval : 0);
}

static struct ward_bucket *least_spent(struct ward_bucket *buckets, size_t count, struct ward_rate rate,
                                       uint32_t uptime)
{
    const uint32_t refill = refill_of(rate);
    struct ward_bucket *least = &buckets[0];
    for (size_t i = 1; i < count; i++)
        if (missing_of(buckets[i].full_at, refill, uptime) < missing_of(least->full_at, refill, uptime))
            least = &buckets[i];
    return least;
}

struct ward_bucket *ward_bucket_of(struct ward_bucket *buckets, size_t count, const uint8_t id[16],
                                   struct ward_rate rate, uint32_t uptime)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(buckets[i].id, id, sizeof buckets[i].id) == 0)
            return &buckets[i];
    struct ward_bucket *const bucket = least_spent(buckets, count, rate, uptime);
    memcpy(bucket->id, id, sizeof bucket->id);
    return bucket;
}
