/* SPDX-License-Identifier: Apache-2.0 */
/* ward/port/sockaddr.h over sockets of the test's own, in BSD's form: the length before the family. tests/build tries
 * the system's and lwIP's. */
#include "check.h"
#include "guard.h"

enum { AF_INET = 2, AF_INET6 = 28, AF_UNIX = 1 };
#define AF_INET AF_INET

struct sockaddr {
    uint8_t sa_len;
    uint8_t sa_family;
    char sa_data[14];
};

struct sockaddr_in {
    uint8_t sin_len;
    uint8_t sin_family;
    uint16_t sin_port;
    uint32_t sin_addr;
    char sin_zero[8];
};

struct sockaddr_in6 {
    uint8_t sin6_len;
    uint8_t sin6_family;
    uint16_t sin6_port;
    uint32_t sin6_flowinfo;
    uint8_t sin6_addr[16];
    uint32_t sin6_scope_id;
};

#include "ward/port/sockaddr.h"

static const uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 1 };

static struct ward_peer of_ipv4(uint8_t family)
{
    struct sockaddr_in address = { sizeof address, family, 0x1234, 0, { 0 } };
    memcpy(&address.sin_addr, mapped + 12, 4);
    return ward_peer_of_sockaddr(guard_copy(&address, sizeof address));
}

static struct ward_peer of_ipv6(const uint8_t bytes[16])
{
    struct sockaddr_in6 address = { sizeof address, AF_INET6, 0x1234, 7, { 0 }, 3 };
    memcpy(address.sin6_addr, bytes, 16);
    return ward_peer_of_sockaddr(guard_copy(&address, sizeof address));
}

TEST(an_address_of_a_socket_is_a_peer)
{
    static const uint8_t host[16] = { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
    static const uint8_t network[16] = { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4 };
    const struct ward_peer ipv4 = of_ipv4(AF_INET);
    const struct ward_peer again = of_ipv6(mapped);
    const struct ward_peer ipv6 = of_ipv6(host);
    CHECK(memcmp(ipv4.address, mapped, 16) == 0);
    CHECK(memcmp(again.address, mapped, 16) == 0);
    CHECK(memcmp(ipv6.address, network, 16) == 0);
}

TEST(another_family_and_no_address_are_unknown)
{
    struct ward_peer peer = of_ipv4(AF_UNIX);
    CHECK_ZERO(peer);
    peer = ward_peer_of_sockaddr(NULL);
    CHECK_ZERO(peer);
    /* Who only asks for the family reads no more than that. */
    static const uint8_t family[2] = { 2, AF_UNIX };
    peer = ward_peer_of_sockaddr(guard_copy(family, sizeof family));
    CHECK_ZERO(peer);
}

SUITE(sockaddr, CASE(an_address_of_a_socket_is_a_peer), CASE(another_family_and_no_address_are_unknown));
