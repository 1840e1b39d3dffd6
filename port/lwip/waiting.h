/* Connections that wait for a slot of the server, in the order in which they came. Private to port/lwip. */
#ifndef WARD_PORT_LWIP_WAITING_H
#define WARD_PORT_LWIP_WAITING_H

#include <stdbool.h>

#include "tls.h"

/** Lets a connection wait; false if there is no room. */
bool waiting_put(struct tcp_pcb *pcb);

/** Whether any waits. */
bool waiting_any(void);

/** The one that waits longest goes over into a session, with what it has sent; false if none waits. */
bool waiting_take(struct tls_session *session, unsigned owner);

#endif
