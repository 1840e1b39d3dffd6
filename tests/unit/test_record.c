/* SPDX-License-Identifier: Apache-2.0 */
/* A stored record, read. */
#include "crypto_faults.h"
#include "encoding/number.h"
#include "memory_slots.h"
#include "token.h"

static struct ward_record record;
static struct ward_record_writer writer;
static struct ward_record_reader reader;
static struct ward_record_info info;
static struct ward_sha256 sha;
static uint8_t digest[WARD_SHA256_SIZE];

/* A reader that a case has opened ends with it. */
static void close_reader(void)
{
    if (crypto_is_running())
        ward_crypto_sha256_abort(&sha);
}

/* Three sections, the last of more than two of the reader's pieces. */
static void make(void)
{
    close_reader();
    memory_begin();
    memset(&record, 0xee, sizeof record);
    ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 77);
    ward_record_section(&writer, WARD_RECORD_CLOCK, 0);
    ward_record_put(&writer, 0x1122334455667788u, 8);
    ward_record_section(&writer, WARD_RECORD_BOOTS, 0);
    ward_record_section(&writer, WARD_RECORD_GATE, WARD_RECORD_NEEDED);
    for (uint8_t i = 0; i < 150; i++)
        ward_record_put_bytes(&writer, &i, 1);
    ward_record_put_bytes(&writer, NULL, 0);
    ward_record_end(&writer);
    memory_store(0, &record);
}

static struct ward_status check(void)
{
    memset(&info, 0x5a, sizeof info);
    return ward_record_check(&memory_slots, 0, &test_work, &info);
}

static void open_section(enum ward_record_tag tag)
{
    close_reader();
    CHECK_STATUS(ward_record_open(&reader, &memory_slots, 0, &sha), WARD_OK);
    while (ward_record_next(&reader))
        if (reader.tag == tag)
            return;
    check_failed(__FILE__, __LINE__, "the section", "missing", "there");
}

TEST(a_record_is_read_as_it_was_written)
{
    uint8_t bytes[150];
    make();
    CHECK_STATUS(check(), WARD_OK);
    CHECK_NUMBER(info.sequence, 77);
    CHECK_NUMBER(info.length, memory.slot[0].length);
    CHECK_NUMBER(info.sections, 2 + 4 + 16);
    CHECK(!info.keys_only);
    CHECK(memcmp(info.digest, memory.slot[0].bytes + info.length - 32, 32) == 0);
    open_section(WARD_RECORD_CLOCK);
    CHECK_NUMBER(ward_record_left(&reader), 8);
    CHECK_NUMBER(reader.section_flags, 0);
    CHECK_NUMBER(ward_record_get(&reader, 8), 0x1122334455667788u);
    open_section(WARD_RECORD_BOOTS);
    CHECK_NUMBER(ward_record_left(&reader), 0);
    open_section(WARD_RECORD_GATE);
    CHECK_NUMBER(reader.section_flags, WARD_RECORD_NEEDED);
    ward_record_get_bytes(&reader, bytes, 3);
    ward_record_skip(&reader, 100);
    ward_record_get_bytes(&reader, bytes + 3, 47);
    CHECK(bytes[2] == 2 && bytes[3] == 103 && bytes[49] == 149 && !reader.broken);
    CHECK(!ward_record_next(&reader));
    CHECK_STATUS(ward_record_close(&reader, digest), WARD_OK);
    CHECK(memcmp(info.digest, digest, 32) == 0);
}

TEST(the_last_section_may_be_empty_and_a_record_without_sections_too)
{
    memory_begin();
    ward_record_begin(&writer, &record, WARD_RECORD_OF_KEYS, 1);
    ward_record_section(&writer, WARD_RECORD_BOOTS, 0);
    ward_record_end(&writer);
    memory_store(0, &record);
    CHECK_STATUS(check(), WARD_OK);
    CHECK(info.keys_only);
    CHECK_NUMBER(info.sections, 4);
    ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 1);
    ward_record_end(&writer);
    memory_store(0, &record);
    CHECK_STATUS(check(), WARD_OK);
    CHECK_NUMBER(info.sections, 0);
}

