/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "ward/port/crypto.h"

static uint8_t block[512];
static uint8_t expected[512];
static uint8_t digest[WARD_SHA256_SIZE];

/* The block of RFC 8017 section 9.2, written down here once more. */
static void make_block(size_t length)
{
    static const uint8_t info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
    for (size_t i = 0; i < WARD_SHA256_SIZE; i++)
        digest[i] = (uint8_t)(i * 7 + 1);
    size_t at = 0;
    block[at++] = 0;
    block[at++] = 1;
    while (at < length - 52)
        block[at++] = 0xff;
    block[at++] = 0;
    for (size_t i = 0; i < sizeof info; i++)
        block[at++] = info[i];
    for (size_t i = 0; i < WARD_SHA256_SIZE; i++)
        block[at++] = digest[i];
    CHECK_NUMBER(at, length);
}

TEST(accepts_the_one_block_of_a_digest)
{
    static const size_t lengths[] = { 256, 257, 384, 512 };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        make_block(lengths[i]);
        CHECK_STATUS(ward_pkcs1_check(block, lengths[i], digest, expected), WARD_OK);
    }
}

TEST(refuses_a_block_with_any_bit_changed)
{
    make_block(256);
    for (size_t bit = 0; bit < 256 * 8; bit++) {
        block[bit / 8] = (uint8_t)(block[bit / 8] ^ 1u << bit % 8);
        CHECK_STATUS(ward_pkcs1_check(block, 256, digest, expected), WARD_SIGNATURE_INVALID);
        block[bit / 8] = (uint8_t)(block[bit / 8] ^ 1u << bit % 8);
    }
    CHECK_STATUS(ward_pkcs1_check(block, 256, digest, expected), WARD_OK);
}

TEST(refuses_a_shorter_padding_with_garbage_after_the_digest)
{
    make_block(256);
    memmove(block + 10, block + 204 - 0, 52);
    memset(block + 62, 0x5a, 256 - 62);
    CHECK_STATUS(ward_pkcs1_check(block, 256, digest, expected), WARD_SIGNATURE_INVALID);
}

TEST(refuses_another_digest)
{
    make_block(256);
    digest[31] ^= 1;
    CHECK_STATUS(ward_pkcs1_check(block, 256, digest, expected), WARD_SIGNATURE_INVALID);
}

SUITE(pkcs1, CASE(accepts_the_one_block_of_a_digest), CASE(refuses_a_block_with_any_bit_changed),
      CASE(refuses_a_shorter_padding_with_garbage_after_the_digest), CASE(refuses_another_digest));
