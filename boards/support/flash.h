/* SPDX-License-Identifier: Apache-2.0 */
/* A board's flash for data: blocks that are erased to ones, pages that are programmed to zeros. */
#ifndef WARD_FLASH_H
#define WARD_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes that are erased together, bytes that one program operation may reach, and how many blocks there are. */
#define FLASH_BLOCK 4096
#define FLASH_PAGE 256
#define FLASH_BLOCKS 16

/** Reads bytes anywhere. False if they are not all within the flash; nothing is read then. */
bool flash_read(uint32_t address, void *data, size_t length);

/** Erases a block: every bit of it becomes one. Takes about 40 ms; when power fails meanwhile the block may hold anything. */
bool flash_erase(uint32_t block);

/**
 * Programs bytes within one page, in about a millisecond: bits can only become zero. False if the bytes leave the page, or one of their
 * bits would have to become one; that bit stays zero then.
 */
bool flash_program(uint32_t address, const void *data, size_t length);

#endif
