/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of TLS: who is sure of what. The array is one and stays, so each case gives back all that it took. */
#include "port/tls/arena.h"
#include "check.h"

enum { FIRST = WARD_TLS_ARENA_SLOTS, HEADER = 8, MOST = 64 };

/* What a case took. */
static void *taken[MOST];
static unsigned count;

static bool take(unsigned owner, size_t size)
{
    ward_tls_arena_use(owner);
    void *const memory = count < MOST ? ward_tls_arena_alloc(1, size - HEADER) : NULL;
    if (memory == NULL)
        return false;
    taken[count++] = memory;
    return true;
}

static void give_all(void)
{
    while (count > 0)
        ward_tls_arena_free(taken[--count]);
}

static void set_up(void)
{
    ward_tls_arena_share(WARD_TLS_ARENA_SHARED, 0);
    ward_tls_arena_share(WARD_TLS_ARENA_FETCH, WARD_ARENA_HELLO_SHARE);
    ward_tls_arena_claim(false);
    for (unsigned slot = 0; slot < WARD_SERVER_SLOTS; slot++) {
        ward_tls_arena_share(FIRST + slot, WARD_ARENA_SLOT_SHARE);
        (void)ward_tls_arena_wake(FIRST + slot);
    }
}

/* All that an owner gets, in kilobytes; it keeps it. */
static size_t take_all(unsigned owner)
{
    size_t kilobytes = 0;
    while (take(owner, 1024))
        kilobytes++;
    return kilobytes;
}

/* Bytes that the others' shares leave to an owner. */
static size_t left_for(unsigned owner)
{
    const size_t promised = WARD_ARENA_HELLO_SHARE + WARD_SERVER_SLOTS * WARD_ARENA_SLOT_SHARE;
    const size_t own = owner == WARD_TLS_ARENA_FETCH ? WARD_ARENA_HELLO_SHARE : WARD_ARENA_SLOT_SHARE;
    return WARD_ARENA_SIZE - promised + own;
}

TEST(memory_is_zeroed_and_comes_back)
{
    set_up();
    const size_t before = ward_tls_arena_used(FIRST);
    ward_tls_arena_use(FIRST);
    uint8_t *const memory = ward_tls_arena_alloc(3, 100);
    CHECK(memory != NULL);
    for (size_t i = 0; i < 300; i++)
        CHECK_NUMBER(memory[i], 0);
    memset(memory, 0xff, 300);
    CHECK(ward_tls_arena_used(FIRST) >= before + 300);
    ward_tls_arena_free(memory);
    ward_tls_arena_free(NULL);
    CHECK_NUMBER(ward_tls_arena_used(FIRST), before);
    CHECK(ward_tls_arena_alloc(0, 8) == NULL && ward_tls_arena_alloc(SIZE_MAX, SIZE_MAX) == NULL);
}

TEST(an_owner_is_sure_of_its_share_whatever_another_takes)
{
    set_up();
    CHECK_NUMBER(take_all(FIRST), left_for(FIRST) / 1024);
    CHECK(ward_tls_arena_excess(FIRST) > 0 && ward_tls_arena_excess(FIRST + 1) == 0);
    CHECK(take(FIRST + 1, WARD_ARENA_SLOT_SHARE));
    CHECK(!take(FIRST + 1, 1024));
    CHECK(take(WARD_TLS_ARENA_FETCH, WARD_ARENA_HELLO_SHARE));
    CHECK(ward_tls_arena_covers());
    give_all();
}

TEST(a_fetch_whose_share_was_borrowed_waits_until_it_is_given_back)
{
    set_up();
    (void)take_all(FIRST);
    ward_tls_arena_share(WARD_TLS_ARENA_FETCH, WARD_ARENA_FETCH_SHARE);
    ward_tls_arena_claim(true);
    CHECK(ward_tls_arena_claimed() && !ward_tls_arena_covers());
    CHECK(!take(FIRST, 1024));
    give_all();
    CHECK(ward_tls_arena_covers());
    CHECK(take(WARD_TLS_ARENA_FETCH, WARD_ARENA_FETCH_SHARE));
    for (unsigned slot = 0; slot < WARD_SERVER_SLOTS; slot++)
        CHECK(take(FIRST + slot, WARD_ARENA_SLOT_SHARE));
    give_all();
    ward_tls_arena_claim(false);
}

TEST(what_rests_is_lent_to_the_fetch_and_to_nobody_else)
{
    set_up();
    ward_tls_arena_rest(FIRST + 1);
    CHECK_NUMBER(take_all(FIRST), left_for(FIRST) / 1024);
    give_all();
    CHECK_NUMBER(take_all(WARD_TLS_ARENA_FETCH), (left_for(WARD_TLS_ARENA_FETCH) + WARD_ARENA_SLOT_SHARE) / 1024);
    CHECK(ward_tls_arena_covers());
    CHECK(!ward_tls_arena_wake(FIRST + 1));
    ward_tls_arena_rest(FIRST + 1);
    CHECK(take(FIRST, WARD_ARENA_SLOT_SHARE));
    give_all();
    CHECK(ward_tls_arena_wake(FIRST + 1));
}

SUITE(arena, CASE(memory_is_zeroed_and_comes_back), CASE(an_owner_is_sure_of_its_share_whatever_another_takes),
      CASE(a_fetch_whose_share_was_borrowed_waits_until_it_is_given_back),
      CASE(what_rests_is_lent_to_the_fetch_and_to_nobody_else));
