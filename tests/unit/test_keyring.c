#include "ring.h"

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
    static const char *const urls[] = { "http://a/", "https://", "https:/a", "https://a b", "https://a\x7f", "https://\xc3\xa4", "HTTPS://a" };
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
        const struct ward_keyring_want want = ring_next();
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
    const struct ward_keyring_want want = ring_next();
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
        const struct ward_keyring_want want = ring_next();
        CHECK(want.task != WARD_KEYRING_FETCH);
        if (want.task == WARD_KEYRING_STORE)
            ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
        ring_pass(want.wait);
    }
    ring_ask("c", WARD_KEY_UNKNOWN);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(UINT64_MAX / 2)), WARD_OK);
}

/* ---- Storing. */

static void expect_store(uint8_t slot)
{
    static struct ward_record record;
    const struct ward_keyring_want want = ring_next();
    CHECK_NUMBER(want.task, WARD_KEYRING_STORE);
    CHECK_NUMBER(want.slot, slot);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_OK);
    ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
}

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
    expect_store(0);
    ring_pass(DAY - 1);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(1);
    expect_store(1);
    ring_pass(DAY);
    expect_store(0);
}

TEST(what_is_never_fetched_is_not_waited_for)
{
    begin_provisioned();
    ring_pass(MINUTE);
    expect_store(0);
    CHECK(ring.refresh.wait < HOUR);
    CHECK_NUMBER(ring_next().wait, HOUR);
}

TEST(nothing_is_written_when_nothing_changed)
{
    begin_provisioned();
    ring_time = unknown;
    ring_pass(MINUTE);
    ring_time = unknown;
    expect_store(0);
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
    expect_store(0);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ward_keyring_set_floor(&ring, NOW - 50);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW - 50);
    expect_store(1);
}

TEST(what_failed_to_be_stored_is_tried_again_in_the_same_slot_after_ten_minutes)
{
    static struct ward_record record;
    begin_provisioned();
    ward_keyring_touch(&ring);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &record), WARD_OK);
    ward_keyring_stored(&ring, ward_status_of(WARD_RECORD_NOT_STORED), ring_uptime);
    ward_keyring_touch(&ring);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(10 * MINUTE - 1);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(1);
    expect_store(0);
}

/* ---- Unknown kids. */

static void begin_filled(void)
{
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ring_fill("ab");
    CHECK(ring_has("ab"));
}

TEST(an_unknown_kid_is_fetched_for_once_in_a_cooldown)
{
    begin_filled();
    ring_ask("c", WARD_KEY_AWAITED);
    ring_ask("d", WARD_KEY_AWAITED);
    ring_until_fetch();
    CHECK_TEXT(ward_text_of(ring.wanted, ring.wanted_length), "c");
    ring_fill("ab");
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(60 * SECOND - 1);
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(1);
    ring_ask("c", WARD_KEY_AWAITED);
}

TEST(the_cooldown_is_a_field_of_the_configuration)
{
    ring_usual();
    ring_config.cooldown = 5;
    ring_begin();
    ring_ask("c", WARD_KEY_AWAITED);
    ring_until_fetch();
    ring_fill("ab");
    ring_pass(4999);
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(1);
    ring_ask("c", WARD_KEY_AWAITED);
}

TEST(a_refresh_that_failed_leaves_the_key_awaited)
{
    begin_filled();
    ring_ask("c", WARD_KEY_AWAITED);
    ring_until_fetch();
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_UNREACHABLE);
    CHECK_STATUS(ring_fetch(NULL, &failed), WARD_FETCH_UNREACHABLE);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_AWAITED), 60);
    ring_pass(999);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_AWAITED), 60);
    ring_pass(1);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_AWAITED), 59);
    ring_pass(29 * SECOND);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_AWAITED), 30);
    CHECK(ring_next().task != WARD_KEYRING_FETCH);
}

TEST(a_usual_refresh_takes_nothing_from_the_cooldown)
{
    begin_filled();
    ring_ask("c", WARD_KEY_AWAITED);
}

TEST(a_kid_that_no_slot_can_hold_is_not_asked_for)
{
    static char kid[WARD_MAX_KID + 2];
    begin_filled();
    memset(kid, 'k', WARD_MAX_KID + 1);
    ring_ask(kid, WARD_KEY_UNKNOWN);
    kid[WARD_MAX_KID] = '\0';
    ring_ask(kid, WARD_KEY_AWAITED);
}

