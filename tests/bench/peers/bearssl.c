/* SPDX-License-Identifier: Apache-2.0 */
/* BearSSL: PEER_VERIFY is its arithmetic on words of 15 or of 31 bits. Its form of a key is the bytes. */
#include <string.h>

#include "bearssl.h"
#include "peer.h"

static br_rsa_public_key kept;
static size_t size;

void peer_begin(void)
{
}

bool peer_keep(const struct bench_key *key)
{
    static unsigned char exponent[] = { 0x01, 0x00, 0x01 };
    static unsigned char modulus[sizeof key->modulus];
    size = key->bits / 8u;
    memcpy(modulus, key->modulus, size);
    kept = (br_rsa_public_key){ .n = modulus, .nlen = size, .e = exponent, .elen = sizeof exponent };
    return true;
}

bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature)
{
    unsigned char signed_digest[PEER_DIGEST];
    return PEER_VERIFY(signature, size, BR_HASH_OID_SHA256, PEER_DIGEST, &kept, signed_digest) == 1 &&
           memcmp(signed_digest, digest, PEER_DIGEST) == 0;
}

void peer_drop(void)
{
}

bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST])
{
    br_sha256_context sha;
    br_sha256_init(&sha);
    br_sha256_update(&sha, data, length);
    br_sha256_out(&sha, digest);
    return true;
}

struct peer_arena peer_arena(void)
{
    return (struct peer_arena){ 0 };
}
