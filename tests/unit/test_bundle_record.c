/* SPDX-License-Identifier: Apache-2.0 */
/* What a device keeps of a bundle across a power cut, an update of its firmware, and a change of the operator's keys. */
#include "bundle_fixture.h"
#include "crypto_faults.h"
#include "fake_platform.h"
#include "keys/bundle.h"
#include "keys/key.h"
#include "keys/keyring.h"
#include "memory_slots.h"
#include "ward/denials.h"

#if WARD_MAX_BUNDLE > 0

#define SOMEONE "auth0|someone"
#define DENIES_SOMEONE "[{\"sub\":\"" SOMEONE "\",\"issued_until\":\"always\"}]"

static struct ward_record record;

static void keep(void)
{
    CHECK_STATUS(ward_gate_pack(&test_gate, ring_time, ring_uptime, &record), WARD_OK);
    CHECK(record.length <= sizeof record.bytes);
    memory_store(0, &record);
}

/* A device after a power cut. */
static struct ward_status reopen(void)
{
    ring_begin();
    const struct ward_status status = ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work);
    CHECK_STATUS(bundle_start_gate(), WARD_OK);
    return status;
}

static void begin(void)
{
    memory_begin();
    bundle_begin();
    words.deny = DENIES_SOMEONE;
    words.seq = 7;
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
}

/* The firmware has only one of its operator keys, or both as usual. */
static void have_operators(const struct ward_key *first, const struct ward_key *second)
{
    static struct ward_jwks keys;
    memset(&keys, 0, sizeof keys);
    keys.key[keys.count++] = *first;
    if (second != NULL)
        keys.key[keys.count++] = *second;
    bundle_config.keys = &keys;
}

static void sign_as_d(uint64_t seq)
{
    words.signer = KEY_D;
    words.header = BUNDLE_HEADER("d");
    words.seq = seq;
}

TEST(a_bundle_survives_a_power_cut)
{
    struct ward_bundle_info before;
    struct ward_bundle_info after;
    begin();
    before = ward_keyring_bundle_info(&ring);
    CHECK_STATUS(reopen(), WARD_OK);
    after = ward_keyring_bundle_info(&ring);
    CHECK(memcmp(&before, &after, sizeof before) == 0);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW);
    CHECK_NUMBER(ring.clock.bundled, NOW - 300);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86400)), WARD_KEYS_STALE);
    words.seq = 6;
    bundle_refuse(WARD_BUNDLE_OLDER);
    words.seq = 7;
    words.exp++;
    bundle_refuse(WARD_BUNDLE_CHANGED);
    words.exp--;
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(a_floor_that_an_operator_at_the_device_has_set_stays_set)
{
    begin();
    ward_keyring_set_floor(&ring, NOW - 5000);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, 0);
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, 0);
    CHECK_NUMBER(ring.change, WARD_CHANGE_NONE);
    words.seq++;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, NOW - 300);
}

TEST(a_firmware_without_operators_keeps_what_it_does_not_use)
{
    begin();
    ring_config.bundles = NULL;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ring.clock.bundled, 0);
    keep();
    ring_config.bundles = &bundle_config;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ring.clock.bundled, NOW - 300);
}

TEST(marks_of_both_operator_keys_survive)
{
    begin();
    sign_as_d(3);
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    sign_as_d(2);
    bundle_refuse(WARD_BUNDLE_OLDER);
    words.signer = KEY_C;
    words.header = BUNDLE_HEADER("c");
    words.seq = 7;
    bundle_refuse(WARD_BUNDLE_OLDER);
}

TEST(without_a_bundle_a_record_has_no_section_of_one)
{
    size_t length;
    memory_begin();
    bundle_begin();
    keep();
    CHECK(memory_section(0, WARD_RECORD_BUNDLE, &length) == NULL);
}

TEST(a_record_is_needed_only_while_its_bundle_denies)
{
    static const char *const lists[] = { NULL, DENIES_SOMEONE, "[{\"everybody\":true,\"issued_until\":1}]" };
    size_t length;
    for (size_t i = 0; i < 3; i++) {
        begin();
        words.seq = 8;
        words.deny = lists[i];
        CHECK_STATUS(bundle_take(), WARD_OK);
        keep();
        CHECK_NUMBER(memory_section(0, WARD_RECORD_BUNDLE, &length)[-5], i > 0 ? WARD_RECORD_NEEDED : 0);
    }
}

