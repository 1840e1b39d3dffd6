/* SPDX-License-Identifier: Apache-2.0 */
/* port/crypto/kernel_digits.c under other names, where the backend itself has assembly. */
#include "port/crypto/kernel_digits.h"

#undef KERNEL_DIGITS
#undef KERNEL_UMLAL
#define KERNEL_DIGITS 1
#define KERNEL_UMLAL 0
#define ward_kernel_digits_multiply twin_digits_multiply
#define ward_kernel_digits_square twin_digits_square

void twin_digits_multiply(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, const uint32_t *b,
                          size_t count);
void twin_digits_square(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, uint32_t *d, size_t count);

#include "port/crypto/kernel_digits.c"
