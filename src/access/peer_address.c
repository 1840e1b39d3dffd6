/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ward/peer.h"

enum { NETWORK = 8, IPV4 = 12 };

static const uint8_t mapped[IPV4] = { [10] = 0xff, [11] = 0xff };
static const uint8_t translated[IPV4] = { 0x00, 0x64, 0xff, 0x9b };

struct ward_peer ward_peer_of_ipv4(const uint8_t address[4])
{
    static const uint8_t none[4] = { 0 };
    struct ward_peer peer = { { 0 } };
    if (memcmp(address, none, sizeof none) == 0)
        return peer;
    memcpy(peer.address, mapped, sizeof mapped);
    memcpy(peer.address + IPV4, address, 4);
    return peer;
}

struct ward_peer ward_peer_of_ipv6(const uint8_t address[16])
{
    static const uint8_t none[NETWORK] = { 0 };
    struct ward_peer peer = { { 0 } };
    if (memcmp(address, mapped, sizeof mapped) == 0 || memcmp(address, translated, sizeof translated) == 0)
        return ward_peer_of_ipv4(address + IPV4);
    memcpy(peer.address, address, memcmp(address, none, sizeof none) == 0 ? sizeof peer.address : NETWORK);
    return peer;
}
