/* SPDX-License-Identifier: Apache-2.0 */
#include "keyring_fixture.h"

#include "keys/keyring.h"

static const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };

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
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ring_ask("d", WARD_KEY_REFRESH_PENDING);
    ring_until_fetch();
    CHECK_NUMBER(ring.wanted.count, 2);
    ring_fill("ab");
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(60 * SECOND - 1);
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(1);
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
}

TEST(the_cooldown_is_a_field_of_the_configuration)
{
    ring_usual();
    ring_config.cooldown = 5;
    ring_begin();
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ring_until_fetch();
    ring_fill("ab");
    ring_pass(4999);
    ring_ask("c", WARD_KEY_UNKNOWN);
    ring_pass(1);
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
}

TEST(a_refresh_that_failed_leaves_the_key_awaited)
{
    begin_filled();
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ring_until_fetch();
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_UNREACHABLE);
    CHECK_STATUS(ring_fetch(NULL, &failed), WARD_FETCH_UNREACHABLE);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 60);
    ring_pass(999);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 60);
    ring_pass(1);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 59);
    ring_pass(29 * SECOND);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 30);
    CHECK(ring_next().task != WARD_KEYRING_FETCH);
}

TEST(a_usual_refresh_takes_nothing_from_the_cooldown)
{
    begin_filled();
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
}

TEST(a_kid_that_no_slot_can_hold_is_not_asked_for)
{
    static char kid[WARD_MAX_KID + 2];
    begin_filled();
    memset(kid, 'k', WARD_MAX_KID + 1);
    ring_ask(kid, WARD_KEY_UNKNOWN);
    kid[WARD_MAX_KID] = '\0';
    ring_ask(kid, WARD_KEY_REFRESH_PENDING);
}

TEST(while_a_fetch_runs_everybody_waits_for_it)
{
    begin_filled();
    ring_pass(2 * HOUR);
    ward_keyring_fetch_begin(&ring);
    CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), 3);
    for (ring_config.cooldown = 1; ring_config.cooldown < 5; ring_config.cooldown++)
        CHECK_NUMBER(ring_ask("c", WARD_KEY_REFRESH_PENDING), ring_config.cooldown < 3 ? ring_config.cooldown : 3);
    ring_config.cooldown = 0;
    CHECK(ring_next().task != WARD_KEYRING_FETCH);
    CHECK(ring_next().wait > 0 || ring_next().task == WARD_KEYRING_STORE);
}

TEST(while_a_fetch_runs_nothing_waits_for_the_next_one)
{
    begin_filled();
    ring_store(0);
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
    ring.change = WARD_CHANGE_NONE;
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    CHECK(ring_next().wait > 0 && ring_next().wait < SECOND);
    /* Nor is one under way then, whoever asks: the next one waits for the check alone. */
    CHECK(ring_ask("z", WARD_KEY_REFRESH_PENDING) > 0);
    ward_keyring_fetch_begin(&ring);
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

/* What happened until now is told. */
static void clear_notices(void)
{
    while (ward_keyring_take_notice(&ring).code != WARD_NO_RESULT)
        continue;
}

static void wait_for_check(uint32_t wait)
{
    ring_pass(wait);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
}

/* A check with the keys in use, which others have replaced since, so that it is in the way of the refresh that is due. */
static const struct ward_jwks *hold_up(const char *keys, uint8_t slot)
{
    const struct ward_jwks *const held = ward_keyring_enter(&ring);
    ring_fill(keys);
    ring_pass(2 * HOUR);
    ring_store(slot);
    return held;
}

/* For a minute; what happened before is told. */
static const struct ward_jwks *hold_up_too_long(void)
{
    begin_filled();
    const struct ward_jwks *const held = hold_up("bc", 0);
    clear_notices();
    wait_for_check(0);
    wait_for_check(MINUTE - 1);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    wait_for_check(1);
    return held;
}

TEST(a_check_that_is_forgotten_is_told_of_once_for_each_refresh_that_waits)
{
    const struct ward_jwks *forgotten = hold_up_too_long();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_HELD);
    wait_for_check(HOUR);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ward_keyring_leave(&ring, forgotten);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_FETCH);
    forgotten = hold_up("cd", 1);
    clear_notices();
    wait_for_check(0);
    wait_for_check(MINUTE);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_HELD);
    ward_keyring_leave(&ring, forgotten);
}

TEST(a_check_that_ends_late_is_not_told_of_when_it_has)
{
    ward_keyring_leave(&ring, hold_up_too_long());
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
}

/* A runner that looks for news seldom: the first one has ended, and nobody looked between. */
TEST(each_forgotten_check_is_told_of_however_seldom_news_are_asked_for)
{
    const struct ward_jwks *forgotten = hold_up_too_long();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_HELD);
    ward_keyring_leave(&ring, forgotten);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_FETCH);
    forgotten = hold_up("cd", 1);
    wait_for_check(0);
    wait_for_check(MINUTE);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_HELD);
    ward_keyring_leave(&ring, forgotten);
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
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ring_fill("ab");
    ring_ask("c", WARD_KEY_UNKNOWN);
    go_round();
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
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
    ring_ask("c", WARD_KEY_REFRESH_PENDING);
    ward_keyring_leave(&ring, ward_keyring_enter(&ring));
    ward_keyring_mark_used(&ring, &ward_keyring_keys(&ring)->key[0]);
    (void)ward_keyring_spare_keys(&ring);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    ward_keyring_touch(&ring);
    ward_keyring_set_floor(&ring, NOW);
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_OK);
    (void)ward_keyring_time(&ring, ring_time, ring_uptime);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), ring_time.seconds);
    ward_keyring_pack(&ring, ring_time, ring_uptime, &packed);
    ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
    (void)ring_next();
    CHECK_NUMBER(locked, 0);
    CHECK(turns > 12);
}

SUITE(keyring_serving, CASE(an_unknown_kid_is_fetched_for_once_in_a_cooldown),
      CASE(the_cooldown_is_a_field_of_the_configuration), CASE(a_refresh_that_failed_leaves_the_key_awaited),
      CASE(a_usual_refresh_takes_nothing_from_the_cooldown), CASE(a_kid_that_no_slot_can_hold_is_not_asked_for),
      CASE(while_a_fetch_runs_everybody_waits_for_it), CASE(while_a_fetch_runs_nothing_waits_for_the_next_one),
      CASE(a_check_ends_with_the_keys_it_began_with),
      CASE(a_check_that_is_forgotten_is_told_of_once_for_each_refresh_that_waits),
      CASE(a_check_that_ends_late_is_not_told_of_when_it_has),
      CASE(each_forgotten_check_is_told_of_however_seldom_news_are_asked_for),
      CASE(checks_with_keys_in_flash_hold_nothing_up), CASE(fetched_keys_serve_for_a_week),
      CASE(a_clock_that_was_ahead_and_is_mended_makes_no_key_younger_than_now),
      CASE(the_best_time_that_is_known_is_told), CASE(the_time_told_goes_on_when_the_uptime_goes_round),
      CASE(a_cooldown_that_is_over_does_not_begin_again_when_the_uptime_goes_round),
      CASE(a_runner_that_was_away_for_months_goes_on), CASE(every_look_is_made_with_the_lock_held_once));
