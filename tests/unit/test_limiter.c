/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets, alone and against a model that counts what is in them instead of when they will be full. */
#include "access/limiter.h"
#include "gate.h"

static const struct ward_rate one_a_second = { 1, 1, 3 };

static uint32_t full_at;
static uint32_t wait;

/* Takes one if there is one. */
static bool take(struct ward_rate rate, uint32_t uptime)
{
    wait = 0;
    if (!ward_budget_has(full_at, rate, uptime, &wait))
        return false;
    CHECK_NUMBER(wait, 0);
    ward_budget_consume(&full_at, rate, uptime);
    return true;
}

static unsigned take_all(struct ward_rate rate, uint32_t uptime)
{
    unsigned count = 0;
    while (take(rate, uptime))
        count++;
    return count;
}

TEST(a_rate_has_all_three_numbers_and_refills_within_a_day)
{
    static const struct ward_rate right[] = { { 1, 1, 1 },     { 1000, 1, 1 },  { 1000, 1, 65535 }, { 60, 60, 20 },
                                              { 1, 3600, 24 }, { 1, 65535, 1 }, { 65535, 66, 1 } };
    static const struct ward_rate wrong[] = { { 0, 1, 1 },     { 1, 0, 1 },     { 1, 1, 0 },         { 1001, 1, 1 },
                                              { 1, 3600, 25 }, { 1, 65535, 2 }, { 1, 65535, 65535 }, { 65535, 65, 1 } };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        CHECK(ward_rate_is_valid(right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!ward_rate_is_valid(wrong[i]));
}

static void check_part(struct ward_rate whole, struct ward_part part, struct ward_rate wanted)
{
    const struct ward_rate found = ward_rate_part(whole, part);
    CHECK(ward_rate_is_valid(whole));
    CHECK(ward_rate_is_valid(found));
    CHECK_NUMBER(found.count, wanted.count);
    CHECK_NUMBER(found.seconds, wanted.seconds);
    CHECK_NUMBER(found.burst, wanted.burst);
}

#define RATE(count, seconds, burst) ((struct ward_rate){ count, seconds, burst })
#define PART(rate, burst) ((struct ward_part){ rate, burst })

TEST(a_part_of_a_rate_is_as_many_in_a_longer_time)
{
    check_part(RATE(1, 1, 8), PART(8, 4), RATE(1, 8, 2));
    check_part(RATE(1, 1, 8), PART(16, 2), RATE(1, 16, 4));
    check_part(RATE(10, 2, 81), PART(3, 2), RATE(10, 6, 40));
    check_part(RATE(1, 1, 3), PART(1, 1), RATE(1, 1, 3));
    check_part(RATE(1, 1, 3), PART(8, 4), RATE(1, 8, 1));
    check_part(RATE(1, 1, 4), PART(8, 4), RATE(1, 8, 1));
}

TEST(a_part_of_any_rate_can_be_used)
{
    check_part(RATE(1, 8191, 1), PART(8, 4), RATE(1, 65528, 1));
    check_part(RATE(1, 8192, 1), PART(8, 4), RATE(1, 65535, 1));
    check_part(RATE(1, 65535, 1), PART(256, 2), RATE(1, 65535, 1));
    /* A burst that would take longer than a day to refill is as large as a day allows. */
    check_part(RATE(1, 3600, 24), PART(8, 1), RATE(1, 28800, 3));
    check_part(RATE(1, 3600, 24), PART(8, 4), RATE(1, 28800, 3));
    check_part(RATE(1, 3600, 24), PART(8, 12), RATE(1, 28800, 2));
    check_part(RATE(1000, 1, 65535), PART(256, 1), RATE(1000, 256, 65535));
}

TEST(a_burst_at_once_then_one_an_interval)
{
    full_at = 5000;
    CHECK_NUMBER(take_all(one_a_second, 5000), 3);
    CHECK_NUMBER(wait, 1000);
    CHECK_NUMBER(take_all(one_a_second, 5999), 0);
    CHECK_NUMBER(wait, 1);
    CHECK_NUMBER(take_all(one_a_second, 6000), 1);
    CHECK_NUMBER(take_all(one_a_second, 8500), 2);
    CHECK_NUMBER(wait, 500);
    CHECK_NUMBER(take_all(one_a_second, 12000), 3);
}

TEST(after_a_pause_there_is_a_burst_and_no_more)
{
    full_at = 0;
    CHECK_NUMBER(take_all(one_a_second, 1000000), 3);
}

TEST(never_more_than_the_rate_allows)
{
    static const struct ward_rate rates[] = { { 7, 1, 1 }, { 667, 1, 1 }, { 1000, 1, 5 }, { 3, 2, 2 } };
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        unsigned taken = 0;
        full_at = 0;
        for (uint32_t uptime = 0; uptime < 20000; uptime++)
            taken += take_all(rates[i], uptime);
        CHECK(taken <= 20u * rates[i].count / rates[i].seconds + rates[i].burst);
        CHECK(taken > 0);
    }
}

