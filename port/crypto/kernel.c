/* SPDX-License-Identifier: Apache-2.0 */
/* RS256 by arithmetic of ward's own, for public keys: no allocator, nothing of mbedTLS but SHA-256. docs/kernel.md says why
 * its results are right, and what it costs. */
#include "kernel_limbs.h"
#include "kernel_power.h"

#include <string.h>

#include "ward/port/crypto.h"
#include "words.h"

WARD_STATIC_ASSERT(WARD_PREPARED_ROOM >= WARD_RSA_WORDS,
                   "WARD_PREPARED_WORDS: R² has as many words as the modulus; 0 is that");

static uint32_t word_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* As words_from_bytes(), by the word. */
void ward_kernel_words_of(uint32_t *words, size_t count, const uint8_t *bytes, size_t length)
{
    const size_t whole = length / 4u;
    for (size_t i = 0; i < whole; i++)
        words[i] = word_at(bytes + length - 4u * (i + 1u));
    for (size_t i = whole; i < count; i++)
        words[i] = 0;
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
 * R mod n and on to 2^words * R mod n; a few squares do the rest.
 */
struct ward_status ward_crypto_key_prepare(struct ward_key *key, struct ward_rsa_scratch *scratch)
{
    const size_t words = ward_key_words(key);
    const size_t top = (size_t)key->bits - 1u;
    uint32_t *const x = key->prepared;
    memset(x, 0, sizeof key->prepared);
    x[top / 32u] = (uint32_t)1 << (top % 32u);
    for (size_t exponent = top; exponent < 33u * words; exponent++)
        twice(x, key->n, words, scratch->product);
    ward_kernel_prepare(x, key, scratch);
    return ward_status_of(WARD_OK);
}

/* The block of ward_pkcs1_check() by the word, for lengths of whole words: 00 01 ff … ff 00, DigestInfo, digest. All of it is
 * compared, and nothing in the power is parsed. */
static bool is_block(const uint32_t *power, size_t words, const uint8_t digest[WARD_SHA256_SIZE])
{
    static const uint32_t digest_info[] = { 0x05000420u, 0x03040201u, 0x86480165u, 0x0d060960u, 0x00303130u };
    enum { DIGEST = WARD_SHA256_SIZE / 4, INFO = sizeof digest_info / sizeof digest_info[0] };
    uint32_t difference = power[words - 1u] ^ 0x0001ffffu;
    for (size_t i = 0; i < DIGEST; i++)
        difference |= power[i] ^ word_at(digest + WARD_SHA256_SIZE - 4u * (i + 1u));
    for (size_t i = 0; i < INFO; i++)
        difference |= power[DIGEST + i] ^ digest_info[i];
    for (size_t i = DIGEST + INFO; i < words - 1u; i++)
        difference |= ~power[i];
    return difference == 0;
}

static struct ward_status check_block(struct ward_rsa_scratch *scratch, size_t length,
                                      const uint8_t digest[WARD_SHA256_SIZE])
{
    if (length % 4u == 0)
        return ward_status_of(is_block(scratch->power, length / 4u, digest) ? WARD_OK : WARD_SIGNATURE_INVALID);
    uint8_t *const block = (uint8_t *)scratch->base;
    words_to_bytes(block, length, scratch->power);
    return ward_pkcs1_check(block, length, digest, (uint8_t *)scratch->product);
}

/* RSAVP1 of RFC 8017 section 5.2.2, signature^65537 mod n: into Montgomery form, sixteen squares, and one multiplication
 * that also leads out of it. One a step; the block is compared in one more. */
enum { INTO_FORM = 0, SQUARES = 16, OUT_OF_FORM = SQUARES + 1, COMPARE = OUT_OF_FORM + 1, OVER = COMPARE + 1 };

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                            struct ward_rsa_scratch *scratch)
{
    const size_t words = ward_key_words(key);
    /* No power of anything: whoever comes to compare it without a multiplication finds that it differs. */
    memset(scratch->power, 0, sizeof scratch->power);
    memset(scratch->product, 0, sizeof scratch->power);
    ward_kernel_words_of(scratch->base, words, signature, ward_key_signature_length(key));
    /* RFC 8017 section 5.2.2: a signature representative that is not below the modulus is refused. */
    const bool below = is_below(scratch->base, key->n, words);
    scratch->step = below ? INTO_FORM : OVER;
    return ward_status_of(below ? WARD_OK : WARD_SIGNATURE_INVALID);
}

struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                           const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    const uint32_t step = scratch->step;
    scratch->step = step < OVER ? step + 1u : OVER;
    if (step > COMPARE)
        return ward_status_of(WARD_CRYPTO_FAILED);
    if (step == COMPARE)
        return check_block(scratch, ward_key_signature_length(key), digest);
    if (step == INTO_FORM)
        ward_kernel_enter(key, scratch);
    else if (step == OUT_OF_FORM)
        ward_kernel_leave(key, signature, scratch);
    else
        ward_kernel_square(key, scratch);
    return ward_status_of(WARD_UNFINISHED);
}

void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    scratch->step = OVER;
}
