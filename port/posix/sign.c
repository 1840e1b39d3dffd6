/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/sign.h"

#include <stdbool.h>
#include <stdio.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { SHORTEST = 2048, LONGEST = 4096 };

/* A tool that was given a key with a pass phrase has nobody to ask. */
static int no_pass_phrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static EVP_PKEY *load(const char *path)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    EVP_PKEY *const key = PEM_read_PrivateKey(file, NULL, no_pass_phrase, NULL);
    fclose(file);
    return key;
}

static struct ward_status check_key(EVP_PKEY *key)
{
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return ward_status_of(WARD_JWK_TYPE_REFUSED);
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < SHORTEST)
        return ward_status_of(WARD_JWK_MODULUS_TOO_SHORT);
    return ward_status_of(bits > LONGEST ? WARD_JWK_MODULUS_TOO_LONG : WARD_OK);
}

static bool sign(EVP_PKEY *key, const void *data, size_t length, struct ward_posix_signed *made)
{
    EVP_MD_CTX *const context = EVP_MD_CTX_new();
    made->length = sizeof made->signature;
    const bool done = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                      EVP_DigestSign(context, made->signature, &made->length, data, length) == 1;
    EVP_MD_CTX_free(context);
    return done;
}

static bool describe(EVP_PKEY *key, struct ward_posix_signed *made)
{
    BIGNUM *n = NULL;
    BIGNUM *e = NULL;
    bool done = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
                EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1;
    done = done && BN_bn2binpad(n, made->modulus, (int)made->length) == (int)made->length;
    made->exponent = done && BN_num_bits(e) <= 32 ? (uint32_t)BN_get_word(e) : 0;
    BN_free(n);
    BN_free(e);
    return done;
}

/* Of a private key, or the public half alone, as an HSM gives it out. */
static EVP_PKEY *load_public(const char *path)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    EVP_PKEY *const key = PEM_read_PUBKEY(file, NULL, no_pass_phrase, NULL);
    fclose(file);
    return key != NULL ? key : load(path);
}

struct ward_status ward_posix_describe(const char *path, struct ward_posix_signed *made)
{
    EVP_PKEY *const key = load_public(path);
    if (key == NULL)
        return ward_status_of(WARD_NOT_PROVIDED);
    struct ward_status status = check_key(key);
    made->length = ward_ok(status) ? (size_t)EVP_PKEY_get_size(key) : 0;
    if (ward_ok(status) && !describe(key, made))
        status = ward_status_of(WARD_CRYPTO_FAILED);
    EVP_PKEY_free(key);
    return status;
}

struct ward_status ward_posix_sign(const char *path, const void *data, size_t length, struct ward_posix_signed *made)
{
    EVP_PKEY *const key = load(path);
    if (key == NULL)
        return ward_status_of(WARD_NOT_PROVIDED);
    struct ward_status status = check_key(key);
    if (ward_ok(status) && (!sign(key, data, length, made) || !describe(key, made)))
        status = ward_status_of(WARD_CRYPTO_FAILED);
    EVP_PKEY_free(key);
    return status;
}
