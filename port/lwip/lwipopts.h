/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP 2.2 for ward: no operating system, no heap. Each pool is a static array; what it holds at most is bounded here. */
#ifndef WARD_PORT_LWIP_LWIPOPTS_H
#define WARD_PORT_LWIP_LWIPOPTS_H

#include "ward/port/config.h"

/* No threads: everything is called from one loop, never from an interrupt. */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0

/* Pools only: see lwippools.h. */
#define MEM_LIBC_MALLOC 0
#define MEMP_MEM_MALLOC 0
#define MEM_USE_POOLS 1
#define MEMP_USE_CUSTOM_POOLS 1
#define MEM_USE_POOLS_TRY_BIGGER_POOL 1
/* A pointer's, where it is no processor of 32 bits. */
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 4
#endif

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_ICMP 1
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_RAW 0

/* An address in milliseconds instead of seven seconds: who conflicts with a lease is the server's to find out. */
#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_ACD 0
#define LWIP_DNS 1
#define DNS_TABLE_SIZE 2
#define DNS_MAX_NAME_LENGTH 128
#define DNS_MAX_SERVERS 2
#define ARP_TABLE_SIZE 8
#define ARP_QUEUEING 0
#define LWIP_NETIF_HOSTNAME 0

/*
 * The fetch may have two full segments on their way to us, a served connection one (accept_queue.c). The device's receive FIFO and the
 * pool of pbufs are shared: what a client that is not served now can occupy must leave room for the others.
 */
#define LWIP_TCP 1
#define TCP_MSS 1460
#define TCP_WND (2 * TCP_MSS)
#define TCP_SND_BUF (2 * TCP_MSS)
#define TCP_SND_QUEUELEN 8
#define TCP_OVERSIZE 0
#define TCP_QUEUE_OOSEQ 0
#define TCP_LISTEN_BACKLOG 1
#define LWIP_TCP_KEEPALIVE 0
#define LWIP_TCP_PCB_NUM_EXT_ARGS 1

/* Connections: those of the server's slots, those that wait for one, as many that are half open, and the fetch's. One that is only closing
   gives way to any of them. */
#define MEMP_NUM_TCP_PCB (WARD_SERVER_SLOTS + 2 * WARD_SERVER_WAITING + 1)
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define MEMP_NUM_TCP_SEG 20
#define MEMP_NUM_UDP_PCB 3
#define MEMP_NUM_PBUF 4
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1)

/* Frames come in chains of these: a small one costs one. Half a window for each slot and the fetch, two a place to wait (see
   accept_queue.c), and a whole frame: who reads slowly must leave room for who does not. */
#define PBUF_POOL_BUFSIZE 256
#define PBUF_POOL_SIZE ((WARD_SERVER_SLOTS + 1) * 6 + WARD_SERVER_WAITING * 2 + 4)

/* How full the pools were at most. */
#define LWIP_STATS 1
#define LWIP_STATS_DISPLAY 0
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define MEM_STATS 0
#define MEMP_STATS 1
#define SYS_STATS 0

/* Sequence numbers, ports and names of queries that nobody can guess. */
#include <stdint.h>
uint32_t ward_lwip_random(void);
#define LWIP_RAND() ward_lwip_random()
#define LWIP_HOOK_TCP_ISN(local_address, local_port, remote_address, remote_port) ward_lwip_random()

/* A peer may use a port again at once: see reopen.h. */
struct pbuf;
int ward_lwip_reopen(const struct pbuf *packet);
#define LWIP_HOOK_IP4_INPUT(packet, netif) ward_lwip_reopen(packet)

#endif
