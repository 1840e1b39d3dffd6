/* SPDX-License-Identifier: Apache-2.0 */
#include "twin.h"

#include <string.h>

#include "ward/key.h"

enum { MOST = WARD_RSA_WORDS, ROW = 4 };

/* t += a * b, where a has `count` words and b `words`; what is carried out goes up to `end`. */
static void add_product(uint32_t *t, const uint32_t *a, size_t count, const uint32_t *b, size_t words,
                        const uint32_t *end)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < words; j++) {
            sum += (uint64_t)a[i] * b[j] + t[i + j];
            t[i + j] = (uint32_t)sum;
            sum >>= 32;
        }
        for (uint32_t *word = t + i + words; word < end && sum != 0; word++) {
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

uint32_t twin_multiply(uint32_t *t, const uint32_t *b, const uint32_t *n, const uint32_t *m, size_t words)
{
    uint32_t sum[2 * MOST + 1] = { 0 };
    uint32_t q[ROW];
    const uint32_t *const end = sum + 2 * words + 1;
    add_product(sum, t + words, words, b, words, end);
    for (size_t i = 0; i + ROW < words; i += ROW) {
        memcpy(q, sum + i, sizeof q);
        add_product(sum + i + ROW, q, ROW, m, words, end);
    }
    low_product(q, sum + words - ROW, m + words);
    add_product(sum + words - ROW, q, ROW, n, words, end);
    memcpy(t + words, sum + words, words * sizeof *t);
    return sum[2 * words];
}

uint32_t twin_square(uint32_t *t, const uint32_t *n, const uint32_t *m, size_t words)
{
    uint32_t b[MOST];
    memcpy(b, t + words, words * sizeof *b);
    return twin_multiply(t, b, n, m, words);
}

void twin_add(uint32_t *t, const uint32_t *row, const uint32_t *n, size_t words)
{
    add_product(t, row, ROW, n, words, t + words + ROW);
}

uint32_t twin_subtract(uint32_t *x, const uint32_t *n, size_t words)
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < words; i++) {
        const uint64_t difference = (uint64_t)x[i] - n[i] - borrow;
        x[i] = (uint32_t)difference;
        borrow = (uint32_t)(difference >> 63);
    }
    return borrow;
}
