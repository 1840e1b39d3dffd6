/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets through the gate: who pays, who gets it back, and who is still served while others flood. */
#include "crypto_faults.h"
#include "gate.h"
#include "ward/http.h"

static struct test_token token;

static void begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
}

static void make_numbered(unsigned number)
{
    char subject[] = "auth0|000";
    subject[6] = (char)('0' + number / 100 % 10);
    subject[7] = (char)('0' + number / 10 % 10);
    subject[8] = (char)('0' + number % 10);
    token_make_of(&token, subject);
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
    CHECK_NUMBER(forged(99), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(crypto_rsa_calls(), 8);
    check_answer(429, WARD_ERROR_RATE);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 999;
    CHECK_NUMBER(forged(99), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 1;
    CHECK_NUMBER(forged(99), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(forged(99), WARD_SIGNATURE_BUDGET_SPENT);
}

TEST(retry_after_is_rounded_up)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .signature_rate = { 1, 10, 1 } };
    begin();
    gate_start(&policy);
    CHECK_NUMBER(forge_all(), 1);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
    test_caller.uptime += 1;
    CHECK_NUMBER(forged(1), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
    test_caller.uptime += 999;
    CHECK_NUMBER(forged(1), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 9);
}

/* Were a peer's debt counted at the rate of all, it would be from a past that never was, and forgotten. */
TEST(a_peers_debt_is_counted_at_the_peers_rate)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .signature_rate = { 100, 1, 50 },
                                               .signature_rate_per_peer = { 1, 100, 2 } };
    begin();
    gate_start(&policy);
    ask_from(1);
    CHECK_NUMBER(forge_all(), 2);
    CHECK_NUMBER(forged(3), WARD_SIGNATURE_BUDGET_SPENT);
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

/* ---- Strangers. */

static const struct ward_policy many_of_all = { .expect = &usual_expect,
                                                .signature_rate = { 100, 1, 1000 },
                                                .signature_rate_per_peer = { 1, 2, 3 },
                                                .signature_reserve = { 1, 60, 1 } };

TEST(one_stranger_has_a_part_of_what_strangers_have)
{
    begin();
    ask_from(1);
    CHECK_NUMBER(forge_all(), 2);
    CHECK_NUMBER(test_decision.answer.retry_after, 8);
    for (uint32_t peer = 2; peer <= 4; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 2);
    }
    ask_from(5);
    CHECK_NUMBER(forge_all(), 0);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    /* What all had not, the peer has not paid either. */
    test_caller.uptime += 2000;
    CHECK_NUMBER(forge_all(), 2);
    ask_from(1);
    test_caller.uptime += 5999;
    CHECK_NUMBER(forge_all(), 0);
    test_caller.uptime += 1;
    CHECK_NUMBER(forge_all(), 1);
}

/* Also where the firmware has changed how many all may: one never has as many. */
TEST(the_defaults_of_one_peer_are_parts_of_the_policys_rate)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .signature_rate = { 1, 10, 40 } };
    begin();
    gate_start(&policy);
    ask_from(1);
    CHECK_NUMBER(forge_all(), 10);
    CHECK_NUMBER(test_decision.answer.retry_after, 80);
    ask_from(2);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 20 + 10);
    CHECK_NUMBER(test_decision.answer.retry_after, WARD_PEER_SLOTS < 8 ? 10 * WARD_PEER_SLOTS : 80);
}

TEST(each_stranger_has_its_own_budget)
{
    begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 3);
        CHECK_NUMBER(test_decision.answer.retry_after, 2);
    }
}

TEST(strangers_beyond_the_slots_have_what_the_others_have_left)
{
    begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        for (unsigned i = 0; i < (peer == 1 ? 3 : 2); i++)
            CHECK_NUMBER(forged(i), WARD_SIGNATURE_INVALID);
    }
    ask_from(1001);
    token_make_of(&token, "auth0|alice");
    const enum ward_code code = WARD_PEER_SLOTS > 1 ? WARD_OK : WARD_SIGNATURE_BUDGET_SPENT;
    CHECK_STATUS(ask(&token, NULL), code);
    ask_from(1002);
    CHECK_NUMBER(forge_all(), WARD_PEER_SLOTS > 1 ? 1 : 0);
    ask_from(1);
    CHECK_NUMBER(forge_all(), 0);
}

