/* SPDX-License-Identifier: Apache-2.0 */
/* A crypto backend for the simulation: its digests tell texts apart, its keys need no preparation. */
#include <string.h>

#include "ward/port/crypto.h"

struct ward_status ward_crypto_sha256_start(struct ward_sha256 *sha)
{
    sha->state[0] = 14695981039346656037u;
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_sha256_update(struct ward_sha256 *sha, const void *data, size_t length)
{
    const uint8_t *const bytes = data;
    for (size_t i = 0; i < length; i++)
        sha->state[0] = (sha->state[0] ^ bytes[i]) * 1099511628211u;
    return ward_status_of(WARD_OK);
}

struct ward_status ward_crypto_sha256_end(struct ward_sha256 *sha, uint8_t digest[WARD_SHA256_SIZE])
{
    for (size_t i = 0; i < WARD_SHA256_SIZE; i++)
        digest[i] = (uint8_t)(sha->state[0] >> i % 8 * 8);
    return ward_status_of(WARD_OK);
}

void ward_crypto_sha256_abort(struct ward_sha256 *sha)
{
    (void)sha;
}

struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    (void)scratch;
    key->prepared[0] = 1;
    return ward_status_of(WARD_OK);
}
