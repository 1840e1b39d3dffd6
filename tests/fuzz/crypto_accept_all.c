/* SPDX-License-Identifier: Apache-2.0 */
/* A crypto backend that believes every signature, so that a fuzzer gets to what lies behind one. It reads all that it
 * is told to read, for the sanitizer to see, and leaves its traces in the scratch memory, for ward to wipe. It says no to
 * a signature that begins with 0xff or 0xfe, and fails on a modulus that ends in 0xfb.
 */
#include "fuzz.h"
#include "ward/port/crypto.h"

static uint64_t sum(uint64_t start, const void *data, size_t length)
{
    const uint8_t *const bytes = data;
    for (size_t i = 0; i < length; i++)
        start = start * 31u + bytes[i];
    return start;
}

struct ward_status ward_crypto_sha256_start(struct ward_sha256 *sha)
{
    memset(sha, 0x5a, sizeof *sha);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length)
{
    sha->state[0] = sum(sha->state[0], data, length);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    for (size_t i = 0; i < WARD_SHA256_SIZE; i++)
        digest[i] = (uint8_t)(sha->state[0] >> i % 8);
    return ward_status_of(WARD_OK);
}

void ward_crypto_sha256_abort(struct ward_sha256 *sha)
{
    (void)sha;
}

struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    memset(scratch, 0x5a, sizeof *scratch);
    key->prepared[0] = 1;
    return ward_status_of((key->n[0] & 0xffu) == 0xfb ? WARD_CRYPTO_FAILED : WARD_OK);
}

void fuzz_check_prepared(const struct ward_key *key)
{
    CHECK_NUMBER(key->prepared[0], 1);
}

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                            struct ward_rsa_scratch *scratch)
{
    memset(scratch, 0x5a, sizeof *scratch);
    scratch->base[0] = (uint32_t)sum(0, signature, ward_key_signature_length(key));
    scratch->step = 0;
    return ward_status_of(WARD_OK);
}

/* In two steps. */
struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                           const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    scratch->base[0] = (uint32_t)sum(sum(0, signature, ward_key_signature_length(key)), digest, WARD_SHA256_SIZE);
    if (scratch->step++ == 0)
        return ward_status_of(WARD_UNFINISHED);
    if (signature[0] == 0xff)
        return ward_status_of(WARD_SIGNATURE_INVALID);
    return ward_status_of(signature[0] == 0xfe ? WARD_CRYPTO_FAILED : WARD_OK);
}

void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    memset(scratch, 0x5a, sizeof *scratch);
}
