/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"
#include "keyring_fixture.h"

static struct ward_jwks before;

/* Keys a and b in use, by a fetch. */
static void begin(void)
{
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ring_fill("ab");
    ring_until_fetch();
    before = *ward_keyring_keys(&ring);
}

static uint32_t wait_for_fetch(void)
{
    const uint32_t begun = ring_uptime;
    ring_until_fetch();
    return ring_uptime - begun;
}

/* A body that the keys in use must survive. */
static void check_harmless(const char *body, size_t length, enum ward_code reason)
{
    struct ward_fetch_answer answer = ring_good;
    ward_keyring_fetch_begin(&ring);
    const struct ward_status fed = ward_keyring_fetch_feed(&ring, body, length, &test_work);
    if (!ward_ok(fed))
        answer.status = fed;
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &answer, ring_time, ring_uptime), reason);
    CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) == 0);
}

TEST(a_good_set_takes_the_place_of_the_old_one)
{
    begin();
    ring_fill("bc");
    CHECK(ring_has("bc"));
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
}

TEST(the_same_keys_in_another_order_change_nothing)
{
    begin();
    CHECK_STATUS(ring_fetch(ring_set("ba"), &ring_good), WARD_OK);
    CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) == 0);
    CHECK(ring_next().task == WARD_KEYRING_WAIT);
    CHECK_STATUS(ring_fetch(ring_set("abc"), &ring_good), WARD_OK);
    CHECK(ring_has("abc"));
}

TEST(a_key_under_an_old_kid_is_another_key)
{
    char set[2048] = "{\"keys\":[";
    size_t at = strlen(set);
    begin();
    ring_fill("a");
    before = *ward_keyring_keys(&ring);
    at += jwk_write(set + at, KEY_C, "\"kid\":\"a\",");
    memcpy(set + at, "]}", 3);
    CHECK_STATUS(ring_fetch(set, &ring_good), WARD_OK);
    CHECK(ring_has("a"));
    CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) != 0);
}

TEST(as_many_keys_as_there_are_slots_are_compared_and_no_more)
{
    char kids[WARD_MAX_KEYS + 1] = "";
    for (size_t i = 0; i < WARD_MAX_KEYS; i++)
        kids[i] = (char)('0' + i);
    ring_usual();
    ring_begin();
    ring_fill(kids);
    ring_config.compiled = (const struct ward_jwks *)(const void *)guard_copy(ward_keyring_keys(&ring),
                                                                              sizeof(struct ward_jwks));
    ring_begin();
    kids[0] = 'x';
    ring_fill(kids);
    CHECK(ring_has(kids));
}

TEST(hostile_bodies_change_nothing)
{
    static const struct {
        const char *body;
        enum ward_code reason;
    } bodies[] = { { "", WARD_JSON_MALFORMED },
                   { "<!doctype html><html></html>", WARD_JSON_MALFORMED },
                   { "[]", WARD_JWKS_MALFORMED },
                   { "\"keys\"", WARD_JWKS_MALFORMED },
                   { "{}", WARD_JWKS_MALFORMED },
                   { "{\"keys\":{}}", WARD_JWKS_MALFORMED },
                   { "{\"keys\":[]}", WARD_JWKS_NO_USABLE_KEY },
                   { "{\"keys\":[{\"kty\":\"EC\"}]}", WARD_JWKS_NO_USABLE_KEY },
                   { "{\"keys\":[{\"kid\":\"a\",\"kid\":\"b\"}]}", WARD_JWKS_DUPLICATE_MEMBER },
                   { "{\"keys\":[[1]]}", WARD_JWKS_MALFORMED },
                   { "\xff\xfe", WARD_JSON_MALFORMED } };
    begin();
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        check_harmless(bodies[i].body, strlen(bodies[i].body), bodies[i].reason);
}

TEST(a_kid_with_two_keys_changes_nothing)
{
    char set[2048] = "{\"keys\":[";
    size_t at = strlen(set);
    begin();
    at += jwk_write(set + at, KEY_A, "\"kid\":\"x\",");
    set[at++] = ',';
    at += jwk_write(set + at, KEY_B, "\"kid\":\"x\",");
    memcpy(set + at, "]}", 3);
    check_harmless(set, at + 2, WARD_JWKS_KID_CONFLICT);
}

TEST(a_set_that_is_cut_off_anywhere_changes_nothing)
{
    begin();
    const char *const set = ring_set("bc");
    const size_t length = strlen(set);
    for (size_t i = 0; i < length; i++)
        check_harmless(set, i, WARD_JSON_MALFORMED);
}

