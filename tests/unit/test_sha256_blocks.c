/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256's blocks of ward's own: a known answer, and on a processor with assembly that against C. */
#include "gate.h"
#include "guard.h"
#include "port/crypto/sha256_blocks.h"

static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

typedef void take_blocks(uint32_t state[8], uint32_t words[16], const uint8_t *bytes, size_t blocks);

/* FIPS 180-4's "abc", which is one block once it is padded. */
static void check_abc(take_blocks *take)
{
    static const uint32_t right[8] = { 0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                                       0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad };
    uint8_t block[64] = { 'a', 'b', 'c', 0x80 };
    uint32_t state[8];
    uint32_t words[16];
    block[63] = 24;
    memcpy(state, start, sizeof state);
    take(state, words, block, 1);
    CHECK(memcmp(state, right, sizeof state) == 0);
}

TEST(a_known_answer)
{
    check_abc(ward_sha256_blocks);
    check_abc(ward_sha256_blocks_in_c);
}

static uint32_t seed = 88172645;

static void fill(void *memory, size_t length, unsigned kind)
{
    uint8_t *const bytes = memory;
    for (size_t i = 0; i < length; i++)
        bytes[i] = kind == 0 ? 0 : kind == 1 ? 0xff : (uint8_t)random_below(&seed, 256);
}

/* States and bytes of all zeros, all ones and chance, from any address, several blocks at once and one that lies in the words. */
TEST(both_ways_agree_word_for_word)
{
    static uint8_t bytes[4 * 64 + 4];
    for (unsigned round = 0; round < 400; round++) {
        const size_t blocks = 1 + round % 4;
        const uint8_t *const from = bytes + round / 4 % 4;
        uint32_t state[2][8];
        uint32_t words[2][16];
        fill(bytes, sizeof bytes, round % 5);
        fill(state[0], sizeof state[0], round / 5 % 3);
        memcpy(state[1], state[0], sizeof state[0]);
        ward_sha256_blocks(state[0], words[0], from, blocks);
        ward_sha256_blocks_in_c(state[1], words[1], from, blocks);
        CHECK(memcmp(state[0], state[1], sizeof state[0]) == 0);
        memcpy(words[0], from, sizeof words[0]);
        memcpy(words[1], from, sizeof words[1]);
        ward_sha256_blocks(state[0], words[0], (const uint8_t *)words[0], 1);
        ward_sha256_blocks_in_c(state[1], words[1], (const uint8_t *)words[1], 1);
        CHECK(memcmp(state[0], state[1], sizeof state[0]) == 0);
    }
}

TEST(no_byte_before_or_after_the_blocks_is_read)
{
    uint8_t bytes[128] = { 1 };
    uint32_t state[8] = { 0 };
    uint32_t words[16];
    ward_sha256_blocks(state, words, (const uint8_t *)guard_copy(bytes, sizeof bytes), 2);
    CHECK(state[0] != 0);
}

SUITE(sha256_blocks, CASE(a_known_answer), CASE(both_ways_agree_word_for_word),
      CASE(no_byte_before_or_after_the_blocks_is_read));
