#include "crypto_faults.h"
#include "encoding/number.h"
#include "ring.h"
#include "state/record.h"

static struct ward_record record;
static struct ward_keyring other;

static void begin(void)
{
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_OK);
    CHECK(record.length > 0 && record.length <= sizeof record.bytes);
}

/* A device after a power cut, with this firmware. */
static struct ward_status reopen(unsigned slot)
{
    CHECK_STATUS(ward_keyring_begin(&other, &ring_config, 8, 0), WARD_OK);
    return ward_keyring_open(&other, slot, record.bytes, record.length, 0, &test_work);
}

/* A digest anew over what a test has changed. */
static void seal_again(void)
{
    struct ward_record_writer again = { &record, record.length - 32 };
    record.length -= 32;
    CHECK_STATUS(ward_record_end(&again, &test_work.part.sha), WARD_OK);
}

static uint8_t *keys_section(void)
{
    struct ward_record_section section;
    CHECK(ward_record_find(record.bytes, WARD_RECORD_KEYS, &section));
    return record.bytes + (section.at - record.bytes);
}

/* Where the first key is: behind version, time, marks, issuer and URL. */
static uint8_t *first_key(void)
{
    return keys_section() + 16 + 2 + strlen(ISSUER) + 2 + strlen(URL);
}

TEST(keys_and_their_age_survive_a_power_cut)
{
    begin();
    memset(&test_work, 0x5a, sizeof test_work);
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_ZERO(test_work);
    CHECK(memcmp(ward_keyring_keys(&other), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
    CHECK_NUMBER(other.fetched_at, ring.fetched_at);
    CHECK_NUMBER(ward_keyring_boots(&other), 2);
}

TEST(stored_keys_need_no_fetch_at_once)
{
    begin();
    CHECK_STATUS(reopen(0), WARD_OK);
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
        CHECK_STATUS(ward_keyring_pack(&ring, unknown, ring_uptime, &test_work, &record), WARD_OK);
    }
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW + 1000 + 8589934);
}

TEST(a_power_cut_does_not_make_stale_keys_fresh)
{
    begin();
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&other, ward_time_set(ring.fetched_at + 7u * 86400u + 1u)), WARD_KEYS_STALE);
}

TEST(the_next_record_goes_to_the_other_slot_with_the_next_sequence)
{
    uint32_t sequence;
    begin();
    ring_usual();
    for (unsigned slot = 0; slot < 2; slot++) {
        CHECK_STATUS(reopen(slot), WARD_OK);
        ring_pass(60 * SECOND);
        const struct ward_keyring_want want = ward_keyring_next(&other, ring_time, 60 * SECOND);
        CHECK_NUMBER(want.task, WARD_KEYRING_STORE);
        CHECK_NUMBER(want.slot, 1 - slot);
    }
    CHECK_STATUS(ward_keyring_pack(&other, ring_time, 0, &test_work, &record), WARD_OK);
    CHECK_STATUS(ward_record_check(record.bytes, record.length, &test_work, &sequence), WARD_OK);
    CHECK_NUMBER(sequence, 2);
}

TEST(the_floor_survives_and_only_a_set_clock_raises_it)
{
    begin();
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_NUMBER(other.clock.floor, ring_time.seconds);
    const struct ward_time unsure = { NOW + 5000, WARD_TIME_FLOOR };
    CHECK_STATUS(ward_keyring_pack(&other, unsure, 0, &test_work, &record), WARD_OK);
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_NUMBER(other.clock.floor, ring_time.seconds);
}

TEST(another_issuers_keys_are_not_taken_over_but_the_device_is)
{
    begin();
    ring_config.issuer = text("https://other/");
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 0);
    CHECK_NUMBER(ward_keyring_boots(&other), 2);
    CHECK_NUMBER(other.clock.floor, ring_time.seconds);
    ring_usual();
    ring_config.url = text("https://other/jwks");
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    ring_usual();
    ring_config.issuer = text(ISSUER "x");
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(newer_keys_of_the_firmware_beat_stored_ones_and_older_do_not)
{
    static struct ward_jwks compiled;
    compiled = *usual_keys();
    compiled.count = 1;
    begin();
    ring_config.compiled = &compiled;
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 2);
    ring_config.compiled_version = 1;
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    CHECK(ward_keyring_keys(&other) == &compiled);
}

TEST(keys_that_were_in_use_stay_marked)
{
    begin();
    ward_keyring_used(&ring, &ward_keyring_keys(&ring)->key[1]);
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_OK);
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_NUMBER(other.used, 2);
    memset(keys_section() + 12, 0xff, 4);
    seal_again();
    CHECK_STATUS(reopen(0), WARD_OK);
    CHECK_NUMBER(other.used, 3);
}

TEST(what_is_no_whole_record_changes_nothing)
{
    begin();
    const size_t length = record.length;
    record.length = 0;
    CHECK_STATUS(reopen(0), WARD_RECORD_INVALID);
    record.length = length - 1;
    CHECK_STATUS(reopen(0), WARD_RECORD_INVALID);
    CHECK_NUMBER(ward_keyring_boots(&other), 1);
    CHECK_NUMBER(other.slot, 0);
}

/* A key of the record, changed, with a good digest: what a bug of another version could have written. */
static void check_key_refused(size_t place, uint8_t value)
{
    begin();
    first_key()[place] = value;
    seal_again();
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 0);
    CHECK_NUMBER(ward_keyring_boots(&other), 2);
}

