/* SPDX-License-Identifier: Apache-2.0 */
/* Who a caller is to the gate: one person under the names of one authority, and clients that call without a subject. */
#include "crypto_faults.h"
#include "gate.h"

#define OTHER_ISSUER "https://login.example/"

static const struct ward_text both[] = { WARD_TEXT(ISSUER), WARD_TEXT(OTHER_ISSUER) };
static struct ward_expect expect;
static struct ward_policy policy;
static struct test_token token;
static uint8_t owner[WARD_OWNER_SIZE];

static void begin(const char *authority)
{
    crypto_fail_at(0, 0);
    expect = usual_expect;
    expect.issuers = (struct ward_texts){ both, 2 };
    expect.authority = text(authority);
    expect.subject_optional = true;
    policy = usual_policy;
    policy.expect = &expect;
    policy.subject = (struct ward_rate){ 1, 60, 3 };
    gate_start(&policy);
    ask_from(1);
}

/* A token of an issuer, with these other claims. */
#define MAKE(issuer, claims)                                                                                           \
    token_make(&token, KEY_A, USUAL_HEADER,                                                                            \
               "{\"iss\":\"" issuer "\",\"aud\":\"" AUDIENCE "\",\"iat\":" NOW_TEXT ",\"exp\":" EXPIRY_TEXT claims     \
               "}")

#define USER ",\"sub\":\"auth0|alice\",\"azp\":\"c1\""
#define CLIENT_1 ",\"azp\":\"c1\""
#define CLIENT_1_AGAIN ",\"client_id\":\"c1\",\"jti\":\"2\""
#define CLIENT_2 ",\"azp\":\"c2\""
#define NEITHER ""
#define NEITHER_AGAIN ",\"jti\":\"2\""

static unsigned ask_all(void)
{
    unsigned count = 0;
    while (count < 10 && ward_ok(ask(&token, NULL)))
        count++;
    return count;
}

/* ---- One person under two names. */

