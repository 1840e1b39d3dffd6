/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "host.h"

enum { EXPONENT = 65537 };

static const struct bench_key *key;
static EVP_PKEY *kept;

static EVP_PKEY *make_key(const struct bench_key *from)
{
    EVP_PKEY *made = NULL;
    BIGNUM *const n = BN_bin2bn(from->modulus, (int)(from->bits / 8u), NULL);
    BIGNUM *const e = BN_new();
    OSSL_PARAM_BLD *const build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *const context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *parameters = NULL;
    if (BN_set_word(e, EXPONENT) == 1 && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        parameters = OSSL_PARAM_BLD_to_param(build);
    if (parameters != NULL && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &made, EVP_PKEY_PUBLIC_KEY, parameters);
    OSSL_PARAM_free(parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_BLD_free(build);
    BN_free(e);
    BN_free(n);
    return made;
}

const char *host_key_as_pem(const struct bench_key *from, size_t *length)
{
    char *text = NULL;
    BIO *const out = BIO_new(BIO_s_mem());
    EVP_PKEY *const made = make_key(from);
    const bool is_written = made != NULL && PEM_write_bio_PUBKEY(out, made) == 1;
    *length = is_written ? (size_t)BIO_get_mem_data(out, &text) : 0;
    EVP_PKEY_free(made);
    return text; /* the BIO, which has it, lives as long as the program */
}

/* The signature's bytes, of base64url. */
static size_t decode(const char *text, size_t length, unsigned char *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned long bits = 0;
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 6 | (unsigned long)(strchr(alphabet, text[i]) - alphabet);
        if (i % 4 != 0)
            out[written++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    return written;
}

static bool check_by(EVP_PKEY *by, const char *token, size_t length)
{
    unsigned char signature[sizeof key->signature];
    const char *const dot = strrchr(token, '.');
    const size_t of_signature = decode(dot + 1, length - (size_t)(dot + 1 - token), signature);
    EVP_MD_CTX *const context = EVP_MD_CTX_new();
    const bool is_good = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, by) == 1 &&
                         EVP_DigestVerify(context, signature, of_signature, (const unsigned char *)token,
                                          (size_t)(dot - token)) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
}

static void begin(const struct bench_key *from)
{
    key = from;
    kept = make_key(from);
}

static bool check_kept(char *token, size_t length)
{
    return check_by(kept, token, length);
}

static bool check_anew(char *token, size_t length)
{
    EVP_PKEY *const made = make_key(key);
    const bool is_good = check_by(made, token, length);
    EVP_PKEY_free(made);
    return is_good;
}

const struct host_peer host_openssl_kept = { "OpenSSL, key kept", begin, check_kept };
const struct host_peer host_openssl_anew = { "OpenSSL, key made anew", begin, check_anew };
