/* SPDX-License-Identifier: Apache-2.0 */
/* Emulator only: flash in the board's PSRAM, which QEMU keeps in a file (`-object memory-backend-file,…,share=on`). RAM would take any byte:
 * that erasing makes ones, programming zeros, and how long both take, as of a serial NOR flash, is this driver's doing. */
#include "flash.h"

#include <string.h>

#include "board.h"
#include "machine.h"
#include "ward/config.h"

#ifndef WARD_EMULATED
#define WARD_EMULATED 0
#endif
WARD_STATIC_ASSERT(WARD_EMULATED == 1,
                   "this flash forgets everything without power: a device needs a driver of its own");

enum { SIZE = FLASH_BLOCK * FLASH_BLOCKS, ERASE_MS = 32, PROGRAM_MS = 1, STEPS = 16 };
static volatile uint8_t *const flash = (volatile uint8_t *)MACHINE_PSRAM;

/* From the end of a millisecond to the end of another. */
static void wait(uint32_t milliseconds)
{
    const uint32_t begin = board_uptime();
    while (board_uptime() - begin < milliseconds) {
    }
}

static bool inside(uint32_t address, size_t length)
{
    return address <= SIZE && length <= SIZE - address;
}

bool flash_read(uint32_t address, void *data, size_t length)
{
    uint8_t *const out = data;
    if (!inside(address, length))
        return false;
    for (size_t i = 0; i < length; i++)
        out[i] = flash[address + i];
    return true;
}

bool flash_erase(uint32_t block)
{
    if (block >= FLASH_BLOCKS)
        return false;
    for (uint32_t i = 0; i < FLASH_BLOCK; i++) {
        if (i % (FLASH_BLOCK / STEPS) == 0)
            wait(ERASE_MS / STEPS);
        flash[block * FLASH_BLOCK + i] = 0xff;
    }
    return true;
}

bool flash_program(uint32_t address, const void *data, size_t length)
{
    const uint8_t *const in = data;
    bool good = true;
    if (!inside(address, length) || length > FLASH_PAGE - address % FLASH_PAGE)
        return false;
    wait(PROGRAM_MS);
    for (size_t i = 0; i < length; i++) {
        const uint8_t bits = flash[address + i] & in[i];
        flash[address + i] = bits;
        good = good && bits == in[i];
    }
    return good;
}
