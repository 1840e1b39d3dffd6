/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_power.h"

#if KERNEL_ROWS

#include <stddef.h>
#include <string.h>

/* Where things lie in the scratch: the signature first, where it is base; then t, the double of a number, M and k. The first
 * multiplication of t makes its lower half itself. */
enum { ALL = 5 * WARD_RSA_WORDS + 1 + KERNEL_ROW };

WARD_STATIC_ASSERT(sizeof(uint32_t) * ALL <= offsetof(struct ward_rsa_scratch, step),
                   "the scratch of one RSA operation is too small");

struct places {
    size_t words;
    uint32_t *t;
    uint32_t *a;
    uint32_t *twice;
    uint32_t *m;
};

static inline struct places places_in(struct ward_rsa_scratch *scratch, const struct ward_key *key)
{
    const size_t words = kernel_fast_words(key);
    uint32_t *const t = (uint32_t *)(void *)scratch + words;
    return (struct places){ words, t, t + words, t + 2u * words, t + 3u * words + 1u };
}

/* k = -1 / n mod 2^128, a word at a time: what makes the lowest words of 1 + n * k zero. */
static void negative_inverse(uint32_t *k, const uint32_t *n)
{
    uint32_t sum[KERNEL_ROW] = { 1 };
    uint32_t inverse = n[0];
    for (unsigned right = 3; right < 32; right *= 2)
        inverse *= 2u - n[0] * inverse;
    for (unsigned i = 0; i < KERNEL_ROW; i++) {
        uint64_t carry = 0;
        k[i] = 0u - sum[i] * inverse;
        for (unsigned j = i; j < KERNEL_ROW; j++) {
            carry += (uint64_t)n[j - i] * k[i] + sum[j];
            sum[j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

/* M = (n * k + 1) / 2^128: the lowest four words of that sum are 0, and lie before M. */
static void make_inverses(const struct ward_key *key, const struct places *at)
{
    uint32_t *const sum = at->m - KERNEL_ROW;
    memset(sum, 0, (at->words + KERNEL_ROW) * sizeof *sum);
    sum[0] = 1;
    negative_inverse(at->m + at->words, key->n);
    ward_kernel_rows_add(sum, at->m + at->words, key->n, at->words);
}

/* Below R again, which every multiplication takes. Ends a step: nothing of it stays on the stack. */
static void settle(const struct places *at, uint32_t above, const uint32_t *n)
{
    while (above != 0)
        above -= ward_kernel_rows_subtract(at->a, n, at->words);
    ward_kernel_rows_wipe();
}

void ward_kernel_fast_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    make_inverses(key, &at);
    memcpy(at.a, scratch->base, at.words * sizeof *at.a);
    settle(&at, ward_kernel_rows_multiply(at.t, key->prepared, key->n, at.m, at.words), key->n);
}

void ward_kernel_fast_square(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    settle(&at, ward_kernel_rows_square(at.t, at.twice, key->n, at.m, at.words), key->n);
}

/* x is a mod n: a is below R, and R is below 2n. */
static void put_below(uint32_t *x, const struct places *at, const uint32_t *n)
{
    memmove(x, at->a, at->words * sizeof *x);
    if (ward_kernel_rows_subtract(at->a, n, at->words) == 0)
        memcpy(x, at->a, at->words * sizeof *x);
    ward_kernel_rows_wipe();
}

void ward_kernel_fast_leave(const struct ward_key *key, const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    (void)signature;
    const struct places at = places_in(scratch, key);
    settle(&at, ward_kernel_rows_multiply(at.t, scratch->base, key->n, at.m, at.words), key->n);
    put_below(at.t, &at, key->n);
    memmove(scratch->power, at.t, at.words * sizeof *at.t);
}

/* Five Montgomery squares of x = 2^words * R mod n, which double the exponent beside R: it becomes 32 * words. */
void ward_kernel_fast_prepare(uint32_t *x, const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const struct places at = places_in(scratch, key);
    make_inverses(key, &at);
    memcpy(at.a, x, at.words * sizeof *x);
    for (unsigned i = 0; i < 5; i++)
        ward_kernel_fast_square(key, scratch);
    put_below(x, &at, key->n);
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_power_rows_is_for_other_processors;

#endif
