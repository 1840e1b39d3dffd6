/* SPDX-License-Identifier: Apache-2.0 */
/* The power of a signature in its eighteen multiplications, one a call, for processors and keys of which ward has more than plain C. All
 * that is known of it between two calls lies in the scratch. */
#ifndef WARD_PORT_CRYPTO_KERNEL_POWER_H
#define WARD_PORT_CRYPTO_KERNEL_POWER_H

#include "kernel_umaal.h"
#include "ward/workspace.h"

#define KERNEL_FAST KERNEL_UMAAL

/** Whether what follows is for this key. */
static inline bool kernel_is_fast(const struct ward_key *key)
{
    return KERNEL_FAST && ward_key_words(key) == KERNEL_UMAAL_WORDS;
}

/** Prepares what the multiplications need. scratch->base is the signature, and stays so. */
void ward_kernel_fast_begin(const struct ward_key *key, struct ward_rsa_scratch *scratch);

/** x = x^(2^count) in Montgomery form, below the modulus; prepares what it needs. Nothing of the scratch is kept. */
void ward_kernel_fast_squares(uint32_t *x, unsigned count, const struct ward_key *key,
                              struct ward_rsa_scratch *scratch);

/** The signature in Montgomery form. */
void ward_kernel_fast_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch);

/** The square of what there is. */
void ward_kernel_fast_square(const struct ward_key *key, struct ward_rsa_scratch *scratch);

/** That times the signature, out of Montgomery form and below the modulus: in scratch->power. */
void ward_kernel_fast_leave(const struct ward_key *key, struct ward_rsa_scratch *scratch);

#endif
