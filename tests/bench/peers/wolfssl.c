/* SPDX-License-Identifier: Apache-2.0 */
/* wolfSSL's single-precision code by its public API, in place, as its boot loader takes it. */
#include <string.h>

#include "peer.h"

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/sha256.h>

static RsaKey rsa;
static size_t size;

void peer_begin(void)
{
}

bool peer_keep(const struct bench_key *key)
{
    static const uint8_t exponent[] = { 0x01, 0x00, 0x01 };
    size = key->bits / 8u;
    return wc_InitRsaKey(&rsa, NULL) == 0 &&
           wc_RsaPublicKeyDecodeRaw(key->modulus, (word32)size, exponent, sizeof exponent, &rsa) == 0;
}

bool peer_verify(const uint8_t digest[PEER_DIGEST], const uint8_t *signature)
{
    static const uint8_t info[] = { PEER_DIGEST_INFO };
    static uint8_t block[sizeof((struct bench_key *)0)->signature];
    byte *found;
    memcpy(block, signature, size);
    return wc_RsaSSL_VerifyInline(block, (word32)size, &found, &rsa) == (int)(sizeof info + PEER_DIGEST) &&
           memcmp(found, info, sizeof info) == 0 && memcmp(found + sizeof info, digest, PEER_DIGEST) == 0;
}

void peer_drop(void)
{
    wc_FreeRsaKey(&rsa);
}

bool peer_sha256(const void *data, size_t length, uint8_t digest[PEER_DIGEST])
{
    wc_Sha256 sha;
    return wc_InitSha256(&sha) == 0 && wc_Sha256Update(&sha, data, (word32)length) == 0 &&
           wc_Sha256Final(&sha, digest) == 0;
}

struct peer_arena peer_arena(void)
{
    return (struct peer_arena){ 0 };
}
