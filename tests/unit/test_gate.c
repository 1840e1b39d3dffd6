/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's steps for any transport: each alone, their order, and what they leave behind. */

#include "crypto_faults.h"
#include "gate.h"
#include "guard.h"

static struct test_token token;

/* ---- A request that is granted. */

static void begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
    token_make_of(&token, "auth0|alice");
}

TEST(a_good_token_is_granted_with_claims_and_owner)
{
    uint8_t owner[WARD_OWNER_SIZE];
    begin();
    CHECK_STATUS(ask(&token, "read:foia"), WARD_OK);
    check_answer(200, WARD_ERROR_NONE);
    CHECK_TEXT(test_decision.grant.claims.subject, "auth0|alice");
    CHECK_TEXT(test_decision.grant.claims.client, "client");
    CHECK_NUMBER(test_decision.answer.retry_after, 0);
    CHECK_NUMBER(test_decision.answer.scope.length, 0);
    CHECK(test_decision.route == WARD_NO_ROUTE);
    struct ward_text scope;
    CHECK_STATUS(ward_scope_item(&test_decision.grant.claims, 1, &scope), WARD_OK);
    CHECK_TEXT(scope, "write:foia");
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("auth0|alice"), &test_work, owner), WARD_OK);
    CHECK(ward_owns(&test_decision.grant, owner));
}

TEST(any_scope_takes_any_subject_but_an_empty_expression_is_refused)
{
    begin();
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ask(&token, ""), WARD_SCOPE_EXPRESSION);
    check_refused(&token, 500, WARD_ERROR_SERVER);
    struct ward_text longer = ward_any_scope;
    longer.length = 1;
    asked_token = guard_copy(token.data, token.length);
    CHECK_STATUS(ward_authorize(&test_gate, asked_token, token.length, longer, &test_caller, &test_work,
                                &test_decision),
                 WARD_SCOPE_INSUFFICIENT);
}

TEST(the_answer_names_realm_and_metadata)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .realm = WARD_TEXT("device"),
                                               .resource_metadata = WARD_TEXT("https://device.example/about") };
    begin();
    gate_start(&policy);
    CHECK_STATUS(ask(&token, "x"), WARD_SCOPE_INSUFFICIENT);
    CHECK_TEXT(test_decision.answer.realm, "device");
    CHECK_TEXT(test_decision.answer.resource_metadata, "https://device.example/about");
}

static const struct ward_expect subject_optional = { .issuers = WARD_TEXTS(ISSUER),
                                                     .audiences = WARD_TEXTS(AUDIENCE),
                                                     .subject_optional = true };

TEST(subjects_without_a_person_or_machine_own_nothing)
{
    static const uint8_t nothing[WARD_OWNER_SIZE];
    static const struct ward_policy policy = { .expect = &subject_optional };
    begin();
    token_make_of(&token, "anon@7");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK(memcmp(test_decision.grant.owner, nothing, sizeof nothing) == 0);
    gate_start(&policy);
    token_make(&token, KEY_A, USUAL_HEADER,
               "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"exp\":" EXPIRY_TEXT "}");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(test_decision.grant.claims.kind, WARD_SUBJECT_NONE);
    CHECK(memcmp(test_decision.grant.owner, nothing, sizeof nothing) == 0);
    token_make_of(&token, "client@clients");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(test_decision.grant.claims.kind, WARD_SUBJECT_MACHINE);
    CHECK(memcmp(test_decision.grant.owner, nothing, sizeof nothing) != 0);
}

/* ---- Each step alone. */

TEST(only_a_set_clock_grants)
{
    static const uint32_t trusts[] = { WARD_TIME_UNKNOWN, WARD_TIME_FLOOR, 2, UINT32_MAX };
    for (size_t i = 0; i < 4; i++) {
        begin();
        test_caller.now.trust = trusts[i];
        CHECK_STATUS(ask(&token, NULL), WARD_CLOCK_NOT_SET);
        check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
        CHECK_NUMBER(test_decision.answer.retry_after, 30);
    }
}

TEST(without_keys_nobody_is_granted)
{
    static const struct ward_jwks none;
    begin();
    test_gate.keys = &none;
    CHECK_STATUS(ask(&token, NULL), WARD_KEYS_ABSENT);
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    CHECK_NUMBER(test_decision.answer.retry_after, 30);
    test_gate.keys = NULL;
    CHECK_STATUS(ask(&token, NULL), WARD_KEYS_ABSENT);
}

/* It holds what the grant refers to, and zeros. */
TEST(a_grant_leaves_nothing_of_the_signature_in_the_workspace)
{
    begin();
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(((const uint8_t *)&test_work)[sizeof test_work - 1], 0);
}

