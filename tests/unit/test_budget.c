/* Budgets through the gate: who pays, who gets it back, and who is still served while others flood. */
#include "crypto_faults.h"
#include "gate.h"

static struct test_token token;

static void begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
    ask_from(1);
}

static enum ward_code forged(unsigned number)
{
    static struct test_token forgery;
    token_forge(&forgery, number);
    return (enum ward_code)ask(&forgery, NULL).code;
}

/* How many forged tokens come as far as RSA at once. */
static unsigned forge_all(void)
{
    unsigned count = 0;
    while (count < 100 && forged(count) == WARD_SIGNATURE_INVALID)
        count++;
    return count;
}

/* ---- RSA. */

TEST(a_spent_budget_answers_429_before_any_rsa)
{
    begin();
    CHECK_NUMBER(forge_all(), 8);
    CHECK_NUMBER(crypto_rsa_calls(), 8);
    CHECK_NUMBER(forged(99), WARD_RSA_BUDGET_SPENT);
    CHECK_NUMBER(crypto_rsa_calls(), 8);
    check_answer(429, WARD_ERROR_RATE);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 999;
    CHECK_NUMBER(forged(99), WARD_RSA_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 1;
    CHECK_NUMBER(forged(99), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(forged(99), WARD_RSA_BUDGET_SPENT);
}

TEST(retry_after_is_rounded_up)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .rsa = { 1, 10, 1 } };
    begin();
    gate_start(&policy);
    CHECK_NUMBER(forge_all(), 1);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
    test_caller.uptime += 1;
    CHECK_NUMBER(forged(1), WARD_RSA_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
    test_caller.uptime += 999;
    CHECK_NUMBER(forged(1), WARD_RSA_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 9);
}

/* Were a peer's debt counted at the rate of all, it would be from a past that never was, and forgotten. */
TEST(a_peers_debt_is_counted_at_the_peers_rate)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .rsa = { 100, 1, 50 }, .rsa_peer = { 1, 100, 2 } };
    begin();
    gate_start(&policy);
    ask_from(1);
    CHECK_NUMBER(forge_all(), 2);
    CHECK_NUMBER(forged(3), WARD_RSA_BUDGET_SPENT);
}

TEST(a_grant_gives_back)
{
    begin();
    for (unsigned i = 0; i < 40; i++) {
        ward_gate_forget(&test_gate);
        test_caller.uptime += i == 20 ? 20000 : 0;
        token_make_of(&token, "auth0|alice");
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
    }
    CHECK_NUMBER(crypto_rsa_calls(), 40);
    CHECK_NUMBER(forge_all(), 8);
}

TEST(what_is_refused_after_the_signature_was_checked_is_not_given_back)
{
    begin();
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(forge_all(), 7);
}

#if WARD_CACHE_SLOTS > 0
TEST(a_hit_neither_costs_nor_gives)
{
    begin();
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 8);
    for (int i = 0; i < 5; i++)
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 0);
}
#endif

static const struct ward_policy many_of_all = { .expect = &usual_expect, .rsa = { 100, 1, 1000 }, .rsa_peer = { 1, 2, 3 } };

TEST(each_peer_has_its_own_budget)
{
    begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 3);
        CHECK_NUMBER(test_decision.answer.retry_after, 2);
    }
}

TEST(peers_beyond_the_slots_share_one_budget)
{
    begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 3);
    }
    ask_from(1001);
    CHECK_NUMBER(forge_all(), 3);
    ask_from(1002);
    CHECK_NUMBER(forge_all(), 0);
}

TEST(a_grant_to_a_peer_beyond_the_slots_gives_back_to_all_of_them)
{
    begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 3);
    }
    ask_from(1001);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 3);
}

TEST(an_unknown_peer_has_no_budget_but_that_of_all)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .rsa = { 1, 1, 12 }, .rsa_peer = { 1, 1, 2 } };
    begin();
    gate_start(&policy);
    CHECK_NUMBER(forge_all(), 12);
    gate_start(&policy);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 12);
}

