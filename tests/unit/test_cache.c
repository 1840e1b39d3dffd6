/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered of tokens whose signature was good. */
#include "access/cache.h"
#include "gate.h"
#include "guard.h"

/* The keys that are in use: one, unless a test adds others. */
static struct ward_jwks keys;
static struct ward_key *const key = &keys.key[0];

struct digest {
    uint8_t bytes[32];
};
struct owner {
    uint8_t bytes[WARD_OWNER_SIZE];
};

static struct digest digest_of(unsigned number)
{
    struct digest digest = { { 0 } };
    digest.bytes[31] = (uint8_t)number;
    digest.bytes[3] = (uint8_t)(number >> 8);
    return digest;
}

static struct owner owner_of(unsigned number)
{
    struct owner owner = { { 0 } };
    owner.bytes[15] = (uint8_t)number;
    return owner;
}

static void begin(void)
{
    gate_start(&usual_policy);
    memset(&keys, 0, sizeof keys);
    keys.count = 1;
    *key = *ward_jwks_find(usual_keys(), text("a"));
}

/* Each token has a signature of its own: as bytes, and as text. */
struct signature {
    uint8_t bytes[256];
    char text[342];
};

static const struct signature *signature_of(unsigned number)
{
    static struct signature signature;
    struct test_token encoded;
    for (size_t i = 0; i < sizeof signature.bytes; i++)
        signature.bytes[i] = (uint8_t)(number * 7u + i * 13u);
    encoded.length = 0;
    token_append_base64url(&encoded, signature.bytes, sizeof signature.bytes);
    CHECK_NUMBER(encoded.length, sizeof signature.text);
    memcpy(signature.text, encoded.data, sizeof signature.text);
    return &signature;
}

static void add_marked(unsigned token, unsigned owner, uint32_t marks)
{
    const struct digest digest = digest_of(token);
    const struct ward_known known = { digest.bytes, { (const char *)signature_of(token)->bytes, 256 }, token };
    ward_cache_add(&test_gate, &known, key, marks, owner_of(owner).bytes);
}

static void add(unsigned token, unsigned owner)
{
    add_marked(token, owner, WARD_KNOWN_NAMED | WARD_KNOWN_WHOLE);
}

static struct ward_cached *find_with(struct digest digest, struct ward_text signature)
{
    const struct ward_known known = { digest.bytes, signature, 0 };
    const struct ward_key *found = NULL;
    struct ward_cached *const cached = ward_cache_find(&test_gate, &known, &keys, &found);
    CHECK((cached != NULL) == (found != NULL));
    return cached;
}

static struct ward_cached *find(unsigned token)
{
    return find_with(digest_of(token), ward_text_of(signature_of(token)->text, 342));
}

TEST(nothing_is_found_before_it_was_added)
{
    begin();
    CHECK(find(0) == NULL);
    CHECK(find(1) == NULL);
}

#if WARD_CACHE_SLOTS > 0

TEST(what_was_added_is_found_with_its_owner)
{
    begin();
    add(7, 3);
    CHECK(find(7) != NULL);
    CHECK(memcmp(find(7)->owner, owner_of(3).bytes, WARD_OWNER_SIZE) == 0);
    CHECK(find(8) == NULL);
}

TEST(a_digest_is_compared_whole)
{
    begin();
    add(1, 1);
    for (size_t i = 0; i < 32; i++) {
        struct digest digest = digest_of(1);
        digest.bytes[i] ^= 0x80;
        CHECK(find_with(digest, ward_text_of(signature_of(1)->text, 342)) == NULL);
    }
}

TEST(another_modulus_is_another_key)
{
    begin();
    add(1, 1);
    const struct ward_key good = *key;
    for (size_t i = 0; i < WARD_RSA_WORDS; i++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            key->n[i] ^= (uint32_t)1 << bit;
            CHECK(find(1) == NULL);
            *key = good;
        }
    }
    *key = *ward_jwks_find(usual_keys(), text("b"));
    CHECK(find(1) == NULL);
    *key = good;
    CHECK(find(1) != NULL);
}

