/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_halves.h"

#if KERNEL_COLUMNS

#include <string.h>

#include "kernel_limbs.h"

/* -1 / n mod 2^16, by Newton: n is right in its 3 lowest bits, and each round doubles how many are. */
static uint32_t negative_inverse(uint32_t n)
{
    uint32_t inverse = n;
    for (unsigned right = 3; right < 16; right *= 2)
        inverse *= 2u - n * inverse;
    return 0u - inverse;
}

void ward_kernel_halves_multiply(uint32_t *x, const uint32_t *a, const uint32_t *b, const struct ward_key *key,
                                 uint32_t *t)
{
    const size_t words = ward_key_words(key);
    const uint32_t inverse = negative_inverse(key->n[0]);
    const uint32_t above = a == b ? ward_kernel_halves_square(x, a, key->n, t, inverse, words)
                                  : ward_kernel_halves_product(x, a, b, key->n, t, inverse, words);
    /* It is below 2n: it is the result, or n more than that. */
    if (ward_kernel_subtract(t, x, key->n, words) <= above)
        memcpy(x, t, words * sizeof *x);
    ward_kernel_wipe();
}

#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_power_halves_is_for_other_processors;

#endif
