/* SPDX-License-Identifier: Apache-2.0 */
/* One RS256 verification of 2048 bits by ward and one by OpenSSL, its key ready: speed.py has callgrind count both. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ward/port/crypto.h"

/* Called once each, and counted. */
bool by_ward(const struct ward_key *key, const uint8_t *digest, const uint8_t *signature);
bool by_openssl(EVP_PKEY_CTX *context, const uint8_t *digest, const uint8_t *signature);

__attribute__((noinline)) bool by_ward(const struct ward_key *key, const uint8_t *digest, const uint8_t *signature)
{
    static struct ward_rsa_scratch scratch;
    return ward_ok(ward_signature_verify(key, digest, signature, &scratch));
}

__attribute__((noinline)) bool by_openssl(EVP_PKEY_CTX *context, const uint8_t *digest, const uint8_t *signature)
{
    return EVP_PKEY_verify(context, signature, 256, digest, WARD_SHA256_SIZE) == 1;
}

static EVP_PKEY_CTX *context_for(EVP_PKEY *pair, bool signs)
{
    EVP_PKEY_CTX *const context = EVP_PKEY_CTX_new(pair, NULL);
    const int begun = signs ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context);
    if (begun != 1 || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1)
        exit(EXIT_FAILURE);
    return context;
}

static bool make_key(EVP_PKEY *pair, struct ward_key *key)
{
    static struct ward_rsa_scratch scratch;
    BIGNUM *n = NULL;
    uint8_t bytes[256];
    if (EVP_PKEY_get_bn_param(pair, "n", &n) != 1 || BN_bn2binpad(n, bytes, sizeof bytes) != sizeof bytes)
        return false;
    BN_free(n);
    key->bits = 2048;
    for (size_t i = 0; i < sizeof bytes; i++)
        key->n[i / 4] |= (uint32_t)bytes[255 - i] << (8 * (i % 4));
    return ward_ok(ward_crypto_key_prepare(key, &scratch));
}

int main(int count, char **words)
{
    static struct ward_key key;
    static const uint8_t digest[WARD_SHA256_SIZE] = { 0x3c };
    uint8_t signature[256];
    size_t length = sizeof signature;
    FILE *const file = count == 2 ? fopen(words[1], "r") : NULL;
    EVP_PKEY *const pair = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (pair == NULL || !make_key(pair, &key))
        return EXIT_FAILURE;
    fclose(file);
    EVP_PKEY_CTX *const signer = context_for(pair, true);
    EVP_PKEY_CTX *const context = context_for(pair, false);
    if (EVP_PKEY_sign(signer, signature, &length, digest, sizeof digest) != 1)
        return EXIT_FAILURE;
    /* OpenSSL keeps what it has prepared with the key from its first verification on. */
    const bool good = EVP_PKEY_verify(context, signature, length, digest, sizeof digest) == 1 &&
                      by_ward(&key, digest, signature) && by_openssl(context, digest, signature);
    EVP_PKEY_CTX_free(signer);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pair);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
