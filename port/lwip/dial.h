/* SPDX-License-Identifier: Apache-2.0 */
/* Names and connections to others: dial() and dialled() of struct ward_network, by lwIP's DNS and TCP. Private to port/lwip. */
#ifndef WARD_PORT_LWIP_DIAL_H
#define WARD_PORT_LWIP_DIAL_H

#include <stdint.h>

#include "ward/port/stream.h"
#include "ward/status.h"

enum ward_code ward_lwip_dial(struct ward_stream *stream, const char *host, uint16_t port);
enum ward_code ward_lwip_dialled(struct ward_stream *stream);

#endif