TEST(one_key_is_enough)
{
    static struct ward_jwks one;
    one = *usual_keys();
    one.count = 1;
    begin();
    test_gate.keys = &one;
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

TEST(no_token_is_a_bad_token)
{
    begin();
    CHECK_STATUS(ward_authorize(&test_gate, NULL, 0, ward_any_scope, &test_caller, &test_work, &test_decision),
                 WARD_TOKEN_EMPTY);
    check_answer(401, WARD_ERROR_TOKEN);
}

TEST(a_token_of_one_byte_is_wiped_too)
{
    char byte = 'x';
    begin();
    CHECK_STATUS(ward_authorize(&test_gate, &byte, 1, ward_any_scope, &test_caller, &test_work, &test_decision),
                 WARD_TOKEN_OPAQUE);
    CHECK_NUMBER(byte, 0);
}

TEST(a_forged_signature_is_refused)
{
    begin();
    token_forge(&token, 1);
    CHECK_STATUS(ask(&token, NULL), WARD_SIGNATURE_INVALID);
    check_refused(&token, 401, WARD_ERROR_TOKEN);
    CHECK_NUMBER(test_decision.answer.retry_after, 0);
}

TEST(an_expired_token_is_told_apart)
{
    begin();
    test_caller.now = ward_time_set(NOW + 86400 + 60);
    CHECK_STATUS(ask(&token, NULL), WARD_TOKEN_EXPIRED);
    check_refused(&token, 401, WARD_ERROR_EXPIRED);
}

TEST(a_denied_subject_is_refused_known_or_not)
{
    begin();
    deny_subject("auth0|alice", WARD_DENY_ALWAYS);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    check_refused(&token, 401, WARD_ERROR_TOKEN);
    begin();
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    deny_subject("auth0|alice", NOW);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    check_refused(&token, 401, WARD_ERROR_TOKEN);
    begin();
    deny_subject("auth0|alice", NOW - 1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    ward_deny_all(&test_gate, NOW, &test_caller);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
}

TEST(missing_scopes_are_named)
{
    begin();
    CHECK_STATUS(ask(&token, "admin:foia read:foia|admin:database"), WARD_SCOPE_INSUFFICIENT);
    check_refused(&token, 403, WARD_ERROR_SCOPE);
    CHECK_TEXT(test_decision.answer.scope, "admin:foia read:foia");
}

TEST(scopes_come_from_where_the_policy_says)
{
    static struct ward_policy policy = { .expect = &usual_expect };
    static struct test_token other;
    begin();
    token_make_with(&other, "auth0|bob", "a b", ",\"permissions\":[\"b\",\"c\"]");
    static const struct {
        uint8_t from;
        const char *scope;
        enum ward_code code;
    } rows[] = { { WARD_FROM_SCOPE, "a", WARD_OK },
                 { WARD_FROM_SCOPE, "b", WARD_OK },
                 { WARD_FROM_SCOPE, "c", WARD_SCOPE_INSUFFICIENT },
                 { WARD_FROM_PERMISSIONS, "a", WARD_SCOPE_INSUFFICIENT },
                 { WARD_FROM_PERMISSIONS, "b", WARD_OK },
                 { WARD_FROM_PERMISSIONS, "c", WARD_OK },
                 { WARD_FROM_BOTH, "a", WARD_SCOPE_INSUFFICIENT },
                 { WARD_FROM_BOTH, "b", WARD_OK },
                 { WARD_FROM_BOTH, "c", WARD_SCOPE_INSUFFICIENT },
                 { WARD_FROM_BOTH, "b c", WARD_SCOPE_INSUFFICIENT } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        policy.scopes_from = rows[i].from;
        gate_start(&policy);
        CHECK_STATUS(ask(&other, rows[i].scope), rows[i].code);
    }
}

TEST(permissions_that_are_needed_and_no_array_of_strings_refuse)
{
    static struct ward_policy policy = { .expect = &usual_expect, .scopes_from = WARD_FROM_PERMISSIONS };
    static const char *const wrong[] = { ",\"permissions\":\"b\"", ",\"permissions\":[\"b\",1]",
                                         ",\"permissions\":{\"b\":1}", ",\"permissions\":null" };
    static const char *const empty[] = { "", ",\"permissions\":[]" };
    begin();
    gate_start(&policy);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        token_make_with(&token, "auth0|bob", "a b", wrong[i]);
        CHECK_STATUS(ask(&token, "b"), WARD_PERMISSIONS_INVALID);
        check_refused(&token, 401, WARD_ERROR_TOKEN);
        CHECK_NUMBER(test_decision.answer.scope.length, 0);
    }
    for (size_t i = 0; i < 2; i++) {
        token_make_with(&token, "auth0|bob", "a b", empty[i]);
        CHECK_STATUS(ask(&token, "b"), WARD_SCOPE_INSUFFICIENT);
    }
}

/* ---- Order. Each mistake is made together with all that come after it; the first one answers. */

enum mistake {
    CLOCK,
    KEYS,
    LENGTH,
    HEADER,
    KID,
    PEER_SPENT,
    SIGNATURE,
    CLAIMS,
    DENIED,
    SUBJECT_SPENT,
    SCOPES,
    NO_MISTAKE
};

static const struct ward_jwks no_keys;

static void spend_peer(void)
{
    static struct test_token forged;
    ask_from(1);
    token_forge(&forged, 77);
    for (int i = 0; i < 2; i++)
        CHECK_STATUS(ask(&forged, NULL), WARD_SIGNATURE_INVALID);
}

static void spend_subject(void)
{
    static struct test_token good;
    token_make_of(&good, "auth0|alice");
    for (int i = 0; i < 20; i++)
        CHECK_STATUS(ask(&good, NULL), WARD_OK);
}

static void make_with_mistakes(enum mistake from)
{
    static const char *const headers[] = { "{\"alg\":\"RS256\",\"kid\":\"unknown\",\"typ\":\"x\"}",
                                           "{\"alg\":\"RS256\",\"kid\":\"unknown\"}", USUAL_HEADER };
    const char *const header = headers[from <= HEADER ? 0 : from == KID ? 1 : 2];
    const char *const payload = from <= CLAIMS ? "{\"iss\":\"x\"}"
                                               : "{\"iss\":\"" ISSUER "\",\"sub\":\"auth0|alice\",\"aud\":\"" AUDIENCE
                                                 "\",\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT ",\"scope\":\"none\"}";
    token_make(&token, KEY_A, header, payload);
    if (from <= SIGNATURE)
        token.data[token.length - 100] = token.data[token.length - 100] == 'A' ? 'B' : 'A';
    if (from <= LENGTH)
        token.length = WARD_MAX_TOKEN + 1;
}

static struct ward_status ask_with_mistakes(enum mistake from)
{
    begin();
    if (from <= SUBJECT_SPENT)
        spend_subject();
    if (from <= PEER_SPENT)
        spend_peer();
    if (from <= DENIED)
        deny_subject("auth0|alice", WARD_DENY_ALWAYS);
    if (from <= KEYS)
        test_gate.keys = &no_keys;
    if (from <= CLOCK)
        test_caller.now.trust = WARD_TIME_FLOOR;
    make_with_mistakes(from);
    crypto_fail_at(0, 0);
    return ask(&token, from <= SCOPES ? "admin:foia" : NULL);
}

TEST(a_later_check_never_answers_before_an_earlier_one)
{
    static const enum ward_code codes[] = { WARD_CLOCK_NOT_SET,      WARD_KEYS_ABSENT,
                                            WARD_TOKEN_TOO_LONG,     WARD_TYPE_REFUSED,
                                            WARD_KEY_UNKNOWN,        WARD_SIGNATURE_BUDGET_SPENT,
                                            WARD_SIGNATURE_INVALID,  WARD_ISSUER_REFUSED,
                                            WARD_SUBJECT_DENIED,     WARD_SUBJECT_BUDGET_SPENT,
                                            WARD_SCOPE_INSUFFICIENT, WARD_OK };
    for (enum mistake from = CLOCK; from <= NO_MISTAKE; from++)
        CHECK_STATUS(ask_with_mistakes(from), codes[from]);
}

TEST(nothing_is_hashed_before_the_key_is_found_and_no_rsa_is_done_before_it_is_paid_for)
{
    /* The audit writes two events, four calls each: what the spent budget has left behind, and this refusal. */
    for (enum mistake from = CLOCK; from <= PEER_SPENT; from++) {
        ask_with_mistakes(from);
        CHECK_NUMBER(crypto_rsa_calls(), 0);
        /* What the token is known by takes four calls more where slots do not keep its signature; what was signed, three. */
        CHECK_NUMBER(crypto_calls(),
                     from < PEER_SPENT ? 8 : 11 + (WARD_CACHE_SLOTS > 0 && !WARD_CACHE_SIGNATURES ? 4 : 0));
    }
    for (enum mistake from = SIGNATURE; from <= DENIED; from++) {
        ask_with_mistakes(from);
        CHECK_NUMBER(crypto_rsa_calls(), 1);
    }
}

TEST(no_answer_about_scopes_without_a_good_signature)
{
    begin();
    token_forge(&token, 5);
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(test_decision.answer.scope.length, 0);
    CHECK_STATUS(ask(&token, "a||b"), WARD_SIGNATURE_INVALID);
}

TEST(a_signed_payload_that_is_not_base64url_is_refused_and_grants_no_owner)
{
    begin();
    memset(&token, 0, sizeof token);
    token_append_base64url(&token, USUAL_HEADER, strlen(USUAL_HEADER));
    token_append(&token, ".e30=", 5);
    token_append_signature(&token, KEY_A);
    CHECK_STATUS(ask(&token, NULL), WARD_TOKEN_NOT_BASE64URL);
    check_refused(&token, 401, WARD_ERROR_TOKEN);
}

/* ---- Starting. */

TEST(a_gate_that_could_not_be_started_grants_nothing)
{
    static const struct ward_policy wrong = { .expect = &usual_expect, .scopes_from = 9 };
    begin();
    CHECK_STATUS(ward_gate_begin(&test_gate, &wrong, usual_keys(), NULL, ward_time_set(NOW)), WARD_POLICY_SCOPES_FROM);
    CHECK_STATUS(ask(&token, NULL), WARD_POLICY_EXPECT);
    check_refused(&token, 500, WARD_ERROR_SERVER);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_gate_begin(&test_gate, &usual_policy, usual_keys(), NULL, ward_time_set(NOW)),
                 WARD_CRYPTO_FAILED);
    CHECK_STATUS(ask(&token, NULL), WARD_POLICY_EXPECT);
}

