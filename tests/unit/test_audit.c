/* SPDX-License-Identifier: Apache-2.0 */
/* The record: its chain, its bytes, and what a failure does to it. */
#include "audit.h"

/* ---- The boot event and the chain. */

TEST(it_begins_with_a_boot_event)
{
    audit_start();
    const struct ward_audit_event *const boot = ward_audit_at(&test_audit, 0);
    CHECK_NUMBER(boot->kind, WARD_AUDIT_BOOT);
    CHECK_NUMBER(boot->sequence, 1);
    CHECK_NUMBER(boot->repeats, 1);
    CHECK_NUMBER(boot->reason, WARD_OK);
    CHECK_NUMBER(boot->seconds, NOW);
    CHECK_NUMBER(boot->trust, WARD_TIME_SET);
    CHECK_NUMBER(boot->route, WARD_AUDIT_NO_ROUTE);
    CHECK_ZERO(boot->previous);
    CHECK(ward_audit_at(&test_audit, 1) == NULL);
    CHECK_NUMBER(audit_kept_count, 1);
}

TEST(the_boot_event_carries_the_boot_count_and_the_head_that_was_stored)
{
    uint8_t head[WARD_AUDIT_DIGEST];
    memset(head, 0xa7, sizeof head);
    CHECK_STATUS(ward_audit_begin(&test_audit, head, 42, ward_time_set(NOW), NULL, NULL), WARD_OK);
    CHECK_NUMBER(ward_audit_at(&test_audit, 0)->repeats, 42);
    CHECK(memcmp(ward_audit_at(&test_audit, 0)->previous, head, sizeof head) == 0);
}

static void check_chain(size_t count)
{
    struct ward_sha256 sha;
    uint8_t digest[WARD_AUDIT_DIGEST] = { 0 };
    for (size_t i = 0; i < count; i++) {
        CHECK_NUMBER(audit_kept[i].sequence, i + 1);
        CHECK(memcmp(audit_kept[i].previous, digest, sizeof digest) == 0);
        CHECK_STATUS(ward_audit_digest(&audit_kept[i], &sha, digest), WARD_OK);
    }
    CHECK(memcmp(test_audit.head, digest, sizeof digest) == 0);
}

TEST(each_event_is_bound_to_the_one_before)
{
    audit_start();
    for (uint8_t i = 0; i < 20; i++) {
        audit_grant();
        audit_refuse(WARD_SIGNATURE_INVALID, i);
        audit_uptime += 8000;
    }
    CHECK_NUMBER(audit_kept_count, 41);
    check_chain(41);
}

TEST(any_change_of_an_event_shows_in_its_digest)
{
    static struct ward_audit_event changed;
    struct ward_sha256 sha;
    uint8_t digest[WARD_AUDIT_DIGEST];
    uint8_t other[WARD_AUDIT_DIGEST];
    audit_start();
    audit_refuse(WARD_SIGNATURE_INVALID, 3);
    CHECK_STATUS(ward_audit_digest(audit_newest(), &sha, digest), WARD_OK);
    CHECK(memcmp(digest, test_audit.head, sizeof digest) == 0);
    uint8_t packed[WARD_AUDIT_PACKED];
    for (size_t i = 0; i < sizeof packed + sizeof changed.previous; i++) {
        ward_audit_pack(audit_newest(), packed);
        if (i < sizeof packed)
            packed[i] ^= 1;
        ward_audit_unpack(packed, &changed);
        memcpy(changed.previous, audit_newest()->previous, sizeof changed.previous);
        if (i >= sizeof packed)
            changed.previous[i - sizeof packed] ^= 1;
        CHECK_STATUS(ward_audit_digest(&changed, &sha, other), WARD_OK);
        CHECK(memcmp(digest, other, sizeof digest) != 0);
    }
}

/* ---- The bytes that are hashed. */

TEST(packed_bytes_are_those_that_the_header_promises)
{
    static const uint8_t wanted
        [WARD_AUDIT_PACKED] = { 1,    2,    3,          4,           0x12,        0x34,        0x56,        0x78,
                                0x9a, 0xbc, 2,          0x05,        0x01,        9,           8,           7,
                                6,    0x01, 0x93,       0x00,        0x11,        4,           3,           1,
                                2,    3,    2,          [27] = 0xaa, [42] = 0xbb, [43] = 0xcc, [58] = 0xdd, [59] = 'a',
                                'b',  'c',  [73] = 'd', 'e',         [86] = 0 };
    static const struct ward_audit_event event = { .sequence = 0x01020304,
                                                   .seconds = 0x123456789abcu,
                                                   .trust = WARD_TIME_SET,
                                                   .reason = WARD_SCOPE_INSUFFICIENT,
                                                   .repeats = 0x09080706,
                                                   .http = 403,
                                                   .route = 17,
                                                   .method = 4,
                                                   .kind = WARD_AUDIT_REFUSAL,
                                                   .marks = 1,
                                                   .subject_kind = 2,
                                                   .subject_length = 3,
                                                   .client_length = 2,
                                                   .owner = { [0] = 0xaa, [15] = 0xbb },
                                                   .peer = { [0] = 0xcc, [15] = 0xdd },
                                                   .subject = "abc",
                                                   .client = "de" };
    uint8_t packed[WARD_AUDIT_PACKED];
    static struct ward_audit_event again;
    ward_audit_pack(&event, packed);
    CHECK(memcmp(packed, wanted, sizeof packed) == 0);
    ward_audit_unpack(packed, &again);
    CHECK(memcmp(&again, &event, sizeof event) == 0);
}

