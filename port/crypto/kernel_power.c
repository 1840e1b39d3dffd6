/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_power.h"

#if KERNEL_FAST

#include <string.h>

enum { WORDS = KERNEL_UMAAL_WORDS, ROW = 4 };

/* Where things lie in the scratch, in words: the signature first, where it is base. */
enum { T = WORDS, A = T + WORDS, DOUBLE = A + WORDS, M = DOUBLE + KERNEL_UMAAL_DOUBLE, K = M + WORDS, ALL = K + ROW };

WARD_STATIC_ASSERT(4u * ALL <= sizeof(struct ward_rsa_scratch), "the scratch of one RSA operation is too small");

static uint32_t *numbers_of(struct ward_rsa_scratch *scratch)
{
    return (uint32_t *)(void *)scratch;
}

/* k = -1 / n mod 2^128, a word at a time: what makes the lowest words of 1 + n * k zero. */
static void negative_inverse(uint32_t *k, const uint32_t *n)
{
    uint32_t sum[ROW] = { 1 };
    uint32_t inverse = n[0];
    for (unsigned right = 3; right < 32; right *= 2)
        inverse *= 2u - n[0] * inverse;
    for (unsigned i = 0; i < ROW; i++) {
        uint64_t carry = 0;
        k[i] = 0u - sum[i] * inverse;
        for (unsigned j = i; j < ROW; j++) {
            carry += (uint64_t)n[j - i] * k[i] + sum[j];
            sum[j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

/* M = (n * k + 1) / 2^128: the lowest four words of that sum are 0, and lie before M. */
void ward_kernel_fast_begin(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    uint32_t *const all = numbers_of(scratch);
    uint32_t *const sum = all + M - ROW;
    memset(sum, 0, (WORDS + ROW) * sizeof *sum);
    sum[0] = 1;
    negative_inverse(all + K, key->n);
    ward_kernel_umaal_row(sum, all + K, key->n);
}

/* Below R again, which every multiplication takes. Ends a step: nothing of it stays on the stack. */
static void settle(uint32_t *a, uint32_t above, const uint32_t *n)
{
    while (above != 0)
        above -= ward_kernel_umaal_subtract(a, n);
    ward_kernel_umaal_wipe();
}

void ward_kernel_fast_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    uint32_t *const all = numbers_of(scratch);
    memcpy(all + A, all, WORDS * sizeof *all);
    settle(all + A, ward_kernel_umaal_multiply(all + T, key->prepared, key->n, all + M), key->n);
}

void ward_kernel_fast_square(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    uint32_t *const all = numbers_of(scratch);
    settle(all + A, ward_kernel_umaal_square(all + T, all + DOUBLE, key->n, all + M), key->n);
}

/* x is a mod n: a is below R, and R is below 2n. */
static void put_below(uint32_t *x, uint32_t *a, const uint32_t *n)
{
    memcpy(x, a, WORDS * sizeof *x);
    if (ward_kernel_umaal_subtract(a, n) == 0)
        memcpy(x, a, WORDS * sizeof *x);
    ward_kernel_umaal_wipe();
}

void ward_kernel_fast_leave(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    uint32_t *const all = numbers_of(scratch);
    settle(all + A, ward_kernel_umaal_multiply(all + T, all, key->n, all + M), key->n);
    put_below(scratch->power, all + A, key->n);
}

void ward_kernel_fast_squares(uint32_t *x, unsigned count, const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    uint32_t *const all = numbers_of(scratch);
    ward_kernel_fast_begin(key, scratch);
    memcpy(all + A, x, WORDS * sizeof *x);
    for (unsigned i = 0; i < count; i++)
        ward_kernel_fast_square(key, scratch);
    put_below(x, all + A, key->n);
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_power_is_for_other_processors;

#endif