TEST(the_longest_bundle_fits_a_record)
{
    begin();
    struct ward_bundle *const bundle = &ring.bundles[ring.bundle];
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++) {
        bundle->denials[i].issued_until = 1;
        bundle->denials[i].owner[0] = (uint8_t)i;
        test_gate.denials[i] = bundle->denials[i];
    }
    for (size_t i = 1; i < WARD_BUNDLE_SIGNERS; i++) {
        bundle->mark[i] = bundle->mark[0];
        bundle->mark[i].key[0] += (uint32_t)i;
    }
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, WARD_DENY_SLOTS);
    CHECK(ring.bundles[ring.bundle].mark[WARD_BUNDLE_SIGNERS - 1].sequence == 7);
}

/* ---- The operator's key is taken out. */

TEST(keys_end_with_the_operators_key_and_denials_stay)
{
    begin();
    have_operators(&bundle_keys.key[1], NULL);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(ring.clock.bundled, 0);
    CHECK(!ward_keyring_bundle_info(&ring).signer);
    CHECK(!ward_keyring_bundle_info(&ring).keys);
    ring_fill("ab");
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    /* Nor does its time stand in the way of a key that is there. */
    sign_as_d(1);
    words.iat = NOW - 5000;
    words.deny = NULL;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_OK);
}

