/* SPDX-License-Identifier: Apache-2.0 */
/* A stored bundle after an update of the firmware: of other operator keys, of fewer slots, of another authority. */
#include "crypto_faults.h"
#include "keys/key.h"
#include "keys/keyring.h"
#include "stored_bundle.h"
#include "ward/denials.h"
#include "state/record.h"

#if WARD_MAX_BUNDLE > 0

/* ---- The operator's key is taken out. */

TEST(keys_end_with_the_operators_key_and_denials_stay)
{
    bundle_begin_stored();
    bundle_have_operators(&bundle_keys.key[1], NULL);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(ring.clock.bundled, 0);
    CHECK(!ward_keyring_bundle_info(&ring).signer);
    CHECK(!ward_keyring_bundle_info(&ring).keys);
    ring_fill("ab");
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    bundle_keep();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    /* Nor does its time stand in the way of a key that is there. */
    bundle_sign_as_d(1);
    words.iat = NOW - 5000;
    words.deny = NULL;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
}

TEST(denials_stay_where_no_bundles_are_taken_any_more)
{
    bundle_begin_stored();
    ring_config.bundles = NULL;
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    ring_fill("ab");
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

TEST(a_key_that_comes_back_has_not_forgotten_its_number)
{
    bundle_begin_stored();
    bundle_have_operators(&bundle_keys.key[1], NULL);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    bundle_sign_as_d(1);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    bundle_have_operators(&bundle_keys.key[1], &bundle_keys.key[0]);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    words.signer = KEY_C;
    words.header = BUNDLE_HEADER("c");
    words.seq = 7;
    bundle_refuse(WARD_BUNDLE_OLDER);
    words.seq = 8;
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(of_too_many_operator_keys_those_are_forgotten_that_were_in_force_longest_ago)
{
    bundle_begin_stored();
    struct ward_bundle *const bundle = &ring.bundles[ring.bundle];
    for (size_t i = 1; i < WARD_BUNDLE_SIGNERS; i++) {
        bundle->mark[i] = bundle->mark[0];
        bundle->mark[i].key[0] += (uint32_t)i;
        bundle->mark[i].sequence = 100 + i;
    }
    bundle_sign_as_d(1);
    CHECK_STATUS(bundle_take(), WARD_OK);
    const struct ward_bundle *const next = &ring.bundles[ring.bundle];
    CHECK_NUMBER(next->mark[0].sequence, 1);
    CHECK_NUMBER(next->mark[1].sequence, 7);
    for (size_t i = 2; i < WARD_BUNDLE_SIGNERS; i++)
        CHECK_NUMBER(next->mark[i].sequence, 100 + i - 1);
}

TEST(the_number_of_a_key_that_can_still_sign_is_forgotten_last)
{
    bundle_begin_stored();
    struct ward_bundle *const bundle = &ring.bundles[ring.bundle];
    for (size_t i = 1; i < WARD_BUNDLE_SIGNERS; i++) {
        bundle->mark[i] = bundle->mark[0];
        bundle->mark[i].key[0] += (uint32_t)i;
        bundle->mark[i].sequence = 100 + i;
    }
    ward_key_fingerprint(&bundle_keys.key[1], bundle->mark[WARD_BUNDLE_SIGNERS - 1].key);
    bundle_have_operators(&bundle_keys.key[1], &usual_keys()->key[1]);
    words.signer = KEY_B;
    words.header = BUNDLE_HEADER("b");
    words.seq = 1;
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_sign_as_d(100 + WARD_BUNDLE_SIGNERS - 1);
    bundle_refuse(WARD_BUNDLE_OLDER);
    words.seq++;
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(a_stored_set_with_a_key_that_is_an_operators_now_is_not_used)
{
    bundle_begin_stored();
    words.seq = 8;
    words.keys = "b";
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    bundle_have_operators(&bundle_keys.key[0], &usual_keys()->key[1]);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
}

TEST(keys_from_elsewhere_than_a_url_or_a_bundle_are_not_used_and_denials_are)
{
    size_t length;
    bundle_begin_stored();
    uint8_t *at = memory_section(0, WARD_RECORD_KEYS, &length);
    const uint8_t *const end = at + length;
    while (at + 6 < end && memcmp(at, "bundle", 6) != 0)
        at++;
    at[5] = 'd';
    memory_seal(0);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(newer_keys_of_the_firmware_beat_a_stored_bundles)
{
    bundle_begin_stored();
    ring_config.compiled = usual_keys();
    ring_config.compiled_version = 1;
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK(ward_keyring_keys(&ring) == usual_keys());
    CHECK(!ward_keyring_bundle_info(&ring).keys);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* ---- What this build cannot hold, or does not know the names of. */

/* So many denials as a build with more slots has stored. */
static void store_denials(size_t count)
{
    size_t length;
    bundle_begin_stored();
    uint8_t *at = memory_section(0, WARD_RECORD_BUNDLE, &length);
    const size_t fixed = length - 24;
    memory_resize(0, WARD_RECORD_BUNDLE, fixed + count * 24);
    at = memory_section(0, WARD_RECORD_BUNDLE, &length) + fixed;
    for (size_t i = 0; i < count; i++) {
        memset(at + 24 * i, 0, 24);
        at[24 * i] = (uint8_t)i;
        at[24 * i + 23] = 1;
    }
    memory_seal(0);
}

TEST(as_many_denials_as_slots_are_held_and_those_of_no_time_take_none)
{
    size_t length;
    store_denials(WARD_DENY_SLOTS);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, WARD_DENY_SLOTS);
    store_denials(WARD_DENY_SLOTS + 1);
    uint8_t *const section = memory_section(0, WARD_RECORD_BUNDLE, &length);
    section[length - 1] = 0;
    memory_seal(0);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

TEST(more_denials_than_slots_close_the_gate_and_are_carried_over)
{
    static struct ward_record record;
    size_t before;
    size_t after;
    store_denials(WARD_DENY_SLOTS + 1);
    (void)memory_section(0, WARD_RECORD_BUNDLE, &before);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_NOT_HELD);
    CHECK_NUMBER(last_event()->reason, WARD_DENIALS_NOT_HELD);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_DENIALS_NOT_HELD);
    check_answer(503, WARD_ERROR_UNAVAILABLE);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_OK);
    CHECK_STATUS(ward_record_write(&memory_slots, ring.origin, 1, &record, &test_work), WARD_OK);
    CHECK(memory_section(1, WARD_RECORD_BUNDLE, &after) != NULL);
    CHECK_NUMBER(after, before);
    CHECK_NUMBER(memory_section(1, WARD_RECORD_BUNDLE, &after)[-5], WARD_RECORD_NEEDED);
    /* A carried section stands after the keys. */
    memory.slot[0].length = 0;
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_NOT_HELD);
}

TEST(a_bundle_that_fits_opens_the_gate_and_so_does_an_operator)
{
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    words.seq = 8;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    store_denials(WARD_DENY_SLOTS + 1);
    ring.bundles[ring.bundle].issued_until = WARD_DENY_ALWAYS;
    bundle_keep();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    bundle_keep();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
}

TEST(the_bundle_in_force_once_more_opens_the_gate_too)
{
    bundle_begin_stored();
    const struct test_token same = *bundle_make();
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(bundle_give(&same), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_NUMBER(ring.change, WARD_CHANGE_NOW);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

static void have_authority(struct ward_expect *expect, struct ward_policy *policy, const char *name)
{
    *expect = usual_expect;
    expect->authority = text(name);
    *policy = usual_policy;
    policy->expect = expect;
    bundle_config.expect = expect;
}

static struct ward_status reopen_with(const struct ward_policy *policy)
{
    const struct ward_gate_setup setup = { .policy = policy, .keyring = &ring };
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    return ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work);
}

TEST(denials_of_another_authority_close_the_gate)
{
    static struct ward_expect expect;
    static struct ward_policy policy;
    bundle_begin_stored();
    have_authority(&expect, &policy, "ours");
    CHECK_STATUS(reopen_with(&policy), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_OF_OTHER);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_DENIALS_OF_OTHER);
    /* Of an operator at the device there are none: both lists are looked at. */
    words.seq = 8;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    bundle_keep();
    CHECK_STATUS(reopen_with(&policy), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    have_authority(&expect, &policy, "theirs");
    CHECK_STATUS(reopen_with(&policy), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_OF_OTHER);
}

TEST(who_denies_nobody_by_name_needs_no_authority)
{
    static struct ward_expect expect;
    static struct ward_policy policy;
    bundle_begin_stored();
    words.seq = 8;
    words.deny = "[{\"everybody\":true,\"issued_until\":1}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    have_authority(&expect, &policy, "ours");
    CHECK_STATUS(reopen_with(&policy), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

TEST(a_gate_does_not_begin_where_the_authority_cannot_be_computed)
{
    static struct ward_expect expect;
    static struct ward_policy policy;
    bundle_begin_stored();
    have_authority(&expect, &policy, "ours");
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &ring };
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
}

SUITE(bundle_held, CASE(keys_end_with_the_operators_key_and_denials_stay),
      CASE(denials_stay_where_no_bundles_are_taken_any_more), CASE(a_key_that_comes_back_has_not_forgotten_its_number),
      CASE(of_too_many_operator_keys_those_are_forgotten_that_were_in_force_longest_ago),
      CASE(the_number_of_a_key_that_can_still_sign_is_forgotten_last),
      CASE(a_stored_set_with_a_key_that_is_an_operators_now_is_not_used),
      CASE(keys_from_elsewhere_than_a_url_or_a_bundle_are_not_used_and_denials_are),
      CASE(newer_keys_of_the_firmware_beat_a_stored_bundles),
      CASE(as_many_denials_as_slots_are_held_and_those_of_no_time_take_none),
      CASE(more_denials_than_slots_close_the_gate_and_are_carried_over),
      CASE(a_bundle_that_fits_opens_the_gate_and_so_does_an_operator),
      CASE(the_bundle_in_force_once_more_opens_the_gate_too), CASE(denials_of_another_authority_close_the_gate),
      CASE(who_denies_nobody_by_name_needs_no_authority),
      CASE(a_gate_does_not_begin_where_the_authority_cannot_be_computed));

#else

/* Such a section is needed while it denies somebody: then a build that does not know it takes nothing of the record. */
TEST(a_build_without_bundles_takes_no_record_in_which_one_denies)
{
    static struct ward_record record;
    memory_begin();
    ring_usual();
    ring_begin();
    ring_fill("ab");
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    memory_store(0, &record);
    size_t length;
    uint8_t *const section = memory_section(0, WARD_RECORD_BOOTS, &length);
    section[-7] = WARD_RECORD_BUNDLE;
    section[-5] = 1;
    memory_seal(0);
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_RECORD_NEWER);
}

SUITE(bundle_held, CASE(a_build_without_bundles_takes_no_record_in_which_one_denies));

#endif
