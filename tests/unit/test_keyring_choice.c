/* SPDX-License-Identifier: Apache-2.0 */
/* An issuer with more keys than there are slots, and strangers who name kids. */
#include "memory_slots.h"
#include "keyring_fixture.h"

#include "keys/choice.h"
#include "keys/keyring.h"

enum { ALL = WARD_MAX_KEYS + 13 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
static char all[ALL + 1];

static void begin(void)
{
    memcpy(all, letters, ALL);
    ring_usual();
    ring_begin();
    ring_until_fetch();
}

static bool holds(char kid)
{
    return ward_jwks_find(ward_keyring_keys(&ring), ward_text_of(&kid, 1)) != NULL;
}

static void use(char kid)
{
    ward_keyring_mark_used(&ring, ward_jwks_find(ward_keyring_keys(&ring), ward_text_of(&kid, 1)));
}

static void ask(char kid)
{
    const char text[] = { kid, '\0' };
    ring_ask(text, WARD_KEY_REFRESH_PENDING);
}

static void fetch_all(void)
{
    CHECK_STATUS(ring_fetch(ring_set(all), &ring_good), WARD_OK);
}

/* ---- A flood. */

static struct {
    uint32_t random;
    uint32_t fetches;
    uint32_t writes;
    uint32_t news[2]; /* KEYS_CHANGED, KEYS_LEFT_OUT */
    uint32_t served;
    uint32_t refused;
    uint32_t first; /* second at which the user was served first */
} flood;

static char forged_kid(char user)
{
    char kid = user;
    while (kid == user) {
        flood.random = flood.random * 1664525u + 1013904223u;
        kid = all[(flood.random >> 16) % ALL];
    }
    return kid;
}

static void run_service(void)
{
    static struct ward_record record;
    const uint32_t news = ward_keyring_take_notice(&ring).code;
    flood.news[0] += news == WARD_KEYS_CHANGED ? 1u : 0u;
    flood.news[1] += news == WARD_KEYS_LEFT_OUT ? 1u : 0u;
    const struct ward_keyring_action want = ring_next();
    if (want.task == WARD_KEYRING_FETCH) {
        flood.fetches++;
        fetch_all();
    } else if (want.task == WARD_KEYRING_STORE) {
        flood.writes++;
        ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
        ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
    }
}

/* A header of this kid; true: its key is there to check it with. */
static bool try(char kid)
{
    uint32_t retry_after;
    if (holds(kid))
        return true;
    CHECK_STATUS(ward_keyring_request_refresh(&ring, ward_text_of(&kid, 1), ring_uptime, &retry_after),
                 WARD_KEY_REFRESH_PENDING);
    return false;
}

static void user_comes(char user, uint32_t second)
{
    if (!try(user)) {
        flood.refused++;
        return;
    }
    use(user);
    if (flood.served++ == 0)
        flood.first = second;
}

/* Two forged headers a second, of keys that exist; the user of another key each ten seconds; the first `busy` keys in use all the time. */
static void run_flood(size_t busy, char user, uint32_t seconds)
{
    memset(&flood, 0, sizeof flood);
    flood.random = (uint32_t)user;
    for (uint32_t second = 1; second <= seconds; second++) {
        ring_pass(SECOND);
        (void)try(forged_kid(user));
        (void)try(forged_kid(user));
        if (second % 10u == 0)
            user_comes(user, second);
        for (size_t i = 0; i < busy; i++)
            CHECK(holds(all[i]));
        run_service();
    }
}

static void begin_busy(size_t busy)
{
    begin();
    fetch_all();
    for (size_t i = 0; i < busy; i++)
        use(all[i]);
}

/* For so many seconds, but at least until each key has had its turn. */
static void check_flood(size_t busy, char user, uint32_t seconds)
{
    const size_t slots = WARD_MAX_KEYS - busy;
    const size_t refreshes = 2u * ((ALL - busy + slots - 1u) / slots);
    const uint32_t least = (uint32_t)refreshes * 60u + 60u;
    begin_busy(busy);
    run_flood(busy, user, seconds > least ? seconds : least);
    CHECK(flood.served > 0 && flood.first <= refreshes * 60u + 20u);
    CHECK(flood.refused <= flood.first / 10u);
    CHECK(flood.fetches <= 61u);
    /* The boot; the first keys; new ones after an hour. */
    CHECK(flood.writes <= 3u);
    CHECK(flood.news[0] <= 2u);
    CHECK_NUMBER(flood.news[1], 1);
}

TEST(whatever_is_asked_for_each_key_has_its_turn_within_its_bound_and_then_stays)
{
    /* An hour where that costs little. */
    check_flood(2, letters[ALL - 1], WARD_HOSTED ? 3600 : 0);
#if WARD_HOSTED
    check_flood(WARD_MAX_KEYS - 1, letters[WARD_MAX_KEYS + 4], 3600);
    for (size_t i = 2; i < ALL; i += 9)
        check_flood(i % 3u, letters[i], 900);
#endif
}

TEST(where_all_slots_are_in_use_nobody_else_gets_one_until_a_key_was_idle_for_a_day)
{
    begin_busy(WARD_MAX_KEYS);
    run_flood(WARD_MAX_KEYS, all[ALL - 1], 180);
    CHECK_NUMBER(flood.served, 0);
    for (int day = 0; day < 2; day++) {
        for (size_t i = 0; day == 0 && i + 1 < WARD_MAX_KEYS; i++)
            use(all[i]);
        ring_pass(DAY);
        (void)ring_next();
        if (day == 0)
            for (size_t i = 0; i + 1 < WARD_MAX_KEYS; i++)
                use(all[i]);
    }
    /* What the flood wanted is over. */
    fetch_all();
    ask(all[ALL - 1]);
    fetch_all();
    CHECK(holds(all[ALL - 1]));
    CHECK(!holds(all[WARD_MAX_KEYS - 1]));
}

/* ---- What is wanted. */

TEST(all_that_are_wanted_come_at_once_where_they_fit)
{
    begin_busy(WARD_MAX_KEYS - 2);
    ask(all[WARD_MAX_KEYS + 3]);
    ring_pass(SECOND);
    ask(all[WARD_MAX_KEYS + 7]);
    ask(all[WARD_MAX_KEYS + 3]);
    fetch_all();
    CHECK(holds(all[WARD_MAX_KEYS + 3]) && holds(all[WARD_MAX_KEYS + 7]));
    for (size_t i = 0; i + 2 < WARD_MAX_KEYS; i++)
        CHECK(holds(all[i]));
    /* And stay while nothing else is wanted. */
    fetch_all();
    CHECK(holds(all[WARD_MAX_KEYS + 3]) && holds(all[WARD_MAX_KEYS + 7]));
}

TEST(what_is_asked_for_during_a_fetch_is_for_the_next_one)
{
    begin_busy(WARD_MAX_KEYS - 1);
    ward_keyring_fetch_begin(&ring);
    ask(all[ALL - 1]);
    CHECK_NUMBER(ring.wanted.count, 1);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, ring_set(all), strlen(ring_set(all)), &test_work), WARD_OK);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &ring_good, ring_time, ring_uptime), WARD_OK);
    CHECK(!holds(all[ALL - 1]));
    fetch_all();
    CHECK(holds(all[ALL - 1]));
}

