/* The loop that serves a keyring: what it reads of the two slots, and what it writes to them. */
#include "crypto_faults.h"
#include "fake_platform.h"

TEST(the_newest_whole_record_is_opened_whatever_its_slot)
{
    fake_begin();
    fake_boot();
    fake_run_for(2 * MINUTE);
    fake.body = ring_set("bc");
    fake_run_for(3 * HOUR);
    CHECK(ring_has("bc"));
    for (int turn = 0; turn < 2; turn++) {
        const struct ward_record first = fake.slot[0];
        fake.slot[0] = fake.slot[1];
        fake.slot[1] = first;
        fake_boot();
        CHECK(ring_has("bc"));
        fake_attach_gate();
        CHECK_NUMBER(fake_events(WARD_RECORD_OLDER), 0);
    }
}

TEST(of_two_records_that_are_the_same_the_first_is_opened)
{
    fake_begin();
    fake_boot();
    fake_run_for(2 * MINUTE);
    fake.slot[1] = fake.slot[0];
    fake_boot();
    CHECK_NUMBER(ring.slot, 1);
}

TEST(a_damaged_second_slot_is_passed_over_whatever_the_sequence)
{
    fake_begin();
    fake_boot();
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
    fake_run_for(2 * MINUTE);
    fake.body = ring_set("bc");
    fake_run_for(3 * HOUR);
    const unsigned newest = 1u - ring.slot;
    fake.slot[newest].bytes[100] ^= 1;
    fake_boot();
    CHECK(ring_has("ab"));
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_OLDER), 1);
    CHECK_NUMBER(ring.slot, newest);
}

TEST(a_damaged_first_slot_is_passed_over_too)
{
    fake_begin();
    fake_boot();
    fake_run_for(2 * MINUTE);
    fake.slot[1] = fake.slot[0];
    fake.slot[0].bytes[100] ^= 1;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ring.slot, 0);
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_OLDER), 1);
}

TEST(two_damaged_slots_are_told_and_nothing_of_them_is_used)
{
    fake_begin();
    fake_boot();
    fake_run_for(2 * MINUTE);
    fake.slot[0].bytes[100] ^= 1;
    fake.slot[1] = fake.slot[0];
    fake_boot();
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(fake_record.length, 0);
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_INVALID), 1);
    fake.slot[0].length = 0;
    fake_boot();
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_INVALID), 1);
    fake.slot[0] = fake.slot[1];
    fake.slot[1].length = 0;
    fake_boot();
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_INVALID), 1);
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
    fake_run_for(2 * MINUTE);
    ring_config.issuer = text("https://other/");
    fake.slot[1] = fake.slot[0];
    fake.slot[1].bytes[100] ^= 1;
    fake_boot();
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_OTHER), 1);
    CHECK_NUMBER(fake_events(WARD_RECORD_OLDER), 0);
}

TEST(the_records_of_a_gate_hold_its_deny_list)
{
    fake_begin();
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

TEST(a_stuck_bit_and_a_write_that_did_nothing_are_seen_and_told_once)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake.bit_is_stuck = true;
    fake_run_for(HOUR);
    CHECK(fake.writes > 2);
    CHECK_NUMBER(fake_events(WARD_RECORD_NOT_STORED), 1);
    fake.bit_is_stuck = false;
    fake_run_for(HOUR);
    CHECK_NUMBER(ring.sequence > 0, 1);
    fake.write_does_nothing = true;
    ward_keyring_set_floor(&ring, NOW);
    fake_run_for(HOUR);
    CHECK_NUMBER(fake_events(WARD_RECORD_NOT_STORED), 2);
}

/* Both slots hold a whole record, and a write does nothing from now on. */
static void begin_full(void)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * MINUTE);
    ward_keyring_set_floor(&ring, NOW);
    fake_run_for(2 * MINUTE);
    CHECK(fake.slot[0].length > 0 && fake.slot[1].length > 0);
    fake.write_does_nothing = true;
}

