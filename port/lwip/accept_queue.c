/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/accept_queue.h"

#include <string.h>

#include "port/lwip/received.h"
#include "port/lwip/stream.h"
#include "port/lwip/uptime.h"
#include "ward/port/config.h"
#include "lwip/priv/tcp_priv.h"

/* A record of a handshake, as TLS's first one is: RFC 8446, 5.1. */
enum { HANDSHAKE_RECORD = 22, RECORD_HEADER = 5 };

/* Buffers of frames that each of those that wait may hold; they are counted together. */
enum { BUFFERS = 2 };

/* What a connection may send before it has a slot: its window is no wider, so that a browser's first message, 1.8 KB with
 * a post-quantum key, waits at its sender for the most part. With the headers of its frame (Ethernet, IPv4 and TCP, each at
 * its longest without fragments) it fills two buffers.
 */
enum { HEADERS = 14 + 20 + 60, FIRST_WINDOW = BUFFERS * PBUF_POOL_BUFSIZE - HEADERS };

/* With a slot: half of a window, for which the pool of buffers is made (lwipopts.h). A peer that asks and takes no answer fills
 * its window, and three of them at the whole of it held every buffer: nobody else was heard until their time was over.
 */
enum { SERVED_WINDOW = TCP_WND / 2 };

/* lwIP's, of a connection from its first segment on: above those that only close or are half open, below the fetch's. */
enum { WAITING_PRIORITY = TCP_PRIO_MIN + 1 };

static ward_accept_served *served;
static ward_accept_room *room;
static struct ward_accept_counts *counted;

/* Those who wait while all slots are in use, and those who are about to have one. */
enum { PLACES = WARD_SERVER_WAITING + WARD_SERVER_SLOTS };

static struct waiter {
    struct tcp_pcb *pcb; /* NULL: a free place */
    struct pbuf *received;
    uint32_t since; /* it came; once it counts: since it does */
    bool ready;
    bool peer_ended;
} waiters[PLACES];

static void leave(struct waiter *waiter)
{
    if (waiter->received != NULL)
        pbuf_free(waiter->received);
    waiter->received = NULL;
    waiter->pcb = NULL;
    waiter->ready = false;
}

/* Ends the connection by a reset. */
static void turn_away(struct waiter *waiter)
{
    struct tcp_pcb *const pcb = waiter->pcb;
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    leave(waiter);
    tcp_abort(pcb);
}

static void on_error(void *argument, err_t error)
{
    (void)error;
    leave(argument);
}

/* Whether what came can be judged: the first record of TLS is there, or as much as the window takes, or it is not TLS. */
static bool is_start(const struct pbuf *received)
{
    uint8_t header[RECORD_HEADER] = { 0 };
    const u16_t got = pbuf_copy_partial(received, header, sizeof header, 0);
    if (header[0] != HANDSHAKE_RECORD || received->tot_len >= FIRST_WINDOW)
        return true;
    return got == sizeof header && received->tot_len >= RECORD_HEADER + (header[3] << 8 | header[4]);
}

static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    struct waiter *const waiter = argument;
    (void)pcb;
    (void)error;
    if (data == NULL) {
        waiter->peer_ended = true;
        return ERR_OK;
    }
    ward_lwip_received_keep(&waiter->received, data);
    if (!waiter->ready && is_start(waiter->received)) {
        waiter->ready = true;
        waiter->since = ward_lwip_uptime();
    }
    return ERR_OK;
}

/* ---- Who has how much. */

static struct ward_peer peer_of(const struct tcp_pcb *pcb)
{
    uint8_t address[4];
    memcpy(address, &ip_2_ip4(&pcb->remote_ip)->addr, sizeof address);
    return ward_peer_of_ipv4(address);
}

static unsigned served_of(const struct tcp_pcb *pcb)
{
    const struct ward_peer peer = peer_of(pcb);
    return served(&peer);
}

