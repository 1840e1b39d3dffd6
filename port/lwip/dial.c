/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/dial.h"

#include "port/lwip/stream.h"
#include "lwip/dns.h"

static struct {
    ip_addr_t address;
    uint32_t number; /* of this one: an answer of DNS may come after the end of the one that asked */
    uint16_t port;
    enum { NAMING, NO_NAME, NAMED, CONNECTING, CONNECTED } state;
} dial;

static void on_named(const char *name, const ip_addr_t *address, void *argument)
{
    (void)name;
    if ((uint32_t)(uintptr_t)argument != dial.number || dial.state != NAMING)
        return;
    if (address != NULL)
        dial.address = *address;
    dial.state = address != NULL ? NAMED : NO_NAME;
}

enum ward_code ward_lwip_dial(struct ward_stream *stream, const char *host, uint16_t port)
{
    stream->calls = &ward_lwip_stream_calls;
    dial.number++;
    dial.port = port;
    dial.state = NAMING;
    const err_t error = dns_gethostbyname(host, &dial.address, on_named, (void *)(uintptr_t)dial.number);
    if (error == ERR_OK)
        dial.state = NAMED;
    if (error == ERR_MEM)
        return WARD_FETCH_MEMORY;
    return error == ERR_OK || error == ERR_INPROGRESS ? WARD_OK : WARD_FETCH_NAME;
}

static err_t on_connected(void *argument, struct tcp_pcb *pcb, err_t error)
{
    (void)argument;
    (void)pcb;
    (void)error;
    dial.state = CONNECTED;
    return ERR_OK;
}

static enum ward_code call(struct ward_stream *stream)
{
    struct tcp_pcb *const pcb = tcp_new();
    if (pcb == NULL)
        return WARD_FETCH_MEMORY;
    ward_lwip_stream_open(stream, pcb, NULL, false);
    dial.state = CONNECTING;
    const err_t error = tcp_connect(pcb, &dial.address, dial.port, on_connected);
    if (error == ERR_MEM || error == ERR_BUF)
        return WARD_FETCH_MEMORY;
    return error == ERR_OK ? WARD_NO_RESULT : WARD_FETCH_UNREACHABLE;
}

enum ward_code ward_lwip_dialled(struct ward_stream *stream)
{
    if (stream->gone)
        return stream->refused ? WARD_FETCH_REFUSED : WARD_FETCH_UNREACHABLE;
    switch (dial.state) {
    case NO_NAME: return WARD_FETCH_NAME;
    case NAMED: return call(stream);
    case CONNECTED: return WARD_OK;
    default: return WARD_NO_RESULT;
    }
}
