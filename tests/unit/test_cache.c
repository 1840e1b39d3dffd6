/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered of tokens whose signature was good: what is found again, and what is another. */
#include "cache_fixture.h"
#include "guard.h"

#if WARD_CACHE_SLOTS > 0

static struct ward_key *const key = &cache_keys.key[0];

#endif

TEST(nothing_is_found_before_it_was_added)
{
    cache_begin();
    CHECK(cache_find(0) == NULL);
    CHECK(cache_find(1) == NULL);
}

#if WARD_CACHE_SLOTS > 0

TEST(what_was_added_is_found_with_its_owner)
{
    cache_begin();
    cache_add(7, 3);
    CHECK(cache_find(7) != NULL);
    CHECK(memcmp(cache_find(7)->owner, cache_owner_of(3).bytes, WARD_OWNER_SIZE) == 0);
    CHECK(cache_find(8) == NULL);
}

TEST(a_digest_is_compared_whole)
{
    cache_begin();
    cache_add(1, 1);
    for (size_t i = 0; i < 32; i++) {
        struct cache_digest digest = cache_digest_of(1);
        digest.bytes[i] ^= 0x80;
        CHECK(cache_find_with(digest, ward_text_of(cache_signature_of(1)->text, 342)) == NULL);
    }
}

TEST(another_modulus_is_another_key)
{
    cache_begin();
    cache_add(1, 1);
    const struct ward_key good = *key;
    for (size_t i = 0; i < WARD_RSA_WORDS; i++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            key->n[i] ^= (uint32_t)1 << bit;
            CHECK(cache_find(1) == NULL);
            *key = good;
        }
    }
    *key = *ward_jwks_find(usual_keys(), text("b"));
    CHECK(cache_find(1) == NULL);
    *key = good;
    CHECK(cache_find(1) != NULL);
}

TEST(a_key_is_told_by_its_modulus_and_its_kid_wherever_it_lies)
{
    cache_begin();
    cache_add(1, 1);
    key->prepared[0]++;
    CHECK(cache_find(1) != NULL);
    cache_keys.key[1] = *key;
    *key = *ward_jwks_find(usual_keys(), text("b"));
    CHECK(cache_find(1) == NULL);
    cache_keys.count = 2;
    CHECK(cache_find(1) != NULL);
    cache_keys.key[1].kid[0] ^= 1;
    CHECK(cache_find(1) == NULL);
    cache_keys.key[1].kid[0] ^= 1;
    cache_keys.key[1].kid_length++;
    CHECK(cache_find(1) == NULL);
}

TEST(every_letter_of_a_kid_counts)
{
    cache_begin();
    key->kid_length = WARD_MAX_KID;
    cache_add(1, 1);
    for (size_t i = 0; i < WARD_MAX_KID; i++) {
        key->kid[i] ^= 1;
        CHECK(cache_find(1) == NULL);
        key->kid[i] ^= 1;
    }
    CHECK(cache_find(1) != NULL);
}

/* Without a kid in its header a token means the only key of a set: with a second one it means none. */
TEST(a_token_that_names_no_key_is_known_while_there_is_one)
{
    cache_begin();
    cache_add_marked(1, 1, WARD_KNOWN_WHOLE);
    cache_add(2, 2);
    CHECK(cache_find(1) != NULL);
    cache_keys.key[1] = *ward_jwks_find(usual_keys(), text("b"));
    cache_keys.count = 2;
    CHECK(cache_find(1) == NULL);
    CHECK(cache_find(2) != NULL);
    cache_keys.count = 0;
    CHECK(cache_find(1) == NULL);
    CHECK(cache_find(2) == NULL);
}

TEST(a_header_is_told_by_every_byte_of_its_text)
{
    char made[12] = "abcdefghijk";
    for (size_t length = 0; length <= 11; length++) {
        const uint32_t print = ward_cache_header(ward_text_of(guard_copy(made, length), length));
        CHECK(length == 0 || print != ward_cache_header(ward_text_of(made, length - 1)));
        for (size_t at = 0; at < length; at++) {
            made[at] ^= 1;
            CHECK(ward_cache_header(ward_text_of(made, length)) != print);
            made[at] ^= 1;
        }
    }
}

TEST(only_what_has_the_header_of_a_known_token_may_be_known)
{
    cache_begin();
    CHECK(!ward_cache_may_know(&test_gate, 0));
    CHECK(!ward_cache_may_know(&test_gate, 7));
    cache_add(7, 1);
    cache_add(9, 2);
    CHECK(ward_cache_may_know(&test_gate, 7));
    CHECK(ward_cache_may_know(&test_gate, 9));
    CHECK(!ward_cache_may_know(&test_gate, 8));
    CHECK(!ward_cache_may_know(&test_gate, 0));
}

