/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_rows.h"

#if KERNEL_ROWS && !KERNEL_UMAAL

#include <string.h>

enum { ROW = KERNEL_ROW };

/* The carries of a row, and what is above its last word in the end. */
struct carries {
    uint32_t word[ROW];
};

/* *t = lower half of a * b + *t + carry; returns the upper one. At most (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1. */
static inline uint32_t add_product(uint32_t *t, uint32_t a, uint32_t b, uint32_t carry)
{
    const uint64_t sum = (uint64_t)a * b + *t + carry;
    *t = (uint32_t)sum;
    return (uint32_t)(sum >> 32);
}

/* t += row * b, `words` words of each; the four above are the result. */
static struct carries sweep(uint32_t *t, const uint32_t *row, const uint32_t *b, size_t words)
{
    const uint32_t row0 = row[0];
    const uint32_t row1 = row[1];
    const uint32_t row2 = row[2];
    const uint32_t row3 = row[3];
    uint32_t c0 = 0;
    uint32_t c1 = 0;
    uint32_t c2 = 0;
    uint32_t c3 = 0;
    for (size_t i = 0; i < words; i++) {
        /* Each carry takes the place of the one below it: the word's own is what was below all. */
        const uint32_t word = b[i];
        uint32_t lowest = t[i];
        uint32_t carry = add_product(&lowest, row0, word, c0);
        t[i] = lowest;
        carry = add_product(&c1, row1, word, carry);
        c0 = c1;
        carry = add_product(&c2, row2, word, carry);
        c1 = c2;
        carry = add_product(&c3, row3, word, carry);
        c2 = c3;
        c3 = carry;
    }
    return (struct carries){ { c0, c1, c2, c3 } };
}

/* t += carries and the bit above; returns the new bit above. */
static uint32_t add_above(uint32_t *t, struct carries carries, uint32_t above)
{
    uint64_t sum = above;
    for (size_t i = 0; i < ROW; i++) {
        sum += (uint64_t)t[i] + carries.word[i];
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
    uint32_t *const last = t + words - ROW;
    for (uint32_t *low = t; low != last; low += ROW)
        above = add_above(low + ROW + words, sweep(low + ROW, low, m, words), above);
    low_product(q, last, m + words);
    return above + add_above(last + words, sweep(last, q, n, words), 0);
}

uint32_t ward_kernel_rows_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m, size_t words)
{
    memset(t, 0, words * sizeof *t);
    for (size_t i = 0; i < words; i += ROW) {
        /* These four words are done with, and become those above the row. */
        const struct carries carries = sweep(t + i,
                                             (const uint32_t[ROW]){ t[words + i], t[words + i + 1u], t[words + i + 2u],
                                                                    t[words + i + 3u] },
                                             b, words);
        memcpy(t + words + i, carries.word, sizeof carries.word);
    }
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
        const struct carries carries = sweep(t + 2u * i, d + i, d + i, words - i);
        memcpy(t + words + i, carries.word, sizeof carries.word);
    }
    /* The bit that the double had no place for: what it is multiplied by lies in d by now. */
    if (over != 0)
        add_over(t, d, words);
    return reduce(t, n, m, words);
}

void ward_kernel_rows_add(uint32_t *t, const uint32_t *row, const uint32_t *n, size_t words)
{
    const struct carries carries = sweep(t, row, n, words);
    memcpy(t + words, carries.word, sizeof carries.word);
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
