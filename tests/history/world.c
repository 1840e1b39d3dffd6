/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <string.h>

#include "rules.h"

struct world world;
jmp_buf power_failed;

enum { START = 1767225600, HEADER = 16, LENGTH_AT = 12, DIGEST_SIZE = 32 };

void world_begin(void)
{
    memset(&world, 0, sizeof world);
    memset(world.flash, 0xff, sizeof world.flash);
    world.seconds = START;
    world.clock_set = true;
}

struct ward_time world_clock(void)
{
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    const int64_t seconds = (int64_t)world.seconds + world.clock_error;
    return world.clock_set && seconds >= 0 ? ward_time_set((uint64_t)seconds) : unknown;
}

void world_pass(uint32_t seconds)
{
    world.seconds += seconds;
    world.uptime += seconds * 1000u;
}

size_t world_read(unsigned slot, size_t offset, void *data, size_t size)
{
    const size_t left = offset < BLOCK ? BLOCK - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, world.flash[slot] + offset, length);
    return length;
}

static bool is_all(unsigned slot)
{
    const uint8_t *const at = world.flash[slot] + LENGTH_AT;
    const size_t length = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    return world.written >= HEADER && world.written == HEADER + length + DIGEST_SIZE;
}

/* Part of what was asked for. It may be the whole all the same: what is left out may look as erased flash does. */
static void tear(unsigned slot, size_t offset, const void *data, size_t size)
{
    const size_t done = world.cut_after - world.written < size ? world.cut_after - world.written : size;
    memcpy(world.flash[slot] + offset, data, done);
    world.written += memcmp(world.flash[slot] + offset, data, size) == 0 ? size : done;
    if (is_all(slot))
        record_is_whole(slot);
    world.cuts = false;
    longjmp(power_failed, 1);
}

struct ward_status world_write(unsigned slot, size_t offset, const void *data, size_t size)
{
    if (offset == 0) {
        record_begins(slot);
        world.written = 0;
        memset(world.flash[slot], 0xff, BLOCK);
    }
    if ((world.write_fails && size > 0 && one_in(3)) || size > BLOCK || offset > BLOCK - size)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (size == 0 && world.cuts && one_in(2)) {
        happened[CUTS_AFTER_A_WRITE]++;
        world.cuts = false;
        longjmp(power_failed, 1);
    }
    if (size == 0)
        return ward_status_of(WARD_OK);
    if (world.cuts && world.cut_after <= world.written + size - 1)
        tear(slot, offset, data, size);
    memcpy(world.flash[slot] + offset, data, size);
    world.written += size;
    if (is_all(slot))
        record_is_whole(slot);
    return ward_status_of(WARD_OK);
}
