/* SPDX-License-Identifier: Apache-2.0 */
/* What a device keeps of a bundle across a power cut: its section of the record, whole and not. */
#include "fake_platform.h"
#include "crypto_faults.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "stored_bundle.h"

#if WARD_MAX_BUNDLE > 0

TEST(a_bundle_survives_a_power_cut)
{
    struct ward_bundle_info before;
    struct ward_bundle_info after;
    bundle_begin_stored();
    before = ward_keyring_bundle_info(&ring);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
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
    bundle_begin_stored();
    ward_keyring_set_floor(&ring, NOW - 5000);
    bundle_keep();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
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
    bundle_begin_stored();
    ring_config.bundles = NULL;
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ring.clock.bundled, 0);
    bundle_keep();
    ring_config.bundles = &bundle_config;
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ring.clock.bundled, NOW - 300);
}

TEST(compiled_keys_are_no_younger_when_a_bundles_end)
{
    memory_begin();
    bundle_begin();
    ring_config.compiled = usual_keys();
    ring_begin();
    /* A set clock sees the compiled keys; then there is a bundle. */
    (void)ring_next();
    ring_pass(HOUR);
    words.iat = ring_time.seconds;
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    bundle_have_operators(&bundle_keys.key[1], NULL);
    ring_pass(7 * DAY - HOUR);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK(ward_keyring_keys(&ring) == usual_keys());
    (void)ring_next();
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_OK);
    ring_pass(SECOND);
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_STALE);
}

TEST(a_clock_that_was_ahead_makes_compiled_keys_no_younger_when_a_bundles_end)
{
    memory_begin();
    bundle_begin();
    ring_config.compiled = usual_keys();
    ring_begin();
    CHECK_STATUS(bundle_start_gate(), WARD_OK);
    /* For a moment the clock is a year ahead. */
    ring_time.seconds += 365u * 86400u;
    (void)ring_next();
    ring_time.seconds -= 365u * 86400u;
    words.iat = ring_time.seconds;
    CHECK_STATUS(bundle_take(), WARD_OK);
    (void)ring_next();
    bundle_keep();
    bundle_have_operators(&bundle_keys.key[1], NULL);
    ring_pass(20 * DAY);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK(ward_keyring_keys(&ring) == usual_keys());
    (void)ring_next();
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_STALE);
}

TEST(marks_of_both_operator_keys_survive)
{
    bundle_begin_stored();
    bundle_sign_as_d(3);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    bundle_sign_as_d(2);
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
    bundle_keep();
    CHECK(memory_section(0, WARD_RECORD_BUNDLE, &length) == NULL);
}

TEST(a_record_is_needed_only_while_its_bundle_denies)
{
    static const char *const lists[] = { NULL, DENIES_SOMEONE, "[{\"everybody\":true,\"issued_until\":1}]" };
    size_t length;
    for (size_t i = 0; i < 3; i++) {
        bundle_begin_stored();
        words.seq = 8;
        words.deny = lists[i];
        CHECK_STATUS(bundle_take(), WARD_OK);
        bundle_keep();
        CHECK_NUMBER(memory_section(0, WARD_RECORD_BUNDLE, &length)[-5], i > 0 ? WARD_RECORD_NEEDED : 0);
    }
}

TEST(the_longest_bundle_fits_a_record)
{
    bundle_begin_stored();
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
    bundle_keep();
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, WARD_DENY_SLOTS);
    CHECK(ring.bundles[ring.bundle].mark[WARD_BUNDLE_SIGNERS - 1].sequence == 7);
}

/* ---- A section that is not whole. */

