/* SPDX-License-Identifier: Apache-2.0 */
/* Signature checks: who pays for one, and who gets it back. */
#include "budget_fixture.h"

/* ---- RSA. */

TEST(a_spent_budget_answers_429_before_any_rsa)
{
    budget_begin();
    CHECK_NUMBER(budget_forge_all(), 8);
    CHECK_NUMBER(crypto_rsa_calls(), 8);
    CHECK_NUMBER(budget_forged(99), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(crypto_rsa_calls(), 8);
    check_answer(429, WARD_ERROR_RATE);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 999;
    CHECK_NUMBER(budget_forged(99), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 1;
    CHECK_NUMBER(budget_forged(99), WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(budget_forged(99), WARD_SIGNATURE_BUDGET_SPENT);
}

TEST(retry_after_is_rounded_up)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .signature_rate = { 1, 10, 1 } };
    budget_begin();
    gate_start(&policy);
    CHECK_NUMBER(budget_forge_all(), 1);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
    test_caller.uptime += 1;
    CHECK_NUMBER(budget_forged(1), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
    test_caller.uptime += 999;
    CHECK_NUMBER(budget_forged(1), WARD_SIGNATURE_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 9);
}

/* Were a peer's debt counted at the rate of all, it would be from a past that never was, and forgotten. */
TEST(a_peers_debt_is_counted_at_the_peers_rate)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .signature_rate = { 100, 1, 50 },
                                               .signature_rate_per_peer = { 1, 100, 2 } };
    budget_begin();
    gate_start(&policy);
    ask_from(1);
    CHECK_NUMBER(budget_forge_all(), 2);
    CHECK_NUMBER(budget_forged(3), WARD_SIGNATURE_BUDGET_SPENT);
}

TEST(a_grant_gives_back)
{
    budget_begin();
    for (unsigned i = 0; i < 40; i++) {
        ward_gate_forget(&test_gate);
        test_caller.uptime += i == 20 ? 20000 : 0;
        token_make_of(&budget_token, "auth0|alice");
        CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    }
    CHECK_NUMBER(crypto_rsa_calls(), 40);
    CHECK_NUMBER(budget_forge_all(), 8);
}

TEST(what_is_refused_after_the_signature_was_checked_is_not_given_back)
{
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(budget_forge_all(), 7);
}

#if WARD_CACHE_SLOTS > 0
TEST(a_hit_neither_costs_nor_gives)
{
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 8);
    for (int i = 0; i < 5; i++)
        CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 0);
}
#endif

/* ---- Strangers. */

static const struct ward_policy many_of_all = { .expect = &usual_expect,
                                                .signature_rate = { 100, 1, 1000 },
                                                .signature_rate_per_peer = { 1, 2, 3 },
                                                .signature_reserve = { 1, 60, 1 } };

TEST(one_stranger_has_a_part_of_what_strangers_have)
{
    budget_begin();
    ask_from(1);
    CHECK_NUMBER(budget_forge_all(), 2);
    CHECK_NUMBER(test_decision.answer.retry_after, 8);
    for (uint32_t peer = 2; peer <= 4; peer++) {
        ask_from(peer);
        CHECK_NUMBER(budget_forge_all(), 2);
    }
    ask_from(5);
    CHECK_NUMBER(budget_forge_all(), 0);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    /* What all had not, the peer has not paid either. */
    test_caller.uptime += 2000;
    CHECK_NUMBER(budget_forge_all(), 2);
    ask_from(1);
    test_caller.uptime += 5999;
    CHECK_NUMBER(budget_forge_all(), 0);
    test_caller.uptime += 1;
    CHECK_NUMBER(budget_forge_all(), 1);
}

/* Also where the firmware has changed how many all may: one never has as many. */
TEST(the_defaults_of_one_peer_are_parts_of_the_policys_rate)
{
    static const struct ward_policy policy = { .expect = &usual_expect, .signature_rate = { 1, 10, 40 } };
    budget_begin();
    gate_start(&policy);
    ask_from(1);
    CHECK_NUMBER(budget_forge_all(), 10);
    CHECK_NUMBER(test_decision.answer.retry_after, 80);
    ask_from(2);
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 20 + 10);
    CHECK_NUMBER(test_decision.answer.retry_after, WARD_PEER_SLOTS < 8 ? 10 * WARD_PEER_SLOTS : 80);
}

