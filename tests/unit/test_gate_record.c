/* SPDX-License-Identifier: Apache-2.0 */
/* What a gate keeps across a power cut, an update, and a change of its authority's name. */
#include "crypto_faults.h"
#include "gate.h"
#include "memory_slots.h"
#include "keyring_fixture.h"
#include "keys/keyring.h"

static struct test_token token;
static struct ward_record record;
static struct ward_expect expect;
static struct ward_policy policy;

static struct ward_status start(void)
{
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &ring };
    memset(&test_gate, 0x5a, sizeof test_gate);
    return ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work);
}

static void begin(void)
{
    memory_begin();
    ring_usual();
    ring_begin();
    ring_fill("ab");
    expect = usual_expect;
    policy = usual_policy;
    policy.expect = &expect;
    CHECK_STATUS(start(), WARD_OK);
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    token_make_usual(&token);
}

static struct ward_status ask_now(void)
{
    test_caller.now = ring_time;
    test_caller.uptime = ring_uptime;
    return ask(&token, NULL);
}

static void keep(void)
{
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_OK);
    memory_store(0, &record);
}

static struct ward_status reopen(void)
{
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    return start();
}

/* So many bytes more, or fewer, for the gate's section. */
static void resize(int by)
{
    size_t length;
    CHECK(memory_section(0, WARD_RECORD_GATE, &length) != NULL);
    memory_resize(0, WARD_RECORD_GATE, (size_t)((int)length + by));
}

/* Where the denials start: after head, time and an empty name. */
enum { DENIALS = 42, DENIAL = 24 };

/* So many denials as a build with more slots has stored; the last of them is for the usual token's subject. */
static void store_denials(size_t count)
{
    size_t length;
    begin();
    keep();
    resize((int)(count * DENIAL));
    uint8_t *const at = memory_section(0, WARD_RECORD_GATE, &length) + DENIALS;
    for (size_t i = 0; i < count; i++) {
        at[i * DENIAL] = (uint8_t)(i + 1);
        at[i * DENIAL + DENIAL - 1] = 1;
    }
    CHECK_STATUS(ward_owner_id(text(ISSUER), text("auth0|65f0c0ffee"), &test_work, at + (count - 1) * DENIAL), WARD_OK);
    memset(at + count * DENIAL - 8, 0xff, 8);
    memory_seal(0);
}

TEST(only_slots_in_use_are_stored_and_the_earliest_time_is_one)
{
    begin();
    keep();
    const size_t without = record.length;
    deny_subject("auth0|denied", 1);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(record.length, without + DENIAL);
    deny_subject("auth0|denied", 1);
    CHECK_NUMBER(test_gate.denials[0].issued_until, 1);
    CHECK_NUMBER(test_gate.denials[1].issued_until, 0);
}

TEST(as_many_denials_as_slots_are_held)
{
    store_denials(WARD_DENY_SLOTS);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(ask_now(), WARD_SUBJECT_DENIED);
}

TEST(a_stored_denial_of_no_time_takes_no_slot)
{
    size_t length;
    store_denials(WARD_DENY_SLOTS + 1);
    memory_section(0, WARD_RECORD_GATE, &length)[DENIALS + DENIAL - 1] = 0;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(ask_now(), WARD_SUBJECT_DENIED);
    CHECK_NUMBER(test_gate.denials[0].owner[0], 2);
}

TEST(more_denials_than_slots_close_the_gate_and_nothing_is_stored)
{
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_NOT_HELD);
    CHECK_NUMBER(last_event()->reason, WARD_DENIALS_NOT_HELD);
    CHECK_STATUS(ask_now(), WARD_DENIALS_NOT_HELD);
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    CHECK_NUMBER(test_decision.answer.retry_after, 30);
    token_make_of(&token, "auth0|nobody");
    CHECK_STATUS(ask_now(), WARD_DENIALS_NOT_HELD);
    CHECK_STATUS(ward_deny(&test_gate, test_gate.audit.head, 5, &test_caller), WARD_DENIALS_NOT_HELD);
    CHECK_NUMBER(last_event()->reason, WARD_DENIALS_NOT_HELD);
    const uint32_t sequence = last_event()->sequence;
    bool was_denied = true;
    CHECK_STATUS(ward_deny_subject(&test_gate, text("x"), 5, &test_caller, &test_work), WARD_DENIALS_NOT_HELD);
    CHECK_NUMBER(last_event()->sequence, sequence + 1);
    CHECK_NUMBER(last_event()->reason, WARD_DENIALS_NOT_HELD);
    CHECK_STATUS(ward_undeny_subject(&test_gate, text("x"), &test_caller, &test_work, &was_denied),
                 WARD_DENIALS_NOT_HELD);
    CHECK(!was_denied);
    CHECK_ZERO(test_gate.denials);
    ward_keyring_set_floor(&ring, NOW);
    ring_pass(2 * DAY);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_DENIALS_NOT_HELD);
    CHECK_NUMBER(record.length, 0);
}