TEST(a_slot_that_still_holds_its_old_record_is_seen)
{
    begin_full();
    ward_keyring_set_floor(&ring, NOW + 1);
    fake_run_for(MINUTE);
    CHECK_NUMBER(ring.store_failed, 1);
    CHECK_NUMBER(fake_events(WARD_RECORD_NOT_STORED), 1);
}

TEST(a_slot_that_still_holds_its_old_and_shorter_record_is_seen)
{
    begin_full();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    fake_run_for(MINUTE);
    CHECK_NUMBER(ring.store_failed, 1);
    CHECK_NUMBER(fake_events(WARD_RECORD_NOT_STORED), 1);
}

TEST(a_record_that_cannot_be_made_is_not_written)
{
    fake_begin();
    ring_config.compiled = usual_keys();
    fake_boot();
    fake_attach_gate();
    ring_pass(MINUTE);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_NUMBER(ward_service_run(&fake_service), 0);
    crypto_fail_at(0, 0);
    CHECK_NUMBER(fake.writes, 0);
    CHECK_NUMBER(fake_events(WARD_CRYPTO_FAILED), 1);
}

TEST(a_slot_that_reads_differently_a_second_time_is_not_opened)
{
    fake_begin();
    fake_boot();
    fake_run_for(2 * MINUTE);
    fake.spoil_read = 3;
    fake_boot();
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
}

TEST(storage_that_can_only_be_written_stores_nothing)
{
    fake_begin();
    fake_platform.record_read = NULL;
    fake_boot();
    fake_run_for(HOUR);
    CHECK_NUMBER(fake.writes, 0);
    CHECK_STATUS(fake_service.stored, WARD_NOT_PROVIDED);
}

TEST(a_write_that_failed_is_told)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake.write_fails = true;
    fake_run_for(2 * MINUTE);
    CHECK_NUMBER(fake_events(WARD_RECORD_NOT_STORED), 1);
}

TEST(a_slot_that_reads_more_than_was_asked_for_is_empty)
{
    fake_begin();
    fake.extra = sizeof fake_record.bytes + 1;
    fake_boot();
    CHECK_NUMBER(fake_record.length, 0);
}

TEST(a_slot_may_read_as_longer_than_its_record)
{
    fake_begin();
    fake.extra = 3;
    fake_boot();
    fake_run_for(2 * MINUTE);
    CHECK_NUMBER(ring.store_failed, 0);
    CHECK(ring.sequence > 0);
    fake.slot[1].length = 0;
    fake.extra = sizeof fake_record.bytes - fake.slot[0].length;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ring.slot, 1);
}

TEST(storage_that_can_only_be_read_stores_nothing)
{
    fake_begin();
    fake_platform.record_write = NULL;
    fake_boot();
    fake_run_for(HOUR);
    CHECK_NUMBER(fake.writes, 0);
    CHECK_STATUS(fake_service.stored, WARD_NOT_PROVIDED);
}

SUITE(service_store, CASE(the_newest_whole_record_is_opened_whatever_its_slot),
      CASE(of_two_records_that_are_the_same_the_first_is_opened),
      CASE(a_damaged_second_slot_is_passed_over_whatever_the_sequence),
      CASE(a_damaged_slot_is_told_and_the_other_one_serves), CASE(a_damaged_first_slot_is_passed_over_too),
      CASE(two_damaged_slots_are_told_and_nothing_of_them_is_used), CASE(a_first_boot_is_nothing_to_tell),
      CASE(another_issuers_record_is_told), CASE(the_records_of_a_gate_hold_its_deny_list),
      CASE(a_stuck_bit_and_a_write_that_did_nothing_are_seen_and_told_once),
      CASE(a_slot_that_still_holds_its_old_record_is_seen), CASE(a_slot_that_still_holds_its_old_and_shorter_record_is_seen),
      CASE(a_record_that_cannot_be_made_is_not_written), CASE(a_slot_that_reads_differently_a_second_time_is_not_opened),
      CASE(storage_that_can_only_be_written_stores_nothing), CASE(a_write_that_failed_is_told),
      CASE(a_slot_that_reads_more_than_was_asked_for_is_empty), CASE(a_slot_may_read_as_longer_than_its_record),
      CASE(storage_that_can_only_be_read_stores_nothing));
