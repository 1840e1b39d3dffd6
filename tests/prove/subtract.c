/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 5 -DWARD_KERNEL_SMALL=1 */
/* The difference that every result ends with, of four words: x + b = a + borrow * 2^128. In place too. */
#include "kernel_limbs.c"
#include "prove.h"

enum { WORDS = 4 };

typedef unsigned __CPROVER_bitvector[132] number;

static number number_of(const uint32_t *words)
{
    number value = 0;
    for (unsigned i = 0; i < WORDS; i++)
        value |= (number)words[i] << (32 * i);
    return value;
}

int main(void)
{
    uint32_t a[WORDS];
    uint32_t b[WORDS];
    uint32_t x[WORDS];
    for (unsigned i = 0; i < WORDS; i++) {
        a[i] = any_word();
        b[i] = any_word();
    }
    const uint32_t borrow = ward_kernel_subtract(x, a, b, WORDS);
    ASSERT(borrow <= 1);
    ASSERT(borrow == (number_of(a) < number_of(b)));
    ASSERT(number_of(x) + number_of(b) == number_of(a) + ((number)borrow << 128));
    ASSERT(ward_kernel_subtract(a, a, b, WORDS) == borrow);
    ASSERT(number_of(a) == number_of(x));
    return 0;
}
