/* SPDX-License-Identifier: Apache-2.0 */
/* mbedTLS by its PSA. A key that it keeps is the bytes that were imported. */
#include <string.h>

#include "arena.h"

#include "psa/crypto.h"

static psa_key_id_t id;
static size_t bits;

/* Nothing that is asked for here needs one. */
psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *output,
                                             size_t size, size_t *length)
{
    (void)context;
    (void)output;
    (void)size;
    *length = 0;
    return PSA_ERROR_INSUFFICIENT_ENTROPY;
}

void peer_begin(void)
{
    arena_begin();
    if (psa_crypto_init() != PSA_SUCCESS)
        __builtin_trap();
}

/* RSAPublicKey of RFC 8017, appendix A.1.1: two numbers in a sequence. The modulus begins with a one bit, so that it takes a zero byte. */
static size_t write_key(uint8_t *out, const struct bench_key *key)
{
    static const uint8_t exponent[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
    const size_t modulus = key->bits / 8u;
    const size_t all = 4 + 1 + modulus + sizeof exponent;
    const uint8_t heads[] = { 0x30, 0x82, (uint8_t)(all >> 8),           (uint8_t)all,
                              0x02, 0x82, (uint8_t)((modulus + 1) >> 8), (uint8_t)(modulus + 1),
                              0 };
    memcpy(out, heads, sizeof heads);
    memcpy(out + sizeof heads, key->modulus, modulus);
    memcpy(out + sizeof heads + modulus, exponent, sizeof exponent);
    return sizeof heads + modulus + sizeof exponent;
}

bool peer_keep(const struct bench_key *key)
{
    static uint8_t der[sizeof key->modulus + 16];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    bits = key->bits;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_PUBLIC_KEY);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
    psa_set_key_algorithm(&attributes, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256));
    return psa_import_key(&attributes, der, write_key(der, key), &id) == PSA_SUCCESS;
}

bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature)
{
    return psa_verify_hash(id, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), digest, PEER_DIGEST, signature, bits / 8u) ==
           PSA_SUCCESS;
}

void peer_drop(void)
{
    psa_destroy_key(id);
}

bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST])
{
    size_t written;
    return psa_hash_compute(PSA_ALG_SHA_256, data, length, digest, PEER_DIGEST, &written) == PSA_SUCCESS;
}
