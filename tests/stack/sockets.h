/* SPDX-License-Identifier: Apache-2.0 */
/* A second stack for port/tls and port/http: sockets of this machine. It shows that what ward/port/stream.h,
 * ward/port/network.h and ward/port/accept_queue.h say is all that a stack needs to be.
 */
#ifndef WARD_TESTS_STACK_SOCKETS_H
#define WARD_TESTS_STACK_SOCKETS_H

#include "ward/port/network.h"

extern const struct ward_stream_calls sockets_stream;
extern const struct ward_accept_queue sockets_queue;
extern const struct ward_network sockets_network;

/** Makes a stream of a socket that is connected, or will be; the stream's from now on. */
void sockets_open(struct ward_stream *stream, int socket);

/** The port that sockets_queue listens at: that of listen(), or the system's choice for 0. */
uint16_t sockets_port(void);

#endif
