/* SPDX-License-Identifier: Apache-2.0 */
/* What new keys, and removed ones, cost the flash. */
#include "keyring_fixture.h"

#include "keys/keyring.h"

static void begin(void)
{
    ring_usual();
    ring_begin();
    ring_until_fetch();
}

TEST(new_keys_are_written_and_told_once_an_hour_and_a_removed_one_at_once)
{
    begin();
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    ring_store(0);
    ring_fill("abc");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_WAIT);
    ring.refresh.wait = 2 * HOUR;
    ring_pass(HOUR - 1);
    CHECK_NUMBER(ring_next().wait, 1);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ring_pass(1);
    ring_store(1);
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    ring_fill("bcd");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    ring_store(0);
    /* One that was never stored is told, and needs no write. */
    ring_fill("bcde");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_NO_RESULT);
    ring_fill("bcd");
    CHECK_STATUS(ward_keyring_take_notice(&ring), WARD_KEYS_CHANGED);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
    ring_fill("bcde");
    ring_fill("cde");
    ring_store(1);
    /* What was written with the removed one waits for nothing. */
    ring_fill("cde");
    ring_pass(HOUR);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
}

/* Two keys of one kid: neither can be meant, so the one that is stored has to go from the record as well. */
TEST(a_key_in_use_whose_kid_comes_twice_is_taken_from_the_record_at_once)
{
    static char set[2048];
    size_t length = 0;
    static const struct {
        enum test_key key;
        const char *members;
    } keys[] = { { KEY_A, "\"kid\":\"a\"," }, { KEY_C, "\"kid\":\"a\"," }, { KEY_B, "\"kid\":\"b\"," } };
    begin();
    ring_fill("ab");
    ring_store(0);
    CHECK(ring_next().task != WARD_KEYRING_STORE);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        memcpy(set + length, i == 0 ? "{\"keys\":[" : ",", i == 0 ? 9 : 1);
        length += i == 0 ? 9 : 1;
        length += jwk_write(set + length, keys[i].key, keys[i].members);
    }
    memcpy(set + length, "]}", 3);
    CHECK_STATUS(ring_fetch(set, &ring_good), WARD_OK);
    CHECK(ring_has("b"));
    ring_store(1);
}

/* The record that is being written has a alone, which is the second key by the time it is stored. */
TEST(a_key_that_comes_while_a_record_is_written_is_not_in_it)
{
    static struct ward_record record;
    begin();
    ring_fill("a");
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    ring_fill("ca");
    CHECK(ward_jwks_find(ward_keyring_keys(&ring), text("c")) == &ward_keyring_keys(&ring)->key[0]);
    ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
    ring_fill("a");
    CHECK(ring_next().task != WARD_KEYRING_STORE);
}

SUITE(keyring_writes, CASE(new_keys_are_written_and_told_once_an_hour_and_a_removed_one_at_once),
      CASE(a_key_in_use_whose_kid_comes_twice_is_taken_from_the_record_at_once),
      CASE(a_key_that_comes_while_a_record_is_written_is_not_in_it));
