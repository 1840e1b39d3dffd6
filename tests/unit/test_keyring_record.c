/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_faults.h"
#include "memory_slots.h"
#include "keyring_fixture.h"
#include "keys/keyring.h"

static struct ward_record record;
static struct ward_keyring other;

/* Stores what the keyring knows in slot 0. */
static void keep(void)
{
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    CHECK(record.length > 0 && record.length <= sizeof record.bytes);
    memory_store(0, &record);
}

static void begin(void)
{
    memory_begin();
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ring_fill("ab");
    keep();
}

/* A device after a power cut, with this firmware. */
static struct ward_status reopen(void)
{
    CHECK_STATUS(ward_keyring_begin(&other, &ring_config, 8, 0), WARD_OK);
    return ward_keyring_open(&other, &memory_slots, 0, &test_work);
}

static uint8_t *keys_section(size_t *length)
{
    uint8_t *const section = memory_section(0, WARD_RECORD_KEYS, length);
    CHECK(section != NULL);
    return section;
}

/* An entry of a key: its length, algorithm, marks, bits, length of kid, kid and modulus. */
enum { ALGORITHM = 2, MARKS = 3, BITS = 4, KID_LENGTH = 6, KID = 7, MODULUS = 8, ENTRY = MODULUS + 256 };

/* Where the first key is: after version, times, issuer and URL. */
static size_t keys_at(void)
{
    return 20 + 2 + strlen(ISSUER) + 2 + strlen(URL);
}

static uint8_t *first_key(void)
{
    size_t length;
    return keys_section(&length) + keys_at();
}

TEST(keys_and_their_age_survive_a_power_cut)
{
    begin();
    memset(&test_work, 0x5a, sizeof test_work);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_ZERO(test_work);
    CHECK(memcmp(ward_keyring_keys(&other), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
    CHECK_NUMBER(other.fetched_at, ring.fetched_at);
    CHECK_NUMBER(ward_keyring_boots(&other), 2);
}

TEST(stored_keys_need_no_fetch_at_once)
{
    begin();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(other.refresh.wait > 10u * SECOND && other.refresh.wait <= HOUR);
}

/* The uptime goes round twice, in 99 days. */
TEST(the_time_told_goes_on_where_only_records_are_written)
{
    struct ward_fetch_answer dated = ring_good;
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    begin();
    dated.date = NOW + 1000;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    for (int quarter = 0; quarter < 8; quarter++) {
        ring_uptime += UINT32_MAX / 4 + 1;
        ward_keyring_pack(&ring, unknown, ring_uptime, &record);
    }
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW + 1000 + 8589934);
}

TEST(a_power_cut_does_not_make_stale_keys_fresh)
{
    begin();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&other, ward_time_set(ring.fetched_at + 7u * 86400u + 1u)), WARD_KEYS_STALE);
}

TEST(the_next_record_goes_to_the_other_slot_with_the_next_sequence)
{
    struct ward_record_info info;
    begin();
    for (unsigned slot = 0; slot < 2; slot++) {
        if (slot == 1) {
            memory.slot[1] = memory.slot[0];
            memory.slot[0].length = 0;
        }
        CHECK_STATUS(reopen(), WARD_OK);
        ring_pass(60 * SECOND);
        const struct ward_keyring_action want = ward_keyring_next(&other, ring_time, 60 * SECOND);
        CHECK_NUMBER(want.task, WARD_KEYRING_STORE);
        CHECK_NUMBER(want.slot, 1 - slot);
        CHECK_NUMBER(want.origin.slot, slot);
    }
    ward_keyring_pack(&other, ring_time, 0, &record);
    memory_store(0, &record);
    CHECK_STATUS(ward_record_check(&memory_slots, 0, &test_work, &info), WARD_OK);
    CHECK_NUMBER(info.sequence, 2);
    ward_keyring_stored(&other, ward_status_of(WARD_OK), 0);
    CHECK_NUMBER(other.origin.slot, 0);
}

TEST(the_floor_survives_and_only_a_set_clock_raises_it)
{
    begin();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.clock.floor, ring_time.seconds);
    const struct ward_time unsure = { NOW + 5000, WARD_TIME_FLOOR };
    ward_keyring_pack(&other, unsure, 0, &record);
    memory_store(0, &record);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.clock.floor, ring_time.seconds);
}

