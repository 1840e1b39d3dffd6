/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 5 --unsigned-overflow-check -DWARD_KERNEL_ROWS=1 */
/* A column of a row, for all words and for whatever the four products are: what comes out is t + c + the products, and no sum
 * overflows its 64 bits. */
#include "prove.h"

static uint64_t products[4];
static unsigned taken;

/* The next product: any number up to the largest one. */
static uint64_t next_product(void)
{
    return products[taken++];
}

#define KERNEL_PRODUCT(a, b) next_product()
#include "kernel_rows.c"

typedef unsigned __CPROVER_bitvector[176] number;

static number number_of(struct row row)
{
    return (number)row.word0 | (number)row.word1 << 32 | (number)row.word2 << 64 | (number)row.word3 << 96;
}

int main(void)
{
    const struct row row = { any_word(), any_word(), any_word(), any_word() };
    const struct row before = { any_word(), any_word(), any_word(), any_word() };
    const uint32_t t_before = any_word();
    struct row c = before;
    uint32_t t = t_before;
    number sum = 0;
    for (unsigned i = 0; i < 4; i++) {
        products[i] = any_double();
        ASSUME(products[i] <= UINT64_C(0xfffffffe00000001));
        sum += (number)products[i] << (32 * i);
    }
    add_column(&t, &c, &row, any_word());
    ASSERT(taken == 4);
    ASSERT((number)t + (number_of(c) << 32) == (number)t_before + number_of(before) + sum);
    return 0;
}
