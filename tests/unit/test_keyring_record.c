/* SPDX-License-Identifier: Apache-2.0 */
/* A keyring after a power cut: what it takes over of a record, and how old its keys are then. */
#include "stored_fixture.h"

TEST(keys_and_their_age_survive_a_power_cut)
{
    stored_begin();
    memset(&test_work, 0x5a, sizeof test_work);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_ZERO(test_work);
    CHECK(memcmp(ward_keyring_keys(&stored_ring), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
    CHECK_NUMBER(stored_ring.fetched_at, ring.fetched_at);
    CHECK_NUMBER(ward_keyring_boots(&stored_ring), 2);
}

TEST(stored_keys_need_no_fetch_at_once)
{
    stored_begin();
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK(stored_ring.refresh.wait > 10u * SECOND && stored_ring.refresh.wait <= HOUR);
}

/* The uptime goes round twice, in 99 days. */
TEST(the_time_told_goes_on_where_only_records_are_written)
{
    struct ward_fetch_answer dated = ring_good;
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    stored_begin();
    dated.date = NOW + 1000;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    for (int quarter = 0; quarter < 8; quarter++) {
        ring_uptime += UINT32_MAX / 4 + 1;
        ward_keyring_pack(&ring, unknown, ring_uptime, &stored_record);
    }
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW + 1000 + 8589934);
}

TEST(a_power_cut_does_not_make_stale_keys_fresh)
{
    stored_begin();
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&stored_ring, ward_time_set(ring.fetched_at + 7u * 86400u + 1u)), WARD_KEYS_STALE);
}

TEST(the_next_record_goes_to_the_other_slot_with_the_next_sequence)
{
    struct ward_record_info info;
    stored_begin();
    for (unsigned slot = 0; slot < 2; slot++) {
        if (slot == 1) {
            memory.slot[1] = memory.slot[0];
            memory.slot[0].length = 0;
        }
        CHECK_STATUS(stored_reopen(), WARD_OK);
        ring_pass(60 * SECOND);
        const struct ward_keyring_action want = ward_keyring_next(&stored_ring, ring_time, 60 * SECOND);
        CHECK_NUMBER(want.task, WARD_KEYRING_STORE);
        CHECK_NUMBER(want.slot, 1 - slot);
        CHECK_NUMBER(want.origin.slot, slot);
    }
    ward_keyring_pack(&stored_ring, ring_time, 0, &stored_record);
    memory_store(0, &stored_record);
    CHECK_STATUS(ward_record_check(&memory_slots, 0, &test_work, &info), WARD_OK);
    CHECK_NUMBER(info.sequence, 2);
    ward_keyring_stored(&stored_ring, ward_status_of(WARD_OK), 0);
    CHECK_NUMBER(stored_ring.origin.slot, 0);
}

TEST(the_floor_survives_and_only_a_set_clock_raises_it)
{
    stored_begin();
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.clock.floor, ring_time.seconds);
    const struct ward_time unsure = { NOW + 5000, WARD_TIME_FLOOR };
    ward_keyring_pack(&stored_ring, unsure, 0, &stored_record);
    memory_store(0, &stored_record);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.clock.floor, ring_time.seconds);
}

TEST(another_issuers_keys_are_not_taken_over_but_the_device_is)
{
    stored_begin();
    ring_config.issuer = text("https://other/");
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 0);
    CHECK_NUMBER(ward_keyring_boots(&stored_ring), 2);
    CHECK_NUMBER(stored_ring.clock.floor, ring_time.seconds);
    ring_usual();
    ring_config.url = text("https://other/jwks");
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    ring_usual();
    ring_config.issuer = text(ISSUER "x");
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
}

