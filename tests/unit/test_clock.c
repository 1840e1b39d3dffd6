/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "state/clock.h"

#define BUILT 1767225600u
#define TWENTY_YEARS (20u * (uint64_t)31556952u)

static struct ward_clock watch;
static const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };

static void begin(void)
{
    memset(&watch, 0x5a, sizeof watch);
    ward_clock_begin(&watch, BUILT);
}

/* An answer without an age to a device whose clock is of no use; one out of a cache. */
static void tell(uint64_t seconds, uint32_t uptime)
{
    const struct ward_clock_date date = { seconds, false };
    ward_clock_report(&watch, &date, false, uptime);
}

static void tell_aged(uint64_t seconds, uint32_t uptime)
{
    const struct ward_clock_date date = { seconds, true };
    ward_clock_report(&watch, &date, false, uptime);
}

static void check_now(struct ward_time given, uint32_t uptime, uint64_t seconds, uint32_t trust)
{
    const struct ward_time now = ward_clock_now(&watch, given, uptime);
    CHECK_NUMBER(now.seconds, seconds);
    CHECK_NUMBER(now.trust, trust);
}

TEST(without_a_clock_the_build_is_the_floor_and_grants_nothing)
{
    begin();
    check_now(unknown, 0, BUILT, WARD_TIME_FLOOR);
}

TEST(a_clock_before_the_floor_counts_as_unknown)
{
    begin();
    check_now(ward_time_set(BUILT - 1), 0, BUILT, WARD_TIME_FLOOR);
    check_now(ward_time_set(BUILT), 0, BUILT, WARD_TIME_SET);
    check_now(ward_time_set(BUILT + 5), 0, BUILT + 5, WARD_TIME_SET);
}

TEST(a_time_that_is_not_set_is_not_believed)
{
    begin();
    check_now((struct ward_time){ BUILT + 5, WARD_TIME_FLOOR }, 0, BUILT, WARD_TIME_FLOOR);
}

TEST(the_floor_only_rises_and_at_most_twenty_years)
{
    begin();
    ward_clock_raise(&watch, BUILT + 100);
    ward_clock_raise(&watch, BUILT + 50);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_FLOOR);
    ward_clock_raise(&watch, UINT64_MAX);
    check_now(unknown, 0, BUILT + TWENTY_YEARS, WARD_TIME_FLOOR);
}

TEST(an_operator_can_set_the_floor_back_but_not_before_the_build)
{
    begin();
    ward_clock_raise(&watch, BUILT + 1000);
    tell(BUILT + 2000, 0);
    ward_clock_set_floor(&watch, BUILT, BUILT + 7);
    check_now(unknown, 0, BUILT + 7, WARD_TIME_FLOOR);
    ward_clock_set_floor(&watch, BUILT, 1);
    check_now(unknown, 0, BUILT, WARD_TIME_FLOOR);
}

TEST(what_an_answer_told_serves_with_the_uptime_since)
{
    begin();
    tell(BUILT + 1000, 500);
    check_now(unknown, 500, BUILT + 1000, WARD_TIME_SET);
    check_now(unknown, 1499, BUILT + 1000, WARD_TIME_SET);
    check_now(unknown, 1500, BUILT + 1001, WARD_TIME_SET);
    check_now(ward_time_set(BUILT + 3000), 500, BUILT + 3000, WARD_TIME_SET);
    check_now(ward_time_set(BUILT - 3000), 500, BUILT + 1000, WARD_TIME_SET);
}

TEST(a_time_that_was_told_late_goes_on_from_the_floor)
{
    begin();
    tell(BUILT + 1000, 500);
    ward_clock_tick(&watch, 10500);
    ward_clock_raise(&watch, BUILT + 1009);
    check_now(unknown, 10500, BUILT + 1010, WARD_TIME_SET);
    ward_clock_raise(&watch, BUILT + 5000);
    check_now(unknown, 10500, BUILT + 5000, WARD_TIME_SET);
    check_now(unknown, 11500, BUILT + 5001, WARD_TIME_SET);
}