TEST(a_grant_to_a_stranger_gives_back_its_own_and_that_of_all)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .signature_rate = { 1, 1, 2 },
                                               .signature_rate_per_peer = { 1, 1, 1 },
                                               .signature_reserve = { 1, 60, 1 } };
    begin();
    gate_start(&policy);
    ask_from(1);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 1 + 1);
    ask_from(2);
    CHECK_NUMBER(forge_all(), 1);
}

/* ---- Peers without an address. */

TEST(unknown_peers_have_one_budget_of_all)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .signature_rate = { 1, 1, 12 },
                                               .signature_rate_per_peer = { 1, 1, 2 } };
    begin();
    gate_start(&policy);
    CHECK_NUMBER(forge_all(), 12);
    gate_start(&policy);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 12);
}

TEST(unknown_peers_and_strangers_spend_nothing_of_each_other)
{
    begin();
    CHECK_NUMBER(forge_all(), 8);
    for (uint32_t peer = 1; peer <= 4; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 2);
    }
    test_caller.uptime += 8000;
    ask_from(5);
    CHECK_NUMBER(forge_all(), 2);
    ask_from(0);
    CHECK_NUMBER(forge_all(), 8);
}

/* ---- Peers that a token was granted to. */

/* What strangers have together, all of it. */
static void spend_what_strangers_have(void)
{
    for (uint32_t peer = 5001; peer <= 5004; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 2);
    }
}

static void grant_to(uint32_t peer)
{
    ask_from(peer);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
}

TEST(a_peer_that_a_token_was_granted_to_has_a_reserve_that_strangers_cannot_spend)
{
    begin();
    grant_to(1);
    spend_what_strangers_have();
    ask_from(2);
    CHECK_NUMBER(forge_all(), 0);
    ask_from(1);
    token_make_of(&token, "auth0|bob");
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(test_decision.answer.retry_after, 0);
    CHECK_NUMBER(forge_all(), 4);
    test_caller.uptime += 16000;
    spend_what_strangers_have();
    ask_from(1);
    CHECK_NUMBER(forge_all(), WARD_PEER_SLOTS < 4 ? 4 : 16 / WARD_PEER_SLOTS);
}

TEST(a_reserve_is_paid_from_before_what_strangers_have)
{
    begin();
    grant_to(1);
    for (unsigned i = 0; i < 4; i++)
        CHECK_NUMBER(forged(i), WARD_SIGNATURE_INVALID);
    spend_what_strangers_have();
}

TEST(a_peer_that_has_spent_its_reserve_is_a_stranger)
{
    begin();
    grant_to(1);
    CHECK_NUMBER(forge_all(), 4 + 2);
    for (uint32_t peer = 2; peer <= 4; peer++) {
        ask_from(peer);
        CHECK_NUMBER(forge_all(), 2);
    }
    ask_from(5);
    CHECK_NUMBER(forge_all(), 0);
}

TEST(a_grant_gives_back_to_what_has_paid)
{
    begin();
    grant_to(1);
    for (unsigned i = 0; i < 3; i++)
        CHECK_NUMBER(forged(i), WARD_SIGNATURE_INVALID);
    for (unsigned i = 0; i < 20; i++) {
        make_numbered(i);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
    }
    CHECK_NUMBER(forge_all(), 1 + 2);
    test_caller.uptime += 8000;
    for (unsigned i = 20; i < 40; i++) {
        make_numbered(i);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
    }
    CHECK_NUMBER(forge_all(), 1 + 8 / WARD_PEER_SLOTS);
}

TEST(who_may_come_again_by_its_reserve_or_as_a_stranger_is_told_the_earlier)
{
    static const struct ward_policy reserve_first = { .expect = &usual_expect,
                                                      .signature_rate_per_peer = { 1, 5, 1 },
                                                      .signature_reserve = { 1, 2, 1 } };
    static const struct ward_policy stranger_first = { .expect = &usual_expect,
                                                       .signature_rate_per_peer = { 1, 2, 1 },
                                                       .signature_reserve = { 1, 5, 1 } };
    begin();
    gate_start(&reserve_first);
    grant_to(1);
    CHECK_NUMBER(forge_all(), 2);
    CHECK_NUMBER(test_decision.answer.retry_after, 2);
    gate_start(&stranger_first);
    grant_to(1);
    CHECK_NUMBER(forge_all(), 2);
    CHECK_NUMBER(test_decision.answer.retry_after, 2);
}

