#include "server.h"

#include <string.h>

#include "arena.h"
#include "closing.h"
#include "network.h"
#include "refusal.h"
#include "tls.h"
#include "waiting.h"

/* Bytes that are read at once; what follows a request in them waits for the next one. */
enum { PIECE = 256 };

/* Milliseconds that the peer has to take a last answer and close; fewer while somebody waits and the answer has been taken. */
enum { LINGER_MS = 2000 };

enum state {
    FREE,
    HANDSHAKE, /* since: the connection came */
    REQUEST,   /* since: its first byte came, or the last answer was sent */
    RESPONSE,  /* since: it was written */
    LINGER     /* since: nothing more is sent */
};

struct slot {
    struct tls_session session;
    struct request_parser parser;
    struct ward_peer peer;
    uint32_t since;
    uint16_t response_length;
    uint16_t piece_length;
    uint16_t piece_used;
    enum state state;
    bool begun; /* a byte of the request has come */
    bool answered; /* at least once */
    bool last;  /* the connection ends after this response */
    bool interim; /* the response is 100 Continue, and the request goes on after it */
    char piece[PIECE];
};

static struct slot slots[SERVER_SLOTS];
static const struct server_application *served;
static struct server_counts counted;
static char response[SERVER_RESPONSE];
static unsigned turn; /* whose handshake may compute */

static uint32_t passed(const struct slot *slot)
{
    return network_uptime() - slot->since;
}

static void enter(struct slot *slot, enum state state)
{
    slot->state = state;
    slot->since = network_uptime();
}

/* ---- Slots. */

static void begin_request(struct slot *slot)
{
    request_parser_begin(&slot->parser);
    slot->begun = slot->piece_used < slot->piece_length;
    enter(slot, REQUEST);
}

static void release(struct slot *slot, bool at_once)
{
    tls_end(&slot->session);
    tls_disconnect(&slot->session, at_once);
    request_parser_begin(&slot->parser);
    memset(slot->piece, 0, sizeof slot->piece);
    slot->state = FREE;
}

/* No more is sent; what still comes is dropped until the peer closes, since a reset could overtake the last answer. */
static void linger(struct slot *slot)
{
    tls_end(&slot->session);
    request_parser_begin(&slot->parser);
    if (slot->session.pcb == NULL || tcp_shutdown(slot->session.pcb, 0, 1) != ERR_OK)
        release(slot, true);
    else
        enter(slot, LINGER);
}

static unsigned slots_in_use(void)
{
    unsigned used = 0;
    for (unsigned i = 0; i < SERVER_SLOTS; i++)
        used += slots[i].state != FREE ? 1 : 0;
    return used;
}

static unsigned number_of(const struct slot *slot)
{
    return (unsigned)(slot - slots);
}

static unsigned owner_of(const struct slot *slot)
{
    return ARENA_SLOTS + number_of(slot);
}

/* Starts TLS on the connection that its session has. */
static void occupy(struct slot *slot)
{
    const size_t address = sizeof slot->peer.address - sizeof(uint32_t);
    /* IPv4 in IPv6: RFC 4291, 2.5.5.2. */
    memset(&slot->peer, 0, sizeof slot->peer);
    memset(slot->peer.address + 10, 0xff, 2);
    memcpy(slot->peer.address + address, &ip_2_ip4(&slot->session.pcb->remote_ip)->addr, sizeof(uint32_t));
    slot->piece_length = 0;
    slot->piece_used = 0;
    slot->answered = false;
    slot->interim = false;
    enter(slot, HANDSHAKE);
    if (!tls_start_server(&slot->session)) {
        counted.failed++;
        release(slot, true);
    }
    if (slots_in_use() > counted.most_slots)
        counted.most_slots = (uint8_t)slots_in_use();
}

static struct slot *free_slot(void)
{
    for (unsigned i = 0; i < SERVER_SLOTS; i++)
        if (slots[i].state == FREE)
            return &slots[i];
    return NULL;
}

/* ---- Connections. */