TEST(another_issuers_keys_are_not_taken_over_but_the_device_is)
{
    begin();
    ring_config.issuer = text("https://other/");
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 0);
    CHECK_NUMBER(ward_keyring_boots(&other), 2);
    CHECK_NUMBER(other.clock.floor, ring_time.seconds);
    ring_usual();
    ring_config.url = text("https://other/jwks");
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    ring_usual();
    ring_config.issuer = text(ISSUER "x");
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
}

TEST(an_issuer_or_url_of_the_same_length_is_another_one)
{
    char other_text[sizeof ISSUER + sizeof URL];
    begin();
    memcpy(other_text, ISSUER, sizeof ISSUER);
    for (size_t i = 0; i < strlen(ISSUER); i++) {
        other_text[i] ^= 1;
        ring_config.issuer = text(other_text);
        CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
        other_text[i] ^= 1;
    }
    CHECK_STATUS(reopen(), WARD_OK);
    memcpy(other_text, URL, sizeof URL);
    ring_usual();
    ring_config.url = text(other_text);
    CHECK_STATUS(reopen(), WARD_OK);
    for (size_t i = strlen("https://"); i < strlen(URL); i++) {
        other_text[i] ^= 1;
        CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
        other_text[i] ^= 1;
    }
}

TEST(newer_keys_of_the_firmware_beat_stored_ones_and_older_do_not)
{
    static struct ward_jwks compiled;
    compiled = *usual_keys();
    compiled.count = 1;
    begin();
    ring_config.compiled = &compiled;
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 2);
    ring_config.compiled_version = 1;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK(ward_keyring_keys(&other) == &compiled);
}

TEST(keys_that_were_in_use_stay_marked)
{
    begin();
    ward_keyring_mark_used(&ring, &ward_keyring_keys(&ring)->key[1]);
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.used, 2);
    CHECK_NUMBER(other.stored, 3);
    first_key()[MARKS] = 0xff;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.used, 3);
    first_key()[MARKS] = 0xfe;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.used, 2);
}

TEST(keys_alone_can_be_packed)
{
    size_t length;
    begin();
    for (int only = 0; only < 2; only++) {
        struct ward_record_info info;
        ward_keyring_pack_keys(&ring, only == 1, &record);
        memory_store(0, &record);
        CHECK_STATUS(ward_record_check(&memory_slots, 0, &test_work, &info), WARD_OK);
        CHECK_NUMBER(info.keys_only, only);
        CHECK_NUMBER(info.sections, 8);
        CHECK_NUMBER(info.sequence, 1);
        CHECK(keys_section(&length) != NULL);
        CHECK_STATUS(reopen(), WARD_OK);
        CHECK_NUMBER(ward_keyring_boots(&other), 1);
        CHECK_NUMBER(other.clock.floor, ring_config.build_time);
        CHECK_NUMBER(ward_keyring_keys(&other)->count, 2);
    }
}

/* A key of the record, changed, with a good digest: what a bug of another version could have written. The other key is as good as before. */
static void check_key_left_out(size_t place, uint8_t value)
{
    begin();
    first_key()[place] = value;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 1);
    CHECK(ward_keyring_keys(&other)->key[0].kid[0] == 'b');
    CHECK_NUMBER(ward_keyring_boots(&other), 2);
}

TEST(a_stored_key_that_this_build_cannot_hold_is_left_out)
{
    check_key_left_out(ALGORITHM, 2);
    check_key_left_out(BITS, 0x07);
    check_key_left_out(BITS, 0xff);
    check_key_left_out(KID_LENGTH, WARD_MAX_KID + 1);
    check_key_left_out(KID_LENGTH, 2);
    check_key_left_out(MODULUS, 0x00);
    check_key_left_out(MODULUS + 255, 0xfe);
    begin();
    first_key()[BITS + 1] = 0x01;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
}

/* What comes after the two keys of the record: no more than a key's header, and not even that. */
TEST(a_stored_key_without_kid_and_modulus_is_left_out)
{
    static const uint8_t header[] = { 0, 5, 1, 0, 8, 0, 1 };
    size_t length;
    begin();
    (void)keys_section(&length);
    memory_resize(0, WARD_RECORD_KEYS, length + sizeof header);
    memcpy(first_key() + 2 * ENTRY, header, sizeof header);
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 2);
    first_key()[2 * ENTRY + 1] = 6;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
}