TEST(only_a_grant_to_an_address_makes_a_peer_known)
{
    begin();
    ask_from(1);
    token_make_of(&token, "auth0|alice");
    CHECK_STATUS(ask(&token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(forge_all(), 1);
    ask_from(0);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 8);
}

TEST(a_public_route_makes_nobody_known)
{
    static const struct ward_route routes[] = { { WARD_GET | WARD_PUBLIC, WARD_TEXT("/open"), { NULL, 0 } } };
    static const struct ward_policy policy = { .expect = &usual_expect, .routes = routes, .route_count = 1 };
    begin();
    gate_start(&policy);
    ask_from(1);
    const struct ward_request request = { .method = WARD_GET,
                                          .target = WARD_TEXT("/open"),
                                          .protected_channel = true,
                                          .peer = test_caller.peer,
                                          .now = test_caller.now,
                                          .uptime = test_caller.uptime };
    CHECK_STATUS(ward_gate_check(&test_gate, &request, &test_work, &test_decision), WARD_OK);
    CHECK_NUMBER(forge_all(), 2);
}

#if WARD_CACHE_SLOTS > 0
TEST(a_token_that_is_remembered_makes_its_peer_known_and_gives_nothing_back)
{
    begin();
    grant_to(1);
    ask_from(2);
    CHECK_NUMBER(forge_all(), 2);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_NUMBER(forge_all(), 4);
}
#endif

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

/* However many they are: who asks seldom is served while one of them asks all the time. */
TEST(more_subjects_than_slots_are_served_while_one_asks_all_the_time)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .subject = { 1, 10, 4 },
                                               .signature_rate = { 100, 1, 100 } };
    enum { QUIET = WARD_SUBJECT_SLOTS + WARD_SUBJECT_SLOTS / 2 };
    static struct test_token busy;
    unsigned served = 0;
    begin();
    gate_start(&policy);
    token_make_of(&busy, "auth0|busy");
    for (unsigned second = 0; second < 4; second++) {
        for (unsigned i = 0; i < QUIET; i++) {
            served += ward_ok(ask(&busy, NULL)) ? 1u : 0u;
            make_numbered(i);
            CHECK_STATUS(ask(&token, NULL), WARD_OK);
        }
        test_caller.uptime += 20000;
    }
    /* Its burst, and what 60 seconds bring. */
    CHECK_NUMBER(served, 4 + 6);
}

TEST(subjects_beyond_the_slots_find_what_the_others_have_spent)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .subject = { 1, 10, 2 },
                                               .signature_rate = { 100, 1, 100 } };
    begin();
    gate_start(&policy);
    for (unsigned i = 0; i < WARD_SUBJECT_SLOTS; i++) {
        make_numbered(i);
        CHECK_STATUS(ask(&token, NULL), WARD_OK);
    }
    make_numbered(WARD_SUBJECT_SLOTS);
    CHECK_STATUS(ask(&token, NULL), WARD_OK);
    CHECK_STATUS(ask(&token, NULL), WARD_SUBJECT_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
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
    ask_from(0);
    CHECK_NUMBER(forge_all(), 8);
    token_make_of(&token, "auth0|alice");
    test_caller.uptime += 1000;
    CHECK_NUMBER(ask_all(), 20);
}

/* ---- A flood. */

/* More holders than the gate remembers tokens: each request of each costs a signature check. */
enum { HOLDERS = WARD_CACHE_SLOTS + 1 < 9 ? 9 : WARD_CACHE_SLOTS + 1, SECONDS = 30, FORGERIES = 50 };

static struct test_token held[HOLDERS];

/* Where holder `i` calls from. */
static uint32_t own_address(unsigned i)
{
    return 1 + i;
}

static uint32_t one_address(unsigned i)
{
    (void)i;
    return 1;
}

static void begin_holders(uint32_t (*address)(unsigned))
{
    begin();
    for (unsigned i = 0; i < HOLDERS; i++) {
        make_numbered(i);
        held[i] = token;
        ask_from(address(i));
        CHECK_STATUS(ask(&held[i], "read:foia"), WARD_OK);
    }
}

/* Forgeries that came as far as RSA in one second, each from an address that was never seen before. */
static unsigned flood(unsigned second)
{
    unsigned count = 0;
    for (unsigned i = 0; i < FORGERIES; i++) {
        ask_from(1000 + second * FORGERIES + i);
        const enum ward_code code = forged(second * FORGERIES + i);
        CHECK(code == WARD_SIGNATURE_INVALID || code == WARD_SIGNATURE_BUDGET_SPENT);
        count += code == WARD_SIGNATURE_INVALID ? 1u : 0u;
    }
    return count;
}