TEST(each_stranger_has_its_own_budget)
{
    budget_begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        CHECK_NUMBER(budget_forge_all(), 3);
        CHECK_NUMBER(test_decision.answer.retry_after, 2);
    }
}

TEST(strangers_beyond_the_slots_have_what_the_others_have_left)
{
    budget_begin();
    gate_start(&many_of_all);
    for (uint32_t peer = 1; peer <= WARD_PEER_SLOTS; peer++) {
        ask_from(peer);
        for (unsigned i = 0; i < (peer == 1 ? 3 : 2); i++)
            CHECK_NUMBER(budget_forged(i), WARD_SIGNATURE_INVALID);
    }
    ask_from(1001);
    token_make_of(&budget_token, "auth0|alice");
    const enum ward_code code = WARD_PEER_SLOTS > 1 ? WARD_OK : WARD_SIGNATURE_BUDGET_SPENT;
    CHECK_STATUS(ask(&budget_token, NULL), code);
    ask_from(1002);
    CHECK_NUMBER(budget_forge_all(), WARD_PEER_SLOTS > 1 ? 1 : 0);
    ask_from(1);
    CHECK_NUMBER(budget_forge_all(), 0);
}

TEST(a_grant_to_a_stranger_gives_back_its_own_and_that_of_all)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .signature_rate = { 1, 1, 2 },
                                               .signature_rate_per_peer = { 1, 1, 1 },
                                               .signature_reserve = { 1, 60, 1 } };
    budget_begin();
    gate_start(&policy);
    ask_from(1);
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 1 + 1);
    ask_from(2);
    CHECK_NUMBER(budget_forge_all(), 1);
}

/* ---- Peers without an address. */

TEST(unknown_peers_have_one_budget_of_all)
{
    static const struct ward_policy policy = { .expect = &usual_expect,
                                               .signature_rate = { 1, 1, 12 },
                                               .signature_rate_per_peer = { 1, 1, 2 } };
    budget_begin();
    gate_start(&policy);
    CHECK_NUMBER(budget_forge_all(), 12);
    gate_start(&policy);
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 12);
}

TEST(unknown_peers_and_strangers_spend_nothing_of_each_other)
{
    budget_begin();
    CHECK_NUMBER(budget_forge_all(), 8);
    for (uint32_t peer = 1; peer <= 4; peer++) {
        ask_from(peer);
        CHECK_NUMBER(budget_forge_all(), 2);
    }
    test_caller.uptime += 8000;
    ask_from(5);
    CHECK_NUMBER(budget_forge_all(), 2);
    ask_from(0);
    CHECK_NUMBER(budget_forge_all(), 8);
}

/* ---- Peers that a token was granted to. */

/* What strangers have together, all of it. */
static void spend_what_strangers_have(void)
{
    for (uint32_t peer = 5001; peer <= 5004; peer++) {
        ask_from(peer);
        CHECK_NUMBER(budget_forge_all(), 2);
    }
}

static void grant_to(uint32_t peer)
{
    ask_from(peer);
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
}

TEST(a_peer_that_a_token_was_granted_to_has_a_reserve_that_strangers_cannot_spend)
{
    budget_begin();
    grant_to(1);
    spend_what_strangers_have();
    ask_from(2);
    CHECK_NUMBER(budget_forge_all(), 0);
    ask_from(1);
    token_make_of(&budget_token, "auth0|bob");
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(test_decision.answer.retry_after, 0);
    CHECK_NUMBER(budget_forge_all(), 4);
    test_caller.uptime += 16000;
    spend_what_strangers_have();
    ask_from(1);
    CHECK_NUMBER(budget_forge_all(), WARD_PEER_SLOTS < 4 ? 4 : 16 / WARD_PEER_SLOTS);
}

TEST(a_reserve_is_paid_from_before_what_strangers_have)
{
    budget_begin();
    grant_to(1);
    for (unsigned i = 0; i < 4; i++)
        CHECK_NUMBER(budget_forged(i), WARD_SIGNATURE_INVALID);
    spend_what_strangers_have();
}

