/* SPDX-License-Identifier: Apache-2.0 */
/* Public grants and refusals of verified subjects in the record: what is counted, what is written, and when. */
#include "audit.h"

/* ---- Public grants. */

TEST(public_grants_alike_are_only_counted)
{
    audit_start();
    for (int i = 0; i < 1000; i++)
        audit_grant_publicly(1);
    CHECK_NUMBER(audit_kept_count, 2);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, 999);
    CHECK_NUMBER(audit_newest()->kind, WARD_AUDIT_GRANT);
    CHECK_NUMBER(audit_newest()->marks, 0);
}

TEST(public_grants_that_differ_are_written_up_to_eight_then_one_in_eight_seconds)
{
    audit_start();
    for (uint8_t i = 0; i < 100; i++)
        audit_grant_publicly(i);
    CHECK_NUMBER(audit_kept_count, 9);
    audit_uptime += 8000;
    audit_grant_publicly(200);
    CHECK_NUMBER(audit_kept_count, 11);
    CHECK_NUMBER(audit_kept[9].repeats, 92);
    CHECK_NUMBER(audit_kept[9].marks, WARD_AUDIT_MIXED);
    CHECK_NUMBER(audit_kept[10].peer[15], 200);
}

TEST(public_grants_and_refusals_of_strangers_are_counted_apart)
{
    audit_start();
    for (uint8_t i = 0; i < 100; i++) {
        audit_grant_publicly(1);
        audit_refuse(WARD_SIGNATURE_INVALID, 1);
    }
    CHECK_NUMBER(audit_kept_count, 3);
    for (uint8_t i = 2; i < 9; i++)
        audit_grant_publicly(i);
    for (uint8_t i = 2; i < 9; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    /* Eight of each, and before the second of each what was counted of the first. */
    CHECK_NUMBER(audit_kept_count, 19);
    CHECK_NUMBER(audit_kept[3].repeats, 99);
    CHECK_NUMBER(audit_kept[3].kind, WARD_AUDIT_GRANT);
    CHECK_NUMBER(audit_kept[11].repeats, 99);
    CHECK_NUMBER(audit_kept[11].kind, WARD_AUDIT_REFUSAL);
}

TEST(a_public_grant_that_cannot_be_written_is_none)
{
    audit_start();
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    audit_event(WARD_AUDIT_GRANT, WARD_OK);
    CHECK_STATUS(ward_audit_record(&test_audit, audit_uptime), WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_kept_count, 1);
    audit_grant_publicly(1);
    CHECK_NUMBER(audit_kept_count, 2);
}

/* ---- Verified subjects. */

TEST(a_grant_by_a_token_is_always_written)
{
    audit_start();
    for (size_t i = 2; i < 500; i++) {
        audit_grant();
        CHECK_NUMBER(audit_kept_count, i);
    }
}

TEST(a_refusal_of_a_verified_subject_that_differs_is_always_written)
{
    audit_start();
    for (size_t i = 0; i < 1000; i++)
        audit_refuse_verified(WARD_SUBJECT_DENIED, (uint8_t)(1 + i % 200));
    CHECK_NUMBER(audit_kept_count, 1001);
    CHECK_NUMBER(test_audit.verified.pending.repeats, 0);
    for (size_t i = 0; i < 1000; i++)
        audit_refuse_verified(i % 2 == 0 ? WARD_SUBJECT_DENIED : WARD_SCOPE_INSUFFICIENT, 1);
    CHECK_NUMBER(audit_kept_count, 2001);
}

TEST(the_same_of_a_verified_subject_is_written_twenty_times_then_once_a_second)
{
    audit_start();
    for (int i = 0; i < 100; i++)
        audit_refuse_verified(WARD_SUBJECT_BUDGET_SPENT, 1);
    CHECK_NUMBER(audit_kept_count, 21);
    audit_uptime += 999;
    audit_refuse_verified(WARD_SUBJECT_BUDGET_SPENT, 1);
    CHECK_NUMBER(audit_kept_count, 21);
    audit_uptime += 1;
    audit_refuse_verified(WARD_SUBJECT_BUDGET_SPENT, 1);
    CHECK_NUMBER(audit_kept_count, 23);
    CHECK_NUMBER(audit_kept[21].repeats, 81);
    CHECK_NUMBER(audit_kept[21].marks, 0);
    CHECK_NUMBER(audit_kept[22].repeats, 1);
}

TEST(another_verified_subject_is_not_held_up_by_a_flood_of_one)
{
    audit_start();
    for (int i = 0; i < 100; i++)
        audit_refuse_verified(WARD_SUBJECT_BUDGET_SPENT, 1);
    audit_refuse_verified(WARD_SUBJECT_BUDGET_SPENT, 2);
    CHECK_NUMBER(audit_kept_count, 23);
    CHECK_NUMBER(audit_kept[21].repeats, 80);
    CHECK_NUMBER(audit_kept[21].owner[0], 1);
    CHECK_NUMBER(audit_kept[22].owner[0], 2);
}

static void refuse_beyond_budget(uint8_t owner, uint16_t route)
{
    struct ward_audit_event *const event = audit_event(WARD_AUDIT_REFUSAL, WARD_SUBJECT_BUDGET_SPENT);
    event->owner[0] = owner;
    event->route = route;
    test_audit.beyond_budget = true;
    audit_take();
}

TEST(what_is_beyond_a_budget_repeats_whatever_it_asks_for)
{
    audit_start();
    for (uint16_t i = 0; i < 1000; i++)
        refuse_beyond_budget(1, i % 2);
    CHECK_NUMBER(audit_kept_count, 21);
    refuse_beyond_budget(2, 0);
    CHECK_NUMBER(audit_kept_count, 23);
    CHECK_NUMBER(audit_kept[21].repeats, 980);
    CHECK_NUMBER(audit_kept[21].marks, WARD_AUDIT_MIXED);
    CHECK_NUMBER(audit_kept[22].owner[0], 2);
    audit_uptime += 2000;
    refuse_beyond_budget(2, 0);
    CHECK_NUMBER(audit_kept_count, 24);
}

TEST(several_subjects_beyond_their_budgets_are_written_forty_times_then_once_a_second)
{
    audit_start();
    for (uint16_t i = 0; i < 1000; i++)
        refuse_beyond_budget((uint8_t)(1 + i % 2), 0);
    CHECK_NUMBER(audit_kept_count, 41);
    audit_uptime += 1000;
    refuse_beyond_budget(3, 0);
    CHECK_NUMBER(audit_kept_count, 43);
    CHECK_NUMBER(audit_kept[41].repeats, 960);
    /* What is within a budget waits for nothing. */
    audit_refuse_verified(WARD_SUBJECT_DENIED, 4);
    CHECK_NUMBER(audit_kept_count, 44);
}

TEST(what_a_verified_subject_did_is_written_with_whatever_comes_next)
{
    audit_start();
    for (int i = 0; i < 30; i++)
        audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
    CHECK_NUMBER(audit_kept_count, 21);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(audit_kept_count, 22);
    audit_uptime += 1000;
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(audit_kept_count, 23);
    CHECK_NUMBER(audit_newest()->repeats, 10);
    CHECK_NUMBER(audit_newest()->owner[0], 1);
    audit_uptime += 1000;
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(audit_kept_count, 23);
}

TEST(what_waits_stays_counted_when_it_cannot_be_written)
{
    audit_start();
    for (int i = 0; i < 30; i++)
        audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
    audit_uptime += 1000;
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    audit_grant();
    CHECK_NUMBER(audit_kept_count, 22);
    CHECK_NUMBER(audit_newest()->kind, WARD_AUDIT_GRANT);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, 10);
    CHECK_NUMBER(audit_newest()->reason, WARD_SUBJECT_DENIED);
}

