/* SPDX-License-Identifier: Apache-2.0 */
/* One key of a set: which are usable, and why the others are not. */
#include "token.h"

static struct ward_jwks set;
static struct ward_jwks_report report;
static char json[4096];

/* A set of one key whose members are the given ones; only kid, n and e come from KEY_A where the format says so. */
static struct ward_status read_key(const char *members)
{
    size_t length = 0;
    const char *const parts[] = { "{\"keys\":[{", members, "}]}" };
    for (size_t i = 0; i < 3; i++) {
        memcpy(json + length, parts[i], strlen(parts[i]));
        length += strlen(parts[i]);
    }
    return jwks_read(json, length, &set, &report);
}

/* The usual key with other members in front. */
static struct ward_status read_usual(const char *members)
{
    static char key[2048];
    const size_t length = jwk_write(key, KEY_A, members);
    key[length - 1] = '\0';
    return read_key(key + 1);
}

static void check_skipped(struct ward_status status, enum ward_code reason)
{
    CHECK_STATUS(status, WARD_JWKS_NO_USABLE_KEY);
    CHECK_STATUS(report.last_skipped, reason);
    CHECK_NUMBER(report.skipped, 1);
    CHECK_NUMBER(report.seen, 1);
    CHECK_ZERO(set);
}

#define CHECK_USABLE(members) CHECK_STATUS(read_usual(members), WARD_OK)
#define CHECK_SKIPPED(members, reason) check_skipped(read_usual(members), reason)

TEST(takes_a_key_with_every_member_that_ward_reads)
{
    CHECK_USABLE("\"kid\":\"a\",\"use\":\"sig\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"],");
    CHECK_NUMBER(set.count, 1);
    CHECK_NUMBER(set.key[0].bits, 2048);
    CHECK_NUMBER(set.key[0].kid_length, 1);
    CHECK_NUMBER(set.key[0].kid[0], 'a');
    CHECK_NUMBER(report.seen, 1);
    CHECK_NUMBER(report.skipped, 0);
    CHECK_ZERO(report.last_skipped);
}

TEST(takes_a_key_with_nothing_but_its_numbers)
{
    CHECK_USABLE("");
    CHECK_NUMBER(set.key[0].kid_length, 0);
}

TEST(skips_members_that_it_does_not_read)
{
    CHECK_USABLE("\"x5t\":\"abc\",\"x5c\":[\"MIIC\",[{\"n\":\"AA\"}]],\"x\":{\"n\":1,\"use\":\"enc\",\"kty\":{}},"
                 "\"ext\":true,\"N\":5,");
    CHECK_USABLE("\"key_op\":[\"sign\"],\"key_opsx\":1,\"\":null,\"a_member_with_a_long_name\":0,\"kida\":7,");
}

TEST(reads_members_whose_names_and_values_are_escaped)
{
    CHECK_USABLE("\"k\\u0069d\":\"\\u0061\\u00e9\",\"\\u0075se\":\"s\\u0069g\",");
    CHECK_NUMBER(set.key[0].kid_length, 3);
    CHECK(memcmp(set.key[0].kid, "a\xc3\xa9", 3) == 0);
    CHECK_SKIPPED("\"\\u0075se\":\"enc\",", WARD_JWK_USE_REFUSED);
}

TEST(skips_keys_for_other_uses)
{
    CHECK_SKIPPED("\"use\":\"enc\",", WARD_JWK_USE_REFUSED);
    CHECK_SKIPPED("\"use\":\"\",", WARD_JWK_USE_REFUSED);
    CHECK_SKIPPED("\"use\":\"SIG\",", WARD_JWK_USE_REFUSED);
    CHECK_SKIPPED("\"use\":\"signature\",", WARD_JWK_USE_REFUSED);
    CHECK_SKIPPED("\"use\":null,", WARD_JWK_USE_REFUSED);
    CHECK_SKIPPED("\"use\":[\"sig\"],", WARD_JWK_USE_REFUSED);
    CHECK_SKIPPED("\"use\":{\"sig\":\"sig\"},", WARD_JWK_USE_REFUSED);
}