TEST(a_stored_key_of_2047_bits_is_left_out)
{
    begin();
    first_key()[BITS] = 0x07;
    first_key()[BITS + 1] = 0xff;
    first_key()[MODULUS] = 0x40;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
}

TEST(what_a_later_build_adds_to_a_key_is_passed_over)
{
    size_t length;
    begin();
    (void)keys_section(&length);
    memory_resize(0, WARD_RECORD_KEYS, length + 9);
    uint8_t *const key = first_key();
    memmove(key + ENTRY + 9, key + ENTRY, ENTRY);
    memset(key + ENTRY, 0xff, 9);
    key[1] = (uint8_t)(key[1] + 9);
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK(memcmp(ward_keyring_keys(&other), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
}

TEST(nothing_of_a_record_that_was_refused_stays_in_the_set)
{
    begin();
    const struct memory_slot whole = memory.slot[0];
    size_t length;
    (void)keys_section(&length);
    memory_resize(0, WARD_RECORD_KEYS, length - 1);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    memory.slot[0] = whole;
    CHECK_STATUS(ward_keyring_open(&other, &memory_slots, 0, &test_work), WARD_OK);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 2);
    CHECK(memcmp(ward_keyring_keys(&other), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
}

TEST(a_byte_after_the_last_key_or_less_than_a_key_is_no_set)
{
    size_t length;
    begin();
    const struct memory_slot whole = memory.slot[0];
    (void)keys_section(&length);
    for (size_t more = 1; more < 7; more++) {
        memory_resize(0, WARD_RECORD_KEYS, length + more);
        CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
        memory.slot[0] = whole;
    }
    for (size_t cut = 1; cut < 250; cut += 31) {
        memory_resize(0, WARD_RECORD_KEYS, length - cut);
        CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
        CHECK_NUMBER(ward_keyring_keys(&other)->count, 0);
        memory.slot[0] = whole;
    }
    memory_resize(0, WARD_RECORD_KEYS, keys_at());
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    memory.slot[0] = whole;
    first_key()[0] = 0;
    first_key()[1] = 4;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
}

/* 2056 bits take 66 words, the last of them empty. A board of 2048 bits stores no such key. */
TEST(words_above_a_stored_modulus_are_empty)
{
    char set[2048] = "{\"keys\":[";
    size_t at = strlen(set);
    begin();
    at += jwk_write(set + at, KEY_ODD, "\"kid\":\"a\",");
    memcpy(set + at, "]}", 3);
    if (!ward_ok(ring_fetch(set, &ring_good)))
        return;
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    first_key()[MODULUS] = 1;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
}

TEST(a_text_longer_than_its_section_is_another_issuer)
{
    begin();
    const struct memory_slot whole = memory.slot[0];
    size_t length;
    keys_section(&length)[20] = 0xff;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    memory.slot[0] = whole;
    memory_resize(0, WARD_RECORD_KEYS, 21);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    /* A section that ends where the length of the URL should be has no URL, not an empty one. */
    memory.slot[0] = whole;
    memory_resize(0, WARD_RECORD_KEYS, 20 + 2 + strlen(ISSUER));
    ring_config.compiled = usual_keys();
    ring_config.url.length = 0;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(other.seen_at, 0);
}

/* One more than the slots, after the two there are; the last is that of the letter b. */
static void make_many(bool used)
{
    size_t length;
    begin();
    (void)keys_section(&length);
    const size_t count = WARD_MAX_KEYS + 1;
    memory_resize(0, WARD_RECORD_KEYS, keys_at() + count * ENTRY);
    uint8_t *const first = first_key();
    memcpy(first + (count - 1) * ENTRY, first + ENTRY, ENTRY);
    for (size_t i = 1; i + 1 < count; i++)
        memcpy(first + i * ENTRY, first, ENTRY);
    first[MARKS] = 1;
    first[(count - 1) * ENTRY + MARKS] = used ? 1 : 0;
    memory_seal(0);
}

TEST(of_more_keys_than_slots_those_that_tokens_have_shown_are_taken)
{
    make_many(false);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, WARD_MAX_KEYS);
    CHECK_NUMBER(other.used, 1);
    CHECK(ward_keyring_keys(&other)->key[WARD_MAX_KEYS - 1].kid[0] == 'a');
    make_many(true);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, WARD_MAX_KEYS);
    CHECK(ward_keyring_keys(&other)->key[WARD_MAX_KEYS - 1].kid[0] == 'b');
    CHECK_NUMBER(other.used, 1u | 1u << (WARD_MAX_KEYS - 1));
}

TEST(where_all_keys_were_shown_the_last_is_left_out)
{
    make_many(true);
    for (size_t i = 0; i <= WARD_MAX_KEYS; i++)
        first_key()[i * ENTRY + MARKS] = 1;
    memory_seal(0);
    CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK(ward_keyring_keys(&other)->key[WARD_MAX_KEYS - 1].kid[0] == 'a');
    CHECK_NUMBER(other.used, (1u << WARD_MAX_KEYS) - 1u);
}

TEST(the_only_key_that_no_token_has_shown_goes_wherever_it_is)
{
    for (size_t unused = 0; unused < WARD_MAX_KEYS; unused++) {
        make_many(true);
        for (size_t i = 0; i <= WARD_MAX_KEYS; i++)
            first_key()[i * ENTRY + MARKS] = i == unused ? 0 : 1;
        memory_seal(0);
        CHECK_STATUS(reopen(), WARD_RECORD_KEYS_LEFT_OUT);
        CHECK(ward_keyring_keys(&other)->key[unused].kid[0] == 'b');
        CHECK_NUMBER(other.used, (1u << WARD_MAX_KEYS) - 1u);
    }
}

TEST(a_record_without_sections_takes_nothing_over)
{
    struct ward_record_writer writer;
    begin();
    ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 9);
    ward_record_end(&writer);
    memory_store(0, &record);
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(ward_keyring_boots(&other), 1);
    CHECK_NUMBER(other.clock.floor, ring_config.build_time);
    CHECK_NUMBER(other.sequence, 9);
}