static void check_flood(uint32_t (*address)(unsigned))
{
    unsigned checked = 0;
    begin_holders(address);
    for (unsigned second = 0; second < SECONDS; second++) {
        checked += flood(second);
        for (unsigned i = 0; i < HOLDERS; i++) {
            ask_from(address(i));
            CHECK_STATUS(ask(&held[i], "read:foia"), WARD_OK);
        }
        test_caller.uptime += 1000;
    }
    /* 1,500 forgeries cost 37 RSA operations: eight at once, and one in each second after the first. */
    CHECK_NUMBER(checked, 8 + SECONDS - 1);
}

TEST(under_a_flood_from_any_number_of_peers_more_holders_than_cache_slots_are_served)
{
    check_flood(own_address);
}

TEST(under_a_flood_holders_behind_one_address_are_served)
{
    check_flood(one_address);
}

/* The attack of one address: five a second. Each second somebody comes who was never seen before. */
static void check_attack(unsigned attackers, unsigned seconds, unsigned most_refused)
{
    unsigned refused = 0;
    begin();
    for (unsigned second = 0; second < seconds; second++) {
        for (unsigned i = 0; i < attackers * 5; i++) {
            ask_from(1 + i / 5);
            (void)forged(i);
        }
        ask_from(1000 + second);
        make_numbered(second);
        refused += ward_ok(ask(&token, "read:foia")) ? 0u : 1u;
        test_caller.uptime += 1000;
    }
    CHECK(refused <= most_refused);
}

TEST(strangers_are_served_while_a_few_addresses_attack)
{
    check_attack(1, 60, 0);
    check_attack(3, 30, 0);
    check_attack(4, 30, 1);
}

TEST(after_an_attack_from_it_an_address_has_what_it_had)
{
    begin();
    grant_to(1);
    CHECK_NUMBER(forge_all(), 6);
    test_caller.uptime += 4000u * WARD_PEER_SLOTS;
    CHECK_NUMBER(forge_all(), 6);
}

SUITE(budget, CASE(a_spent_budget_answers_429_before_any_rsa), CASE(retry_after_is_rounded_up),
#if WARD_CACHE_SLOTS > 0
      CASE(a_hit_neither_costs_nor_gives), CASE(a_token_that_is_remembered_makes_its_peer_known_and_gives_nothing_back),
#endif
      CASE(a_peers_debt_is_counted_at_the_peers_rate), CASE(a_grant_gives_back),
      CASE(what_is_refused_after_the_signature_was_checked_is_not_given_back),
      CASE(one_stranger_has_a_part_of_what_strangers_have),
      CASE(the_defaults_of_one_peer_are_parts_of_the_policys_rate), CASE(each_stranger_has_its_own_budget),
      CASE(strangers_beyond_the_slots_have_what_the_others_have_left),

      CASE(a_grant_to_a_stranger_gives_back_its_own_and_that_of_all), CASE(unknown_peers_have_one_budget_of_all),
      CASE(unknown_peers_and_strangers_spend_nothing_of_each_other),
      CASE(a_peer_that_a_token_was_granted_to_has_a_reserve_that_strangers_cannot_spend),
      CASE(a_reserve_is_paid_from_before_what_strangers_have), CASE(a_peer_that_has_spent_its_reserve_is_a_stranger),
      CASE(a_grant_gives_back_to_what_has_paid),
      CASE(who_may_come_again_by_its_reserve_or_as_a_stranger_is_told_the_earlier),
      CASE(only_a_grant_to_an_address_makes_a_peer_known), CASE(a_public_route_makes_nobody_known),
      CASE(a_subject_has_20_requests_at_once_and_60_a_minute), CASE(a_subject_has_one_budget_for_all_its_tokens),
      CASE(a_request_whose_scopes_do_not_suffice_counts_too),
      CASE(more_subjects_than_slots_are_served_while_one_asks_all_the_time),
      CASE(subjects_beyond_the_slots_find_what_the_others_have_spent),
      CASE(budgets_are_full_at_the_start_whatever_the_uptime), CASE(budgets_survive_the_clock_going_round),
      CASE(budgets_are_full_after_a_whole_round_of_the_clock),
      CASE(under_a_flood_from_any_number_of_peers_more_holders_than_cache_slots_are_served),
      CASE(under_a_flood_holders_behind_one_address_are_served),
      CASE(strangers_are_served_while_a_few_addresses_attack),
      CASE(after_an_attack_from_it_an_address_has_what_it_had));
