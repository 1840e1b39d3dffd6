/* SPDX-License-Identifier: Apache-2.0 */
/* Who is still served while others flood. */
#include "budget_fixture.h"

/* More holders than the gate remembers tokens: each request of each costs a signature check. */
enum { HOLDERS = WARD_CACHE_SLOTS + 1 < 9 ? 9 : WARD_CACHE_SLOTS + 1, SECONDS = 30, FORGERIES = 50 };

static struct test_token held[HOLDERS];

/* Where holder `i` calls from. */
static uint32_t own_address(unsigned i)
{
    return 1 + i;
}

static uint32_t one_address(unsigned i)
{
    (void)i;
    return 1;
}

static void begin_holders(uint32_t (*address)(unsigned))
{
    budget_begin();
    for (unsigned i = 0; i < HOLDERS; i++) {
        budget_make_numbered(i);
        held[i] = budget_token;
        ask_from(address(i));
        CHECK_STATUS(ask(&held[i], "read:foia"), WARD_OK);
    }
}

/* Forgeries that came as far as RSA in one second, each from an address that was never seen before. */
static unsigned flood(unsigned second)
{
    unsigned count = 0;
    for (unsigned i = 0; i < FORGERIES; i++) {
        ask_from(1000 + second * FORGERIES + i);
        const enum ward_code code = budget_forged(second * FORGERIES + i);
        CHECK(code == WARD_SIGNATURE_INVALID || code == WARD_SIGNATURE_BUDGET_SPENT);
        count += code == WARD_SIGNATURE_INVALID ? 1u : 0u;
    }
    return count;
}

static void check_flood(uint32_t (*address)(unsigned))
{
    unsigned checked = 0;
    begin_holders(address);
    for (unsigned second = 0; second < SECONDS; second++) {
        checked += flood(second);
        for (unsigned i = 0; i < HOLDERS; i++) {
            ask_from(address(i));
            CHECK_STATUS(ask(&held[i], "read:foia"), WARD_OK);
        }
        test_caller.uptime += 1000;
    }
    /* 1,500 forgeries cost 37 RSA operations: eight at once, and one in each second after the first. */
    CHECK_NUMBER(checked, 8 + SECONDS - 1);
}

TEST(under_a_flood_from_any_number_of_peers_more_holders_than_cache_slots_are_served)
{
    check_flood(own_address);
}

TEST(under_a_flood_holders_behind_one_address_are_served)
{
    check_flood(one_address);
}

/* The attack of one address: five a second. Each second somebody comes who was never seen before. */
static void check_attack(unsigned attackers, unsigned seconds, unsigned most_refused)
{
    unsigned refused = 0;
    budget_begin();
    for (unsigned second = 0; second < seconds; second++) {
        for (unsigned i = 0; i < attackers * 5; i++) {
            ask_from(1 + i / 5);
            (void)budget_forged(i);
        }
        ask_from(1000 + second);
        budget_make_numbered(second);
        refused += ward_ok(ask(&budget_token, "read:foia")) ? 0u : 1u;
        test_caller.uptime += 1000;
    }
    CHECK(refused <= most_refused);
}

TEST(strangers_are_served_while_a_few_addresses_attack)
{
    check_attack(1, 60, 0);
    check_attack(3, 30, 0);
    check_attack(4, 30, 1);
}

SUITE(budget_floods, CASE(under_a_flood_from_any_number_of_peers_more_holders_than_cache_slots_are_served),
      CASE(under_a_flood_holders_behind_one_address_are_served),
      CASE(strangers_are_served_while_a_few_addresses_attack));
