/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/answer_fields.h"
#include "check.h"

#include "guard.h"

static struct ward_http_answer_fields fields;
static struct ward_fetch_answer answer;

static void begin(void)
{
    ward_http_answer_fields_begin(&fields);
}

/* A value ends where its memory ends. */
static void take(const char *name, const char *value)
{
    ward_http_answer_fields_take(&fields, text(name), ward_text_of(guard_copy(value, strlen(value)), strlen(value)));
}

static void end(void)
{
    memset(&answer, 0x5a, sizeof answer);
    ward_http_answer_fields_end(&fields, &answer);
}

static uint32_t max_age(const char *value)
{
    begin();
    take("Cache-Control", value);
    end();
    return answer.max_age;
}

static uint64_t date(const char *value)
{
    begin();
    take("Date", value);
    end();
    return answer.date;
}

static uint32_t retry_after(const char *value)
{
    begin();
    take("Retry-After", value);
    end();
    return answer.retry_after;
}

TEST(without_a_field_nothing_is_known_and_the_rest_of_the_answer_is_left)
{
    begin();
    take("Content-Type", "application/json");
    end();
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    CHECK_NUMBER(answer.retry_after, 0);
    CHECK_NUMBER(answer.date, 0);
    CHECK_NUMBER(answer.http, 0x5a5a);
    CHECK_NUMBER(answer.status.code, 0x5a5a5a5a);
}