TEST(a_closed_gate_says_that_it_denies_no_subject_and_takes_none_off)
{
    bool was_denied = true;
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_deny_subject(&test_gate, text("auth0|new"), WARD_DENY_ALWAYS, &test_caller, &test_work),
                 WARD_DENIALS_NOT_HELD);
    CHECK_NUMBER(last_event()->reason, WARD_DENIALS_NOT_HELD);
    CHECK_STATUS(ward_undeny_subject(&test_gate, text("auth0|65f0c0ffee"), &test_caller, &test_work, &was_denied),
                 WARD_DENIALS_NOT_HELD);
    CHECK(!was_denied);
    CHECK_ZERO(test_gate.denials);
}

TEST(a_gate_that_is_begun_again_and_can_hold_the_list_stores_it)
{
    begin();
    expect.authority = text("one");
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    keep();
    expect.authority = text("two");
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_OF_OTHER);
    expect.authority = text("one");
    CHECK_STATUS(start(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    deny_subject("auth0|y", WARD_DENY_ALWAYS);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
}

TEST(an_operator_drops_what_cannot_be_held)
{
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK_NUMBER(last_event()->reason, WARD_DENIALS_DROPPED);
    CHECK_NUMBER(last_event()->kind, WARD_AUDIT_CHANGE);
    CHECK_STATUS(ask_now(), WARD_OK);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(ask_now(), WARD_OK);
}

TEST(dropping_denials_keeps_the_time_before_which_everybody_is_denied)
{
    begin();
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    ward_deny_all(&test_gate, NOW, &test_caller);
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK(ring.change == WARD_CHANGE_NOW);
    CHECK_ZERO(test_gate.denials);
    CHECK_STATUS(ask_now(), WARD_SUBJECT_DENIED);
}

TEST(an_operator_lowers_the_time_before_which_everybody_is_denied)
{
    begin();
    ward_deny_all_until(&test_gate, NOW + 5, &test_caller);
    CHECK_NUMBER(last_event()->reason, WARD_SUBJECT_DENIED);
    CHECK_STATUS(ask_now(), WARD_SUBJECT_DENIED);
    ring.change = WARD_CHANGE_NONE;
    ward_deny_all_until(&test_gate, NOW + 5, &test_caller);
    CHECK_NUMBER(last_event()->reason, WARD_SUBJECT_DENIED);
    ward_deny_all_until(&test_gate, NOW - 1, &test_caller);
    CHECK_NUMBER(last_event()->reason, WARD_OK);
    CHECK(ring.change == WARD_CHANGE_NOW);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(test_gate.issued_until, NOW - 1);
    CHECK_STATUS(ask_now(), WARD_OK);
}

TEST(a_gate_without_a_keyring_can_do_both)
{
    gate_start(&usual_policy);
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    ward_deny_all_until(&test_gate, 7, &test_caller);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK_ZERO(test_gate.denials);
    CHECK_NUMBER(test_gate.issued_until, 7);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

/* ---- The authority's name. */

TEST(denials_of_another_authority_close_the_gate)
{
    static const char *const names[] = { "", "one", "two", "onee" };
    for (size_t stored = 0; stored < 4; stored++) {
        for (size_t now = 0; now < 4; now++) {
            begin();
            expect.authority = text(names[stored]);
            deny_subject("auth0|x", WARD_DENY_ALWAYS);
            keep();
            expect.authority = text(names[now]);
            CHECK_STATUS(reopen(), WARD_OK);
            CHECK_STATUS(ward_gate_closed(&test_gate), stored == now ? WARD_OK : WARD_DENIALS_OF_OTHER);
            if (stored == now)
                continue;
            CHECK_STATUS(ask_now(), WARD_DENIALS_OF_OTHER);
            check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
            CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
            CHECK_STATUS(ask_now(), WARD_OK);
        }
    }
}

TEST(an_empty_list_is_of_any_authority)
{
    begin();
    expect.authority = text("one");
    ward_deny_all(&test_gate, 9, &test_caller);
    keep();
    expect.authority = text("another");
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_NUMBER(test_gate.issued_until, 9);
}

/* ---- Records that are not what they should be. */

static void check_does_not_start(enum ward_code code)
{
    CHECK_STATUS(start(), code);
    CHECK_STATUS(ask_now(), WARD_POLICY_EXPECT);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_POLICY_EXPECT);
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_POLICY_EXPECT);
}

