/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection has received and nobody has read yet. */
#ifndef WARD_PORT_LWIP_RECEIVED_H
#define WARD_PORT_LWIP_RECEIVED_H

#include "lwipopts.h"
#include "lwip/pbuf.h"

/** Appends what came, which belongs to `kept` from now on. TCP's window bounds the bytes; they are kept in as few
 * buffers as they need, however small the pieces were in which they came. */
void ward_lwip_received_keep(struct pbuf **kept, struct pbuf *data);

#endif