TEST(max_age_is_a_directive_among_others_in_any_case)
{
    CHECK_NUMBER(max_age("max-age=3600"), 3600);
    CHECK_NUMBER(max_age("public, MAX-AGE=15 , must-revalidate"), 15);
    CHECK_NUMBER(max_age("max-age=\"60\""), 60);
    CHECK_NUMBER(max_age("\tmax-age=0\t"), 0);
    CHECK_NUMBER(max_age(", ,max-age=7,"), 7);
    CHECK_NUMBER(max_age("s-maxage=5"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-ages=5"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age(""), WARD_NO_MAX_AGE);
}

TEST(what_is_no_number_is_no_max_age)
{
    CHECK_NUMBER(max_age("max-age"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age="), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=\"\""), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=\""), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=\"60"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=60\""), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=-1"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=1.5"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=60 s"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age = 60"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=:"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("max-age=/"), WARD_NO_MAX_AGE);
}

TEST(a_huge_max_age_is_the_longest_that_can_be_said)
{
    CHECK_NUMBER(max_age("max-age=4294967294"), WARD_NO_MAX_AGE - 1);
    CHECK_NUMBER(max_age("max-age=4294967295"), WARD_NO_MAX_AGE - 1);
    CHECK_NUMBER(max_age("max-age=99999999999999999999999999999"), WARD_NO_MAX_AGE - 1);
}

TEST(max_age_twice_is_none_in_one_field_or_in_two)
{
    CHECK_NUMBER(max_age("max-age=60, max-age=60"), WARD_NO_MAX_AGE);
    begin();
    take("Cache-Control", "max-age=60");
    take("cache-control", "public");
    end();
    CHECK_NUMBER(answer.max_age, 60);
    take("CACHE-CONTROL", "max-age=61");
    end();
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
    for (int i = 0; i < 256; i++)
        take("Cache-Control", "max-age=60");
    end();
    CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
}

TEST(a_comma_in_quotes_ends_no_directive)
{
    CHECK_NUMBER(max_age("private=\"a, max-age=1\", max-age=2"), 2);
    CHECK_NUMBER(max_age("private=\"a\\\", max-age=1\", max-age=2"), 2);
    CHECK_NUMBER(max_age("private=\"a, max-age=1"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("private=\"\\"), WARD_NO_MAX_AGE);
    CHECK_NUMBER(max_age("a\\,max-age=3"), 3);
}

TEST(retry_after_is_a_number_of_seconds)
{
    CHECK_NUMBER(retry_after("120"), 120);
    CHECK_NUMBER(retry_after(" 0 "), 0);
    CHECK_NUMBER(retry_after("99999999999"), UINT32_MAX - 1);
    CHECK_NUMBER(retry_after("soon"), 0);
    CHECK_NUMBER(retry_after("-5"), 0);
    CHECK_NUMBER(retry_after("1a"), 0);
    CHECK_NUMBER(retry_after("Fri, 31 Dec 1999 23:59:59 GMT"), 0);
    take("Retry-After", "7");
    end();
    CHECK_NUMBER(answer.retry_after, 0);
}

TEST(a_date_is_read_in_each_of_its_three_forms)
{
    CHECK_NUMBER(date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    CHECK_NUMBER(date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    CHECK_NUMBER(date("Sun Nov  6 08:49:37 1994"), 784111777);
    CHECK_NUMBER(date("Sun Nov  6 08:49:37"), 0);
}

/* A year of two digits: 2074 is fifty years after 2024, the year before which no device is. */
TEST(about_what_time_it_is_can_be_told)
{
    CHECK_NUMBER(date("Tuesday, 01-Jan-75 00:00:00 GMT"), 0);
    CHECK_NUMBER(date("Wednesday, 01-Jan-75 00:00:00 GMT"), 157766400);
    CHECK_NUMBER(date("Monday, 01-Jan-74 00:00:00 GMT"), 3281990400u);
    begin();
    ward_http_answer_fields_at(&fields, 1735689600u);
    take("Date", "Tuesday, 01-Jan-75 00:00:00 GMT");
    end();
    CHECK_NUMBER(answer.date, 3313526400u);
}

/* Some caches renew `Date` and send `Age` all the same. */
TEST(an_age_is_not_added_to_the_date_but_told)
{
    static const struct {
        const char *age;
        bool aged;
    } ages[] = { { "10", true },  { "1", true }, { "0", false },         { "00", false },
                 { "ten", true }, { "", true },  { "99999999999", true } };
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        begin();
        take("Age", ages[i].age);
        take("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        end();
        CHECK_NUMBER(answer.date, 784111777);
        CHECK_NUMBER(answer.aged, ages[i].aged);
        take("Age", "0");
        end();
        CHECK_NUMBER(answer.aged, ages[i].aged);
    }
    (void)date("Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK_NUMBER(answer.aged, false);
}

TEST(an_age_makes_no_date)
{
    begin();
    take("Age", "10");
    take("Date", "soon");
    end();
    CHECK_NUMBER(answer.date, 0);
}

TEST(a_date_twice_is_unknown)
{
    (void)date("Sun, 06 Nov 1994 08:49:37 GMT");
    take("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    end();
    CHECK_NUMBER(answer.date, 0);
}

TEST(a_field_that_was_lost_is_one_that_cannot_be_read)
{
    static const char *const names[] = { "cache-control", "retry-after", "date", "age" };
    for (size_t i = 0; i < 4; i++) {
        begin();
        take("Cache-Control", "max-age=60");
        take("Retry-After", "5");
        take("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        ward_http_answer_fields_lose(&fields, text("Content-Type"));
        ward_http_answer_fields_lose(&fields, text(names[i]));
        end();
        CHECK_NUMBER(answer.max_age, i == 0 ? WARD_NO_MAX_AGE : 60);
        CHECK_NUMBER(answer.retry_after, i == 1 ? 0 : 5);
        CHECK_NUMBER(answer.date, i == 2 ? 0 : 784111777);
        CHECK_NUMBER(answer.aged, i == 3);
        begin();
        ward_http_answer_fields_lose(&fields, text(names[i]));
        end();
        CHECK_NUMBER(answer.max_age, WARD_NO_MAX_AGE);
        CHECK_NUMBER(answer.retry_after, 0);
        CHECK_NUMBER(answer.date, 0);
    }
}

TEST(nothing_after_a_value_is_read)
{
    static const char *const values[] = { "max-age=60", "private=\"\\", "public,", "Sun, 06 Nov 1994 08:49:37 GMT",
                                          "12",         " \t" };
    static const char *const names[] = { "Cache-Control", "Retry-After", "Date", "Age" };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++) {
            begin();
            ward_http_answer_fields_take(&fields, text(names[j]),
                                         ward_text_of(guard_copy(values[i], strlen(values[i])), strlen(values[i])));
        }
    }
}

SUITE(answer_fields, CASE(without_a_field_nothing_is_known_and_the_rest_of_the_answer_is_left),
      CASE(max_age_is_a_directive_among_others_in_any_case), CASE(what_is_no_number_is_no_max_age),
      CASE(a_huge_max_age_is_the_longest_that_can_be_said), CASE(max_age_twice_is_none_in_one_field_or_in_two),
      CASE(a_comma_in_quotes_ends_no_directive), CASE(retry_after_is_a_number_of_seconds),
      CASE(a_date_is_read_in_each_of_its_three_forms), CASE(about_what_time_it_is_can_be_told),
      CASE(an_age_is_not_added_to_the_date_but_told), CASE(an_age_makes_no_date), CASE(a_date_twice_is_unknown),
      CASE(a_field_that_was_lost_is_one_that_cannot_be_read), CASE(nothing_after_a_value_is_read));
