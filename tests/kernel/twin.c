/* SPDX-License-Identifier: Apache-2.0 */
#include "twin.h"

#include <stddef.h>
#include <string.h>

enum { WORDS = 64, ROW = 4 };

/* t += a * b, where a has `count` words and b 64; what is carried out goes up to `end`. */
static void add_product(uint32_t *t, const uint32_t *a, size_t count, const uint32_t *b, const uint32_t *end)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < WORDS; j++) {
            sum += (uint64_t)a[i] * b[j] + t[i + j];
            t[i + j] = (uint32_t)sum;
            sum >>= 32;
        }
        for (uint32_t *word = t + i + WORDS; word < end && sum != 0; word++) {
            sum += *word;
            *word = (uint32_t)sum;
            sum >>= 32;
        }
    }
}

/* q = t * k mod 2^128 */
static void low_product(uint32_t *q, const uint32_t *t, const uint32_t *k)
{
    memset(q, 0, ROW * sizeof *q);
    for (size_t i = 0; i < ROW; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; i + j < ROW; j++) {
            sum += (uint64_t)t[i] * k[j] + q[i + j];
            q[i + j] = (uint32_t)sum;
            sum >>= 32;
        }
    }
}

uint32_t twin_umaal_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m)
{
    uint32_t sum[2 * WORDS + 1] = { 0 };
    uint32_t q[ROW];
    const uint32_t *const end = sum + 2 * WORDS + 1;
    add_product(sum, t + WORDS, WORDS, b, end);
    for (size_t i = 0; i + ROW < WORDS; i += ROW) {
        memcpy(q, sum + i, sizeof q);
        add_product(sum + i + ROW, q, ROW, m, end);
    }
    low_product(q, sum + WORDS - ROW, m + WORDS);
    add_product(sum + WORDS - ROW, q, ROW, n, end);
    memcpy(t + WORDS, sum + WORDS, WORDS * sizeof *t);
    return sum[2 * WORDS];
}

uint32_t twin_umaal_square(uint32_t *t, const uint32_t *n, const uint32_t *m)
{
    uint32_t b[WORDS];
    memcpy(b, t + WORDS, sizeof b);
    return twin_umaal_multiply(t, b, n, m);
}

void twin_umaal_row(uint32_t *t, const uint32_t *words, const uint32_t *n)
{
    add_product(t, words, ROW, n, t + WORDS + ROW);
}

uint32_t twin_umaal_subtract(uint32_t *x, const uint32_t *n)
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < WORDS; i++) {
        const uint64_t difference = (uint64_t)x[i] - n[i] - borrow;
        x[i] = (uint32_t)difference;
        borrow = (uint32_t)(difference >> 63);
    }
    return borrow;
}
