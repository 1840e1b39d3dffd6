/* SPDX-License-Identifier: Apache-2.0 */
/* The tests' own RSA keys (tests/keys) and signatures under them. */
#ifndef WARD_TEST_KEYS_H
#define WARD_TEST_KEYS_H

#include <stddef.h>
#include <stdint.h>

/** The keys, in the order of tests/support/keys.py. */
enum test_key { KEY_A, KEY_B, KEY_C, KEY_M, KEY_L, KEY_ODD, KEY_SHORT, KEY_EXPONENT3, KEY_D, TEST_KEYS };

/** A key's public half: bits, n and e in base64url, and the lowest word that its r_squared must have. */
struct test_public_key {
    const char *name;
    unsigned bits;
    const char *n;
    const char *e;
    uint32_t r_squared;
};
extern const struct test_public_key test_public_keys[TEST_KEYS];

/**
 * Signs a SHA-256 digest (RSASSA-PKCS1-v1_5). On this machine OpenSSL signs; on a board the signature is looked up among
 * those that the same cases asked for on this machine.
 *
 * @return bytes written to signature
 */
size_t test_sign(enum test_key key, const uint8_t digest[32], uint8_t signature[512]);

#endif
