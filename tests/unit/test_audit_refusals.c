/* Refusals in the record: what is coalesced, and that a scan can wash nothing out. */
#include "access/audit.h"

#include "crypto_faults.h"
#include "gate.h"

static struct ward_audit audit;
static uint32_t uptime;

/* What the sink has been given. */
static struct ward_audit_event kept[64];
static size_t kept_count;

static void keep(void *context, const struct ward_audit_event *event)
{
    CHECK(context == &kept_count);
    kept[kept_count++ % 64] = *event;
}

static void begin(void)
{
    crypto_fail_at(0, 0);
    uptime = 5000;
    kept_count = 0;
    memset(&audit, 0x5a, sizeof audit);
    CHECK_STATUS(ward_audit_begin(&audit, NULL, 1, ward_time_set(NOW), keep, &kept_count), WARD_OK);
}

static struct ward_audit_event *next(uint8_t kind, uint32_t reason)
{
    struct ward_audit_event *const event = ward_audit_next(&audit, ward_time_set(NOW));
    event->kind = kind;
    event->reason = reason;
    return event;
}

static void record(void)
{
    CHECK_STATUS(ward_audit_record(&audit, uptime), WARD_OK);
}

static void grant(void)
{
    next(WARD_AUDIT_GRANT, WARD_OK);
    record();
}

/* A refusal from a peer. */
static void refuse(uint32_t reason, uint8_t peer)
{
    next(WARD_AUDIT_REFUSAL, reason)->peer[15] = peer;
    record();
}

static size_t count_of(uint8_t kind)
{
    size_t count = 0;
    for (size_t i = 0; ward_audit_at(&audit, i) != NULL; i++)
        count += ward_audit_at(&audit, i)->kind == kind ? 1u : 0u;
    return count;
}

static const struct ward_audit_event *newest(void)
{
    return &kept[(kept_count - 1) % 64];
}

TEST(a_refusal_like_the_one_before_is_only_counted)
{
    begin();
    for (int i = 0; i < 1000; i++)
        refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(kept_count, 2);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(kept_count, 3);
    CHECK_NUMBER(newest()->repeats, 999);
    CHECK_NUMBER(newest()->reason, WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(newest()->marks & WARD_AUDIT_MIXED, 0);
}

TEST(flushing_writes_once)
{
    begin();
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(kept_count, 1);
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(kept_count, 3);
    refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_NUMBER(kept_count, 3);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(newest()->repeats, 1);
}

TEST(grants_and_changes_are_never_coalesced)
{
    begin();
    for (int i = 0; i < 10; i++) {
        grant();
        next(WARD_AUDIT_CHANGE, WARD_SUBJECT_DENIED);
        record();
    }
    CHECK_NUMBER(kept_count, 21);
}

TEST(a_refusal_that_differs_is_written_after_what_was_counted)
{
    begin();
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_SIGNATURE_INVALID, 2);
    CHECK_NUMBER(kept_count, 4);
    CHECK_NUMBER(kept[2].repeats, 2);
    CHECK_NUMBER(kept[2].peer[15], 1);
    CHECK_NUMBER(kept[3].repeats, 1);
    CHECK_NUMBER(kept[3].peer[15], 2);
}

