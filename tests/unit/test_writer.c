/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/writer.h"

/* A buffer with a mark after it. */
static char buffer[64];
static struct ward_writer writer;
static size_t length;

static void begin(size_t size)
{
    memset(buffer, '~', sizeof buffer);
    ward_write_begin(&writer, buffer, size);
}

static struct ward_status end(void)
{
    length = 12345;
    return ward_write_end(&writer, &length);
}

static void check_untouched_from(size_t begin_of_rest)
{
    for (size_t i = begin_of_rest; i < sizeof buffer; i++)
        CHECK_NUMBER(buffer[i], '~');
}

TEST(pieces_follow_one_another_and_a_nul_ends_them)
{
    static const uint8_t bytes[] = { 0x00, 0x9f, 0xf0 };
    begin(sizeof buffer);
    ward_write(&writer, "a");
    ward_write_text(&writer, ward_text_of(NULL, 0));
    ward_write_text(&writer, ward_text_of("b\"cd", 3));
    ward_write_number(&writer, 70);
    ward_write_hex(&writer, bytes, sizeof bytes);
    ward_write_escaped(&writer, text("\"\n"));
    ward_write(&writer, "");
    CHECK_STATUS(end(), WARD_OK);
    CHECK_TEXT(text(buffer), "ab\"c70009ff0\\\"\\u000a");
    CHECK_NUMBER(length, strlen(buffer));
    check_untouched_from(length + 1);
}

TEST(numbers_are_decimal_up_to_the_largest)
{
    static const struct {
        uint64_t number;
        const char *written;
    } cases[] = { { 0, "0" }, { 9, "9" }, { 10, "10" }, { 101, "101" }, { UINT64_MAX, "18446744073709551615" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(sizeof buffer);
        ward_write_number(&writer, cases[i].number);
        CHECK_STATUS(end(), WARD_OK);
        CHECK_TEXT(text(buffer), cases[i].written);
    }
}

/* Each kind of piece at every size: whole with its NUL, or not at all. */
static void write_kind(unsigned kind)
{
    static const uint8_t bytes[] = { 0xab, 0xcd, 0xef };
    ward_write(&writer, "xy");
    switch (kind) {
    case 0: ward_write(&writer, "abcdef"); break;
    case 1: ward_write_text(&writer, text("abcdef")); break;
    case 2: ward_write_escaped(&writer, text("abcd\"")); break;
    case 3: ward_write_number(&writer, 123456); break;
    default: ward_write_hex(&writer, bytes, sizeof bytes); break;
    }
}

TEST(a_text_that_does_not_fit_whole_is_not_there)
{
    for (unsigned kind = 0; kind < 5; kind++) {
        for (size_t size = 0; size <= 12; size++) {
            begin(size);
            write_kind(kind);
            CHECK_STATUS(end(), size > 8 ? WARD_OK : WARD_BUFFER_TOO_SMALL);
            CHECK_NUMBER(length, size > 8 ? 8 : 0);
            if (size > 0)
                CHECK_NUMBER(strlen(buffer), length);
            check_untouched_from(size);
        }
    }
}

TEST(after_a_piece_that_did_not_fit_none_is_written)
{
    for (unsigned kind = 0; kind < 5; kind++) {
        begin(8);
        ward_write(&writer, "12345678");
        write_kind(kind);
        ward_write(&writer, "a");
        ward_write_escaped(&writer, text("a"));
        CHECK_STATUS(end(), WARD_BUFFER_TOO_SMALL);
        CHECK_NUMBER(buffer[0], 0);
        CHECK_NUMBER(buffer[1], '~');
    }
}

TEST(without_a_buffer_a_text_is_counted)
{
    ward_write_begin(&writer, NULL, SIZE_MAX);
    ward_write(&writer, "abc");
    ward_write_number(&writer, 12);
    CHECK_STATUS(end(), WARD_OK);
    CHECK_NUMBER(length, 5);
    ward_write_begin(&writer, NULL, 0);
    ward_write(&writer, "");
    CHECK_STATUS(end(), WARD_BUFFER_TOO_SMALL);
    CHECK_NUMBER(length, 0);
}

SUITE(writer, CASE(pieces_follow_one_another_and_a_nul_ends_them), CASE(numbers_are_decimal_up_to_the_largest),
      CASE(a_text_that_does_not_fit_whole_is_not_there), CASE(after_a_piece_that_did_not_fit_none_is_written),
      CASE(without_a_buffer_a_text_is_counted));
