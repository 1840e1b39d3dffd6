/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles one after the other, beside fetches and checks, and beside keys from elsewhere: what may follow what, and whose keys serve. */
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "stored_bundle.h"

#if WARD_MAX_BUNDLE > 0

/* ---- One after the other. */

TEST(of_one_operator_key_only_a_higher_number_follows)
{
    bundle_begin();
    bundle_follow(5, NOW, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_follow(4, NOW + 10, KEY_C);
    bundle_refuse(WARD_BUNDLE_OLDER);
    bundle_follow(5, NOW + 10, KEY_C);
    bundle_refuse(WARD_BUNDLE_CHANGED);
    bundle_follow(6, NOW - 10, KEY_C);
    words.keys = "b";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("b"));
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW - 10);
    bundle_follow(5, NOW, KEY_C);
    bundle_refuse(WARD_BUNDLE_OLDER);
}

TEST(the_same_once_more_changes_nothing_and_writes_nothing)
{
    struct bundle_known before;
    struct bundle_known after;
    bundle_begin();
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring.change = WARD_CHANGE_NONE;
    ring.notices = 0;
    bundle_know(&before);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_know(&after);
    CHECK(memcmp(&before, &after, sizeof before) == 0);
    CHECK_NUMBER(ring.notices, 0);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
}

TEST(two_operator_keys_count_on_their_own_and_never_back_in_time)
{
    bundle_begin();
    bundle_follow(5, NOW, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_follow(1, NOW - 1, KEY_D);
    bundle_refuse(WARD_BUNDLE_EARLIER);
    bundle_follow(1, NOW, KEY_D);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 1);
    /* The same one as before: its number was there, and it is no longer in force. */
    bundle_follow(5, NOW, KEY_C);
    bundle_refuse(WARD_BUNDLE_OLDER);
    bundle_follow(6, NOW - 1, KEY_C);
    bundle_refuse(WARD_BUNDLE_EARLIER);
    bundle_follow(6, NOW, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    bundle_follow(1, NOW, KEY_D);
    bundle_refuse(WARD_BUNDLE_OLDER);
    bundle_follow(2, NOW + 1, KEY_D);
    CHECK_STATUS(bundle_take(), WARD_OK);
}

/* ---- Whose keys verify what. */

TEST(an_operators_key_never_verifies_a_token_nor_an_issuers_a_bundle)
{
    static struct test_token token;
    struct ward_claims claims;
    bundle_begin();
    words.keys = "ab";
    CHECK_STATUS(bundle_take(), WARD_OK);
    token_make(&token, KEY_C, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"c\"}", USUAL_PAYLOAD);
    CHECK_STATUS(verify_with(ward_keyring_keys(&ring), &token, &usual_expect, &claims), WARD_KEY_UNKNOWN);
    test_caller.now = ring_time;
    CHECK_STATUS(ask(&token, NULL), WARD_KEY_REFRESH_PENDING);
    bundle_follow(2, NOW, KEY_C);
    words.signer = KEY_A;
    bundle_refuse(WARD_SIGNATURE_INVALID);
    words.header = BUNDLE_HEADER("a");
    bundle_refuse(WARD_BUNDLE_SIGNER);
    /* A bundle is no token, whoever has signed it. */
    token_make(&token, KEY_A, BUNDLE_HEADER("a"), USUAL_PAYLOAD);
    CHECK_STATUS(verify_with(ward_keyring_keys(&ring), &token, &usual_expect, &claims), WARD_TYPE_REFUSED);
}

TEST(a_fetched_set_with_an_operators_key_is_refused)
{
    bundle_begin();
    CHECK_STATUS(ring_fetch(ring_set("ac"), &ring_good), WARD_BUNDLE_OPERATOR_KEY);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    CHECK_STATUS(ring_fetch(ring_set("ab"), &ring_good), WARD_OK);
    ring_config.bundles = NULL;
    CHECK_STATUS(ring_fetch(ring_set("ac"), &ring_good), WARD_OK);
}

/* ---- The later word. */

TEST(keys_are_those_of_the_later_word)
{
    bundle_begin();
    ring_time = ward_time_set(NOW + 50);
    ring_fill("ab");
    bundle_follow(1, NOW + 49, KEY_C);
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("ab"));
    CHECK(!ward_keyring_bundle_info(&ring).keys);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW + 50);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
    bundle_follow(2, NOW + 50, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK(ward_keyring_bundle_info(&ring).keys);
    /* Of bundles the number says which is the later one. */
    bundle_follow(3, NOW + 10, KEY_C);
    words.keys = "b";
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("b"));
    ring_fill("a");
    CHECK(ring_has("a"));
    CHECK(!ward_keyring_bundle_info(&ring).keys);
}

