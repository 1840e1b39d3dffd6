/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/reopen.h"

#include <stdbool.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/tcp.h"

/* The ends of a connection that a packet opens: whether it opens one. Nothing of it has been checked yet, and nothing but
 * the end of a wait comes of what a damaged or forged one says. */
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
 * more (RFC 1337): for two minutes nobody could connect from that port, which a NAT with few of them, or a proxy, uses
 * again sooner. The device ends most connections and so it is the one that waits. What the wait is for, an old segment
 * that is still on its way, cannot pass TLS.
 */
int ward_lwip_reopen(const struct pbuf *packet)
{
    struct ip_hdr ip;
    struct tcp_hdr tcp;
    if (tcp_tw_pcbs == NULL || !opens(packet, &ip, &tcp))
        return 0;
    for (struct tcp_pcb *pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next)
        if (pcb->remote_port == lwip_ntohs(tcp.src) && pcb->local_port == lwip_ntohs(tcp.dest) &&
            ip_2_ip4(&pcb->remote_ip)->addr == ip.src.addr && ip_2_ip4(&pcb->local_ip)->addr == ip.dest.addr) {
            /* Frees it and sends nothing: it is no connection any more. */
            tcp_abort(pcb);
            return 0;
        }
    return 0;
}