TEST(all_peers_together_have_one_budget)
{
    begin();
    for (uint32_t peer = 1; peer <= 8; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forged(peer), WARD_SIGNATURE_INVALID);
    }
    ask_from(9);
    CHECK_NUMBER(forged(9), WARD_RSA_BUDGET_SPENT);
    /* What all had not, the peer has not paid either. */
    test_caller.uptime += 8000;
    CHECK_NUMBER(forge_all(), 8);
}

/* ---- Requests of a subject. */

static unsigned ask_all(void)
{
    unsigned count = 0;
    while (count < 100 && ward_ok(ask(&token, NULL)))
        count++;
    return count;
}

TEST(a_subject_has_20_requests_at_once_and_60_a_minute)
{
    begin();
    token_make_of(&token, "auth0|alice");
    CHECK_NUMBER(ask_all(), 20);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_BUDGET_SPENT);
    check_refused(&token, 429, WARD_ERROR_RATE);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 1000;
    CHECK_NUMBER(ask_all(), 1);
    token_make_of(&token, "auth0|bob");
    CHECK_NUMBER(ask_all(), 20);
}

TEST(a_subject_has_one_budget_for_all_its_tokens)
{
    static struct test_token other;
    begin();
    token_make_of(&token, "auth0|alice");
    token_make_with(&other, "auth0|alice", "x", "");
    CHECK_STATUS(ask(&other, NULL), WARD_OK);
    CHECK_NUMBER(ask_all(), 19);
    CHECK_STATUS(ask(&other, NULL), WARD_SUBJECT_BUDGET_SPENT);
}

TEST(a_request_whose_scopes_do_not_suffice_counts_too)
{
    begin();
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(ask_all(), 19);
}

static void make_numbered(unsigned number)
{
    char subject[] = "auth0|000";
    subject[6] = (char)('0' + number / 100 % 10);
    subject[7] = (char)('0' + number / 10 % 10);
    subject[8] = (char)('0' + number % 10);
    token_make_of(&token, subject);
}

TEST(subjects_beyond_the_slots_share_one_budget)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .subject = { 1, 10, 2 }, .rsa = { 100, 1, 100 } };
    begin();
    gate_start(&policy);
    for (unsigned i = 0; i < WARD_SUBJECT_SLOTS; i++) {
        make_numbered(i);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
    }
    make_numbered(WARD_SUBJECT_SLOTS);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    make_numbered(WARD_SUBJECT_SLOTS + 1);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_BUDGET_SPENT);
    make_numbered(0);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_BUDGET_SPENT);
}

/* ---- The clock. */

/* The request over the subject's budget costs a signature check that nothing gives back, unless the signature was known. */
enum { LEFT_AFTER_A_SUBJECT_IS_SPENT = WARD_CACHE_SLOTS > 0 ? 8 : 7 };

TEST(budgets_are_full_at_the_start_whatever_the_uptime)
{
    static const uint32_t uptimes[] = { 0, 4000, 0x80000000u, UINT32_MAX - 4000, UINT32_MAX };
    for (size_t i = 0; i < sizeof uptimes / sizeof uptimes[0]; i++) {
        begin();
        test_caller.uptime = uptimes[i];
        CHECK_NUMBER(forge_all(), 8);
        ask_from(0);
        test_caller.uptime += 8000;
        token_make_of(&token, "auth0|alice");
        CHECK_NUMBER(ask_all(), 20);
    }
}

TEST(budgets_survive_the_clock_going_round)
{
    begin();
    token_make_of(&token, "auth0|alice");
    test_caller.uptime = UINT32_MAX - 500;
    CHECK_NUMBER(ask_all(), 20);
    CHECK_NUMBER(forge_all(), LEFT_AFTER_A_SUBJECT_IS_SPENT);
    test_caller.uptime += 1000;
    CHECK_NUMBER(forge_all(), 1);
#if WARD_CACHE_SLOTS > 0
    CHECK_NUMBER(ask_all(), 1);
#endif
}