TEST(marks_are_those_of_the_latest_check)
{
    cache_begin();
    cache_add_marked(1, 1, WARD_KNOWN_NAMED);
    CHECK_NUMBER(cache_find(1)->marks, WARD_KNOWN_NAMED);
    cache_add(1, 1);
    CHECK_NUMBER(cache_find(1)->marks, WARD_KNOWN_NAMED | WARD_KNOWN_WHOLE);
}

#if WARD_CACHE_SIGNATURES

/* Header and payload of a good token may stand in a log: without every bit of its signature they are nothing. */
TEST(a_signature_is_compared_whole)
{
    static char text_of[344];
    cache_begin();
    cache_add(1, 1);
    memcpy(text_of, cache_signature_of(1)->text, 342);
    for (size_t i = 0; i < 342; i++) {
        const char right = text_of[i];
        text_of[i] = right == 'A' ? 'B' : 'A';
        CHECK(cache_find_with(cache_digest_of(1), ward_text_of(text_of, 342)) == NULL);
        text_of[i] = '=';
        CHECK(cache_find_with(cache_digest_of(1), ward_text_of(text_of, 342)) == NULL);
        text_of[i] = right;
        CHECK(i == 0 || cache_find_with(cache_digest_of(1), ward_text_of(text_of, i)) == NULL);
    }
    text_of[342] = text_of[343] = 'A';
    CHECK(cache_find_with(cache_digest_of(1), ward_text_of(text_of, 0)) == NULL);
    CHECK(cache_find_with(cache_digest_of(1), ward_text_of(text_of, 344)) == NULL);
    CHECK(cache_find_with(cache_digest_of(1), ward_text_of(text_of, 342)) != NULL);
    CHECK(cache_find_with(cache_digest_of(1), ward_text_of(cache_signature_of(2)->text, 342)) == NULL);
}

TEST(a_shorter_key_s_signature_leaves_nothing_of_the_longer_one_before_it)
{
    cache_begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++) {
        memset(test_gate.cache[i].signature, 0xee, sizeof test_gate.cache[i].signature);
        cache_add(i, i);
    }
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        for (size_t at = 256; at < sizeof test_gate.cache[i].signature; at++)
            CHECK_NUMBER(test_gate.cache[i].signature[at], 0);
}

#define SIGNATURE_CASES                                                                                                \
    CASE(a_signature_is_compared_whole), CASE(a_shorter_key_s_signature_leaves_nothing_of_the_longer_one_before_it),

#else

#define SIGNATURE_CASES

#endif

TEST(words_of_the_modulus_cannot_change_places)
{
    cache_begin();
    cache_add(1, 1);
    for (size_t i = 0; i + 4 < WARD_RSA_WORDS && key->n[i + 4] != 0; i++) {
        const struct ward_key good = *key;
        key->n[i] = good.n[i + 4];
        key->n[i + 4] = good.n[i];
        CHECK(cache_find(1) == NULL);
        *key = good;
    }
}

/* Of the lowest bit of one word and any of the next that goes the same way. */
TEST(changes_of_two_words_of_the_modulus_do_not_undo_one_another)
{
    cache_begin();
    cache_add(1, 1);
    const struct ward_key good = *key;
    for (uint32_t i = 0; i < 256; i++) {
        key->n[0] = good.n[0] ^ 1u;
        key->n[4] = good.n[4] ^ i;
        CHECK(cache_find(1) == NULL);
    }
}

TEST(forgetting_makes_all_of_them_worthless)
{
    cache_begin();
    cache_add(1, 1);
    cache_add(2, 2);
    ward_gate_forget(&test_gate);
    CHECK(cache_find(1) == NULL);
    CHECK(cache_find(2) == NULL);
    cache_add(1, 1);
    CHECK(cache_find(1) != NULL);
}

SUITE(cache, CASE(nothing_is_found_before_it_was_added), CASE(what_was_added_is_found_with_its_owner),
      CASE(a_digest_is_compared_whole), CASE(another_modulus_is_another_key),
      CASE(a_key_is_told_by_its_modulus_and_its_kid_wherever_it_lies), CASE(every_letter_of_a_kid_counts),
      CASE(a_token_that_names_no_key_is_known_while_there_is_one), CASE(a_header_is_told_by_every_byte_of_its_text),
      CASE(only_what_has_the_header_of_a_known_token_may_be_known), CASE(marks_are_those_of_the_latest_check),
      SIGNATURE_CASES CASE(words_of_the_modulus_cannot_change_places),
      CASE(changes_of_two_words_of_the_modulus_do_not_undo_one_another), CASE(forgetting_makes_all_of_them_worthless));

#else

TEST(without_slots_nothing_is_remembered)
{
    cache_begin();
    cache_add(1, 1);
    CHECK(cache_find(1) == NULL);
}

SUITE(cache, CASE(nothing_is_found_before_it_was_added), CASE(without_slots_nothing_is_remembered));

#endif
