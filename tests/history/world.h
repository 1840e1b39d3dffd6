/* SPDX-License-Identifier: Apache-2.0 */
/* What outlasts every boot: a flash of two blocks, time, and the clock that a device can ask. */
#ifndef HISTORY_WORLD_H
#define HISTORY_WORLD_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/status.h"
#include "ward/time.h"

enum { SLOTS = 2, BLOCK = 8192 };

/** Seconds since 1970 at which every firmware was built. */
#define BUILT 1767139200u

extern struct world {
    uint8_t flash[SLOTS][BLOCK];
    uint64_t seconds; /* the true time */
    uint32_t uptime;  /* milliseconds */
    bool clock_set;
    int64_t clock_error; /* seconds */
    bool write_fails;
    bool cuts; /* power fails once so many bytes were written */
    size_t cut_after;
    size_t written; /* of the record that is being written */
} world;

/** Where power that fails goes on. */
extern jmp_buf power_failed;

void world_begin(void);

struct ward_time world_clock(void);

/** Passes so many seconds. */
void world_pass(uint32_t seconds);

size_t world_read(unsigned slot, size_t offset, void *data, size_t size);
struct ward_status world_write(unsigned slot, size_t offset, const void *data, size_t size);

/** Tells the reference: a record begins to be written; all of it is there. */
void record_begins(unsigned slot);
void record_is_whole(unsigned slot);

#endif
