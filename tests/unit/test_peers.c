/* SPDX-License-Identifier: Apache-2.0 */
/* Which peers are known: against what the rule says, and against a model that keeps whole addresses in one list. */
#include "access/peers.h"
#include "gate.h"

enum { KNOWN = WARD_PEER_SLOTS, ALL = WARD_PEER_SLOTS + WARD_REMEMBERED_PEERS };

static const struct ward_rate rate = { 1, 10, 2 };
static const struct ward_peer stranger = { { 0xff } };
static uint32_t uptime;

static void begin(void)
{
    memset(&test_gate, 0, sizeof test_gate);
    uptime = 5000;
    for (size_t i = 0; i < KNOWN; i++)
        test_gate.known[i].full_at = uptime;
}

static struct ward_peer peer_of(unsigned number)
{
    struct ward_peer peer = { { [10] = 0xff, [11] = 0xff, [14] = (uint8_t)(number >> 8), [15] = (uint8_t)number } };
    peer.address[12] = 10;
    return peer;
}

static struct ward_bucket *known(unsigned number)
{
    return ward_peer_known(&test_gate, peer_of(number).address, rate, uptime);
}

static struct ward_bucket *grant(unsigned number)
{
    struct ward_bucket *const bucket = ward_peer_granted(&test_gate, peer_of(number).address, rate, uptime);
    CHECK(bucket == &test_gate.known[0]);
    CHECK(memcmp(bucket->id, peer_of(number).address, sizeof bucket->id) == 0);
    return bucket;
}

static void grant_each(unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        (void)grant(first + i);
}

static void spend(struct ward_bucket *bucket)
{
    bucket->full_at = uptime + 20000;
}

static bool is_spent(const struct ward_bucket *bucket)
{
    return bucket->full_at == uptime + 20000;
}

TEST(nobody_is_known_at_the_start)
{
    static const uint8_t like_nobody[16] = { 0, 0, 0, 1, 0x9e, 0x37, 0x79, 0xb1 };
    begin();
    CHECK(known(1) == NULL);
    CHECK(ward_peer_known(&test_gate, stranger.address, rate, uptime) == NULL);
    /* What would be remembered of this one is what stands where nobody is remembered. */
    CHECK(ward_peer_known(&test_gate, like_nobody, rate, uptime) == NULL);
}

TEST(a_peer_is_known_by_its_whole_address)
{
    begin();
    (void)grant(1);
    for (size_t i = 0; i < 16; i++) {
        struct ward_peer other = peer_of(1);
        other.address[i] ^= 0x40;
        CHECK(ward_peer_known(&test_gate, other.address, rate, uptime) == NULL);
    }
    CHECK(known(1) == &test_gate.known[0]);
}

TEST(a_peer_that_gave_way_is_remembered_by_its_whole_address)
{
    begin();
    (void)grant(1);
    grant_each(2, KNOWN);
    for (size_t i = 0; i < 16; i++) {
        for (unsigned bit = 1; bit < 256; bit *= 2) {
            struct ward_peer other = peer_of(1);
            other.address[i] ^= (uint8_t)bit;
            if (memcmp(other.address, peer_of(1).address, 12) != 0 || other.address[15] > KNOWN + 1)
                CHECK(ward_peer_known(&test_gate, other.address, rate, uptime) == NULL);
        }
    }
    CHECK(known(1) == &test_gate.known[0]);
}

TEST(who_is_known_keeps_its_place_when_it_only_asks)
{
    begin();
    grant_each(1, KNOWN);
    for (unsigned i = 0; i < KNOWN; i++)
        CHECK(known(1 + i) == &test_gate.known[KNOWN - 1 - i]);
}

TEST(the_one_whose_grant_lies_furthest_back_gives_way)
{
    begin();
    grant_each(1, KNOWN);
    (void)grant(1);
    (void)grant(1000);
    /* 2 now is only remembered, if there were places for more than one. */
    for (unsigned i = 0; i < KNOWN; i++)
        CHECK(memcmp(test_gate.known[i].id, peer_of(KNOWN > 1 ? 2 : 1).address, 16) != 0);
    CHECK(known(1000) == &test_gate.known[0]);
    if (KNOWN > 1)
        CHECK(known(1) == &test_gate.known[1]);
}

TEST(as_many_as_there_are_places_and_four_times_more_are_never_strangers)
{
    begin();
    grant_each(1, ALL);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 1; i <= ALL; i++)
            CHECK(known(i) != NULL);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = ALL; i >= 1; i--)
            CHECK(known(i) != NULL);
}

