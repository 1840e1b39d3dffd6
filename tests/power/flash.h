/* SPDX-License-Identifier: Apache-2.0 */
/* Two erase blocks of a NOR flash, and the ways in which power fails while they are written. */
#ifndef WARD_POWER_FLASH_H
#define WARD_POWER_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/keyring.h"

/** Bytes of a block; a record fits. */
enum { BLOCK = 4096, BLOCKS = 2 };

/** What becomes of the operation at which the fault is set; each erase of a block and each program of a page is one. */
enum fault {
    FAULT_NONE,
    FAULT_BEFORE,     /**< power fails before it */
    FAULT_AFTER,      /**< power fails when it is done, before the driver knows */
    FAULT_FIRST_HALF, /**< torn: the first half of its bytes is done */
    FAULT_LAST_HALF,  /**< torn: only the last half is */
    FAULT_SOME_BITS,  /**< torn: of the bits that should change, some do and some do not */
    FAULT_LAST_BIT,   /**< torn: all do but one */
    FAULT_STUCK_ONE,  /**< power stays, but a bit that is to become zero stays one for ever */
    FAULT_STUCK_ZERO, /**< power stays, but a bit that is to stay one, or to become one, is zero for ever */
    FAULTS
};

/** A flash. Plain bytes: copy it to go back. */
struct flash {
    uint8_t byte[BLOCKS][BLOCK];
    uint32_t page;      /**< bytes that are programmed at once */
    uint32_t operation; /**< done so far in this write */
    uint32_t fault_at;  /**< the operation of the fault */
    enum fault fault;
    uint32_t variant; /**< which bit, where that is open */
    bool stuck;       /**< a cell is, for good */
    uint8_t stuck_block;
    uint16_t stuck_byte;
    uint8_t stuck_mask;
    bool stuck_at_one;
};

/** Erased, with no fault. */
void flash_begin(struct flash *flash, uint32_t page);

/** Sets the fault of the next write, and counts its operations from 0. */
void flash_fault(struct flash *flash, uint32_t operation, enum fault fault, uint32_t variant);

/** Operations that writing so many bytes takes. */
uint32_t flash_operations(const struct flash *flash, size_t length);

/**
 * As a driver replaces what a block holds: erases it, then programs piece by piece, each page by page. It does not read back.
 *
 * @return false: power has failed; nothing that runs after it may be believed
 */
bool flash_erase(struct flash *flash, unsigned block);
bool flash_program(struct flash *flash, unsigned block, size_t from, const uint8_t *data, size_t length);

#endif