TEST(a_peer_that_has_spent_its_reserve_is_a_stranger)
{
    budget_begin();
    grant_to(1);
    CHECK_NUMBER(budget_forge_all(), 4 + 2);
    for (uint32_t peer = 2; peer <= 4; peer++) {
        ask_from(peer);
        CHECK_NUMBER(budget_forge_all(), 2);
    }
    ask_from(5);
    CHECK_NUMBER(budget_forge_all(), 0);
}

TEST(a_grant_gives_back_to_what_has_paid)
{
    budget_begin();
    grant_to(1);
    for (unsigned i = 0; i < 3; i++)
        CHECK_NUMBER(budget_forged(i), WARD_SIGNATURE_INVALID);
    for (unsigned i = 0; i < 20; i++) {
        budget_make_numbered(i);
        CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    }
    CHECK_NUMBER(budget_forge_all(), 1 + 2);
    test_caller.uptime += 8000;
    for (unsigned i = 20; i < 40; i++) {
        budget_make_numbered(i);
        CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    }
    CHECK_NUMBER(budget_forge_all(), 1 + 8 / WARD_PEER_SLOTS);
}

TEST(who_may_come_again_by_its_reserve_or_as_a_stranger_is_told_the_earlier)
{
    static const struct ward_policy reserve_first = { .expect = &usual_expect,
                                                      .signature_rate_per_peer = { 1, 5, 1 },
                                                      .signature_reserve = { 1, 2, 1 } };
    static const struct ward_policy stranger_first = { .expect = &usual_expect,
                                                       .signature_rate_per_peer = { 1, 2, 1 },
                                                       .signature_reserve = { 1, 5, 1 } };
    budget_begin();
    gate_start(&reserve_first);
    grant_to(1);
    CHECK_NUMBER(budget_forge_all(), 2);
    CHECK_NUMBER(test_decision.answer.retry_after, 2);
    gate_start(&stranger_first);
    grant_to(1);
    CHECK_NUMBER(budget_forge_all(), 2);
    CHECK_NUMBER(test_decision.answer.retry_after, 2);
}

TEST(only_a_grant_to_an_address_makes_a_peer_known)
{
    budget_begin();
    ask_from(1);
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
    CHECK_NUMBER(budget_forge_all(), 1);
    ask_from(0);
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 8);
}

TEST(a_public_route_makes_nobody_known)
{
    static const struct ward_route routes[] = { { WARD_GET | WARD_PUBLIC, WARD_TEXT("/open"), { NULL, 0 } } };
    static const struct ward_policy policy = { .expect = &usual_expect, .routes = routes, .route_count = 1 };
    budget_begin();
    gate_start(&policy);
    ask_from(1);
    const struct ward_request request = { .method = WARD_GET,
                                          .target = WARD_TEXT("/open"),
                                          .protected_channel = true,
                                          .peer = test_caller.peer,
                                          .now = test_caller.now,
                                          .uptime = test_caller.uptime };
    CHECK_STATUS(ward_gate_check(&test_gate, &request, &test_work, &test_decision), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 2);
}

TEST(after_an_attack_from_it_an_address_has_what_it_had)
{
    budget_begin();
    grant_to(1);
    CHECK_NUMBER(budget_forge_all(), 6);
    test_caller.uptime += 4000u * WARD_PEER_SLOTS;
    CHECK_NUMBER(budget_forge_all(), 6);
}

#if WARD_CACHE_SLOTS > 0
TEST(a_token_that_is_remembered_makes_its_peer_known_and_gives_nothing_back)
{
    budget_begin();
    grant_to(1);
    ask_from(2);
    CHECK_NUMBER(budget_forge_all(), 2);
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_NUMBER(budget_forge_all(), 4);
}
#endif

SUITE(budget, CASE(a_spent_budget_answers_429_before_any_rsa),
#if WARD_CACHE_SLOTS > 0
      CASE(a_hit_neither_costs_nor_gives), CASE(a_token_that_is_remembered_makes_its_peer_known_and_gives_nothing_back),
#endif
      CASE(retry_after_is_rounded_up), CASE(a_peers_debt_is_counted_at_the_peers_rate), CASE(a_grant_gives_back),
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
      CASE(after_an_attack_from_it_an_address_has_what_it_had));