TEST(a_gate_begins_with_a_boot_event_and_nothing_else)
{
    begin();
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_BOOT);
    CHECK_NUMBER(last_event()->sequence, 1);
    CHECK_NUMBER(last_event()->repeats, 1);
    CHECK_NUMBER(last_event()->seconds, NOW);
    CHECK_ZERO(test_gate.cache);
    CHECK_ZERO(test_gate.denials);
}

static const struct ward_expect issued_ahead = { .issuers = WARD_TEXTS(ISSUER),
                                                 .audiences = WARD_TEXTS(AUDIENCE),
                                                 .issued_ahead = true };

/* What token.h says of issued_ahead: a time of denial misses a token that says that it was issued later. */
TEST(a_token_issued_ahead_is_denied_only_for_always)
{
    static const struct ward_policy policy = { .expect = &issued_ahead };
    static struct test_token later;
    token_make(&later, KEY_A, USUAL_HEADER,
               "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"sub\":\"auth0|alice\",\"iat\":1767226600,"
               "\"exp\":" EXPIRY_TEXT ",\"scope\":\"read:foia\"}");
    gate_start(&usual_policy);
    CHECK_STATUS(ask(&later, "read:foia"), WARD_ISSUED_IN_FUTURE);
    gate_start(&policy);
    deny_subject("auth0|alice", NOW);
    CHECK_STATUS(ask(&later, "read:foia"), WARD_OK);
    deny_subject("auth0|alice", WARD_DENY_ALWAYS);
    CHECK_STATUS(ask(&later, "read:foia"), WARD_SUBJECT_DENIED);
}