TEST(what_is_given_back_can_be_taken_again)
{
    full_at = 0;
    CHECK_NUMBER(take_all(one_a_second, 0), 3);
    ward_budget_refund(&full_at, one_a_second, 0);
    CHECK_NUMBER(take_all(one_a_second, 0), 1);
    for (int i = 0; i < 9; i++)
        ward_budget_refund(&full_at, one_a_second, 100);
    CHECK_NUMBER(full_at, 100);
    CHECK_NUMBER(take_all(one_a_second, 100), 3);
}

TEST(giving_back_leaves_the_rest_spent)
{
    full_at = 0;
    CHECK_NUMBER(take_all(one_a_second, 0), 3);
    ward_budget_refund(&full_at, one_a_second, 400);
    CHECK_NUMBER(full_at, 2000);
}

TEST(a_task_that_comes_late_finds_the_budget_spent)
{
    static const uint32_t late[] = { 1, 10, 1000, 60000 };
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        full_at = 100000;
        CHECK_NUMBER(take_all(one_a_second, 100000), 3);
        CHECK(!take(one_a_second, 100000 - late[i]));
        CHECK_NUMBER(wait, 1000);
    }
}

TEST(a_clock_that_was_set_back_leaves_a_full_budget)
{
    full_at = 100000;
    CHECK_NUMBER(take_all(one_a_second, 100000), 3);
    CHECK_NUMBER(take_all(one_a_second, 100000 - 60001), 3);
}

TEST(the_clock_may_go_round)
{
    full_at = UINT32_MAX - 500;
    CHECK_NUMBER(take_all(one_a_second, UINT32_MAX - 500), 3);
    CHECK_NUMBER(take_all(one_a_second, UINT32_MAX), 0);
    CHECK_NUMBER(take_all(one_a_second, 499), 1);
    CHECK_NUMBER(take_all(one_a_second, 10000), 3);
}

TEST(a_budget_that_is_settled_stays_full_when_the_clock_has_gone_round)
{
    full_at = 10000;
    CHECK_NUMBER(take_all(one_a_second, 10000), 3);
    ward_budget_refill(&full_at, one_a_second, 12999);
    CHECK_NUMBER(full_at, 13000);
    ward_budget_refill(&full_at, one_a_second, 13000);
    ward_budget_refill(&full_at, one_a_second, 0x80000000u);
    CHECK_NUMBER(full_at, 0x80000000u);
    ward_budget_refill(&full_at, one_a_second, 10000);
    CHECK_NUMBER(take_all(one_a_second, 10001), 3);
}

/* ---- Buckets. */

enum { BUCKETS = 4 };
static struct ward_bucket buckets[BUCKETS];

TEST(buckets_are_settled_like_budgets)
{
    static const uint32_t ahead[] = { 0, 1, 3000, 3001, 63000, 63001, 0x80000000u, UINT32_MAX };
    for (size_t i = 0; i < sizeof ahead / sizeof ahead[0]; i++) {
        full_at = 7000 + ahead[i];
        buckets[0].full_at = buckets[2].full_at = 1;
        buckets[1].full_at = full_at;
        const bool full = ward_budget_is_full(full_at, one_a_second, 7000);
        CHECK_NUMBER(full, ahead[i] == 0 || ahead[i] > 63000);
        ward_budget_refill(&full_at, one_a_second, 7000);
        CHECK_NUMBER(full_at, full ? 7000 : 7000 + ahead[i]);
        ward_buckets_settle(buckets, 2, one_a_second, 7000);
        CHECK_NUMBER(buckets[0].full_at, 7000);
        CHECK_NUMBER(buckets[1].full_at, full_at);
        CHECK_NUMBER(buckets[2].full_at, 1);
    }
}