TEST(budgets_are_full_after_a_whole_round_of_the_clock)
{
    begin();
    token_make_of(&token, "auth0|alice");
    CHECK_NUMBER(ask_all(), 20);
    CHECK_NUMBER(forge_all(), LEFT_AFTER_A_SUBJECT_IS_SPENT);
    /* Requests of others in between, the last of them when the clock shows what it showed before. */
    ask_from(2);
    for (int i = 0; i < 4; i++) {
        test_caller.uptime += 0x40000000u;
        CHECK_NUMBER(forged(3), WARD_SIGNATURE_INVALID);
    }
    test_caller.uptime += 1000;
    ask_from(1);
    CHECK_NUMBER(forge_all(), 8);
    token_make_of(&token, "auth0|alice");
    test_caller.uptime += 1000;
    CHECK_NUMBER(ask_all(), 20);
}

/* ---- A flood. */

#if WARD_CACHE_SLOTS > 2

enum { HOLDERS = 3, SECONDS = 60, FORGERIES = 50 };

static struct test_token held[HOLDERS];

TEST(under_a_flood_of_forged_tokens_from_any_number_of_peers_holders_of_verified_tokens_are_served)
{
    static const char *const subjects[HOLDERS] = { "auth0|alice", "auth0|bob", "client@clients" };
    unsigned served = 0;
    unsigned spent = 0;
    begin();
    for (size_t i = 0; i < HOLDERS; i++) {
        token_make_of(&held[i], subjects[i]);
        CHECK_STATUS(ask(&held[i], "read:foia"), WARD_OK);
    }
    crypto_fail_at(0, 0);
    for (unsigned second = 0; second < SECONDS; second++) {
        for (unsigned i = 0; i < FORGERIES; i++) {
            ask_from(1000 + second * FORGERIES + i);
            const enum ward_code code = forged(second * FORGERIES + i);
            CHECK(code == WARD_SIGNATURE_INVALID || code == WARD_RSA_BUDGET_SPENT);
            spent += code == WARD_RSA_BUDGET_SPENT ? 1u : 0u;
        }
        for (size_t i = 0; i < HOLDERS; i++)
            served += ward_ok(ask(&held[i], "read:foia")) ? 1u : 0u;
        test_caller.uptime += 1000;
    }
    /* 3,000 forgeries cost 67 RSA operations: eight at once, and one in each second after the first. */
    CHECK_NUMBER(served, HOLDERS * SECONDS);
    CHECK_NUMBER(crypto_rsa_calls(), 8 + SECONDS - 1);
    CHECK_NUMBER(spent, SECONDS * FORGERIES - (8 + SECONDS - 1));
}

#endif

SUITE(budget, CASE(a_spent_budget_answers_429_before_any_rsa), CASE(retry_after_is_rounded_up),
      CASE(a_peers_debt_is_counted_at_the_peers_rate), CASE(a_grant_gives_back),
      CASE(what_is_refused_after_the_signature_was_checked_is_not_given_back),
#if WARD_CACHE_SLOTS > 0
      CASE(a_hit_neither_costs_nor_gives),
#endif
#if WARD_CACHE_SLOTS > 2
      CASE(under_a_flood_of_forged_tokens_from_any_number_of_peers_holders_of_verified_tokens_are_served),
#endif
      CASE(each_peer_has_its_own_budget), CASE(peers_beyond_the_slots_share_one_budget),
      CASE(a_grant_to_a_peer_beyond_the_slots_gives_back_to_all_of_them), CASE(an_unknown_peer_has_no_budget_but_that_of_all),
      CASE(all_peers_together_have_one_budget), CASE(a_subject_has_20_requests_at_once_and_60_a_minute),
      CASE(a_subject_has_one_budget_for_all_its_tokens), CASE(a_request_whose_scopes_do_not_suffice_counts_too),
      CASE(subjects_beyond_the_slots_share_one_budget), CASE(budgets_are_full_at_the_start_whatever_the_uptime),
      CASE(budgets_survive_the_clock_going_round), CASE(budgets_are_full_after_a_whole_round_of_the_clock));
