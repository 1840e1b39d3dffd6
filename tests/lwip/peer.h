/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that sends segment by segment, and what the device sends to it. */
#ifndef WARD_TESTS_LWIP_PEER_H
#define WARD_TESTS_LWIP_PEER_H

#include <stdbool.h>
#include <stdint.h>

enum { DEVICE_PORT = 443 };

/** lwIP with one interface; to be called once. */
void peer_network(void);

/** What the device sent last to a port of the peer's, and how many segments to it in all. */
struct heard {
    uint8_t flags;
    uint32_t next; /**< the sequence number that follows */
    unsigned count;
};

struct heard peer_heard(uint16_t port);

/** A segment to the device from a port of the peer's, which acknowledges all that the device has sent to it; `damaged`: its
 * checksum is wrong. */
void peer_send(uint16_t port, uint8_t flags, uint32_t sequence, const char *text, bool damaged);

/** The same without text, which acknowledges no more than what comes before `next`. */
void peer_send_after(uint16_t port, uint8_t flags, uint32_t sequence, uint32_t next);

#endif