static struct ward_bucket *bucket_of(unsigned id, uint32_t uptime)
{
    uint8_t bytes[16] = { 0 };
    bytes[15] = (uint8_t)id;
    bytes[0] = 1;
    return ward_bucket_of(buckets, BUCKETS, bytes, one_a_second, uptime);
}

static void begin(uint32_t uptime)
{
    memset(buckets, 0, sizeof buckets);
    for (size_t i = 0; i < BUCKETS; i++)
        buckets[i].full_at = uptime;
}

static void spend(struct ward_bucket *bucket, uint32_t uptime)
{
    CHECK(ward_budget_has(bucket->full_at, one_a_second, uptime, &wait));
    ward_budget_consume(&bucket->full_at, one_a_second, uptime);
}

TEST(each_id_has_its_own_bucket_while_there_are_any)
{
    begin(0);
    for (unsigned id = 0; id < BUCKETS; id++) {
        CHECK(bucket_of(id, 0) == &buckets[id]);
        spend(&buckets[id], 0);
    }
    for (unsigned id = 0; id < BUCKETS; id++)
        CHECK(bucket_of(id, 0) == &buckets[id]);
}

TEST(who_comes_beyond_the_buckets_takes_the_one_that_least_was_spent_from_as_it_is)
{
    begin(0);
    for (unsigned id = 0; id < BUCKETS; id++)
        for (unsigned times = 0; times < (id == 2 ? 1 : 2); times++)
            spend(bucket_of(id, 0), 0);
    CHECK(bucket_of(4, 0) == &buckets[2]);
    CHECK_NUMBER(buckets[2].id[15], 4);
    CHECK_NUMBER(buckets[2].full_at, 1000);
    spend(&buckets[2], 0);
    spend(&buckets[0], 0);
    CHECK(bucket_of(5, 0) == &buckets[1]);
    CHECK_NUMBER(buckets[1].full_at, 2000);
}

TEST(who_has_emptied_a_bucket_keeps_it)
{
    begin(0);
    for (unsigned times = 0; times < 3; times++)
        spend(bucket_of(0, 0), 0);
    for (unsigned id = 1; id < 9; id++)
        spend(bucket_of(id, 0), 0);
    CHECK(bucket_of(0, 0) == &buckets[0]);
    CHECK(!ward_budget_has(buckets[0].full_at, one_a_second, 0, &wait));
}

TEST(a_debt_that_lies_in_the_past_is_none)
{
    begin(0);
    for (unsigned id = 0; id < BUCKETS; id++)
        spend(bucket_of(id, 0), 0);
    spend(&buckets[3], 0);
    CHECK(bucket_of(9, 1000) == &buckets[0]);
    CHECK(bucket_of(1, 1000) == &buckets[1]);
    buckets[3].full_at = 1000 - 1;
    buckets[0].full_at = buckets[1].full_at = buckets[2].full_at = 1000 + 1;
    CHECK(bucket_of(10, 1000) == &buckets[3]);
}

TEST(an_id_is_compared_whole)
{
    uint8_t id[16] = { 0 };
    begin(0);
    spend(ward_bucket_of(buckets, BUCKETS, id, one_a_second, 0), 0);
    CHECK_NUMBER(buckets[0].full_at, 1000);
    id[15] = 1;
    CHECK(ward_bucket_of(buckets, BUCKETS, id, one_a_second, 0) == &buckets[1]);
    id[15] = 0;
    CHECK(ward_bucket_of(buckets, BUCKETS, id, one_a_second, 0) == &buckets[0]);
}

/* ---- A model: a clock of 64 bits, and how many milliseconds' worth each of the ids has left. */

