/* SPDX-License-Identifier: Apache-2.0 */
#include "sha256_blocks.h"

const uint32_t ward_sha256_constants[64] = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u,
    0xd807aa98u, 0x12835b01u, 0x243185beu, 0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u,
    0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau,
    0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u,
    0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u,
    0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u, 0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u,
    0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu, 0x682e6ff3u,
    0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word >> bits | word << (32u - bits);
}

static uint32_t load(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The word 16 rounds on takes the place of the one that is used up. */
static uint32_t schedule(uint32_t words[16], size_t round)
{
    const uint32_t before = words[(round + 14u) % 16u];
    const uint32_t after = words[(round + 1u) % 16u];
    words[round % 16u] += (rotate(before, 17) ^ rotate(before, 19) ^ before >> 10) + words[(round + 9u) % 16u] +
                          (rotate(after, 7) ^ rotate(after, 18) ^ after >> 3);
    return words[round % 16u];
}

static void take_round(uint32_t v[8], uint32_t word)
{
    const uint32_t a = v[0];
    const uint32_t e = v[4];
    const uint32_t first = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (v[6] ^ (e & (v[5] ^ v[6]))) + word;
    const uint32_t second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & v[1]) | (v[2] & (a | v[1])));
    for (size_t i = 7; i > 0; i--)
        v[i] = v[i - 1u];
    v[4] += first;
    v[0] = first + second;
}

static void take_block(uint32_t v[8], uint32_t words[16], const uint8_t *bytes)
{
    for (size_t i = 0; i < 16; i++)
        words[i] = load(bytes + 4 * i);
    for (size_t i = 0; i < 64; i++)
        take_round(v, ward_sha256_constants[i] + (i < 16 ? words[i] : schedule(words, i)));
}

void ward_sha256_blocks_in_c(uint32_t state[8], uint32_t words[16], const uint8_t *bytes, size_t blocks)
{
    uint32_t v[8];
    for (size_t block = 0; block < blocks; block++) {
        memcpy(v, state, sizeof v);
        take_block(v, words, bytes + 64 * block);
        for (size_t i = 0; i < 8; i++)
            state[i] += v[i];
    }
    sha256_wipe(v, sizeof v);
}

#if !WARD_SHA256_THUMB
void ward_sha256_blocks(uint32_t state[8], uint32_t words[16], const uint8_t *bytes, size_t blocks)
{
    ward_sha256_blocks_in_c(state, words, bytes, blocks);
}
#endif