TEST(of_a_set_that_does_not_fit_a_kid_is_never_said_to_be_unknown)
{
    begin_busy(0);
    CHECK_NUMBER(ward_keyring_left_out(&ring), 13);
    ask('-');
    fetch_all();
    CHECK_NUMBER(ring_ask("-", WARD_KEY_REFRESH_PENDING), 60);
    ring_fill("ab");
    CHECK_NUMBER(ward_keyring_left_out(&ring), 0);
    ring_ask("-", WARD_KEY_UNKNOWN);
}

TEST(that_keys_were_left_out_is_told_once_each_time_it_starts)
{
    begin_busy(0);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_LEFT_OUT);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    fetch_all();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    fetch_all();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_LEFT_OUT);
    /* Also where the same set has removed keys. */
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    CHECK_STATUS(ring_fetch(ring_set(all + 2), &ring_good), WARD_OK);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_LEFT_OUT);
}

/* ---- Keys in use. */

/* It is not among those that the next set keeps until it verifies, while that set is read. */
TEST(a_key_that_verifies_first_while_a_set_is_read_stays)
{
    for (size_t busy = 0; busy < WARD_MAX_KEYS; busy++) {
        begin_busy(busy);
        for (size_t i = WARD_MAX_KEYS; i < WARD_MAX_KEYS + WARD_WANTED_KIDS; i++)
            ask(all[i]);
        ward_keyring_fetch_begin(&ring);
        CHECK_STATUS(ward_keyring_fetch_feed(&ring, ring_set(all), strlen(ring_set(all)), &test_work), WARD_OK);
        for (size_t i = busy; i < WARD_MAX_KEYS; i++)
            use(all[i]);
        CHECK_STATUS(ward_keyring_fetch_end(&ring, &ring_good, ring_time, ring_uptime), WARD_OK);
        for (size_t i = 0; i < WARD_MAX_KEYS; i++)
            CHECK(holds(all[i]));
    }
}