TEST(success_and_each_trust_can_be_packed)
{
    static const uint32_t trusts[] = { WARD_TIME_UNKNOWN, WARD_TIME_FLOOR, WARD_TIME_SET };
    static struct ward_audit_event event;
    static struct ward_audit_event again;
    uint8_t packed[WARD_AUDIT_PACKED];
    for (size_t i = 0; i < 3; i++) {
        event.reason = WARD_OK;
        event.trust = trusts[i];
        ward_audit_pack(&event, packed);
        ward_audit_unpack(packed, &again);
        CHECK_NUMBER(again.reason, WARD_OK);
        CHECK_NUMBER(again.trust, trusts[i]);
    }
}

TEST(packed_bytes_of_anybody_never_make_a_name_too_long)
{
    uint8_t packed[WARD_AUDIT_PACKED];
    static struct ward_audit_event event;
    memset(packed, 0xff, sizeof packed);
    memset(&event, 0xff, sizeof event);
    ward_audit_unpack(packed, &event);
    CHECK_NUMBER(event.subject_length, WARD_AUDIT_NAME);
    CHECK_NUMBER(event.client_length, WARD_AUDIT_NAME);
    CHECK_ZERO(event.previous);
    CHECK_NUMBER(event.seconds, UINT64_C(0xffffffffffff));
}

TEST(a_time_that_is_none_is_recorded_as_unknown_and_a_late_one_as_the_latest)
{
    audit_start();
    CHECK_NUMBER(ward_audit_next(&test_audit, (struct ward_time){ 5, 0x102 })->trust, WARD_TIME_UNKNOWN);
    CHECK_NUMBER(ward_audit_next(&test_audit, (struct ward_time){ 5, 2 })->trust, WARD_TIME_UNKNOWN);
    CHECK_NUMBER(ward_audit_next(&test_audit, (struct ward_time){ 5, WARD_TIME_FLOOR })->trust, WARD_TIME_FLOOR);
    CHECK_NUMBER(test_audit.next.seconds, 5);
    CHECK_NUMBER(ward_audit_next(&test_audit, ward_time_set(UINT64_C(1) << 48))->seconds, UINT64_C(0xffffffffffff));
    CHECK_NUMBER(ward_audit_next(&test_audit, ward_time_set(UINT64_C(0xfffffffffffe)))->seconds,
                 UINT64_C(0xfffffffffffe));
}

TEST(the_next_event_has_nothing_of_the_one_before)
{
    static struct ward_audit_event blank;
    audit_start();
    memset(&test_audit.next, 0x5a, sizeof test_audit.next);
    blank.seconds = NOW;
    blank.trust = WARD_TIME_SET;
    blank.repeats = 1;
    blank.route = WARD_AUDIT_NO_ROUTE;
    CHECK(memcmp(ward_audit_next(&test_audit, ward_time_set(NOW)), &blank, sizeof blank) == 0);
}

/* ---- A digest that cannot be computed. */

