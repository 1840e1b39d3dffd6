/* SPDX-License-Identifier: Apache-2.0 */
/* The device's uptime, as lwIP and its callbacks see it. Private to port/lwip. */
#ifndef WARD_PORT_LWIP_UPTIME_H
#define WARD_PORT_LWIP_UPTIME_H

#include <stdint.h>

/** Milliseconds, as of the device. */
uint32_t ward_lwip_uptime(void);

#endif
