/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that opens a connection from a port which it has just used. lwipopts.h names the hook. */
#ifndef WARD_PORT_LWIP_REOPEN_H
#define WARD_PORT_LWIP_REOPEN_H

#include "lwip/pbuf.h"

/**
 * Each IPv4 packet, before lwIP looks at it. One that opens a connection ends the TIME-WAIT of the one that had the same
 * addresses and ports, so that it is answered: more than RFC 9293, 3.6.1, allows, see reopen.c.
 *
 * @return 0: lwIP goes on with the packet.
 */
int ward_lwip_reopen(const struct pbuf *packet);

#endif
