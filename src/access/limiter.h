/* Budgets by the generic cell rate algorithm: a bucket is one time, that at which it will be full again. */
#ifndef WARD_ACCESS_LIMITER_H
#define WARD_ACCESS_LIMITER_H

#include "ward/access.h"

/** Whether a rate can be used: at most 1000 a second, and a burst that refills within a day. */
bool ward_rate_is_right(struct ward_rate rate);

/**
 * The bucket of an id: its own, or one that is full and so has nothing to remember, or else the one that all others
 * share. A spent budget is never forgotten.
 */
struct ward_bucket *ward_bucket_of(struct ward_bucket *buckets, size_t count, struct ward_bucket *others,
                                   const uint8_t id[16], struct ward_rate rate, uint32_t uptime);

/** Whether there is something to take now; if not, `wait` becomes the milliseconds until there is. */
bool ward_bucket_has(const struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime, uint32_t *wait);

/** Takes one. */
void ward_bucket_take(struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime);

/** Gives one back. */
void ward_bucket_give(struct ward_bucket *bucket, struct ward_rate rate, uint32_t uptime);

#endif
