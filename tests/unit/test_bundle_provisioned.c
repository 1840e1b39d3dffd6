/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle in a record that `ward provision` has made, beside the device's own record. */
#include "keys/keyring.h"
#include "stored_bundle.h"

#if WARD_MAX_BUNDLE > 0

/* ---- Keys from `ward provision`, of a bundle. */

/* The bundle of the words in slot 1, as the tool stores it, beside the device's record in slot 0. */
static void provision(void)
{
    static struct ward_record record;
    static struct ward_keyring device;
    device = ring;
    ring_begin();
    CHECK_STATUS(bundle_take(), WARD_OK);
    ward_keyring_pack_keys(&ring, true, &record);
    memory_store(1, &record);
    ring = device;
}

TEST(a_provisioned_bundle_follows_as_any_other_does)
{
    bundle_begin_stored();
    words.seq = 8;
    words.deny = NULL;
    words.keys = "b";
    provision();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("b"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 8);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
    CHECK_NUMBER(ring.change, WARD_CHANGE_NOW);
    bundle_begin_stored();
    words.seq = 6;
    words.deny = NULL;
    words.keys = "b";
    provision();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(the_same_bundle_provisioned_is_no_news)
{
    bundle_begin_stored();
    provision();
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_NUMBER(ring.change, WARD_CHANGE_LATER);
}

TEST(a_provisioned_bundle_of_a_key_that_is_gone_says_nothing)
{
    bundle_begin_stored();
    bundle_sign_as_d(1);
    words.deny = NULL;
    words.keys = "b";
    provision();
    bundle_have_operators(&bundle_keys.key[0], NULL);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(a_provisioned_bundle_brings_no_keys_that_are_older_than_a_fetch)
{
    bundle_begin_stored();
    ring_time = ward_time_set(NOW + 100);
    ring_fill("ab");
    bundle_keep();
    words.seq = 8;
    words.deny = NULL;
    words.keys = "b";
    provision();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 8);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
    CHECK_NUMBER(ring.change, WARD_CHANGE_NOW);
}

TEST(of_a_provisioned_bundle_of_another_issuer_nothing_is_taken)
{
    bundle_begin_stored();
    const struct ward_text issuer = ring_config.issuer;
    ring_config.issuer = text("https://other.example/");
    words.sub = "\"https://other.example/\"";
    words.seq = 8;
    words.deny = NULL;
    provision();
    ring_config.issuer = issuer;
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* The next record would take its place and carry over the denials of the bundle before it, beside its own keys. */
TEST(a_provisioned_bundle_that_this_build_cannot_hold_stays_where_it_is)
{
    size_t length;
    bundle_begin_stored();
    words.seq = 8;
    words.deny = NULL;
    provision();
    (void)memory_section(1, WARD_RECORD_BUNDLE, &length);
    memory_resize(1, WARD_RECORD_BUNDLE, length + (WARD_DENY_SLOTS + 1) * 24);
    uint8_t *const section = memory_section(1, WARD_RECORD_BUNDLE, &length);
    for (size_t i = 0; i <= WARD_DENY_SLOTS; i++)
        section[length - 1 - 24 * i] = (uint8_t)(i + 1);
    memory_seal(1);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_NOT_HELD);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
    ring_pass(2 * DAY);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
    words.seq = 9;
    words.iat = ring_time.seconds;
    words.exp = words.iat + 10;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    ring_store(1);
    /* From then on it is the record's, from which it is carried over. */
    ring.bundle_held = ward_status_of(WARD_DENIALS_OF_OTHER);
    ring.change = WARD_CHANGE_NOW;
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
}

TEST(a_new_device_begins_with_a_provisioned_bundle)
{
    memory_begin();
    bundle_begin();
    words.deny = DENIES_SOMEONE;
    provision();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* `ward provision --record` without `--version`. */
TEST(a_provisioned_bundle_is_as_new_as_its_time_whatever_the_version)
{
    bundle_begin_stored();
    ring_config.compiled_version = 1;
    bundle_keep();
    words.seq = 8;
    words.keys = "b";
    ring_config.compiled_version = 0;
    provision();
    ring_config.compiled_version = 1;
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("b"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 8);
}

static void the_one_before_stays(void)
{
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* Else the keys of the one before it would serve until the end of another, and after the key is gone that has signed them. */
TEST(a_provisioned_bundle_whose_keys_cannot_be_taken_is_not_taken_at_all)
{
    bundle_begin_stored();
    /* When it was made KEY_C was no operator's key. */
    bundle_have_operators(&bundle_keys.key[1], NULL);
    bundle_sign_as_d(8);
    words.deny = NULL;
    words.keys = "c";
    words.exp = NOW + 6 * 86400;
    provision();
    bundle_have_operators(&bundle_keys.key[0], &bundle_keys.key[1]);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    the_one_before_stays();
}

SUITE(bundle_provisioned, CASE(a_provisioned_bundle_follows_as_any_other_does),
      CASE(the_same_bundle_provisioned_is_no_news), CASE(a_provisioned_bundle_of_a_key_that_is_gone_says_nothing),
      CASE(a_provisioned_bundle_brings_no_keys_that_are_older_than_a_fetch),
      CASE(of_a_provisioned_bundle_of_another_issuer_nothing_is_taken),
      CASE(a_provisioned_bundle_that_this_build_cannot_hold_stays_where_it_is),
      CASE(a_new_device_begins_with_a_provisioned_bundle),
      CASE(a_provisioned_bundle_is_as_new_as_its_time_whatever_the_version),
      CASE(a_provisioned_bundle_whose_keys_cannot_be_taken_is_not_taken_at_all));

#else

TEST(a_build_without_bundles_takes_provisioned_keys)
{
    static struct ward_record record;
    memory_begin();
    ring_usual();
    ring_begin();
    ring_fill("ab");
    ward_keyring_pack_keys(&ring, true, &record);
    memory_store(1, &record);
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    CHECK(ring_has("ab"));
}

SUITE(bundle_provisioned, CASE(a_build_without_bundles_takes_provisioned_keys));

#endif