TEST(denials_stay_where_no_bundles_are_taken_any_more)
{
    begin();
    ring_config.bundles = NULL;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    ring_fill("ab");
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

TEST(a_key_that_comes_back_has_not_forgotten_its_number)
{
    begin();
    have_operators(&bundle_keys.key[1], NULL);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    sign_as_d(1);
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
    have_operators(&bundle_keys.key[1], &bundle_keys.key[0]);
    CHECK_STATUS(reopen(), WARD_OK);
    words.signer = KEY_C;
    words.header = BUNDLE_HEADER("c");
    words.seq = 7;
    bundle_refuse(WARD_BUNDLE_OLDER);
    words.seq = 8;
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(of_too_many_operator_keys_those_are_forgotten_that_were_in_force_longest_ago)
{
    begin();
    struct ward_bundle *const bundle = &ring.bundles[ring.bundle];
    for (size_t i = 1; i < WARD_BUNDLE_SIGNERS; i++) {
        bundle->mark[i] = bundle->mark[0];
        bundle->mark[i].key[0] += (uint32_t)i;
        bundle->mark[i].sequence = 100 + i;
    }
    sign_as_d(1);
    CHECK_STATUS(bundle_take(), WARD_OK);
    const struct ward_bundle *const next = &ring.bundles[ring.bundle];
    CHECK_NUMBER(next->mark[0].sequence, 1);
    CHECK_NUMBER(next->mark[1].sequence, 7);
    for (size_t i = 2; i < WARD_BUNDLE_SIGNERS; i++)
        CHECK_NUMBER(next->mark[i].sequence, 100 + i - 1);
}

TEST(the_number_of_a_key_that_can_still_sign_is_forgotten_last)
{
    begin();
    struct ward_bundle *const bundle = &ring.bundles[ring.bundle];
    for (size_t i = 1; i < WARD_BUNDLE_SIGNERS; i++) {
        bundle->mark[i] = bundle->mark[0];
        bundle->mark[i].key[0] += (uint32_t)i;
        bundle->mark[i].sequence = 100 + i;
    }
    ward_key_fingerprint(&bundle_keys.key[1], bundle->mark[WARD_BUNDLE_SIGNERS - 1].key);
    have_operators(&bundle_keys.key[1], &usual_keys()->key[1]);
    words.signer = KEY_B;
    words.header = BUNDLE_HEADER("b");
    words.seq = 1;
    CHECK_STATUS(bundle_take(), WARD_OK);
    sign_as_d(100 + WARD_BUNDLE_SIGNERS - 1);
    bundle_refuse(WARD_BUNDLE_OLDER);
    words.seq++;
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(a_stored_set_with_a_key_that_is_an_operators_now_is_not_used)
{
    begin();
    words.seq = 8;
    words.keys = "b";
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
    have_operators(&bundle_keys.key[0], &usual_keys()->key[1]);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
}

TEST(keys_from_elsewhere_than_a_url_or_a_bundle_are_not_used_and_denials_are)
{
    size_t length;
    begin();
    uint8_t *at = memory_section(0, WARD_RECORD_KEYS, &length);
    const uint8_t *const end = at + length;
    while (at + 6 < end && memcmp(at, "bundle", 6) != 0)
        at++;
    at[5] = 'd';
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(newer_keys_of_the_firmware_beat_a_stored_bundles)
{
    begin();
    ring_config.compiled = usual_keys();
    ring_config.compiled_version = 1;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK(ward_keyring_keys(&ring) == usual_keys());
    CHECK(!ward_keyring_bundle_info(&ring).keys);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* ---- What this build cannot hold, or does not know the names of. */

/* So many denials as a build with more slots has stored. */
static void store_denials(size_t count)
{
    size_t length;
    begin();
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
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, WARD_DENY_SLOTS);
    store_denials(WARD_DENY_SLOTS + 1);
    uint8_t *const section = memory_section(0, WARD_RECORD_BUNDLE, &length);
    section[length - 1] = 0;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

TEST(more_denials_than_slots_close_the_gate_and_are_carried_over)
{
    size_t before;
    size_t after;
    store_denials(WARD_DENY_SLOTS + 1);
    (void)memory_section(0, WARD_RECORD_BUNDLE, &before);
    CHECK_STATUS(reopen(), WARD_OK);
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
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_NOT_HELD);
}

TEST(a_bundle_that_fits_opens_the_gate_and_so_does_an_operator)
{
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(reopen(), WARD_OK);
    words.seq = 8;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    store_denials(WARD_DENY_SLOTS + 1);
    ring.bundles[ring.bundle].issued_until = WARD_DENY_ALWAYS;
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
}

TEST(the_bundle_in_force_once_more_opens_the_gate_too)
{
    begin();
    const struct test_token same = *bundle_make();
    store_denials(WARD_DENY_SLOTS + 1);
    CHECK_STATUS(reopen(), WARD_OK);
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
    begin();
    have_authority(&expect, &policy, "ours");
    CHECK_STATUS(reopen_with(&policy), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_DENIALS_OF_OTHER);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_DENIALS_OF_OTHER);
    /* Of an operator at the device there are none: both lists are looked at. */
    words.seq = 8;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
    keep();
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
    begin();
    words.seq = 8;
    words.deny = "[{\"everybody\":true,\"issued_until\":1}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
    have_authority(&expect, &policy, "ours");
    CHECK_STATUS(reopen_with(&policy), WARD_OK);
    CHECK_STATUS(ward_gate_closed(&test_gate), WARD_OK);
}

TEST(a_gate_does_not_begin_where_the_authority_cannot_be_computed)
{
    static struct ward_expect expect;
    static struct ward_policy policy;
    begin();
    have_authority(&expect, &policy, "ours");
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &ring };
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
}

/* ---- A section that is not whole. */

TEST(a_section_that_is_cut_anywhere_is_not_used_and_nobody_is_granted)
{
    size_t whole;
    begin();
    sign_as_d(1);
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
    const struct memory_slot stored = memory.slot[0];
    (void)memory_section(0, WARD_RECORD_BUNDLE, &whole);
    for (size_t length = 0; length < whole; length++) {
        memory_begin();
        memory.slot[0] = stored;
        memory_resize(0, WARD_RECORD_BUNDLE, length);
        /* Without its denial it is whole. */
        const bool no_denial = length == whole - 24;
        CHECK_STATUS(reopen(), no_denial ? WARD_OK : WARD_RECORD_UNREADABLE);
        CHECK_NUMBER(ward_ok(bundle_ask("auth0|other")), no_denial);
        CHECK_NUMBER(ring_next().task == WARD_KEYRING_STORE && !no_denial, 0);
    }
}

TEST(a_fault_of_the_backend_or_the_medium_takes_no_bundle_over)
{
    begin();
    crypto_fail_at(0, 0);
    memory.reads = 0;
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    const unsigned calls = crypto_calls();
    const unsigned reads = memory.reads;
    for (unsigned call = 1; call <= calls - 1; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        ring_begin();
        CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
    }
    crypto_fail_at(0, 0);
    for (memory.read_fails_at = 1; memory.read_fails_at <= reads; memory.read_fails_at++) {
        memory.reads = 0;
        ring_begin();
        CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_RECORD_UNREADABLE);
        CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
        CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    }
}

TEST(a_section_without_time_or_mark_is_not_whole)
{
    size_t length;
    begin();
    memset(memory_section(0, WARD_RECORD_BUNDLE, &length), 0, 8);
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_UNREADABLE);
    begin();
    memset(memory_section(0, WARD_RECORD_BUNDLE, &length) + 49, 0, 8);
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_UNREADABLE);
}

