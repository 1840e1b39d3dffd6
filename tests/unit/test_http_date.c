/* SPDX-License-Identifier: Apache-2.0 */
#include "port/date.h"

#include "check.h"
#include "guard.h"

/* 2026-01-01. */
#define NOW 1767225600u

static uint64_t read_at(const char *text, uint64_t now)
{
    uint64_t seconds = 0;
    const size_t length = strlen(text);
    const bool good = ward_port_date_read(ward_text_of(guard_copy(text, length), length), now, &seconds);
    CHECK(good == (seconds > 0));
    return seconds;
}

static uint64_t date(const char *text)
{
    return read_at(text, NOW);
}

TEST(the_one_form_that_may_be_generated_is_read_to_the_second)
{
    CHECK_NUMBER(date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    CHECK_NUMBER(date("Thu, 01 Jan 1970 00:00:01 GMT"), 1);
    CHECK_NUMBER(date("Thu, 26 Nov 2026 06:31:29 GMT"), 1795674689);
    CHECK_NUMBER(date("Thu, 29 Feb 2024 23:59:59 GMT"), 1709251199);
    CHECK_NUMBER(date("Fri, 01 Mar 2024 00:00:00 GMT"), 1709251200);
    CHECK_NUMBER(date("Tue, 29 Feb 2000 00:00:00 GMT"), 951782400);
    CHECK_NUMBER(date("Wed, 01 Mar 2000 00:00:00 GMT"), 951868800);
    CHECK_NUMBER(date("Mon, 01 Mar 2100 00:00:00 GMT"), 4107542400);
    CHECK_NUMBER(date("Sat, 31 Dec 2016 23:59:60 GMT"), 1483228800);
    CHECK_NUMBER(date("Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799);
}

TEST(the_form_of_rfc_850_is_read)
{
    CHECK_NUMBER(date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    CHECK_NUMBER(date("Thursday, 26-Nov-26 06:31:29 GMT"), 1795674689);
    CHECK_NUMBER(date("Friday, 01-Mar-24 00:00:00 GMT"), 1709251200);
    CHECK_NUMBER(date("Monday, 05-Jan-26 00:00:00 GMT"), 1767571200);
    CHECK_NUMBER(date("Tuesday, 06-Jan-26 00:00:00 GMT"), 1767657600);
    CHECK_NUMBER(date("Wednesday, 07-Jan-26 00:00:00 GMT"), 1767744000);
    CHECK_NUMBER(date("Saturday, 10-Jan-26 00:00:00 GMT"), 1768003200);
}

/* One that appears to be more than 50 years in the future is the most recent one that is past. */
TEST(a_year_of_two_digits_is_at_most_fifty_years_ahead)
{
    CHECK_NUMBER(date("Wednesday, 01-Jan-76 00:00:00 GMT"), 3345062400u);
    CHECK_NUMBER(date("Saturday, 01-Jan-77 00:00:00 GMT"), 220924800);
    CHECK_NUMBER(read_at("Saturday, 01-Jan-77 00:00:00 GMT", 1767225599u), 220924800);
    CHECK_NUMBER(read_at("Thursday, 01-Jan-76 00:00:00 GMT", 1767225599u), 189302400);
    CHECK_NUMBER(read_at("Saturday, 01-Jan-00 00:00:00 GMT", 0), 946684800);
    CHECK_NUMBER(read_at("Saturday, 01-Jan-00 00:00:00 GMT", UINT64_MAX), 0);
}

TEST(the_form_of_asctime_is_read)
{
    CHECK_NUMBER(date("Sun Nov  6 08:49:37 1994"), 784111777);
    CHECK_NUMBER(date("Thu Nov 26 06:31:29 2026"), 1795674689);
    CHECK_NUMBER(date("Sun Nov 06 08:49:37 1994"), 784111777);
}

TEST(what_has_no_form_or_is_no_day_is_unknown)
{
    static const char *const wrong[] = { "",
                                         "1795674689",
                                         "Sun, 6 Nov 1994 08:49:37 GMT",
                                         "Sun, 06 Nov 1994 08:49:37 UTC",
                                         "Sun, 06 Nov 1994 08:49:37 GMT+1",
                                         "Sun, 06 Nov 1994 08:49:37",
                                         "sun, 06 Nov 1994 08:49:37 GMT",
                                         "Sun, 06 nov 1994 08:49:37 GMT",
                                         "Mon, 06 Nov 1994 08:49:37 GMT",
                                         "Son, 06 Nov 1994 08:49:37 GMT",
                                         "Sun, 06 Nox 1994 08:49:37 GMT",
                                         "Sun, 06 Nov-1994 08:49:37 GMT",
                                         "Sun, 06 Nov 1994 08:49.37 GMT",
                                         "Sun, 06 Nov 1994 08:xx:37 GMT",
                                         "Sun, 06 Nov 1994-08:49:37 GMT",
                                         "Sun Nox  6 08:49:37 1994",
                                         "Sun; 06 Nov 1994 08:49:37 GMT",
                                         "Sun, 06 Nov 1994 08.49:37 GMT",
                                         "Sun, 00 Nov 1994 08:49:37 GMT",
                                         "Thu, 31 Nov 1994 08:49:37 GMT",
                                         "Wed, 29 Feb 2023 00:00:00 GMT",
                                         "Mon, 29 Feb 2100 00:00:00 GMT",
                                         "Sun, 06 Nov 1994 24:00:00 GMT",
                                         "Sun, 06 Nov 1994 00:60:00 GMT",
                                         "Sun, 06 Nov 1994 00:00:61 GMT",
                                         "Wed, 31 Dec 1969 23:59:59 GMT",
                                         "Thu, 01 Jan 1970 00:00:00 GMT",
                                         "Sun, 0a Nov 1994 08:49:37 GMT",
                                         "Sun, 06 Nov 19x4 08:49:37 GMT",
                                         "Sun, 06 Nov 1994 0 :49:37 GMT",
                                         "Sun, 06 Nov 1994 08:4 :37 GMT",
                                         "Sun, 06 Nov 1994 08:49:3- GMT",
                                         "Sun, 32 Dec 2016 00:00:00 GMT",
                                         "Thu, 31 Dec 1969 23:59:59 GMT",
                                         "Mon, 00 Nov 1994 08:49:37 GMT",
                                         "Sun, 06-Nov-94 08:49:37 GMT",
                                         "Sunday, 06 Nov 1994 08:49:37 GMT",
                                         "Sunday, 06-Nov-1994 08:49:37 GMT",
                                         "Sunday, 6-Nov-94 08:49:37 GMT",
                                         "Sunday, 06-Nov-94 08:49:37",
                                         "Sunday, 06-Nov-94",
                                         "Sunday, 06-Nov-9",
                                         "Sunday, 06-Nov 94 08:49:37 GMT",
                                         "Sunday, 06-Nov-94T08:49:37 GMT",
                                         "Sunday 06-Nov-94 08:49:37 GMT",
                                         "Sunday, 06 Nov-94 08:49:37 GMT",
                                         "Sunday, 06-Nox-94 08:49:37 GMT",
                                         "Sunday, 06-Nov-94 08:49:3 GMT",
                                         "Monday, 06-Nov-94 08:49:37 GMT",
                                         "Sunda, 06-Nov-94 08:49:37 GMT",
                                         "Sunday Nov  6 08:49:37 1994",
                                         "Sun Nov 6 08:49:37 1994",
                                         "Sun Nov   6 08:49:37 1994",
                                         "Sun Nov  6 08:49:37 94",
                                         "Sun Nov  6 08:49:37 1994 GMT",
                                         "Sun Nov  6 08:49:37",
                                         "Sun Nov  0 08:49:37 1994",
                                         "Sun Nov 6  08:49:37 1994",
                                         "Sun Nov 6 08:49:37 19 4",
                                         "Sun Nov 06  8:49:37 1994",
                                         "Sun Nov-06 08:49:37 1994",
                                         "Sun-Nov 06 08:49:37 1994",
                                         "Sun Nov 06 08:49:37-1994",
                                         "Sun Nov 06-08:49:37 1994",
                                         "S",
                                         "Su",
                                         "Sun",
                                         "Sun, ",
                                         "Sun, 0" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_NUMBER(date(wrong[i]), 0);
}

TEST(each_month_has_its_days)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    struct ward_port_date when = { 2025, 1, 1, 0, 0, 0 };
    uint64_t expected = 1735689600u;
    for (when.month = 1; when.month <= 12u; when.month++) {
        for (when.day = 1; when.day <= days[when.month - 1u]; when.day++, expected += 86400u)
            CHECK_NUMBER(ward_port_date_seconds(&when), expected);
        CHECK_NUMBER(ward_port_date_seconds(&when), 0);
    }
    when.day = 1;
    CHECK_NUMBER(ward_port_date_seconds(&when), 0);
    when.month = 0;
    CHECK_NUMBER(ward_port_date_seconds(&when), 0);
}

SUITE(http_date, CASE(the_one_form_that_may_be_generated_is_read_to_the_second), CASE(the_form_of_rfc_850_is_read),
      CASE(a_year_of_two_digits_is_at_most_fifty_years_ahead), CASE(the_form_of_asctime_is_read),
      CASE(what_has_no_form_or_is_no_day_is_unknown), CASE(each_month_has_its_days));