SUITE(gate, CASE(a_token_issued_ahead_is_denied_only_for_always), CASE(a_good_token_is_granted_with_claims_and_owner),
      CASE(any_scope_takes_any_subject_but_an_empty_expression_is_refused), CASE(the_answer_names_realm_and_metadata),
      CASE(subjects_without_a_person_or_machine_own_nothing), CASE(only_a_set_clock_grants),
      CASE(without_keys_nobody_is_granted), CASE(one_key_is_enough),
      CASE(a_grant_leaves_nothing_of_the_signature_in_the_workspace), CASE(no_token_is_a_bad_token),
      CASE(a_token_of_one_byte_is_wiped_too), CASE(a_forged_signature_is_refused), CASE(an_expired_token_is_told_apart),
      CASE(a_denied_subject_is_refused_known_or_not), CASE(missing_scopes_are_named),
      CASE(scopes_come_from_where_the_policy_says), CASE(permissions_that_are_needed_and_no_array_of_strings_refuse),
      CASE(a_later_check_never_answers_before_an_earlier_one),
      CASE(nothing_is_hashed_before_the_key_is_found_and_no_rsa_is_done_before_it_is_paid_for),
      CASE(no_answer_about_scopes_without_a_good_signature),
      CASE(a_signed_payload_that_is_not_base64url_is_refused_and_grants_no_owner),
      CASE(a_gate_that_could_not_be_started_grants_nothing), CASE(a_gate_begins_with_a_boot_event_and_nothing_else));
