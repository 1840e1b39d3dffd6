/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures by OpenSSL: what signs is not what checks. With WARD_RECORD=FILE each one is also added to that file, as
 * key, digest and signature in hexadecimal, for the boards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "keys.h"

static EVP_PKEY *load(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.pem", TEST_KEYS_FOLDER, name);
    FILE *const file = fopen(path, "r");
    EVP_PKEY *const key = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (file != NULL)
        fclose(file);
    if (key == NULL) {
        fprintf(stderr, "cannot read the test key %s\n", path);
        abort();
    }
    return key;
}

static void print_hex(FILE *file, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fprintf(file, "%02x", bytes[i]);
}

static void record(enum test_key key, const uint8_t digest[32], const uint8_t *signature, size_t length)
{
    const char *const path = getenv("WARD_RECORD");
    FILE *const file = path != NULL ? fopen(path, "a") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%d ", (int)key);
    print_hex(file, digest, 32);
    fprintf(file, " ");
    print_hex(file, signature, length);
    fprintf(file, "\n");
    fclose(file);
}

static size_t sign(enum test_key key, const uint8_t digest[32], uint8_t signature[512])
{
    static EVP_PKEY *keys[TEST_KEYS];
    size_t length = 512;
    if (keys[key] == NULL)
        keys[key] = load(test_public_keys[key].name);
    EVP_PKEY_CTX *const context = EVP_PKEY_CTX_new(keys[key], NULL);
    if (context == NULL || EVP_PKEY_sign_init(context) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_sign(context, signature, &length, digest, 32) != 1) {
        fprintf(stderr, "OpenSSL does not sign\n");
        abort();
    }
    EVP_PKEY_CTX_free(context);
    return length;
}

/* Many tests send one token again and again: what was signed lately is not signed anew, since the same comes out (PKCS#1 v1.5). */
size_t test_sign(enum test_key key, const uint8_t digest[32], uint8_t signature[512])
{
    static struct lately {
        size_t length;
        enum test_key key;
        uint8_t digest[32], signature[512];
    } all[256];
    struct lately *const one = &all[digest[0]];
    if (one->length == 0 || one->key != key || memcmp(one->digest, digest, 32) != 0) {
        one->length = sign(key, digest, one->signature);
        one->key = key;
        memcpy(one->digest, digest, 32);
    }
    memcpy(signature, one->signature, one->length);
    record(key, digest, signature, one->length);
    return one->length;
}
