/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that were provisioned, over whatever a device has stored. */
#include "crypto_faults.h"
#include "fake_platform.h"
#include "keys/keyring.h"

static void provision(unsigned slot, const char *keys, const char *issuer)
{
    static struct ward_keyring made;
    static struct ward_record image;
    struct ward_keyring_config config = ring_config;
    struct ward_fetch_answer answer = ring_good;
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    config.issuer = text(issuer);
    CHECK_STATUS(ward_keyring_begin(&made, &config, 1, 0), WARD_OK);
    ward_keyring_fetch_begin(&made);
    const char *const set = ring_set(keys);
    CHECK_STATUS(ward_keyring_fetch_feed(&made, set, strlen(set), &test_work), WARD_OK);
    CHECK_STATUS(ward_keyring_fetch_end(&made, &answer, ring_time, 0), WARD_OK);
    ward_keyring_pack_keys(&made, true, &image);
    memory_begin();
    CHECK_STATUS(ward_record_write(&memory_slots, none, slot, &image, &test_work), WARD_OK);
    fake.slot[slot] = memory.slot[slot];
}

TEST(provisioned_keys_serve_a_new_device_from_either_slot)
{
    for (unsigned slot = 0; slot < 2; slot++) {
        fake_begin();
        provision(slot, "c", ISSUER);
        fake_platform.fetch_begin = NULL;
        fake_boot();
        CHECK(ring_has("c"));
        CHECK_NUMBER(ward_keyring_boots(&ring), 1);
        CHECK_NUMBER(ring.slot, 1 - slot);
        fake_attach_gate();
        fake_run_for(2 * MINUTE);
        fake_boot();
        CHECK(ring_has("c"));
        CHECK_NUMBER(ward_keyring_boots(&ring), 2);
    }
}

TEST(provisioned_keys_replace_the_keys_of_a_used_device_and_nothing_else)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    fake_run_for(2 * MINUTE);
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * MINUTE);
    const unsigned older = ring.slot;
    ring_pass(MINUTE);
    const uint32_t sequence = ring.sequence;
    const uint64_t floor = ring.clock.floor;
    provision(older, "c", ISSUER);
    fake_platform.fetch_begin = NULL;
    for (uint32_t boots = 3; boots < 6; boots++) {
        fake_boot();
        CHECK(ring_has("c"));
        CHECK_NUMBER(ward_keyring_boots(&ring), boots);
        CHECK(ring.clock.floor >= floor && ring.sequence >= sequence);
        fake_attach_gate();
        CHECK(test_gate.denials[0].issued_until == WARD_DENY_ALWAYS);
        if (boots == 3)
            CHECK_NUMBER(ring.slot, older);
        fake_run_for(boots == 3 ? SECOND : 2 * MINUTE);
    }
}

/* The image stays in its slot until the second record is written. */
TEST(keys_that_were_fetched_after_provisioned_ones_are_the_newer)
{
    fake_begin();
    provision(0, "c", ISSUER);
    const struct memory_slot image = fake.slot[0];
    fake_boot();
    fake_attach_gate();
    fake.body = ring_set("ab");
    fake_run_for(3 * HOUR);
    CHECK(ring_has("ab"));
    fake.slot[ring.slot] = image;
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK(ring.change != WARD_CHANGE_NOW);
    CHECK_NUMBER(ward_keyring_boots(&ring), 2);
}

TEST(provisioned_keys_of_another_issuer_change_nothing)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * MINUTE);
    ring_pass(MINUTE);
    provision(ring.slot, "c", "https://other/");
    fake_boot();
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ward_keyring_boots(&ring), 2);
    fake_attach_gate();
    CHECK_NUMBER(fake_events(WARD_RECORD_MISMATCH), 1);
}

TEST(provisioned_keys_over_the_newest_record_leave_the_one_before)
{
    fake_begin();
    fake_boot();
    fake_attach_gate();
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    deny_subject("auth0|x", WARD_DENY_ALWAYS);
    fake_run_for(2 * MINUTE);
    ward_keyring_set_floor(&ring, NOW);
    fake_run_for(2 * MINUTE);
    ring_pass(MINUTE);
    provision(1 - ring.slot, "c", ISSUER);
    fake_boot();
    CHECK(ring_has("c"));
    fake_attach_gate();
    CHECK(test_gate.denials[0].issued_until == WARD_DENY_ALWAYS);
}

SUITE(service_provision, CASE(provisioned_keys_serve_a_new_device_from_either_slot),
      CASE(provisioned_keys_replace_the_keys_of_a_used_device_and_nothing_else),
      CASE(keys_that_were_fetched_after_provisioned_ones_are_the_newer),
      CASE(provisioned_keys_of_another_issuer_change_nothing),
      CASE(provisioned_keys_over_the_newest_record_leave_the_one_before));
