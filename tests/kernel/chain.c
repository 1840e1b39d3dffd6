/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

void chain_begin(struct chain *chain)
{
    chain->good = ward_ok(ward_crypto_sha256_start(&chain->sha));
}

void chain_add(struct chain *chain, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < (words != NULL ? count : 1); i++) {
        const uint32_t word = words != NULL ? words[i] : 0x6e6f6e65u;
        const uint8_t bytes[] = { (uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16), (uint8_t)(word >> 24) };
        chain->good = chain->good && ward_ok(ward_crypto_sha256_update(&chain->sha, bytes, sizeof bytes));
    }
}

void chain_end(struct chain *chain, char text[CHAIN_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[WARD_SHA256_SIZE] = { 0 };
    const bool good = chain->good && ward_ok(ward_crypto_sha256_end(&chain->sha, digest));
    for (size_t i = 0; i < sizeof digest; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    text[good ? CHAIN_TEXT - 1 : 0] = '\0';
}
