/* SPDX-License-Identifier: Apache-2.0 */
/* A record written in pieces, and what it carries over from the one before. */
#include "crypto_faults.h"
#include "memory_slots.h"
#include "token.h"

static struct ward_record record;
static struct ward_record_writer writer;
static struct ward_record_info info;

enum { UNKNOWN = 9, LONG = 700 };

static void put_filled(unsigned tag, unsigned flags, size_t length)
{
    ward_record_section(&writer, (enum ward_record_tag)tag, flags);
    for (size_t i = 0; i < length; i++)
        ward_record_put(&writer, (uint8_t)(i + tag), 1);
}

/* In slot 0 what another build has stored: two sections that are unknown here, and more bytes than one piece. */
static struct ward_record_origin store_origin(void)
{
    memory_begin();
    ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 4);
    put_filled(WARD_RECORD_CLOCK, 0, 8);
    put_filled(UNKNOWN, 6, LONG);
    put_filled(WARD_RECORD_GATE, WARD_RECORD_NEEDED, 77);
    put_filled(UNKNOWN + 1, 0, 0);
    ward_record_end(&writer);
    memory_store(0, &record);
    CHECK_STATUS(ward_record_check(&memory_slots, 0, &test_work, &info), WARD_OK);
    return (struct ward_record_origin){ 0, info.sections };
}

static void make_next(void)
{
    ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 5);
    put_filled(WARD_RECORD_CLOCK, 0, 8);
    put_filled(WARD_RECORD_KEYS, 0, 300);
    ward_record_end(&writer);
}

static bool same_section(unsigned tag)
{
    size_t before;
    size_t after;
    const uint8_t *const old = memory_section(0, (enum ward_record_tag)tag, &before);
    const uint8_t *const new = memory_section(1, (enum ward_record_tag)tag, &after);
    return old != NULL && new != NULL &&before == after &&memcmp(old - 8, new - 8, 8 + before) == 0;
}

TEST(what_a_record_does_not_own_is_carried_over)
{
    const struct ward_record_origin origin = store_origin();
    const struct memory_slot before = memory.slot[0];
    size_t length;
    make_next();
    CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_OK);
    CHECK(same_section(UNKNOWN) && same_section(UNKNOWN + 1) && same_section(WARD_RECORD_GATE));
    CHECK(memory_section(1, WARD_RECORD_KEYS, &length) != NULL && length == 300);
    CHECK_STATUS(ward_record_check(&memory_slots, 1, &test_work, &info), WARD_OK);
    CHECK_NUMBER(info.sequence, 5);
    CHECK_NUMBER(info.length, 16 + 16 + 308 + 8 + LONG + 8 + 77 + 8 + 32);
    CHECK(memcmp(&before, &memory.slot[0], sizeof before) == 0);
}

TEST(nothing_is_read_where_nothing_is_carried)
{
    struct ward_record_origin origin = store_origin();
    make_next();
    origin.sections = ward_record_bit(WARD_RECORD_CLOCK) | ward_record_bit(WARD_RECORD_KEYS);
    memory.slot[0].bytes[40] ^= 1;
    CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_OK);
    origin.slot = WARD_RECORD_SLOTS;
    origin.sections = 0xff;
    make_next();
    CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_OK);
    CHECK_STATUS(ward_record_check(&memory_slots, 1, &test_work, &info), WARD_OK);
    CHECK_NUMBER(info.length, 16 + 16 + 308 + 32);
}

TEST(what_cannot_be_carried_over_is_not_left_out)
{
    const struct ward_record_origin origin = store_origin();
    memory.slot[0].bytes[40] ^= 1;
    make_next();
    CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_RECORD_NOT_STORED);
    CHECK_NUMBER(memory.slot[1].length, 0);
}

/* At each read of the two passes: the medium does not answer, or gives another byte. There is never a whole record in the slot then. */
TEST(a_slot_that_changes_while_it_is_carried_over_leaves_no_whole_record)
{
    const struct ward_record_origin origin = store_origin();
    make_next();
    memory.reads = 0;
    CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_OK);
    const unsigned reads = memory.reads;
    for (unsigned at = 1; at <= 2 * reads; at++) {
        (void)store_origin();
        make_next();
        memory.reads = 0;
        memory.read_fails_at = at <= reads ? at : 0;
        memory.spoil_read = at <= reads ? 0 : at - reads;
        CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_RECORD_NOT_STORED);
        memory.read_fails_at = memory.spoil_read = 0;
        const struct ward_status status = ward_record_check(&memory_slots, 1, &test_work, &info);
        /* What failed only when it was read back is whole, and says what it should. */
        CHECK(!ward_ok(status) || (same_section(UNKNOWN) && same_section(WARD_RECORD_GATE)));
    }
}

TEST(a_fault_of_the_backend_or_a_write_is_told_at_every_step)
{
    const struct ward_record_origin origin = store_origin();
    make_next();
    crypto_fail_at(0, 0);
    memory.writes = 0;
    CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_OK);
    const unsigned calls = crypto_calls();
    const unsigned writes = memory.writes;
    for (unsigned call = 1; call <= calls; call++) {
        (void)store_origin();
        make_next();
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK(!ward_ok(ward_record_write(&memory_slots, origin, 1, &record, &test_work)));
    }
    crypto_fail_at(0, 0);
    for (unsigned write = 1; write <= writes; write++) {
        (void)store_origin();
        make_next();
        memory.writes = 0;
        memory.write_fails_at = write;
        CHECK_STATUS(ward_record_write(&memory_slots, origin, 1, &record, &test_work), WARD_RECORD_NOT_STORED);
    }
}

TEST(a_record_whose_digest_ends_a_piece_has_no_empty_one)
{
    const struct ward_record_origin none = { WARD_RECORD_SLOTS, 0 };
    for (size_t length = 450; length < 460; length++) {
        memory_begin();
        ward_record_begin(&writer, &record, WARD_RECORD_OF_DEVICE, 5);
        put_filled(WARD_RECORD_KEYS, 0, length);
        ward_record_end(&writer);
        CHECK_STATUS(ward_record_write(&memory_slots, none, 1, &record, &test_work), WARD_OK);
        CHECK_NUMBER(memory.writes, length <= 456 ? 3 : 4);
    }
}

SUITE(record_write, CASE(what_a_record_does_not_own_is_carried_over), CASE(nothing_is_read_where_nothing_is_carried),
      CASE(what_cannot_be_carried_over_is_not_left_out),
      CASE(a_slot_that_changes_while_it_is_carried_over_leaves_no_whole_record),
      CASE(a_fault_of_the_backend_or_a_write_is_told_at_every_step),
      CASE(a_record_whose_digest_ends_a_piece_has_no_empty_one));