TEST(skips_keys_that_may_not_verify)
{
    CHECK_SKIPPED("\"key_ops\":[],", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_SKIPPED("\"key_ops\":[\"sign\"],", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_SKIPPED("\"key_ops\":[\"verifyy\",\"verif\"],", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_SKIPPED("\"key_ops\":[[\"verify\"],{\"verify\":\"verify\"},1],", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_SKIPPED("\"key_ops\":\"verify\",", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_SKIPPED("\"key_ops\":{\"a\":\"verify\"},", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_SKIPPED("\"key_ops\":true,", WARD_JWK_OPERATIONS_REFUSED);
    CHECK_USABLE("\"key_ops\":[\"sign\",\"verify\",3],");
    CHECK_USABLE("\"key_ops\":[\"verify\",{\"a\":{}},[{}]],");
}

TEST(skips_keys_for_other_algorithms)
{
    CHECK_SKIPPED("\"alg\":\"PS256\",", WARD_JWK_ALGORITHM_REFUSED);
    CHECK_SKIPPED("\"alg\":\"RS384\",", WARD_JWK_ALGORITHM_REFUSED);
    CHECK_SKIPPED("\"alg\":\"rs256\",", WARD_JWK_ALGORITHM_REFUSED);
    CHECK_SKIPPED("\"alg\":\"RS256 \",", WARD_JWK_ALGORITHM_REFUSED);
    CHECK_SKIPPED("\"alg\":\"RSA-OAEP\",", WARD_JWK_ALGORITHM_REFUSED);
    CHECK_SKIPPED("\"alg\":256,", WARD_JWK_ALGORITHM_REFUSED);
    CHECK_SKIPPED("\"alg\":null,", WARD_JWK_ALGORITHM_REFUSED);
}

TEST(skips_keys_that_are_not_rsa)
{
    check_skipped(read_key("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"e\""),
                  WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key("\"kty\":\"oct\",\"k\":\"AA\""), WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key("\"kty\":\"rsa\",\"n\":\"AA\",\"e\":\"AQAB\""), WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key("\"kty\":\"RSA1\",\"n\":\"AA\",\"e\":\"AQAB\""), WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key("\"kty\":1"), WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key("\"kid\":\"a\",\"n\":\"AA\""), WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key(""), WARD_JWK_TYPE_REFUSED);
    check_skipped(read_key("\"alg\":\"ES256\",\"use\":\"enc\",\"kty\":\"EC\""), WARD_JWK_TYPE_REFUSED);
}

static struct ward_status read_exponent(const char *exponent)
{
    static char members[2048];
    const char *const parts[] = { "\"kty\":\"RSA\",\"n\":\"", test_public_keys[KEY_A].n, "\",\"e\":\"", exponent,
                                  "\"" };
    size_t length = 0;
    for (size_t i = 0; i < 5; i++) {
        memcpy(members + length, parts[i], strlen(parts[i]) + 1);
        length += strlen(parts[i]);
    }
    return read_key(members);
}

TEST(skips_exponents_other_than_65537)
{
    /* 3, 1, with padding, 65537 and a byte more, none, 65538, 2^32 - 1, 2^32 + 1, 2^32 + 65537, 1 after zeros, unused
     * bits, one character, 65537 and a byte that 32 bits shift out. */
    static const char *const exponents[] = {
        "Aw",          "AQ",     "AQAB==", "AQABAAE", "",       "AQAC", "_____w",     "AQAAAAE",        "AQABAAE",
        "AQAAAAABAAE", "AAAAAQ", "AQABA",  "AQABAB",  "AAEAAR", "A",    "AQABAAAAAA", "AQAAAAAAAAEAAQ", "AQ+B"
    };
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++)
        check_skipped(read_exponent(exponents[i]), WARD_JWK_EXPONENT_REFUSED);
}

TEST(strips_zero_bytes_before_an_exponent)
{
    /* 0 1 0 1; 0 0 1 0 1; 0 0 0 1 0 1 and nine zeros more. */
    static const char *const exponents[] = { "AQAB", "AAEAAQ", "AAABAAE", "AAAAAQAB", "AAAAAAAAAAAAAAAAAQAB" };
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++) {
        CHECK_STATUS(read_exponent(exponents[i]), WARD_OK);
        CHECK_NUMBER(set.count, 1);
    }
}

/* Whichever of `n` and `e` comes first: they share a decoder. */
TEST(reads_numbers_in_any_order)
{
    static char members[2048];
    const char *const parts[] = { "\"e\":\"AQAB\",\"kid\":\"a\",\"n\":\"", test_public_keys[KEY_A].n,
                                  "\",\"kty\":\"RSA\"" };
    size_t length = 0;
    for (size_t i = 0; i < 3; i++) {
        memcpy(members + length, parts[i], strlen(parts[i]) + 1);
        length += strlen(parts[i]);
    }
    CHECK_STATUS(read_key(members), WARD_OK);
    CHECK_NUMBER(set.key[0].bits, 2048);
}

static struct ward_status read_modulus(const char *n)
{
    static char members[2048];
    const char *const parts[] = { "\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"", n, "\"" };
    size_t length = 0;
    for (size_t i = 0; i < 3; i++) {
        memcpy(members + length, parts[i], strlen(parts[i]) + 1);
        length += strlen(parts[i]);
    }
    return read_key(members);
}

/* "A" and "_" repeated: moduli of zeros and of ones. */
static const char *repeated(const char *begin, char c, size_t count, const char *end)
{
    static char n[2048];
    const size_t length = strlen(begin);
    memcpy(n, begin, length);
    memset(n + length, c, count);
    memcpy(n + length + count, end, strlen(end) + 1);
    return n;
}

TEST(skips_a_key_without_exponent)
{
    static char key[1024];
    const size_t length = jwk_write(key, KEY_A, "");
    key[length - strlen(",\"e\":\"AQAB\"}")] = '\0';
    check_skipped(read_key(key + 1), WARD_JWK_EXPONENT_REFUSED);
}

TEST(skips_moduli_that_are_too_short)
{
    check_skipped(read_modulus(test_public_keys[KEY_SHORT].n), WARD_JWK_MODULUS_TOO_SHORT);
    /* 2047 bits: 256 bytes whose first is 0x7f. */
    check_skipped(read_modulus(repeated("f_", '_', 338, "_w")), WARD_JWK_MODULUS_TOO_SHORT);
    check_skipped(read_modulus("AQ"), WARD_JWK_MODULUS_TOO_SHORT);
}

TEST(takes_a_modulus_of_exactly_2048_bits)
{
    /* 256 bytes of 0xff: no product of two primes, but odd and of the right length. */
    CHECK_STATUS(read_modulus(repeated("__", '_', 339, "w")), WARD_OK);
    CHECK_NUMBER(set.key[0].bits, 2048);
    CHECK_NUMBER(set.key[0].n[0], 0xffffffffu);
}

TEST(skips_moduli_that_are_even_missing_or_no_base64url)
{
    check_skipped(read_modulus(repeated("__", '_', 338, "_g")), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_modulus(repeated("__", '_', 338, "_x")), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_modulus(repeated("__", '_', 338, "_w==")), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_modulus(repeated("__", '+', 338, "_w")), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_modulus(""), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_modulus("AAAA"), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_key("\"kty\":\"RSA\",\"e\":\"AQAB\""), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_key("\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":5"), WARD_JWK_MODULUS_INVALID);
    check_skipped(read_key("\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":[\"AQ\"]"), WARD_JWK_MODULUS_INVALID);
}

TEST(strips_one_leading_zero_byte_and_no_more)
{
    /* Java writes the sign byte: 257 bytes, the first of them zero. */
    CHECK_STATUS(read_modulus(repeated("AP", '_', 340, "8")), WARD_OK);
    CHECK_NUMBER(set.key[0].bits, 2048);
    check_skipped(read_modulus(repeated("AAD", '_', 341, "")), WARD_JWK_MODULUS_INVALID);
}

TEST(names_the_limit_that_a_modulus_breaks)
{
    const size_t threes = WARD_MAX_RSA_BITS / 24 + 2;
    CHECK_STATUS(read_modulus(repeated("", '_', threes * 4, "")),
                 threes * 24 <= 4096 ? WARD_JWKS_LIMIT_RSA_BITS : WARD_JWKS_NO_USABLE_KEY);
    CHECK_STATUS(report.last_skipped, WARD_JWK_MODULUS_TOO_LONG);
    check_skipped(read_modulus(repeated("", '_', 1400, "")), WARD_JWK_MODULUS_TOO_LONG);
    /* 4096 bits, to which the limit can be raised. */
    CHECK_STATUS(read_modulus(repeated("", '_', 682, "8")),
                 WARD_MAX_RSA_BITS < 4096 ? WARD_JWKS_LIMIT_RSA_BITS : WARD_OK);
}

TEST(skips_kids_that_are_empty_or_no_text)
{
    CHECK_SKIPPED("\"kid\":\"\",", WARD_JWK_KID_INVALID);
    CHECK_SKIPPED("\"kid\":1,", WARD_JWK_KID_INVALID);
    CHECK_SKIPPED("\"kid\":null,", WARD_JWK_KID_INVALID);
    CHECK_SKIPPED("\"kid\":[\"a\"],", WARD_JWK_KID_INVALID);
}

TEST(takes_the_longest_kid_and_names_the_limit_after_it)
{
    char members[WARD_MAX_KID + 16] = "\"kid\":\"";
    memset(members + 7, 'k', WARD_MAX_KID);
    memcpy(members + 7 + WARD_MAX_KID, "\",", 3);
    CHECK_USABLE(members);
    CHECK_NUMBER(set.key[0].kid_length, WARD_MAX_KID);
    memcpy(members + 7 + WARD_MAX_KID, "k\",", 4);
    CHECK_STATUS(read_usual(members), WARD_MAX_KID < 128 ? WARD_JWKS_LIMIT_KID : WARD_JWKS_NO_USABLE_KEY);
    CHECK_STATUS(report.last_skipped, WARD_JWK_KID_TOO_LONG);
}

TEST(refuses_the_set_when_a_member_stands_twice)
{
    CHECK_STATUS(read_usual("\"kty\":\"RSA\","), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_STATUS(read_usual("\"kid\":\"a\",\"kid\":\"a\","), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_STATUS(read_usual("\"n\":\"AQ\","), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_STATUS(read_usual("\"e\":\"AQAB\","), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_STATUS(read_usual("\"use\":\"sig\",\"us\\u0065\":\"sig\","), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_STATUS(read_usual("\"alg\":\"RS256\",\"alg\":\"RS256\","), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_STATUS(read_usual("\"key_ops\":[],\"key_ops\":[],"), WARD_JWKS_DUPLICATE_MEMBER);
    CHECK_ZERO(set);
}

SUITE(jwk, CASE(takes_a_key_with_every_member_that_ward_reads), CASE(takes_a_key_with_nothing_but_its_numbers),
      CASE(skips_members_that_it_does_not_read), CASE(reads_members_whose_names_and_values_are_escaped),
      CASE(skips_keys_for_other_uses), CASE(skips_keys_that_may_not_verify), CASE(skips_keys_for_other_algorithms),
      CASE(skips_keys_that_are_not_rsa), CASE(skips_exponents_other_than_65537),
      CASE(strips_zero_bytes_before_an_exponent), CASE(reads_numbers_in_any_order), CASE(skips_a_key_without_exponent),
      CASE(skips_moduli_that_are_too_short), CASE(takes_a_modulus_of_exactly_2048_bits),
      CASE(skips_moduli_that_are_even_missing_or_no_base64url), CASE(strips_one_leading_zero_byte_and_no_more),
      CASE(names_the_limit_that_a_modulus_breaks), CASE(skips_kids_that_are_empty_or_no_text),
      CASE(takes_the_longest_kid_and_names_the_limit_after_it), CASE(refuses_the_set_when_a_member_stands_twice));
