/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the peer of a socket's address. Include it after the header of your sockets (<sys/socket.h> and <netinet/in.h>,
 * "lwip/sockets.h", Zephyr's <zephyr/net/socket.h>): ward itself includes none. */
#ifndef WARD_PORT_SOCKADDR_H
#define WARD_PORT_SOCKADDR_H

#include <stddef.h>
#include <string.h>

#include "ward/peer.h"

#ifdef AF_INET

/**
 * The peer of what accept(), recvfrom() or getpeername() have written.
 *
 * @param address  NULL, or an address with as many bytes as its family has; it may lie at any place in memory
 *
 * @return unknown where it is neither IPv4 nor IPv6: who comes over a Unix socket is named by the application
 */
static inline struct ward_peer ward_peer_of_sockaddr(const void *address)
{
    struct ward_peer peer = { { 0 } };
    struct sockaddr any;
    /* Else a compiler that sees a caller's struct sockaddr_in warns of the bytes that only IPv6 has. */
    const void *volatile const from = address;
    if (address == NULL)
        return peer;
    /* The family stands at the begin of each, in BSD's way after a length. */
    memcpy(&any, from, offsetof(struct sockaddr, sa_family) + sizeof any.sa_family);
    if (any.sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        uint8_t bytes[4];
        memcpy(&ipv4, from, sizeof ipv4);
        memcpy(bytes, &ipv4.sin_addr, sizeof bytes);
        peer = ward_peer_of_ipv4(bytes);
    }
/* lwIP without IPv6 has no such address. */
#if !defined(LWIP_IPV6) || LWIP_IPV6
    if (any.sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        uint8_t bytes[16];
        memcpy(&ipv6, from, sizeof ipv6);
        memcpy(bytes, &ipv6.sin6_addr, sizeof bytes);
        peer = ward_peer_of_ipv6(bytes);
    }
#endif
    return peer;
}

#else

/* What a compiler then says. */
#define ward_peer_of_sockaddr(address) include_the_header_of_your_sockets_before_ward_port_sockaddr_h(address)

#endif

#endif
