/* SPDX-License-Identifier: Apache-2.0 */
#include "keyring_fixture.h"

#include "keys/keyring.h"

static const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };

/* ---- Configuration. */

static enum ward_code refused(void)
{
    const struct ward_status status = ward_keyring_begin(&ring, &ring_config, 7, 0);
    CHECK(ward_ok(status) || ward_keyring_keys(&ring)->count == 0);
    ring_usual();
    return (enum ward_code)status.code;
}

TEST(a_configuration_names_its_wrong_field)
{
    static char long_text[257];
    static const char *const urls[] = { "http://a/",     "https://",         "https:/a", "https://a b",
                                        "https://a\x7f", "https://\xc3\xa4", "HTTPS://a" };
    memset(long_text, 'a', sizeof long_text);
    memcpy(long_text, "https://", 8);
    ring_usual();
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.issuer.length = 0;
    CHECK_NUMBER(refused(), WARD_KEYRING_ISSUER);
    ring_config.issuer = ward_text_of(long_text, 256);
    CHECK_NUMBER(refused(), WARD_KEYRING_ISSUER);
    ring_config.issuer = ward_text_of(long_text, 255);
    CHECK_NUMBER(refused(), WARD_OK);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        ring_config.url = text(urls[i]);
        CHECK_NUMBER(refused(), WARD_KEYRING_URL);
    }
    ring_config.url = ward_text_of(long_text, 256);
    CHECK_NUMBER(refused(), WARD_KEYRING_URL);
    ring_config.url = ward_text_of(long_text, 255);
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.url.length = 0;
    CHECK_NUMBER(refused(), WARD_KEYRING_URL);
    ring_config.url = text("https://a!~");
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.url = text("h");
    ring_config.compiled = usual_keys();
    CHECK_NUMBER(refused(), WARD_KEYRING_URL);
}

TEST(numbers_of_a_configuration_have_their_borders)
{
    ring_usual();
    ring_config.build_time = 1704067199u;
    CHECK_NUMBER(refused(), WARD_KEYRING_BUILD_TIME);
    ring_config.build_time = 1704067200u;
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.build_time = 4102444799u;
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.build_time = 4102444800u;
    CHECK_NUMBER(refused(), WARD_KEYRING_BUILD_TIME);
    ring_config.cooldown = 3600;
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.cooldown = 3601;
    CHECK_NUMBER(refused(), WARD_KEYRING_COOLDOWN);
    ring_config.max_stale = 3599;
    CHECK_NUMBER(refused(), WARD_KEYRING_MAX_STALE);
    ring_config.max_stale = 3600;
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.max_stale = 90u * 86400u;
    CHECK_NUMBER(refused(), WARD_OK);
    ring_config.max_stale = 90u * 86400u + 1u;
    CHECK_NUMBER(refused(), WARD_KEYRING_MAX_STALE);
}

TEST(a_keyring_that_was_refused_wants_nothing)
{
    ring_usual();
    ring_config.issuer.length = 0;
    CHECK_STATUS(ward_keyring_begin(&ring, &ring_config, 7, 0), WARD_KEYRING_ISSUER);
    ring_config.issuer = text(ISSUER);
    for (int i = 0; i < 10; i++) {
        const struct ward_keyring_action want = ring_next();
        CHECK_NUMBER(want.task, WARD_KEYRING_WAIT);
        CHECK(want.wait > 0);
        ring_pass(want.wait);
    }
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_ABSENT);
    ring_ask("a", WARD_KEY_UNKNOWN);
}

/* ---- The first fetch. */

TEST(without_keys_the_first_fetch_comes_within_ten_seconds)
{
    ring_usual();
    ring_begin();
    const uint32_t begin = ring_uptime;
    ring_until_fetch();
    CHECK(ring_uptime - begin <= 10u * SECOND);
    const struct ward_keyring_action want = ring_next();
    CHECK_TEXT(want.url, URL);
    CHECK_NUMBER(want.now, ring_time.seconds);
    CHECK_NUMBER(want.wait, 0);
}

TEST(with_compiled_keys_it_may_come_any_time_within_the_hour)
{
    uint32_t earliest = UINT32_MAX;
    uint32_t latest = 0;
    for (uint32_t seed = 0; seed < 200; seed++) {
        ring_usual();
        ring_config.compiled = usual_keys();
        CHECK_STATUS(ward_keyring_begin(&ring, &ring_config, seed, ring_uptime), WARD_OK);
        CHECK(ring_has("ab"));
        const uint32_t begin = ring_uptime;
        ring_until_fetch();
        const uint32_t waited = ring_uptime - begin;
        earliest = waited < earliest ? waited : earliest;
        latest = waited > latest ? waited : latest;
    }
    CHECK(latest <= (uint32_t)HOUR + MINUTE);
    CHECK(latest > 40u * MINUTE);
    CHECK(earliest < 20u * MINUTE);
}

