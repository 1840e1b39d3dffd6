/* SPDX-License-Identifier: Apache-2.0 */
/* Montgomery's multiplication in digits of 16 bits, whose products fit into 32: for Armv6-M and Armv8-M.base, which have no
 * longer ones, with the innermost loop in assembly. In C on any machine for the tests. docs/kernel.md has the reasons why it is
 * right. */
#ifndef WARD_PORT_CRYPTO_KERNEL_HALVES_H
#define WARD_PORT_CRYPTO_KERNEL_HALVES_H

#include "ward/key.h"

/* WARD_KERNEL_COLUMNS=1: on any machine, without the assembly, so that the tests meet here what a Cortex-M0 computes. */
#if !defined(WARD_KERNEL_COLUMNS)
#if (defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)) && !defined(__ARM_BIG_ENDIAN) &&                       \
    !defined(WARD_KERNEL_SMALL)
#define WARD_KERNEL_COLUMNS 1
#else
#define WARD_KERNEL_COLUMNS 0
#endif
#endif

/** As ward_kernel_multiply(), where x may be a and may not be b unless a is. */
void ward_kernel_halves_multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key,
                                 uint32_t *t);

#endif