TEST(a_key_is_told_by_its_modulus_and_its_kid_wherever_it_lies)
{
    begin();
    add(1, 1);
    key->prepared[0]++;
    CHECK(find(1) != NULL);
    keys.key[1] = *key;
    *key = *ward_jwks_find(usual_keys(), text("b"));
    CHECK(find(1) == NULL);
    keys.count = 2;
    CHECK(find(1) != NULL);
    keys.key[1].kid[0] ^= 1;
    CHECK(find(1) == NULL);
    keys.key[1].kid[0] ^= 1;
    keys.key[1].kid_length++;
    CHECK(find(1) == NULL);
}

TEST(every_letter_of_a_kid_counts)
{
    begin();
    key->kid_length = WARD_MAX_KID;
    add(1, 1);
    for (size_t i = 0; i < WARD_MAX_KID; i++) {
        key->kid[i] ^= 1;
        CHECK(find(1) == NULL);
        key->kid[i] ^= 1;
    }
    CHECK(find(1) != NULL);
}

/* Without a kid in its header a token means the only key of a set: with a second one it means none. */
TEST(a_token_that_names_no_key_is_known_while_there_is_one)
{
    begin();
    add_marked(1, 1, WARD_KNOWN_WHOLE);
    add(2, 2);
    CHECK(find(1) != NULL);
    keys.key[1] = *ward_jwks_find(usual_keys(), text("b"));
    keys.count = 2;
    CHECK(find(1) == NULL);
    CHECK(find(2) != NULL);
    keys.count = 0;
    CHECK(find(1) == NULL);
    CHECK(find(2) == NULL);
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
    begin();
    CHECK(!ward_cache_may_know(&test_gate, 0));
    CHECK(!ward_cache_may_know(&test_gate, 7));
    add(7, 1);
    add(9, 2);
    CHECK(ward_cache_may_know(&test_gate, 7));
    CHECK(ward_cache_may_know(&test_gate, 9));
    CHECK(!ward_cache_may_know(&test_gate, 8));
    CHECK(!ward_cache_may_know(&test_gate, 0));
}

TEST(marks_are_those_of_the_latest_check)
{
    begin();
    add_marked(1, 1, WARD_KNOWN_NAMED);
    CHECK_NUMBER(find(1)->marks, WARD_KNOWN_NAMED);
    add(1, 1);
    CHECK_NUMBER(find(1)->marks, WARD_KNOWN_NAMED | WARD_KNOWN_WHOLE);
}

#if WARD_CACHE_SIGNATURES

/* Header and payload of a good token may stand in a log: without every bit of its signature they are nothing. */
TEST(a_signature_is_compared_whole)
{
    static char text_of[344];
    begin();
    add(1, 1);
    memcpy(text_of, signature_of(1)->text, 342);
    for (size_t i = 0; i < 342; i++) {
        const char right = text_of[i];
        text_of[i] = right == 'A' ? 'B' : 'A';
        CHECK(find_with(digest_of(1), ward_text_of(text_of, 342)) == NULL);
        text_of[i] = '=';
        CHECK(find_with(digest_of(1), ward_text_of(text_of, 342)) == NULL);
        text_of[i] = right;
        CHECK(i == 0 || find_with(digest_of(1), ward_text_of(text_of, i)) == NULL);
    }
    text_of[342] = text_of[343] = 'A';
    CHECK(find_with(digest_of(1), ward_text_of(text_of, 0)) == NULL);
    CHECK(find_with(digest_of(1), ward_text_of(text_of, 344)) == NULL);
    CHECK(find_with(digest_of(1), ward_text_of(text_of, 342)) != NULL);
    CHECK(find_with(digest_of(1), ward_text_of(signature_of(2)->text, 342)) == NULL);
}

TEST(a_shorter_key_s_signature_leaves_nothing_of_the_longer_one_before_it)
{
    begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++) {
        memset(test_gate.cache[i].signature, 0xee, sizeof test_gate.cache[i].signature);
        add(i, i);
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
    begin();
    add(1, 1);
    for (size_t i = 0; i + 4 < WARD_RSA_WORDS && key->n[i + 4] != 0; i++) {
        const struct ward_key good = *key;
        key->n[i] = good.n[i + 4];
        key->n[i + 4] = good.n[i];
        CHECK(find(1) == NULL);
        *key = good;
    }
}

