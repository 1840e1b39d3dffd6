/* SPDX-License-Identifier: Apache-2.0 */
#include "flash.h"

#include <string.h>

void flash_begin(struct flash *flash, uint32_t page)
{
    memset(flash, 0, sizeof *flash);
    memset(flash->byte, 0xff, sizeof flash->byte);
    flash->page = page;
}

void flash_fault(struct flash *flash, uint32_t operation, enum fault fault, uint32_t variant)
{
    flash->operation = 0;
    flash->fault_at = operation;
    flash->fault = fault;
    flash->variant = variant;
}

uint32_t flash_operations(const struct flash *flash, size_t length)
{
    return 1 + (uint32_t)((length + flash->page - 1) / flash->page);
}

/* Spreads a number over 32 bits, so that chance is the same in each run. */
static uint32_t mix(uint32_t x)
{
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

static void hold_stuck(struct flash *flash)
{
    uint8_t *const cell = &flash->byte[flash->stuck_block][flash->stuck_byte];
    if (flash->stuck)
        *cell = (uint8_t)(flash->stuck_at_one ? *cell | flash->stuck_mask : *cell & ~flash->stuck_mask);
}

/* One cell fails for good, one of those whose value should be the other. Where there is none nothing fails. */
static void break_cell(struct flash *flash, unsigned block, size_t from, const uint8_t *wanted, size_t length)
{
    const bool at_one = flash->fault == FAULT_STUCK_ONE;
    for (size_t i = 0; i < length; i++) {
        const size_t at = (i + flash->variant) % length;
        const uint8_t candidates = at_one ? (uint8_t)~wanted[at] : wanted[at];
        for (unsigned bit = 0; bit < 8; bit++) {
            const uint8_t mask = (uint8_t)(1u << (bit + flash->variant) % 8u);
            if ((candidates & mask) == 0)
                continue;
            flash->stuck = true;
            flash->stuck_block = (uint8_t)block;
            flash->stuck_byte = (uint16_t)(from + at);
            flash->stuck_mask = mask;
            flash->stuck_at_one = at_one;
            return;
        }
    }
}

/* How much of one byte's change is done when power fails. */
static uint8_t torn(const struct flash *flash, size_t at, size_t length, uint8_t old, uint8_t wanted)
{
    const uint8_t change = old ^ wanted;
    switch (flash->fault) {
    case FAULT_FIRST_HALF: return at < length / 2 ? wanted : old;
    case FAULT_LAST_HALF: return at >= length / 2 ? wanted : old;
    case FAULT_SOME_BITS: return old ^ (change & (uint8_t)mix((uint32_t)at + 7919u * flash->variant));
    default: return wanted;
    }
}

/* Undoes the last change of all. */
static void forget_last_bit(uint8_t *cells, const uint8_t *old, size_t length)
{
    for (size_t i = length; i-- > 0;) {
        const uint8_t change = cells[i] ^ old[i];
        if (change != 0) {
            cells[i] ^= (uint8_t)(change & -change);
            return;
        }
    }
}

/* Brings cells to what is wanted, or as far as the fault lets it; false: power has failed. */
static bool operate(struct flash *flash, unsigned block, size_t from, const uint8_t *wanted, size_t length)
{
    static uint8_t old[BLOCK];
    uint8_t *const cells = &flash->byte[block][from];
    const bool here = flash->fault != FAULT_NONE && flash->operation++ == flash->fault_at;
    if (here && flash->fault == FAULT_BEFORE)
        return false;
    if (here && flash->fault >= FAULT_STUCK_ONE)
        break_cell(flash, block, from, wanted, length);
    memcpy(old, cells, length);
    for (size_t i = 0; i < length; i++)
        cells[i] = here ? torn(flash, i, length, cells[i], wanted[i]) : wanted[i];
    if (here && flash->fault == FAULT_LAST_BIT)
        forget_last_bit(cells, old, length);
    hold_stuck(flash);
    return !here || flash->fault >= FAULT_STUCK_ONE;
}

bool flash_erase(struct flash *flash, unsigned block)
{
    static uint8_t wanted[BLOCK];
    memset(wanted, 0xff, sizeof wanted);
    return operate(flash, block, 0, wanted, BLOCK);
}

bool flash_program(struct flash *flash, unsigned block, size_t from, const uint8_t *data, size_t length)
{
    static uint8_t wanted[BLOCK];
    bool powered = true;
    for (size_t at = 0; powered && at < length; at += flash->page) {
        const size_t part = length - at < flash->page ? length - at : flash->page;
        /* Programming only ever makes zeros. */
        for (size_t i = 0; i < part; i++)
            wanted[i] = flash->byte[block][from + at + i] & data[at + i];
        powered = operate(flash, block, from + at, wanted, part);
    }
    return powered;
}