TEST(a_gate_does_not_begin_with_a_section_that_is_not_whole)
{
    for (int cut = -1; cut > -DENIALS; cut -= 8) {
        begin();
        keep();
        resize(cut);
        ring_begin();
        CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
        check_does_not_start(WARD_RECORD_INVALID);
    }
    begin();
    keep();
    resize(1);
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    check_does_not_start(WARD_RECORD_INVALID);
}

/* Half an entry after more than can be held is as broken as anywhere else. */
TEST(half_a_denial_is_no_section_however_many_come_before)
{
    static const size_t counts[] = { 1, WARD_DENY_SLOTS, WARD_DENY_SLOTS + 1 };
    for (size_t i = 0; i < 3; i++) {
        store_denials(counts[i]);
        resize(-12);
        ring_begin();
        CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
        check_does_not_start(WARD_RECORD_INVALID);
    }
}

static void open_stored(void)
{
    begin();
    keep();
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
}

TEST(a_gate_does_not_begin_with_another_record_than_its_keyring)
{
    open_stored();
    ring.sequence++;
    check_does_not_start(WARD_RECORD_INVALID);
    open_stored();
    memory.slot[0].bytes[20] ^= 1;
    check_does_not_start(WARD_RECORD_INVALID);
    open_stored();
    memory.slot[0].length = 0;
    check_does_not_start(WARD_RECORD_INVALID);
}

TEST(a_record_that_cannot_be_read_or_checked_is_not_called_damaged)
{
    open_stored();
    memory.read_fails_at = memory.reads + 1;
    check_does_not_start(WARD_RECORD_UNREADABLE);
    open_stored();
    memory.read_fails_at = memory.reads + 3;
    check_does_not_start(WARD_RECORD_UNREADABLE);
    open_stored();
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(start(), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
}

TEST(a_medium_that_fails_in_the_midst_of_the_list_starts_no_gate)
{
    store_denials(WARD_DENY_SLOTS);
    CHECK_STATUS(reopen(), WARD_OK);
    memory.reads = 0;
    CHECK_STATUS(start(), WARD_OK);
    const unsigned reads = memory.reads;
    CHECK(reads > 4);
    for (memory.read_fails_at = 1; memory.read_fails_at <= reads; memory.read_fails_at++) {
        memory.reads = 0;
        CHECK_STATUS(start(), WARD_RECORD_UNREADABLE);
    }
}

TEST(a_record_without_a_gate_begins_a_new_chain)
{
    static const uint8_t none[WARD_AUDIT_DIGEST];
    begin();
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    memory_store(0, &record);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(memcmp(ward_audit_at(&test_gate.audit, 0)->previous, none, sizeof none) == 0);
    CHECK_NUMBER(ward_audit_at(&test_gate.audit, 0)->repeats, 2);
}

TEST(a_keyring_that_could_not_judge_its_slots_closes_its_gate)
{
    begin();
    keep();
    ring_begin();
    memory.read_fails_at = memory.reads + 1;
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_RECORD_UNREADABLE);
    ring_fill("ab");
    CHECK_STATUS(start(), WARD_OK);
    CHECK_STATUS(ask_now(), WARD_RECORD_UNREADABLE);
    check_refused(&token, 503, WARD_ERROR_UNAVAILABLE);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_RECORD_UNREADABLE);
    CHECK_STATUS(ask_now(), WARD_RECORD_UNREADABLE);
}

SUITE(gate_record, CASE(only_slots_in_use_are_stored_and_the_earliest_time_is_one),
      CASE(as_many_denials_as_slots_are_held), CASE(a_stored_denial_of_no_time_takes_no_slot),
      CASE(more_denials_than_slots_close_the_gate_and_nothing_is_stored),
      CASE(a_closed_gate_says_that_it_denies_no_subject_and_takes_none_off),
      CASE(a_gate_that_is_begun_again_and_can_hold_the_list_stores_it), CASE(an_operator_drops_what_cannot_be_held),
      CASE(dropping_denials_keeps_the_time_before_which_everybody_is_denied),
      CASE(an_operator_lowers_the_time_before_which_everybody_is_denied), CASE(a_gate_without_a_keyring_can_do_both),
      CASE(denials_of_another_authority_close_the_gate), CASE(an_empty_list_is_of_any_authority),
      CASE(a_gate_does_not_begin_with_a_section_that_is_not_whole),
      CASE(half_a_denial_is_no_section_however_many_come_before),
      CASE(a_gate_does_not_begin_with_another_record_than_its_keyring),
      CASE(a_record_that_cannot_be_read_or_checked_is_not_called_damaged),
      CASE(a_medium_that_fails_in_the_midst_of_the_list_starts_no_gate),
      CASE(a_record_without_a_gate_begins_a_new_chain), CASE(a_keyring_that_could_not_judge_its_slots_closes_its_gate));
