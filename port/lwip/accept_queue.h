/* Connections that wait for a slot of the server. Only those count that have sent the start of TLS, whole or at
 * least a segment of it: who is silent, or sends byte by byte, keeps nobody else waiting and is the first to lose
 * its place. Private to port/lwip.
 */
#ifndef WARD_PORT_LWIP_ACCEPT_QUEUE_H
#define WARD_PORT_LWIP_ACCEPT_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "port/tls/session.h"

/** lwIP's, of a connection from its first segment on: above those that only close or are half open, below the
 * fetch's. */
enum { WARD_LWIP_WAITING_PRIORITY = TCP_PRIO_MIN + 1 };

/**
 * Lets a connection wait. Where all places are taken somebody loses its own by a reset: of the silent ones, else of
 * all, one of the address that has most connections.
 *
 * @return false if that is the new one: the caller's still
 */
bool ward_lwip_accept_queue_put(struct tcp_pcb *pcb);

/** Lets those go that have closed, were silent for too long, or hold more of the frames' buffers than their part.
 * Once a turn. */
void ward_lwip_accept_queue_run(void);

/** How many count. */
unsigned ward_lwip_accept_queue_ready(void);

/**
 * One of these goes over into a session, with what it has sent; false if there is none.
 *
 * @param fair  the one whose address has the fewest slots, else simply the one that has waited longest
 */
bool ward_lwip_accept_queue_take(struct ward_tls_session *session, unsigned owner, bool fair);

#endif
