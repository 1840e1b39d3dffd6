/* SPDX-License-Identifier: Apache-2.0 */
/* ward's own, by the calls of its crypto backend. */
#include <string.h>

#include "peer.h"
#include "ward/key.h"
#include "ward/port/crypto.h"

static struct ward_key key;
static struct ward_rsa_scratch scratch;

void peer_begin(void)
{
}

/* Words, the least significant first. */
bool peer_keep(const struct bench_key *from)
{
    const size_t words = from->bits / 32u;
    memset(&key, 0, sizeof key);
    key.bits = (uint16_t)from->bits;
    for (size_t i = 0; i < words; i++) {
        const uint8_t *const bytes = from->modulus + 4 * (words - 1 - i);
        key.n[i] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    }
    return ward_ok(ward_crypto_key_prepare(&key, &scratch));
}

bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature)
{
    return ward_ok(ward_signature_verify(&key, digest, signature, &scratch));
}

void peer_drop(void)
{
}

bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST])
{
    static struct ward_sha256 sha;
    return ward_ok(ward_crypto_sha256_start(&sha)) && ward_ok(ward_crypto_sha256_update(&sha, data, length)) &&
           ward_ok(ward_crypto_sha256_end(&sha, digest));
}

struct peer_arena peer_arena(void)
{
    return (struct peer_arena){ 0 };
}
