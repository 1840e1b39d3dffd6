/* SPDX-License-Identifier: Apache-2.0 */
#include "keyring_fixture.h"

#include "guard.h"
#include "keys/keyring.h"

static void begin(const char *keys)
{
    ring_usual();
    ring_begin();
    ring_fill(keys);
}

static void use(const char *kid)
{
    ward_keyring_mark_used(&ring, ward_jwks_find(ward_keyring_keys(&ring), text(kid)));
}

TEST(the_current_and_the_next_key_survive_one_change)
{
    begin("ab");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 1);
    use("a");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 1);
    use("a");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 1);
    use("b");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 0);
}

TEST(the_first_use_of_a_key_is_to_be_stored_and_no_later_one)
{
    begin("ab");
    ring.change = WARD_CHANGE_NONE;
    use("a");
    CHECK_NUMBER(ring.change, WARD_CHANGE_LATER);
    ring.change = WARD_CHANGE_NONE;
    use("a");
    CHECK_NUMBER(ring.change, WARD_CHANGE_NONE);
}

TEST(no_keys_and_one_key_survive_none)
{
    ring_usual();
    ring_begin();
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 0);
    begin("a");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 0);
    use("a");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 0);
}

TEST(a_key_that_stays_in_the_set_stays_marked)
{
    begin("ab");
    use("b");
    ring_fill("bc");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 1);
    CHECK_NUMBER(ring.used, 1);
    ring_fill("ab");
    CHECK_NUMBER(ring.used, 2);
    ring_fill("ac");
    CHECK_NUMBER(ward_keyring_spare_keys(&ring), 1);
    CHECK_NUMBER(ring.used, 0);
}

TEST(as_many_keys_as_there_are_slots_stay_marked)
{
    static struct ward_jwks full;
    memset(&full, 0, sizeof full);
    full.count = WARD_MAX_KEYS;
    for (size_t i = 0; i < WARD_MAX_KEYS; i++) {
        full.key[i] = usual_keys()->key[0];
        full.key[i].kid[0] = (char)('0' + i);
    }
    const struct ward_jwks *const set = (const struct ward_jwks *)(const void *)guard_copy(&full, sizeof full);
    CHECK_NUMBER(ward_keyring_carry_used(set, UINT32_MAX, set), UINT32_MAX >> (32 - WARD_MAX_KEYS));
}

TEST(a_key_of_another_set_marks_nothing)
{
    begin("ab");
    ward_keyring_mark_used(&ring, &usual_keys()->key[0]);
    CHECK_NUMBER(ring.used, 0);
    ward_keyring_mark_used(&ring, &ward_keyring_keys(&ring)->key[2]);
    CHECK_NUMBER(ring.used, 0);
}

TEST(a_device_that_is_never_online_is_warned_once)
{
    ring_usual();
    ring_config.url.length = 0;
    ring_config.compiled = usual_keys();
    ring_begin();
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    use("a");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    use("b");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_LAST);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
}

TEST(a_device_that_fetches_is_not_warned)
{
    begin("a");
    use("a");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
}

TEST(other_keys_are_told_once_and_the_same_ones_not)
{
    begin("ab");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ring_fill("ba");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ring_fill("bc");
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
}

SUITE(spare_keys, CASE(the_current_and_the_next_key_survive_one_change),
      CASE(the_first_use_of_a_key_is_to_be_stored_and_no_later_one), CASE(no_keys_and_one_key_survive_none),
      CASE(a_key_that_stays_in_the_set_stays_marked), CASE(as_many_keys_as_there_are_slots_stay_marked),
      CASE(a_key_of_another_set_marks_nothing), CASE(a_device_that_is_never_online_is_warned_once),
      CASE(a_device_that_fetches_is_not_warned), CASE(other_keys_are_told_once_and_the_same_ones_not));