/* Of the lowest bit of one word and any of the next that goes the same way. */
TEST(changes_of_two_words_of_the_modulus_do_not_undo_one_another)
{
    begin();
    add(1, 1);
    const struct ward_key good = *key;
    for (uint32_t i = 0; i < 256; i++) {
        key->n[0] = good.n[0] ^ 1u;
        key->n[4] = good.n[4] ^ i;
        CHECK(find(1) == NULL);
    }
}

TEST(forgetting_makes_all_of_them_worthless)
{
    begin();
    add(1, 1);
    add(2, 2);
    ward_gate_forget(&test_gate);
    CHECK(find(1) == NULL);
    CHECK(find(2) == NULL);
    add(1, 1);
    CHECK(find(1) != NULL);
}

TEST(a_subject_has_two_entries_at_most)
{
    begin();
    add(1, 1);
    add(2, 1);
    CHECK(find(1) != NULL);
    add(3, 1);
    CHECK(find(1) != NULL);
    CHECK(find(2) == NULL);
    CHECK(find(3) != NULL);
}

TEST(the_third_token_of_a_subject_takes_the_place_of_its_first)
{
    begin();
    add(1, 1);
    add(2, 1);
    add(3, 1);
    CHECK(find(1) == NULL);
    CHECK(find(2) != NULL);
    CHECK(find(3) != NULL);
}

TEST(a_subject_with_many_tokens_pushes_nobody_else_out)
{
    begin();
    add(100, 2);
    for (unsigned i = 0; i < 50; i++)
        add(i, 1);
    CHECK(find(100) != NULL);
    CHECK(find(49) != NULL);
    CHECK(find(48) != NULL);
    CHECK(find(47) == NULL);
}

TEST(the_one_used_longest_ago_gives_way)
{
    begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        add(i, i);
    CHECK(find(0) != NULL);
    add(99, 99);
    CHECK(find(0) != NULL);
    CHECK(find(1) == NULL);
    for (unsigned i = 2; i < WARD_CACHE_SLOTS; i++)
        CHECK(find(i) != NULL);
    CHECK(find(99) != NULL);
}

TEST(free_entries_are_taken_first)
{
    begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++) {
        add(i, i);
        for (unsigned j = 0; j <= i; j++)
            CHECK(find(j) != NULL);
    }
}

TEST(a_token_has_one_entry_however_often_it_was_checked)
{
    begin();
    add(1, 1);
    add(2, 1);
    add(2, 1);
    add(2, 1);
    CHECK(find(1) != NULL);
    CHECK(find(2) != NULL);
}

TEST(an_entry_under_the_key_before_does_not_count_under_the_next)
{
    begin();
    add(1, 1);
    const struct ward_key good = *key;
    key->n[0] ^= 4;
    add(1, 1);
    CHECK(find(1) != NULL);
    *key = good;
    CHECK(find(1) != NULL);
}

TEST(when_the_count_of_uses_comes_round_all_is_forgotten)
{
    begin();
    add(1, 1);
    test_gate.uses = UINT32_MAX - 1;
    CHECK(find(1) != NULL);
    CHECK_NUMBER(test_gate.uses, UINT32_MAX);
    CHECK(find(1) == NULL);
    add(2, 2);
    CHECK(find(2) != NULL);
}

TEST(after_the_count_of_uses_came_round_there_is_room_for_as_many_as_before)
{
    begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        add(i, i);
    test_gate.uses = UINT32_MAX;
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        add(100 + i, 100 + i);
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        CHECK(find(100 + i) != NULL);
}

TEST(what_is_added_as_the_count_of_uses_comes_round_is_found)
{
    begin();
    test_gate.uses = UINT32_MAX;
    add(2, 2);
    CHECK(find(2) != NULL);
}

/* ---- A model: a list, the one used last at its end. */