TEST(marks_beyond_those_that_this_build_holds_are_passed_over)
{
    enum { MARK = 40, MARKS = 48 };
    size_t length;
    begin();
    words.seq = 8;
    words.deny = NULL;
    CHECK_STATUS(bundle_take(), WARD_OK);
    keep();
    (void)memory_section(0, WARD_RECORD_BUNDLE, &length);
    memory_resize(0, WARD_RECORD_BUNDLE, length + 5 * MARK);
    uint8_t *const section = memory_section(0, WARD_RECORD_BUNDLE, &length);
    section[MARKS] = 6;
    for (size_t i = 0; i < 5; i++)
        section[MARKS + 1 + (i + 1) * MARK + 7] = (uint8_t)(i + 1);
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(ring.bundles[ring.bundle].mark[WARD_BUNDLE_SIGNERS - 1].sequence, WARD_BUNDLE_SIGNERS - 1);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
}

TEST(keys_of_a_bundle_without_a_section_of_one_are_not_used)
{
    size_t length;
    begin();
    memory_section(0, WARD_RECORD_BUNDLE, &length)[-7] = 9;
    memory_section(0, (enum ward_record_tag)9, &length)[-5] = 0;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
}

/* ---- Keys from `ward provision`, of a bundle. */

/* The bundle of the words in slot 1, as the tool stores it, beside the device's record in slot 0. */
static void provision(void)
{
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
    begin();
    words.seq = 8;
    words.deny = NULL;
    words.keys = "b";
    provision();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(ring_has("b"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 8);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
    CHECK_NUMBER(ring.change, WARD_CHANGE_NOW);
    begin();
    words.seq = 6;
    words.deny = NULL;
    words.keys = "b";
    provision();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(the_same_bundle_provisioned_is_no_news)
{
    begin();
    provision();
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(ring.change, WARD_CHANGE_LATER);
}

TEST(a_provisioned_bundle_of_a_key_that_is_gone_says_nothing)
{
    begin();
    sign_as_d(1);
    words.deny = NULL;
    words.keys = "b";
    provision();
    have_operators(&bundle_keys.key[0], NULL);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 1);
}

TEST(a_provisioned_bundle_brings_no_keys_that_are_older_than_a_fetch)
{
    begin();
    ring_time = ward_time_set(NOW + 100);
    ring_fill("ab");
    keep();
    words.seq = 8;
    words.deny = NULL;
    words.keys = "b";
    provision();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(ring_has("ab"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 8);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
    CHECK_NUMBER(ring.change, WARD_CHANGE_NOW);
}

TEST(of_a_provisioned_bundle_of_another_issuer_nothing_is_taken)
{
    begin();
    const struct ward_text issuer = ring_config.issuer;
    ring_config.issuer = text("https://other.example/");
    words.sub = "\"https://other.example/\"";
    words.seq = 8;
    words.deny = NULL;
    provision();
    ring_config.issuer = issuer;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 7);
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* The next record would take its place and carry over the denials of the bundle before it, beside its own keys. */
TEST(a_provisioned_bundle_that_this_build_cannot_hold_stays_where_it_is)
{
    size_t length;
    begin();
    words.seq = 8;
    words.deny = NULL;
    provision();
    (void)memory_section(1, WARD_RECORD_BUNDLE, &length);
    memory_resize(1, WARD_RECORD_BUNDLE, length + (WARD_DENY_SLOTS + 1) * 24);
    uint8_t *const section = memory_section(1, WARD_RECORD_BUNDLE, &length);
    for (size_t i = 0; i <= WARD_DENY_SLOTS; i++)
        section[length - 1 - 24 * i] = (uint8_t)(i + 1);
    memory_seal(1);
    CHECK_STATUS(reopen(), WARD_OK);
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
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_STATUS(bundle_ask(SOMEONE), WARD_SUBJECT_DENIED);
}

/* ---- The service. */

TEST(the_service_takes_a_bundle_from_its_url_and_stores_it)
{
    static char body[4096];
    static char memory_of_bundle[4096];
    bundle_begin();
    const struct test_token *const made = bundle_make();
    CHECK(made->length < sizeof body);
    memcpy(body, made->data, made->length);
    bundle_config.buffer = memory_of_bundle;
    bundle_config.size = sizeof memory_of_bundle;
    fake_begin();
    fake.body = body;
    ring_config.bundles = &bundle_config;
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * MINUTE);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_OK);
    CHECK(ring_has("a") && ward_keyring_bundle_info(&ring).keys);
    CHECK_NUMBER(fake_events(WARD_BUNDLE_TAKEN), 1);
    fake_platform.fetch_begin = NULL;
    fake_boot();
    CHECK(ring_has("a") && ward_keyring_bundle_info(&ring).keys);
    /* After a boot all of it comes once more, then what is unchanged does not; a platform that cannot ask for that always gets all. */
    fake_begin();
    fake.body = body;
    ring_config.bundles = &bundle_config;
    memcpy(fake.answer.etag, "\"1\"", 3);
    fake.answer.etag_length = 3;
    fake_boot();
    fake_attach_gate();
    fake_run_for(2 * MINUTE);
    CHECK(fake.fetches == 1 && fake.etag[0] == '\0');
    fake.body = "";
    fake.answer.http = 304;
    fake_run_for(2 * HOUR);
    CHECK_TEXT(text(fake.etag), "\"1\"");
    CHECK(fake.fetches >= 2);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_OK);
    fake_platform.fetch_unless = NULL;
    fake.answer.http = 200;
    fake.body = body;
    fake_run_for(2 * HOUR);
    CHECK_STATUS(ward_service_fetched(&fake_service).status, WARD_OK);
}

