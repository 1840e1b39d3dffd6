/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/network.h"

#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/ip4_addr.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "port/lwip/accept_queue.h"
#include "port/lwip/dial.h"
#include "port/lwip/uptime.h"
#include "port/tls/random.h"

enum { ASK_GATEWAY_EACH = 200, ASK_LINK_EACH = 500 };

static const struct ward_lwip_device *device;
static struct netif interface;
static uint8_t frame[WARD_LWIP_FRAME];
static uint32_t asked;
static uint32_t link_asked;

/* A connection without random numbers would still be authenticated by TLS: 0 does no harm to more than itself. */
uint32_t ward_lwip_random(void)
{
    uint32_t number;
    return ward_tls_random_fill(&number, sizeof number) ? number : 0;
}

u32_t sys_now(void)
{
    return device->uptime();
}

uint32_t ward_lwip_uptime(void)
{
    return device->uptime();
}

static err_t send(struct netif *netif, struct pbuf *packet)
{
    (void)netif;
    if (packet->tot_len > sizeof frame)
        return ERR_IF;
    pbuf_copy_partial(packet, frame, packet->tot_len, 0);
    return device->send(frame, packet->tot_len) ? ERR_OK : ERR_MEM;
}

static err_t prepare(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->output = etharp_output;
    netif->linkoutput = send;
    netif->mtu = 1500;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

/* A cable that carries again may be another network's: lwIP asks for the lease again, and the gateway's Ethernet address is asked for. */
static void watch_link(void)
{
    const uint32_t now = device->uptime();
    if (device->link == NULL || now - link_asked < ASK_LINK_EACH)
        return;
    link_asked = now;
    const bool up = device->link();
    if (up == (netif_is_link_up(&interface) != 0))
        return;
    if (up) {
        netif_set_link_up(&interface);
    } else {
        netif_set_link_down(&interface);
        etharp_cleanup_netif(&interface);
    }
}

bool ward_lwip_begin(const struct ward_lwip_device *from, const uint8_t address[6])
{
    device = from;
    if (!ward_tls_random_begin(from->entropy))
        return false;
    lwip_init();
    memcpy(interface.hwaddr, address, ETH_HWADDR_LEN);
    if (netif_add_noaddr(&interface, NULL, prepare, ethernet_input) == NULL)
        return false;
    netif_set_default(&interface);
    netif_set_up(&interface);
    asked = from->uptime();
    return dhcp_start(&interface) == ERR_OK;
}

static void take_frame(size_t length)
{
    struct pbuf *const packet = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_POOL);
    /* No room: the frame is lost, as on any wire, and TCP sends it again. */
    if (packet == NULL)
        return;
    pbuf_take(packet, frame, (u16_t)length);
    if (interface.input(packet, &interface) != ERR_OK)
        pbuf_free(packet);
}

bool ward_lwip_run(void)
{
    size_t length = device->receive(frame);
    const bool came = length > 0;
    /* A flood of frames must not keep the loop from its other work. */
    for (unsigned frames = 0; length > 0 && frames < 8; frames++) {
        take_frame(length);
        length = frames < 7 ? device->receive(frame) : 0;
    }
    watch_link();
    sys_check_timeouts();
    return came;
}

bool ward_lwip_ready(void)
{
    struct eth_addr *hardware;
    const ip4_addr_t *address;
    if (!netif_is_link_up(&interface) || !dhcp_supplied_address(&interface))
        return false;
    if (etharp_find_addr(&interface, netif_ip4_gw(&interface), &hardware, &address) >= 0)
        return true;
    if (sys_now() - asked >= ASK_GATEWAY_EACH) {
        asked = sys_now();
        (void)etharp_request(&interface, netif_ip4_gw(&interface));
    }
    return false;
}

void ward_lwip_address(char *text, size_t size)
{
    if (ip4addr_ntoa_r(netif_ip4_addr(&interface), text, (int)size) == NULL && size > 0)
        text[0] = '\0';
}

const struct ward_network ward_lwip_network = {
    .uptime = ward_lwip_uptime,
    .ready = ward_lwip_ready,
    .dial = ward_lwip_dial,
    .dialled = ward_lwip_dialled,
    .queue = &ward_lwip_accept_queue,
};
