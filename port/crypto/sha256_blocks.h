/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of SHA-256 (FIPS 180-4 section 6.2.2). */
#ifndef WARD_SHA256_BLOCKS_H
#define WARD_SHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Whether there is assembly for this processor: Armv7-M, Armv7E-M, Armv8-M with the main extension. */
#if defined(__thumb2__) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define WARD_SHA256_THUMB 1
#else
#define WARD_SHA256_THUMB 0
#endif

/** Sets `length` bytes to zero, also where the compiler sees that nobody reads them. */
static inline void sha256_wipe(void *memory, size_t length)
{
    memset(memory, 0, length);
#if defined(__GNUC__)
    __asm__ volatile("" : : "r"(memory) : "memory");
#endif
}

/** The constants of the 64 rounds. */
extern const uint32_t ward_sha256_constants[64];

/**
 * Takes blocks of 64 bytes into a state.
 *
 * @param words   scratch, which holds the last block's words after it: the caller's to wipe. Blocks may lie in it themselves: then
 *                there is one
 * @param blocks  at least 1
 */
void ward_sha256_blocks(uint32_t state[8], uint32_t words[16], const uint8_t *bytes, size_t blocks);

/** The same in C: for other processors, and to compare. */
void ward_sha256_blocks_in_c(uint32_t state[8], uint32_t words[16], const uint8_t *bytes, size_t blocks);

#endif