/* A set in the making: a key with one letter as its kid, or none. */
static char made[512 * (WARD_MAX_KEYS + 3)];
static size_t made_length;

static void make_key(enum test_key key, char kid)
{
    const char members[] = { '"', 'k', 'i', 'd', '"', ':', '"', kid, '"', ',', '\0' };
    memcpy(made + made_length, made_length == 0 ? "{\"keys\":[" : ",", made_length == 0 ? 9 : 1);
    made_length += made_length == 0 ? 9u : 1u;
    made_length += jwk_write(made + made_length, key, kid != '\0' ? members : "");
}

static const char *make_end(void)
{
    memcpy(made + made_length, "]}", 3);
    made_length = 0;
    return made;
}

/* As many keys with a kid. */
static void make_keys(size_t count)
{
    for (size_t i = 0; i < count; i++)
        make_key(KEY_A, letters[i]);
}

TEST(keys_without_a_kid_have_no_turn)
{
    begin();
    for (int i = 0; i < 2; i++) {
        for (size_t j = 0; j <= WARD_MAX_KEYS; j++)
            ward_wanted_add(&ring.wanted, ward_text_of(letters + 20 + j, 1));
        make_key(KEY_B, '\0');
        make_keys(WARD_MAX_KEYS - 1);
        CHECK_STATUS(ring_fetch(make_end(), &ring_good), WARD_OK);
    }
    CHECK(ring.reader.choice.in_turn);
    CHECK_NUMBER(ring.turn, 0);
}

/* They give way first, also to one of them that verifies while the set is read. */
TEST(a_key_without_a_kid_that_verifies_while_a_set_is_read_takes_the_place_of_another_one)
{
    begin();
    make_key(KEY_C, '\0');
    make_keys(WARD_MAX_KEYS - 1);
    CHECK_STATUS(ring_fetch(make_end(), &ring_good), WARD_OK);
    const struct ward_key used = ward_keyring_keys(&ring)->key[0];
    make_key(KEY_B, '\0');
    make_key(KEY_C, '\0');
    make_keys(WARD_MAX_KEYS - 1);
    const char *const set = make_end();
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, set, strlen(set), &test_work), WARD_OK);
    ward_keyring_mark_used(&ring, &ward_keyring_keys(&ring)->key[0]);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &ring_good, ring_time, ring_uptime), WARD_OK);
    CHECK(ward_jwks_find(ward_keyring_keys(&ring), text("a")) != NULL);
    CHECK(memcmp(&ward_keyring_keys(&ring)->key[0], &used, sizeof used) == 0);
}

TEST(a_key_in_use_that_the_issuer_has_removed_is_gone)
{
    begin_busy(WARD_MAX_KEYS);
    CHECK_STATUS(ring_fetch(ring_set(all + 1), &ring_good), WARD_OK);
    CHECK(!holds(all[0]) && holds(all[1]));
    CHECK_NUMBER(ring.active[0], ((uint64_t)1 << (WARD_MAX_KEYS - 1)) - 1);
}

TEST(a_key_counts_as_in_use_for_a_day_and_two_at_most)
{
    begin_busy(1);
    ring.day.since = ring_uptime;
    ring_pass(DAY - 1);
    (void)ring_next();
    use('b');
    ring_pass(1);
    (void)ring_next();
    CHECK_NUMBER(ward_keyring_in_use(&ring), 3);
    ring_pass(DAY - 1);
    (void)ring_next();
    CHECK_NUMBER(ward_keyring_in_use(&ring), 3);
    ring_pass(1);
    (void)ring_next();
    CHECK_NUMBER(ward_keyring_in_use(&ring), 0);
    CHECK_NUMBER(ring.used, 3);
}

TEST(after_a_boot_keys_that_were_ever_used_count_as_in_use)
{
    static struct ward_record record;
    begin_busy(2);
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    memory_begin();
    memory_store(0, &record);
    ring_begin();
    CHECK_STATUS(ward_keyring_open(&ring, &memory_slots, ring_uptime, &test_work), WARD_OK);
    CHECK_NUMBER(ward_keyring_in_use(&ring), 3);
    ring_pass(DAY);
    (void)ring_next();
    CHECK_NUMBER(ward_keyring_in_use(&ring), 3);
    ring_pass(DAY);
    (void)ring_next();
    CHECK_NUMBER(ward_keyring_in_use(&ring), 0);
}

/* ---- How much a key matters. */

