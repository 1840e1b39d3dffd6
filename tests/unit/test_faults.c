/* The crypto backend fails once at each place: nothing is ever accepted, and nothing is left behind. */
#include "crypto_faults.h"
#include "token.h"

static struct test_token token;
static struct ward_claims claims;

/* What a backend might return in place of WARD_OK. */
static const uint32_t failures[] = { WARD_CRYPTO_FAILED, WARD_SIGNATURE_INVALID, WARD_NO_RESULT, 1, UINT32_MAX, ~(uint32_t)WARD_OK };

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
    CHECK_NUMBER(calls, 4);
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

TEST(a_fault_while_a_key_is_prepared_refuses_the_set)
{
    static struct ward_jwks set;
    static char json[1024];
    memcpy(json, "{\"keys\":[", 9);
    const size_t length = 9 + jwk_write(json + 9, KEY_A, "\"kid\":\"a\",");
    memcpy(json + length, "]}", 2);
    memset(&set, 0x5a, sizeof set);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(jwks_read(json, length + 2, &set, NULL), WARD_CRYPTO_FAILED);
    CHECK_ZERO(set);
    CHECK_ZERO(test_work);
    crypto_fail_at(0, 0);
    CHECK_STATUS(jwks_read(json, length + 2, &set, NULL), WARD_OK);
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
    token.length--;
    crypto_fail_at(0, 0);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_SIGNATURE_LENGTH);
    CHECK_NUMBER(crypto_rsa_calls(), 0);
}

SUITE(faults, CASE(no_fault_in_a_check_accepts), CASE(a_fault_while_a_key_is_prepared_refuses_the_set),
      CASE(a_good_check_leaves_only_the_table_of_values),
      CASE(each_check_does_one_rsa_operation_and_a_refused_header_none));
