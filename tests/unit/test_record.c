#include "crypto_faults.h"
#include "guard.h"
#include "state/record.h"
#include "token.h"

static struct ward_record record;
static struct ward_record_writer writer;
static struct ward_sha256 sha;

static void make(void)
{
    memset(&record, 0xee, sizeof record);
    ward_record_begin(&writer, &record, 77);
    ward_record_section(&writer, WARD_RECORD_CLOCK);
    ward_record_put(&writer, 0x1122334455667788u, 8);
    ward_record_section(&writer, WARD_RECORD_BOOTS);
    ward_record_section(&writer, WARD_RECORD_GATE);
    ward_record_put_bytes(&writer, "abc", 3);
    ward_record_put_bytes(&writer, NULL, 0);
    CHECK_STATUS(ward_record_end(&writer, &sha), WARD_OK);
}

TEST(the_last_section_may_be_empty)
{
    struct ward_record_section section;
    uint32_t sequence;
    ward_record_begin(&writer, &record, 77);
    ward_record_section(&writer, WARD_RECORD_CLOCK);
    ward_record_put(&writer, 5, 8);
    ward_record_section(&writer, WARD_RECORD_BOOTS);
    CHECK_STATUS(ward_record_end(&writer, &sha), WARD_OK);
    CHECK_STATUS(ward_record_check(record.bytes, record.length, &test_work, &sequence), WARD_OK);
    CHECK(ward_record_find(record.bytes, WARD_RECORD_BOOTS, &section));
    CHECK_NUMBER(section.left, 0);
}

static struct ward_status check(const uint8_t *bytes, size_t length, uint32_t *sequence)
{
    return ward_record_check(guard_copy(bytes, length), length, &test_work, sequence);
}

TEST(a_record_is_read_as_it_was_written)
{
    struct ward_record_section section;
    uint32_t sequence;
    char bytes[3];
    make();
    CHECK_STATUS(check(record.bytes, record.length, &sequence), WARD_OK);
    CHECK_NUMBER(sequence, 77);
    CHECK(ward_record_find(record.bytes, WARD_RECORD_CLOCK, &section));
    CHECK_NUMBER(ward_record_get(&section, 8), 0x1122334455667788u);
    CHECK(ward_record_find(record.bytes, WARD_RECORD_BOOTS, &section));
    CHECK_NUMBER(section.left, 0);
    CHECK(ward_record_find(record.bytes, WARD_RECORD_GATE, &section));
    ward_record_get_bytes(&section, bytes, 3);
    CHECK(memcmp(bytes, "abc", 3) == 0 && !section.broken);
    CHECK(!ward_record_find(record.bytes, WARD_RECORD_KEYS, &section));
}

TEST(what_is_read_behind_a_section_is_zero_and_broken)
{
    struct ward_record_section section;
    make();
    CHECK(ward_record_find(record.bytes, WARD_RECORD_GATE, &section));
    CHECK_NUMBER(ward_record_get(&section, 4), 0);
    CHECK(section.broken);
}

TEST(every_changed_bit_and_every_cut_is_seen)
{
    uint32_t sequence;
    make();
    for (size_t i = 0; i < record.length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            record.bytes[i] = (uint8_t)(record.bytes[i] ^ 1u << bit);
            CHECK_STATUS(check(record.bytes, record.length, &sequence), WARD_RECORD_INVALID);
            CHECK_NUMBER(sequence, 0);
            record.bytes[i] = (uint8_t)(record.bytes[i] ^ 1u << bit);
        }
        if (i > 1)
            CHECK_STATUS(check(record.bytes, i, &sequence), WARD_RECORD_INVALID);
    }
}

TEST(what_follows_a_record_in_its_slot_does_not_matter)
{
    uint32_t sequence;
    make();
    CHECK_STATUS(check(record.bytes, record.length + 100, &sequence), WARD_OK);
}

TEST(a_slot_that_was_never_written_is_told_from_a_damaged_one)
{
    uint32_t sequence;
    uint8_t blank[64];
    memset(blank, 0xff, sizeof blank);
    CHECK_STATUS(check(blank, sizeof blank, &sequence), WARD_RECORD_ABSENT);
    CHECK_STATUS(check(blank, 0, &sequence), WARD_RECORD_ABSENT);
    memset(blank, 0, sizeof blank);
    CHECK_STATUS(check(blank, sizeof blank, &sequence), WARD_RECORD_ABSENT);
    blank[63] = 1;
    CHECK_STATUS(check(blank, sizeof blank, &sequence), WARD_RECORD_INVALID);
}

/* A digest anew over what a test has changed. */
static void seal_again(void)
{
    struct ward_record_writer again = { &record, record.length - 32 };
    record.length -= 32;
    CHECK_STATUS(ward_record_end(&again, &sha), WARD_OK);
}

TEST(sections_that_do_not_fill_their_place_are_no_record)
{
    uint32_t sequence;
    make();
    record.bytes[16 + 3] = 9;
    seal_again();
    CHECK_STATUS(check(record.bytes, record.length, &sequence), WARD_RECORD_INVALID);
    make();
    record.bytes[record.length - 32 - 4] = 2;
    seal_again();
    CHECK_STATUS(check(record.bytes, record.length, &sequence), WARD_RECORD_INVALID);
    make();
    record.bytes[record.length - 32 - 4] = 3 + 32;
    seal_again();
    CHECK_STATUS(check(record.bytes, record.length, &sequence), WARD_RECORD_INVALID);
}

TEST(a_format_of_another_version_is_no_record)
{
    uint32_t sequence;
    make();
    record.bytes[7] = 2;
    seal_again();
    CHECK_STATUS(check(record.bytes, record.length, &sequence), WARD_RECORD_INVALID);
}

TEST(a_fault_of_the_backend_gives_no_record)
{
    uint32_t sequence;
    make();
    for (unsigned call = 1; call <= 3; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_record_check(record.bytes, record.length, &test_work, &sequence), WARD_CRYPTO_FAILED);
        struct ward_record_writer again;
        static struct ward_record other;
        ward_record_begin(&again, &other, 1);
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_record_end(&again, &sha), WARD_CRYPTO_FAILED);
        CHECK_NUMBER(other.length, 0);
    }
    crypto_fail_at(0, 0);
}

SUITE(record, CASE(a_record_is_read_as_it_was_written), CASE(the_last_section_may_be_empty),
      CASE(what_is_read_behind_a_section_is_zero_and_broken),
      CASE(every_changed_bit_and_every_cut_is_seen), CASE(what_follows_a_record_in_its_slot_does_not_matter),
      CASE(a_slot_that_was_never_written_is_told_from_a_damaged_one),
      CASE(sections_that_do_not_fill_their_place_are_no_record), CASE(a_format_of_another_version_is_no_record),
      CASE(a_fault_of_the_backend_gives_no_record));