TEST(while_a_fetch_runs_everybody_waits_for_it)
{
    begin_filled();
    ring_pass(2 * HOUR);
    ward_keyring_fetch_begin(&ring);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_AWAITED), 3);
    for (ring_config.cooldown = 1; ring_config.cooldown < 5; ring_config.cooldown++)
        CHECK_NUMBER(ring_ask("c", WARD_KEY_AWAITED), ring_config.cooldown < 3 ? ring_config.cooldown : 3);
    ring_config.cooldown = 0;
    CHECK(ring_next().task != WARD_KEYRING_FETCH);
    CHECK(ring_next().wait > 0 || ring_next().task == WARD_KEYRING_STORE);
}

TEST(while_a_fetch_runs_nothing_waits_for_the_next_one)
{
    begin_filled();
    expect_store(0);
    CHECK(ring_next().wait < HOUR);
    ward_keyring_fetch_begin(&ring);
    CHECK_NUMBER(ring_next().wait, HOUR);
}

/* ---- Checks that run. */

TEST(a_check_ends_with_the_keys_it_began_with)
{
    begin_filled();
    const struct ward_jwks *const before = ward_keyring_enter(&ring);
    ring_fill("bc");
    CHECK(ring_has("bc"));
    CHECK_TEXT(ward_text_of(before->key[0].kid, before->key[0].kid_length), "a");
    ring_pass(2 * HOUR);
    /* Its set would be the next to be overwritten: no fetch is wanted, and one that begins all the same brings nothing. */
    CHECK(ring_next().task == WARD_KEYRING_STORE);
    ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
    ring.urgent = false;
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    CHECK(ring_next().wait > 0 && ring_next().wait < SECOND);
    CHECK_STATUS(ring_fetch(ring_set("a"), &ring_good), WARD_JSON_MALFORMED);
    CHECK(ring_has("bc"));
    CHECK_TEXT(ward_text_of(before->key[0].kid, before->key[0].kid_length), "a");
    ward_keyring_leave(&ring, before);
    ring_pass(2 * HOUR);
    ring_until_fetch();
    ring_fill("a");
    CHECK(ring_has("a"));
}

TEST(checks_with_keys_in_flash_hold_nothing_up)
{
    ring_usual();
    ring_config.compiled = usual_keys();
    ring_begin();
    const struct ward_jwks *const set = ward_keyring_enter(&ring);
    CHECK(set == usual_keys());
    ring_until_fetch();
    ring_fill("c");
    ward_keyring_leave(&ring, set);
    CHECK(ring_has("c"));
}

/* ---- How long keys serve. */

TEST(fetched_keys_serve_for_a_week)
{
    begin_filled();
    const uint64_t fetched = ring_time.seconds;
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(fetched + 7u * 86400u)), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(fetched + 7u * 86400u + 1u)), WARD_KEYS_STALE);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(fetched - 1000)), WARD_OK);
    ring_config.max_stale = 3600;
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(fetched + 3601u)), WARD_KEYS_STALE);
    ring.fetched_at = 1;
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_STALE);
    ring.fetched_at = 0;
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_OK);
}

TEST(a_clock_that_was_ahead_and_is_mended_makes_no_key_younger_than_now)
{
    begin_filled();
    ring_time = ward_time_set(NOW + 5000000u);
    ring_fill("ab");
    ring_time = ward_time_set(NOW + 100);
    (void)ring_next();
    CHECK_NUMBER(ring.fetched_at, NOW + 100);
}

TEST(the_best_time_that_is_known_is_told)
{
    begin_filled();
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, ring_time.seconds);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).trust, WARD_TIME_FLOOR);
    struct ward_fetch_answer dated = ring_good;
    dated.date = NOW + 1000;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime + 5000).seconds, NOW + 1005);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).trust, WARD_TIME_SET);
}

/* The uptime goes round in 49 days and 17 hours. */
static void go_round(void)
{
    for (int quarter = 0; quarter < 4; quarter++) {
        ring_pass(UINT32_MAX / 4 + 1);
        ring_time = unknown;
        (void)ring_next();
    }
}

TEST(the_time_told_goes_on_when_the_uptime_goes_round)
{
    begin_filled();
    struct ward_fetch_answer dated = ring_good;
    dated.date = NOW + 1000;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    go_round();
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW + 1000 + UINT32_MAX / 1000);
}