TEST(a_flush_that_fails_keeps_what_it_has_not_written)
{
    for (unsigned call = 1; call <= 9; call += 4) {
        audit_start();
        for (int i = 0; i < 30; i++) {
            audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
            audit_refuse(WARD_SIGNATURE_INVALID, 1);
            audit_grant_publicly(1);
        }
        const size_t written = audit_kept_count;
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_audit_flush(&test_audit), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(audit_kept_count, written + (call - 1) / 4);
        CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
        CHECK_NUMBER(audit_kept_count, written + 3);
        CHECK_NUMBER(audit_kept[written % 64].repeats, 10);
        CHECK_NUMBER(audit_kept[(written + 1) % 64].repeats, 29);
        CHECK_NUMBER(audit_kept[(written + 2) % 64].repeats, 29);
    }
}

TEST(strangers_take_nothing_from_the_turns_of_verified_subjects)
{
    audit_start();
    for (uint8_t i = 0; i < 100; i++) {
        audit_refuse(WARD_SIGNATURE_INVALID, i);
        audit_grant_publicly(i);
    }
    CHECK_NUMBER(audit_kept_count, 17);
    for (int i = 0; i < 20; i++)
        audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
    CHECK_NUMBER(audit_kept_count, 37);
}

TEST(the_turns_of_each_kind_are_full_at_the_start_whatever_the_uptime)
{
    static const uint32_t uptimes[] = { 0, 1, UINT32_MAX, UINT32_MAX - 10000, 0x80000000u };
    for (size_t i = 0; i < sizeof uptimes / sizeof uptimes[0]; i++) {
        audit_start();
        audit_uptime = uptimes[i];
        for (uint8_t j = 0; j < 9; j++)
            audit_grant_publicly(j);
        for (uint8_t j = 0; j < 21; j++)
            audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
        CHECK_NUMBER(audit_kept_count, 29);
    }
}

