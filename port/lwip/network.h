/* SPDX-License-Identifier: Apache-2.0 */
/* An Ethernet interface with lwIP on it: IPv4, an address by DHCP, names by DNS. One a device; everything is called from the main loop. */
#ifndef WARD_PORT_LWIP_NETWORK_H
#define WARD_PORT_LWIP_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/port/network.h"

/** Longest Ethernet frame, without its check sequence. */
#define WARD_LWIP_FRAME 1514

/** What a board provides. Constant. */
struct ward_lwip_device {
    /** The next frame that has come, into WARD_LWIP_FRAME bytes: its length, 0 if there is none. */
    size_t (*receive)(uint8_t *frame);
    /** Sends a frame; false if that cannot be done now: it is lost. */
    bool (*send)(const uint8_t *frame, size_t length);
    /** Milliseconds, monotonic except for wrapping. */
    uint32_t (*uptime)(void);
    /** Fills memory from a hardware source of entropy. There is no substitute: a board without one does not build. */
    bool (*entropy)(void *data, size_t length);
    /** Whether the cable carries; asked twice a second. NULL: it is taken to, and a device that was started without waits up to a minute
        for its address once it does. */
    bool (*link)(void);
};

/**
 * Starts the interface and asks for an address.
 *
 * @param device   stays
 * @param address  the interface's own Ethernet address
 *
 * @return false if there is no entropy: then nothing of this port may be used
 */
bool ward_lwip_begin(const struct ward_lwip_device *device, const uint8_t address[6]);

/** Takes the frames that have come and does what is due. Call it in each turn of the main loop, at least each 250 ms; true if a frame came. */
bool ward_lwip_run(void);

/** Whether the cable carries, there is an address, and the gateway's Ethernet address is known: before, a first connection would wait for seconds. */
bool ward_lwip_ready(void);

/** The address as text, "0.0.0.0" while there is none. At least 16 bytes. */
void ward_lwip_address(char *text, size_t size);

/** All of it for port/http's fetch and server. After ward_lwip_begin(). */
extern const struct ward_network ward_lwip_network;

#endif