TEST(an_issuer_or_url_of_the_same_length_is_another_one)
{
    char other_text[sizeof ISSUER + sizeof URL];
    stored_begin();
    memcpy(other_text, ISSUER, sizeof ISSUER);
    for (size_t i = 0; i < strlen(ISSUER); i++) {
        other_text[i] ^= 1;
        ring_config.issuer = text(other_text);
        CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
        other_text[i] ^= 1;
    }
    CHECK_STATUS(stored_reopen(), WARD_OK);
    memcpy(other_text, URL, sizeof URL);
    ring_usual();
    ring_config.url = text(other_text);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    for (size_t i = strlen("https://"); i < strlen(URL); i++) {
        other_text[i] ^= 1;
        CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
        other_text[i] ^= 1;
    }
}

TEST(newer_keys_of_the_firmware_beat_stored_ones_and_older_do_not)
{
    static struct ward_jwks compiled;
    compiled = *usual_keys();
    compiled.count = 1;
    stored_begin();
    ring_config.compiled = &compiled;
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 2);
    ring_config.compiled_version = 1;
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    CHECK(ward_keyring_keys(&stored_ring) == &compiled);
}

TEST(keys_that_were_in_use_stay_marked)
{
    stored_begin();
    ward_keyring_mark_used(&ring, &ward_keyring_keys(&ring)->key[1]);
    stored_keep();
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.used, 2);
    CHECK_NUMBER(stored_ring.stored, 3);
    stored_first_key()[MARKS] = 0xff;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.used, 3);
    stored_first_key()[MARKS] = 0xfe;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.used, 2);
}

TEST(keys_alone_can_be_packed)
{
    size_t length;
    stored_begin();
    for (int only = 0; only < 2; only++) {
        struct ward_record_info info;
        ward_keyring_pack_keys(&ring, only == 1, &stored_record);
        memory_store(0, &stored_record);
        CHECK_STATUS(ward_record_check(&memory_slots, 0, &test_work, &info), WARD_OK);
        CHECK_NUMBER(info.keys_only, only);
        CHECK_NUMBER(info.sections, 8);
        CHECK_NUMBER(info.sequence, 1);
        CHECK(stored_keys(&length) != NULL);
        CHECK_STATUS(stored_reopen(), WARD_OK);
        CHECK_NUMBER(ward_keyring_boots(&stored_ring), 1);
        CHECK_NUMBER(stored_ring.clock.floor, ring_config.build_time);
        CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 2);
    }
}

TEST(a_text_longer_than_its_section_is_another_issuer)
{
    stored_begin();
    const struct memory_slot whole = memory.slot[0];
    size_t length;
    stored_keys(&length)[20] = 0xff;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    memory.slot[0] = whole;
    memory_resize(0, WARD_RECORD_KEYS, 21);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    /* A section that ends where the length of the URL should be has no URL, not an empty one. */
    memory.slot[0] = whole;
    memory_resize(0, WARD_RECORD_KEYS, 20 + 2 + strlen(ISSUER));
    ring_config.compiled = usual_keys();
    ring_config.url.length = 0;
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(stored_ring.seen_at, 0);
}

TEST(a_record_without_sections_takes_nothing_over)
{
    struct ward_record_writer writer;
    stored_begin();
    ward_record_begin(&writer, &stored_record, WARD_RECORD_OF_DEVICE, 9);
    ward_record_end(&writer);
    memory_store(0, &stored_record);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_boots(&stored_ring), 1);
    CHECK_NUMBER(stored_ring.clock.floor, ring_config.build_time);
    CHECK_NUMBER(stored_ring.sequence, 9);
}

TEST(a_fault_of_the_backend_takes_no_key_over)
{
    stored_begin();
    crypto_fail_at(0, 0);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    const unsigned calls = crypto_calls();
    for (unsigned call = 1; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(stored_reopen(), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 0);
        /* Only where the keys are prepared all else was taken over. */
        CHECK_NUMBER(ward_keyring_boots(&stored_ring), call > calls - 2 ? 2 : 1);
        CHECK_NUMBER(ward_keyring_next(&stored_ring, ring_time, MINUTE).task == WARD_KEYRING_STORE, call > calls - 2);
    }
    crypto_fail_at(0, 0);
}