TEST(what_a_key_is_decides_before_its_lot_and_its_turn)
{
    struct ward_jwks_choice choice;
    memset(&choice, 0, sizeof choice);
    ward_wanted_clear(&choice.wanted, 7);
    ward_wanted_add(&choice.wanted, text("w"));
    ward_wanted_add(&choice.wanted, text(""));
    CHECK_NUMBER(choice.wanted.count, 1);
    for (size_t i = 0; i < 2; i++) {
        choice.in_turn = i == 1;
        const uint64_t none = ward_choice_worth(&choice, text(""), true, true);
        const uint64_t any = ward_choice_worth(&choice, text("x"), false, false);
        const uint64_t held = ward_choice_worth(&choice, text("x"), true, false);
        const uint64_t wanted = ward_choice_worth(&choice, text("w"), false, false);
        const uint64_t in_use = ward_choice_worth(&choice, text("x"), true, true);
        CHECK(none < any && any < in_use && wanted < in_use);
        CHECK(choice.in_turn ? any == held : any < held && held < wanted);
    }
}

TEST(a_turn_starts_at_its_place_and_goes_round)
{
    struct ward_jwks_choice choice;
    memset(&choice, 0, sizeof choice);
    choice.in_turn = true;
    choice.turn = ward_choice_place(text("a"));
    const uint64_t first = ward_choice_worth(&choice, text("a"), false, false);
    CHECK(first > ward_choice_worth(&choice, text("b"), false, false));
    choice.turn++;
    CHECK(first > ward_choice_worth(&choice, text("a"), false, false));
    CHECK(ward_choice_worth(&choice, text("b"), false, false) > ward_choice_worth(&choice, text("a"), false, false));
}

/* FNV-1a's own numbers. */
TEST(the_place_of_a_kid_is_its_hash)
{
    CHECK_NUMBER(ward_choice_place(text("")), 0x811c9dc5u);
    CHECK_NUMBER(ward_choice_place(text("a")), 0xe40c292cu);
    CHECK_NUMBER(ward_choice_place(text("foobar")), 0xbf9cf968u);
    CHECK_NUMBER(ward_choice_place(text("\xff")), (0x811c9dc5u ^ 0xffu) * 16777619u);
}

/* However often one of six kids is asked for, each has a chance that does not depend on that. */
TEST(each_kid_draws_one_lot_however_often_it_is_asked_for)
{
    uint32_t won[6] = { 0 };
    struct ward_jwks_wanted wanted;
    for (uint32_t salt = 0; salt < 600; salt++) {
        ward_wanted_clear(&wanted, salt * 2654435761u);
        for (size_t i = 0; i < 60; i++)
            ward_wanted_add(&wanted, ward_text_of(letters + (i < 50 ? i % 5u : 5u), 1));
        CHECK_NUMBER(wanted.count, WARD_WANTED_KIDS);
        CHECK(wanted.crowded);
        const struct ward_jwks_choice choice = { .wanted = wanted };
        for (size_t i = 0; i < 6; i++)
            won[i] += ward_choice_worth(&choice, ward_text_of(letters + i, 1), false, false) >> 32 == 3u ? 1u : 0u;
    }
    for (size_t i = 0; i < 6; i++)
        CHECK(won[i] > 340u && won[i] < 460u);
    ward_wanted_clear(&wanted, 0);
    for (size_t i = 0; i < 60; i++)
        ward_wanted_add(&wanted, ward_text_of(letters + i % WARD_WANTED_KIDS, 1));
    CHECK(!wanted.crowded);
}

SUITE(keyring_choice, CASE(whatever_is_asked_for_each_key_has_its_turn_within_its_bound_and_then_stays),
      CASE(where_all_slots_are_in_use_nobody_else_gets_one_until_a_key_was_idle_for_a_day),
      CASE(all_that_are_wanted_come_at_once_where_they_fit), CASE(what_is_asked_for_during_a_fetch_is_for_the_next_one),
      CASE(of_a_set_that_does_not_fit_a_kid_is_never_said_to_be_unknown),
      CASE(that_keys_were_left_out_is_told_once_each_time_it_starts),
      CASE(a_key_that_verifies_first_while_a_set_is_read_stays), CASE(keys_without_a_kid_have_no_turn),
      CASE(a_key_without_a_kid_that_verifies_while_a_set_is_read_takes_the_place_of_another_one),
      CASE(a_key_in_use_that_the_issuer_has_removed_is_gone), CASE(a_key_counts_as_in_use_for_a_day_and_two_at_most),
      CASE(after_a_boot_keys_that_were_ever_used_count_as_in_use),
      CASE(what_a_key_is_decides_before_its_lot_and_its_turn), CASE(a_turn_starts_at_its_place_and_goes_round),
      CASE(the_place_of_a_kid_is_its_hash), CASE(each_kid_draws_one_lot_however_often_it_is_asked_for));
