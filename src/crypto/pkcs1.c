/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ward/port/crypto.h"

/* DER of DigestInfo for SHA-256, up to the digest itself: RFC 8017 section 9.2, note 1. */
static const uint8_t digest_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                       0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };

/* 00 01 ff … ff 00 DigestInfo digest. */
static void build_block(uint8_t *block, size_t length, const uint8_t digest[WARD_SHA256_SIZE])
{
    uint8_t *const digest_at = block + length - WARD_SHA256_SIZE;
    uint8_t *const info_at = digest_at - sizeof digest_info;
    memset(block, 0xff, length);
    block[0] = 0x00;
    block[1] = 0x01;
    info_at[-1] = 0x00;
    memcpy(info_at, digest_info, sizeof digest_info);
    memcpy(digest_at, digest, WARD_SHA256_SIZE);
}

struct ward_status ward_pkcs1_check(const uint8_t *block, size_t length, const uint8_t digest[WARD_SHA256_SIZE],
                                    uint8_t *expected)
{
    uint32_t difference = 0;
    build_block(expected, length, digest);
    for (size_t i = 0; i < length; i++)
        difference |= (uint32_t)(block[i] ^ expected[i]);
    return ward_status_of(difference == 0 ? WARD_OK : WARD_SIGNATURE_INVALID);
}
