/* SPDX-License-Identifier: Apache-2.0 */
/* Chance: the same seed gives the same schedule. */
#ifndef SCHEDULES_CHANCE_H
#define SCHEDULES_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

void chance_begin(uint64_t seed);

/** A number from 0 to bound - 1. */
uint32_t below(uint32_t bound);
bool one_in(uint32_t number);

/** A duration, as often short as long: up to 2^bits milliseconds. */
uint32_t some_time(unsigned bits);

/** One of the items of an array. */
#define ONE_OF(items) ((items)[below((uint32_t)(sizeof(items) / sizeof(items)[0]))])

#endif
