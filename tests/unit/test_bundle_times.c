/* SPDX-License-Identifier: Apache-2.0 */
/* Times of bundles: for how long their keys serve and their denials last, and what they say about the clock. */
#include "bundle_fixture.h"
#include "keys/bundle.h"
#include "keys/keyring.h"

#if WARD_MAX_BUNDLE > 0

enum { LATER = 1000 };

/* ---- Times. */

TEST(keys_serve_until_the_earlier_of_exp_and_max_stale)
{
    bundle_begin();
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86399)), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86400)), WARD_KEYS_STALE);
    words.seq = 2;
    words.exp = NOW + 60u * 86400u;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u)), WARD_OK);
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 7u * 86400u + 1)), WARD_KEYS_STALE);
    /* What was fetched since has no `exp`. */
    words.seq = 3;
    words.exp = NOW + 10;
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring_fill("a");
    CHECK_STATUS(ward_keyring_ready(&ring, ward_time_set(NOW + 86400)), WARD_OK);
}

TEST(an_expired_bundle_is_refused_and_denials_outlive_their_bundle)
{
    bundle_begin();
    words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
    ring_time = ward_time_set(NOW + 86400);
    bundle_refuse(WARD_BUNDLE_EXPIRED);
    ring_time = ward_time_set(NOW + 86399);
    CHECK_STATUS(bundle_take(), WARD_OK);
    ring_time = ward_time_set(NOW + 86400);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_KEYS_STALE);
    ring_fill("ab");
    ring_time = ward_time_set(NOW);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
    CHECK_STATUS(bundle_ask("auth0|other"), WARD_OK);
}

TEST(the_time_of_a_bundle_is_a_floor_and_the_next_one_can_lower_it)
{
    bundle_begin();
    bundle_follow(1, NOW + LATER, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + LATER - 300);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_FLOOR);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_CLOCK_NOT_SET);
    ring_time = ward_time_set(NOW + LATER - 300);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_SET);
    ring_time = ward_time_set(NOW);
    bundle_follow(2, NOW + 300, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_SET);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_OK);
}

/* An operator's clock that was wrong by 15 years. */
TEST(a_wrong_time_of_a_bundle_does_not_keep_the_right_one_out)
{
    struct ward_fetch_answer dated = ring_good;
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    bundle_begin();
    dated.date = NOW + 60;
    ring_time = unknown;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    bundle_follow(1, NOW + 473353000u, KEY_C);
    words.exp = words.iat + 86400u;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK(ward_keyring_time(&ring, unknown, ring_uptime).seconds >= NOW + 473352700u);
    bundle_follow(2, NOW + 100, KEY_C);
    words.exp = NOW + 86400;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).trust, WARD_TIME_FLOOR);
    CHECK_NUMBER(ward_keyring_time(&ring, unknown, ring_uptime).seconds, NOW - 200);
}

TEST(a_time_beyond_20_years_counts_as_that_and_an_operator_at_the_device_sets_it_back)
{
    bundle_begin();
    bundle_follow(1, NOW + 800000000u, KEY_C);
    words.exp = words.iat + 10;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ring.clock.bundled, ring.clock.latest);
    ward_keyring_set_floor(&ring, NOW);
    CHECK_NUMBER(ring.clock.bundled, 0);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).trust, WARD_TIME_SET);
}

TEST(a_device_without_a_clock_takes_a_bundle_and_serves_once_it_has_one)
{
    bundle_begin();
    ring_time.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_CLOCK_NOT_SET);
    ring_time.trust = WARD_TIME_SET;
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_OK);
}

TEST(a_time_told_goes_on_from_a_bundles)
{
    struct ward_fetch_answer dated = ring_good;
    bundle_begin();
    dated.date = NOW + 60;
    ring_time.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    bundle_follow(1, NOW + LATER, KEY_C);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + LATER - 300);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime + 5000).seconds, NOW + LATER - 295);
    /* A date before it says nothing. */
    dated.date = NOW + LATER - 301;
    CHECK_STATUS(ring_fetch(ring_set("ab"), &dated), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW + LATER - 300);
}

SUITE(bundle_times, CASE(keys_serve_until_the_earlier_of_exp_and_max_stale),
      CASE(an_expired_bundle_is_refused_and_denials_outlive_their_bundle),
      CASE(the_time_of_a_bundle_is_a_floor_and_the_next_one_can_lower_it),
      CASE(a_wrong_time_of_a_bundle_does_not_keep_the_right_one_out),
      CASE(a_time_beyond_20_years_counts_as_that_and_an_operator_at_the_device_sets_it_back),
      CASE(a_device_without_a_clock_takes_a_bundle_and_serves_once_it_has_one),
      CASE(a_time_told_goes_on_from_a_bundles));

#else

TEST(without_bundles_nothing_is_collected)
{
    ring_usual();
    ring_begin();
    CHECK_STATUS(ward_bundle_collect(&ring, "x", 1), WARD_NOT_PROVIDED);
}

SUITE(bundle_times, CASE(without_bundles_nothing_is_collected));

#endif