/* It gets its slot in server_run(): what may fail there ends the connection, which lwIP allows here only in a way of its own. */
static err_t on_accepted(void *argument, struct tcp_pcb *pcb, err_t error)
{
    (void)argument;
    if (error != ERR_OK || pcb == NULL)
        return ERR_VAL;
    counted.accepted++;
    if (waiting_put(pcb))
        return ERR_OK;
    counted.turned_away++;
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Its last answer has been taken, or nothing is asked. A first request is on its way when the handshake ends: it has its time to come, or
 * handshakes would be all that a crowd gets. */
static bool gives_way(const struct slot *slot)
{
    if (slot->state == LINGER)
        return slot->session.pcb == NULL || slot->session.pcb->unacked == NULL;
    if (slot->state != REQUEST || slot->begun || slot->session.received != NULL)
        return false;
    return slot->answered || passed(slot) >= SERVER_FIRST_MS;
}

/* A connection that does nothing but stay open, the longest of them. */
static struct slot *idlest(void)
{
    struct slot *found = NULL;
    for (unsigned i = 0; i < SERVER_SLOTS; i++)
        if (gives_way(&slots[i]) && (found == NULL || passed(&slots[i]) > passed(found)))
            found = &slots[i];
    return found;
}

/* A slot for who waits longest; false if there is none, or nobody waits. */
static bool let_in(void)
{
    if (!waiting_any())
        return false;
    struct slot *slot = free_slot();
    if (slot == NULL && (slot = idlest()) != NULL) {
        counted.evicted += slot->state == REQUEST ? 1 : 0;
        release(slot, false);
    }
    /* A fetch may have borrowed the slot's memory: it gives it back soon. */
    if (slot == NULL || !arena_covers(owner_of(slot)) || !waiting_take(&slot->session, owner_of(slot)))
        return false;
    occupy(slot);
    return true;
}

/* ---- Requests. */

static bool send_response(struct slot *slot)
{
    const enum tls_result result = tls_write(&slot->session, response, slot->response_length);
    if (result == TLS_WAIT)
        return false;
    if (result == TLS_AGAIN)
        return true;
    if (slot->interim && result == TLS_DONE) {
        slot->interim = false;
        enter(slot, REQUEST);
        return true;
    }
    slot->answered = true;
    if (result != TLS_DONE)
        release(slot, true);
    else if (slot->last)
        linger(slot);
    else
        begin_request(slot);
    return true;
}

static bool respond(struct slot *slot, size_t length, bool last)
{
    if (length == 0 || length > sizeof response) {
        linger(slot);
        return true;
    }
    slot->response_length = (uint16_t)length;
    slot->last = last;
    enter(slot, RESPONSE);
    return send_response(slot);
}

static bool refuse(struct slot *slot, uint16_t status)
{
    counted.refused++;
    return respond(slot, refusal_write(status, response, sizeof response), true);
}

static bool serve(struct slot *slot)
{
    counted.requests++;
    size_t length = served->serve(served->context, number_of(slot), &slot->parser, response, sizeof response);
    if (!slot->parser.keep_alive)
        length = closing_tell(response, length, sizeof response);
    return respond(slot, length, !slot->parser.keep_alive);
}

/* The request's time starts again: the peer has waited for us. */
static bool go_on(struct slot *slot)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    memcpy(response, text, sizeof text - 1);
    slot->interim = true;
    return respond(slot, sizeof text - 1, false);
}

static enum request_state feed(struct slot *slot)
{
    size_t used;
    const enum request_state state = request_parser_feed(&slot->parser, slot->piece + slot->piece_used,
                                                         (size_t)(slot->piece_length - slot->piece_used), &used);
    slot->piece_used = (uint16_t)(slot->piece_used + used);
    return state;
}

/* The headers have come. A peer that waits for 100 Continue, and has not begun to send the body, is answered now: a
 * body that is refused is never read, and what comes in its place cannot be told from a next request. */
static bool judge(struct slot *slot)
{
    const bool granted = served->judge(served->context, number_of(slot), &slot->parser, &slot->peer);
    if (!slot->parser.expects_continue || slot->piece_used < slot->piece_length)
        return false;
    if (granted)
        return go_on(slot);
    slot->parser.keep_alive = false;
    return serve(slot);
}

/* Goes on with the piece that was read. */
static bool parse(struct slot *slot)
{
    enum request_state state = feed(slot);
    if (state == REQUEST_HEAD) {
        if (judge(slot))
            return true;
        state = feed(slot);
    }
    if (state == REQUEST_COMPLETE)
        return serve(slot);
    if (state == REQUEST_BROKEN)
        return refuse(slot, slot->parser.error);
    return true;
}

