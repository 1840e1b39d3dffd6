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

TEST(a_clock_behind_the_floor_counts_as_unknown)
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
    ward_clock_tell(&watch, BUILT + 2000, 0);
    ward_clock_set_floor(&watch, BUILT, BUILT + 7);
    check_now(unknown, 0, BUILT + 7, WARD_TIME_FLOOR);
    ward_clock_set_floor(&watch, BUILT, 1);
    check_now(unknown, 0, BUILT, WARD_TIME_FLOOR);
}

TEST(what_an_answer_told_serves_with_the_uptime_since)
{
    begin();
    ward_clock_tell(&watch, BUILT + 1000, 500);
    check_now(unknown, 500, BUILT + 1000, WARD_TIME_SET);
    check_now(unknown, 1499, BUILT + 1000, WARD_TIME_SET);
    check_now(unknown, 1500, BUILT + 1001, WARD_TIME_SET);
    check_now(ward_time_set(BUILT + 3000), 500, BUILT + 3000, WARD_TIME_SET);
    check_now(ward_time_set(BUILT - 3000), 500, BUILT + 1000, WARD_TIME_SET);
}

TEST(an_answer_behind_the_floor_or_beyond_twenty_years_tells_nothing)
{
    begin();
    ward_clock_raise(&watch, BUILT + 100);
    ward_clock_tell(&watch, BUILT + 99, 0);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_FLOOR);
    ward_clock_tell(&watch, BUILT + TWENTY_YEARS + 1, 0);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_FLOOR);
    ward_clock_tell(&watch, BUILT + 100, 0);
    check_now(unknown, 0, BUILT + 100, WARD_TIME_SET);
    ward_clock_tell(&watch, BUILT + TWENTY_YEARS, 0);
    check_now(unknown, 0, BUILT + TWENTY_YEARS, WARD_TIME_SET);
}

TEST(two_answers_that_agree_raise_the_floor_and_one_alone_does_not)
{
    begin();
    ward_clock_tell(&watch, BUILT + 100000, 0);
    CHECK_NUMBER(watch.floor, BUILT);
    ward_clock_tell(&watch, BUILT + 100000 + 50 + 301, 50000);
    CHECK_NUMBER(watch.floor, BUILT);
    ward_clock_tell(&watch, BUILT + 100361 + 300, 60000);
    CHECK_NUMBER(watch.floor, BUILT + 100361);
    ward_clock_tell(&watch, BUILT + 100361, 60000);
    CHECK_NUMBER(watch.floor, BUILT + 100361);
    ward_clock_tell(&watch, BUILT + 100361 + 301, 60000);
    CHECK_NUMBER(watch.floor, BUILT + 100361);
    begin();
    ward_clock_tell(&watch, BUILT + 100000, 0);
    ward_clock_tell(&watch, BUILT + 99699, 0);
    CHECK_NUMBER(watch.floor, BUILT);
    ward_clock_tell(&watch, BUILT + 99399, 0);
    CHECK_NUMBER(watch.floor, BUILT + 99099);
}

TEST(the_time_told_goes_on_when_the_uptime_goes_round)
{
    begin();
    ward_clock_tick(&watch, 7000);
    CHECK_NUMBER(watch.told_at, 0);
    ward_clock_tell(&watch, BUILT, UINT32_MAX - 1500);
    ward_clock_tick(&watch, 2499);
    check_now(unknown, 2499, BUILT + 4, WARD_TIME_SET);
    for (uint32_t day = 1; day <= 100; day++)
        ward_clock_tick(&watch, 2499 + day * 86400000u);
    check_now(unknown, 2499 + 100u * 86400000u, BUILT + 4 + 100u * 86400u, WARD_TIME_SET);
}

TEST(an_uptime_that_comes_late_is_not_49_days_ahead)
{
    begin();
    ward_clock_tell(&watch, BUILT + 10, 5000);
    check_now(unknown, 4000, BUILT + 10, WARD_TIME_SET);
}

SUITE(clock, CASE(without_a_clock_the_build_is_the_floor_and_grants_nothing), CASE(a_clock_behind_the_floor_counts_as_unknown),
      CASE(a_time_that_is_not_set_is_not_believed), CASE(the_floor_only_rises_and_at_most_twenty_years),
      CASE(an_operator_can_set_the_floor_back_but_not_before_the_build),
      CASE(what_an_answer_told_serves_with_the_uptime_since),
      CASE(an_answer_behind_the_floor_or_beyond_twenty_years_tells_nothing),
      CASE(two_answers_that_agree_raise_the_floor_and_one_alone_does_not),
      CASE(the_time_told_goes_on_when_the_uptime_goes_round), CASE(an_uptime_that_comes_late_is_not_49_days_ahead));