TEST(what_is_read_beyond_a_section_is_zero_and_broken)
{
    uint8_t bytes[151];
    make();
    memset(bytes, 0x5a, sizeof bytes);
    open_section(WARD_RECORD_GATE);
    ward_record_get_bytes(&reader, bytes, sizeof bytes);
    CHECK(reader.broken && bytes[0] == 0 && bytes[150] == 0);
    open_section(WARD_RECORD_GATE);
    ward_record_skip(&reader, 151);
    CHECK(reader.broken);
    CHECK_NUMBER(ward_record_left(&reader), 150);
    open_section(WARD_RECORD_GATE);
    ward_record_skip(&reader, 150);
    CHECK(!reader.broken);
    CHECK_STATUS(ward_record_close(&reader, digest), WARD_OK);
}

TEST(every_changed_bit_and_every_cut_is_seen)
{
    make();
    struct memory_slot *const slot = &memory.slot[0];
    const size_t length = slot->length;
    for (size_t i = 0; i < length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            slot->bytes[i] = (uint8_t)(slot->bytes[i] ^ 1u << bit);
            CHECK_STATUS(check(), WARD_RECORD_INVALID);
            CHECK_ZERO(info);
            slot->bytes[i] = (uint8_t)(slot->bytes[i] ^ 1u << bit);
        }
        slot->length = i;
        CHECK_STATUS(check(), i > 1 ? WARD_RECORD_INVALID : WARD_RECORD_ABSENT);
        slot->length = length;
    }
}

TEST(what_follows_a_record_in_its_slot_does_not_matter)
{
    make();
    memory.slot[0].length += 100;
    CHECK_STATUS(check(), WARD_OK);
}

TEST(a_slot_that_was_never_written_is_told_from_a_damaged_one)
{
    memory_begin();
    struct memory_slot *const slot = &memory.slot[0];
    CHECK_STATUS(check(), WARD_RECORD_ABSENT);
    slot->length = 1000;
    CHECK_STATUS(check(), WARD_RECORD_ABSENT);
    memset(slot->bytes, 0xff, 1000);
    CHECK_STATUS(check(), WARD_RECORD_ABSENT);
    for (size_t i = 0; i < 1000; i += 111) {
        slot->bytes[i] = 0xfe;
        CHECK_STATUS(check(), WARD_RECORD_INVALID);
        slot->bytes[i] = 0xff;
    }
    slot->bytes[999] = 0;
    CHECK_STATUS(check(), WARD_RECORD_INVALID);
}

/* A slot of any size that holds nothing but the same byte. */
static size_t read_endless(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    (void)slot;
    CHECK(offset < 2000000u);
    memset(data, 0xff, size);
    return size;
}

TEST(a_slot_without_end_is_looked_at_to_a_bound)
{
    static const struct ward_record_slots endless = { NULL, read_endless, NULL };
    CHECK_STATUS(ward_record_check(&endless, 0, &test_work, &info), WARD_RECORD_ABSENT);
}

TEST(sections_that_do_not_fill_their_place_are_no_record)
{
    uint8_t *at;
    size_t length;
    make();
    at = memory_section(0, WARD_RECORD_GATE, &length);
    (void)ward_number_put(at - 4, 149, 4);
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_INVALID);
    (void)ward_number_put(at - 4, 151, 4);
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_INVALID);
    (void)ward_number_put(at - 4, 142, 4);
    memset(at + 142, 0, 8);
    memory_seal(0);
    CHECK_STATUS(check(), WARD_OK);
    (void)ward_number_put(memory.slot[0].bytes + 12, (1u << 20) + 1u, 4);
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_INVALID);
}

TEST(a_section_that_does_not_fit_is_none)
{
    size_t length;
    make();
    uint8_t *const at = memory_section(0, WARD_RECORD_GATE, &length);
    (void)ward_number_put(at - 4, 151, 4);
    memory_seal(0);
    open_section(WARD_RECORD_BOOTS);
    CHECK(!ward_record_next(&reader));
    CHECK_NUMBER(ward_record_left(&reader), 0);
    CHECK_STATUS(ward_record_close(&reader, digest), WARD_RECORD_INVALID);
}

TEST(a_record_of_a_later_format_or_kind_is_told_from_a_damaged_one)
{
    make();
    memory.slot[0].bytes[5] = 3;
    CHECK_STATUS(check(), WARD_RECORD_INVALID);
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_NEWER);
    CHECK_NUMBER(info.sequence, 77);
    /* What is in it is not looked at. */
    memset(memory.slot[0].bytes + 16, 0xff, 20);
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_NEWER);
    memory.slot[0].bytes[5] = 1;
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_INVALID);
    make();
    memory.slot[0].bytes[7] = 2;
    memory_seal(0);
    CHECK_STATUS(check(), WARD_RECORD_NEWER);
}

