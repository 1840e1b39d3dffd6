/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of a record: what another build could have written, and more of them than there are slots. */
#include "stored_fixture.h"

/* A key of the record, changed, with a good digest: what a bug of another version could have written. The other key is as good as before. */
static void check_key_left_out(size_t place, uint8_t value)
{
    stored_begin();
    stored_first_key()[place] = value;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 1);
    CHECK(ward_keyring_keys(&stored_ring)->key[0].kid[0] == 'b');
    CHECK_NUMBER(ward_keyring_boots(&stored_ring), 2);
}

TEST(a_stored_key_that_this_build_cannot_hold_is_left_out)
{
    check_key_left_out(ALGORITHM, 2);
    check_key_left_out(BITS, 0x07);
    check_key_left_out(BITS, 0xff);
    check_key_left_out(KID_LENGTH, WARD_MAX_KID + 1);
    check_key_left_out(KID_LENGTH, 2);
    check_key_left_out(MODULUS, 0x00);
    check_key_left_out(MODULUS + 255, 0xfe);
    stored_begin();
    stored_first_key()[BITS + 1] = 0x01;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
}

/* What comes after the two keys of the record: no more than a key's header, and not even that. */
TEST(a_stored_key_without_kid_and_modulus_is_left_out)
{
    static const uint8_t header[] = { 0, 5, 1, 0, 8, 0, 1 };
    size_t length;
    stored_begin();
    (void)stored_keys(&length);
    memory_resize(0, WARD_RECORD_KEYS, length + sizeof header);
    memcpy(stored_first_key() + 2 * ENTRY, header, sizeof header);
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 2);
    stored_first_key()[2 * ENTRY + 1] = 6;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
}

TEST(a_stored_key_of_2047_bits_is_left_out)
{
    stored_begin();
    stored_first_key()[BITS] = 0x07;
    stored_first_key()[BITS + 1] = 0xff;
    stored_first_key()[MODULUS] = 0x40;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
}

TEST(what_a_later_build_adds_to_a_key_is_passed_over)
{
    size_t length;
    stored_begin();
    (void)stored_keys(&length);
    memory_resize(0, WARD_RECORD_KEYS, length + 9);
    uint8_t *const key = stored_first_key();
    memmove(key + ENTRY + 9, key + ENTRY, ENTRY);
    memset(key + ENTRY, 0xff, 9);
    key[1] = (uint8_t)(key[1] + 9);
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_OK);
    CHECK(memcmp(ward_keyring_keys(&stored_ring), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
}

TEST(nothing_of_a_record_that_was_refused_stays_in_the_set)
{
    stored_begin();
    const struct memory_slot whole = memory.slot[0];
    size_t length;
    (void)stored_keys(&length);
    memory_resize(0, WARD_RECORD_KEYS, length - 1);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    memory.slot[0] = whole;
    CHECK_STATUS(ward_keyring_open(&stored_ring, &memory_slots, 0, &test_work), WARD_OK);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 2);
    CHECK(memcmp(ward_keyring_keys(&stored_ring), ward_keyring_keys(&ring), sizeof(struct ward_jwks)) == 0);
}

TEST(a_byte_after_the_last_key_or_less_than_a_key_is_no_set)
{
    size_t length;
    stored_begin();
    const struct memory_slot whole = memory.slot[0];
    (void)stored_keys(&length);
    for (size_t more = 1; more < 7; more++) {
        memory_resize(0, WARD_RECORD_KEYS, length + more);
        CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
        memory.slot[0] = whole;
    }
    for (size_t cut = 1; cut < 250; cut += 31) {
        memory_resize(0, WARD_RECORD_KEYS, length - cut);
        CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
        CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, 0);
        memory.slot[0] = whole;
    }
    memory_resize(0, WARD_RECORD_KEYS, stored_keys_at());
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
    memory.slot[0] = whole;
    stored_first_key()[0] = 0;
    stored_first_key()[1] = 4;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
}

