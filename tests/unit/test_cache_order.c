/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the tokens that are remembered gives way to another one. */
#include "cache_fixture.h"

#if WARD_CACHE_SLOTS > 0

static struct ward_key *const key = &cache_keys.key[0];

TEST(a_subject_has_two_entries_at_most)
{
    cache_begin();
    cache_add(1, 1);
    cache_add(2, 1);
    CHECK(cache_find(1) != NULL);
    cache_add(3, 1);
    CHECK(cache_find(1) != NULL);
    CHECK(cache_find(2) == NULL);
    CHECK(cache_find(3) != NULL);
}

TEST(the_third_token_of_a_subject_takes_the_place_of_its_first)
{
    cache_begin();
    cache_add(1, 1);
    cache_add(2, 1);
    cache_add(3, 1);
    CHECK(cache_find(1) == NULL);
    CHECK(cache_find(2) != NULL);
    CHECK(cache_find(3) != NULL);
}

TEST(a_subject_with_many_tokens_pushes_nobody_else_out)
{
    cache_begin();
    cache_add(100, 2);
    for (unsigned i = 0; i < 50; i++)
        cache_add(i, 1);
    CHECK(cache_find(100) != NULL);
    CHECK(cache_find(49) != NULL);
    CHECK(cache_find(48) != NULL);
    CHECK(cache_find(47) == NULL);
}

TEST(the_one_used_longest_ago_gives_way)
{
    cache_begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        cache_add(i, i);
    CHECK(cache_find(0) != NULL);
    cache_add(99, 99);
    CHECK(cache_find(0) != NULL);
    CHECK(cache_find(1) == NULL);
    for (unsigned i = 2; i < WARD_CACHE_SLOTS; i++)
        CHECK(cache_find(i) != NULL);
    CHECK(cache_find(99) != NULL);
}

TEST(free_entries_are_taken_first)
{
    cache_begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++) {
        cache_add(i, i);
        for (unsigned j = 0; j <= i; j++)
            CHECK(cache_find(j) != NULL);
    }
}

TEST(a_token_has_one_entry_however_often_it_was_checked)
{
    cache_begin();
    cache_add(1, 1);
    cache_add(2, 1);
    cache_add(2, 1);
    cache_add(2, 1);
    CHECK(cache_find(1) != NULL);
    CHECK(cache_find(2) != NULL);
}

TEST(an_entry_under_the_key_before_does_not_count_under_the_next)
{
    cache_begin();
    cache_add(1, 1);
    const struct ward_key good = *key;
    key->n[0] ^= 4;
    cache_add(1, 1);
    CHECK(cache_find(1) != NULL);
    *key = good;
    CHECK(cache_find(1) != NULL);
}

TEST(when_the_count_of_uses_comes_round_all_is_forgotten)
{
    cache_begin();
    cache_add(1, 1);
    test_gate.uses = UINT32_MAX - 1;
    CHECK(cache_find(1) != NULL);
    CHECK_NUMBER(test_gate.uses, UINT32_MAX);
    CHECK(cache_find(1) == NULL);
    cache_add(2, 2);
    CHECK(cache_find(2) != NULL);
}

TEST(after_the_count_of_uses_came_round_there_is_room_for_as_many_as_before)
{
    cache_begin();
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        cache_add(i, i);
    test_gate.uses = UINT32_MAX;
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        cache_add(100 + i, 100 + i);
    for (unsigned i = 0; i < WARD_CACHE_SLOTS; i++)
        CHECK(cache_find(100 + i) != NULL);
}

TEST(what_is_added_as_the_count_of_uses_comes_round_is_found)
{
    cache_begin();
    test_gate.uses = UINT32_MAX;
    cache_add(2, 2);
    CHECK(cache_find(2) != NULL);
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
    cache_begin();
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
        CHECK_NUMBER(cache_find(token) != NULL, known);
        if (known || random_below(&seed, 3) == 0)
            continue;
        cache_add(token, token / 3);
        model_add(&model, token, token / 3, which);
    }
}

TEST(random_schedules_agree_with_a_model)
{
    for (uint32_t seed = 1; seed <= 10; seed++)
        walk(seed * 104729);
}

SUITE(cache_order, CASE(a_subject_has_two_entries_at_most),
      CASE(the_third_token_of_a_subject_takes_the_place_of_its_first),
      CASE(a_subject_with_many_tokens_pushes_nobody_else_out), CASE(the_one_used_longest_ago_gives_way),
      CASE(free_entries_are_taken_first), CASE(a_token_has_one_entry_however_often_it_was_checked),
      CASE(an_entry_under_the_key_before_does_not_count_under_the_next),
      CASE(when_the_count_of_uses_comes_round_all_is_forgotten),
      CASE(after_the_count_of_uses_came_round_there_is_room_for_as_many_as_before),
      CASE(what_is_added_as_the_count_of_uses_comes_round_is_found), CASE(random_schedules_agree_with_a_model));

#else

TEST(without_slots_there_is_no_order)
{
    cache_begin();
    cache_add(1, 1);
    cache_add(2, 1);
    CHECK(cache_find(1) == NULL && cache_find(2) == NULL);
}

SUITE(cache_order, CASE(without_slots_there_is_no_order));

#endif
