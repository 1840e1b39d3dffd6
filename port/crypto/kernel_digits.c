/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_digits.h"

#if KERNEL_DIGITS && !KERNEL_UMLAL

/* Of two digits. A proof puts another one in its place. */
#if !defined(KERNEL_PRODUCT)
#define KERNEL_PRODUCT(a, b) ((uint64_t)(a) * (b))
#endif

/* A column's sum of products: with 147 of them, two by a digit of 29 bits included, below 2^64. */
static uint64_t column(const uint32_t *a, const uint32_t *b, size_t place, size_t count)
{
    uint64_t sum = 0;
    const size_t first = place < count ? 0 : place - count + 1u;
    const size_t last = place < count ? place : count - 1u;
    for (size_t i = first; i <= last; i++)
        sum += KERNEL_PRODUCT(a[i], b[place - i]);
    return sum;
}

/* What is above the digits of two sums, with the digits' own carry; *digit is that of all. */
static uint64_t add(uint32_t *digit, uint64_t carry, uint64_t first, uint64_t second)
{
    const uint64_t low = (carry & KERNEL_DIGIT_MASK) + (first & KERNEL_DIGIT_MASK) + (second & KERNEL_DIGIT_MASK);
    *digit = (uint32_t)low & KERNEL_DIGIT_MASK;
    return (carry >> KERNEL_DIGIT_BITS) + (first >> KERNEL_DIGIT_BITS) + (second >> KERNEL_DIGIT_BITS) +
           (low >> KERNEL_DIGIT_BITS);
}

void ward_kernel_digits_multiply(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, const uint32_t *b,
                                 size_t count)
{
    uint64_t carry = 0;
    uint32_t digit;
    for (size_t i = 0; i < count; i++) {
        /* q's digit is what makes the column 0; without it, it counts as 0 there. */
        q[i] = 0;
        const uint64_t product = column(a, b, i, count);
        (void)add(&digit, carry, product, column(q, n, i, count));
        q[i] = (digit * inverse) & KERNEL_DIGIT_MASK;
        carry = add(&digit, carry, product, column(q, n, i, count));
    }
    for (size_t i = count; i < 2u * count; i++) {
        carry = add(&digit, carry, column(a, b, i, count), column(q, n, i, count));
        /* No column above reads this digit of a again. */
        a[i - count] = digit;
    }
    /* What is above the highest digit stays in it. */
    a[count - 1u] |= (uint32_t)carry << KERNEL_DIGIT_BITS;
}

void ward_kernel_digits_square(uint32_t *a, uint32_t *q, const uint32_t *n, uint32_t inverse, uint32_t *d, size_t count)
{
    for (size_t i = 0; i < count; i++)
        d[i] = a[i];
    ward_kernel_digits_multiply(a, q, n, inverse, d, count);
    for (size_t i = 0; i < count; i++)
        d[i] *= 2u;
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_digits_is_for_other_processors;

#endif
