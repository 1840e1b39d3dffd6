/* SPDX-License-Identifier: Apache-2.0 */
/* What the assembly of port/crypto/kernel_umaal.c does, in C and word for word: the same arguments, the same results. */
#ifndef WARD_TEST_KERNEL_TWIN_H
#define WARD_TEST_KERNEL_TWIN_H

#include <stdint.h>

uint32_t twin_umaal_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m);
uint32_t twin_umaal_square(uint32_t *t, const uint32_t *n, const uint32_t *m);
void twin_umaal_row(uint32_t *t, const uint32_t *words, const uint32_t *n);
uint32_t twin_umaal_subtract(uint32_t *x, const uint32_t *n);

#endif
