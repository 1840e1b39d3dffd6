/* SPDX-License-Identifier: Apache-2.0 */
/* Refusals in the record: what is coalesced, and that a scan can wash nothing out. */
#include "audit.h"

TEST(a_refusal_like_the_one_before_is_only_counted)
{
    audit_start();
    for (int i = 0; i < 1000; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(audit_kept_count, 2);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_kept_count, 3);
    CHECK_NUMBER(audit_newest()->repeats, 999);
    CHECK_NUMBER(audit_newest()->reason, WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(audit_newest()->marks & WARD_AUDIT_MIXED, 0);
}

TEST(flushing_writes_once)
{
    audit_start();
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_kept_count, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_kept_count, 3);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(audit_kept_count, 3);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, 1);
}

TEST(grants_and_changes_are_never_coalesced)
{
    audit_start();
    for (int i = 0; i < 10; i++) {
        audit_grant();
        audit_event(WARD_AUDIT_CHANGE, WARD_SUBJECT_DENIED);
        audit_take();
    }
    CHECK_NUMBER(audit_kept_count, 21);
}

TEST(a_refusal_that_differs_is_written_after_what_was_counted)
{
    audit_start();
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 2);
    CHECK_NUMBER(audit_kept_count, 4);
    CHECK_NUMBER(audit_kept[2].repeats, 2);
    CHECK_NUMBER(audit_kept[2].peer[15], 1);
    CHECK_NUMBER(audit_kept[3].repeats, 1);
    CHECK_NUMBER(audit_kept[3].peer[15], 2);
}

