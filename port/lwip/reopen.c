/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/reopen.h"

#include <stdbool.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/tcp.h"

/* The ends of a connection that a packet opens: whether it opens one. No checksum and no length has been looked at yet, and
 * nothing but the end of a wait comes of what a damaged or forged one says. */
static bool opens(const struct pbuf *packet, struct ip_hdr *ip, struct tcp_hdr *tcp)
{
    if (pbuf_copy_partial(packet, ip, sizeof *ip, 0) != sizeof *ip || IPH_PROTO(ip) != IP_PROTO_TCP)
        return false;
    /* Whoever has no first fragment has no ports. */
    if ((IPH_OFFSET(ip) & PP_HTONS(IP_OFFMASK)) != 0)
        return false;
    return pbuf_copy_partial(packet, tcp, sizeof *tcp, IPH_HL_BYTES(ip)) == sizeof *tcp &&
           (TCPH_FLAGS(tcp) & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == TCP_SYN;
}

/* lwIP would answer with an acknowledgement of the old connection, and then ignore the peer's word that there is none any
 * more (RFC 1337): for up to two minutes nobody could connect from that port, which a NAT with few of them, or a proxy,
 * uses again sooner. The device ends most connections and so it is the one that waits.
 *
 * RFC 9293, 3.6.1, allows it for a sequence number beyond all of the old connection's. Those of hosts behind one NAT are in
 * no order, so none is asked for: what the wait keeps away, an old segment, cannot pass TLS, and a peer that repeats its
 * end is told by a reset that the connection is over.
 *
 * No stream has a connection that waits (stream.c); under one that had it this would be freed.
 */
int ward_lwip_reopen(const struct pbuf *packet)
{
    struct ip_hdr ip;
    struct tcp_hdr tcp;
    if (tcp_tw_pcbs == NULL || !opens(packet, &ip, &tcp))
        return 0;
    for (struct tcp_pcb *pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next)
        if (pcb->callback_arg == NULL && pcb->remote_port == lwip_ntohs(tcp.src) &&
            pcb->local_port == lwip_ntohs(tcp.dest) && ip_2_ip4(&pcb->remote_ip)->addr == ip.src.addr &&
            ip_2_ip4(&pcb->local_ip)->addr == ip.dest.addr) {
            /* Frees it and sends nothing: it is no connection any more. */
            tcp_abort(pcb);
            return 0;
        }
    return 0;
}