TEST(keys_of_the_firmware_are_as_old_as_its_build)
{
    bundle_begin();
    ring_config.compiled = usual_keys();
    ring_begin();
    bundle_follow(1, ring_config.build_time - 1, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ward_keyring_keys(&ring) == usual_keys());
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 1);
    bundle_follow(2, ring_config.build_time, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
}

TEST(where_there_are_no_keys_any_will_do)
{
    bundle_begin();
    bundle_follow(1, 1, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
    CHECK_NUMBER(ring.clock.bundled, 0);
    bundle_follow(2, 301, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, 1);
}

/* ---- Not now. */

TEST(a_bundle_waits_for_a_fetch_and_for_a_check_that_uses_the_old_keys)
{
    bundle_begin();
    ring_until_fetch();
    ward_keyring_fetch_begin(&ring);
    bundle_refuse(WARD_BUNDLE_BUSY);
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_TIMED_OUT);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &failed, ring_time, ring_uptime), WARD_FETCH_TIMED_OUT);
    ring_time = ward_time_set(NOW);
    ring_fill("ab");
    const struct ward_jwks *const old = ward_keyring_enter(&ring);
    ring_fill("a");
    CHECK_STATUS(bundle_take(), WARD_BUNDLE_BUSY);
    ward_keyring_leave(&ring, old);
    CHECK_STATUS(bundle_take(), WARD_OK);
}

TEST(no_fetch_takes_the_place_of_a_bundle_that_is_read)
{
    uint64_t now;
    bundle_begin();
    ring_until_fetch();
    CHECK(ward_bundle_begin(&ring, ring_time, ring_uptime, &now));
    CHECK(!ward_bundle_begin(&ring, ring_time, ring_uptime, &now));
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    CHECK_NUMBER(ring_next().wait, 10);
    CHECK_STATUS(ring_fetch(ring_set("a"), &ring_good), WARD_JSON_MALFORMED);
    CHECK_STATUS(ward_bundle_end(&ring, ward_status_of(WARD_CRYPTO_FAILED), ring_uptime), WARD_CRYPTO_FAILED);
    CHECK_NUMBER(ring.running[0] + ring.running[1], 0);
}

/* ---- Beside unknown kids. */

enum { MANY = WARD_MAX_KEYS + 2 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static void fetch_many(void)
{
    char many[MANY + 1] = "";
    memcpy(many, letters, MANY);
    CHECK_STATUS(ring_fetch(ring_set(many), &ring_good), WARD_OK);
}

/* The last one of them, which finds a slot only where it is asked for. */
static void ask_for_last(void)
{
    const char last[] = { letters[MANY - 1], '\0' };
    ring_pass(HOUR);
    ring_ask(last, WARD_KEY_REFRESH_PENDING);
}

static bool has_last(void)
{
    return ward_jwks_find(ward_keyring_keys(&ring), ward_text_of(&letters[MANY - 1], 1)) != NULL;
}

TEST(a_bundle_that_is_handed_in_is_no_answer_to_an_unknown_kid)
{
    bundle_begin();
    bundle_have_operators(&bundle_keys.key[1], NULL);
    fetch_many();
    CHECK(!has_last());
    ask_for_last();
    bundle_sign_as_d(1);
    words.aud = "\"kettles\"";
    bundle_refuse(WARD_BUNDLE_FLEET);
    fetch_many();
    CHECK(has_last());
}

TEST(nor_is_one_that_is_taken)
{
    bundle_begin();
    bundle_have_operators(&bundle_keys.key[1], NULL);
    fetch_many();
    ask_for_last();
    bundle_sign_as_d(1);
    words.iat = ring_time.seconds;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ring_has("a"));
    fetch_many();
    CHECK(has_last());
}

/* ---- Beside forgotten checks. */

static void pass_and_tell_all(void)
{
    ring_pass(2 * HOUR);
    ring_store(0);
    while (ward_keyring_take_notice(&ring).code != WARD_NO_RESULT)
        continue;
}

