/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto backend fails once at each place: nothing is ever accepted, and nothing is left behind. */
#include "crypto_faults.h"
#include "platform.h"
#include "token.h"

static struct test_token token;
static struct ward_claims claims;

/* What a backend might return in place of WARD_OK. */
static const uint32_t failures[] = { WARD_CRYPTO_FAILED, WARD_SIGNATURE_INVALID, WARD_NO_RESULT, 1,
                                     UINT32_MAX,         ~(uint32_t)WARD_OK };

static void check_nothing_left(void)
{
    CHECK_ZERO(claims);
    CHECK_ZERO(test_work);
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(token.data[i], 0);
}

static unsigned calls_of_a_check(void)
{
    token_make_usual(&token);
    crypto_fail_at(0, 0);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
    return crypto_calls();
}

TEST(no_fault_in_a_check_accepts)
{
    usual_keys();
    const unsigned calls = calls_of_a_check();
    /* SHA-256 takes three, the signature one to begin and its steps. */
    CHECK_NUMBER(calls, 4 + platform_steps());
    for (unsigned call = 1; call <= calls; call++) {
        for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
            token_make_usual(&token);
            memset(&test_work, 0x5a, sizeof test_work);
            crypto_fail_at(call, failures[i]);
            const struct ward_status status = verify(&token, &usual_expect, &claims);
            CHECK_NUMBER(status.code, failures[i]);
            CHECK(!ward_ok(status));
            CHECK_NUMBER(crypto_calls(), call);
            check_nothing_left();
        }
    }
    crypto_fail_at(0, 0);
}

/* A set of KEY_A as "a" and KEY_B as "b", read while call `fault` returns `code`. */
static struct ward_status read_keys(struct ward_jwks *set, unsigned fault, uint32_t code)
{
    static char json[2048];
    memcpy(json, "{\"keys\":[", 9);
    size_t length = 9 + jwk_write(json + 9, KEY_A, "\"kid\":\"a\",");
    json[length++] = ',';
    length += jwk_write(json + length, KEY_B, "\"kid\":\"b\",");
    memcpy(json + length, "]}", 2);
    memset(set, 0x5a, sizeof *set);
    memset(&test_work, 0x5a, sizeof test_work);
    crypto_fail_at(fault, code);
    const struct ward_status status = jwks_read(json, length + 2, set, NULL);
    CHECK_NUMBER(crypto_calls(), fault == 1 && code == WARD_CRYPTO_FAILED ? 1 : 2);
    crypto_fail_at(0, 0);
    return status;
}

TEST(a_fault_while_a_key_is_prepared_refuses_the_set)
{
    static struct ward_jwks set;
    for (unsigned fault = 1; fault <= 2; fault++) {
        CHECK_STATUS(read_keys(&set, fault, WARD_CRYPTO_FAILED), WARD_CRYPTO_FAILED);
        CHECK_ZERO(set);
        CHECK_ZERO(test_work);
        CHECK_STATUS(read_keys(&set, 0, 0), WARD_OK);
        CHECK_NUMBER(set.count, 2);
    }
}

/* A result that no backend should give: the other key is there, the one that was not prepared is not. */
TEST(a_key_whose_preparation_did_not_succeed_is_never_used)
{
    static struct ward_jwks set;
    for (unsigned fault = 1; fault <= 2; fault++) {
        for (size_t i = 1; i < sizeof failures / sizeof failures[0]; i++) {
            CHECK_STATUS(read_keys(&set, fault, failures[i]), WARD_OK);
            CHECK_NUMBER(set.count, 1);
            CHECK(ward_jwks_find(&set, text(fault == 1 ? "a" : "b")) == NULL);
            CHECK(ward_jwks_find(&set, text(fault == 1 ? "b" : "a")) != NULL);
            CHECK_ZERO(test_work);
        }
    }
}

TEST(a_good_check_leaves_only_the_table_of_values)
{
    token_make_usual(&token);
    memset(&test_work, 0x5a, sizeof test_work);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
    const uint8_t *const bytes = (const uint8_t *)&test_work;
    for (size_t i = claims.count * 16u; i < sizeof test_work; i++)
        CHECK_NUMBER(bytes[i], 0);
}

TEST(each_check_does_one_rsa_operation_and_a_refused_header_none)
{
    calls_of_a_check();
    CHECK_NUMBER(crypto_rsa_calls(), 1);
    token_make(&token, KEY_A, "{\"alg\":\"HS256\",\"kid\":\"a\"}", USUAL_PAYLOAD);
    crypto_fail_at(0, 0);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_ALGORITHM_REFUSED);
    CHECK_NUMBER(crypto_calls(), 0);
    token_make_usual(&token);
    token.length -= 2;
    crypto_fail_at(0, 0);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_SIGNATURE_LENGTH);
    CHECK_NUMBER(crypto_rsa_calls(), 0);
}

SUITE(faults, CASE(no_fault_in_a_check_accepts), CASE(a_fault_while_a_key_is_prepared_refuses_the_set),
      CASE(a_key_whose_preparation_did_not_succeed_is_never_used), CASE(a_good_check_leaves_only_the_table_of_values),
      CASE(each_check_does_one_rsa_operation_and_a_refused_header_none));