enum { IDS = 7 };

struct model {
    uint64_t left[BUCKETS];
    int id[BUCKETS];
    uint64_t then;
};

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void model_advance(struct model *model, uint64_t now, uint64_t interval, uint64_t most)
{
    (void)interval;
    for (size_t i = 0; i < BUCKETS; i++)
        model->left[i] = smaller(most, model->left[i] + (now - model->then));
    model->then = now;
}

static size_t model_bucket(struct model *model, int id)
{
    size_t fullest = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        if (model->id[i] == id)
            return i;
        if (model->left[i] > model->left[fullest])
            fullest = i;
    }
    model->id[fullest] = id;
    return fullest;
}

static void walk(uint32_t seed, struct ward_rate rate, uint64_t start)
{
    const uint64_t interval = ((uint64_t)rate.seconds * 1000 + rate.count - 1) / rate.count;
    const uint64_t most = interval * rate.burst;
    struct model model = { { most, most, most, most }, { -1, -1, -1, -1 }, start };
    uint64_t now = start;
    begin((uint32_t)start);
    for (int step = 0; step < 1500; step++) {
        static const uint32_t pauses[] = { 1, 2, 300, 5000, 200000, 1000000000 };
        now += random_below(&seed, pauses[random_below(&seed, 6)]);
        model_advance(&model, now, interval, most);
        ward_buckets_settle(buckets, BUCKETS, rate, (uint32_t)now);
        const int id = (int)random_below(&seed, IDS);
        uint8_t bytes[16] = { 1, (uint8_t)id };
        const size_t place = model_bucket(&model, id);
        struct ward_bucket *const bucket = ward_bucket_of(buckets, BUCKETS, bytes, rate, (uint32_t)now);
        CHECK_NUMBER(bucket - buckets, place);
        const bool has = ward_budget_has(bucket->full_at, rate, (uint32_t)now, &wait);
        CHECK_NUMBER(has, model.left[place] >= interval);
        if (!has) {
            CHECK_NUMBER(wait, interval - model.left[place]);
            continue;
        }
        ward_budget_consume(&bucket->full_at, rate, (uint32_t)now);
        model.left[place] -= interval;
        if (random_below(&seed, 4) == 0) {
            ward_budget_refund(&bucket->full_at, rate, (uint32_t)now);
            model.left[place] = smaller(most, model.left[place] + interval);
        }
    }
}

TEST(random_schedules_agree_with_a_model)
{
    static const struct ward_rate rates[] = { { 1, 1, 8 }, { 60, 60, 20 }, { 7, 1, 3 }, { 1, 3600, 24 }, { 1, 1, 1 } };
    for (uint32_t seed = 1; seed <= 8; seed++)
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
            walk(seed * 7919, rates[i], seed % 2 == 0 ? 0 : UINT64_C(0xffff0000));
}

SUITE(limiter, CASE(a_rate_has_all_three_numbers_and_refills_within_a_day),
      CASE(a_part_of_a_rate_is_as_many_in_a_longer_time), CASE(a_part_of_any_rate_can_be_used),
      CASE(buckets_are_settled_like_budgets), CASE(a_burst_at_once_then_one_an_interval),
      CASE(after_a_pause_there_is_a_burst_and_no_more), CASE(never_more_than_the_rate_allows),
      CASE(what_is_given_back_can_be_taken_again), CASE(giving_back_leaves_the_rest_spent),
      CASE(a_task_that_comes_late_finds_the_budget_spent), CASE(a_clock_that_was_set_back_leaves_a_full_budget),
      CASE(the_clock_may_go_round), CASE(a_budget_that_is_settled_stays_full_when_the_clock_has_gone_round),
      CASE(each_id_has_its_own_bucket_while_there_are_any),
      CASE(who_comes_beyond_the_buckets_takes_the_one_that_least_was_spent_from_as_it_is),
      CASE(who_has_emptied_a_bucket_keeps_it), CASE(a_debt_that_lies_in_the_past_is_none),
      CASE(an_id_is_compared_whole), CASE(random_schedules_agree_with_a_model));