/* ---- The age of compiled keys. */

static void begin_compiled(void)
{
    memory_begin();
    ring_usual();
    ring_config.compiled = usual_keys();
    ring_begin();
}

TEST(compiled_keys_become_stale_where_the_issuer_can_replace_them)
{
    begin_compiled();
    (void)ring_next();
    CHECK_NUMBER(ring.seen_at, NOW);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), 0);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u)), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u + 1u)), WARD_KEYS_STALE);
    ring_time.seconds += 5;
    (void)ring_next();
    CHECK_NUMBER(ring.seen_at, NOW);
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u + 5u)), WARD_OK);
}

TEST(compiled_keys_of_a_device_that_never_fetches_have_no_age)
{
    begin_compiled();
    ring_config.url.length = 0;
    (void)ring_next();
    CHECK_NUMBER(ring.seen_at, 0);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 900u * 86400u)), WARD_OK);
}

TEST(no_age_counts_before_a_clock_is_set_and_without_keys)
{
    begin_compiled();
    ring_time.trust = WARD_TIME_UNKNOWN;
    (void)ring_next();
    CHECK_NUMBER(ring.seen_at, 0);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 900u * 86400u)), WARD_OK);
    ring_usual();
    ring_begin();
    (void)ring_next();
    CHECK_NUMBER(ring.seen_at, 0);
}

TEST(the_age_of_compiled_keys_survives_a_power_cut)
{
    begin_compiled();
    (void)ring_next();
    stored_keep();
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.seen_at, NOW);
    CHECK_STATUS(ward_keyring_ready(&stored_ring, ward_time_set(NOW + 7u * 86400u + 1u)), WARD_KEYS_STALE);
    ring_config.compiled_version = 1;
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(stored_ring.seen_at, 0);
    stored_keep();
    ring_config.compiled_version = 0;
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK_NUMBER(stored_ring.seen_at, 0);
}

TEST(compiled_keys_first_seen_in_the_future_were_seen_now)
{
    begin_compiled();
    ring_time.seconds = NOW + 3u * 86400u;
    (void)ring_next();
    ring_time.seconds = NOW;
    (void)ring_next();
    CHECK_NUMBER(ring.seen_at, NOW);
    ring.change = WARD_CHANGE_NONE;
    (void)ring_next();
    CHECK(ring.change == WARD_CHANGE_NONE);
    ring.seen_at = NOW + 1;
    (void)ring_next();
    CHECK(ring.change == WARD_CHANGE_LATER);
}

SUITE(keyring_record, CASE(keys_and_their_age_survive_a_power_cut), CASE(stored_keys_need_no_fetch_at_once),
      CASE(the_time_told_goes_on_where_only_records_are_written), CASE(a_power_cut_does_not_make_stale_keys_fresh),
      CASE(the_next_record_goes_to_the_other_slot_with_the_next_sequence),
      CASE(the_floor_survives_and_only_a_set_clock_raises_it),
      CASE(another_issuers_keys_are_not_taken_over_but_the_device_is),
      CASE(an_issuer_or_url_of_the_same_length_is_another_one),
      CASE(newer_keys_of_the_firmware_beat_stored_ones_and_older_do_not), CASE(keys_that_were_in_use_stay_marked),
      CASE(keys_alone_can_be_packed), CASE(a_text_longer_than_its_section_is_another_issuer),
      CASE(a_record_without_sections_takes_nothing_over), CASE(a_fault_of_the_backend_takes_no_key_over),
      CASE(compiled_keys_become_stale_where_the_issuer_can_replace_them),
      CASE(compiled_keys_of_a_device_that_never_fetches_have_no_age),
      CASE(no_age_counts_before_a_clock_is_set_and_without_keys), CASE(the_age_of_compiled_keys_survives_a_power_cut),
      CASE(compiled_keys_first_seen_in_the_future_were_seen_now));
