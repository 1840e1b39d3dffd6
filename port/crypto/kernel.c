/* SPDX-License-Identifier: Apache-2.0 */
/* RS256 by arithmetic of ward's own, for public keys: no allocator, nothing of mbedTLS but SHA-256. docs/kernel.md says why
 * its results are right, and what it costs. */
#include "kernel_limbs.h"

#include <string.h>

#include "ward/port/crypto.h"
#include "words.h"

WARD_STATIC_ASSERT(WARD_PREPARED_ROOM >= WARD_RSA_WORDS,
                   "WARD_PREPARED_WORDS: R² has as many words as the modulus; 0 is that");

/* As words_from_bytes(), by the word. */
static void words_of(uint32_t *words, size_t count, const uint8_t *bytes, size_t length)
{
    const size_t whole = length / 4u;
    memset(words, 0, count * sizeof *words);
    for (size_t i = 0; i < whole; i++) {
        const uint8_t *const last = bytes + length - 4u * (i + 1u);
        words[i] = (uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 | (uint32_t)last[2] << 8 | last[3];
    }
    for (size_t i = 0; i < length % 4u; i++)
        words[whole] |= (uint32_t)bytes[length % 4u - 1u - i] << (8u * i);
}

static bool is_below(const uint32_t *a, const uint32_t *n, size_t words)
{
    size_t i = words - 1;
    while (i > 0 && a[i] == n[i])
        i--;
    return a[i] < n[i];
}

/* x = 2 * x mod n, for x < n. */
static void twice(uint32_t *x, const uint32_t *n, size_t words, uint32_t *difference)
{
    uint32_t carry = 0;
    for (size_t i = 0; i < words; i++) {
        const uint32_t word = x[i];
        x[i] = word << 1 | carry;
        carry = word >> 31;
    }
    if (ward_kernel_subtract(difference, x, n, words) == carry)
        memcpy(x, difference, words * sizeof *x);
}

/*
 * R² mod n, the same as mbedtls_core's, so that a table of keys serves both. 2^(bits - 1) is below n; doubling it leads to
 * R mod n and on to 2^words * R mod n. There, a Montgomery square doubles the exponent beside R: five make it 32 * words.
 */
struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const size_t words = ward_key_words(key);
    const size_t top = (size_t)key->bits - 1u;
    uint32_t *const x = scratch->power;
    memset(x, 0, sizeof scratch->power);
    x[top / 32u] = (uint32_t)1 << (top % 32u);
    for (size_t exponent = top; exponent < 33u * words; exponent++)
        twice(x, key->n, words, scratch->product);
    for (int i = 0; i < 5; i++)
        ward_kernel_multiply(x, x, x, key, scratch->product);
    memcpy(key->prepared, x, sizeof scratch->power);
    return ward_status_of(WARD_OK);
}

/* RSAVP1 of RFC 8017 section 5.2.2, signature^65537 mod n: into Montgomery form, sixteen squares, and one multiplication
 * that also leads out of it. */
static void rsavp1(const struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    ward_kernel_multiply(scratch->power, scratch->base, key->prepared, key, scratch->product);
    for (int i = 0; i < 16; i++)
        ward_kernel_multiply(scratch->power, scratch->power, scratch->power, key, scratch->product);
    ward_kernel_multiply(scratch->power, scratch->power, scratch->base, key, scratch->product);
}

struct ward_status ward_crypto_verify(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                      const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    const size_t words = ward_key_words(key);
    const size_t length = ward_key_signature_length(key);
    uint8_t *const block = (uint8_t *)scratch->base;
    words_of(scratch->base, words, signature, length);
    /* RFC 8017 section 5.2.2: a signature representative that is not below the modulus is refused. */
    if (!is_below(scratch->base, key->n, words))
        return ward_status_of(WARD_SIGNATURE_INVALID);
    rsavp1(key, scratch);
    words_to_bytes(block, length, scratch->power);
    return ward_pkcs1_check(block, length, digest, (uint8_t *)scratch->product);
}
