/* SPDX-License-Identifier: Apache-2.0 */
/* mbedTLS by its public API. With a key that is kept it keeps R², too. */
#include "arena.h"

#include "mbedtls/rsa.h"
#include "mbedtls/sha256.h"

static mbedtls_rsa_context rsa;

void peer_begin(void)
{
    arena_begin();
}

bool peer_keep(const struct bench_key *key)
{
    static const uint8_t exponent[] = { 0x01, 0x00, 0x01 };
    mbedtls_rsa_init(&rsa);
    return mbedtls_rsa_import_raw(&rsa, key->modulus, key->bits / 8u, NULL, 0, NULL, 0, NULL, 0, exponent,
                                  sizeof exponent) == 0 &&
           mbedtls_rsa_complete(&rsa) == 0;
}

bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature)
{
    return mbedtls_rsa_pkcs1_verify(&rsa, MBEDTLS_MD_SHA256, PEER_DIGEST, digest, signature) == 0;
}

void peer_drop(void)
{
    mbedtls_rsa_free(&rsa);
}

bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST])
{
    return mbedtls_sha256(data, length, digest, 0) == 0;
}