TEST(a_cooldown_that_is_over_does_not_begin_again_when_the_uptime_goes_round)
{
    begin_filled();
    ring_ask("c", WARD_KEY_AWAITED);
    ring_fill("ab");
    ring_ask("c", WARD_KEY_UNKNOWN);
    go_round();
    ring_ask("c", WARD_KEY_AWAITED);
}

TEST(a_runner_that_was_away_for_months_goes_on)
{
    begin_filled();
    for (int i = 0; i < 20; i++) {
        ring_pass(UINT32_MAX - 1000);
        ring_until_fetch();
        ring_fill("ab");
    }
    CHECK(ring_has("ab"));
}

/* ---- The lock. */

static int locked;
static unsigned turns;

static struct ward_record packed;

static void lock(void *context)
{
    CHECK(context == &locked);
    CHECK_NUMBER(locked++, 0);
    turns++;
}

static void unlock(void *context)
{
    CHECK(context == &locked);
    CHECK_NUMBER(locked--, 1);
}

TEST(every_look_is_made_with_the_lock_held_once)
{
    ring_usual();
    ring_config.hooks.lock = lock;
    ring_config.hooks.unlock = unlock;
    ring_config.hooks.context = &locked;
    turns = 0;
    ring_begin();
    ring_until_fetch();
    ring_fill("ab");
    ring_ask("c", WARD_KEY_AWAITED);
    ward_keyring_leave(&ring, ward_keyring_enter(&ring));
    ward_keyring_used(&ring, &ward_keyring_keys(&ring)->key[0]);
    (void)ward_keyring_runway(&ring);
    CHECK_STATUS(ward_keyring_news(&ring), WARD_KEYS_CHANGED);
    ward_keyring_touch(&ring);
    ward_keyring_set_floor(&ring, NOW);
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_OK);
    (void)ward_keyring_time(&ring, ring_time, ring_uptime);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), ring_time.seconds);
    CHECK_STATUS(ward_keyring_pack(&ring, ring_time, ring_uptime, &test_work, &packed), WARD_OK);
    ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
    (void)ring_next();
    CHECK_NUMBER(locked, 0);
    CHECK(turns > 12);
}

SUITE(keyring, CASE(a_configuration_names_its_wrong_field), CASE(numbers_of_a_configuration_have_their_borders),
      CASE(a_keyring_that_was_refused_wants_nothing), CASE(without_keys_the_first_fetch_comes_within_ten_seconds),
      CASE(with_compiled_keys_it_may_come_any_time_within_the_hour),
      CASE(chance_goes_through_all_numbers_but_0), CASE(one_compiled_key_can_wait_as_well),
      CASE(what_cannot_serve_is_hurried_only_where_it_would_wait_for_longer),
      CASE(keys_without_a_clock_are_hurried_for_the_sake_of_the_date), CASE(a_provisioned_keyring_never_fetches),
      CASE(a_boot_is_stored_after_a_minute_and_the_time_once_a_day_in_turn), CASE(what_is_never_fetched_is_not_waited_for),
      CASE(nothing_is_written_when_nothing_changed),
      CASE(what_must_not_be_lost_is_stored_at_once),
      CASE(what_failed_to_be_stored_is_tried_again_in_the_same_slot_after_ten_minutes),
      CASE(an_unknown_kid_is_fetched_for_once_in_a_cooldown), CASE(the_cooldown_is_a_field_of_the_configuration),
      CASE(a_refresh_that_failed_leaves_the_key_awaited), CASE(a_usual_refresh_takes_nothing_from_the_cooldown),
      CASE(a_kid_that_no_slot_can_hold_is_not_asked_for), CASE(while_a_fetch_runs_everybody_waits_for_it),
      CASE(while_a_fetch_runs_nothing_waits_for_the_next_one),
      CASE(a_check_ends_with_the_keys_it_began_with), CASE(checks_with_keys_in_flash_hold_nothing_up),
      CASE(fetched_keys_serve_for_a_week), CASE(a_clock_that_was_ahead_and_is_mended_makes_no_key_younger_than_now),
      CASE(the_best_time_that_is_known_is_told), CASE(the_time_told_goes_on_when_the_uptime_goes_round),
      CASE(a_cooldown_that_is_over_does_not_begin_again_when_the_uptime_goes_round),
      CASE(a_runner_that_was_away_for_months_goes_on),
      CASE(every_look_is_made_with_the_lock_held_once));