static bool same_address(const struct tcp_pcb *a, const struct tcp_pcb *b)
{
    return ip_2_ip4(&a->remote_ip)->addr == ip_2_ip4(&b->remote_ip)->addr;
}

/* Connections of an address, served or waiting. */
static unsigned load_of(const struct tcp_pcb *pcb)
{
    unsigned load = served_of(pcb);
    for (unsigned i = 0; i < PLACES; i++)
        if (waiters[i].pcb != NULL && same_address(waiters[i].pcb, pcb))
            load++;
    return load;
}

static bool older(const struct waiter *a, const struct waiter *b)
{
    return (int32_t)(a->since - b->since) < 0;
}

/* Of the silent, or of those that count, one of the address that has most: the oldest silent one, the youngest that
 * counts. */
static struct waiter *heaviest(bool ready)
{
    struct waiter *found = NULL;
    unsigned most = 0;
    for (unsigned i = 0; i < PLACES; i++) {
        struct waiter *const waiter = &waiters[i];
        if (waiter->pcb == NULL || waiter->ready != ready)
            continue;
        const unsigned load = load_of(waiter->pcb);
        if (found == NULL || load > most || (load == most && older(waiter, found) != ready)) {
            found = waiter;
            most = load;
        }
    }
    return found;
}

/* Places that there are now. */
static unsigned places(void)
{
    return WARD_SERVER_WAITING + room();
}

static struct waiter *free_place(void)
{
    unsigned taken = 0;
    for (unsigned i = 0; i < PLACES; i++)
        taken += waiters[i].pcb != NULL ? 1 : 0;
    if (taken >= places())
        return NULL;
    for (unsigned i = 0; i < PLACES; i++)
        if (waiters[i].pcb == NULL)
            return &waiters[i];
    return NULL;
}

/* Whose place one more of its address, which is silent as yet, may take; NULL: nobody's. Who counts goes only for
 * one whose address has fewer. */
static struct waiter *give_up(const struct tcp_pcb *pcb)
{
    const unsigned load = load_of(pcb);
    struct waiter *const silent = heaviest(false);
    if (silent != NULL)
        return load_of(silent->pcb) >= load ? silent : NULL;
    struct waiter *const ready = heaviest(true);
    return ready != NULL && load_of(ready->pcb) > load + 1 ? ready : NULL;
}

static struct waiter *make_place(const struct tcp_pcb *pcb)
{
    struct waiter *const waiter = give_up(pcb);
    counted->turned_away++;
    if (waiter != NULL)
        turn_away(waiter);
    return waiter;
}

/* Lets a connection wait. Where all places are taken somebody loses its own by a reset: of the silent ones, else of all, one
 * of the address that has most connections. False if that is the new one. */
static bool put(struct tcp_pcb *pcb)
{
    struct waiter *waiter = free_place();
    if (waiter == NULL)
        waiter = make_place(pcb);
    if (waiter == NULL)
        return false;
    waiter->pcb = pcb;
    waiter->since = ward_lwip_uptime();
    waiter->ready = false;
    waiter->peer_ended = false;
    tcp_setprio(pcb, WAITING_PRIORITY);
    tcp_arg(pcb, waiter);
    tcp_err(pcb, on_error);
    tcp_recv(pcb, on_received);
    return true;
}

/* ---- Each turn. */

static bool has_gone(const struct waiter *waiter)
{
    return waiter->peer_ended || (!waiter->ready && ward_lwip_uptime() - waiter->since >= WARD_SERVER_HANDSHAKE_MS);
}

static unsigned buffers_of(const struct waiter *waiter)
{
    return waiter->received != NULL ? pbuf_clen(waiter->received) : 0;
}

/* What those that wait keep is kept from those that are served. */
static void bound_buffers(void)
{
    unsigned sum = 0;
    struct waiter *most = NULL;
    for (unsigned i = 0; i < PLACES; i++) {
        sum += buffers_of(&waiters[i]);
        if (most == NULL || buffers_of(&waiters[i]) > buffers_of(most))
            most = &waiters[i];
    }
    if (sum > BUFFERS * places()) {
        counted->turned_away++;
        turn_away(most);
    }
}