TEST(without_an_authority_each_issuers_subjects_are_its_own)
{
    begin("");
    MAKE(ISSUER, USER);
    CHECK_NUMBER(ask_all(), 3);
    MAKE(OTHER_ISSUER, USER);
    CHECK_NUMBER(ask_all(), 3);
    begin("");
    MAKE(ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    memcpy(owner, test_decision.grant.owner, sizeof owner);
    MAKE(OTHER_ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK(!ward_owns(&test_decision.grant, owner));
}

TEST(under_one_authority_a_person_has_one_budget_and_one_set_of_rows)
{
    begin("theholefoundation");
    MAKE(ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ward_owner_id(ward_authority_of(&expect, both[0]), text("auth0|alice"), &test_work, owner), WARD_OK);
    CHECK(memcmp(test_decision.grant.owner, owner, sizeof owner) == 0);
    MAKE(OTHER_ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK(ward_owns(&test_decision.grant, owner));
    CHECK_NUMBER(ask_all(), 1);
    MAKE(ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_BUDGET_SPENT);
}

/* So rows and denials from before there was a second name stay right. */
TEST(an_authority_may_be_named_like_one_of_its_issuers)
{
    begin(ISSUER);
    CHECK_STATUS(ward_owner_id(both[0], text("auth0|alice"), &test_work, owner), WARD_OK);
    MAKE(OTHER_ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK(ward_owns(&test_decision.grant, owner));
}

static void check_denied_under_both(const char *authority)
{
    begin(authority);
    MAKE(ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ward_deny_subject(&test_gate, text("auth0|alice"), WARD_DENY_ALWAYS, &test_caller, &test_work),
                 WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    MAKE(OTHER_ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    MAKE(OTHER_ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

TEST(a_denied_person_is_denied_under_each_name)
{
    check_denied_under_both("");
    check_denied_under_both("theholefoundation");
}

/* ---- Callers without a subject. */

TEST(a_client_without_subject_owns_nothing_and_the_audit_knows_it)
{
    static const uint8_t nothing[WARD_OWNER_SIZE];
    begin("");
    MAKE(ISSUER, CLIENT_1);
    CHECK_STATUS(ward_client_id(both[0], text("c1"), &test_work, owner), WARD_OK);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
        CHECK_NUMBER(test_decision.grant.claims.kind, WARD_SUBJECT_NONE);
        CHECK(memcmp(test_decision.grant.owner, nothing, sizeof nothing) == 0);
        CHECK(!ward_owns(&test_decision.grant, owner));
        CHECK(memcmp(last_event()->owner, owner, sizeof owner) == 0);
    }
}

TEST(each_client_without_subject_has_its_own_budget)
{
    begin("");
    MAKE(ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    MAKE(ISSUER, CLIENT_1_AGAIN);
    CHECK_NUMBER(ask_all(), 2);
    MAKE(ISSUER, CLIENT_2);
    CHECK_NUMBER(ask_all(), 3);
    MAKE(ISSUER, USER);
    CHECK_NUMBER(ask_all(), 3);
    MAKE(ISSUER, NEITHER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    MAKE(ISSUER, NEITHER_AGAIN);
    CHECK_NUMBER(ask_all(), 2);
}

#if WARD_CACHE_SLOTS > 3
TEST(each_client_without_subject_has_its_own_cache_entries)
{
    begin("");
    policy.subject = (struct ward_rate){ 100, 1, 100 };
    for (unsigned round = 0; round < 2; round++) {
        crypto_fail_at(0, 0);
        MAKE(ISSUER, CLIENT_1);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
        MAKE(ISSUER, CLIENT_1_AGAIN);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
        MAKE(ISSUER, CLIENT_2);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
        MAKE(ISSUER, NEITHER);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
        CHECK_NUMBER(crypto_rsa_calls(), round == 0 ? 4 : 0);
    }
}
#endif

/* A subject that is named like a client is somebody else. */
TEST(a_clients_name_is_never_a_subject)
{
    begin("");
    MAKE(ISSUER, ",\"sub\":\"c1\"");
    CHECK_NUMBER(ask_all(), 3);
    MAKE(ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ward_deny_subject(&test_gate, text("c1"), WARD_DENY_ALWAYS, &test_caller, &test_work), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    begin("");
    CHECK_STATUS(ward_client_id(both[0], text("c1"), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&test_gate, owner, WARD_DENY_ALWAYS, &test_caller), WARD_OK);
    MAKE(ISSUER, ",\"sub\":\"c1\"");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

TEST(one_client_can_be_denied)
{
    begin("one");
    CHECK_STATUS(ward_client_id(ward_authority_of(&expect, both[0]), text("c1"), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&test_gate, owner, WARD_DENY_ALWAYS, &test_caller), WARD_OK);
    MAKE(ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    MAKE(OTHER_ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    ask_from(2);
    MAKE(ISSUER, CLIENT_2);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    MAKE(ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    MAKE(ISSUER, NEITHER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

/* As it was before clients had ids: a stored denial of these callers lets no client in. */
TEST(who_denies_the_empty_subject_denies_each_client_without_one)
{
    begin("");
    MAKE(ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ward_owner_id(both[0], text(""), &test_work, owner), WARD_OK);
    CHECK_STATUS(ward_deny(&test_gate, owner, NOW, &test_caller), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    MAKE(ISSUER, NEITHER);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    MAKE(ISSUER, CLIENT_2);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_DENIED);
    ask_from(2);
    MAKE(OTHER_ISSUER, CLIENT_2);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    MAKE(ISSUER, USER);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

TEST(a_fault_lets_no_caller_without_subject_in)
{
    begin("");
    MAKE(ISSUER, CLIENT_1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    begin("");
    crypto_fail_at(0, 0);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    const unsigned calls = crypto_calls();
    for (unsigned call = 1; call <= calls; call++) {
        begin("");
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ask(&token, NULL), WARD_CRYPTO_FAILED);
        CHECK_ZERO(test_decision.grant);
    }
    crypto_fail_at(0, 0);
}

SUITE(callers, CASE(without_an_authority_each_issuers_subjects_are_its_own),
      CASE(under_one_authority_a_person_has_one_budget_and_one_set_of_rows),
      CASE(an_authority_may_be_named_like_one_of_its_issuers), CASE(a_denied_person_is_denied_under_each_name),
      CASE(a_client_without_subject_owns_nothing_and_the_audit_knows_it),
      CASE(each_client_without_subject_has_its_own_budget),
#if WARD_CACHE_SLOTS > 3
      CASE(each_client_without_subject_has_its_own_cache_entries),
#endif
      CASE(a_clients_name_is_never_a_subject), CASE(one_client_can_be_denied),
      CASE(who_denies_the_empty_subject_denies_each_client_without_one),
      CASE(a_fault_lets_no_caller_without_subject_in));