SUITE(bundle_record, CASE(keys_from_elsewhere_than_a_url_or_a_bundle_are_not_used_and_denials_are),
      CASE(the_service_takes_a_bundle_from_its_url_and_stores_it), CASE(a_bundle_survives_a_power_cut),
      CASE(a_floor_that_an_operator_at_the_device_has_set_stays_set),
      CASE(a_firmware_without_operators_keeps_what_it_does_not_use), CASE(marks_of_both_operator_keys_survive),
      CASE(without_a_bundle_a_record_has_no_section_of_one), CASE(a_record_is_needed_only_while_its_bundle_denies),
      CASE(the_longest_bundle_fits_a_record), CASE(keys_end_with_the_operators_key_and_denials_stay),
      CASE(denials_stay_where_no_bundles_are_taken_any_more), CASE(a_key_that_comes_back_has_not_forgotten_its_number),
      CASE(of_too_many_operator_keys_those_are_forgotten_that_were_in_force_longest_ago),
      CASE(the_number_of_a_key_that_can_still_sign_is_forgotten_last),
      CASE(a_stored_set_with_a_key_that_is_an_operators_now_is_not_used),
      CASE(newer_keys_of_the_firmware_beat_a_stored_bundles),
      CASE(as_many_denials_as_slots_are_held_and_those_of_no_time_take_none),
      CASE(more_denials_than_slots_close_the_gate_and_are_carried_over),
      CASE(a_bundle_that_fits_opens_the_gate_and_so_does_an_operator),
      CASE(the_bundle_in_force_once_more_opens_the_gate_too), CASE(denials_of_another_authority_close_the_gate),
      CASE(who_denies_nobody_by_name_needs_no_authority),
      CASE(a_gate_does_not_begin_where_the_authority_cannot_be_computed),
      CASE(a_section_that_is_cut_anywhere_is_not_used_and_nobody_is_granted),
      CASE(a_fault_of_the_backend_or_the_medium_takes_no_bundle_over),
      CASE(a_section_without_time_or_mark_is_not_whole), CASE(marks_beyond_those_that_this_build_holds_are_passed_over),
      CASE(keys_of_a_bundle_without_a_section_of_one_are_not_used),
      CASE(a_provisioned_bundle_follows_as_any_other_does), CASE(the_same_bundle_provisioned_is_no_news),
      CASE(a_provisioned_bundle_of_a_key_that_is_gone_says_nothing),
      CASE(a_provisioned_bundle_brings_no_keys_that_are_older_than_a_fetch),
      CASE(of_a_provisioned_bundle_of_another_issuer_nothing_is_taken),
      CASE(a_provisioned_bundle_that_this_build_cannot_hold_stays_where_it_is),
      CASE(a_new_device_begins_with_a_provisioned_bundle));

#else

TEST(a_build_without_bundles_does_not_know_their_section)
{
    CHECK_NUMBER(ward_record_bit(WARD_RECORD_BUNDLE), 1);
}

SUITE(bundle_record, CASE(a_build_without_bundles_does_not_know_their_section));

#endif
