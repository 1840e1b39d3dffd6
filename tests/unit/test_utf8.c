/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/utf8.h"

static void check_first(uint8_t byte, uint8_t left, uint8_t low, uint8_t high)
{
    struct ward_utf8_rest rest;
    CHECK(ward_utf8_first(byte, &rest));
    CHECK_NUMBER(rest.left, left);
    CHECK_NUMBER(rest.low, low);
    CHECK_NUMBER(rest.high, high);
}

TEST(tells_what_must_follow_each_first_byte)
{
    for (unsigned byte = 0xc2; byte <= 0xdf; byte++)
        check_first((uint8_t)byte, 1, 0x80, 0xbf);
    check_first(0xe0, 2, 0xa0, 0xbf);
    for (unsigned byte = 0xe1; byte <= 0xec; byte++)
        check_first((uint8_t)byte, 2, 0x80, 0xbf);
    check_first(0xed, 2, 0x80, 0x9f);
    check_first(0xee, 2, 0x80, 0xbf);
    check_first(0xef, 2, 0x80, 0xbf);
    check_first(0xf0, 3, 0x90, 0xbf);
    check_first(0xf1, 3, 0x80, 0xbf);
    check_first(0xf3, 3, 0x80, 0xbf);
    check_first(0xf4, 3, 0x80, 0x8f);
}

TEST(refuses_bytes_that_begin_no_character)
{
    struct ward_utf8_rest rest;
    for (unsigned byte = 0x80; byte <= 0xc1; byte++)
        CHECK(!ward_utf8_first((uint8_t)byte, &rest));
    for (unsigned byte = 0xf5; byte <= 0xff; byte++)
        CHECK(!ward_utf8_first((uint8_t)byte, &rest));
}

static void check_write(uint32_t code_point, const char *expected)
{
    char out[4];
    CHECK_TEXT(ward_text_of(out, ward_utf8_write(code_point, out)), expected);
}

TEST(writes_one_to_four_bytes)
{
    check_write('A', "A");
    check_write(0x7f, "\x7f");
    check_write(0x80, "\xc2\x80");
    check_write(0x7ff, "\xdf\xbf");
    check_write(0x800, "\xe0\xa0\x80");
    check_write(0xffff, "\xef\xbf\xbf");
    check_write(0x10000, "\xf0\x90\x80\x80");
    check_write(0x10ffff, "\xf4\x8f\xbf\xbf");
}

SUITE(utf8, CASE(tells_what_must_follow_each_first_byte), CASE(refuses_bytes_that_begin_no_character),
      CASE(writes_one_to_four_bytes));
