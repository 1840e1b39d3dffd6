/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that the gate has seen before: what is spared them, and all that is not. */
#include "access/cache.h"
#include "crypto_faults.h"
#include "encoding/base64url.h"
#include "gate.h"
#include "guard.h"
#include "token/pipeline.h"

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

/* Budgets are no matter here. */
static void gate_refill(void)
{
    test_caller.uptime += 60u * 60u * 1000u;
}

TEST(a_known_token_does_no_rsa_and_is_hashed_once)
{
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    const struct ward_grant first = test_decision.grant;
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
    /* Where slots keep the signature what was signed takes three calls, else what the token is known by four; the event four. */
    CHECK_NUMBER(crypto_calls(), WARD_CACHE_SIGNATURES ? 7 : 8);
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
    struct test_token other;
    other.length = 0;
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

/* Header and payload of a good token, as a log has them that leaves signatures out. */
TEST(a_known_token_without_its_signature_is_no_credential)
{
    struct test_token other;
    other.length = 0;
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
    other = token;
    other.length -= 342;
    CHECK_NUMBER(rsa_of(&other, WARD_SIGNATURE_LENGTH), 0);
    other.length--;
    CHECK_NUMBER(rsa_of(&other, WARD_TOKEN_MALFORMED), 0);
    for (size_t i = 0; i < 342; i += 31) {
        other = token;
        char *const at = other.data + other.length - 342 + i;
        *at = *at == 'g' ? 'h' : 'g';
        gate_refill();
        CHECK_NUMBER(rsa_of(&other, WARD_SIGNATURE_INVALID), 1);
        check_refused(&other, 401, WARD_ERROR_TOKEN);
    }
}

/* What is granted is the payload; of the signature, which a slot may keep, nothing stays in the token. */
TEST(nothing_but_the_payload_stays_of_a_token_that_is_granted)
{
    for (int known = 0; known < 2; known++) {
        if (known == 0)
            begin();
        CHECK_STATUS(ask(&token, "read:foia"), WARD_OK);
        const struct ward_text json = ward_text_of(test_decision.grant.claims.json, strlen("{\"iss\""));
        CHECK_TEXT(json, "{\"iss\"");
        const size_t begins = (size_t)(json.data - asked_token);
        const char *const end = memchr(json.data, '\0', token.length - begins);
        CHECK(end != NULL && end[-1] == '}');
        for (size_t i = 0; i + 1 < begins; i++)
            CHECK_NUMBER(asked_token[i], 0);
        for (const char *at = end; at < asked_token + token.length; at++)
            CHECK_NUMBER(*at, 0);
    }
}

/* Remembers a token that was never checked, as if its JSON had been found whole or not. */
static void plant(const struct test_token *planted, uint32_t marks)
{
    struct ward_verification verification;
    uint8_t digest[32];
    uint8_t signature[256];
    static const uint8_t owner[WARD_OWNER_SIZE] = { 1 };
    char *const copy = guard_copy(planted->data, planted->length);
    CHECK_STATUS(ward_token_open(&verification, &usual_expect, copy, planted->length, &test_work), WARD_OK);
    CHECK_STATUS(ward_token_identify(&verification, digest), WARD_OK);
    const struct ward_text text = ward_token_signature_text(&verification);
    CHECK(ward_base64url_decode(text.data, text.length, signature));
    const struct ward_known known = { digest,
                                      { (const char *)signature, sizeof signature },
                                      ward_cache_header(ward_token_header_text(&verification)) };
    ward_cache_add(&test_gate, &known, &usual_keys()->key[0], marks, owner);
}

/* The bit of the slot, and nothing else, spares a token the look at the form of its JSON. */
TEST(json_is_looked_at_again_unless_it_was_found_whole)
{
    begin();
    token_make_with(&token, "auth0|alice", "read:foia", ",\"x\":1,\"x\":2");
    CHECK_NUMBER(rsa_of(&token, WARD_JSON_DUPLICATE_MEMBER), 1);
    gate_refill();
    CHECK_NUMBER(rsa_of(&token, WARD_JSON_DUPLICATE_MEMBER), 1);
    plant(&token, WARD_KNOWN_NAMED);
    CHECK_NUMBER(rsa_of(&token, WARD_JSON_DUPLICATE_MEMBER), 0);
    CHECK_NUMBER(rsa_of(&token, WARD_JSON_DUPLICATE_MEMBER), 0);
    begin();
    token_make_with(&token, "auth0|alice", "read:foia", ",\"x\":1,\"x\":2");
    plant(&token, WARD_KNOWN_NAMED | WARD_KNOWN_WHOLE);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
}

TEST(a_token_that_was_granted_is_remembered_with_what_was_found)
{
    static struct ward_expect expect;
    static struct ward_policy policy;
    static struct ward_jwks one;
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    CHECK_NUMBER(test_gate.cache[0].marks, WARD_KNOWN_NAMED | WARD_KNOWN_WHOLE);
    expect = usual_expect;
    expect.kid_optional = true;
    policy = usual_policy;
    policy.expect = &expect;
    gate_start(&policy);
    one = *usual_keys();
    one.count = 1;
    test_gate.keys = &one;
    token_make(&token, KEY_A, "{\"alg\":\"RS256\"}", USUAL_PAYLOAD);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    CHECK_NUMBER(test_gate.cache[0].marks, WARD_KNOWN_WHOLE);
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 0);
    one.count = 2;
    CHECK_NUMBER(rsa_of(&token, WARD_KID_MISSING), 0);
}

/* What has no good token's header is not hashed: it is as cheap to refuse as it was. */
TEST(a_token_with_the_header_of_none_that_is_known_is_not_hashed_before_its_key_is_found)
{
    struct test_token other;
    other.length = 0;
    begin();
    CHECK_NUMBER(rsa_of(&token, WARD_OK), 1);
    token_make(&other, KEY_A, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"z\"}", USUAL_PAYLOAD);
    CHECK_NUMBER(rsa_of(&other, WARD_KEY_UNKNOWN), 0);
    /* The event's. */
    CHECK_NUMBER(crypto_calls(), 4);
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
      CASE(a_known_token_without_its_signature_is_no_credential),
      CASE(nothing_but_the_payload_stays_of_a_token_that_is_granted),
      CASE(json_is_looked_at_again_unless_it_was_found_whole),
      CASE(a_token_that_was_granted_is_remembered_with_what_was_found),
      CASE(a_token_with_the_header_of_none_that_is_known_is_not_hashed_before_its_key_is_found),
      CASE(a_key_of_the_same_kid_with_another_modulus_forgets_the_token), CASE(a_change_of_policy_forgets_the_token),
      CASE(tokens_whose_claims_are_refused_take_no_place_in_the_cache),
      CASE(a_denied_subject_is_remembered_so_that_it_costs_no_more_rsa));
#else
SUITE(authenticate, CASE(without_a_cache_each_token_is_verified));
#endif
