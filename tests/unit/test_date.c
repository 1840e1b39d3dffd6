/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "guard.h"
#include "token/date.h"

static void check_date(const char *literal, uint64_t seconds, bool fraction)
{
    struct ward_date date;
    CHECK(ward_date_read(ward_text_of(guard_copy(literal, strlen(literal)), strlen(literal)), &date));
    CHECK_NUMBER(date.seconds, seconds);
    CHECK(date.fraction == fraction);
    CHECK_NUMBER(ward_date_ceiling(date), seconds + (fraction ? 1 : 0));
}

static bool reads(const char *literal)
{
    struct ward_date date;
    return ward_date_read(ward_text_of(guard_copy(literal, strlen(literal)), strlen(literal)), &date);
}

TEST(reads_whole_seconds)
{
    check_date("0", 0, false);
    check_date("1767225600", 1767225600, false);
    check_date("9007199254740992", 9007199254740992, false);
}

TEST(keeps_that_there_is_a_fraction)
{
    check_date("1.5", 1, true);
    check_date("1.000000000000000000000000000000001", 1, true);
    check_date("1.0", 1, false);
    check_date("1.000", 1, false);
    check_date("9007199254740991.9", 9007199254740991, true);
    check_date("9007199254740992.0", 9007199254740992, false);
}

TEST(refuses_negative_numbers)
{
    CHECK(!reads("-1"));
    CHECK(!reads("-0"));
    CHECK(!reads("-0.5"));
}

TEST(reads_a_date_in_whatever_way_it_is_written)
{
    static const char *const spellings[] = { "1683061093",
                                             "1.683061093e9",
                                             "1.683061093e+09",
                                             "1.683061093E9",
                                             "1683061093e0",
                                             "1683061093E-0",
                                             "1683061093.0e+0",
                                             "16830610930e-1",
                                             "16830610.93e2",
                                             "0.1683061093e10",
                                             "0.00001683061093e14",
                                             "1683061093000000000000e-12",
                                             "1683061093.0000000000000000000000000000000",
                                             "1.68306109300000e00000000009" };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        check_date(spellings[i], 1683061093, false);
    check_date("1E9", 1000000000, false);
    check_date("10e8", 1000000000, false);
    check_date("0.1e10", 1000000000, false);
    check_date("9007199254740992e0", 9007199254740992, false);
    check_date("9.007199254740992e15", 9007199254740992, false);
    check_date("0.9007199254740992e+16", 9007199254740992, false);
}

TEST(keeps_a_fraction_that_an_exponent_leaves)
{
    check_date("15e-1", 1, true);
    check_date("1.55e1", 15, true);
    check_date("1e-9", 0, true);
    check_date("0.5e0", 0, true);
    check_date("1683061093.5e-10", 0, true);
    check_date("10e-1", 1, false);
    check_date("10.00e-1", 1, false);
    check_date("10.01e-1", 1, true);
    check_date("1e-99999999999999999999999", 0, true);
    check_date("90071992547409919e-1", 9007199254740991, true);
    check_date("90071992547409920e-1", 9007199254740992, false);
}

TEST(nothing_is_nothing_with_any_exponent)
{
    check_date("0e0", 0, false);
    check_date("0e999999999999999999999999999999", 0, false);
    check_date("0E-999999999999999999999999999999", 0, false);
    check_date("0.000e400", 0, false);
    check_date("0.0e-400", 0, false);
}

TEST(refuses_exponents_that_leave_the_range)
{
    CHECK(!reads("1e16"));
    CHECK(!reads("1e400"));
    CHECK(!reads("1e4294967296"));
    CHECK(!reads("1e18446744073709551616"));
    CHECK(!reads("1e99999999999999999999999999999999"));
    CHECK(!reads("0.0000000000000001e99999999999"));
    CHECK(!reads("9007199254740993e0"));
    CHECK(!reads("9.007199254740993e15"));
    CHECK(!reads("90071992547409921e-1"));
    CHECK(!reads("900719925474099.3e1"));
    CHECK(!reads("-1e0"));
    CHECK(!reads("-0e5"));
    CHECK(!reads("-1e-400"));
}

/* An exponent that takes away as many digits as there are, on either side of where it is only large. */
TEST(digits_and_their_exponent_cancel_however_many)
{
    static char literal[1200];
    memset(literal, '0', sizeof literal);
    literal[0] = '7';
    memcpy(literal + 1001, "e-1000", 7);
    check_date(literal, 7, false);
    memcpy(literal + 1001, "e-1001", 7);
    check_date(literal, 0, true);
    memset(literal, '0', sizeof literal);
    literal[1] = '.';
    literal[1001] = '7';
    memcpy(literal + 1002, "e1000", 6);
    check_date(literal, 7, false);
    memcpy(literal + 1002, "e1015", 6);
    check_date(literal, 7000000000000000, false);
    memcpy(literal + 1002, "e1016", 6);
    CHECK(!reads(literal));
}

TEST(refuses_what_is_later_than_2_to_the_53)
{
    CHECK(!reads("9007199254740993"));
    CHECK(!reads("9007199254740992.1"));
    CHECK(!reads("1208925819614629174706176"));
    CHECK(!reads("18446744073709551616"));
    CHECK(!reads("18446744075476777216"));
    CHECK(!reads("99999999999999999999999999999999999999999999"));
}

TEST(refuses_what_is_no_number)
{
    CHECK(!reads("true"));
    CHECK(!reads("null"));
    CHECK(!reads(""));
    CHECK(!reads(".5"));
    CHECK(!reads("1:"));
    CHECK(!reads("1/"));
    CHECK(!reads("1.5:"));
}

SUITE(date, CASE(reads_whole_seconds), CASE(keeps_that_there_is_a_fraction), CASE(refuses_negative_numbers),
      CASE(reads_a_date_in_whatever_way_it_is_written), CASE(keeps_a_fraction_that_an_exponent_leaves),
      CASE(nothing_is_nothing_with_any_exponent), CASE(refuses_exponents_that_leave_the_range),
      CASE(digits_and_their_exponent_cancel_however_many), CASE(refuses_what_is_later_than_2_to_the_53),
      CASE(refuses_what_is_no_number));
