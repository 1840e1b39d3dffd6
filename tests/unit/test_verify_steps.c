/* SPDX-License-Identifier: Apache-2.0 */
/* A token whose signature is verified in steps: what each of them says, what the last one judges, and what is left of one that is given
 * up. */
#include "crypto_faults.h"
#include "guard.h"
#include "platform.h"
#include "token.h"
#include "token/pipeline.h"
#include "ward/port/crypto.h"

enum { EXPIRES = 86400, LEEWAY = 60 };

static struct test_token token;
static struct ward_verification running;
static struct ward_claims claims;
static struct ward_time now;
static char *input;

/* ---- One token on its way. */

static struct ward_status begin_with(const struct ward_expect *expect, const struct ward_jwks *keys)
{
    crypto_fail_at(0, 0);
    input = guard_copy(token.data, token.length);
    memset(&test_work, 0x5a, sizeof test_work);
    memset(&running, 0x5a, sizeof running);
    memset(&claims, 0x5a, sizeof claims);
    return ward_verify_begin(&running, expect, keys, now, input, token.length, &test_work);
}

static void begin(void)
{
    now = ward_time_set(NOW);
    token_make_usual(&token);
    CHECK_STATUS(begin_with(&usual_expect, usual_keys()), WARD_UNFINISHED);
    CHECK_NUMBER(crypto_signatures(), 1);
}

static struct ward_status step(void)
{
    memset(&claims, 0x5a, sizeof claims);
    const struct ward_status status = ward_verify_step(&running, now, &claims);
    if (!ward_ok(status))
        CHECK_ZERO(claims);
    return status;
}

static void take(unsigned steps)
{
    for (unsigned i = 0; i < steps; i++)
        CHECK_STATUS(step(), WARD_UNFINISHED);
}

static void take_all_but_one(void)
{
    take(platform_steps() - 1);
}

static void check_wiped(void)
{
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(input[i], 0);
    CHECK_ZERO(test_work);
    CHECK_NUMBER(crypto_signatures(), 0);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
}

/* ---- What the steps say. */

TEST(only_the_last_of_the_backends_steps_accepts)
{
    begin();
    take_all_but_one();
    CHECK_STATUS(step(), WARD_OK);
    CHECK_TEXT(claims.subject, "auth0|65f0c0ffee");
    CHECK(claims.subject.data > input && claims.subject.data < input + token.length);
    CHECK_NUMBER(crypto_signatures(), 0);
}

TEST(what_was_accepted_has_no_further_step_and_stays)
{
    begin();
    take_all_but_one();
    CHECK_STATUS(step(), WARD_OK);
    const struct ward_claims accepted = claims;
    struct ward_claim claim;
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    ward_verify_abort(&running);
    CHECK_TEXT(accepted.subject, "auth0|65f0c0ffee");
    CHECK_STATUS(ward_claim_find(&accepted, text("azp"), &claim), WARD_OK);
}

