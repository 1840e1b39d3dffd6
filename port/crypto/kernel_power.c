/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_power.h"

#include "kernel_limbs.h"

static void multiply(const uint32_t *left, const uint32_t *right, const struct ward_key *key,
                     struct ward_rsa_scratch *scratch)
{
    ward_kernel_multiply(scratch->power, left, right, key, scratch->product);
}

void ward_kernel_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
#if KERNEL_FAST
    if (kernel_is_fast(key)) {
        ward_kernel_fast_enter(key, scratch);
        return;
    }
#endif
    multiply(scratch->base, key->prepared, key, scratch);
}

void ward_kernel_square(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
#if KERNEL_FAST
    if (kernel_is_fast(key)) {
        ward_kernel_fast_square(key, scratch);
        return;
    }
#endif
    multiply(scratch->power, scratch->power, key, scratch);
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
    multiply(scratch->power, scratch->base, key, scratch);
}