/* A device without a URL, and a check with the keys before last. */
static const struct ward_jwks *hold_up_bundles(void)
{
    bundle_begin();
    ring_config.url = text("");
    ring_begin();
    CHECK_STATUS(bundle_start_gate(), WARD_OK);
    CHECK_STATUS(bundle_take(), WARD_OK);
    const struct ward_jwks *const held = ward_keyring_enter(&ring);
    words.seq = 2;
    words.keys = "ab";
    CHECK_STATUS(bundle_take(), WARD_OK);
    words.seq = 3;
    pass_and_tell_all();
    return held;
}

/* The check that was waited for has ended; a bundle has put the set of one that has just begun in the way. */
TEST(a_check_that_has_just_begun_is_not_told_of_as_forgotten)
{
    bundle_begin();
    ring_fill("a");
    const struct ward_jwks *const slow = ward_keyring_enter(&ring);
    ring_fill("ab");
    pass_and_tell_all();
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring_pass(SECOND);
    ward_keyring_leave(&ring, slow);
    ring_pass(HOUR);
    const struct ward_jwks *const quick = ward_keyring_enter(&ring);
    words.iat = ring_time.seconds;
    words.exp = words.iat + 86400;
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring_store(1);
    (void)ring_next();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_BUNDLE_TAKEN);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ward_keyring_leave(&ring, quick);
}

TEST(a_forgotten_check_that_keeps_bundles_out_is_told_of_without_a_url)
{
    const struct ward_jwks *const forgotten = hold_up_bundles();
    for (unsigned i = 0; i < 24; i++) {
        CHECK_STATUS(bundle_take(), WARD_BUNDLE_BUSY);
        (void)ring_next();
        ring_pass(HOUR);
    }
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_HELD);
    ward_keyring_leave(&ring, forgotten);
}

/* Nothing waits for it: no refresh is due, and the bundle that was busy has come again or not at all. */
TEST(a_check_that_nothing_waits_for_is_not_told_of)
{
    const struct ward_jwks *const slow = hold_up_bundles();
    (void)ring_next();
    ring_pass(HOUR);
    (void)ring_next();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    CHECK_STATUS(bundle_take(), WARD_BUNDLE_BUSY);
    (void)ring_next();
    ward_keyring_leave(&ring, slow);
    (void)ring_next();
    /* The set that is not in use is a check's again, as after a swap; the bundle has been given up. */
    const struct ward_jwks *const spare = ward_keyring_spare(&ring);
    (*ward_keyring_running(&ring, spare))++;
    (void)ring_next();
    ring_pass(HOUR);
    (void)ring_next();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    (*ward_keyring_running(&ring, spare))--;
}

SUITE(bundle_order, CASE(of_one_operator_key_only_a_higher_number_follows),
      CASE(the_same_once_more_changes_nothing_and_writes_nothing),
      CASE(two_operator_keys_count_on_their_own_and_never_back_in_time),
      CASE(an_operators_key_never_verifies_a_token_nor_an_issuers_a_bundle),
      CASE(a_fetched_set_with_an_operators_key_is_refused), CASE(keys_are_those_of_the_later_word),
      CASE(keys_of_the_firmware_are_as_old_as_its_build), CASE(where_there_are_no_keys_any_will_do),
      CASE(a_bundle_waits_for_a_fetch_and_for_a_check_that_uses_the_old_keys),
      CASE(no_fetch_takes_the_place_of_a_bundle_that_is_read),
      CASE(a_bundle_that_is_handed_in_is_no_answer_to_an_unknown_kid), CASE(nor_is_one_that_is_taken),
      CASE(a_check_that_nothing_waits_for_is_not_told_of),
      CASE(a_check_that_has_just_begun_is_not_told_of_as_forgotten),
      CASE(a_forgotten_check_that_keeps_bundles_out_is_told_of_without_a_url));

#else

TEST(without_bundles_a_fetch_ends_as_one_of_keys_whoever_ends_it)
{
    ring_usual();
    ring_begin();
    ring_until_fetch();
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, ring_set("ab"), strlen(ring_set("ab")), &test_work), WARD_OK);
    CHECK_STATUS(ward_keyring_fetch_end_bundle(&ring, &ring_good, ring_time, ring_uptime, &test_work), WARD_OK);
    CHECK(ring_has("ab"));
}

SUITE(bundle_order, CASE(without_bundles_a_fetch_ends_as_one_of_keys_whoever_ends_it));

#endif