TEST(a_set_longer_than_the_limit_changes_nothing_and_stays_refused)
{
    static char space[4096];
    struct ward_fetch_answer answer = ring_good;
    begin();
    memset(space, ' ', sizeof space);
    ward_keyring_fetch_begin(&ring);
    for (size_t read = 0; read < WARD_MAX_JWKS; read += sizeof space)
        CHECK_STATUS(ward_keyring_fetch_feed(&ring, space, sizeof space, &test_work), WARD_OK);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, space, 1, &test_work), WARD_FETCH_TOO_LONG);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, space, 0, &test_work), WARD_FETCH_TOO_LONG);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &answer, ring_time, ring_uptime), WARD_FETCH_TOO_LONG);
    CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) == 0);
}

TEST(each_failure_of_the_platform_is_given_back_and_changes_nothing)
{
    static const enum ward_code reasons[] = { WARD_FETCH_URL,      WARD_FETCH_UNREACHABLE, WARD_FETCH_CERTIFICATE,
                                              WARD_FETCH_HOST,     WARD_FETCH_TIMED_OUT,   WARD_FETCH_CUT_OFF,
                                              WARD_FETCH_TOO_LONG, WARD_FETCH_HTTP_STATUS, WARD_FETCH_PROTOCOL,
                                              WARD_NOT_PROVIDED };
    begin();
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        const struct ward_fetch_answer failed = ring_failed(reasons[i]);
        CHECK_STATUS(ring_fetch(ring_set("c"), &failed), reasons[i]);
        CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) == 0);
    }
}

TEST(an_end_without_a_begin_changes_nothing)
{
    begin();
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &ring_good, ring_time, ring_uptime), WARD_JSON_MALFORMED);
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_UNREACHABLE);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &failed, ring_time, ring_uptime), WARD_FETCH_UNREACHABLE);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, "{", 1, &test_work), WARD_JSON_MALFORMED);
    CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) == 0);
}

/* ---- When the next try comes. */

static void check_age(uint32_t max_age, uint32_t seconds)
{
    struct ward_fetch_answer answer = ring_good;
    answer.max_age = max_age;
    ring_until_fetch();
    CHECK_STATUS(ring_fetch(ring_set("ab"), &answer), WARD_OK);
    const uint32_t waited = wait_for_fetch();
    CHECK(waited <= seconds * SECOND);
    CHECK(waited > seconds * SECOND / 4 * 3 - SECOND);
}

TEST(max_age_counts_within_its_borders_less_up_to_a_quarter)
{
    begin();
    check_age(WARD_NO_MAX_AGE, 3600);
    check_age(0, 300);
    check_age(15, 300);
    check_age(299, 300);
    check_age(301, 301);
    check_age(7200, 7200);
    check_age(86400, 86400);
    check_age(86401, 86400);
    check_age(UINT32_MAX - 1, 86400);
}

TEST(waits_are_spread_by_up_to_a_quarter)
{
    uint32_t shortest = UINT32_MAX;
    begin();
    for (int i = 0; i < 60; i++) {
        ring_fill("ab");
        shortest = ring.refresh.wait < shortest ? ring.refresh.wait : shortest;
    }
    CHECK(shortest > 45u * MINUTE && shortest < 47u * MINUTE);
}

static void check_back_off(const char *body, uint32_t retry_after, uint32_t least, uint32_t most)
{
    struct ward_fetch_answer answer = ring_failed(WARD_FETCH_UNREACHABLE);
    answer.retry_after = retry_after;
    ring_until_fetch();
    CHECK_STATUS(ring_fetch(body, &answer), WARD_FETCH_UNREACHABLE);
    const uint32_t waited = wait_for_fetch();
    CHECK(waited >= least * SECOND);
    CHECK(waited <= most * SECOND);
}

TEST(failures_back_off_to_an_hour_while_keys_serve)
{
    begin();
    check_back_off(NULL, 0, 900, 1800);
    for (int i = 0; i < 300; i++)
        check_back_off(NULL, 0, 1800, 3600);
    ring_until_fetch();
    ring_fill("ab");
    check_back_off(NULL, 0, 900, 1800);
}

TEST(waits_after_failures_are_spread_by_up_to_a_half)
{
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_UNREACHABLE);
    uint32_t shortest = UINT32_MAX;
    begin();
    for (int i = 0; i < 60; i++) {
        CHECK_STATUS(ring_fetch(NULL, &failed), WARD_FETCH_UNREACHABLE);
        shortest = i > 0 && ring.refresh.wait < shortest ? ring.refresh.wait : shortest;
    }
    CHECK(shortest > 30u * MINUTE && shortest < 32u * MINUTE);
}

