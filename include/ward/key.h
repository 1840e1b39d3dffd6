/* SPDX-License-Identifier: Apache-2.0 */
/* ward: a public key, and a set of them. */
#ifndef WARD_KEY_H
#define WARD_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 32-bit words of the largest modulus. */
#define WARD_RSA_WORDS (WARD_MAX_RSA_BITS / 32)

/** Words that a key has for what the crypto backend prepares. */
#define WARD_PREPARED_ROOM (WARD_PREPARED_WORDS > 0 ? WARD_PREPARED_WORDS : WARD_RSA_WORDS)

/**
 * One RSA public key with exponent 65537, bound to RS256. Plain bytes: copy it, keep it in flash, compare it; every
 * crypto backend takes the same ones and nothing needs releasing. Numbers are arrays of 32-bit words, least
 * significant first; `words` = the modulus' bits rounded up to a multiple of 64, over 32.
 */
struct ward_key {
    uint16_t bits;              /**< length of the modulus, 2048 to WARD_MAX_RSA_BITS; 0: no key */
    uint8_t kid_length;         /**< bytes in kid; 0: the key has none */
    char kid[WARD_MAX_KID];     /**< the key's identifier, not NUL-ended */
    uint32_t n[WARD_RSA_WORDS]; /**< the modulus; words above its own are 0 */
    /** What the crypto backend wants to have with a key, so that no check has to compute it: ward_crypto_key_prepare(). */
    uint32_t prepared[WARD_PREPARED_ROOM];
};

/** Bytes of a signature under this key: as many as its modulus has. */
static inline size_t ward_key_signature_length(const struct ward_key *key)
{
    return ((size_t)key->bits + 7u) / 8u;
}

/** 32-bit words of this key's numbers: an even number, so that backends with 64-bit words agree on R. */
static inline size_t ward_key_words(const struct ward_key *key)
{
    return ((size_t)key->bits + 63u) / 64u * 2u;
}

/** An issuer's keys. Plain bytes like its keys; `ward provision` writes one as a C table for flash. */
struct ward_jwks {
    uint8_t count; /**< keys in use, 0 to WARD_MAX_KEYS */
    struct ward_key key[WARD_MAX_KEYS];
};

#ifdef __cplusplus
}
#endif

#endif
