/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 257 --unsigned-overflow-check -DWARD_KERNEL_COLUMNS=1 */
/* Columns of 16-bit digits, whatever the products of two digits are: a square's column is that of a product of the number with
 * itself, at each place of a short number; and the longest column of both products with the largest carry stays below 2^42. */
#include "prove.h"

enum { SHORT = 4, LONGEST = 256 };

static uint32_t table[SHORT][SHORT];
static unsigned is_long;

/* Of a short number each digit is its own place, and what two of them make is any number, the same both ways round. Of a long one
 * each product is the largest. */
static uint32_t next_product(uint32_t a, uint32_t b)
{
    if (is_long)
        return 0xfffe0001u;
    return a < b ? table[a][b] : table[b][a];
}

#define KERNEL_PRODUCT(a, b) next_product(a, b)
#include "kernel_halves.c"

int main(void)
{
    static half a[LONGEST];
    for (unsigned i = 0; i < SHORT; i++) {
        a[i] = (half)i;
        for (unsigned j = 0; j < SHORT; j++) {
            table[i][j] = any_word();
            ASSUME(table[i][j] <= 0xfffe0001u);
        }
    }
    const uint64_t carry = any_double();
    ASSUME(carry < (uint64_t)1 << 27);
    for (size_t place = 0; place < 2u * SHORT - 1u; place++) {
        const size_t from = place < SHORT ? 0 : place - SHORT + 1u;
        const size_t to = place < SHORT ? place + 1u : SHORT;
        ASSERT(add_square(carry, a, place, from) == add_products(carry, a, a, place, from, to));
    }
    is_long = 1;
    uint64_t sum = ((uint64_t)1 << 27) - 1u;
    sum = add_products(sum, a, a, LONGEST - 1u, 0, LONGEST);
    sum = add_products(sum, a, a, LONGEST - 1u, 0, LONGEST);
    ASSERT(sum < (uint64_t)1 << 42);
    return 0;
}