TEST(a_signature_that_is_anothers_is_refused_in_the_last_step)
{
    begin();
    ward_verify_abort(&running);
    token_make(&token, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    CHECK_STATUS(begin_with(&usual_expect, usual_keys()), WARD_UNFINISHED);
    take_all_but_one();
    CHECK_STATUS(step(), WARD_SIGNATURE_INVALID);
    check_wiped();
}

static const struct ward_expect other_issuer = { .issuers = WARD_TEXTS("https://other.example/"),
                                                 .audiences = WARD_TEXTS(AUDIENCE) };

TEST(a_claim_that_does_not_hold_is_refused_in_the_last_step)
{
    now = ward_time_set(NOW);
    token_make_usual(&token);
    CHECK_STATUS(begin_with(&other_issuer, usual_keys()), WARD_UNFINISHED);
    take_all_but_one();
    CHECK_STATUS(step(), WARD_ISSUER_REFUSED);
    check_wiped();
}

static void check_refused_at_once(enum ward_code code, char left)
{
    CHECK_STATUS(begin_with(&usual_expect, usual_keys()), code);
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(input[i], left == '\0' ? 0 : token.data[i]);
    CHECK_ZERO(test_work);
    CHECK_NUMBER(crypto_rsa_calls(), 0);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    ward_verify_abort(&running);
    CHECK(token.length == 0 || left == '\0' || input[0] == token.data[0]);
}

/* The token is as ward_verify() leaves it: untouched until its key is found. */
TEST(what_needs_no_signature_is_refused_when_it_begins)
{
    static const struct ward_expect empty;
    static const struct ward_jwks none;
    now = ward_time_set(NOW);
    token_make(&token, KEY_A, "{\"alg\":\"RS256\",\"kid\":\"unknown\"}", USUAL_PAYLOAD);
    check_refused_at_once(WARD_KEY_UNKNOWN, 'x');
    token_make_usual(&token);
    CHECK_STATUS(begin_with(&empty, usual_keys()), WARD_EXPECT_ISSUERS);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    CHECK_STATUS(begin_with(&usual_expect, &none), WARD_KEYS_ABSENT);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    token.length -= 2;
    check_refused_at_once(WARD_SIGNATURE_LENGTH, '\0');
    token.length = 0;
    check_refused_at_once(WARD_TOKEN_EMPTY, 'x');
    token_make_usual(&token);
    now.trust = WARD_TIME_FLOOR;
    check_refused_at_once(WARD_CLOCK_NOT_SET, 'x');
}

/* ---- What the last one judges. */

TEST(what_expires_between_the_steps_is_refused)
{
    begin();
    take_all_but_one();
    now = ward_time_set(NOW + EXPIRES + LEEWAY);
    CHECK_STATUS(step(), WARD_TOKEN_EXPIRED);
    check_wiped();
    begin();
    take_all_but_one();
    now = ward_time_set(NOW + EXPIRES + LEEWAY - 1);
    CHECK_STATUS(step(), WARD_OK);
}

TEST(a_token_that_becomes_valid_between_the_steps_is_accepted)
{
    begin();
    ward_verify_abort(&running);
    now = ward_time_set(NOW - 1000);
    CHECK_STATUS(begin_with(&usual_expect, usual_keys()), WARD_UNFINISHED);
    take_all_but_one();
    now = ward_time_set(NOW);
    CHECK_STATUS(step(), WARD_OK);
}

TEST(a_clock_that_is_lost_before_the_last_step_refuses)
{
    static const uint32_t trusts[] = { WARD_TIME_UNKNOWN, WARD_TIME_FLOOR, 2, UINT32_MAX };
    for (size_t i = 0; i < 4; i++) {
        begin();
        take_all_but_one();
        now.trust = trusts[i];
        CHECK_STATUS(step(), WARD_CLOCK_NOT_SET);
        check_wiped();
    }
}

TEST(the_time_of_a_step_before_the_last_does_not_count)
{
    begin();
    now = (struct ward_time){ 0, WARD_TIME_UNKNOWN };
    take_all_but_one();
    now = ward_time_set(NOW);
    CHECK_STATUS(step(), WARD_OK);
}

/* ---- What is given up. */

TEST(what_is_given_up_after_any_step_is_told_to_the_backend_and_wiped)
{
    for (unsigned taken = 0; taken < platform_steps(); taken++) {
        begin();
        take(taken);
        CHECK_NUMBER(crypto_signatures(), 1);
        ward_verify_abort(&running);
        check_wiped();
        ward_verify_abort(&running);
    }
}

TEST(where_none_is_under_way_nothing_is_given_up)
{
    static struct ward_verification none;
    ward_verify_abort(&none);
    CHECK_STATUS(ward_verify_step(&none, ward_time_set(NOW), &claims), WARD_NOT_UNDER_WAY);
    CHECK_ZERO(claims);
}

/* ---- A backend that fails. */

TEST(a_backend_that_fails_at_any_step_accepts_nothing_and_leaves_nothing)
{
    static const uint32_t failures[] = { WARD_CRYPTO_FAILED, WARD_SIGNATURE_INVALID, WARD_NO_RESULT, 1,
                                         UINT32_MAX,         ~(uint32_t)WARD_OK };
    for (unsigned fault = 1; fault <= platform_steps(); fault++) {
        for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
            begin();
            crypto_fail_at(fault, failures[i]);
            take(fault - 1);
            CHECK_NUMBER(step().code, failures[i]);
            check_wiped();
            begin();
            crypto_fail_late(fault, failures[i]);
            take(fault - 1);
            CHECK_NUMBER(step().code, failures[i]);
            check_wiped();
        }
    }
    crypto_fail_at(0, 0);
}

