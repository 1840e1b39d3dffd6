/* SPDX-License-Identifier: Apache-2.0 */
/* Crypto by the public API of mbedTLS 2.28 and 3.6: for vendors' SDKs, whose mbedTLS may sit on an accelerator.
 *
 * mbedTLS's big numbers allocate. ward never gives them memory: the firmware does, once, with
 * mbedtls_memory_buffer_alloc_init() or its own mbedtls_platform_set_calloc_free(). Without it each check ends in
 * WARD_CRYPTO_FAILED. PORTING.md says how many bytes a check takes.
 */
#include <string.h>

#include "mbedtls/bignum.h"
#include "mbedtls/rsa.h"
#include "mbedtls/version.h"
#include "ward/port/crypto.h"
#include "words.h"

WARD_STATIC_ASSERT(WARD_PREPARED_ROOM >= WARD_RSA_WORDS,
                   "WARD_PREPARED_WORDS: R² has as many words as the modulus; 0 is that");

static struct ward_status status_of(int mbedtls_result)
{
    return ward_status_of(mbedtls_result == 0 ? WARD_OK : WARD_CRYPTO_FAILED);
}

/* x = 2^exponent mod n, as `length` bytes. */
static int power_of_two(uint8_t *x, size_t length, size_t exponent, const uint8_t *n)
{
    mbedtls_mpi modulus;
    mbedtls_mpi power;
    mbedtls_mpi_init(&modulus);
    mbedtls_mpi_init(&power);
    int result = mbedtls_mpi_read_binary(&modulus, n, length);
    if (result == 0)
        result = mbedtls_mpi_lset(&power, 1);
    if (result == 0)
        result = mbedtls_mpi_shift_l(&power, exponent);
    if (result == 0)
        result = mbedtls_mpi_mod_mpi(&power, &power, &modulus);
    if (result == 0)
        result = mbedtls_mpi_write_binary(&power, x, length);
    mbedtls_mpi_free(&power);
    mbedtls_mpi_free(&modulus);
    return result;
}

struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const size_t words = ward_key_words(key);
    uint8_t *const n = (uint8_t *)scratch->base;
    uint8_t *const x = (uint8_t *)scratch->power;
    words_to_bytes(n, 4 * words, key->n);
    const int result = power_of_two(x, 4 * words, 64 * words, n);
    words_from_bytes(key->prepared, WARD_RSA_WORDS, x, result == 0 ? 4 * words : 0);
    return status_of(result);
}

/* RSAVP1 of RFC 8017 section 5.2.2: block = signature^65537 mod n. */
static int rsavp1(const struct ward_key *key, const uint8_t *signature, uint8_t *n, uint8_t *block)
{
    static const uint8_t exponent[] = { 0x01, 0x00, 0x01 };
    const size_t length = ward_key_signature_length(key);
    mbedtls_rsa_context rsa;
    words_to_bytes(n, length, key->n);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_rsa_init(&rsa, MBEDTLS_RSA_PKCS_V15, MBEDTLS_MD_SHA256);
#else
    mbedtls_rsa_init(&rsa);
#endif
    int result = mbedtls_rsa_import_raw(&rsa, n, length, NULL, 0, NULL, 0, NULL, 0, exponent, sizeof exponent);
    if (result == 0)
        result = mbedtls_rsa_public(&rsa, signature, block);
    mbedtls_rsa_free(&rsa);
    return result;
}

/* Whether the signature, a number of the modulus' length, is below the modulus: RFC 8017 section 5.2.2. */
static bool is_below(const uint8_t *signature, const uint8_t *n, size_t length)
{
    return memcmp(signature, n, length) < 0;
}

static struct ward_status check(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    const size_t length = ward_key_signature_length(key);
    uint8_t *const n = (uint8_t *)scratch->base;
    uint8_t *const block = (uint8_t *)scratch->power;
    const int result = rsavp1(key, signature, n, block);
    /* mbedTLS reports a representative out of range and an exhausted arena alike; only the first is the token's fault. */
    if (!is_below(signature, n, length))
        return ward_status_of(WARD_SIGNATURE_INVALID);
    if (result != 0)
        return ward_status_of(WARD_CRYPTO_FAILED);
    return ward_pkcs1_check(block, length, digest, (uint8_t *)scratch->product);
}

/* All of it is one step of the library's. */
enum { BEGUN = 0x6b, OVER = 0 };

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                            struct ward_rsa_scratch *scratch)
{
    (void)key;
    (void)signature;
    scratch->step = BEGUN;
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                           const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    const bool begun = scratch->step == BEGUN;
    scratch->step = OVER;
    return begun ? check(key, digest, signature, scratch) : ward_status_of(WARD_CRYPTO_FAILED);
}

void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    scratch->step = OVER;
}