TEST(a_stored_key_that_this_build_cannot_hold_is_not_taken_over)
{
    check_key_refused(0, 0x07);
    check_key_refused(0, 0xff);
    check_key_refused(2, WARD_MAX_KID + 1);
    check_key_refused(2, 0);
    check_key_refused(4, 0x00);
    check_key_refused(4 + 255, 0xfe);
    begin();
    first_key()[0] = 0x08;
    first_key()[1] = 0x01;
    seal_again();
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(a_stored_key_of_2047_bits_is_not_taken_over)
{
    begin();
    first_key()[0] = 0x07;
    first_key()[1] = 0xff;
    first_key()[4] = 0x40;
    seal_again();
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(nothing_of_a_record_that_was_refused_stays_in_the_set)
{
    begin();
    static struct ward_record whole;
    whole = record;
    first_key()[2 + 1 + 1 + 256] = 0xff;
    seal_again();
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    record = whole;
    CHECK_STATUS(ward_keyring_open(&other, 0, record.bytes, record.length, 0, &test_work), WARD_OK);
    CHECK_NUMBER(ward_keyring_keys(&other)->count, 2);
    CHECK(memcmp(ward_keyring_keys(&other), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
}

/* So many bytes for the section of the keys, the last of the record: fewer, or more with some of the old digest. */
static void resize_keys(size_t length)
{
    uint8_t *const keys = keys_section();
    (void)ward_number_put(keys - 2, length, 2);
    record.length = (size_t)(keys + length - record.bytes) + 32;
    (void)ward_number_put(record.bytes + 12, record.length - 48, 4);
    seal_again();
}

TEST(a_byte_behind_the_last_key_is_none)
{
    begin();
    resize_keys((size_t)ward_number_get(keys_section() - 2, 2) + 1);
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(a_record_cut_within_its_keys_is_not_taken_over)
{
    begin();
    for (size_t cut = 1; cut < 250; cut += 31) {
        static struct ward_record whole;
        whole = record;
        resize_keys((size_t)ward_number_get(keys_section() - 2, 2) - cut);
        CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
        record = whole;
    }
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
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_OK);
    CHECK_STATUS(reopen(0), WARD_OK);
    first_key()[4] = 1;
    seal_again();
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(a_text_longer_than_its_section_is_another_issuer)
{
    begin();
    keys_section()[16] = 0xff;
    seal_again();
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_OK);
    resize_keys(17);
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(more_keys_than_slots_are_not_taken_over)
{
    begin();
    uint8_t *const keys = keys_section();
    const size_t length = (size_t)ward_number_get(keys - 2, 2);
    const size_t key = 2 + 1 + 1 + 256;
    const uint8_t *const from = first_key();
    size_t end = length;
    for (int i = 2; i <= WARD_MAX_KEYS; i++, end += key) {
        if ((size_t)(keys - record.bytes) + end + key + 32 > sizeof record.bytes)
            return;
        memcpy(keys + end, from, key);
    }
    resize_keys(end);
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(a_record_without_sections_takes_nothing_over)
{
    struct ward_record_writer writer;
    begin();
    ward_record_begin(&writer, &record, 9);
    CHECK_STATUS(ward_record_end(&writer, &test_work.part.sha), WARD_OK);
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
    CHECK_NUMBER(ward_keyring_boots(&other), 1);
    CHECK_NUMBER(other.clock.floor, ring_config.build_time);
    ward_record_begin(&writer, &record, 9);
    ward_record_section(&writer, WARD_RECORD_KEYS);
    ward_record_put(&writer, 0, 4);
    ward_record_put(&writer, 0, 8);
    ward_record_put(&writer, 0, 4);
    ward_record_put(&writer, strlen(ISSUER), 2);
    ward_record_put_bytes(&writer, ISSUER, strlen(ISSUER));
    ward_record_put(&writer, strlen(URL), 2);
    ward_record_put_bytes(&writer, URL, strlen(URL));
    CHECK_STATUS(ward_record_end(&writer, &test_work.part.sha), WARD_OK);
    CHECK_STATUS(reopen(0), WARD_RECORD_OTHER);
}

TEST(a_fault_of_the_backend_takes_no_key_over)
{
    begin();
    crypto_fail_at(0, 0);
    CHECK_STATUS(reopen(0), WARD_OK);
    const unsigned calls = crypto_calls();
    CHECK_NUMBER(calls, 5);
    for (unsigned call = 1; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(reopen(0), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(ward_keyring_keys(&other)->count, 0);
    }
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_CRYPTO_FAILED);
    CHECK_NUMBER(record.length, 0);
    crypto_fail_at(0, 0);
}

SUITE(keyring_record, CASE(keys_and_their_age_survive_a_power_cut), CASE(stored_keys_need_no_fetch_at_once),
      CASE(the_time_told_goes_on_where_only_records_are_written), CASE(a_power_cut_does_not_make_stale_keys_fresh),
      CASE(the_next_record_goes_to_the_other_slot_with_the_next_sequence),
      CASE(the_floor_survives_and_only_a_set_clock_raises_it),
      CASE(another_issuers_keys_are_not_taken_over_but_the_device_is),
      CASE(newer_keys_of_the_firmware_beat_stored_ones_and_older_do_not), CASE(keys_that_were_in_use_stay_marked),
      CASE(what_is_no_whole_record_changes_nothing), CASE(a_stored_key_that_this_build_cannot_hold_is_not_taken_over),
      CASE(a_stored_key_of_2047_bits_is_not_taken_over), CASE(nothing_of_a_record_that_was_refused_stays_in_the_set),
      CASE(a_byte_behind_the_last_key_is_none), CASE(a_record_cut_within_its_keys_is_not_taken_over), CASE(words_above_a_stored_modulus_are_empty),
      CASE(a_text_longer_than_its_section_is_another_issuer),
      CASE(more_keys_than_slots_are_not_taken_over), CASE(a_record_without_sections_takes_nothing_over),
      CASE(a_fault_of_the_backend_takes_no_key_over));
