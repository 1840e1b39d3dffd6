/* SPDX-License-Identifier: Apache-2.0 */
/* The loop that serves a keyring: what it reads of the two slots, and what it writes to them. */
#include "crypto_faults.h"
#include "fake_platform.h"
#include "keys/keyring.h"

TEST(the_newest_whole_record_is_opened_whatever_its_slot)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    fake.body = ring_set("bc");
    fake_run_for(3 * HOUR);
    CHECK(ring_has("bc"));
    for (int turn = 0; turn < 2; turn++) {
        const struct memory_slot first = fake.slot[0];
        fake.slot[0] = fake.slot[1];
        fake.slot[1] = first;
        fake_boot();
        CHECK(ring_has("bc"));
        fake_attach_gate();
        CHECK_NUMBER(fake_events(WARD_RECORD_FALLBACK), 0);
    }
}

TEST(of_two_records_that_are_the_same_the_first_is_opened)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    fake.slot[1] = fake.slot[0];
    fake_boot();
    CHECK_NUMBER(ring.slot, 1);
}

TEST(a_damaged_second_slot_is_passed_over_whatever_the_sequence)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    ring.sequence = 0x90000000u;
    fake_run_for(2 * MINUTE);
    fake.slot[1] = fake.slot[0];
    fake.slot[1].bytes[100] ^= 1;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ring.slot, 1);
}

TEST(a_damaged_slot_is_told_and_the_other_one_serves)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    fake.body = ring_set("bc");
    fake_run_for(3 * HOUR);
    const unsigned newest = 1u - ring.slot;
    fake.slot[newest].bytes[100] ^= 1;
    fake_boot();
    CHECK(ring_has("ab"));
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_FALLBACK), 1);
    CHECK_NUMBER(ring.slot, newest);
}

TEST(a_damaged_first_slot_is_passed_over_too)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    fake.slot[1] = fake.slot[0];
    fake.slot[0].bytes[100] ^= 1;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ring.slot, 0);
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_FALLBACK), 1);
}

TEST(two_damaged_slots_are_told_and_nothing_of_them_is_used)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    fake.slot[0].bytes[100] ^= 1;
    fake.slot[1] = fake.slot[0];
    fake_boot_with(WARD_RECORD_INVALID);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_INVALID), 1);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

TEST(a_first_record_that_was_never_finished_is_a_first_boot)
{
    for (unsigned torn = 0; torn < 2; torn++) {
        fake_begin();
        fake_boot();
        fake_without_gate();
        fake_run_for(2 * MINUTE);
        fake.slot[0].bytes[100] ^= 1;
        fake.slot[torn] = fake.slot[0];
        fake.slot[1 - torn].length = 0;
        fake_boot();
        fake_attach_gate();
        CHECK_NUMBER(fake_events(WARD_RECORD_UNFINISHED), 1);
        CHECK_NUMBER(fake_events(WARD_RECORD_INVALID), 0);
        fake_run_for(2 * MINUTE);
        fake_boot();
        CHECK(ring_has("ab"));
    }
}

TEST(nothing_is_stored_until_the_gate_is_known)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    fake_run_for(2 * MINUTE);
    const unsigned writes = fake.writes;
    fake_boot();
    fake_run_for(2 * DAY);
    CHECK_NUMBER(fake.writes, writes);
    CHECK(fake.fetches > 10);
    fake_attach_gate();
    CHECK(test_gate.denials[0].issued_until == WARD_DENY_ALWAYS);
    fake_run_for(2 * SECOND);
    CHECK(fake.writes > writes);
}

TEST(a_device_without_a_gate_keeps_what_another_firmwares_gate_has_stored)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    fake_run_for(2 * MINUTE);
    for (int boot = 0; boot < 3; boot++) {
        const unsigned writes = fake.writes;
        fake_boot();
        fake_without_gate();
        fake.body = ring_set(boot % 2 == 0 ? "bc" : "ab");
        fake_run_for(3 * HOUR);
        CHECK(fake.writes > writes);
    }
    fake_boot();
    fake_attach_gate();
    CHECK(test_gate.denials[0].issued_until == WARD_DENY_ALWAYS);
}