TEST(a_date_raises_the_floor_and_not_the_time_that_has_passed_since_the_last_one)
{
    begin();
    tell(BUILT + 10000, 0);
    tell(BUILT + 13600 + 299, 3600000u);
    check_now(unknown, 3600000u, BUILT + 13899, WARD_TIME_SET);
    CHECK_NUMBER(watch.floor, BUILT + 13599);
    tell(BUILT + 17200 + 2, 7200000u);
    check_now(unknown, 7200000u, BUILT + 17202, WARD_TIME_SET);
    check_now(unknown, 7201000u, BUILT + 17203, WARD_TIME_SET);
    CHECK_NUMBER(watch.floor, BUILT + 16902);
}

TEST(a_date_that_raises_the_floor_leaves_the_time_that_was_told)
{
    begin();
    tell(BUILT + 10000, 0);
    tell_aged(BUILT + 13595, 3600000u);
    CHECK_NUMBER(watch.floor, BUILT + 13295);
    check_now(unknown, 3600000u, BUILT + 13600, WARD_TIME_SET);
    check_now(unknown, 3601000u, BUILT + 13601, WARD_TIME_SET);
}

TEST(an_answer_before_the_floor_or_beyond_twenty_years_tells_nothing)
{
    begin();
    ward_clock_raise(&watch, BUILT + 100);
    tell(BUILT + 99, 0);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_FLOOR);
    tell(BUILT + TWENTY_YEARS + 1, 0);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_FLOOR);
    tell(BUILT + 100, 0);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_SET);
    tell(BUILT + TWENTY_YEARS, 0);
    check_now(unknown, 0, BUILT + TWENTY_YEARS, WARD_TIME_SET);
}

TEST(two_answers_that_agree_raise_the_floor_and_one_alone_does_not)
{
    begin();
    tell(BUILT + 100000, 0);
    CHECK_NUMBER(watch.floor, BUILT);
    tell(BUILT + 100000 + 50 + 301, 50000);
    CHECK_NUMBER(watch.floor, BUILT);
    tell(BUILT + 100361 + 300, 60000);
    CHECK_NUMBER(watch.floor, BUILT + 100361);
    tell(BUILT + 100361, 60000);
    CHECK_NUMBER(watch.floor, BUILT + 100361);
    begin();
    tell(BUILT + 100000, 0);
    tell(BUILT + 99699, 0);
    CHECK_NUMBER(watch.floor, BUILT);
    tell(BUILT + 99399, 0);
    CHECK_NUMBER(watch.floor, BUILT + 99099);
}

TEST(the_second_that_agrees_with_what_is_told_raises_the_floor_out_of_a_cache_too)
{
    begin();
    tell_aged(BUILT + 1000, 0);
    tell_aged(BUILT + 700, 0);
    CHECK_NUMBER(watch.floor, BUILT + 400);
    check_now(unknown, 0, BUILT + 1000, WARD_TIME_SET);
    tell_aged(BUILT + 699, 0);
    CHECK_NUMBER(watch.floor, BUILT + 400);
}

TEST(an_answer_that_waited_in_a_cache_takes_nothing_back_and_a_later_one_tells_more)
{
    begin();
    tell(BUILT + 5000, 0);
    tell_aged(BUILT + 1000, 0);
    tell_aged(BUILT + 1000, 0);
    tell(BUILT + 1000, 0);
    check_now(unknown, 0, BUILT + 5000, WARD_TIME_SET);
    tell_aged(BUILT + 5001, 0);
    check_now(unknown, 0, BUILT + 5001, WARD_TIME_SET);
    tell(BUILT + 5001 + 9, 10000);
    check_now(unknown, 10000, BUILT + 5011, WARD_TIME_SET);
    tell(BUILT + 5001 + 11, 10000);
    check_now(unknown, 10000, BUILT + 5012, WARD_TIME_SET);
}