/* A request begins with the first byte of its record, not with its end. */
static void note_begin(struct slot *slot)
{
    if (slot->begun || (int32_t)(slot->session.heard - slot->since) <= 0)
        return;
    slot->begun = true;
    enter(slot, REQUEST);
}

static bool read(struct slot *slot)
{
    size_t got;
    switch (tls_read(&slot->session, slot->piece, sizeof slot->piece, &got)) {
    case TLS_DONE:
        slot->piece_length = (uint16_t)got;
        slot->piece_used = 0;
        if (!slot->begun)
            enter(slot, REQUEST);
        slot->begun = true;
        return parse(slot);
    case TLS_AGAIN:
        return true;
    case TLS_WAIT:
        note_begin(slot);
        return false;
    case TLS_CLOSED:
        linger(slot);
        return true;
    default:
        release(slot, true);
        return true;
    }
}

static bool handshake(struct slot *slot)
{
    switch (tls_handshake(&slot->session)) {
    case TLS_DONE:
        counted.handshakes++;
        begin_request(slot);
        return true;
    case TLS_AGAIN:
        return true;
    case TLS_WAIT:
        return false;
    default:
        counted.failed++;
        linger(slot);
        return true;
    }
}

/* ---- Time. */

static uint32_t limit_of(const struct slot *slot)
{
    const bool hurry = waiting_any() || !arena_covers(ARENA_FETCH);
    switch (slot->state) {
    case HANDSHAKE:
        return hurry ? SERVER_HURRY_MS : SERVER_HANDSHAKE_MS;
    case REQUEST:
        if (!slot->begun)
            return SERVER_IDLE_MS;
        return hurry ? SERVER_HURRY_MS : SERVER_REQUEST_MS;
    case RESPONSE:
        return hurry ? SERVER_HURRY_MS : SERVER_WRITE_MS;
    default:
        return LINGER_MS;
    }
}

static void time_out(struct slot *slot)
{
    counted.timed_out += slot->state != LINGER ? 1 : 0;
    if (slot->state == REQUEST && slot->begun)
        (void)refuse(slot, 408);
    else if (slot->state == REQUEST)
        linger(slot);
    else
        release(slot, true);
}

static bool run(struct slot *slot)
{
    switch (slot->state) {
    case REQUEST:
        return slot->piece_used < slot->piece_length ? parse(slot) : read(slot);
    case RESPONSE:
        return send_response(slot);
    case LINGER:
        tls_end(&slot->session);
        if (slot->session.peer_ended || slot->session.reset)
            release(slot, false);
        return false;
    default:
        return false;
    }
}

/* The next handshake that has something to do: one a turn, since it computes. */
static bool run_handshake(void)
{
    for (unsigned i = 0; i < SERVER_SLOTS; i++) {
        turn = (turn + 1) % SERVER_SLOTS;
        if (slots[turn].state == HANDSHAKE && handshake(&slots[turn]))
            return true;
    }
    return false;
}

bool server_run(void)
{
    bool more = run_handshake();
    for (unsigned i = 0; i < SERVER_SLOTS; i++) {
        struct slot *const slot = &slots[i];
        if (slot->state != FREE && run(slot))
            more = true;
        if (slot->state != FREE && passed(slot) >= limit_of(slot))
            time_out(slot);
    }
    while (let_in())
        more = true;
    return more;
}

_Static_assert(MEMP_NUM_TCP_PCB > SERVER_SLOTS + 2 * SERVER_WAITING, "served, waiting, half open, and the fetch's");

bool server_begin(const struct server_application *application, uint16_t port)
{
    served = application;
    struct tcp_pcb *const pcb = tcp_new();
    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK)
        return false;
    /* What clients begin takes the place of connections that only close, and never the fetch's. */
    tcp_setprio(pcb, TCP_PRIO_MIN + 1);
    struct tcp_pcb *const listener = tcp_listen_with_backlog(pcb, SERVER_WAITING);
    if (listener == NULL)
        return false;
    tcp_accept(listener, on_accepted);
    return true;
}

void server_counts(struct server_counts *counts)
{
    *counts = counted;
    counts->slots = (uint8_t)slots_in_use();
}
