/* SPDX-License-Identifier: Apache-2.0 */
/* port/crypto/kernel_halves.c under other names, where the backend itself has assembly. */
#include "port/crypto/kernel_halves.h"

#undef KERNEL_COLUMNS
#undef KERNEL_MULS
#define KERNEL_COLUMNS 1
#define KERNEL_MULS 0
#define ward_kernel_halves_product twin_halves_product
#define ward_kernel_halves_square twin_halves_square

uint32_t twin_halves_product(uint32_t *x, const uint32_t *a, const uint32_t *b, const uint32_t *n, uint32_t *q,
                             uint32_t inverse, size_t words);
uint32_t twin_halves_square(uint32_t *x, const uint32_t *a, const uint32_t *n, uint32_t *q, uint32_t inverse,
                            size_t words);

#include "port/crypto/kernel_halves.c"