TEST(a_section_that_is_cut_anywhere_is_not_used_and_nobody_is_granted)
{
    size_t whole;
    bundle_begin_stored();
    bundle_sign_as_d(1);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    const struct memory_slot stored = memory.slot[0];
    (void)memory_section(0, WARD_RECORD_BUNDLE, &whole);
    for (size_t length = 0; length < whole; length++) {
        memory_begin();
        memory.slot[0] = stored;
        memory_resize(0, WARD_RECORD_BUNDLE, length);
        /* Without its denial it is whole. */
        const bool no_denial = length == whole - 24;
        CHECK_STATUS(bundle_reopen(), no_denial ? WARD_OK : WARD_RECORD_UNREADABLE);
        CHECK_NUMBER(ward_ok(bundle_ask("auth0|other")), no_denial);
        CHECK_NUMBER(ring_next().task == WARD_KEYRING_STORE && !no_denial, 0);
    }
}

TEST(a_fault_of_the_backend_or_the_medium_takes_no_bundle_over)
{
    bundle_begin_stored();
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
    bundle_begin_stored();
    memset(memory_section(0, WARD_RECORD_BUNDLE, &length), 0, 8);
    memory_seal(0);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_UNREADABLE);
    bundle_begin_stored();
    memset(memory_section(0, WARD_RECORD_BUNDLE, &length) + 49, 0, 8);
    memory_seal(0);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_UNREADABLE);
}

TEST(marks_beyond_those_that_this_build_holds_are_passed_over)
{
    enum { MARK = 40, MARKS = 48 };
    size_t length;
    bundle_begin_stored();
    words.seq = 8;
    words.deny = NULL;
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_keep();
    (void)memory_section(0, WARD_RECORD_BUNDLE, &length);
    memory_resize(0, WARD_RECORD_BUNDLE, length + 5 * MARK);
    uint8_t *const section = memory_section(0, WARD_RECORD_BUNDLE, &length);
    section[MARKS] = 6;
    for (size_t i = 0; i < 5; i++)
        section[MARKS + 1 + (i + 1) * MARK + 7] = (uint8_t)(i + 1);
    memory_seal(0);
    CHECK_STATUS(bundle_reopen(), WARD_OK);
    CHECK_NUMBER(ring.bundles[ring.bundle].mark[WARD_BUNDLE_SIGNERS - 1].sequence, WARD_BUNDLE_SIGNERS - 1);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).denials, 0);
}

TEST(keys_of_a_bundle_without_a_section_of_one_are_not_used)
{
    size_t length;
    bundle_begin_stored();
    memory_section(0, WARD_RECORD_BUNDLE, &length)[-7] = 9;
    memory_section(0, (enum ward_record_tag)9, &length)[-5] = 0;
    memory_seal(0);
    CHECK_STATUS(bundle_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
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

SUITE(bundle_record, CASE(a_bundle_survives_a_power_cut),
      CASE(a_floor_that_an_operator_at_the_device_has_set_stays_set),
      CASE(a_firmware_without_operators_keeps_what_it_does_not_use),
      CASE(compiled_keys_are_no_younger_when_a_bundles_end),
      CASE(a_clock_that_was_ahead_makes_compiled_keys_no_younger_when_a_bundles_end),
      CASE(marks_of_both_operator_keys_survive), CASE(without_a_bundle_a_record_has_no_section_of_one),
      CASE(a_record_is_needed_only_while_its_bundle_denies), CASE(the_longest_bundle_fits_a_record),
      CASE(a_section_that_is_cut_anywhere_is_not_used_and_nobody_is_granted),
      CASE(a_fault_of_the_backend_or_the_medium_takes_no_bundle_over),
      CASE(a_section_without_time_or_mark_is_not_whole), CASE(marks_beyond_those_that_this_build_holds_are_passed_over),
      CASE(keys_of_a_bundle_without_a_section_of_one_are_not_used),
      CASE(the_service_takes_a_bundle_from_its_url_and_stores_it));

#else

TEST(a_build_without_bundles_does_not_know_their_section)
{
    CHECK_NUMBER(ward_record_bit(WARD_RECORD_BUNDLE), 1);
}

SUITE(bundle_record, CASE(a_build_without_bundles_does_not_know_their_section));

#endif