TEST(the_time_goes_back_to_the_second_in_a_row_without_an_age_that_agrees)
{
    begin();
    tell(BUILT + 900000, 0);
    tell(BUILT + 1000, 0);
    check_now(unknown, 0, BUILT + 900000, WARD_TIME_SET);
    tell(BUILT + 1000 + 60 + 301, 60000);
    check_now(unknown, 60000, BUILT + 900060, WARD_TIME_SET);
    tell(BUILT + 1361 + 300, 60000);
    check_now(unknown, 60000, BUILT + 1661, WARD_TIME_SET);
    CHECK_NUMBER(watch.floor, BUILT + 1361);
}

TEST(one_out_of_a_cache_between_two_or_one_that_cannot_be_is_not_in_a_row)
{
    const uint64_t impossible[] = { BUILT - 1, BUILT + TWENTY_YEARS + 1 };
    begin();
    tell(BUILT + 900000, 0);
    tell(BUILT + 1000, 0);
    tell_aged(BUILT + 1000, 0);
    tell(BUILT + 1000, 0);
    check_now(unknown, 0, BUILT + 900000, WARD_TIME_SET);
    for (size_t i = 0; i < 2; i++) {
        tell(impossible[i], 0);
        tell(BUILT + 1000, 0);
        check_now(unknown, 0, BUILT + 900000, WARD_TIME_SET);
    }
    /* One without a date says nothing. */
    tell(0, 0);
    tell(BUILT + 1000, 0);
    check_now(unknown, 0, BUILT + 1000, WARD_TIME_SET);
}

TEST(what_an_operator_sets_back_starts_the_row_again)
{
    begin();
    tell(BUILT + 1000, 0);
    ward_clock_set_floor(&watch, BUILT, BUILT);
    tell(BUILT + 900000, 0);
    tell(BUILT + 1000, 0);
    check_now(unknown, 0, BUILT + 900000, WARD_TIME_SET);
}

/* Two answers whose `Date` is ahead of a clock that is right: neither it nor what is stored follows them. */
TEST(no_answer_overrules_a_clock_that_is_valid)
{
    const struct ward_clock_date ahead = { BUILT + 14000, false };
    const struct ward_time now = ward_time_set(BUILT + 100);
    begin();
    for (int i = 0; i < 3; i++)
        ward_clock_report(&watch, &ahead, ward_clock_is_valid(&watch, now), 0);
    CHECK_NUMBER(watch.floor, BUILT);
    check_now(now, 0, BUILT + 100, WARD_TIME_SET);
    begin();
    check_now(now, 0, BUILT + 100, WARD_TIME_SET);
}

/* An RTC whose battery is empty says that it is set, to the year in which its counter starts. */
TEST(a_clock_that_lost_its_power_is_no_clock)
{
    static const uint64_t starts[] = { 0, 946684800u, BUILT - 1 };
    for (size_t i = 0; i < 3; i++) {
        begin();
        CHECK(!ward_clock_is_valid(&watch, ward_time_set(starts[i])));
        check_now(ward_time_set(starts[i]), 0, BUILT, WARD_TIME_FLOOR);
        tell(BUILT + 1000, 0);
        check_now(ward_time_set(starts[i]), 0, BUILT + 1000, WARD_TIME_SET);
    }
    CHECK(ward_clock_is_valid(&watch, ward_time_set(BUILT)));
    CHECK(!ward_clock_is_valid(&watch, unknown));
}

TEST(the_time_told_goes_on_when_the_uptime_goes_round)
{
    begin();
    ward_clock_tick(&watch, 7000);
    CHECK_NUMBER(watch.reported_at, 0);
    CHECK_NUMBER(watch.fresh_at, 0);
    tell(BUILT, UINT32_MAX - 1500);
    ward_clock_tick(&watch, 2499);
    check_now(unknown, 2499, BUILT + 4, WARD_TIME_SET);
    for (uint32_t day = 1; day <= 100; day++)
        ward_clock_tick(&watch, 2499 + day * 86400000u);
    check_now(unknown, 2499 + 100u * 86400000u, BUILT + 4 + 100u * 86400u, WARD_TIME_SET);
    tell(BUILT + 3, 2499 + 100u * 86400000u);
    tell(BUILT + 4 + 100u * 86400u - 301, 2499 + 100u * 86400000u);
    check_now(unknown, 2499 + 100u * 86400000u, BUILT + 4 + 100u * 86400u, WARD_TIME_SET);
}