TEST(a_backend_that_cannot_begin_is_not_given_up)
{
    now = ward_time_set(NOW);
    token_make_usual(&token);
    CHECK_STATUS(begin_with(&usual_expect, usual_keys()), WARD_UNFINISHED);
    const unsigned calls = crypto_calls();
    ward_verify_abort(&running);
    input = guard_copy(token.data, token.length);
    crypto_fail_at(calls, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_verify_begin(&running, &usual_expect, usual_keys(), now, input, token.length, &test_work),
                 WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
    check_wiped();
    ward_verify_abort(&running);
}

/* ---- Several at once. */

TEST(two_tokens_in_two_workspaces_do_not_meet)
{
    static struct ward_workspace work;
    static struct test_token other;
    struct ward_verification second;
    struct ward_claims second_claims;
    struct ward_status status = ward_status_of(WARD_UNFINISHED);
    begin();
    token_make(&other, KEY_B, USUAL_HEADER, USUAL_PAYLOAD);
    CHECK_STATUS(ward_verify_begin(&second, &usual_expect, usual_keys(), now, other.data, other.length, &work),
                 WARD_UNFINISHED);
    for (unsigned i = 0; i < platform_steps(); i++) {
        CHECK(status.code == WARD_UNFINISHED);
        status = ward_verify_step(&second, now, &second_claims);
        if (i + 1 < platform_steps())
            CHECK_STATUS(step(), WARD_UNFINISHED);
    }
    CHECK_STATUS(status, WARD_SIGNATURE_INVALID);
    CHECK_STATUS(step(), WARD_OK);
    CHECK_TEXT(claims.subject, "auth0|65f0c0ffee");
}

/* A forged token would be accepted with what the other's signature has shown. */
TEST(a_workspace_that_serves_another_token_answers_nothing_about_the_first)
{
    static struct test_token other;
    struct ward_verification second;
    begin();
    take_all_but_one();
    char *const first = input;
    token_make(&other, KEY_A, USUAL_HEADER, "{\"sub\":\"somebody else\"}");
    /* The backend is told of the first, which the misuse has lost. */
    ward_crypto_verify_abort(&test_work.part.check.scratch.rsa);
    CHECK_STATUS(ward_verify_begin(&second, &usual_expect, usual_keys(), now, other.data, other.length, &test_work),
                 WARD_UNFINISHED);
    CHECK_STATUS(step(), WARD_NOT_UNDER_WAY);
    for (size_t i = 0; i < token.length; i++)
        CHECK_NUMBER(first[i], 0);
    CHECK_ZERO(test_work);
    CHECK_STATUS(ward_verify_step(&second, now, &claims), WARD_NOT_UNDER_WAY);
    for (size_t i = 0; i < other.length; i++)
        CHECK_NUMBER(other.data[i], 0);
    /* What the second has begun is lost with its scratch, too. */
    ward_crypto_verify_abort(&test_work.part.check.scratch.rsa);
    memset(&test_work, 0, sizeof test_work);
}

TEST(giving_up_one_that_lost_its_workspace_wipes_its_token)
{
    begin();
    ward_crypto_verify_abort(&test_work.part.check.scratch.rsa);
    memset(&test_work, 0, sizeof test_work);
    ward_verify_abort(&running);
    check_wiped();
}

/* ---- What the gate makes of the same pieces. */

TEST(a_token_that_was_opened_has_nothing_else_under_way)
{
    token_make_usual(&token);
    memset(&running, 0x5a, sizeof running);
    CHECK_STATUS(ward_token_open(&running, &usual_expect, token.data, token.length, &test_work), WARD_OK);
    CHECK(!running.stepped);
    CHECK(!running.whole);
    ward_token_abort(&running);
    memset(&running, 0x5a, sizeof running);
    CHECK_STATUS(ward_token_open(&running, &usual_expect, token.data, 0, &test_work), WARD_TOKEN_EMPTY);
    CHECK(running.work == NULL);
    ward_token_abort(&running);
}

TEST(a_known_token_without_a_clock_is_not_read)
{
    const struct ward_time none = { NOW, WARD_TIME_UNKNOWN };
    token_make_usual(&token);
    CHECK_STATUS(ward_token_open(&running, &usual_expect, token.data, token.length, &test_work), WARD_OK);
    running.whole = true;
    memset(&claims, 0, sizeof claims);
    CHECK_STATUS(ward_token_read_known(&running, &none, &claims), WARD_CLOCK_NOT_SET);
    CHECK_ZERO(claims);
    CHECK_ZERO(test_work);
    CHECK(running.work == NULL && !running.whole);
}

SUITE(verify_steps, CASE(only_the_last_of_the_backends_steps_accepts),
      CASE(what_was_accepted_has_no_further_step_and_stays),
      CASE(a_signature_that_is_anothers_is_refused_in_the_last_step),
      CASE(a_claim_that_does_not_hold_is_refused_in_the_last_step),
      CASE(what_needs_no_signature_is_refused_when_it_begins), CASE(what_expires_between_the_steps_is_refused),
      CASE(a_token_that_becomes_valid_between_the_steps_is_accepted),
      CASE(a_clock_that_is_lost_before_the_last_step_refuses), CASE(the_time_of_a_step_before_the_last_does_not_count),
      CASE(what_is_given_up_after_any_step_is_told_to_the_backend_and_wiped),
      CASE(where_none_is_under_way_nothing_is_given_up),
      CASE(a_backend_that_fails_at_any_step_accepts_nothing_and_leaves_nothing),
      CASE(a_backend_that_cannot_begin_is_not_given_up), CASE(two_tokens_in_two_workspaces_do_not_meet),
      CASE(a_workspace_that_serves_another_token_answers_nothing_about_the_first),
      CASE(giving_up_one_that_lost_its_workspace_wipes_its_token),
      CASE(a_token_that_was_opened_has_nothing_else_under_way), CASE(a_known_token_without_a_clock_is_not_read));
