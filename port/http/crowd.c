/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/crowd.h"

#include <stddef.h>

#include "port/tls/arena.h"

/* Milliseconds that the peer has to take a last answer and close. */
enum { LINGER_MS = 2000 };

static unsigned ready(void)
{
    return ward_http_server_network->queue->ready();
}

bool ward_http_crowd_waits(void)
{
    return ready() > 0 && ward_http_slots_in_use() == WARD_SERVER_SLOTS;
}

static bool fetch_wants(void)
{
    return ward_tls_arena_claimed() && !ward_tls_arena_covers();
}

/* Whether the fetch is owed what a session has above its share. */
static bool is_owed(const struct ward_http_slot *slot)
{
    return fetch_wants() && ward_tls_arena_excess(ward_http_slot_owner(slot)) > 0;
}

bool ward_http_crowd_ends(const struct ward_http_slot *slot)
{
    if (ward_http_crowd_waits() || slot->requests >= WARD_SERVER_CONNECTION_REQUESTS ||
        slot->clock >= WARD_SERVER_CONNECTION_MS)
        return true;
    return is_owed(slot);
}

/* ---- Time. */

/* From the handshake to the end of an answer, while others wait: the more of them, the less. */
static uint32_t crowded_limit(void)
{
    const unsigned waiting = ready();
    const uint32_t less = WARD_SERVER_CROWDED_MS - WARD_SERVER_LEAST_MS;
    return waiting > 1 ? WARD_SERVER_CROWDED_MS - less * (waiting - 1u) / (WARD_SERVER_WAITING - 1u)
                       : WARD_SERVER_CROWDED_MS;
}

/* Of a request's, an answer's or a handshake's own time. */
static uint32_t limit_of(const struct ward_http_slot *slot)
{
    switch (slot->state) {
    case WARD_HTTP_SLOT_HANDSHAKE: return WARD_SERVER_HANDSHAKE_MS;
    case WARD_HTTP_SLOT_REQUEST: return slot->begun ? WARD_SERVER_REQUEST_MS : WARD_SERVER_IDLE_MS;
    case WARD_HTTP_SLOT_RESPONSE: return WARD_SERVER_WRITE_MS;
    default: return ward_http_crowd_waits() ? WARD_SERVER_FIRST_MS : LINGER_MS;
    }
}

static bool is_idle(const struct ward_http_slot *slot)
{
    return slot->state == WARD_HTTP_SLOT_REQUEST && !slot->begun && ward_tls_unread(&slot->session) == 0;
}

bool ward_http_crowd_times_out(const struct ward_http_slot *slot)
{
    const uint32_t passed = ward_http_slot_passed(slot);
    if (passed >= limit_of(slot))
        return true;
    if (is_idle(slot))
        return slot->clock >= WARD_SERVER_CONNECTION_MS;
    return slot->state != WARD_HTTP_SLOT_LINGER && (ward_http_crowd_waits() || is_owed(slot)) &&
           slot->spent + passed >= crowded_limit();
}

/* ---- Who gives way. */

/* Its last answer has been taken, or nothing is asked. A first request is on its way when the handshake ends: it has
 * its time to come, or handshakes would be all that a crowd gets. */
static bool may_be_evicted(const struct ward_http_slot *slot)
{
    const struct ward_stream *const stream = &slot->session.stream;
    if (slot->state == WARD_HTTP_SLOT_LINGER)
        return stream->calls->unsent(stream) == 0;
    return is_idle(slot) && (slot->answered || ward_http_slot_passed(slot) >= WARD_SERVER_FIRST_MS);
}

unsigned ward_http_crowd_room(void)
{
    unsigned room = 0;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (ward_http_slots[i].state == WARD_HTTP_SLOT_FREE || may_be_evicted(&ward_http_slots[i]))
            room++;
    return room;
}

static unsigned load_of(const struct ward_http_slot *slot)
{
    return slot->session.stream.connection != NULL ? ward_http_slots_of(&slot->peer) : 0;
}

/* Whether one goes rather than another: the one that only closes, that nobody's token was granted on, whose address
 * has more, that has been idle for longer. */
static bool goes_first(const struct ward_http_slot *slot, const struct ward_http_slot *other)
{
    if ((slot->state == WARD_HTTP_SLOT_LINGER) != (other->state == WARD_HTTP_SLOT_LINGER))
        return slot->state == WARD_HTTP_SLOT_LINGER;
    if (slot->granted != other->granted)
        return other->granted;
    if (load_of(slot) != load_of(other))
        return load_of(slot) > load_of(other);
    return ward_http_slot_passed(slot) > ward_http_slot_passed(other);
}

static struct ward_http_slot *first_to_go(void)
{
    struct ward_http_slot *found = NULL;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++)
        if (may_be_evicted(&ward_http_slots[i]) && (found == NULL || goes_first(&ward_http_slots[i], found)))
            found = &ward_http_slots[i];
    return found;
}

static struct ward_http_slot *make_room(void)
{
    struct ward_http_slot *const slot = first_to_go();
    if (slot == NULL)
        return NULL;
    ward_http_server_counted.evicted += slot->state == WARD_HTTP_SLOT_REQUEST ? 1 : 0;
    ward_http_slot_release(slot, false);
    return ward_http_slots_free();
}

bool ward_http_crowd_admit(void)
{
    /* Every second turn is that of who has waited longest, whatever its address has: behind a NAT there are many. */
    static bool fair;
    if (ready() == 0)
        return false;
    struct ward_http_slot *slot = ward_http_slots_free();
    if (slot == NULL && ward_http_slots_in_use() == WARD_SERVER_SLOTS)
        slot = make_room();
    if (slot == NULL)
        return false;
    ward_tls_clear(&slot->session, ward_http_slot_owner(slot));
    if (!ward_http_server_network->queue->take(&slot->session.stream, &slot->peer, !fair))
        return false;
    fair = !fair;
    ward_http_slot_occupy(slot);
    return true;
}

/* ---- The fetch's memory. */

/* The order in which sessions with more than their share go: 0, those that nobody's token was granted on and that
 * are idle; then such as do something; then those that were granted something and are idle. Who was and asks again
 * has its answer first, and hurries. */
static unsigned rank_of(const struct ward_http_slot *slot)
{
    if (!slot->granted)
        return is_idle(slot) ? 0 : 1;
    return is_idle(slot) ? 2 : 3;
}

bool ward_http_crowd_reclaim(void)
{
    struct ward_http_slot *found = NULL;
    if (!fetch_wants())
        return false;
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        struct ward_http_slot *const slot = &ward_http_slots[i];
        if (slot->state == WARD_HTTP_SLOT_FREE || ward_tls_arena_excess(ward_http_slot_owner(slot)) == 0 ||
            rank_of(slot) > 2)
            continue;
        if (found == NULL || rank_of(slot) < rank_of(found))
            found = slot;
    }
    if (found == NULL)
        return false;
    ward_http_server_counted.reclaimed++;
    ward_http_slot_release(found, true);
    return true;
}
