/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <string.h>

#include "port/lwip/uptime.h"
#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/tcp.h"
#include "lwip/sys.h"

enum { HEADERS = IP_HLEN + TCP_HLEN };

static struct netif network;
static ip4_addr_t device_address, peer_address;
static struct heard heard[UINT16_MAX + 1];

/* ---- What port/lwip/network.c is to the rest. */

uint32_t ward_lwip_uptime(void)
{
    return 0;
}

u32_t sys_now(void)
{
    return 0;
}

uint32_t ward_lwip_random(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state;
}

/* ---- The interface. */

static err_t hear(struct netif *netif, struct pbuf *packet, const ip4_addr_t *to)
{
    struct tcp_hdr header;
    (void)netif;
    (void)to;
    (void)pbuf_copy_partial(packet, &header, sizeof header, IP_HLEN);
    const uint8_t flags = TCPH_FLAGS(&header);
    const unsigned octets = (unsigned)packet->tot_len - IP_HLEN - TCPH_HDRLEN_BYTES(&header);
    struct heard *const from = &heard[lwip_ntohs(header.dest)];
    from->flags = flags;
    from->count++;
    if ((flags & TCP_RST) == 0)
        from->next = lwip_ntohl(header.seqno) + octets + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
    return ERR_OK;
}

static err_t begin(struct netif *netif)
{
    netif->output = hear;
    netif->mtu = 1500;
    return ERR_OK;
}

void peer_network(void)
{
    ip4_addr_t mask;
    lwip_init();
    IP4_ADDR(&device_address, 192, 0, 2, 1);
    IP4_ADDR(&peer_address, 192, 0, 2, 2);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    (void)netif_add(&network, &device_address, &mask, &peer_address, NULL, begin, ip4_input);
    netif_set_default(&network);
    netif_set_up(&network);
    netif_set_link_up(&network);
}

struct heard peer_heard(uint16_t port)
{
    return heard[port];
}

static void write_ip(struct ip_hdr *ip, size_t length)
{
    memset(ip, 0, sizeof *ip);
    IPH_VHL_SET(ip, 4, IP_HLEN / 4);
    IPH_LEN_SET(ip, lwip_htons((u16_t)length));
    IPH_TTL_SET(ip, 64);
    IPH_PROTO_SET(ip, IP_PROTO_TCP);
    ip->src.addr = peer_address.addr;
    ip->dest.addr = device_address.addr;
    IPH_CHKSUM_SET(ip, inet_chksum(ip, IP_HLEN));
}

static void write_tcp(struct tcp_hdr *tcp, uint16_t port, uint8_t flags, uint32_t sequence)
{
    memset(tcp, 0, sizeof *tcp);
    tcp->src = lwip_htons(port);
    tcp->dest = lwip_htons(DEVICE_PORT);
    tcp->seqno = lwip_htonl(sequence);
    tcp->ackno = lwip_htonl((flags & TCP_ACK) != 0 ? heard[port].next : 0);
    TCPH_HDRLEN_FLAGS_SET(tcp, TCP_HLEN / 4, flags);
    tcp->wnd = lwip_htons(8192);
}

void peer_send(uint16_t port, uint8_t flags, uint32_t sequence, const char *text, bool damaged)
{
    const size_t length = strlen(text);
    struct ip_hdr ip;
    struct tcp_hdr tcp;
    struct pbuf *const packet = pbuf_alloc(PBUF_RAW, (u16_t)(HEADERS + length), PBUF_POOL);
    write_ip(&ip, HEADERS + length);
    write_tcp(&tcp, port, flags, sequence);
    (void)pbuf_take(packet, &ip, IP_HLEN);
    (void)pbuf_take_at(packet, &tcp, TCP_HLEN, IP_HLEN);
    (void)pbuf_take_at(packet, text, (u16_t)length, HEADERS);
    (void)pbuf_remove_header(packet, IP_HLEN);
    tcp.chksum = inet_chksum_pseudo(packet, IP_PROTO_TCP, packet->tot_len, &peer_address, &device_address);
    tcp.chksum = damaged ? (u16_t)(tcp.chksum ^ 0x1234u) : tcp.chksum;
    (void)pbuf_take(packet, &tcp, TCP_HLEN);
    (void)pbuf_add_header(packet, IP_HLEN);
    (void)network.input(packet, &network);
}

void peer_send_after(uint16_t port, uint8_t flags, uint32_t sequence, uint32_t next)
{
    const uint32_t all = heard[port].next;
    heard[port].next = next;
    peer_send(port, flags, sequence, "", false);
    heard[port].next = all;
}
