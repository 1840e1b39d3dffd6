/* SPDX-License-Identifier: Apache-2.0 */
/* Montgomery's multiplication in digits of 16 bits, whose products fit into 32: for Armv6-M and Armv8-M.base, which have no
 * longer ones, in assembly (kernel_muls.c, which tools/kernel_muls.py writes), in C for the tests on any machine
 * (kernel_halves.c). docs/kernel.md has the reasons why it is right.
 *
 * A digit is half a word as it lies in memory, which holds where the lower one comes first. R = 2^(32 * words). */
#ifndef WARD_PORT_CRYPTO_KERNEL_HALVES_H
#define WARD_PORT_CRYPTO_KERNEL_HALVES_H

#include <stddef.h>
#include <stdint.h>

#include "ward/key.h"

#if (defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)) && !defined(__ARM_BIG_ENDIAN) &&                       \
    !defined(WARD_KERNEL_SMALL)
#define KERNEL_MULS 1
#else
#define KERNEL_MULS 0
#endif

/* WARD_KERNEL_COLUMNS=1: in C on any machine, so that the tests meet here what a Cortex-M0 computes. */
#if !defined(WARD_KERNEL_COLUMNS)
#define WARD_KERNEL_COLUMNS 0
#endif

#define KERNEL_COLUMNS (KERNEL_MULS || WARD_KERNEL_COLUMNS)

/** As ward_kernel_multiply(), where x may be a and may not be b unless a is. */
void ward_kernel_halves_multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key,
                                 uint32_t *t);

/**
 * x = (a * b + q * n) / R for the q that makes this whole. Returns what is above x: 0 or 1, where a and b are below R.
 *
 * @param x        `words` words; may be a
 * @param q        as many: becomes the quotient
 * @param inverse  -1 / n mod 2^16, or more bits of it
 * @param words    an even number
 */
uint32_t ward_kernel_halves_product(uint32_t *x, const uint32_t *a, const uint32_t *b, const uint32_t *n, uint32_t *q,
                                    uint32_t inverse, size_t words);

/** The same for b = a. */
uint32_t ward_kernel_halves_square(uint32_t *x, const uint32_t *a, const uint32_t *n, uint32_t *q, uint32_t inverse,
                                   size_t words);

#endif
