#include "server.h"

#include <string.h>

#include "closing.h"
#include "crowd.h"
#include "error_response.h"
#include "slots.h"
#include "tls.h"
#include "accept_queue.h"

/* Pieces on their way to a peer that is sent another answer: who does not take what it asked for must not fill the
 * pools of all. */
enum { MOST_UNTAKEN = 2 };

static const struct server_application *served;
static char response[WARD_SERVER_RESPONSE];
static unsigned turn; /* whose handshake may compute */

/* It gets its slot in server_run(): what may fail there ends the connection, which lwIP allows here only in a way of
 * its own. */
static err_t on_accepted(void *argument, struct tcp_pcb *pcb, err_t error)
{
    (void)argument;
    if (error != ERR_OK || pcb == NULL)
        return ERR_VAL;
    server_counted.accepted++;
    if (accept_queue_put(pcb))
        return ERR_OK;
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* ---- Requests. */

/* Notes whether there is anything to do before the peer does something. */
static bool waits(struct slot *slot)
{
    slot->owes = true;
    slot->session.heard = false;
    return false;
}

static bool send_response(struct slot *slot)
{
    const enum tls_result result = tls_write(&slot->session, response, slot->response_length);
    if (result == TLS_WAIT)
        return waits(slot);
    if (result == TLS_AGAIN)
        return true;
    if (slot->interim && result == TLS_DONE) {
        slot->interim = false;
        slot_enter(slot, SLOT_REQUEST);
        return true;
    }
    slot->answered = true;
    if (result != TLS_DONE) {
        slot_release(slot, true);
    } else if (slot->last) {
        slot_linger(slot);
    } else {
        slot_await_request(slot);
        slot->spent = 0;
    }
    return true;
}

static bool respond(struct slot *slot, size_t length, bool last)
{
    if (length == 0 || length > sizeof response) {
        slot_linger(slot);
        return true;
    }
    slot->response_length = (uint16_t)length;
    slot->last = last;
    slot_enter(slot, SLOT_RESPONSE);
    return send_response(slot);
}

static bool refuse(struct slot *slot, uint16_t status)
{
    const bool head = strcmp(request_parser_method(&slot->parser), "HEAD") == 0;
    server_counted.refused++;
    return respond(slot, error_response_write(status, head, response, sizeof response), true);
}

/* A last answer says so: what the client has sent beyond it can go to another connection at once. */
static bool serve(struct slot *slot)
{
    struct server_answer answer = { 0, false };
    server_counted.requests++;
    slot->requests++;
    served->serve(served->context, slot_number(slot), &slot->parser, response, sizeof response, &answer);
    slot->granted = slot->granted || answer.granted;
    const bool last = !slot->parser.keep_alive || crowd_ends(slot);
    if (last && answer.length <= sizeof response)
        answer.length = closing_tell(response, answer.length, sizeof response);
    return respond(slot, answer.length, last);
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
    const bool granted = served->judge(served->context, slot_number(slot), &slot->parser, &slot->peer);
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

static bool read(struct slot *slot)
{
    size_t got;
    switch (tls_read(&slot->session, slot->piece, sizeof slot->piece, &got)) {
    case TLS_DONE:
        slot->piece_length = (uint16_t)got;
        slot->piece_used = 0;
        slot_begin_request(slot);
        return parse(slot);
    case TLS_AGAIN:
        return true;
    case TLS_WAIT:
        /* A request begins with the first byte of its record, not with its end. */
        if (slot->session.heard)
            slot_begin_request(slot);
        return waits(slot);
    case TLS_CLOSED:
        slot_linger(slot);
        return true;
    default:
        slot_release(slot, true);
        return true;
    }
}

static bool run_request(struct slot *slot)
{
    if (slot->session.pcb != NULL && tcp_sndqueuelen(slot->session.pcb) > MOST_UNTAKEN)
        return waits(slot);
    return slot->piece_used < slot->piece_length ? parse(slot) : read(slot);
}

static bool handshake(struct slot *slot)
{
    slot->owes = false;
    switch (tls_handshake(&slot->session)) {
    case TLS_DONE:
        server_counted.handshakes++;
        slot_await_request(slot);
        return true;
    case TLS_AGAIN:
        return true;
    case TLS_WAIT:
        return waits(slot);
    case TLS_CUT:
        /* Nobody is there any more to take what was sent: a reset gives its memory back at once. */
        server_counted.failed++;
        slot_release(slot, true);
        return true;
    default:
        server_counted.failed++;
        slot_linger(slot);
        return true;
    }
}

/* ---- A turn. */

static void time_out(struct slot *slot)
{
    server_counted.timed_out += slot->state != SLOT_LINGER ? 1 : 0;
    if (slot->state == SLOT_REQUEST && slot->begun)
        (void)refuse(slot, 408);
    else if (slot->state == SLOT_REQUEST)
        slot_linger(slot);
    else
        slot_release(slot, true);
}

static bool run(struct slot *slot)
{
    switch (slot->state) {
    case SLOT_REQUEST:
        slot->owes = false;
        return run_request(slot);
    case SLOT_RESPONSE:
        slot->owes = false;
        return send_response(slot);
    case SLOT_LINGER:
        tls_end(&slot->session);
        slot->session.heard = false;
        if (slot->session.peer_ended || slot->session.reset)
            slot_release(slot, false);
        return false;
    default:
        return false;
    }
}

/* The next handshake that has something to do: one a turn, since it computes. */
static bool run_handshake(void)
{
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        turn = (turn + 1) % WARD_SERVER_SLOTS;
        if (slots[turn].state == SLOT_HANDSHAKE && handshake(&slots[turn]))
            return true;
    }
    return false;
}

bool server_run(void)
{
    waiting_run();
    bool more = run_handshake();
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        struct slot *const slot = &slots[i];
        if (slot->state != SLOT_FREE && run(slot))
            more = true;
        if (slot->state != SLOT_FREE && crowd_times_out(slot))
            time_out(slot);
    }
    more = crowd_reclaim() || more;
    while (crowd_admit())
        more = true;
    slots_charge();
    return more;
}

_Static_assert(MEMP_NUM_TCP_PCB > WARD_SERVER_SLOTS + 2 * WARD_SERVER_WAITING,
               "served, waiting, half open, and the fetch's");

bool server_begin(const struct server_application *application, uint16_t port)
{
    served = application;
    struct tcp_pcb *const pcb = tcp_new();
    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK)
        return false;
    slots_lend();
    tcp_setprio(pcb, WAITING_PRIORITY);
    /* The number of connections bounds those that are half open: see accept_queue.c. */
    struct tcp_pcb *const listener = tcp_listen_with_backlog(pcb, UINT8_MAX);
    if (listener == NULL)
        return false;
    tcp_accept(listener, on_accepted);
    return true;
}

void server_counts(struct server_counts *counts)
{
    *counts = server_counted;
    counts->slots = (uint8_t)slots_in_use();
    counts->waiting = (uint8_t)waiting_ready();
}