/* Marsaglia's xorshift: it comes to every number but 0, where it would stay. */
TEST(chance_goes_through_all_numbers_but_0)
{
    for (uint32_t seed = 0; seed < 2; seed++) {
        ring_usual();
        memset(&ring, 0x5a, sizeof ring);
        CHECK_STATUS(ward_keyring_begin(&ring, &ring_config, seed, ring_uptime), WARD_OK);
        /* The ninth number from 1 on. */
        CHECK_NUMBER(ring.random, 2005365029u);
        CHECK_NUMBER(ring_next().wait, 10u * SECOND - 5029u);
    }
}

TEST(one_compiled_key_can_wait_as_well)
{
    static struct ward_jwks one;
    one = *usual_keys();
    one.count = 1;
    ring_usual();
    ring_config.compiled = &one;
    CHECK_STATUS(ward_keyring_begin(&ring, &ring_config, 1, ring_uptime), WARD_OK);
    CHECK_NUMBER(ring.refresh.wait, HOUR - 2005365029u % HOUR);
}

TEST(what_cannot_serve_is_hurried_only_where_it_would_wait_for_longer)
{
    ring_usual();
    ring_begin();
    ring.refresh.wait = 12 * MINUTE;
    (void)ring_next();
    CHECK_NUMBER(ring.refresh.wait, 12 * MINUTE);
    ring_begin();
    ring.refresh.wait = 12 * MINUTE + 1;
    (void)ring_next();
    CHECK(ring.refresh.wait < 12u * MINUTE);
}

TEST(keys_without_a_clock_are_hurried_for_the_sake_of_the_date)
{
    ring_usual();
    ring_config.compiled = usual_keys();
    ring_begin();
    ring_time = unknown;
    const uint32_t begin = ring_uptime;
    ring_until_fetch();
    CHECK(ring_uptime - begin <= 13u * MINUTE);
}

TEST(a_provisioned_keyring_never_fetches)
{
    ring_usual();
    ring_config.url.length = 0;
    ring_config.compiled = usual_keys();
    ring_begin();
    for (int i = 0; i < 2000; i++) {
        const struct ward_keyring_action want = ring_next();
        CHECK(want.task != WARD_KEYRING_FETCH);
        if (want.task == WARD_KEYRING_STORE)
            ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
        ring_pass(want.wait);
    }
    ring_ask("c", WARD_KEY_UNKNOWN);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(UINT64_MAX / 2)), WARD_OK);
}

/* ---- Storing. */

static void begin_provisioned(void)
{
    ring_usual();
    ring_config.url.length = 0;
    ring_config.compiled = usual_keys();
    ring_begin();
}

TEST(a_boot_is_stored_after_a_minute_and_the_time_once_a_day_in_turn)
{
    begin_provisioned();
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    CHECK_NUMBER(ring_next().wait, MINUTE);
    ring_pass(MINUTE - 1);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    CHECK_NUMBER(ring_next().wait, 1);
    ring_pass(1);
    ring_store(0);
    ring_pass(DAY - 1);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(1);
    ring_store(1);
    ring_pass(DAY);
    ring_store(0);
}

TEST(what_is_never_fetched_is_not_waited_for)
{
    begin_provisioned();
    ring_pass(MINUTE);
    ring_store(0);
    CHECK(ring.refresh.wait < HOUR);
    CHECK_NUMBER(ring_next().wait, HOUR);
}

TEST(nothing_is_written_when_nothing_changed)
{
    begin_provisioned();
    ring_time = unknown;
    ring_pass(MINUTE);
    ring_time = unknown;
    ring_store(0);
    for (int day = 0; day < 10; day++) {
        ring_pass(DAY);
        ring_time = unknown;
        CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    }
}

TEST(what_must_not_be_lost_is_stored_at_once)
{
    begin_provisioned();
    ward_keyring_touch(&ring);
    ring_store(0);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ward_keyring_set_floor(&ring, NOW - 50);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW - 50);
    ring_store(1);
}

TEST(what_failed_to_be_stored_is_tried_again_in_the_same_slot_after_ten_minutes)
{
    static struct ward_record record;
    begin_provisioned();
    ward_keyring_touch(&ring);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    ward_keyring_stored(&ring, ward_status_of(WARD_RECORD_NOT_STORED), ring_uptime);
    ward_keyring_touch(&ring);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(10 * MINUTE - 1);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(1);
    ring_store(0);
}

SUITE(keyring, CASE(a_configuration_names_its_wrong_field), CASE(numbers_of_a_configuration_have_their_borders),
      CASE(a_keyring_that_was_refused_wants_nothing), CASE(without_keys_the_first_fetch_comes_within_ten_seconds),
      CASE(with_compiled_keys_it_may_come_any_time_within_the_hour), CASE(chance_goes_through_all_numbers_but_0),
      CASE(one_compiled_key_can_wait_as_well), CASE(what_cannot_serve_is_hurried_only_where_it_would_wait_for_longer),
      CASE(keys_without_a_clock_are_hurried_for_the_sake_of_the_date), CASE(a_provisioned_keyring_never_fetches),
      CASE(a_boot_is_stored_after_a_minute_and_the_time_once_a_day_in_turn),
      CASE(what_is_never_fetched_is_not_waited_for), CASE(nothing_is_written_when_nothing_changed),
      CASE(what_must_not_be_lost_is_stored_at_once),
      CASE(what_failed_to_be_stored_is_tried_again_in_the_same_slot_after_ten_minutes));
