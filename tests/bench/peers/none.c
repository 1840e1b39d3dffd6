/* SPDX-License-Identifier: Apache-2.0 */
/* No peer: an image of the harness alone, whose flash and RAM are taken away from the others'. It takes any signature, which the harness
 * has to find out. */
#include "peer.h"

void peer_begin(void)
{
}

bool peer_keep(const struct bench_key *key)
{
    return key->bits != 0;
}

bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature)
{
    return digest != signature;
}

void peer_drop(void)
{
}

bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST])
{
    digest[0] = (uint8_t)length;
    return data != NULL;
}

struct peer_arena peer_arena(void)
{
    return (struct peer_arena){ 0 };
}
