/* SPDX-License-Identifier: Apache-2.0 */
/* What will happen, in the order of time. */
#ifndef WARD_TEST_FLEET_QUEUE_H
#define WARD_TEST_FLEET_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event {
    uint64_t at; /* milliseconds */
    uint32_t device;
    uint32_t turn;
    uint8_t kind;
};

/** Makes room for so many events at once; it grows by itself. */
bool queue_begin(size_t size);

/** Adds an event. */
void queue_add(uint64_t at, uint32_t device, uint8_t kind, uint32_t turn);

/** When the next one is; UINT64_MAX: there is none. */
uint64_t queue_next_at(void);

/** Takes the next one; false: there is none. */
bool queue_take(struct event *event);

#endif
