/* SPDX-License-Identifier: Apache-2.0 */
/* Montgomery's multiplication for Cortex-M with UMAAL (Armv7E-M, Armv8-M.main with DSP), modulus of 2048 bits: assembly that
 * tools/kernel_umaal.py writes. docs/kernel.md has the reasons why it is right; tests/kernel/twin.c is the same in C.
 *
 * With R = 2^2048, k = -1 / n mod 2^128 and M = 2^-128 mod n = (n * k + 1) / 2^128: a multiplication of a and b, each below
 * R, gives a number that is congruent to a * b / R and below a * b / R + M + n, so below 3 * R. */
#ifndef WARD_PORT_CRYPTO_KERNEL_UMAAL_H
#define WARD_PORT_CRYPTO_KERNEL_UMAAL_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP) && defined(__ARM_ARCH_PROFILE) && defined(__thumb2__) && !defined(__ARM_BIG_ENDIAN) &&  \
    !defined(WARD_KERNEL_SMALL)
#define KERNEL_UMAAL (__ARM_FEATURE_DSP == 1 && __ARM_ARCH_PROFILE == 'M')
#else
#define KERNEL_UMAAL 0
#endif

/** Words of a number, and of its double. */
#define KERNEL_UMAAL_WORDS 64
#define KERNEL_UMAAL_DOUBLE 65

/**
 * The upper half of t becomes a * b / R, where it was a. Returns what is above it: 0, 1 or 2.
 *
 * @param t  128 words
 * @param b  64 words, outside t
 * @param m  M, 64 words, then k, 4 words
 */
uint32_t ward_kernel_umaal_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m);

/** The same for b = a. d: 65 words of scratch. */
uint32_t ward_kernel_umaal_square(uint32_t *t, uint32_t *d, const uint32_t *n, const uint32_t *m);

/** t += words * n, where words are four, n has 64, t has 68 and its four last are 0. */
void ward_kernel_umaal_row(uint32_t *t, const uint32_t *words, const uint32_t *n);

/** x -= n, both of 64 words. Returns 1 where it borrowed, else 0. */
uint32_t ward_kernel_umaal_subtract(uint32_t *x, const uint32_t *n);

/** An interrupt leaves the registers of these functions on the stack below their caller: zeros there. */
void ward_kernel_umaal_wipe(void);

/** Private: what these have in common. */
void ward_kernel_umaal_sweep(void);
void ward_kernel_umaal_reduce(void);

#endif
