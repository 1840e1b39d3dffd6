/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets by the generic cell rate algorithm: a budget is one time, that at which it will be full again. */
#ifndef WARD_ACCESS_LIMITER_H
#define WARD_ACCESS_LIMITER_H

#include "ward/access.h"

/** Whether a rate can be used: at most 1000 a second, and a burst that refills within a day. */
bool ward_rate_is_valid(struct ward_rate rate);

/** Parts of a rate: how many make up the rate, and how many of its burst. */
struct ward_part {
    uint16_t rate;
    uint16_t burst;
};

/**
 * A part of a rate: as many in a time that is longer by `part.rate`, and a burst that is smaller by `part.burst`, 1 at
 * least. It can be used whenever the whole can: at most one in 65,535 seconds is as slow as it gets.
 */
struct ward_rate ward_rate_part(struct ward_rate whole, struct ward_part part);

/**
 * Brings a full budget up to now. A time of 32 bits means nothing once it lies half a round of the clock back: a budget
 * must be settled more often than that, and is if each request settles it.
 */
void ward_budget_refill(uint32_t *full_at, struct ward_rate rate, uint32_t uptime);

/** The same for all of them. */
void ward_buckets_settle(struct ward_bucket *buckets, size_t count, struct ward_rate rate, uint32_t uptime);

/** Whether nothing is missing. */
bool ward_budget_is_full(uint32_t full_at, struct ward_rate rate, uint32_t uptime);

/** Whether there is something to take now; if not, `wait` becomes the milliseconds until there is. */
bool ward_budget_has(uint32_t full_at, struct ward_rate rate, uint32_t uptime, uint32_t *wait);

/** Takes one; only after ward_budget_has(). */
void ward_budget_consume(uint32_t *full_at, struct ward_rate rate, uint32_t uptime);

/** Gives one back. */
void ward_budget_refund(uint32_t *full_at, struct ward_rate rate, uint32_t uptime);

/**
 * The bucket of an id: its own, or else the one from which least was spent, as it is. What was spent is never
 * forgotten, whoever has the bucket next, so that all ids together get what the buckets give; and who asks too often
 * keeps the bucket that it has emptied, so that the others share those that are fuller.
 */
struct ward_bucket *ward_bucket_of(struct ward_bucket *buckets, size_t count, const uint8_t id[16],
                                   struct ward_rate rate, uint32_t uptime);

#endif
