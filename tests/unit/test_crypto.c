/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto seam: whatever backend is linked. */
#include "platform.h"
#include "token.h"
#include "ward/port/crypto.h"

static struct ward_rsa_scratch scratch;
static struct ward_jwks set;

static const struct ward_key *key_of(enum test_key key)
{
    static char json[1024];
    memcpy(json, "{\"keys\":[", 9);
    const size_t length = 9 + jwk_write(json + 9, key, "\"kid\":\"k\",");
    memcpy(json + length, "]}", 2);
    CHECK_STATUS(jwks_read(json, length + 2, &set, NULL), WARD_OK);
    return &set.key[0];
}

static void check_digest(const char *data, const char *hex)
{
    struct ward_sha256 sha;
    uint8_t digest[WARD_SHA256_SIZE];
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, data, strlen(data)), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, digest), WARD_OK);
    for (size_t i = 0; i < sizeof digest; i++) {
        static const char digits[] = "0123456789abcdef";
        CHECK_NUMBER(hex[2 * i], digits[digest[i] >> 4]);
        CHECK_NUMBER(hex[2 * i + 1], digits[digest[i] & 15]);
    }
}

TEST(hashes_the_examples_of_fips_180)
{
    check_digest("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_digest("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(a_digest_in_pieces_is_that_of_the_whole)
{
    struct ward_sha256 sha;
    uint8_t pieces[WARD_SHA256_SIZE];
    uint8_t whole[WARD_SHA256_SIZE];
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, "header.payload", 14), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, "", 0), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, ".signature", 10), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, pieces), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, "header.payload.signature", 24), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_end(&sha, whole), WARD_OK);
    CHECK(memcmp(whole, pieces, sizeof whole) == 0);
}

TEST(one_that_is_aborted_leaves_room_for_the_next)
{
    struct ward_sha256 sha;
    CHECK_STATUS(ward_crypto_sha256_start(&sha), WARD_OK);
    CHECK_STATUS(ward_crypto_sha256_update(&sha, "given up", 8), WARD_OK);
    ward_crypto_sha256_abort(&sha);
    check_digest("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void check_signature(enum test_key key)
{
    uint8_t signature[512];
    uint8_t digest[WARD_SHA256_SIZE];
    memset(digest, 0x3c, sizeof digest);
    const struct ward_key *const public = key_of(key);
    const size_t length = test_sign(key, digest, signature);
    CHECK_NUMBER(length, ward_key_signature_length(public));
    CHECK_NUMBER(public->bits, test_public_keys[key].bits);
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_OK);
    signature[length - 1] ^= 1;
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    signature[length - 1] ^= 1;
    signature[1] ^= 0x40;
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    signature[1] ^= 0x40;
    digest[0] ^= 1;
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
}

TEST(checks_signatures_of_2048_bits)
{
    check_signature(KEY_A);
    check_signature(KEY_B);
}

#if WARD_MAX_RSA_BITS >= 4096
TEST(checks_signatures_of_3072_and_4096_bits)
{
    check_signature(KEY_M);
    check_signature(KEY_L);
}

TEST(checks_signatures_of_a_length_that_is_no_multiple_of_a_word)
{
    check_signature(KEY_ODD);
}
#endif

/* n + 1, n, 0 and 1 as signatures: RFC 8017 section 5.2.2 has only what is below n. */
TEST(refuses_a_signature_that_is_not_below_the_modulus)
{
    const struct ward_key *const public = key_of(KEY_A);
    uint8_t digest[WARD_SHA256_SIZE] = { 0 };
    uint8_t signature[256];
    for (size_t i = 0; i < sizeof signature; i++)
        signature[255 - i] = (uint8_t)(public->n[i / 4] >> (8 * (i % 4)));
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    signature[255]++;
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    memset(signature, 0xff, sizeof signature);
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    memset(signature, 0, sizeof signature);
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
    signature[255] = 1;
    CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
}

/* signature + n raises to the same block: without the range check one signature would have a second form. */
TEST(refuses_a_good_signature_with_the_modulus_added)
{
    const struct ward_key *const public = key_of(KEY_A);
    uint8_t signature[512];
    uint8_t digest[WARD_SHA256_SIZE];
    for (unsigned try = 0; try < 64; try++) {
        unsigned carry = 0;
        memset(digest, (int)try, sizeof digest);
        test_sign(KEY_A, digest, signature);
        for (size_t i = 0; i < 256; i++) {
            const unsigned sum = signature[255 - i] + (uint8_t)(public->n[i / 4] >> (8 * (i % 4))) + carry;
            signature[255 - i] = (uint8_t)sum;
            carry = sum >> 8;
        }
        if (carry != 0)
            continue;
        CHECK_STATUS(ward_signature_verify(public, digest, signature, &scratch), WARD_SIGNATURE_INVALID);
        return;
    }
    check_failed(__FILE__, __LINE__, "every sum", "longer than 256 bytes", "one that fits");
}

/* R² does not depend on the backend: Python's pow(2, 64 * words, n) has the same lowest word. One that keeps nothing writes zeros. */
TEST(prepares_keys_alike)
{
    const struct ward_key *const public = key_of(KEY_A);
    struct ward_key again = *public;
    memset(again.prepared, 0xff, sizeof again.prepared);
    CHECK_STATUS(ward_crypto_key_prepare(&again, &scratch), WARD_OK);
    CHECK(memcmp(&again, public, sizeof again) == 0);
    CHECK_NUMBER(again.prepared[0], platform_prepares_keys() ? test_public_keys[KEY_A].r_squared : 0);
}

/* mbedtls_rsa and PSA work in an arena: with too small a one each of its steps fails in turn, and nothing is ever accepted. */
TEST(an_exhausted_arena_is_a_failure_and_no_verdict)
{
    static struct ward_key key;
    uint8_t signature[512];
    uint8_t digest[WARD_SHA256_SIZE] = { 7 };
    size_t enough_to_check = 0;
    size_t enough_to_prepare = 0;
    const struct ward_key good = *key_of(KEY_A);
    test_sign(KEY_A, digest, signature);
    for (size_t size = 256; size <= 16384 && platform_set_arena(size); size += 64) {
        key = good;
        const struct ward_status checked = ward_signature_verify(&key, digest, signature, &scratch);
        const struct ward_status prepared = ward_crypto_key_prepare(&key, &scratch);
        if (ward_ok(checked))
            enough_to_check = enough_to_check > 0 ? enough_to_check : size;
        else
            CHECK_STATUS(checked, WARD_CRYPTO_FAILED);
        if (ward_ok(prepared))
            enough_to_prepare = enough_to_prepare > 0 ? enough_to_prepare : size;
        else
            CHECK_STATUS(prepared, WARD_CRYPTO_FAILED);
        CHECK(platform_is_idle());
    }
    platform_begin();
    CHECK((enough_to_check > 0) == (enough_to_prepare > 0));
}

SUITE(crypto, CASE(hashes_the_examples_of_fips_180), CASE(a_digest_in_pieces_is_that_of_the_whole),
      CASE(one_that_is_aborted_leaves_room_for_the_next), CASE(checks_signatures_of_2048_bits),
#if WARD_MAX_RSA_BITS >= 4096
      CASE(checks_signatures_of_3072_and_4096_bits), CASE(checks_signatures_of_a_length_that_is_no_multiple_of_a_word),
#endif
      CASE(refuses_a_signature_that_is_not_below_the_modulus), CASE(refuses_a_good_signature_with_the_modulus_added),
      CASE(prepares_keys_alike), CASE(an_exhausted_arena_is_a_failure_and_no_verdict));
