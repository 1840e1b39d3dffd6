/* SPDX-License-Identifier: Apache-2.0 */
/* What port/crypto/kernel_rows.h promises, in the plainest C and word for word: the same arguments, the same results. */
#ifndef WARD_TEST_KERNEL_TWIN_H
#define WARD_TEST_KERNEL_TWIN_H

#include <stddef.h>
#include <stdint.h>

uint32_t twin_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m, size_t words);
uint32_t twin_square(uint32_t *t, const uint32_t *n, const uint32_t *m, size_t words);
void twin_add(uint32_t *t, const uint32_t *row, const uint32_t *n, size_t words);
uint32_t twin_subtract(uint32_t *x, const uint32_t *n, size_t words);

#endif
