/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_rows.h"

#if KERNEL_ROWS && !KERNEL_UMAAL

#include <string.h>

enum { ROW = KERNEL_ROW };

/* The middle of a row is small and runs often: it is inside its loop, and twice, also where a compiler saves space. */
#if defined(__GNUC__)
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif

/* A proof (tests/prove/row.c) puts any number that a product can be in its place. */
#if !defined(KERNEL_PRODUCT)
#define KERNEL_PRODUCT(a, b) ((uint64_t)(a) * (b))
#endif

/* *t = lower half of a * b + *t + carry; returns the upper one. At most (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1. */
static ALWAYS_INLINE uint32_t add_product(uint32_t *t, uint32_t a, uint32_t b, uint32_t carry)
{
    const uint64_t sum = KERNEL_PRODUCT(a, b) + *t + carry;
    *t = (uint32_t)sum;
    return (uint32_t)(sum >> 32);
}

/* Four words, without a loop in which a compiler would leave them in memory. */
struct row {
    uint32_t word0;
    uint32_t word1;
    uint32_t word2;
    uint32_t word3;
};

/* *t += row * b; what is above *t stays in c, each carry in the place of the one below it. */
static ALWAYS_INLINE void add_column(uint32_t *t, struct row *c, const struct row *row, uint32_t b)
{
    uint32_t carry = add_product(t, row->word0, b, c->word0);
    c->word0 = c->word1;
    carry = add_product(&c->word0, row->word1, b, carry);
    c->word1 = c->word2;
    carry = add_product(&c->word1, row->word2, b, carry);
    c->word2 = c->word3;
    c->word3 = add_product(&c->word2, row->word3, b, carry);
}

/* t += four * b, `words` words of each, an even number; the four words above are written to `above`. */
static void sweep(uint32_t *above, uint32_t *t, const uint32_t *four, const uint32_t *b, size_t words)
{
    const struct row row = { four[0], four[1], four[2], four[3] };
    struct row c = { 0, 0, 0, 0 };
    const uint32_t *const end = b + words;
    for (; b != end; b += 2, t += 2) {
        add_column(&t[0], &c, &row, b[0]);
        add_column(&t[1], &c, &row, b[1]);
    }
    above[0] = c.word0;
    above[1] = c.word1;
    above[2] = c.word2;
    above[3] = c.word3;
}

/* t += carries and the bit above; returns the new bit above. */
static uint32_t add_above(uint32_t *t, const uint32_t carries[ROW], uint32_t above)
{
    uint64_t sum = above;
    for (size_t i = 0; i < ROW; i++) {
        sum += (uint64_t)t[i] + carries[i];
        t[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return (uint32_t)sum;
}

/* q = t * k mod 2^128 */
static void low_product(uint32_t *q, const uint32_t *t, const uint32_t *k)
{
    memset(q, 0, ROW * sizeof *q);
    for (size_t i = 0; i < ROW; i++) {
        uint32_t carry = 0;
        for (size_t j = 0; i + j < ROW; j++)
            carry = add_product(&q[i + j], t[i], k[j], carry);
    }
}

/* All rows but the last are of M, and shift by four words; the last one is of n, and makes the four lowest words 0. */
static uint32_t reduce(uint32_t *t, const uint32_t *n, const uint32_t *m, size_t words)
{
    uint32_t above = 0;
    uint32_t q[ROW];
    uint32_t carries[ROW];
    uint32_t *const last = t + words - ROW;
    for (uint32_t *low = t; low != last; low += ROW) {
        sweep(carries, low + ROW, low, m, words);
        above = add_above(low + ROW + words, carries, above);
    }
    low_product(q, last, m + words);
    sweep(carries, last, q, n, words);
    return above + add_above(last + words, carries, 0);
}

uint32_t ward_kernel_rows_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m, size_t words)
{
    memset(t, 0, words * sizeof *t);
    /* The row's own four words are done with, and become those above it. */
    for (size_t i = 0; i < words; i += ROW)
        sweep(t + words + i, t + i, t + words + i, b, words);
    return reduce(t, n, m, words);
}

/* d = 2 * a; returns the bit above. */
static uint32_t twice(uint32_t *d, const uint32_t *a, size_t words)
{
    uint32_t carry = 0;
    for (size_t i = 0; i < words; i++) {
        d[i] = a[i] << 1 | carry;
        carry = a[i] >> 31;
    }
    return carry;
}

/* t += d * 2^(32 * words), for all of d but its last four words. */
static void add_over(uint32_t *t, const uint32_t *d, size_t words)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < words; i++) {
        sum += (uint64_t)t[words + i] + (i < words - ROW ? d[i] : 0u);
        t[words + i] = (uint32_t)sum;
        sum >>= 32;
    }
}

/* Each four words by themselves, and by the double of what is above them. */
uint32_t ward_kernel_rows_square(uint32_t *t, uint32_t *d, const uint32_t *n, const uint32_t *m, size_t words)
{
    const uint32_t over = twice(d, t + words, words);
    memset(t, 0, words * sizeof *t);
    d[words] = 0;
    for (size_t i = 0; i < words; i += ROW) {
        memcpy(d + i, t + words + i, ROW * sizeof *d);
        /* The bit that was carried into what is above them is in their own square. */
        d[i + ROW] &= ~(uint32_t)1;
        sweep(t + words + i, t + 2u * i, d + i, d + i, words - i);
    }
    /* The bit that the double had no place for: what it is multiplied by lies in d by now. */
    if (over != 0)
        add_over(t, d, words);
    return reduce(t, n, m, words);
}

void ward_kernel_rows_add(uint32_t *t, const uint32_t *row, const uint32_t *n, size_t words)
{
    sweep(t + words, t, row, n, words);
}

uint32_t ward_kernel_rows_subtract(uint32_t *x, const uint32_t *n, size_t words)
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < words; i++) {
        const uint64_t difference = (uint64_t)x[i] - n[i] - borrow;
        x[i] = (uint32_t)difference;
        borrow = (uint32_t)(difference >> 63);
    }
    return borrow;
}

void ward_kernel_rows_wipe(void)
{
    volatile uint32_t frames[96];
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        frames[i] = 0;
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_rows_is_for_other_processors;

#endif
