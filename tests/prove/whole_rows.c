/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 66 --no-array-field-sensitivity -DWARD_HOSTED=0 -DWARD_KERNEL_ROWS=1 */
/* A whole multiplication by rows at 2048 bits and the difference after it, unwound to their ends, whatever the products
 * are: nothing is read or written outside numbers of exactly their sizes, and each product is taken that there is. */
#include "prove.h"

static unsigned taken;

static uint64_t next_product(void)
{
    taken++;
    return any_double();
}

#define KERNEL_PRODUCT(a, b) next_product()
#include "kernel_rows.c"

enum { WORDS = 64, LOW_PRODUCTS = 10 };

static uint32_t t[2 * WORDS];
static uint32_t b[WORDS];
static uint32_t n[WORDS];
static uint32_t m[WORDS + ROW];

int main(void)
{
    (void)ward_kernel_rows_multiply(t, b, n, m, WORDS);
    ASSERT(taken == 2 * WORDS * WORDS + LOW_PRODUCTS);
    ASSERT(ward_kernel_rows_subtract(t + WORDS, n, WORDS) <= 1);
    return 0;
}
