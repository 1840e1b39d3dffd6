/* SPDX-License-Identifier: Apache-2.0 */
/* Crypto by the PSA Crypto API of the firmware: tried with mbedTLS 3.6's and with TF-PSA-Crypto, that of mbedTLS 4.
 *
 * The firmware links PSA and calls psa_crypto_init() before ward; until then every check ends in WARD_CRYPTO_FAILED, and
 * ward_selftest() says so. PSA has to be built with PSA_WANT_ALG_SHA_256, PSA_WANT_ALG_RSA_PKCS1V15_SIGN and
 * PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY, and takes moduli of whole bytes only.
 *
 * ward has no heap, but PSA may have one, the firmware's: mbedTLS keeps a copy of each key in it and calculates there. A
 * check takes one of PSA's key slots and gives it back before it ends, whatever happens; a SHA-256 one operation.
 * PORTING.md says how many bytes mbedTLS takes.
 */
#include <string.h>

#include "psa/crypto.h"
#include "ward/port/crypto.h"
#include "words.h"

WARD_STATIC_ASSERT(sizeof(psa_hash_operation_t) <= sizeof(struct ward_sha256),
                   "WARD_SHA256_STATE: too small for psa_hash_operation_t");

static struct ward_status status_of(psa_status_t result)
{
    return ward_status_of(result == PSA_SUCCESS ? WARD_OK : WARD_CRYPTO_FAILED);
}

/* ---- SHA-256. An operation stays where it is, and is only ever handed over by its address. */

/* mbedTLS copies what it hashes into its heap, all of a call's bytes: a token is as long as a stranger likes. */
enum { PIECE = 512 };

static psa_hash_operation_t *operation_of(struct ward_sha256 *sha)
{
    /* NOLINTNEXTLINE(bugprone-casting-through-void): memory for one of these, its size asserted above */
    return (psa_hash_operation_t *)(void *)sha->state;
}

struct ward_status ward_crypto_sha256_start(struct ward_sha256 *sha)
{
    memset(sha, 0, sizeof *sha);
    return status_of(psa_hash_setup(operation_of(sha), PSA_ALG_SHA_256));
}

struct ward_status ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length)
{
    const uint8_t *const bytes = data;
    psa_status_t result = PSA_SUCCESS;
    for (size_t done = 0; done < length && result == PSA_SUCCESS; done += PIECE) {
        const size_t left = length - done;
        result = psa_hash_update(operation_of(sha), bytes + done, left < PIECE ? left : PIECE);
    }
    return status_of(result);
}

struct ward_status ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    size_t length = 0;
    const psa_status_t result = psa_hash_finish(operation_of(sha), digest, WARD_SHA256_SIZE, &length);
    return status_of(result);
}

void ward_crypto_sha256_abort(struct ward_sha256 *sha)
{
    /* Cannot fail for a caller who has nothing left to do: a driver that does not answer now may do so at a second time. */
    if (psa_hash_abort(operation_of(sha)) != PSA_SUCCESS)
        (void)psa_hash_abort(operation_of(sha));
}

/* ---- RS256. */

struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    (void)scratch;
    memset(key->prepared, 0, sizeof key->prepared);
    return ward_status_of(WARD_OK);
}

/* What stands before the modulus, all lengths in two bytes, and after it: RSAPublicKey of RFC 8017 appendix A.1.1. */
enum { DER_HEAD = 8, DER_LENGTH = 4, DER_EXPONENT = 5 };

WARD_STATIC_ASSERT(DER_HEAD + 1 + 4 * WARD_RSA_WORDS + DER_EXPONENT <= 4 * (2 * WARD_RSA_WORDS + 2),
                   "the largest key in DER does not fit where its product would");

static uint8_t *put_der_head(uint8_t *at, uint8_t tag, size_t length)
{
    at[0] = tag;
    at[1] = 0x82;
    at[2] = (uint8_t)(length >> 8);
    at[3] = (uint8_t)length;
    return at + DER_LENGTH;
}

/* SEQUENCE { INTEGER n, INTEGER 65537 }: where n's bytes are, and the length of all. */
static const uint8_t *put_der(const struct ward_key *key, uint8_t *der, size_t *length)
{
    static const uint8_t exponent[DER_EXPONENT] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
    const size_t bytes = ward_key_signature_length(key);
    /* A number whose first bit is set would be a negative one. */
    const size_t zeros = key->bits % 8u == 0 ? 1 : 0;
    uint8_t *at = put_der_head(der, 0x30, DER_LENGTH + zeros + bytes + DER_EXPONENT);
    at = put_der_head(at, 0x02, zeros + bytes);
    at[0] = 0;
    uint8_t *const n = at + zeros;
    words_to_bytes(n, bytes, key->n);
    memcpy(n + bytes, exponent, DER_EXPONENT);
    *length = DER_HEAD + zeros + bytes + DER_EXPONENT;
    return n;
}

static psa_status_t import(const uint8_t *der, size_t length, psa_key_id_t *id)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_PUBLIC_KEY);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
    psa_set_key_algorithm(&attributes, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256));
    const psa_status_t result = psa_import_key(&attributes, der, length, id);
    psa_reset_key_attributes(&attributes);
    return result;
}

/* A key that stays would take its slot for good: where it could not be destroyed it is tried once more, and whatever the
 * signature was, something is wrong with PSA. */
static psa_status_t destroy(psa_key_id_t id)
{
    const psa_status_t result = psa_destroy_key(id);
    if (result != PSA_SUCCESS)
        (void)psa_destroy_key(id);
    return result;
}

static struct ward_status verify(psa_key_id_t id, const uint8_t *digest, const uint8_t *signature, size_t length)
{
    const psa_status_t result = psa_verify_hash(id, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), digest,
                                                WARD_SHA256_SIZE, signature, length);
    /* Nothing else says anything about the signature. */
    return result == PSA_ERROR_INVALID_SIGNATURE ? ward_status_of(WARD_SIGNATURE_INVALID) : status_of(result);
}

struct ward_status ward_crypto_verify(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                      const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    uint8_t *const der = (uint8_t *)scratch->product;
    const size_t bytes = ward_key_signature_length(key);
    size_t length = 0;
    psa_key_id_t id = PSA_KEY_ID_NULL;
    /* RFC 8017 section 5.2.2. PSA has no name for it: mbedTLS reports it as if its memory were corrupt. */
    if (memcmp(signature, put_der(key, der, &length), bytes) >= 0)
        return ward_status_of(WARD_SIGNATURE_INVALID);
    if (import(der, length, &id) != PSA_SUCCESS)
        return ward_status_of(WARD_CRYPTO_FAILED);
    const struct ward_status status = verify(id, digest, signature, bytes);
    return destroy(id) == PSA_SUCCESS ? status : ward_status_of(WARD_CRYPTO_FAILED);
}
