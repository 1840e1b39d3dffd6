/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 on the one engine of tests/engine/engine.c. That nothing copies a hash, and that each case leaves the engine free, all unit
 * tests hold with it (crypto_run_case()); here is what happens while another task has it. */
#include "crypto_faults.h"
#include "sha256_alt.h"
#include "token.h"
#include "ward/port/crypto.h"
#include "ward/port/service.h"

static struct test_token token;
static struct ward_claims claims;

TEST(a_check_takes_the_engine_once_and_gives_it_back)
{
    token_make_usual(&token);
    const unsigned before = engine_uses();
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
    CHECK_NUMBER(engine_uses() - before, 1);
    CHECK(!engine_is_taken());
}

TEST(a_check_given_up_gives_it_back)
{
    token_make_usual(&token);
    token.data[token.length - 100] = token.data[token.length - 100] == 'A' ? 'B' : 'A';
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_SIGNATURE_INVALID);
    CHECK(!engine_is_taken());
    for (unsigned call = 1; call <= 3; call++) {
        token_make_usual(&token);
        crypto_fail_late(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_CRYPTO_FAILED);
        CHECK(!engine_is_taken());
    }
    crypto_fail_at(0, 0);
}

/* Nothing is judged, the other task's hash is left alone, and the next check is as good as any. */
TEST(while_another_task_has_the_engine_a_check_fails_and_takes_nothing_from_it)
{
    token_make_usual(&token);
    engine_take(true);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_CRYPTO_FAILED);
    CHECK(engine_is_taken());
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_SELFTEST_DIGEST);
    CHECK(engine_is_taken());
    engine_take(false);
    token_make_usual(&token);
    CHECK_STATUS(verify(&token, &usual_expect, &claims), WARD_OK);
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_OK);
}

SUITE(engine, CASE(a_check_takes_the_engine_once_and_gives_it_back), CASE(a_check_given_up_gives_it_back),
      CASE(while_another_task_has_the_engine_a_check_fails_and_takes_nothing_from_it));
