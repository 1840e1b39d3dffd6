/* SPDX-License-Identifier: Apache-2.0 */
#include "access/peers.h"

#include <string.h>

#include "access/limiter.h"

enum { KNOWN = WARD_PEER_SLOTS, REMEMBERED = WARD_REMEMBERED_PEERS };

/*
 * What is remembered of an address: 0 is nobody. Each word decides about all 32 bits, so that two IPv4 addresses, or
 * two that differ in one word alone, are never taken for each other. Who picks an IPv6 address on purpose to be taken
 * for another one gets what any peer with a token of its own gets: one place.
 */
static uint32_t print_of(const uint8_t address[16])
{
    uint32_t print = 0;
    for (size_t i = 0; i < 16; i += 4) {
        const uint32_t word = (uint32_t)address[i] << 24 | (uint32_t)address[i + 1] << 16 |
                              (uint32_t)address[i + 2] << 8 | address[i + 3];
        print = print * 0x9e3779b1u ^ word;
    }
    return print;
}

/* REMEMBERED: not there. */
static size_t find_remembered(const struct ward_gate *gate, uint32_t print)
{
    size_t place = 0;
    while (place < REMEMBERED && (print == 0 || gate->remembered[place] != print))
        place++;
    return place;
}

/* The first `place` of them move up by one, over what is at that place; the newest comes first. */
static void remember(struct ward_gate *gate, uint32_t print, size_t place)
{
    (void)memmove(gate->remembered + 1, gate->remembered, place * sizeof gate->remembered[0]);
    gate->remembered[0] = print;
}

static void bring_forward(struct ward_gate *gate, size_t place)
{
    struct ward_bucket bucket;
    bucket = gate->known[place];
    (void)memmove(gate->known + 1, gate->known, place * sizeof gate->known[0]);
    gate->known[0] = bucket;
}

/*
 * Of those with nothing spent the one whose grant lies furthest back, free places first: an attacker who has spent a
 * reserve stays where it is, and who comes in its time of need does not find its debt. If all have spent: the last.
 */
static size_t place_to_take(const struct ward_gate *gate, struct ward_rate rate, uint32_t uptime)
{
    for (size_t place = KNOWN; place > 0; place--)
        if (ward_budget_is_full(gate->known[place - 1].full_at, rate, uptime))
            return place - 1;
    return KNOWN - 1;
}

/* The peer that gives way is remembered at place `memory`. */
static void take_place(struct ward_gate *gate, const uint8_t address[16], size_t memory, struct ward_rate rate,
                       uint32_t uptime)
{
    bring_forward(gate, place_to_take(gate, rate, uptime));
    remember(gate, print_of(gate->known[0].id), memory);
    memcpy(gate->known[0].id, address, sizeof gate->known[0].id);
}

/* Where the peer has its place, which may be a new one; KNOWN: it is a stranger. */
static size_t find_known(struct ward_gate *gate, const uint8_t address[16], struct ward_rate rate, uint32_t uptime)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (memcmp(gate->known[i].id, address, sizeof gate->known[i].id) == 0)
            return i;
    const size_t memory = find_remembered(gate, print_of(address));
    if (memory == REMEMBERED)
        return KNOWN;
    take_place(gate, address, memory, rate, uptime);
    return 0;
}

struct ward_bucket *ward_peer_known(struct ward_gate *gate, const uint8_t address[16], struct ward_rate rate,
                                    uint32_t uptime)
{
    const size_t place = find_known(gate, address, rate, uptime);
    return place < KNOWN ? &gate->known[place] : NULL;
}

struct ward_bucket *ward_peer_granted(struct ward_gate *gate, const uint8_t address[16], struct ward_rate rate,
                                      uint32_t uptime)
{
    const size_t place = find_known(gate, address, rate, uptime);
    if (place < KNOWN)
        bring_forward(gate, place);
    else
        take_place(gate, address, REMEMBERED - 1, rate, uptime);
    return &gate->known[0];
}
