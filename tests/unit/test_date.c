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

TEST(refuses_exponents)
{
    CHECK(!reads("1e3"));
    CHECK(!reads("1E3"));
    CHECK(!reads("1.5e1"));
    CHECK(!reads("1e400"));
    CHECK(!reads("1e-9"));
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
      CASE(refuses_exponents), CASE(refuses_what_is_later_than_2_to_the_53), CASE(refuses_what_is_no_number));