TEST(an_event_that_cannot_be_bound_is_left_out_and_its_number_is_missing)
{
    audit_start();
    audit_grant();
    for (unsigned call = 1; call <= 4; call++) {
        audit_start();
        audit_grant();
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        audit_event(WARD_AUDIT_GRANT, WARD_OK);
        CHECK_STATUS(ward_audit_record(&test_audit, audit_uptime), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(crypto_calls(), call);
        CHECK_NUMBER(audit_kept_count, 2);
        CHECK(ward_audit_at(&test_audit, 2) == NULL);
        audit_grant();
        CHECK_NUMBER(audit_newest()->sequence, 4);
        CHECK(memcmp(audit_kept[2].previous, audit_kept[1].previous, WARD_AUDIT_DIGEST) != 0);
        struct ward_sha256 sha;
        uint8_t digest[WARD_AUDIT_DIGEST];
        CHECK_STATUS(ward_audit_digest(&audit_kept[1], &sha, digest), WARD_OK);
        CHECK(memcmp(audit_kept[2].previous, digest, sizeof digest) == 0);
    }
}

TEST(a_failure_costs_no_event_that_is_there)
{
    audit_start();
    for (unsigned i = 0; i < WARD_AUDIT_EVENTS; i++)
        audit_grant();
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    audit_event(WARD_AUDIT_GRANT, WARD_OK)->owner[15] = 1;
    CHECK_STATUS(ward_audit_record(&test_audit, audit_uptime), WARD_CRYPTO_FAILED);
    CHECK_NUMBER(ward_audit_at(&test_audit, 1)->sequence, 3);
    CHECK(ward_audit_at(&test_audit, WARD_AUDIT_EVENTS - 1) != NULL);
}

TEST(refusals_that_cannot_be_written_are_counted)
{
    audit_start();
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    audit_event(WARD_AUDIT_REFUSAL, WARD_SIGNATURE_INVALID);
    CHECK_STATUS(ward_audit_record(&test_audit, audit_uptime), WARD_CRYPTO_FAILED);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->reason, WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(audit_newest()->repeats, 1);
    CHECK_NUMBER(audit_newest()->sequence, 4);
}

TEST(what_was_counted_outlives_a_failure)
{
    audit_start();
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    audit_refuse(WARD_SIGNATURE_INVALID, 1);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    audit_event(WARD_AUDIT_REFUSAL, WARD_KEY_UNKNOWN);
    CHECK_STATUS(ward_audit_record(&test_audit, audit_uptime), WARD_CRYPTO_FAILED);
    CHECK_NUMBER(audit_kept_count, 2);
    CHECK_STATUS(ward_audit_flush(&test_audit), WARD_OK);
    CHECK_NUMBER(audit_newest()->repeats, 2);
    CHECK_NUMBER(audit_newest()->marks, WARD_AUDIT_MIXED);
}

TEST(a_record_whose_boot_event_fails_is_empty)
{
    audit_start();
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_audit_begin(&test_audit, NULL, 1, ward_time_set(NOW), NULL, NULL), WARD_CRYPTO_FAILED);
    CHECK(ward_audit_at(&test_audit, 0) == NULL);
    crypto_fail_at(0, 0);
}

/* ---- Names. */

static void check_name(const char *name, size_t length, const char *wanted, bool cut)
{
    static struct ward_audit_event event;
    memset(&event, 0, sizeof event);
    ward_audit_name(&event, ward_text_of(name, length), ward_text_of(NULL, 0));
    CHECK_TEXT(ward_text_of(event.subject, event.subject_length), wanted);
    CHECK_NUMBER(event.marks, cut ? WARD_AUDIT_SUBJECT_CUT : 0);
    CHECK_NUMBER(event.client_length, 0);
    memset(&event, 0, sizeof event);
    ward_audit_name(&event, ward_text_of(NULL, 0), ward_text_of(name, length));
    CHECK_TEXT(ward_text_of(event.client, event.client_length), wanted);
    CHECK_NUMBER(event.marks, cut ? WARD_AUDIT_CLIENT_CUT : 0);
    CHECK_NUMBER(event.subject_length, 0);
}

TEST(a_name_is_kept_up_to_14_bytes_and_marked_where_it_is_cut)
{
    check_name("", 0, "", false);
    check_name("a", 1, "a", false);
    check_name("auth0|12345678", 14, "auth0|12345678", false);
    check_name("auth0|123456789", 15, "auth0|12345678", true);
}

TEST(a_name_is_cut_at_a_whole_character)
{
    check_name("1234567890123\xc3\xa4", 15, "1234567890123", true);
    check_name("123456789012\xc3\xa4x", 15, "123456789012\xc3\xa4", true);
    check_name("12345678901\xf0\x9f\x94\x92", 15, "12345678901", true);
    check_name("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", 15, "", true);
}

TEST(what_lies_behind_a_name_is_not_looked_at)
{
    check_name("auth0|1\x80", 7, "auth0|1", false);
    check_name("auth0|12345678\x80", 14, "auth0|12345678", false);
}

SUITE(audit, CASE(it_begins_with_a_boot_event),
      CASE(the_boot_event_carries_the_boot_count_and_the_head_that_was_stored),
      CASE(each_event_is_bound_to_the_one_before), CASE(any_change_of_an_event_shows_in_its_digest),
      CASE(packed_bytes_are_those_that_the_header_promises), CASE(success_and_each_trust_can_be_packed),
      CASE(packed_bytes_of_anybody_never_make_a_name_too_long),
      CASE(a_time_that_is_none_is_recorded_as_unknown_and_a_late_one_as_the_latest),
      CASE(the_next_event_has_nothing_of_the_one_before),
      CASE(an_event_that_cannot_be_bound_is_left_out_and_its_number_is_missing),
      CASE(a_failure_costs_no_event_that_is_there), CASE(refusals_that_cannot_be_written_are_counted),
      CASE(what_was_counted_outlives_a_failure), CASE(a_record_whose_boot_event_fails_is_empty),
      CASE(a_name_is_kept_up_to_14_bytes_and_marked_where_it_is_cut), CASE(a_name_is_cut_at_a_whole_character),
      CASE(what_lies_behind_a_name_is_not_looked_at));