struct remembered {
    unsigned token;
    unsigned owner;
    unsigned key;
    unsigned generation;
};

struct model {
    struct remembered entry[WARD_CACHE_SLOTS];
    size_t count;
    unsigned generation;
};

static void remove_at(struct model *model, size_t place)
{
    memmove(&model->entry[place], &model->entry[place + 1], (model->count - place - 1) * sizeof model->entry[0]);
    model->count--;
}

static bool model_find(struct model *model, unsigned token, unsigned which)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct remembered entry = model->entry[i];
        if (entry.token != token || entry.key != which || entry.generation != model->generation)
            continue;
        remove_at(model, i);
        model->entry[model->count++] = entry;
        return true;
    }
    return false;
}

static void model_add(struct model *model, unsigned token, unsigned owner, unsigned which)
{
    size_t own = 0;
    size_t first = 0;
    for (size_t i = model->count; i-- > 0;) {
        if (model->entry[i].owner == owner) {
            own++;
            first = i;
        }
    }
    if (own >= 2)
        remove_at(model, first);
    else if (model->count == WARD_CACHE_SLOTS)
        remove_at(model, 0);
    const struct remembered entry = { token, owner, which, model->generation };
    model->entry[model->count++] = entry;
}

static void walk(uint32_t seed)
{
    struct model model = { { { 0 } }, 0, 0 };
    begin();
    const struct ward_key both[2] = { *key, *ward_jwks_find(usual_keys(), text("b")) };
    for (int step = 0; step < 3000; step++) {
        const unsigned token = random_below(&seed, 40);
        const unsigned which = random_below(&seed, 8) == 0;
        *key = both[which];
        if (random_below(&seed, 200) == 0) {
            ward_gate_forget(&test_gate);
            model.generation++;
        }
        const bool known = model_find(&model, token, which);
        CHECK_NUMBER(find(token) != NULL, known);
        if (known || random_below(&seed, 3) == 0)
            continue;
        add(token, token / 3);
        model_add(&model, token, token / 3, which);
    }
}

TEST(random_schedules_agree_with_a_model)
{
    for (uint32_t seed = 1; seed <= 10; seed++)
        walk(seed * 104729);
}

SUITE(cache, CASE(nothing_is_found_before_it_was_added), CASE(what_was_added_is_found_with_its_owner),
      CASE(a_digest_is_compared_whole), CASE(another_modulus_is_another_key),
      CASE(a_key_is_told_by_its_modulus_and_its_kid_wherever_it_lies), CASE(every_letter_of_a_kid_counts),
      CASE(a_token_that_names_no_key_is_known_while_there_is_one), CASE(a_header_is_told_by_every_byte_of_its_text),
      CASE(only_what_has_the_header_of_a_known_token_may_be_known), CASE(marks_are_those_of_the_latest_check),
      SIGNATURE_CASES CASE(words_of_the_modulus_cannot_change_places),
      CASE(changes_of_two_words_of_the_modulus_do_not_undo_one_another), CASE(forgetting_makes_all_of_them_worthless),
      CASE(a_subject_has_two_entries_at_most), CASE(the_third_token_of_a_subject_takes_the_place_of_its_first),
      CASE(a_subject_with_many_tokens_pushes_nobody_else_out), CASE(the_one_used_longest_ago_gives_way),
      CASE(free_entries_are_taken_first), CASE(a_token_has_one_entry_however_often_it_was_checked),
      CASE(an_entry_under_the_key_before_does_not_count_under_the_next),
      CASE(when_the_count_of_uses_comes_round_all_is_forgotten),
      CASE(after_the_count_of_uses_came_round_there_is_room_for_as_many_as_before),
      CASE(what_is_added_as_the_count_of_uses_comes_round_is_found), CASE(random_schedules_agree_with_a_model));

#else

TEST(without_slots_nothing_is_remembered)
{
    begin();
    add(1, 1);
    CHECK(find(1) == NULL);
}

SUITE(cache, CASE(nothing_is_found_before_it_was_added), CASE(without_slots_nothing_is_remembered));

#endif
