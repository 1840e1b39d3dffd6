/* SPDX-License-Identifier: Apache-2.0 */
/* ward: connections that wait until a server has a slot for them, as a stack provides them to port/http.
 *
 * The queue decides who waits: only its stack knows what a connection that nobody serves costs. It is bounded in places
 * (WARD_SERVER_WAITING, and one for each slot that the server could give at once: many may come in one turn) and in memory,
 * whatever strangers send. Two rules make it fair:
 *
 * - A connection counts as ready once it has sent the start of TLS: its whole first record, or as much of it as the queue
 *   takes of one that waits, or what is not TLS. Who is silent, or sends byte by byte, keeps nobody else waiting, loses its
 *   place first, and in any case after WARD_SERVER_HANDSHAKE_MS.
 * - Where all places are taken one of the address that has most connections, served and waiting, loses its own.
 */
#ifndef WARD_PORT_ACCEPT_QUEUE_H
#define WARD_PORT_ACCEPT_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/access.h"
#include "ward/port/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What has happened to connections before they had a slot. The server's; the queue counts in it. */
struct ward_accept_counts {
    uint32_t accepted;
    uint32_t turned_away; /**< lost their place to another, or got none */
    uint32_t gone;        /**< had closed, or said nothing in their time */
};

/** How many slots of the server an address has now. */
typedef unsigned ward_accept_served(const struct ward_peer *peer);

/** How many slots the server could give to others now: the free ones, and those whose connections would give way. */
typedef unsigned ward_accept_room(void);

/** An accept queue. Constant; one a server. No call waits. */
struct ward_accept_queue {
    /**
     * Listens at a port from now on, on every address of the device. Once.
     *
     * @param served  to be asked at any time
     * @param room    likewise
     * @param counts  stays
     *
     * @return false if it cannot
     */
    bool (*listen)(uint16_t port, ward_accept_served *served, ward_accept_room *room,
                   struct ward_accept_counts *counts);

    /** Does what is due: takes connections, lets those go that have closed or were silent for too long. Once a turn. */
    void (*run)(void);

    /** How many are ready. */
    unsigned (*ready)(void);

    /**
     * Hands over a connection that is ready, with what it has sent, which has not been read yet.
     *
     * @param stream  zeroed; opened by this call if it returns true
     * @param peer    written: its address, IPv4 in IPv6 (RFC 4291, 2.5.5.2)
     * @param fair    true: of the address that has the fewest slots, and of those the one that has waited longest; false:
     *                simply that, since behind a NAT there are many
     *
     * @return false: none is ready
     */
    bool (*take)(struct ward_stream *stream, struct ward_peer *peer, bool fair);
};

#ifdef __cplusplus
}
#endif

#endif