TEST(refusals_differ_by_reason_route_method_and_peer)
{
    audit_start();
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_KEY_UNKNOWN, 1);
    CHECK_NUMBER(audit_kept_count, 3);
    audit_event(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->peer[0] = 1;
    audit_take();
    CHECK_NUMBER(audit_kept_count, 4);
    audit_event(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->route = 1;
    audit_take();
    CHECK_NUMBER(audit_kept_count, 5);
    audit_event(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->method = 1;
    audit_take();
    CHECK_NUMBER(audit_kept_count, 6);
    audit_event(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN);
    audit_take();
    CHECK_NUMBER(audit_kept_count, 7);
    audit_event(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN);
    audit_take();
    CHECK_NUMBER(audit_kept_count, 7);
}

TEST(refusals_that_differ_are_written_up_to_eight_then_one_in_eight_seconds)
{
    audit_start();
    for (uint8_t i = 0; i < 100; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    CHECK_NUMBER(audit_kept_count, 9);
    audit_uptime += 7999;
    audit_refuse(WARD_SIGNATURE_INVALID, 100);
    CHECK_NUMBER(audit_kept_count, 9);
    audit_uptime += 1;
    audit_refuse(WARD_SIGNATURE_INVALID, 101);
    CHECK_NUMBER(audit_kept_count, 11);
    CHECK_NUMBER(audit_kept[9].repeats, 93);
    CHECK_NUMBER(audit_kept[9].peer[15], 8);
    CHECK_NUMBER(audit_kept[9].marks, WARD_AUDIT_MIXED);
    CHECK_NUMBER(audit_kept[10].peer[15], 101);
    CHECK_NUMBER(audit_kept[10].repeats, 1);
    CHECK_NUMBER(audit_kept[10].marks, 0);
}

TEST(one_refusal_that_had_to_wait_is_not_mixed)
{
    audit_start();
    for (uint8_t i = 0; i < 8; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    audit_refuse(WARD_SIGNATURE_INVALID, 50);
    audit_refuse(WARD_SIGNATURE_INVALID, 50);
    CHECK_NUMBER(audit_kept_count, 9);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, 2);
    CHECK_NUMBER(audit_newest()->marks, 0);
}

TEST(a_refusal_that_waits_is_written_when_it_repeats_later)
{
    audit_start();
    for (uint8_t i = 0; i < 8; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    audit_refuse(WARD_SIGNATURE_INVALID, 50);
    audit_uptime += 8000;
    audit_refuse(WARD_SIGNATURE_INVALID, 50);
    CHECK_NUMBER(audit_kept_count, 11);
    CHECK_NUMBER(audit_kept[9].peer[15], 50);
    CHECK_NUMBER(audit_kept[10].peer[15], 50);
}

TEST(repeats_of_the_last_do_not_hide_behind_others_that_wait)
{
    audit_start();
    for (uint8_t i = 0; i < 8; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    audit_refuse(WARD_SIGNATURE_INVALID, 50);
    audit_refuse(WARD_SIGNATURE_INVALID, 7);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, 2);
    CHECK_NUMBER(audit_newest()->peer[15], 50);
    CHECK_NUMBER(audit_newest()->marks, WARD_AUDIT_MIXED);
}

TEST(the_last_one_again_is_written_by_itself_when_another_waits_and_the_budget_has_room)
{
    audit_start();
    for (uint8_t i = 0; i < 8; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    audit_refuse(WARD_SIGNATURE_INVALID, 50);
    audit_uptime += 8000;
    audit_refuse(WARD_SIGNATURE_INVALID, 7);
    CHECK_NUMBER(audit_kept_count, 11);
    CHECK_NUMBER(audit_kept[9].peer[15], 50);
    CHECK_NUMBER(audit_kept[9].marks, 0);
    CHECK_NUMBER(audit_kept[10].peer[15], 7);
}

TEST(in_a_full_ring_what_was_counted_takes_a_slot_and_the_one_that_differs_another)
{
    audit_start();
    for (unsigned i = 0; i < 3 * WARD_AUDIT_EVENTS; i++) {
        audit_refuse(WARD_SIGNATURE_INVALID, (uint8_t)i);
        audit_refuse(WARD_SIGNATURE_INVALID, (uint8_t)i);
        audit_uptime += 8000;
    }
    const uint32_t written = (uint32_t)audit_kept_count;
    CHECK_NUMBER(written, 6 * WARD_AUDIT_EVENTS);
    for (uint32_t i = 1; i < WARD_AUDIT_EVENTS; i++)
        CHECK_NUMBER(ward_audit_at(&test_audit, i)->sequence, written - WARD_AUDIT_EVENTS + 1 + i);
    CHECK_NUMBER(audit_newest()->peer[15], 3 * WARD_AUDIT_EVENTS - 1);
    CHECK_NUMBER(audit_newest()->repeats, 1);
}

TEST(a_scan_cannot_wash_the_evidence_out)
{
    audit_start();
    audit_grant();
    audit_refuse_verified(WARD_SCOPE_INSUFFICIENT, 200);
    /* A scan from ever other peers, a thousand a second. */
    for (unsigned i = 0; i < 100000; i++) {
        audit_event(WARD_AUDIT_REFUSAL, WARD_SIGNATURE_INVALID)->peer[i % 16] = (uint8_t)(1 + i / 16 % 255);
        audit_take();
        audit_uptime++;
    }
    CHECK_NUMBER(audit_count_of(WARD_AUDIT_GRANT), 1);
    CHECK_NUMBER(ward_audit_at(&test_audit, 2)->reason, WARD_SCOPE_INSUFFICIENT);
}

TEST(an_exposed_credential_is_not_lost_among_repeats)
{
    audit_start();
    audit_refuse(WARD_CHANNEL_UNPROTECTED, 1);
    audit_refuse(WARD_CHANNEL_UNPROTECTED, 1);
    audit_event(WARD_AUDIT_REFUSAL, WARD_CHANNEL_UNPROTECTED)->peer[15] = 1;
    test_audit.next.marks = WARD_AUDIT_EXPOSED | WARD_AUDIT_SUBJECT_CUT;
    audit_take();
    audit_refuse(WARD_CHANNEL_UNPROTECTED, 1);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->marks, WARD_AUDIT_EXPOSED);
    CHECK_NUMBER(audit_newest()->repeats, 3);
}

TEST(after_mixed_refusals_the_next_one_is_written_by_itself)
{
    audit_start();
    for (uint8_t i = 0; i < 20; i++)
        audit_refuse(WARD_SIGNATURE_INVALID, i);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->peer[15], 8);
    audit_uptime += 8000;
    audit_refuse(WARD_SIGNATURE_INVALID, 8);
    CHECK_NUMBER(audit_newest()->repeats, 1);
    CHECK_NUMBER(audit_kept_count, 11);
}

TEST(a_count_that_is_full_stays_there)
{
    audit_start();
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    test_audit.refusals.pending.repeats = UINT32_MAX - 1;
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, UINT32_MAX);
}

TEST(the_budget_of_refusals_is_full_at_the_start_whatever_the_uptime)
{
    static const uint32_t uptimes[] = { 0, 1, UINT32_MAX, UINT32_MAX - 30000, 0x80000000u };
    for (size_t i = 0; i < sizeof uptimes / sizeof uptimes[0]; i++) {
        audit_start();
        audit_uptime = uptimes[i];
        for (uint8_t j = 0; j < 9; j++)
            audit_refuse(WARD_SIGNATURE_INVALID, j);
        CHECK_NUMBER(audit_kept_count, 9);
    }
}

TEST(the_budget_of_refusals_survives_the_clock_going_round)
{
    audit_start();
    for (uint8_t j = 0; j < 9; j++)
        audit_refuse(WARD_SIGNATURE_INVALID, j);
    CHECK_NUMBER(audit_kept_count, 9);
    for (uint32_t step = 0; step < 4; step++) {
        audit_uptime += 0x40000000u;
        audit_grant();
    }
    CHECK_NUMBER(audit_uptime, 5000);
    for (uint8_t j = 0; j < 8; j++)
        audit_refuse(WARD_SIGNATURE_INVALID, (uint8_t)(100 + j));
    CHECK_NUMBER(audit_newest()->peer[15], 107);
}

SUITE(audit_refusals, CASE(a_refusal_like_the_one_before_is_only_counted), CASE(flushing_writes_once),
      CASE(grants_and_changes_are_never_coalesced), CASE(a_refusal_that_differs_is_written_after_what_was_counted),
      CASE(refusals_differ_by_reason_route_method_and_peer),
      CASE(refusals_that_differ_are_written_up_to_eight_then_one_in_eight_seconds),
      CASE(one_refusal_that_had_to_wait_is_not_mixed), CASE(a_refusal_that_waits_is_written_when_it_repeats_later),
      CASE(repeats_of_the_last_do_not_hide_behind_others_that_wait),
      CASE(the_last_one_again_is_written_by_itself_when_another_waits_and_the_budget_has_room),
      CASE(in_a_full_ring_what_was_counted_takes_a_slot_and_the_one_that_differs_another),
      CASE(a_scan_cannot_wash_the_evidence_out), CASE(an_exposed_credential_is_not_lost_among_repeats),
      CASE(after_mixed_refusals_the_next_one_is_written_by_itself), CASE(a_count_that_is_full_stays_there),
      CASE(the_budget_of_refusals_is_full_at_the_start_whatever_the_uptime),
      CASE(the_budget_of_refusals_survives_the_clock_going_round));
