/* SPDX-License-Identifier: Apache-2.0 */
/* The key set that a request in steps began with: what becomes of it meanwhile, and that every end leaves it. */
#include "crypto_faults.h"
#include "keyring_fixture.h"
#include "keys/keyring.h"
#include "platform.h"
#include "ways.h"

TEST(a_key_that_is_removed_between_the_steps_refuses)
{
    ways_start_ring("ab");
    struct way *way = way_before_its_end("auth0|alice");
    ring_fill("b");
    CHECK_NUMBER(ways_running(), 1);
    way_ends(way, 503, WARD_KEY_REFRESH_PENDING);
    CHECK(way->decision.answer.retry_after > 0);
    CHECK_NUMBER(ways_running(), 0);
    /* It has verified nobody, and the audit names nobody. */
    CHECK_ZERO(last_event()->owner);
    CHECK_NUMBER(last_event()->subject_length, 0);
    CHECK_NUMBER(last_event()->subject_kind, 0);
    /* Nor is it remembered. */
    ring_until_fetch();
    ring_fill("ab");
    test_caller.uptime = ring_uptime;
    CHECK_STATUS(way_begin(way, "auth0|alice"), WARD_UNFINISHED);
    way_give_up(way);
}

TEST(a_key_that_is_replaced_under_its_name_between_the_steps_refuses)
{
    ways_start_ring("ab");
    struct way *const way = way_before_its_end("auth0|alice");
    static struct ward_jwks other;
    other = *ward_keyring_keys(&ring);
    memcpy(other.key[0].n, other.key[1].n, sizeof other.key[0].n);
    ring.set = &other;
    CHECK(!ward_ok(way_step(way)));
    way_has_left_nothing(way);
    ring.set = &ring.sets[0];
}

TEST(a_key_that_the_new_set_has_too_grants)
{
    static const char *const sets[] = { "ab", "ba", "ac" };
    for (size_t i = 0; i < 3; i++) {
        ways_start_ring("ab");
        struct way *const way = way_before_its_end("auth0|alice");
        ring_fill(sets[i]);
        CHECK_NUMBER(ways_running(), 1);
        way_grants(way);
        CHECK_NUMBER(ways_running(), 0);
    }
}

TEST(keys_that_become_stale_between_the_steps_refuse)
{
    ways_start_ring("ab");
    struct way *const way = way_before_its_end("auth0|alice");
    test_caller.now.seconds += 8u * 86400u;
    way_ends(way, 503, WARD_KEYS_STALE);
    CHECK_NUMBER(ways_running(), 0);
}

/* What the keyring wants to be done once all is stored that it wants stored. */
static unsigned next_but_stores(void)
{
    while (ring_next().task == WARD_KEYRING_STORE)
        ring_store(ring_next().slot);
    return (unsigned)ring_next().task;
}

/* A refresh waits for a check that is under way with the set that it would overwrite, and no longer than for that. */
TEST(what_is_given_up_after_any_step_leaves_its_set_and_blocks_no_swap)
{
    for (unsigned taken = 0; taken < platform_steps(); taken++) {
        ways_start_ring("ab");
        CHECK_STATUS(way_begin(&ways[0], "auth0|alice"), WARD_UNFINISHED);
        way_take(&ways[0], taken);
        ring_fill("b");
        ring_pass(25 * HOUR);
        CHECK_NUMBER(next_but_stores(), WARD_KEYRING_WAIT);
        CHECK_NUMBER(crypto_signatures(), 1);
        way_give_up(&ways[0]);
        CHECK_NUMBER(crypto_signatures(), 0);
        CHECK_NUMBER(ways_running(), 0);
        way_has_left_nothing(&ways[0]);
        CHECK_NUMBER(next_but_stores(), WARD_KEYRING_FETCH);
        ring_fill("ab");
        CHECK(ring_has("ab"));
        way_give_up(&ways[0]);
        CHECK_NUMBER(ways_running(), 0);
    }
}

TEST(each_end_leaves_the_set_that_the_check_began_with)
{
    ways_start_ring("ab");
    struct way *way = way_before_its_end("auth0|alice");
    CHECK_NUMBER(ways_running(), 1);
    way_grants(way);
    CHECK_NUMBER(ways_running(), 0);
    CHECK_NUMBER(ring.used, 1);
    token_forge(&way->token, 1);
    CHECK_STATUS(way_begin_for(way, "read:foia"), WARD_UNFINISHED);
    way_take(way, platform_steps() - 1);
    way_ends(way, 401, WARD_SIGNATURE_INVALID);
    CHECK_NUMBER(ways_running(), 0);
    CHECK_STATUS(way_begin(way, "auth0|bob"), WARD_UNFINISHED);
    crypto_fail_at(1, WARD_CRYPTO_FAILED);
    CHECK_STATUS(way_step(way), WARD_CRYPTO_FAILED);
    crypto_fail_at(0, 0);
    CHECK_NUMBER(ways_running(), 0);
    token_make(&way->token, KEY_A, "{\"alg\":\"none\"}", USUAL_PAYLOAD);
    CHECK_STATUS(way_begin_for(way, "read:foia"), WARD_ALGORITHM_REFUSED);
    CHECK_NUMBER(ways_running(), 0);
}

/* ---- Faults. */

TEST(no_fault_in_any_step_grants_or_keeps_anything)
{
    ways_start_ring("ab");
    CHECK_STATUS(way_begin(&ways[0], "auth0|alice"), WARD_UNFINISHED);
    crypto_fail_at(0, 0);
    for (unsigned i = 0; i < platform_steps(); i++)
        CHECK_STATUS(way_step(&ways[0]), i + 1 < platform_steps() ? WARD_UNFINISHED : WARD_OK);
    const unsigned all = crypto_calls();
    CHECK(all > platform_steps());
    for (unsigned fault = 1; fault <= all; fault++) {
        struct ward_status status = ward_status_of(WARD_UNFINISHED);
        ways_start_ring("ab");
        CHECK_STATUS(way_begin(&ways[0], "auth0|alice"), WARD_UNFINISHED);
        crypto_fail_at(fault, WARD_CRYPTO_FAILED);
        while (status.code == WARD_UNFINISHED)
            status = way_step(&ways[0]);
        crypto_fail_at(0, 0);
        CHECK_STATUS(status, WARD_CRYPTO_FAILED);
        CHECK_NUMBER(ways[0].decision.answer.http, 500);
        way_has_left_nothing(&ways[0]);
        CHECK_NUMBER(ways_running(), 0);
    }
}

SUITE(gate_steps_keys, CASE(a_key_that_is_removed_between_the_steps_refuses),
      CASE(a_key_that_is_replaced_under_its_name_between_the_steps_refuses),
      CASE(a_key_that_the_new_set_has_too_grants), CASE(keys_that_become_stale_between_the_steps_refuse),
      CASE(what_is_given_up_after_any_step_leaves_its_set_and_blocks_no_swap),
      CASE(each_end_leaves_the_set_that_the_check_began_with), CASE(no_fault_in_any_step_grants_or_keeps_anything));