TEST(failures_without_keys_begin_at_ten_seconds)
{
    ring_usual();
    ring_begin();
    check_back_off(NULL, 0, 5, 10);
    check_back_off(NULL, 0, 10, 20);
    check_back_off(NULL, 0, 20, 40);
}

TEST(the_issuers_retry_after_is_heeded_up_to_an_hour)
{
    begin();
    check_back_off(NULL, 3000, 3000, 3900);
    check_back_off(NULL, 1000000, 3600, 5400);
    check_back_off(NULL, 1, 1800, 3600);
}

TEST(retry_after_counts_for_unknown_kids_too)
{
    struct ward_fetch_answer answer = ring_failed(WARD_FETCH_HTTP_STATUS);
    answer.retry_after = 500;
    begin();
    CHECK_STATUS(ring_fetch(NULL, &answer), WARD_FETCH_HTTP_STATUS);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 500);
    ring_pass(400 * SECOND);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 100);
    ring_pass(100 * SECOND);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 3);
    answer.retry_after = 10;
    ring_until_fetch();
    CHECK_STATUS(ring_fetch(NULL, &answer), WARD_FETCH_HTTP_STATUS);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 60);
}

TEST(retry_after_counts_for_unknown_kids_without_a_cooldown_too)
{
    struct ward_fetch_answer answer = ring_failed(WARD_FETCH_HTTP_STATUS);
    begin();
    answer.retry_after = 10;
    CHECK_STATUS(ring_fetch(NULL, &answer), WARD_FETCH_HTTP_STATUS);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 10);
    answer.retry_after = 3700;
    CHECK_STATUS(ring_fetch(NULL, &answer), WARD_FETCH_HTTP_STATUS);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 3600);
}

TEST(retry_after_of_a_good_answer_counts_for_nothing)
{
    struct ward_fetch_answer answer = ring_good;
    begin();
    answer.retry_after = 500;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &answer), WARD_OK);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 3);
}

/* Fresh keys that did not have a kid stay fresh until the cooldown is over. */
TEST(a_refresh_that_was_not_asked_for_takes_nothing_back)
{
    struct ward_fetch_answer failed = ring_failed(WARD_FETCH_HTTP_STATUS);
    begin();
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ring_fill("ab");
    ring_ask("c", WARD_KEY_UNKNOWN);
    CHECK_STATUS(ring_fetch(NULL, &failed), WARD_FETCH_HTTP_STATUS);
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(30 * SECOND);
    failed.retry_after = 30;
    CHECK_STATUS(ring_fetch(NULL, &failed), WARD_FETCH_HTTP_STATUS);
    ring_ask("c", WARD_KEY_UNKNOWN);
}

TEST(the_wanted_key_comes_first_when_slots_are_short)
{
    begin();
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ring_until_fetch();
    CHECK_STATUS(ring_fetch(ring_set("abc"), &ring_good), WARD_OK);
    CHECK(ward_jwks_find(ward_keyring_keys(&ring), text("c")) != NULL);
    CHECK_NUMBER(ring.wanted.count, 0);
}

TEST(the_date_of_a_good_answer_is_the_time_of_the_fetch)
{
    struct ward_fetch_answer dated = ring_good;
    begin();
    ring_time.trust = WARD_TIME_UNKNOWN;
    dated.date = NOW + 777;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW + 777);
    dated.status = ward_status_of(WARD_FETCH_CUT_OFF);
    dated.date = NOW + 999;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_FETCH_CUT_OFF);
    CHECK_NUMBER(ring.fetched_at, NOW + 777);
}

/* As after a boot without a record: no record has raised the floor. */
static void begin_at_build(void)
{
    begin();
    ring.clock.floor = ring_config.build_time;
}

/* The answer of a server whose certificate is good from NOW - 1000 to NOW + 1000. */
static uint32_t fetch_dated(uint64_t date)
{
    struct ward_fetch_answer answer = ring_good;
    answer.date = date;
    answer.valid_from = NOW - 1000;
    answer.valid_until = NOW + 1000;
    return ring_fetch(ring_set("bc"), &answer).code;
}

