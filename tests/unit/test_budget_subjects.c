/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of a subject; and what the clock does to any budget. */
#include "budget_fixture.h"

static unsigned ask_all(void)
{
    unsigned count = 0;
    while (count < 100 && ward_ok(ask(&budget_token, NULL)))
        count++;
    return count;
}

TEST(a_subject_has_20_requests_at_once_and_60_a_minute)
{
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    CHECK_NUMBER(ask_all(), 20);
    CHECK_STATUS(ask(&budget_token, NULL), WARD_SUBJECT_BUDGET_SPENT);
    check_refused(&budget_token, 429, WARD_ERROR_RATE);
    CHECK_NUMBER(test_decision.answer.retry_after, 1);
    test_caller.uptime += 1000;
    CHECK_NUMBER(ask_all(), 1);
    token_make_of(&budget_token, "auth0|bob");
    CHECK_NUMBER(ask_all(), 20);
}

TEST(a_subject_has_one_budget_for_all_its_tokens)
{
    static struct test_token other;
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    token_make_with(&other, "auth0|alice", "x", "");
    CHECK_STATUS(ask(&other, NULL), WARD_OK);
    CHECK_NUMBER(ask_all(), 19);
    CHECK_STATUS(ask(&other, NULL), WARD_SUBJECT_BUDGET_SPENT);
}

TEST(a_request_whose_scopes_do_not_suffice_counts_too)
{
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    CHECK_STATUS(ask(&budget_token, "admin:foia"), WARD_SCOPE_INSUFFICIENT);
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
    budget_begin();
    gate_start(&policy);
    token_make_of(&busy, "auth0|busy");
    for (unsigned second = 0; second < 4; second++) {
        for (unsigned i = 0; i < QUIET; i++) {
            served += ward_ok(ask(&busy, NULL)) ? 1u : 0u;
            budget_make_numbered(i);
            CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
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
    budget_begin();
    gate_start(&policy);
    for (unsigned i = 0; i < WARD_SUBJECT_SLOTS; i++) {
        budget_make_numbered(i);
        CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    }
    budget_make_numbered(WARD_SUBJECT_SLOTS);
    CHECK_STATUS(ask(&budget_token, NULL), WARD_OK);
    CHECK_STATUS(ask(&budget_token, NULL), WARD_SUBJECT_BUDGET_SPENT);
    CHECK_NUMBER(test_decision.answer.retry_after, 10);
}

/* ---- The clock. */

/* The request over the subject's budget costs a signature check that nothing gives back, unless the signature was known. */
enum { LEFT_AFTER_A_SUBJECT_IS_SPENT = WARD_CACHE_SLOTS > 0 ? 8 : 7 };

TEST(budgets_are_full_at_the_start_whatever_the_uptime)
{
    static const uint32_t uptimes[] = { 0, 4000, 0x80000000u, UINT32_MAX - 4000, UINT32_MAX };
    for (size_t i = 0; i < sizeof uptimes / sizeof uptimes[0]; i++) {
        budget_begin();
        test_caller.uptime = uptimes[i];
        CHECK_NUMBER(budget_forge_all(), 8);
        ask_from(0);
        test_caller.uptime += 8000;
        token_make_of(&budget_token, "auth0|alice");
        CHECK_NUMBER(ask_all(), 20);
    }
}

TEST(budgets_survive_the_clock_going_round)
{
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    test_caller.uptime = UINT32_MAX - 500;
    CHECK_NUMBER(ask_all(), 20);
    CHECK_NUMBER(budget_forge_all(), LEFT_AFTER_A_SUBJECT_IS_SPENT);
    test_caller.uptime += 1000;
    CHECK_NUMBER(budget_forge_all(), 1);
#if WARD_CACHE_SLOTS > 0
    CHECK_NUMBER(ask_all(), 1);
#endif
}

TEST(budgets_are_full_after_a_whole_round_of_the_clock)
{
    budget_begin();
    token_make_of(&budget_token, "auth0|alice");
    CHECK_NUMBER(ask_all(), 20);
    CHECK_NUMBER(budget_forge_all(), LEFT_AFTER_A_SUBJECT_IS_SPENT);
    /* Requests of others in between, the last of them when the clock shows what it showed before. */
    ask_from(2);
    for (int i = 0; i < 4; i++) {
        test_caller.uptime += 0x40000000u;
        CHECK_NUMBER(budget_forged(3), WARD_SIGNATURE_INVALID);
    }
    test_caller.uptime += 1000;
    ask_from(0);
    CHECK_NUMBER(budget_forge_all(), 8);
    token_make_of(&budget_token, "auth0|alice");
    test_caller.uptime += 1000;
    CHECK_NUMBER(ask_all(), 20);
}

SUITE(budget_subjects, CASE(a_subject_has_20_requests_at_once_and_60_a_minute),
      CASE(a_subject_has_one_budget_for_all_its_tokens), CASE(a_request_whose_scopes_do_not_suffice_counts_too),
      CASE(more_subjects_than_slots_are_served_while_one_asks_all_the_time),
      CASE(subjects_beyond_the_slots_find_what_the_others_have_spent),
      CASE(budgets_are_full_at_the_start_whatever_the_uptime), CASE(budgets_survive_the_clock_going_round),
      CASE(budgets_are_full_after_a_whole_round_of_the_clock));
