/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_DIGITS=1 -DCOUNT=75 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_DIGITS=1 -DCOUNT=111 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_DIGITS=1 -DCOUNT=147 */
/* Instrument: --apply-loop-contracts */
/* Columns of digits, of 75, 111 and 147 of them, each column there is, whatever the products are: no accumulator overflows, neither those in C nor
 * the one of the assembly, which of 75 and 111 digits takes both sums; what is carried to the next column is below 2^37 again, so by
 * induction it always is; and nothing of a column is lost. */
/* Loops of kernel_digits.c:
 * column: for (size_t i = first; i <= last; i++)
 *     i, sum
 *     i >= first && i <= last + 1u && sum <= MOST(i - first + (i >= count) + (place + 1u >= count && i > first) + (place + 2u == 2u * count && i > first))
 *     last + 1u - i
 */
#include "kernel_digits.h"
#include "prove.h"

/* So many of the largest product of two digits, or a little more. */
#define MOST(products) ((uint64_t)(products) << (2 * KERNEL_DIGIT_BITS))

/* A digit says here how many bits more than others it has, 0 or 1; a product is any that such digits have. */
static uint64_t next_product(uint32_t a, uint32_t b)
{
    const uint64_t product = any_double();
    ASSUME(product < MOST(1) << (a + b));
    return product;
}

#define KERNEL_PRODUCT(a, b) next_product(a, b)
#include "kernel_digits.c"

typedef unsigned __CPROVER_bitvector[80] number;

int main(void)
{
    /* Not static: with loop contracts these have any value. */
    uint32_t a[COUNT] = { 0 };
    uint32_t b[COUNT] = { 0 };
    const size_t place = any_size();
    const uint64_t carry = any_double();
    uint32_t digit = 0;
    ASSUME(place < 2u * COUNT && carry < (uint64_t)1 << 37);
    a[COUNT - 1u] = 1;
    b[COUNT - 1u] = 1;
    const uint64_t first = column(a, b, place, COUNT);
    ASSERT(first <= MOST(COUNT + 2u));
    /* That of q and n has as many products, and no digit of more bits. */
    const uint64_t second = any_double();
    ASSUME(second <= MOST(COUNT + 2u));
    const uint64_t next = add(&digit, carry, first, second);
    ASSERT(next < (uint64_t)1 << 37 && digit <= KERNEL_DIGIT_MASK);
    ASSERT(((number)next << KERNEL_DIGIT_BITS) + digit == (number)carry + first + second);
    /* In assembly both sums are of one accumulator where they fit, and where not the digit alone waits for the second one. */
    const number both = (number)carry + first + second;
    ASSERT(both <= UINT64_MAX || COUNT == 147);
    ASSERT((number)carry + first <= UINT64_MAX && (number)KERNEL_DIGIT_MASK + second <= UINT64_MAX);
    POSSIBLE(place == COUNT - 1u && first > MOST(COUNT + 1u));
    POSSIBLE(place == 2u * COUNT - 2u && first > MOST(3));
#if COUNT == 147
    POSSIBLE(both > UINT64_MAX);
#endif
    return 0;
}