TEST(the_turns_of_each_kind_survive_the_clock_going_round)
{
    audit_start();
    for (uint8_t j = 0; j < 9; j++)
        audit_grant_publicly(j);
    for (uint8_t j = 0; j < 21; j++)
        audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    for (uint32_t step = 0; step < 4; step++) {
        audit_uptime += 0x40000000u;
        audit_grant();
    }
    const size_t written = audit_kept_count;
    for (uint8_t j = 100; j < 108; j++)
        audit_grant_publicly(j);
    for (uint8_t j = 0; j < 20; j++)
        audit_refuse_verified(WARD_SUBJECT_DENIED, 1);
    CHECK_NUMBER(audit_kept_count, written + 28);
}

SUITE(audit_runs, CASE(public_grants_alike_are_only_counted),
      CASE(public_grants_that_differ_are_written_up_to_eight_then_one_in_eight_seconds),
      CASE(public_grants_and_refusals_of_strangers_are_counted_apart),
      CASE(a_public_grant_that_cannot_be_written_is_none), CASE(a_grant_by_a_token_is_always_written),
      CASE(a_refusal_of_a_verified_subject_that_differs_is_always_written),
      CASE(the_same_of_a_verified_subject_is_written_twenty_times_then_once_a_second),
      CASE(another_verified_subject_is_not_held_up_by_a_flood_of_one),
      CASE(what_is_beyond_a_budget_repeats_whatever_it_asks_for),
      CASE(several_subjects_beyond_their_budgets_are_written_forty_times_then_once_a_second),
      CASE(what_a_verified_subject_did_is_written_with_whatever_comes_next),
      CASE(what_waits_stays_counted_when_it_cannot_be_written), CASE(a_flush_that_fails_keeps_what_it_has_not_written),
      CASE(strangers_take_nothing_from_the_turns_of_verified_subjects),
      CASE(the_turns_of_each_kind_are_full_at_the_start_whatever_the_uptime),
      CASE(the_turns_of_each_kind_survive_the_clock_going_round));
