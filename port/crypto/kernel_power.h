/* SPDX-License-Identifier: Apache-2.0 */
/* The power of a signature in its eighteen multiplications, one a call. All that is known of it between two calls lies in the
 * scratch. */
#ifndef WARD_PORT_CRYPTO_KERNEL_POWER_H
#define WARD_PORT_CRYPTO_KERNEL_POWER_H

#include <stdbool.h>

#include "kernel_digits.h"
#include "kernel_rows.h"
#include "ward/workspace.h"

/** `count` words of so many bytes, most significant first. */
void ward_kernel_words_of(uint32_t *words, size_t count, const uint8_t *bytes, size_t length);

/** The signature, which is in scratch->base, in Montgomery form. */
void ward_kernel_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch);

/** The square of what there is. */
void ward_kernel_square(const struct ward_key *key, struct ward_rsa_scratch *scratch);

/** That times the signature, out of Montgomery form and below the modulus: in scratch->power. */
void ward_kernel_leave(const struct ward_key *key, const uint8_t *signature, struct ward_rsa_scratch *scratch);

/** x = R^2 mod n, for x = 2^words * R mod n, where R = 2^(32 * words). Nothing of the scratch is kept. */
void ward_kernel_prepare(uint32_t *x, const struct ward_key *key, struct ward_rsa_scratch *scratch);

/*
 * The same for processors and keys of which ward has more than plain C.
 */
#define KERNEL_FAST (KERNEL_ROWS || KERNEL_DIGITS)

/** Whether it has for this key. */
static inline bool kernel_is_fast(const struct ward_key *key)
{
#if WARD_MAX_RSA_BITS == 2048
    (void)key;
    return KERNEL_FAST;
#else
    return KERNEL_FAST && (key->bits == 2048 || key->bits == 3072 || key->bits == 4096);
#endif
}

/** ward_key_words() of it, which a compiler knows where keys have one length. */
static inline size_t kernel_fast_words(const struct ward_key *key)
{
    return WARD_MAX_RSA_BITS == 2048 ? WARD_RSA_WORDS : ward_key_words(key);
}

void ward_kernel_fast_enter(const struct ward_key *key, struct ward_rsa_scratch *scratch);
void ward_kernel_fast_square(const struct ward_key *key, struct ward_rsa_scratch *scratch);
void ward_kernel_fast_leave(const struct ward_key *key, const uint8_t *signature, struct ward_rsa_scratch *scratch);

void ward_kernel_fast_prepare(uint32_t *x, const struct ward_key *key, struct ward_rsa_scratch *scratch);

#endif