TEST(an_answer_without_an_age_is_agreed_with_a_hundred_days_later)
{
    begin();
    tell(BUILT + 10000, 0);
    tell(BUILT + 100, 0);
    for (uint32_t day = 1; day <= 100; day++)
        ward_clock_tick(&watch, day * 86400000u);
    tell(BUILT + 100 + 100u * 86400u, 100u * 86400000u);
    check_now(unknown, 100u * 86400000u, BUILT + 100 + 100u * 86400u, WARD_TIME_SET);
}

TEST(an_answer_is_as_old_as_the_uptime_since_whatever_came_before)
{
    begin();
    tell(BUILT + 10000, 1000000u);
    tell(BUILT + 100, 1000000u);
    tell(BUILT + 110, 1010000u);
    check_now(unknown, 1010000u, BUILT + 110, WARD_TIME_SET);
}

TEST(the_same_second_told_again_starts_no_other)
{
    begin();
    tell(BUILT, 0);
    tell_aged(BUILT, 500);
    check_now(unknown, 1000, BUILT + 1, WARD_TIME_SET);
}

TEST(an_operators_floor_forgets_the_answer_that_a_next_one_would_agree_with)
{
    begin();
    tell(BUILT + 5000000, 0);
    ward_clock_set_floor(&watch, BUILT, BUILT + 100);
    tell(BUILT + 5000010, 10000);
    CHECK_NUMBER(watch.floor, BUILT + 100);
}

TEST(an_uptime_that_comes_late_is_not_49_days_ahead)
{
    begin();
    tell(BUILT + 10, 5000);
    check_now(unknown, 4000, BUILT + 10, WARD_TIME_SET);
}

SUITE(clock, CASE(without_a_clock_the_build_is_the_floor_and_grants_nothing),
      CASE(a_clock_before_the_floor_counts_as_unknown), CASE(a_time_that_is_not_set_is_not_believed),
      CASE(the_floor_only_rises_and_at_most_twenty_years),
      CASE(an_operator_can_set_the_floor_back_but_not_before_the_build),
      CASE(what_an_answer_told_serves_with_the_uptime_since), CASE(a_time_that_was_told_late_goes_on_from_the_floor),
      CASE(a_date_raises_the_floor_and_not_the_time_that_has_passed_since_the_last_one),
      CASE(a_date_that_raises_the_floor_leaves_the_time_that_was_told),
      CASE(an_answer_before_the_floor_or_beyond_twenty_years_tells_nothing),
      CASE(two_answers_that_agree_raise_the_floor_and_one_alone_does_not),
      CASE(the_second_that_agrees_with_what_is_told_raises_the_floor_out_of_a_cache_too),
      CASE(an_answer_that_waited_in_a_cache_takes_nothing_back_and_a_later_one_tells_more),
      CASE(the_time_goes_back_to_the_second_in_a_row_without_an_age_that_agrees),
      CASE(one_out_of_a_cache_between_two_or_one_that_cannot_be_is_not_in_a_row),
      CASE(what_an_operator_sets_back_starts_the_row_again), CASE(no_answer_overrules_a_clock_that_is_valid),
      CASE(a_clock_that_lost_its_power_is_no_clock), CASE(the_time_told_goes_on_when_the_uptime_goes_round),
      CASE(an_answer_without_an_age_is_agreed_with_a_hundred_days_later),
      CASE(an_answer_is_as_old_as_the_uptime_since_whatever_came_before),
      CASE(the_same_second_told_again_starts_no_other),
      CASE(an_operators_floor_forgets_the_answer_that_a_next_one_would_agree_with),
      CASE(an_uptime_that_comes_late_is_not_49_days_ahead));
