/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_power.h"

#include "kernel_halves.h"
#include "kernel_limbs.h"

static void multiply(uint32_t *x, const uint32_t *left, const uint32_t *right, const struct ward_key *key,
                     struct ward_rsa_scratch *scratch)
{
#if KERNEL_COLUMNS
    ward_kernel_halves_multiply(x, left, right, key, scratch->product);
#else
    ward_kernel_multiply(x, left, right, key, scratch->product);
#endif
}

void ward_kernel_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
#if KERNEL_FAST
    if (kernel_is_fast(key)) {
        ward_kernel_fast_enter(key, scratch);
        return;
    }
#endif
    multiply(scratch->power, scratch->base, key->prepared, key, scratch);
}

void ward_kernel_square(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
#if KERNEL_FAST
    if (kernel_is_fast(key)) {
        ward_kernel_fast_square(key, scratch);
        return;
    }
#endif
    multiply(scratch->power, scratch->power, scratch->power, key, scratch);
}

void ward_kernel_leave(const struct ward_key *key, const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
#if KERNEL_FAST
    if (kernel_is_fast(key)) {
        ward_kernel_fast_leave(key, signature, scratch);
        return;
    }
#endif
    (void)signature;
    multiply(scratch->power, scratch->power, scratch->base, key, scratch);
}

/* Five Montgomery squares of 2^words * R double the exponent beside R: it becomes 32 * words. */
void ward_kernel_prepare(uint32_t *x, const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
#if KERNEL_FAST
    if (kernel_is_fast(key)) {
        ward_kernel_fast_prepare(x, key, scratch);
        return;
    }
#endif
    for (int i = 0; i < 5; i++)
        multiply(x, x, x, key, scratch);
}
