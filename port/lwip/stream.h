/* SPDX-License-Identifier: Apache-2.0 */
/* A connection of lwIP as a stream. Private to port/lwip. */
#ifndef WARD_PORT_LWIP_STREAM_H
#define WARD_PORT_LWIP_STREAM_H

#include "lwipopts.h"
#include "lwip/tcp.h"
#include "ward/port/stream.h"

extern const struct ward_stream_calls ward_lwip_stream_calls;

/**
 * Makes a stream of a connection: what comes is kept for it from now on.
 *
 * @param received  what has come already and belongs to the stream from now on; NULL: nothing has
 * @param ended     whether the peer has ended already
 */
void ward_lwip_stream_open(struct ward_stream *stream, struct tcp_pcb *pcb, struct pbuf *received, bool ended);

#endif
