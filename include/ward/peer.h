/* SPDX-License-Identifier: Apache-2.0 */
/* ward: who a request comes from, as far as a transport can tell before anybody has shown a token. */
#ifndef WARD_PEER_H
#define WARD_PEER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Where a request comes from: an IPv6 network (its first 64 bits, since whoever has one has all of its addresses), an
 * IPv4 address in an IPv6 one, whatever tells peers apart and cannot be made up at will.
 *
 * Zeroed: unknown. All unknown peers have one budget of signature checks together, which any of them can spend: then
 * only tokens that the gate has seen before get in. So name a peer wherever the transport can tell it.
 */
struct ward_peer {
    uint8_t address[16];
};

/**
 * The peer of an IPv4 address: as IPv6 maps it (RFC 4291 section 2.5.5.2).
 *
 * @param address  four bytes in the order of the network, the first first; 0.0.0.0 is not an address: unknown
 */
struct ward_peer ward_peer_of_ipv4(const uint8_t address[4]);

/**
 * The peer of an IPv6 address: its network, the first 64 bits.
 *
 * An IPv4 address in it, mapped (as a socket for both shows it) or translated (`64:ff9b::192.0.2.1`, RFC 6052), is the
 * same peer as by ward_peer_of_ipv4(). Of `::/64`, which is not a network, addresses stay whole, so that `::1` is not
 * unknown; `::` is.
 *
 * @param address  sixteen bytes in the order of the network
 */
struct ward_peer ward_peer_of_ipv6(const uint8_t address[16]);

#ifdef __cplusplus
}
#endif

#endif