TEST(an_unknown_section_that_is_needed_stops_this_build)
{
    for (unsigned flags = 0; flags < 4; flags++) {
        make();
        ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 9);
        ward_record_section(&writer, (enum ward_record_tag)6, 0);
        ward_record_section(&writer, WARD_RECORD_CLOCK, WARD_RECORD_NEEDED);
        ward_record_end(&writer);
        memory_store(1, &record);
        memory.slot[1].bytes[16 + 3] = (uint8_t)flags;
        memory_seal(1);
        CHECK_STATUS(ward_record_check(&memory_slots, 1, &test_work, &info),
                     (flags & 1u) != 0 ? WARD_RECORD_NEWER : WARD_OK);
    }
}

TEST(a_known_section_stands_there_once_and_unknown_ones_any_number_of_times)
{
    for (unsigned tag = 0; tag < 7; tag++) {
        const bool known = tag >= WARD_RECORD_CLOCK && tag <= (unsigned)WARD_RECORD_LAST_TAG;
        make();
        ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 9);
        ward_record_section(&writer, (enum ward_record_tag)tag, 0);
        ward_record_section(&writer, (enum ward_record_tag)7, 0);
        ward_record_end(&writer);
        memory_store(1, &record);
        memory.slot[1].bytes[16 + 8 + 1] = (uint8_t)tag;
        memory_seal(1);
        CHECK_STATUS(ward_record_check(&memory_slots, 1, &test_work, &info), known ? WARD_RECORD_INVALID : WARD_OK);
    }
}

TEST(a_fault_of_the_backend_says_nothing_of_the_record)
{
    make();
    crypto_fail_at(0, 0);
    CHECK_STATUS(check(), WARD_OK);
    const unsigned calls = crypto_calls();
    CHECK(calls > 4);
    for (unsigned call = 1; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(check(), WARD_CRYPTO_FAILED);
        CHECK_ZERO(info);
    }
    crypto_fail_at(0, 0);
}

TEST(a_medium_that_does_not_answer_says_nothing_of_the_record)
{
    make();
    memory.reads = 0;
    CHECK_STATUS(check(), WARD_OK);
    const unsigned reads = memory.reads;
    CHECK(reads > 3);
    for (memory.read_fails_at = 1; memory.read_fails_at <= reads; memory.read_fails_at++) {
        memory.reads = 0;
        CHECK_STATUS(check(), WARD_RECORD_UNREADABLE);
    }
    memory_begin();
    memory.read_fails_at = 2;
    CHECK_STATUS(check(), WARD_RECORD_UNREADABLE);
}

TEST(after_a_fault_all_that_is_read_is_zero)
{
    uint8_t bytes[150];
    make();
    open_section(WARD_RECORD_GATE);
    memory.read_fails_at = memory.reads + 1;
    memset(bytes, 0x5a, sizeof bytes);
    ward_record_get_bytes(&reader, bytes, sizeof bytes);
    CHECK_ZERO(bytes);
    CHECK_NUMBER(ward_record_get(&reader, 1), 0);
    CHECK(!ward_record_next(&reader));
    CHECK_STATUS(ward_record_close(&reader, digest), WARD_RECORD_UNREADABLE);
}

SUITE(record, CASE(a_record_is_read_as_it_was_written),
      CASE(the_last_section_may_be_empty_and_a_record_without_sections_too),
      CASE(what_is_read_beyond_a_section_is_zero_and_broken), CASE(every_changed_bit_and_every_cut_is_seen),
      CASE(what_follows_a_record_in_its_slot_does_not_matter),
      CASE(a_slot_that_was_never_written_is_told_from_a_damaged_one), CASE(a_slot_without_end_is_looked_at_to_a_bound),
      CASE(sections_that_do_not_fill_their_place_are_no_record), CASE(a_section_that_does_not_fit_is_none),
      CASE(a_record_of_a_later_format_or_kind_is_told_from_a_damaged_one),
      CASE(an_unknown_section_that_is_needed_stops_this_build),
      CASE(a_known_section_stands_there_once_and_unknown_ones_any_number_of_times),
      CASE(a_fault_of_the_backend_says_nothing_of_the_record),
      CASE(a_medium_that_does_not_answer_says_nothing_of_the_record), CASE(after_a_fault_all_that_is_read_is_zero));
