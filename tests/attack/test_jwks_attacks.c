/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks through the key set: see jwks.def; and keys that an attacker would like to see used. */
#include "token.h"

/* KEY_A's and KEY_B's numbers stand where these marks stand. */
#define N "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"AQAB\""
#define K "{\"kid\":\"a\"," N "}"
#define OTHER "{\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"@B\",\"e\":\"AQAB\"}"

static struct ward_jwks set;
static struct ward_jwks_report report;

static struct ward_status read_set(const char *pattern, size_t size)
{
    static char json[8192];
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (pattern[i] == '@') {
            const char *const n = test_public_keys[pattern[++i] == 'A' ? KEY_A : KEY_B].n;
            memcpy(json + length, n, strlen(n));
            length += strlen(n);
        } else {
            json[length++] = pattern[i];
        }
    }
    return jwks_read(json, length, &set, &report);
}

#define ATTACK(name, json, result)                                                                                     \
    TEST(refuses_##name)                                                                                               \
    {                                                                                                                  \
        CHECK_STATUS(read_set(json, sizeof(json) - 1), result);                                                        \
        CHECK_ZERO(set);                                                                                               \
    }
#include "jwks.def"
#undef ATTACK

/* A key that is skipped: a token under its kid then finds none. */
#define SKIPPED(name, members, reason)                                                                                 \
    TEST(never_uses_##name)                                                                                            \
    {                                                                                                                  \
        static const char json[] =                                                                                     \
            "{\"keys\":[{\"kid\":\"b\",\"kty\":\"RSA\",\"n\":\"@B\",\"e\":\"AQAB\"},{\"kid\":\"a\"," members "}]}";    \
        CHECK_STATUS(read_set(json, sizeof json - 1), WARD_OK);                                                        \
        CHECK_STATUS(report.last_skipped, reason);                                                                     \
        CHECK(ward_jwks_find(&set, text("a")) == NULL);                                                                \
        CHECK_NUMBER(set.count, 1);                                                                                    \
    }

SKIPPED(an_exponent_of_1, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"AQ\"", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(an_exponent_of_3, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"Aw\"", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(an_exponent_as_long_as_the_modulus, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"@A\"", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(an_exponent_of_1_after_zeros, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"AAAAAAAAAAE\"", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(an_exponent_that_32_bits_would_wrap, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"AQAAAAABAAE\"",
        WARD_JWK_EXPONENT_REFUSED)
SKIPPED(an_exponent_with_padding, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":\"AAEAAQ==\"", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(a_use_that_is_null, "\"use\":null," N, WARD_JWK_USE_REFUSED)
SKIPPED(an_exponent_that_is_a_number, "\"kty\":\"RSA\",\"n\":\"@A\",\"e\":65537", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(a_key_without_exponent, "\"kty\":\"RSA\",\"n\":\"@A\"", WARD_JWK_EXPONENT_REFUSED)
SKIPPED(a_modulus_of_1, "\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"", WARD_JWK_MODULUS_TOO_SHORT)
SKIPPED(a_modulus_of_0, "\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\"", WARD_JWK_MODULUS_INVALID)
SKIPPED(a_modulus_with_padding, "\"kty\":\"RSA\",\"n\":\"@A==\",\"e\":\"AQAB\"", WARD_JWK_MODULUS_INVALID)
SKIPPED(a_modulus_with_a_newline, "\"kty\":\"RSA\",\"n\":\"\\n@A\",\"e\":\"AQAB\"", WARD_JWK_MODULUS_INVALID)
SKIPPED(a_modulus_in_plain_base64, "\"kty\":\"RSA\",\"n\":\"+/@A\",\"e\":\"AQAB\"", WARD_JWK_MODULUS_INVALID)
SKIPPED(a_modulus_that_is_missing, "\"kty\":\"RSA\",\"e\":\"AQAB\"", WARD_JWK_MODULUS_INVALID)
SKIPPED(an_elliptic_curve_key, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"@A\",\"y\":\"@A\"", WARD_JWK_TYPE_REFUSED)
SKIPPED(a_symmetric_key, "\"kty\":\"oct\",\"k\":\"@A\"", WARD_JWK_TYPE_REFUSED)
SKIPPED(a_key_without_type, "\"n\":\"@A\",\"e\":\"AQAB\"", WARD_JWK_TYPE_REFUSED)
SKIPPED(a_type_in_small_letters, "\"kty\":\"rsa\",\"n\":\"@A\",\"e\":\"AQAB\"", WARD_JWK_TYPE_REFUSED)
SKIPPED(an_encryption_key, "\"use\":\"enc\"," N, WARD_JWK_USE_REFUSED)
SKIPPED(a_use_that_is_an_array, "\"use\":[\"sig\"]," N, WARD_JWK_USE_REFUSED)
SKIPPED(a_use_that_is_empty, "\"use\":\"\"," N, WARD_JWK_USE_REFUSED)
SKIPPED(a_key_that_only_signs, "\"key_ops\":[\"sign\"]," N, WARD_JWK_OPERATIONS_REFUSED)
SKIPPED(operations_that_are_empty, "\"key_ops\":[]," N, WARD_JWK_OPERATIONS_REFUSED)
SKIPPED(operations_that_are_a_string, "\"key_ops\":\"verify\"," N, WARD_JWK_OPERATIONS_REFUSED)
SKIPPED(operations_one_level_down, "\"key_ops\":[[\"verify\"]]," N, WARD_JWK_OPERATIONS_REFUSED)
SKIPPED(a_key_for_ps256, "\"alg\":\"PS256\"," N, WARD_JWK_ALGORITHM_REFUSED)
SKIPPED(a_key_for_rs512, "\"alg\":\"RS512\"," N, WARD_JWK_ALGORITHM_REFUSED)
SKIPPED(a_key_for_hs256, "\"alg\":\"HS256\"," N, WARD_JWK_ALGORITHM_REFUSED)
SKIPPED(a_key_for_none, "\"alg\":\"none\"," N, WARD_JWK_ALGORITHM_REFUSED)
SKIPPED(an_algorithm_that_is_null, "\"alg\":null," N, WARD_JWK_ALGORITHM_REFUSED)
#undef SKIPPED

#define ATTACK(name, json, result) CASE(refuses_##name),
static const struct test_case cases[] = {
#include "jwks.def"
    CASE(never_uses_an_exponent_of_1),
    CASE(never_uses_an_exponent_of_3),
    CASE(never_uses_an_exponent_as_long_as_the_modulus),
    CASE(never_uses_an_exponent_of_1_after_zeros),
    CASE(never_uses_an_exponent_that_32_bits_would_wrap),
    CASE(never_uses_an_exponent_with_padding),
    CASE(never_uses_a_use_that_is_null),
    CASE(never_uses_an_exponent_that_is_a_number),
    CASE(never_uses_a_key_without_exponent),
    CASE(never_uses_a_modulus_of_1),
    CASE(never_uses_a_modulus_of_0),
    CASE(never_uses_a_modulus_with_padding),
    CASE(never_uses_a_modulus_with_a_newline),
    CASE(never_uses_a_modulus_in_plain_base64),
    CASE(never_uses_a_modulus_that_is_missing),
    CASE(never_uses_an_elliptic_curve_key),
    CASE(never_uses_a_symmetric_key),
    CASE(never_uses_a_key_without_type),
    CASE(never_uses_a_type_in_small_letters),
    CASE(never_uses_an_encryption_key),
    CASE(never_uses_a_use_that_is_an_array),
    CASE(never_uses_a_use_that_is_empty),
    CASE(never_uses_a_key_that_only_signs),
    CASE(never_uses_operations_that_are_empty),
    CASE(never_uses_operations_that_are_a_string),
    CASE(never_uses_operations_one_level_down),
    CASE(never_uses_a_key_for_ps256),
    CASE(never_uses_a_key_for_rs512),
    CASE(never_uses_a_key_for_hs256),
    CASE(never_uses_a_key_for_none),
    CASE(never_uses_an_algorithm_that_is_null)
};
extern const struct test_suite jwks_attacks_suite;
const struct test_suite jwks_attacks_suite = { "jwks_attacks", cases, sizeof cases / sizeof cases[0] };
