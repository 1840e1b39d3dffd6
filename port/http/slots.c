/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/slots.h"

#include <string.h>

#include "port/tls/arena.h"

/* The loop comes back within this; what a turn takes beyond is not the peers' fault. */
enum { LONGEST_TURN = 250 };

struct ward_http_slot ward_http_slots[WARD_SERVER_SLOTS];
struct ward_http_counts ward_http_server_counted;
const struct ward_network *ward_http_server_network;

/* ---- Time. A peer is charged for the turns in which the device could do nothing for it: neither for what the
 * device computes, for it or for others, nor less for bytes that come one by one. */

void ward_http_slots_charge(void)
{
    static uint32_t charged;
    const uint32_t now = ward_http_server_network->uptime();
    const uint32_t passed = now - charged < LONGEST_TURN ? now - charged : LONGEST_TURN;
    charged = now;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (ward_http_slots[i].owes && !ward_http_slots[i].session.stream.heard)
            ward_http_slots[i].clock += passed;
}

uint32_t ward_http_slot_passed(const struct ward_http_slot *slot)
{
    return slot->clock - slot->since;
}

void ward_http_slot_enter(struct ward_http_slot *slot, enum ward_http_slot_state state)
{
    const bool idle = slot->state == WARD_HTTP_SLOT_REQUEST && !slot->begun;
    slot->spent += idle ? 0 : ward_http_slot_passed(slot);
    slot->state = state;
    slot->since = slot->clock;
    slot->owes = false;
}

void ward_http_slot_begin_request(struct ward_http_slot *slot)
{
    if (!slot->begun)
        ward_http_slot_enter(slot, WARD_HTTP_SLOT_REQUEST);
    slot->begun = true;
}

void ward_http_slot_await_request(struct ward_http_slot *slot)
{
    ward_http_request_parser_begin(&slot->parser);
    ward_http_slot_enter(slot, WARD_HTTP_SLOT_REQUEST);
    slot->begun = slot->piece_used < slot->piece_length || ward_tls_unread(&slot->session) > 0;
    slot->session.stream.heard = false;
}

/* ---- Peers. */

static bool is_from(const struct ward_http_slot *slot, const struct ward_peer *peer)
{
    return slot->session.stream.connection != NULL && memcmp(&slot->peer, peer, sizeof *peer) == 0;
}

unsigned ward_http_slots_of(const struct ward_peer *peer)
{
    unsigned number = 0;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (ward_http_slots[i].state != WARD_HTTP_SLOT_FREE && is_from(&ward_http_slots[i], peer))
            number++;
    return number;
}

unsigned ward_http_slots_in_use(void)
{
    unsigned used = 0;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        used += ward_http_slots[i].state != WARD_HTTP_SLOT_FREE ? 1 : 0;
    return used;
}

/* ---- Slots. */

unsigned ward_http_slot_number(const struct ward_http_slot *slot)
{
    return (unsigned)(slot - ward_http_slots);
}

unsigned ward_http_slot_owner(const struct ward_http_slot *slot)
{
    return WARD_TLS_ARENA_SLOTS + ward_http_slot_number(slot);
}

void ward_http_slots_lend(void)
{
    bool kept = false;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        if (ward_http_slots[i].state != WARD_HTTP_SLOT_FREE)
            continue;
        if (kept)
            ward_tls_arena_rest(WARD_TLS_ARENA_SLOTS + i);
        else
            (void)ward_tls_arena_wake(WARD_TLS_ARENA_SLOTS + i);
        kept = true;
    }
}

struct ward_http_slot *ward_http_slots_free(void)
{
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (ward_http_slots[i].state == WARD_HTTP_SLOT_FREE && ward_tls_arena_wake(WARD_TLS_ARENA_SLOTS + i))
            return &ward_http_slots[i];
    ward_http_slots_lend();
    return NULL;
}

void ward_http_slot_release(struct ward_http_slot *slot, bool at_once)
{
    ward_tls_end(&slot->session);
    ward_tls_disconnect(&slot->session, at_once);
    ward_http_request_parser_begin(&slot->parser);
    memset(slot->piece, 0, sizeof slot->piece);
    slot->state = WARD_HTTP_SLOT_FREE;
    slot->owes = false;
    ward_http_slots_lend();
}

void ward_http_slot_linger(struct ward_http_slot *slot)
{
    ward_tls_end(&slot->session);
    ward_http_request_parser_begin(&slot->parser);
    if (!slot->session.stream.calls->finish(&slot->session.stream)) {
        ward_http_slot_release(slot, true);
        return;
    }
    ward_http_slot_enter(slot, WARD_HTTP_SLOT_LINGER);
    slot->owes = true;
}

void ward_http_slot_occupy(struct ward_http_slot *slot)
{
    slot->piece_length = 0;
    slot->piece_used = 0;
    slot->requests = 0;
    slot->answered = false;
    slot->granted = false;
    slot->interim = false;
    slot->clock = 0;
    slot->since = 0;
    ward_http_slot_enter(slot, WARD_HTTP_SLOT_HANDSHAKE);
    slot->spent = 0;
    ward_http_slots_lend();
    if (!ward_tls_start_server(&slot->session)) {
        ward_http_server_counted.failed++;
        ward_http_slot_release(slot, true);
    }
    if (ward_http_slots_in_use() > ward_http_server_counted.most_slots)
        ward_http_server_counted.most_slots = (uint8_t)ward_http_slots_in_use();
}
