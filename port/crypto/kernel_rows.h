/* SPDX-License-Identifier: Apache-2.0 */
/* Montgomery's multiplication by rows of four words, for moduli of 2048, 3072 and 4096 bits: in assembly where there is UMAAL
 * (kernel_umaal.c, which tools/kernel_umaal.py writes), in C for RISC-V and for the tests on this machine (kernel_rows.c).
 * docs/kernel.md has the reasons why it is right.
 *
 * With R = 2^(32 * words), k = -1 / n mod 2^128 and M = 2^-128 mod n = (n * k + 1) / 2^128: a multiplication of a and b, each
 * below R, gives a number that is congruent to a * b / R and below a * b / R + M + n, so below 3 * R. */
#ifndef WARD_PORT_CRYPTO_KERNEL_ROWS_H
#define WARD_PORT_CRYPTO_KERNEL_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* Cortex-M with the DSP instructions: Armv7E-M, Armv8-M.main with DSP. */
#if defined(__ARM_FEATURE_DSP) && defined(__ARM_ARCH_PROFILE) && defined(__thumb2__) && !defined(__ARM_BIG_ENDIAN) &&  \
    !defined(WARD_KERNEL_SMALL)
#define KERNEL_UMAAL (__ARM_FEATURE_DSP == 1 && __ARM_ARCH_PROFILE == 'M')
#else
#define KERNEL_UMAAL 0
#endif

/* WARD_KERNEL_ROWS=1: in C on any machine, so that the tests meet here what RISC-V gets. */
#if !defined(WARD_KERNEL_ROWS)
#if defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_mul) && !defined(WARD_KERNEL_SMALL)
#define WARD_KERNEL_ROWS 1
#else
#define WARD_KERNEL_ROWS 0
#endif
#endif

#define KERNEL_ROWS (KERNEL_UMAAL || WARD_KERNEL_ROWS)

/** Words of a row. */
#define KERNEL_ROW 4

/**
 * The upper half of t becomes a * b / R, where it was a. Returns what is above it: 0, 1 or 2.
 *
 * @param t      twice as many words as a number has
 * @param b      outside t
 * @param m      M, then k, four words
 * @param words  of a number: 64, 96 or 128
 */
uint32_t ward_kernel_rows_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m, size_t words);

/** The same for b = a. d: a word more than a number has, scratch. */
uint32_t ward_kernel_rows_square(uint32_t *t, uint32_t *d, const uint32_t *n, const uint32_t *m, size_t words);

/** t += row * n, where t has four words more than n, and these are 0. */
void ward_kernel_rows_add(uint32_t *t, const uint32_t *row, const uint32_t *n, size_t words);

/** x -= n. Returns 1 where it borrowed, else 0. */
uint32_t ward_kernel_rows_subtract(uint32_t *x, const uint32_t *n, size_t words);

/** An interrupt leaves the registers of these functions on the stack below their caller: zeros there. */
void ward_kernel_rows_wipe(void);

#endif