/* The medium does not answer at one read of the start, or the backend does not: then nobody can say which record is the newest. */
TEST(a_slot_that_cannot_be_judged_is_never_written_to_and_nobody_is_granted)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * MINUTE);
    ward_keyring_set_floor(&ring, NOW);
    fake_run_for(2 * MINUTE);
    const unsigned writes = fake.writes;
    const struct memory_slot before[2] = { fake.slot[0], fake.slot[1] };
    fake_boot();
    const unsigned reads = fake.reads;
    for (fake.fault_read = 1; fake.fault_read <= reads; fake.fault_read += 5) {
        fake_boot_with(WARD_RECORD_UNREADABLE);
        fake.reads += 1000;
        fake_attach_gate();
        CHECK_STATUS(ward_gate_closed(&test_gate), WARD_RECORD_UNREADABLE);
        ward_keyring_set_floor(&ring, NOW + 1);
        fake_run_for(20 * MINUTE);
    }
    fake.fault_read = 0;
    for (unsigned call = 1; call < 8; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        fake_boot_with(WARD_CRYPTO_FAILED);
        crypto_fail_at(0, 0);
        fake_attach_gate();
        CHECK_STATUS(ward_gate_closed(&test_gate), WARD_CRYPTO_FAILED);
        fake_run_for(20 * MINUTE);
    }
    CHECK_NUMBER(fake.writes, writes);
    CHECK(memcmp(before, fake.slot, sizeof before) == 0);
    fake_boot();
    CHECK(ring_has("ab"));
}

/* A gate that closes while it is attached, as no call of today does: what is stored stays all the same. */
TEST(a_closed_gate_is_not_stored)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    test_gate.closed = ward_status_of(WARD_DENIALS_NOT_HELD);
    fake_run_for(2 * HOUR);
    CHECK_NUMBER(fake.writes, 0);
    CHECK_NUMBER(fake_events(WARD_DENIALS_NOT_HELD), 1);
}

/* ---- Keys from `ward provision --record`. */

TEST(a_record_of_a_later_build_is_told_and_kept)
{
    for (unsigned slot = 0; slot < 2; slot++) {
        fake_begin();
        fake_boot();
        fake_attach_gate();
        fake_run_for(2 * MINUTE);
        ward_keyring_set_floor(&ring, NOW);
        fake_run_for(2 * MINUTE);
        memory_begin();
        memory.slot[slot] = fake.slot[slot];
        memory.slot[slot].bytes[5] = 3;
        memory_seal(slot);
        fake.slot[slot] = memory.slot[slot];
        const unsigned writes = fake.writes;
        fake_boot_with(WARD_RECORD_NEWER);
        fake_attach_gate();
        CHECK_STATUS(ward_gate_closed(&test_gate), WARD_RECORD_NEWER);
        CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_RECORD_NEWER);
        fake_run_for(2 * HOUR);
        CHECK_NUMBER(fake.writes, writes);
        CHECK_NUMBER(ward_keyring_boots(&ring), 1);
    }
}

TEST(a_first_boot_is_nothing_to_tell)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_ABSENT), 0);
    CHECK_NUMBER(fake_events(WARD_RECORD_INVALID), 0);
    fake_run_for(2 * MINUTE);
    CHECK_NUMBER(fake_events(WARD_KEYS_CHANGED), 1);
}

TEST(another_issuers_record_is_told)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    ring_config.issuer = text("https://other/");
    fake.slot[1] = fake.slot[0];
    fake.slot[1].bytes[100] ^= 1;
    fake_boot();
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_MISMATCH), 1);
    CHECK_NUMBER(fake_events(WARD_RECORD_FALLBACK), 0);
}

TEST(the_records_of_a_gate_hold_its_deny_list)
{
    fake_begin();
    fake.begin = ward_status_of(WARD_FETCH_UNREACHABLE);
    fake_boot();
    fake_attach_gate();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    fake_run_for(SECOND);
    CHECK_NUMBER(fake.writes, 1);
    fake_boot();
    fake_attach_gate();
    CHECK(test_gate.denials[0].issued_until == WARD_DENY_ALWAYS);
}

SUITE(service_store, CASE(the_newest_whole_record_is_opened_whatever_its_slot),
      CASE(of_two_records_that_are_the_same_the_first_is_opened),
      CASE(a_damaged_second_slot_is_passed_over_whatever_the_sequence),
      CASE(a_damaged_slot_is_told_and_the_other_one_serves), CASE(a_damaged_first_slot_is_passed_over_too),
      CASE(two_damaged_slots_are_told_and_nothing_of_them_is_used),
      CASE(a_first_record_that_was_never_finished_is_a_first_boot), CASE(nothing_is_stored_until_the_gate_is_known),
      CASE(a_device_without_a_gate_keeps_what_another_firmwares_gate_has_stored),
      CASE(a_slot_that_cannot_be_judged_is_never_written_to_and_nobody_is_granted), CASE(a_closed_gate_is_not_stored),
      CASE(a_record_of_a_later_build_is_told_and_kept), CASE(a_first_boot_is_nothing_to_tell),
      CASE(another_issuers_record_is_told), CASE(the_records_of_a_gate_hold_its_deny_list));