TEST(refusals_differ_by_reason_route_method_peer_and_owner)
{
    begin();
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_KEY_UNKNOWN, 1);
    CHECK_NUMBER(kept_count, 3);
    next(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->peer[0] = 1;
    record();
    CHECK_NUMBER(kept_count, 4);
    next(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->route = 1;
    record();
    CHECK_NUMBER(kept_count, 5);
    next(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->method = 1;
    record();
    CHECK_NUMBER(kept_count, 6);
    next(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->owner[15] = 1;
    record();
    CHECK_NUMBER(kept_count, 7);
    next(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN)->owner[15] = 1;
    record();
    CHECK_NUMBER(kept_count, 7);
}

TEST(refusals_that_differ_are_written_up_to_eight_then_one_in_eight_seconds)
{
    begin();
    for (uint8_t i = 0; i < 100; i++)
        refuse(WARD_SIGNATURE_INVALID, i);
    CHECK_NUMBER(kept_count, 9);
    uptime += 7999;
    refuse(WARD_SIGNATURE_INVALID, 100);
    CHECK_NUMBER(kept_count, 9);
    uptime += 1;
    refuse(WARD_SIGNATURE_INVALID, 101);
    CHECK_NUMBER(kept_count, 11);
    CHECK_NUMBER(kept[9].repeats, 93);
    CHECK_NUMBER(kept[9].peer[15], 8);
    CHECK_NUMBER(kept[9].marks, WARD_AUDIT_MIXED);
    CHECK_NUMBER(kept[10].peer[15], 101);
    CHECK_NUMBER(kept[10].repeats, 1);
    CHECK_NUMBER(kept[10].marks, 0);
}

TEST(one_refusal_that_had_to_wait_is_not_mixed)
{
    begin();
    for (uint8_t i = 0; i < 8; i++)
        refuse(WARD_SIGNATURE_INVALID, i);
    refuse(WARD_SIGNATURE_INVALID, 50);
    refuse(WARD_SIGNATURE_INVALID, 50);
    CHECK_NUMBER(kept_count, 9);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(newest()->repeats, 2);
    CHECK_NUMBER(newest()->marks, 0);
}

TEST(a_refusal_that_waits_is_written_when_it_repeats_later)
{
    begin();
    for (uint8_t i = 0; i < 8; i++)
        refuse(WARD_SIGNATURE_INVALID, i);
    refuse(WARD_SIGNATURE_INVALID, 50);
    uptime += 8000;
    refuse(WARD_SIGNATURE_INVALID, 50);
    CHECK_NUMBER(kept_count, 11);
    CHECK_NUMBER(kept[9].peer[15], 50);
    CHECK_NUMBER(kept[10].peer[15], 50);
}

TEST(repeats_of_the_last_do_not_hide_behind_others_that_wait)
{
    begin();
    for (uint8_t i = 0; i < 8; i++)
        refuse(WARD_SIGNATURE_INVALID, i);
    refuse(WARD_SIGNATURE_INVALID, 50);
    refuse(WARD_SIGNATURE_INVALID, 7);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(newest()->repeats, 2);
    CHECK_NUMBER(newest()->peer[15], 50);
    CHECK_NUMBER(newest()->marks, WARD_AUDIT_MIXED);
}

TEST(a_scan_cannot_wash_the_evidence_out)
{
    begin();
    grant();
    refuse(WARD_SCOPE_INSUFFICIENT, 200);
    /* A scan from ever other peers, a thousand a second, for as long as the refusals' half lasts. */
    for (unsigned i = 0; i < 1000 * (WARD_AUDIT_EVENTS / 4); i++) {
        next(WARD_AUDIT_REFUSAL, WARD_SIGNATURE_INVALID)->peer[i % 16] = (uint8_t)(1 + i / 16 % 255);
        record();
        uptime++;
    }
    CHECK_NUMBER(count_of(WARD_AUDIT_GRANT), 1);
    CHECK_NUMBER(ward_audit_at(&audit, 2)->reason, WARD_SCOPE_INSUFFICIENT);
}

TEST(an_exposed_credential_is_not_lost_among_repeats)
{
    begin();
    refuse(WARD_CHANNEL_UNPROTECTED, 1);
    refuse(WARD_CHANNEL_UNPROTECTED, 1);
    next(WARD_AUDIT_REFUSAL, WARD_CHANNEL_UNPROTECTED)->peer[15] = 1;
    audit.next.marks = WARD_AUDIT_EXPOSED | WARD_AUDIT_SUBJECT_CUT;
    record();
    refuse(WARD_CHANNEL_UNPROTECTED, 1);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(newest()->marks, WARD_AUDIT_EXPOSED);
    CHECK_NUMBER(newest()->repeats, 3);
}

TEST(after_mixed_refusals_the_next_one_is_written_by_itself)
{
    begin();
    for (uint8_t i = 0; i < 20; i++)
        refuse(WARD_SIGNATURE_INVALID, i);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(newest()->peer[15], 8);
    uptime += 8000;
    refuse(WARD_SIGNATURE_INVALID, 8);
    CHECK_NUMBER(newest()->repeats, 1);
    CHECK_NUMBER(kept_count, 11);
}

TEST(a_count_that_is_full_stays_there)
{
    begin();
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_SIGNATURE_INVALID, 1);
    audit.pending.repeats = UINT32_MAX - 1;
    refuse(WARD_SIGNATURE_INVALID, 1);
    refuse(WARD_SIGNATURE_INVALID, 1);
    CHECK_STATUS(ward_audit_flush(&audit), WARD_OK);
    CHECK_NUMBER(newest()->repeats, UINT32_MAX);
}

TEST(the_budget_of_refusals_is_full_at_the_start_whatever_the_uptime)
{
    static const uint32_t uptimes[] = { 0, 1, UINT32_MAX, UINT32_MAX - 30000, 0x80000000u };
    for (size_t i = 0; i < sizeof uptimes / sizeof uptimes[0]; i++) {
        begin();
        uptime = uptimes[i];
        for (uint8_t j = 0; j < 9; j++)
            refuse(WARD_SIGNATURE_INVALID, j);
        CHECK_NUMBER(kept_count, 9);
    }
}

TEST(the_budget_of_refusals_survives_the_clock_going_round)
{
    begin();
    for (uint8_t j = 0; j < 9; j++)
        refuse(WARD_SIGNATURE_INVALID, j);
    CHECK_NUMBER(kept_count, 9);
    for (uint32_t step = 0; step < 4; step++) {
        uptime += 0x40000000u - 16000u;
        grant();
    }
    for (uint8_t j = 0; j < 8; j++)
        refuse(WARD_SIGNATURE_INVALID, (uint8_t)(100 + j));
    CHECK_NUMBER(newest()->peer[15], 107);
}

SUITE(audit_refusals, CASE(a_refusal_like_the_one_before_is_only_counted), CASE(flushing_writes_once),
      CASE(grants_and_changes_are_never_coalesced), CASE(a_refusal_that_differs_is_written_after_what_was_counted),
      CASE(refusals_differ_by_reason_route_method_peer_and_owner),
      CASE(refusals_that_differ_are_written_up_to_eight_then_one_in_eight_seconds),
      CASE(one_refusal_that_had_to_wait_is_not_mixed), CASE(a_refusal_that_waits_is_written_when_it_repeats_later),
      CASE(repeats_of_the_last_do_not_hide_behind_others_that_wait), CASE(a_scan_cannot_wash_the_evidence_out),
      CASE(an_exposed_credential_is_not_lost_among_repeats), CASE(after_mixed_refusals_the_next_one_is_written_by_itself),
      CASE(a_count_that_is_full_stays_there), CASE(the_budget_of_refusals_is_full_at_the_start_whatever_the_uptime),
      CASE(the_budget_of_refusals_survives_the_clock_going_round));
