#include "access/limiter.h"

#include <string.h>

/* A burst refills within a day: far less than the 49 days after which 32 bits of milliseconds wrap around. */
enum { MILLISECONDS = 1000, LONGEST_REFILL = 24 * 60 * 60 * 1000 };

static uint32_t interval_of(struct ward_rate rate)
{
    return (uint32_t)rate.seconds * MILLISECONDS / rate.count;
}

static uint32_t refill_of(struct ward_rate rate)
{
    return interval_of(rate) * rate.burst;
}

bool ward_rate_is_right(struct ward_rate rate)
{
    if (rate.count == 0 || rate.seconds == 0 || rate.burst == 0 || interval_of(rate) == 0)
        return false;
    return (uint64_t)interval_of(rate) * rate.burst <= LONGEST_REFILL;
}

/*
 * How long until the bucket is full. A time further ahead than a whole refill is none: the clock has gone round, or back,
 * since, and the bucket is long full.
 */
static uint32_t missing(const struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime)
{
    const uint32_t ahead = bucket->full_at - uptime;
    return ahead > refill_of(rate) ? 0 : ahead;
}

struct ward_bucket *ward_bucket_of(struct ward_bucket *buckets, size_t count, struct ward_bucket *others,
                                   const uint8_t id[16], struct ward_rate rate, uint32_t uptime)
{
    struct ward_bucket *free = NULL;
    for (size_t i = 0; i < count; i++) {
        if (memcmp(buckets[i].id, id, sizeof buckets[i].id) == 0)
            return &buckets[i];
        if (free == NULL && missing(&buckets[i], rate, uptime) == 0)
            free = &buckets[i];
    }
    if (free == NULL)
        return others;
    memcpy(free->id, id, sizeof free->id);
    free->full_at = uptime;
    return free;
}

bool ward_bucket_has(const struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime, uint32_t *wait)
{
    const uint32_t after = missing(bucket, rate, uptime) + interval_of(rate);
    if (after <= refill_of(rate))
        return true;
    *wait = after - refill_of(rate);
    return false;
}

void ward_bucket_take(struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime)
{
    bucket->full_at = uptime + missing(bucket, rate, uptime) + interval_of(rate);
}

void ward_bucket_give(struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime)
{
    const uint32_t ahead = missing(bucket, rate, uptime);
    const uint32_t interval = interval_of(rate);
    bucket->full_at = uptime + (ahead > interval ? ahead - interval : 0);
}