/* 2056 bits take 66 words, the last of them empty. A board of 2048 bits stores no such key. */
TEST(words_above_a_stored_modulus_are_empty)
{
    char set[2048] = "{\"keys\":[";
    size_t at = strlen(set);
    stored_begin();
    at += jwk_write(set + at, KEY_ODD, "\"kid\":\"a\",");
    memcpy(set + at, "]}", 3);
    if (!ward_ok(ring_fetch(set, &ring_good)))
        return;
    stored_keep();
    CHECK_STATUS(stored_reopen(), WARD_OK);
    stored_first_key()[MODULUS] = 1;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_MISMATCH);
}

/* One more than the slots, after the two there are; the last is that of the letter b. */
static void make_many(bool used)
{
    size_t length;
    stored_begin();
    (void)stored_keys(&length);
    const size_t count = WARD_MAX_KEYS + 1;
    memory_resize(0, WARD_RECORD_KEYS, stored_keys_at() + count * ENTRY);
    uint8_t *const first = stored_first_key();
    memcpy(first + (count - 1) * ENTRY, first + ENTRY, ENTRY);
    for (size_t i = 1; i + 1 < count; i++)
        memcpy(first + i * ENTRY, first, ENTRY);
    first[MARKS] = 1;
    first[(count - 1) * ENTRY + MARKS] = used ? 1 : 0;
    memory_seal(0);
}

TEST(of_more_keys_than_slots_those_that_tokens_have_shown_are_taken)
{
    make_many(false);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, WARD_MAX_KEYS);
    CHECK_NUMBER(stored_ring.used, 1);
    CHECK(ward_keyring_keys(&stored_ring)->key[WARD_MAX_KEYS - 1].kid[0] == 'a');
    make_many(true);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK_NUMBER(ward_keyring_keys(&stored_ring)->count, WARD_MAX_KEYS);
    CHECK(ward_keyring_keys(&stored_ring)->key[WARD_MAX_KEYS - 1].kid[0] == 'b');
    CHECK_NUMBER(stored_ring.used, 1u | 1u << (WARD_MAX_KEYS - 1));
}

TEST(where_all_keys_were_shown_the_last_is_left_out)
{
    make_many(true);
    for (size_t i = 0; i <= WARD_MAX_KEYS; i++)
        stored_first_key()[i * ENTRY + MARKS] = 1;
    memory_seal(0);
    CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
    CHECK(ward_keyring_keys(&stored_ring)->key[WARD_MAX_KEYS - 1].kid[0] == 'a');
    CHECK_NUMBER(stored_ring.used, (1u << WARD_MAX_KEYS) - 1u);
}

TEST(the_only_key_that_no_token_has_shown_goes_wherever_it_is)
{
    for (size_t unused = 0; unused < WARD_MAX_KEYS; unused++) {
        make_many(true);
        for (size_t i = 0; i <= WARD_MAX_KEYS; i++)
            stored_first_key()[i * ENTRY + MARKS] = i == unused ? 0 : 1;
        memory_seal(0);
        CHECK_STATUS(stored_reopen(), WARD_RECORD_KEYS_LEFT_OUT);
        CHECK(ward_keyring_keys(&stored_ring)->key[unused].kid[0] == 'b');
        CHECK_NUMBER(stored_ring.used, (1u << WARD_MAX_KEYS) - 1u);
    }
}

SUITE(keyring_record_keys, CASE(a_stored_key_that_this_build_cannot_hold_is_left_out),
      CASE(a_stored_key_without_kid_and_modulus_is_left_out), CASE(a_stored_key_of_2047_bits_is_left_out),
      CASE(what_a_later_build_adds_to_a_key_is_passed_over),
      CASE(nothing_of_a_record_that_was_refused_stays_in_the_set),
      CASE(a_byte_after_the_last_key_or_less_than_a_key_is_no_set), CASE(words_above_a_stored_modulus_are_empty),
      CASE(of_more_keys_than_slots_those_that_tokens_have_shown_are_taken),
      CASE(where_all_keys_were_shown_the_last_is_left_out),
      CASE(the_only_key_that_no_token_has_shown_goes_wherever_it_is));
