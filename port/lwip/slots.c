#include "port/lwip/slots.h"

#include <string.h>

#include "port/tls/arena.h"
#include "port/lwip/network.h"

/* The loop comes back within this (network.h); what a turn takes beyond is not the peers' fault. */
enum { LONGEST_TURN = 250 };

struct slot slots[WARD_SERVER_SLOTS];
struct server_counts server_counted;

/* ---- Time. A peer is charged for the turns in which the device could do nothing for it: neither for what the
 * device computes, for it or for others, nor less for bytes that come one by one. */

void slots_charge(void)
{
    static uint32_t charged;
    const uint32_t now = network_uptime();
    const uint32_t passed = now - charged < LONGEST_TURN ? now - charged : LONGEST_TURN;
    charged = now;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (slots[i].owes && !slots[i].session.heard)
            slots[i].clock += passed;
}

uint32_t slot_passed(const struct slot *slot)
{
    return slot->clock - slot->since;
}

void slot_enter(struct slot *slot, enum slot_state state)
{
    const bool idle = slot->state == SLOT_REQUEST && !slot->begun;
    slot->spent += idle ? 0 : slot_passed(slot);
    slot->state = state;
    slot->since = slot->clock;
    slot->owes = false;
}

void slot_begin_request(struct slot *slot)
{
    if (!slot->begun)
        slot_enter(slot, SLOT_REQUEST);
    slot->begun = true;
}

void slot_await_request(struct slot *slot)
{
    request_parser_begin(&slot->parser);
    slot_enter(slot, SLOT_REQUEST);
    slot->begun = slot->piece_used < slot->piece_length || slot->session.received != NULL;
    slot->session.heard = false;
}

/* ---- Peers. */

bool slots_same_address(const struct tcp_pcb *a, const struct tcp_pcb *b)
{
    return ip_2_ip4(&a->remote_ip)->addr == ip_2_ip4(&b->remote_ip)->addr;
}

static bool is_from(const struct slot *slot, const struct tcp_pcb *pcb)
{
    return slot->session.pcb != NULL && slots_same_address(slot->session.pcb, pcb);
}

unsigned slots_of(const struct tcp_pcb *pcb)
{
    unsigned number = 0;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (slots[i].state != SLOT_FREE && is_from(&slots[i], pcb))
            number++;
    return number;
}

unsigned slots_in_use(void)
{
    unsigned used = 0;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        used += slots[i].state != SLOT_FREE ? 1 : 0;
    return used;
}

/* ---- Slots. */

unsigned slot_number(const struct slot *slot)
{
    return (unsigned)(slot - slots);
}

unsigned slot_owner(const struct slot *slot)
{
    return ARENA_SLOTS + slot_number(slot);
}

void slots_lend(void)
{
    bool kept = false;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        if (slots[i].state != SLOT_FREE)
            continue;
        if (kept)
            arena_rest(ARENA_SLOTS + i);
        else
            (void)arena_wake(ARENA_SLOTS + i);
        kept = true;
    }
}

struct slot *slots_free(void)
{
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (slots[i].state == SLOT_FREE && arena_wake(ARENA_SLOTS + i))
            return &slots[i];
    slots_lend();
    return NULL;
}

void slot_release(struct slot *slot, bool at_once)
{
    tls_end(&slot->session);
    tls_disconnect(&slot->session, at_once);
    request_parser_begin(&slot->parser);
    memset(slot->piece, 0, sizeof slot->piece);
    slot->state = SLOT_FREE;
    slot->owes = false;
    slots_lend();
}

void slot_linger(struct slot *slot)
{
    tls_end(&slot->session);
    request_parser_begin(&slot->parser);
    if (slot->session.pcb == NULL || tcp_shutdown(slot->session.pcb, 0, 1) != ERR_OK) {
        slot_release(slot, true);
        return;
    }
    slot_enter(slot, SLOT_LINGER);
    slot->owes = true;
}

void slot_occupy(struct slot *slot)
{
    const size_t address = sizeof slot->peer.address - sizeof(uint32_t);
    /* IPv4 in IPv6: RFC 4291, 2.5.5.2. */
    memset(&slot->peer, 0, sizeof slot->peer);
    memset(slot->peer.address + 10, 0xff, 2);
    memcpy(slot->peer.address + address, &ip_2_ip4(&slot->session.pcb->remote_ip)->addr, sizeof(uint32_t));
    slot->piece_length = 0;
    slot->piece_used = 0;
    slot->requests = 0;
    slot->answered = false;
    slot->granted = false;
    slot->interim = false;
    slot->clock = 0;
    slot->since = 0;
    slot_enter(slot, SLOT_HANDSHAKE);
    slot->spent = 0;
    slots_lend();
    if (!tls_start_server(&slot->session)) {
        server_counted.failed++;
        slot_release(slot, true);
    }
    if (slots_in_use() > server_counted.most_slots)
        server_counted.most_slots = (uint8_t)slots_in_use();
}
