/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/server.h"

#include <string.h>

#include "port/http/closing.h"
#include "port/http/crowd.h"
#include "port/http/error_response.h"
#include "port/http/slots.h"
#include "port/tls/session.h"

/* Pieces on their way to a peer that is sent another answer: who does not take what it asked for must not fill the
 * pools of all. */
enum { MOST_UNTAKEN = 2 };

static const struct ward_http_server_application *served;
static struct ward_accept_counts queued;
static char response[WARD_SERVER_RESPONSE];
static unsigned turn; /* whose handshake may compute */

/* ---- Requests. */

/* Notes whether there is anything to do before the peer does something. */
static bool waits(struct ward_http_slot *slot)
{
    slot->owes = true;
    slot->session.stream.heard = false;
    return false;
}

static bool send_response(struct ward_http_slot *slot)
{
    const enum ward_tls_result result = ward_tls_write(&slot->session, response, slot->response_length);
    if (result == WARD_TLS_WAIT)
        return waits(slot);
    if (result == WARD_TLS_AGAIN)
        return true;
    if (slot->interim && result == WARD_TLS_DONE) {
        slot->interim = false;
        ward_http_slot_enter(slot, WARD_HTTP_SLOT_REQUEST);
        return true;
    }
    slot->answered = true;
    if (result != WARD_TLS_DONE) {
        ward_http_slot_release(slot, true);
    } else if (slot->last) {
        ward_http_slot_linger(slot);
    } else {
        ward_http_slot_await_request(slot);
        slot->spent = 0;
    }
    return true;
}

static bool respond(struct ward_http_slot *slot, size_t length, bool last)
{
    if (length == 0 || length > sizeof response) {
        ward_http_slot_linger(slot);
        return true;
    }
    slot->response_length = (uint16_t)length;
    slot->last = last;
    ward_http_slot_enter(slot, WARD_HTTP_SLOT_RESPONSE);
    return send_response(slot);
}

static bool refuse(struct ward_http_slot *slot, uint16_t status)
{
    const bool head = strcmp(ward_http_request_parser_method(&slot->parser), "HEAD") == 0;
    ward_http_server_counted.refused++;
    return respond(slot, ward_http_error_response_write(status, head, response, sizeof response), true);
}

/* A last answer says so: what the client has sent beyond it can go to another connection at once. */
static bool serve(struct ward_http_slot *slot)
{
    struct ward_http_server_answer answer = { 0, false };
    ward_http_server_counted.requests++;
    slot->requests++;
    served->serve(served->context, ward_http_slot_number(slot), &slot->parser, response, sizeof response, &answer);
    slot->granted = slot->granted || answer.granted;
    const bool last = !slot->parser.keep_alive || ward_http_crowd_ends(slot);
    if (last && answer.length <= sizeof response)
        answer.length = ward_http_closing_tell(response, answer.length, sizeof response);
    return respond(slot, answer.length, last);
}

/* The request's time starts again: the peer has waited for us. */
static bool go_on(struct ward_http_slot *slot)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    memcpy(response, text, sizeof text - 1);
    slot->interim = true;
    return respond(slot, sizeof text - 1, false);
}

static enum ward_http_request_state feed(struct ward_http_slot *slot)
{
    size_t used;
    const enum ward_http_request_state state = ward_http_request_parser_feed(
        &slot->parser, slot->piece + slot->piece_used, (size_t)(slot->piece_length - slot->piece_used), &used);
    slot->piece_used = (uint16_t)(slot->piece_used + used);
    return state;
}

/* The headers have come. A peer that waits for 100 Continue, and has not begun to send the body, is answered now: a
 * body that is refused is never read, and what comes in its place cannot be told from a next request. */
static bool judge(struct ward_http_slot *slot)
{
    const bool granted = served->judge(served->context, ward_http_slot_number(slot), &slot->parser, &slot->peer);
    if (!slot->parser.expects_continue || slot->piece_used < slot->piece_length)
        return false;
    if (granted)
        return go_on(slot);
    slot->parser.keep_alive = false;
    return serve(slot);
}

/* Goes on with the piece that was read. */
static bool parse(struct ward_http_slot *slot)
{
    enum ward_http_request_state state = feed(slot);
    if (state == WARD_HTTP_REQUEST_HEAD) {
        if (judge(slot))
            return true;
        state = feed(slot);
    }
    if (state == WARD_HTTP_REQUEST_COMPLETE)
        return serve(slot);
    if (state == WARD_HTTP_REQUEST_BROKEN)
        return refuse(slot, slot->parser.error);
    return true;
}