/* Who has not answered yet may never do it, having given up or being nobody at all: like one that only closes, the
 * oldest of them makes room when there is no connection left for a new one (lwIP: tcp_kill_prio), and none is turned
 * away because of them. */
static void let_half_open_give_way(void)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next)
        if (pcb->state == SYN_RCVD)
            tcp_setprio(pcb, TCP_PRIO_MIN);
}

static void run(void)
{
    let_half_open_give_way();
    for (unsigned i = 0; i < PLACES; i++)
        if (waiters[i].pcb != NULL && has_gone(&waiters[i])) {
            counted->gone++;
            turn_away(&waiters[i]);
        }
    bound_buffers();
}

static unsigned count_ready(void)
{
    unsigned ready = 0;
    for (unsigned i = 0; i < PLACES; i++)
        ready += waiters[i].ready ? 1 : 0;
    return ready;
}

static struct waiter *next(bool fair)
{
    struct waiter *found = NULL;
    for (unsigned i = 0; i < PLACES; i++) {
        struct waiter *const waiter = &waiters[i];
        if (!waiter->ready)
            continue;
        const int more = found != NULL && fair ? (int)served_of(waiter->pcb) - (int)served_of(found->pcb) : 0;
        if (found == NULL || more < 0 || (more == 0 && older(waiter, found)))
            found = waiter;
    }
    return found;
}

static bool take(struct ward_stream *stream, struct ward_peer *peer, bool fair)
{
    struct waiter *const waiter = next(fair);
    if (waiter == NULL)
        return false;
    *peer = peer_of(waiter->pcb);
    ward_lwip_stream_open(stream, waiter->pcb, waiter->received, waiter->peer_ended);
    tcp_recved(waiter->pcb, SERVED_WINDOW - FIRST_WINDOW);
    waiter->received = NULL;
    leave(waiter);
    return true;
}

/* ---- Listening. */

/* It gets its slot in take(): what may fail there ends the connection, which lwIP allows here only in a way of its own. */
static err_t on_accepted(void *argument, struct tcp_pcb *pcb, err_t error)
{
    (void)argument;
    if (error != ERR_OK || pcb == NULL)
        return ERR_VAL;
    counted->accepted++;
    if (put(pcb))
        return ERR_OK;
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Before the first segment goes out, which tells the peer. */
static err_t narrow(u8_t id, struct tcp_pcb_listen *listener, struct tcp_pcb *pcb)
{
    (void)id;
    (void)listener;
    pcb->rcv_wnd = FIRST_WINDOW;
    pcb->rcv_ann_wnd = FIRST_WINDOW;
    return ERR_OK;
}

_Static_assert(MEMP_NUM_TCP_PCB > WARD_SERVER_SLOTS + 2 * WARD_SERVER_WAITING,
               "served, waiting, half open, and the fetch's");

static bool start_listening(uint16_t port, ward_accept_served *slots_of, ward_accept_room *room_of,
                            struct ward_accept_counts *counts)
{
    served = slots_of;
    room = room_of;
    counted = counts;
    struct tcp_pcb *const pcb = tcp_new();
    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK)
        return false;
    tcp_setprio(pcb, WAITING_PRIORITY);
    /* The number of connections bounds those that are half open: see let_half_open_give_way(). */
    struct tcp_pcb *const listener = tcp_listen_with_backlog(pcb, UINT8_MAX);
    if (listener == NULL)
        return false;
    static const struct tcp_ext_arg_callbacks opening = { .passive_open = narrow };
    tcp_ext_arg_set_callbacks(listener, tcp_ext_arg_alloc_id(), &opening);
    tcp_accept(listener, on_accepted);
    return true;
}

const struct ward_accept_queue ward_lwip_accept_queue = {
    .listen = start_listening, .run = run, .ready = count_ready, .take = take
};
