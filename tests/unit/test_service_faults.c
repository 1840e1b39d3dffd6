/* SPDX-License-Identifier: Apache-2.0 */
/* Storage that fails: what is written is read again, and what cannot be written is told. */
#include "crypto_faults.h"
#include "fake_platform.h"
#include "keys/keyring.h"

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

TEST(a_record_whose_digest_cannot_be_made_is_not_whole)
{
    fake_begin();
    ring_config.compiled = usual_keys();
    fake_boot();
    fake_attach_gate();
    ring_pass(MINUTE);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_NUMBER(ward_service_run(&fake_service), 0);
    crypto_fail_at(0, 0);
    CHECK_NUMBER(fake_events(WARD_CRYPTO_FAILED), 1);
    CHECK_NUMBER(ring.store_failed, 1);
    fake_boot();
    CHECK_NUMBER(ward_keyring_boots(&ring), 1);
}

TEST(a_slot_that_reads_differently_a_second_time_is_not_opened)
{
    fake_begin();
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    fake_boot();
    const unsigned reads = fake.reads;
    for (fake.spoil_read = reads; fake.spoil_read > reads - 8; fake.spoil_read--) {
        fake_boot_with(WARD_RECORD_UNREADABLE);
        CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
        CHECK_NUMBER(ward_keyring_boots(&ring), 1);
    }
}

TEST(storage_that_can_only_be_written_stores_nothing)
{
    fake_begin();
    fake_platform.record_read = NULL;
    fake_boot();
    fake_without_gate();
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

TEST(a_slot_may_read_as_longer_than_its_record)
{
    fake_begin();
    fake.extra = 3;
    fake_boot();
    fake_without_gate();
    fake_run_for(2 * MINUTE);
    CHECK_NUMBER(ring.store_failed, 0);
    CHECK(ring.sequence > 0);
    fake.slot[1].length = 0;
    fake.extra = 1000;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ring.slot, 1);
}

TEST(storage_that_can_only_be_read_stores_nothing)
{
    fake_begin();
    fake_platform.record_write = NULL;
    fake_boot();
    fake_without_gate();
    fake_run_for(HOUR);
    CHECK_NUMBER(fake.writes, 0);
    CHECK_STATUS(fake_service.stored, WARD_NOT_PROVIDED);
}

SUITE(service_faults, CASE(a_stuck_bit_and_a_write_that_did_nothing_are_seen_and_told_once),
      CASE(a_slot_that_still_holds_its_old_record_is_seen),
      CASE(a_slot_that_still_holds_its_old_and_shorter_record_is_seen),
      CASE(a_record_whose_digest_cannot_be_made_is_not_whole),
      CASE(a_slot_that_reads_differently_a_second_time_is_not_opened),
      CASE(storage_that_can_only_be_written_stores_nothing), CASE(a_write_that_failed_is_told),
      CASE(a_slot_may_read_as_longer_than_its_record), CASE(storage_that_can_only_be_read_stores_nothing));
