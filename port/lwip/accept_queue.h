/* SPDX-License-Identifier: Apache-2.0 */
/* Connections of lwIP that wait for a slot of the server: see ward/port/accept_queue.h. Private to port/lwip. */
#ifndef WARD_PORT_LWIP_ACCEPT_QUEUE_H
#define WARD_PORT_LWIP_ACCEPT_QUEUE_H

#include "ward/port/accept_queue.h"

extern const struct ward_accept_queue ward_lwip_accept_queue;

#endif
