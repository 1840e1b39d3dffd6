/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of the backend `kernel`: Montgomery's multiplication on the words of a key. docs/kernel.md has the reasons
 * why each of these is right.
 *
 * With B = 2^32 and words = ward_key_words(key): R = B^words, which is above n, and n is odd. */
#ifndef WARD_PORT_CRYPTO_KERNEL_LIMBS_H
#define WARD_PORT_CRYPTO_KERNEL_LIMBS_H

#include <stddef.h>
#include <stdint.h>

#include "ward/key.h"

/** Words of t below, for the largest key. */
#define KERNEL_ROOM (WARD_RSA_WORDS + 2)

/**
 * x = a * b / R mod n, below n.
 *
 * @param x  `words` words; may be a or b
 * @param a  below n
 * @param b  below n
 * @param t  KERNEL_ROOM words of scratch that overlap none of them
 */
void ward_kernel_multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key, uint32_t *t);

/** x = a - b mod B^words; x may be a or b. Returns 1 where b was above a, else 0. */
uint32_t ward_kernel_subtract(uint32_t *x, const uint32_t *a, const uint32_t *b, size_t words);

/** Zeros on the stack below the caller: what a multiplication has left there. */
void ward_kernel_wipe(void);

#endif
