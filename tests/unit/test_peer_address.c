/* SPDX-License-Identifier: Apache-2.0 */
/* src/access/peer_address: which addresses are one peer. */
#include "check.h"
#include "guard.h"

static struct ward_peer of_ipv4(const char *bytes)
{
    return ward_peer_of_ipv4((const uint8_t *)guard_copy(bytes, 4));
}

static struct ward_peer of_ipv6(const char *bytes)
{
    return ward_peer_of_ipv6((const uint8_t *)guard_copy(bytes, 16));
}

static bool same(struct ward_peer a, struct ward_peer b)
{
    return memcmp(a.address, b.address, sizeof a.address) == 0;
}

TEST(an_ipv4_address_is_mapped)
{
    const struct ward_peer peer = of_ipv4("\xc0\x00\x02\x01");
    CHECK(memcmp(peer.address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x01", 16) == 0);
    CHECK(!same(peer, of_ipv4("\xc0\x00\x02\x02")));
    CHECK(!same(peer, of_ipv4("\xc1\x00\x02\x01")));
}

TEST(an_ipv6_network_is_one_peer)
{
    const struct ward_peer peer = of_ipv6("\x20\x01\x0d\xb8\1\2\3\4\5\6\7\10\11\12\13\14");
    CHECK(memcmp(peer.address, "\x20\x01\x0d\xb8\1\2\3\4\0\0\0\0\0\0\0\0", 16) == 0);
    CHECK(same(peer, of_ipv6("\x20\x01\x0d\xb8\1\2\3\4\xff\xff\xff\xff\xff\xff\xff\xff")));
    CHECK(!same(peer, of_ipv6("\x20\x01\x0d\xb8\1\2\3\5\5\6\7\10\11\12\13\14")));
    CHECK(!same(peer, of_ipv6("\x21\x01\x0d\xb8\1\2\3\4\5\6\7\10\11\12\13\14")));
}

TEST(an_ipv4_address_in_an_ipv6_one_is_the_same_peer)
{
    const struct ward_peer peer = of_ipv4("\xc0\x00\x02\x01");
    CHECK(same(peer, of_ipv6("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x01")));
    CHECK(same(peer, of_ipv6("\0\x64\xff\x9b\0\0\0\0\0\0\0\0\xc0\x00\x02\x01")));
    CHECK(!same(peer, of_ipv6("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x02")));
    CHECK(!same(peer, of_ipv6("\0\x64\xff\x9b\0\1\0\0\0\0\0\0\xc0\x00\x02\x01")));
    CHECK(!same(peer, of_ipv6("\0\x64\xff\x9b\0\0\0\0\0\0\0\1\xc0\x00\x02\x01")));
}

TEST(addresses_of_no_network_stay_whole)
{
    const struct ward_peer peer = of_ipv6("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1");
    CHECK(memcmp(peer.address, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16) == 0);
    CHECK(!same(peer, of_ipv6("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2")));
}

TEST(an_address_that_is_none_is_unknown)
{
    struct ward_peer peer = of_ipv4("\0\0\0\0");
    CHECK_ZERO(peer);
    peer = of_ipv6("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    CHECK_ZERO(peer);
    peer = of_ipv6("\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0");
    CHECK_ZERO(peer);
    peer = of_ipv4("\0\0\0\1");
    CHECK_NUMBER(peer.address[15], 1);
}

SUITE(peer_address, CASE(an_ipv4_address_is_mapped), CASE(an_ipv6_network_is_one_peer),
      CASE(an_ipv4_address_in_an_ipv6_one_is_the_same_peer), CASE(addresses_of_no_network_stay_whole),
      CASE(an_address_that_is_none_is_unknown));
