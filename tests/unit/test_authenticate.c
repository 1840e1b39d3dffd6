/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that the gate has seen before: what is spared them, and all that is not. */
#include "crypto_faults.h"
#include "gate.h"

static struct test_token token;

static void begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
    token_make_of(&token, "auth0|alice");
}

static unsigned rsa_of(const struct test_token *asked, enum ward_code code)
{
    crypto_fail_at(0, 0);
    CHECK_STATUS(ask(asked, "read:foia"), code);
    return crypto_rsa_calls();
}

#if WARD_CACHE_SLOTS > 0

TEST(a_known_token_does_no_rsa_and_is_hashed_once)
{
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    const struct ward_grant first = test_decision.grant;
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
    /* What was signed takes three calls, what the token is known by five, and the event four. */
    CHECK_NUMBER(crypto_calls(), 12);
    CHECK(memcmp(first.owner, test_decision.grant.owner, sizeof first.owner) == 0);
    CHECK_TEXT(test_decision.grant.claims.subject, "auth0|alice");
}

TEST(all_but_the_signature_is_checked_anew_on_a_hit)
{
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    test_caller.now = ward_time_set(NOW + 86400 + 59);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
    test_caller.now = ward_time_set(NOW + 86400 + 60);
    CHECK_NUMBER(rsa_of(&token, WARD_TOKEN_EXPIRED), 0);
    check_refused(&token, 401, WARD_ERROR_EXPIRED);
    static const uint8_t nobody[WARD_OWNER_SIZE];
    CHECK(memcmp(last_event()->owner, nobody, sizeof nobody) == 0);
}

TEST(another_signature_over_the_same_payload_is_another_token)
{
    static struct test_token other;
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    other = token;
    other.data[other.length - 1] = other.data[other.length - 1] == 'A' ? 'Q' : 'A';
    CHECK_NUMBER(rsa_of(&other, WARD_SIGNATURE_INVALID), 1);
    other = token;
    other.length -= 2;
    CHECK_NUMBER(rsa_of(&other, WARD_SIGNATURE_LENGTH), 0);
    token_make_with(&other, "auth0|alice", "read:foia write:foia", "");
    CHECK_NUMBER(rsa_of(&other, WARD_OK), 0);
}

TEST(a_key_of_the_same_kid_with_another_modulus_forgets_the_token)
{
    static struct ward_jwks keys;
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    keys = *usual_keys();
    memcpy(keys.key[0].n, keys.key[1].n, sizeof keys.key[0].n);
    memcpy(keys.key[0].prepared, keys.key[1].prepared, sizeof keys.key[0].prepared);
    test_gate.keys = &keys;
    CHECK_NUMBER(rsa_of(&token, WARD_SIGNATURE_INVALID), 1);
    keys = *usual_keys();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
    keys.key[0].kid[0] = 'z';
    CHECK_NUMBER(rsa_of(&token, WARD_KEY_UNKNOWN), 0);
}

TEST(a_change_of_policy_forgets_the_token)
{
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    ward_gate_forget(&test_gate);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
}

TEST(tokens_whose_claims_are_refused_take_no_place_in_the_cache)
{
    begin();
    test_caller.now = ward_time_set(NOW + 86400 + 60);
    CHECK_NUMBER(rsa_of(&token, WARD_TOKEN_EXPIRED), 1);
    CHECK_NUMBER(rsa_of(&token, WARD_TOKEN_EXPIRED), 1);
}

TEST(a_denied_subject_is_remembered_so_that_it_costs_no_more_rsa)
{
    begin();
    deny_subject("auth0|alice", WARD_DENY_ALWAYS);
    CHECK_NUMBER(rsa_of(&token, WARD_SUBJECT_DENIED), 1);
    CHECK_NUMBER(rsa_of(&token, WARD_SUBJECT_DENIED), 0);
}

#else

TEST(without_a_cache_each_token_is_verified)
{
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
}

#endif

#if WARD_CACHE_SLOTS > 0
SUITE(authenticate, CASE(a_known_token_does_no_rsa_and_is_hashed_once),
      CASE(all_but_the_signature_is_checked_anew_on_a_hit),
      CASE(another_signature_over_the_same_payload_is_another_token),
      CASE(a_key_of_the_same_kid_with_another_modulus_forgets_the_token), CASE(a_change_of_policy_forgets_the_token),
      CASE(tokens_whose_claims_are_refused_take_no_place_in_the_cache),
      CASE(a_denied_subject_is_remembered_so_that_it_costs_no_more_rsa));
#else
SUITE(authenticate, CASE(without_a_cache_each_token_is_verified));
#endif
