/* SPDX-License-Identifier: Apache-2.0 */
/* Montgomery's multiplication in digits of 28 bits, for moduli of 2048, 3072 and 4096 bits: in assembly for Cortex-M3 and its
 * like (kernel_umlal.c, which tools/kernel_umlal.py writes), in C for the tests on this machine (kernel_digits.c).
 * docs/kernel.md has the reasons why it is right.
 *
 * A number has `count` digits, least significant first, an odd multiple of 3, with at least four words of 0 before and behind
 * it; its highest digit may be as large as 2^29 - 1. R = 2^(28 * count). */
#ifndef WARD_PORT_CRYPTO_KERNEL_DIGITS_H
#define WARD_PORT_CRYPTO_KERNEL_DIGITS_H

#include <stddef.h>
#include <stdint.h>

/* Cortex-M with long products (Armv7-M, Armv8-M.main), but without DSP instructions. */
#if defined(__ARM_ARCH_PROFILE) && defined(__thumb2__) && !defined(__ARM_FEATURE_DSP) && !defined(__ARM_BIG_ENDIAN) && \
    !defined(WARD_KERNEL_SMALL)
#define KERNEL_UMLAL (__ARM_ARCH_PROFILE == 'M')
#else
#define KERNEL_UMLAL 0
#endif

/* WARD_KERNEL_DIGITS=1: in C on any machine, so that the tests meet here what a Cortex-M3 computes. */
#if !defined(WARD_KERNEL_DIGITS)
#define WARD_KERNEL_DIGITS 0
#endif

#define KERNEL_DIGITS (KERNEL_UMLAL || WARD_KERNEL_DIGITS)

/** Bits of a digit, and words of 0 beside a number. */
#define KERNEL_DIGIT_BITS 28
#define KERNEL_DIGIT_MASK (((uint32_t)1 << KERNEL_DIGIT_BITS) - 1u)
#define KERNEL_BESIDE 4

/**
 * a = a * b / R mod n, below a * b / R + n.
 *
 * @param q        scratch of `count` words, the quotient
 * @param inverse  -1 / n mod 2^28, or more bits of it
 */
void ward_kernel_digits_multiply(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, const uint32_t *b,
                                 size_t count);

/** a = a * a / R mod n. d becomes the double of a, digit by digit. */
void ward_kernel_digits_square(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, uint32_t *d,
                               size_t count);

/** An interrupt leaves the registers of these functions on the stack below their caller: zeros there. */
void ward_kernel_digits_wipe(void);

#endif