static bool read(struct ward_http_slot *slot)
{
    size_t got;
    switch (ward_tls_read(&slot->session, slot->piece, sizeof slot->piece, &got)) {
    case WARD_TLS_DONE:
        slot->piece_length = (uint16_t)got;
        slot->piece_used = 0;
        ward_http_slot_begin_request(slot);
        return parse(slot);
    case WARD_TLS_AGAIN: return true;
    case WARD_TLS_WAIT:
        /* A request begins with the first byte of its record, not with its end. */
        if (slot->session.stream.heard)
            ward_http_slot_begin_request(slot);
        return waits(slot);
    case WARD_TLS_CLOSED: ward_http_slot_linger(slot); return true;
    default: ward_http_slot_release(slot, true); return true;
    }
}

static bool run_request(struct ward_http_slot *slot)
{
    if (slot->session.stream.calls->unsent(&slot->session.stream) > MOST_UNTAKEN)
        return waits(slot);
    return slot->piece_used < slot->piece_length ? parse(slot) : read(slot);
}

static bool handshake(struct ward_http_slot *slot)
{
    slot->owes = false;
    switch (ward_tls_handshake(&slot->session)) {
    case WARD_TLS_DONE:
        ward_http_server_counted.handshakes++;
        ward_http_slot_await_request(slot);
        return true;
    case WARD_TLS_AGAIN: return true;
    case WARD_TLS_WAIT: return waits(slot);
    case WARD_TLS_CUT:
        /* Nobody is there any more to take what was sent: a reset gives its memory back at once. */
        ward_http_server_counted.failed++;
        ward_http_slot_release(slot, true);
        return true;
    default:
        ward_http_server_counted.failed++;
        ward_http_slot_linger(slot);
        return true;
    }
}

/* ---- A turn. */

static void time_out(struct ward_http_slot *slot)
{
    ward_http_server_counted.timed_out += slot->state != WARD_HTTP_SLOT_LINGER ? 1 : 0;
    if (slot->state == WARD_HTTP_SLOT_REQUEST && slot->begun)
        (void)refuse(slot, 408);
    else if (slot->state == WARD_HTTP_SLOT_REQUEST)
        ward_http_slot_linger(slot);
    else
        ward_http_slot_release(slot, true);
}

static bool run(struct ward_http_slot *slot)
{
    switch (slot->state) {
    case WARD_HTTP_SLOT_REQUEST: slot->owes = false; return run_request(slot);
    case WARD_HTTP_SLOT_RESPONSE: slot->owes = false; return send_response(slot);
    case WARD_HTTP_SLOT_LINGER:
        slot->session.stream.heard = false;
        if (ward_tls_drain(&slot->session))
            ward_http_slot_release(slot, false);
        return false;
    default: return false;
    }
}

/* The next handshake that has something to do: one a turn, since it computes. */
static bool run_handshake(void)
{
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        turn = (turn + 1) % WARD_SERVER_SLOTS;
        if (ward_http_slots[turn].state == WARD_HTTP_SLOT_HANDSHAKE && handshake(&ward_http_slots[turn]))
            return true;
    }
    return false;
}

bool ward_http_server_run(void)
{
    ward_http_server_network->queue->run();
    bool more = run_handshake();
    for (unsigned i = 0; i < WARD_SERVER_SLOTS; i++) {
        struct ward_http_slot *const slot = &ward_http_slots[i];
        if (slot->state != WARD_HTTP_SLOT_FREE && run(slot))
            more = true;
        if (slot->state != WARD_HTTP_SLOT_FREE && ward_http_crowd_times_out(slot))
            time_out(slot);
    }
    more = ward_http_crowd_reclaim() || more;
    while (ward_http_crowd_admit())
        more = true;
    ward_http_slots_charge();
    return more;
}

bool ward_http_server_start(const struct ward_http_server_application *application, const struct ward_network *network,
                            uint16_t port, const unsigned char *limits)
{
    (void)limits;
    served = application;
    ward_http_server_network = network;
    ward_http_slots_lend();
    return network->queue->listen(port, ward_http_slots_of, ward_http_crowd_room, &queued);
}

void ward_http_server_counts(struct ward_http_counts *counts)
{
    *counts = ward_http_server_counted;
    counts->queue = queued;
    counts->slots = (uint8_t)ward_http_slots_in_use();
    counts->waiting = (uint8_t)ward_http_server_network->queue->ready();
}
