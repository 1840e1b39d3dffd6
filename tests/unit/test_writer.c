#include "check.h"
#include "encoding/writer.h"
#include "guard.h"

static struct ward_writer writer;
static char out[64];
static size_t length;

static void begin(size_t size)
{
    memset(out, 'x', sizeof out);
    length = 99;
    ward_write_begin(&writer, out, size);
}

#define CHECK_WRITTEN(expected)                            \
    do {                                                   \
        CHECK_STATUS(ward_write_end(&writer, &length), WARD_OK); \
        CHECK_TEXT(ward_text_of(out, length), expected);   \
        CHECK_NUMBER(out[length], 0);                      \
    } while (0)

#define CHECK_TOO_SMALL()                                                      \
    do {                                                                       \
        CHECK_STATUS(ward_write_end(&writer, &length), WARD_BUFFER_TOO_SMALL); \
        CHECK_NUMBER(length, 0);                                               \
    } while (0)

TEST(writes_one_thing_behind_the_other)
{
    begin(sizeof out);
    ward_write(&writer, "a=");
    ward_write_text(&writer, ward_text_of("b\0c", 3));
    ward_write_text(&writer, ward_text_of(NULL, 0));
    ward_write_escaped(&writer, text("\"\n"));
    ward_write(&writer, "!");
    CHECK_STATUS(ward_write_end(&writer, &length), WARD_OK);
    CHECK_NUMBER(length, 14);
    CHECK(memcmp(out, "a=b\0c\\\"\\u000a!", 15) == 0);
}

TEST(writes_an_empty_text)
{
    begin(1);
    CHECK_WRITTEN("");
}

TEST(writes_numbers_in_decimal)
{
    begin(sizeof out);
    ward_write_number(&writer, 0);
    ward_write(&writer, " ");
    ward_write_number(&writer, 9);
    ward_write(&writer, " ");
    ward_write_number(&writer, 10);
    ward_write(&writer, " ");
    ward_write_number(&writer, UINT64_MAX);
    CHECK_WRITTEN("0 9 10 18446744073709551615");
}

TEST(writes_bytes_in_hexadecimal)
{
    static const uint8_t bytes[] = { 0x00, 0x1f, 0xa9, 0xff };
    begin(sizeof out);
    ward_write_hex(&writer, bytes, 0);
    ward_write_hex(&writer, bytes, sizeof bytes);
    CHECK_WRITTEN("001fa9ff");
}

/* Each ends with its NUL in the last byte of the buffer, and needs that byte. */
TEST(what_does_not_fit_with_its_nul_is_not_there_at_all)
{
    begin(4);
    ward_write(&writer, "abc");
    CHECK_WRITTEN("abc");
    begin(4);
    ward_write(&writer, "abcd");
    CHECK_TOO_SMALL();
    CHECK_NUMBER(out[0], 0);
    begin(4);
    ward_write(&writer, "ab");
    ward_write_text(&writer, text("cd"));
    CHECK_TOO_SMALL();
    CHECK_NUMBER(out[0], 0);
    CHECK_NUMBER(out[4], 'x');
}

TEST(escaped_text_needs_room_for_its_nul_too)
{
    begin(8);
    ward_write(&writer, "a");
    ward_write_escaped(&writer, text("\n"));
    CHECK_WRITTEN("a\\u000a");
    begin(7);
    ward_write(&writer, "a");
    ward_write_escaped(&writer, text("\n"));
    CHECK_TOO_SMALL();
}

TEST(nothing_is_written_after_what_did_not_fit)
{
    begin(4);
    ward_write(&writer, "abcdef");
    ward_write(&writer, "g");
    ward_write_escaped(&writer, text("h"));
    ward_write_number(&writer, 1);
    CHECK_TOO_SMALL();
    CHECK(memcmp(out, "\0xxx", 4) == 0);
}

TEST(a_buffer_of_no_bytes_holds_nothing)
{
    ward_write_begin(&writer, guard_copy("", 0), 0);
    ward_write(&writer, "");
    ward_write_escaped(&writer, text(""));
    CHECK_TOO_SMALL();
}

TEST(without_a_buffer_it_only_counts)
{
    length = 99;
    ward_write_begin(&writer, NULL, 100);
    ward_write(&writer, "abc");
    ward_write_number(&writer, 42);
    CHECK_STATUS(ward_write_end(&writer, &length), WARD_OK);
    CHECK_NUMBER(length, 5);
}

SUITE(writer, CASE(writes_one_thing_behind_the_other), CASE(writes_an_empty_text), CASE(writes_numbers_in_decimal),
      CASE(writes_bytes_in_hexadecimal), CASE(what_does_not_fit_with_its_nul_is_not_there_at_all),
      CASE(escaped_text_needs_room_for_its_nul_too), CASE(nothing_is_written_after_what_did_not_fit),
      CASE(a_buffer_of_no_bytes_holds_nothing), CASE(without_a_buffer_it_only_counts));