TEST(a_fault_of_the_backend_takes_no_key_over)
{
    begin();
    crypto_fail_at(0, 0);
    CHECK_STATUS(reopen(), WARD_OK);
    const unsigned calls = crypto_calls();
    for (unsigned call = 1; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(reopen(), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(ward_keyring_keys(&other)->count, 0);
        /* Only where the keys are prepared all else was taken over. */
        CHECK_NUMBER(ward_keyring_boots(&other), call > calls - 2 ? 2 : 1);
        CHECK_NUMBER(ward_keyring_next(&other, ring_time, MINUTE).task == WARD_KEYRING_STORE, call > calls - 2);
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
    keep();
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.seen_at, NOW);
    CHECK_STATUS(ward_keyring_ready(&other, ward_time_set(NOW + 7u * 86400u + 1u)), WARD_KEYS_STALE);
    ring_config.compiled_version = 1;
    CHECK_STATUS(reopen(), WARD_RECORD_MISMATCH);
    CHECK_NUMBER(other.seen_at, 0);
    keep();
    ring_config.compiled_version = 0;
    CHECK_STATUS(reopen(), WARD_OK);
    CHECK_NUMBER(other.seen_at, 0);
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
      CASE(keys_alone_can_be_packed), CASE(a_stored_key_that_this_build_cannot_hold_is_left_out),
      CASE(a_stored_key_of_2047_bits_is_left_out), CASE(a_stored_key_without_kid_and_modulus_is_left_out),
      CASE(what_a_later_build_adds_to_a_key_is_passed_over),
      CASE(nothing_of_a_record_that_was_refused_stays_in_the_set),
      CASE(a_byte_after_the_last_key_or_less_than_a_key_is_no_set), CASE(words_above_a_stored_modulus_are_empty),
      CASE(a_text_longer_than_its_section_is_another_issuer),
      CASE(of_more_keys_than_slots_those_that_tokens_have_shown_are_taken),
      CASE(where_all_keys_were_shown_the_last_is_left_out), CASE(a_record_without_sections_takes_nothing_over),
      CASE(the_only_key_that_no_token_has_shown_goes_wherever_it_is), CASE(a_fault_of_the_backend_takes_no_key_over),
      CASE(compiled_keys_become_stale_where_the_issuer_can_replace_them),
      CASE(compiled_keys_of_a_device_that_never_fetches_have_no_age),
      CASE(no_age_counts_before_a_clock_is_set_and_without_keys), CASE(the_age_of_compiled_keys_survives_a_power_cut),
      CASE(compiled_keys_first_seen_in_the_future_were_seen_now));
