/* SPDX-License-Identifier: Apache-2.0 */
/* Crypto by the innermost loops of mbedTLS 3.6: no allocator, no big-number objects.
 *
 * It calls bignum_core.h, which is private to mbedTLS: build it with ward's own copy of mbedTLS (ward.mk does). The
 * other functions in that file refer to what ward does not build; link with --gc-sections.
 */
#include <string.h>

#include "bignum_core.h"
#include "ward/port/crypto.h"
#include "words.h"

#if defined(MBEDTLS_HAVE_INT64)
#error "mbedtls_core: define MBEDTLS_HAVE_INT32, keys are arrays of 32-bit words"
#endif

WARD_STATIC_ASSERT(WARD_PREPARED_ROOM >= WARD_RSA_WORDS,
                   "WARD_PREPARED_WORDS: R² has as many words as the modulus; 0 is that");

/* power = a * b / 2^(32 * words) mod n; it may be a or b. */
static void multiply(struct ward_rsa_scratch *scratch, const uint32_t *a, const uint32_t *b, const struct ward_key *key)
{
    uint32_t *const product = scratch->product;
    const size_t words = ward_key_words(key);
    mbedtls_mpi_core_montmul(scratch->power, a, b, words, key->n, words, mbedtls_mpi_core_montmul_init(key->n),
                             product);
    /* Two words of nothing take the place of those that this has left on the stack, where a step ends with it. */
    mbedtls_mpi_core_montmul(product, product, product, 2, key->n, 2, 0, product);
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
    if (mbedtls_mpi_core_sub(difference, x, n, words) == carry)
        memcpy(x, difference, words * sizeof *x);
}

/*
 * With R = 2^(32 * words): 2^(bits - 1) is below n; doubling it leads to R mod n and on to 2^words * R mod n. There,
 * a Montgomery square doubles the exponent beside R: five of them make it 32 * words, which is R * R.
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
        multiply(scratch, x, x, key);
    memcpy(key->prepared, x, sizeof scratch->power);
    return ward_status_of(WARD_OK);
}

/* RSAVP1 of RFC 8017 section 5.2.2, signature^65537 mod n: into Montgomery form, sixteen squares, and one multiplication that
 * also leads out of it. One a step; the block is compared in one more. */
enum { INTO_FORM = 0, SQUARES = 16, OUT_OF_FORM = SQUARES + 1, COMPARE = OUT_OF_FORM + 1, OVER = COMPARE + 1 };

struct ward_status ward_crypto_verify_begin(const struct ward_key *key, const uint8_t *signature,
                                            struct ward_rsa_scratch *scratch)
{
    const size_t words = ward_key_words(key);
    words_from_bytes(scratch->base, words, signature, ward_key_signature_length(key));
    /* No power of anything: whoever comes to compare it without a multiplication finds that it differs. */
    memset(scratch->power, 0, sizeof scratch->power);
    /* RFC 8017 section 5.2.2: a signature representative that is not below the modulus is refused. */
    const bool below = mbedtls_mpi_core_sub(scratch->product, scratch->base, key->n, words) != 0;
    scratch->step = below ? INTO_FORM : OVER;
    return ward_status_of(below ? WARD_OK : WARD_SIGNATURE_INVALID);
}

static struct ward_status compare(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                  struct ward_rsa_scratch *scratch)
{
    const size_t length = ward_key_signature_length(key);
    uint8_t *const block = (uint8_t *)scratch->base;
    words_to_bytes(block, length, scratch->power);
    return ward_pkcs1_check(block, length, digest, (uint8_t *)scratch->product);
}

struct ward_status ward_crypto_verify_step(const struct ward_key *key, const uint8_t digest[WARD_SHA256_SIZE],
                                           const uint8_t *signature, struct ward_rsa_scratch *scratch)
{
    const uint32_t step = scratch->step;
    const uint32_t *left = scratch->power;
    const uint32_t *right = scratch->power;
    (void)signature;
    if (step > COMPARE)
        return ward_status_of(WARD_CRYPTO_FAILED);
    scratch->step = step + 1u;
    if (step == COMPARE)
        return compare(key, digest, scratch);
    if (step == INTO_FORM || step == OUT_OF_FORM)
        right = scratch->base;
    if (step == INTO_FORM)
        left = key->prepared;
    multiply(scratch, left, right, key);
    return ward_status_of(WARD_UNFINISHED);
}

void ward_crypto_verify_abort(struct ward_rsa_scratch *scratch)
{
    scratch->step = OVER;
}