TEST(without_a_clock_the_date_must_lie_within_the_certificates_validity)
{
    static const struct ward_time clocks[] = { { 0, WARD_TIME_UNKNOWN },
                                               { 946684800u, WARD_TIME_SET },
                                               { NOW, WARD_TIME_FLOOR } };
    static const uint64_t wrong[] = { 0, NOW - 1001, NOW + 1001 };
    static const uint64_t right[] = { NOW - 1000, NOW, NOW + 1000 };
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++) {
            begin_at_build();
            ring_time = clocks[i];
            CHECK_NUMBER(fetch_dated(wrong[j]), WARD_KEYS_UNDATED);
            CHECK(memcmp(&before, ward_keyring_keys(&ring), sizeof before) == 0);
            CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_FLOOR);
            CHECK_NUMBER(fetch_dated(right[j]), WARD_OK);
            CHECK(ring_has("bc"));
            CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, right[j]);
        }
    }
}

TEST(with_a_clock_the_certificate_was_judged_by_it_and_the_date_is_not_needed)
{
    begin_at_build();
    CHECK_NUMBER(fetch_dated(0), WARD_OK);
    CHECK_NUMBER(fetch_dated(NOW + 100000), WARD_OK);
}

TEST(a_port_that_does_not_know_the_validity_is_believed)
{
    struct ward_fetch_answer answer = ring_good;
    begin_at_build();
    ring_time.trust = WARD_TIME_UNKNOWN;
    answer.valid_from = NOW + 5000;
    CHECK_STATUS(ring_fetch(ring_set("bc"), &answer), WARD_OK);
}

/* Caches that renew `Date` and still send `Age` exist; so do issuers whose `Date` is ahead. */
TEST(no_answer_overrules_a_clock_that_is_valid)
{
    struct ward_fetch_answer ahead = ring_good;
    begin_at_build();
    ahead.date = NOW + 14000;
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(ring_fetch(ring_set("ab"), &ahead), WARD_OK);
        CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, ring_time.seconds);
        CHECK_NUMBER(ward_keyring_fetched_at(&ring), ring_time.seconds);
    }
    CHECK_NUMBER(ring.clock.floor, ring_config.build_time);
    /* Without it they agree. */
    ring_time.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &ahead), WARD_OK);
    CHECK_NUMBER(ring.clock.floor, NOW + 14000 - 300);
}

TEST(an_age_keeps_the_time_told_from_going_back)
{
    struct ward_fetch_answer answer = ring_good;
    begin_at_build();
    ring_time.trust = WARD_TIME_UNKNOWN;
    answer.date = NOW + 5000;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &answer), WARD_OK);
    answer.date = NOW;
    answer.aged = true;
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(ring_fetch(ring_set("ab"), &answer), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + 5000);
    answer.aged = false;
    for (int i = 0; i < 2; i++)
        CHECK_STATUS(ring_fetch(ring_set("ab"), &answer), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW);
}

SUITE(keyring_fetch, CASE(a_good_set_takes_the_place_of_the_old_one),
      CASE(the_same_keys_in_another_order_change_nothing), CASE(a_key_under_an_old_kid_is_another_key),
      CASE(as_many_keys_as_there_are_slots_are_compared_and_no_more), CASE(hostile_bodies_change_nothing),
      CASE(a_kid_with_two_keys_changes_nothing), CASE(a_set_that_is_cut_off_anywhere_changes_nothing),
      CASE(a_set_longer_than_the_limit_changes_nothing_and_stays_refused),
      CASE(each_failure_of_the_platform_is_given_back_and_changes_nothing),
      CASE(an_end_without_a_begin_changes_nothing), CASE(max_age_counts_within_its_borders_less_up_to_a_quarter),
      CASE(waits_are_spread_by_up_to_a_quarter), CASE(failures_back_off_to_an_hour_while_keys_serve),
      CASE(waits_after_failures_are_spread_by_up_to_a_half), CASE(failures_without_keys_begin_at_ten_seconds),
      CASE(the_issuers_retry_after_is_heeded_up_to_an_hour), CASE(retry_after_counts_for_unknown_kids_too),
      CASE(retry_after_counts_for_unknown_kids_without_a_cooldown_too),
      CASE(retry_after_of_a_good_answer_counts_for_nothing), CASE(a_refresh_that_was_not_asked_for_takes_nothing_back),
      CASE(the_wanted_key_comes_first_when_slots_are_short), CASE(the_date_of_a_good_answer_is_the_time_of_the_fetch),
      CASE(without_a_clock_the_date_must_lie_within_the_certificates_validity),
      CASE(with_a_clock_the_certificate_was_judged_by_it_and_the_date_is_not_needed),
      CASE(a_port_that_does_not_know_the_validity_is_believed), CASE(no_answer_overrules_a_clock_that_is_valid),
      CASE(an_age_keeps_the_time_told_from_going_back));