TEST(beyond_these_the_first_is_a_stranger_again)
{
    begin();
    grant_each(1, ALL + 1);
    CHECK(known(1) == NULL);
    for (unsigned i = 2; i <= ALL + 1; i++)
        CHECK(known(i) != NULL);
}

/* Else an attacker that was granted a token would get a fresh reserve for each that another peer is granted. */
TEST(a_peer_that_has_spent_something_keeps_its_place)
{
    begin();
    if (KNOWN == 1)
        return;
    spend(grant(7));
    grant_each(100, ALL);
    CHECK(is_spent(known(7)));
    CHECK(known(7) == &test_gate.known[KNOWN - 1]);
}

TEST(who_takes_a_place_does_not_find_the_debt_of_another_while_one_is_free_of_it)
{
    begin();
    grant_each(1, KNOWN);
    for (unsigned i = 1; i < KNOWN; i++)
        spend(known(i));
    CHECK(!is_spent(grant(100)));
    if (KNOWN > 1)
        CHECK(!is_spent(grant(101)));
    for (unsigned i = 1; i < KNOWN; i++)
        CHECK(is_spent(known(i)));
}

TEST(where_all_have_spent_the_last_gives_way_and_its_debt_stays)
{
    begin();
    grant_each(1, KNOWN);
    for (unsigned i = 1; i <= KNOWN; i++)
        spend(known(i));
    CHECK(is_spent(grant(100)));
    for (unsigned i = 2; i <= KNOWN; i++)
        CHECK(is_spent(known(i)));
    CHECK(is_spent(known(1)));
    CHECK(known(1) == &test_gate.known[0]);
}

TEST(a_debt_that_is_paid_is_one_no_longer)
{
    begin();
    grant_each(1, KNOWN);
    for (unsigned i = 1; i <= KNOWN; i++)
        spend(known(i));
    known(KNOWN)->full_at = uptime + 1;
    uptime += 1;
    (void)grant(100);
    CHECK(memcmp(test_gate.known[0].id, peer_of(100).address, 16) == 0);
    CHECK(test_gate.known[0].full_at == uptime);
}

/* ---- A model: whole addresses, the latest first; the first KNOWN of them have places. Nobody spends anything. */

static unsigned model[ALL];

static size_t model_find(unsigned number)
{
    size_t place = 0;
    while (place < ALL && model[place] != number)
        place++;
    return place;
}

static void model_move(unsigned number, size_t place)
{
    memmove(model + 1, model, (place < ALL ? place : ALL - 1) * sizeof model[0]);
    model[0] = number;
}

TEST(random_peers_agree_with_a_model)
{
    uint32_t seed = 20250101;
    begin();
    memset(model, 0, sizeof model);
    for (unsigned step = 0; step < 4000; step++) {
        const unsigned number = 1 + random_below(&seed, ALL + ALL / 3 + 1);
        const size_t place = model_find(number);
        if (random_below(&seed, 3) == 0) {
            (void)grant(number);
            model_move(number, place);
        } else {
            const struct ward_bucket *const bucket = known(number);
            CHECK_NUMBER(bucket != NULL, place < ALL);
            if (place >= KNOWN && place < ALL)
                model_move(number, place);
        }
        for (size_t i = 0; i < KNOWN && model[i] != 0; i++)
            CHECK(memcmp(test_gate.known[i].id, peer_of(model[i]).address, 16) == 0);
    }
}

SUITE(peers, CASE(nobody_is_known_at_the_start), CASE(a_peer_is_known_by_its_whole_address),
      CASE(a_peer_that_gave_way_is_remembered_by_its_whole_address),
      CASE(who_is_known_keeps_its_place_when_it_only_asks), CASE(the_one_whose_grant_lies_furthest_back_gives_way),
      CASE(as_many_as_there_are_places_and_four_times_more_are_never_strangers),
      CASE(beyond_these_the_first_is_a_stranger_again), CASE(a_peer_that_has_spent_something_keeps_its_place),
      CASE(who_takes_a_place_does_not_find_the_debt_of_another_while_one_is_free_of_it),
      CASE(where_all_have_spent_the_last_gives_way_and_its_debt_stays), CASE(a_debt_that_is_paid_is_one_no_longer),
      CASE(random_peers_agree_with_a_model));
