#include "waiting.h"

#include "network.h"
#include "server.h"

static struct waiter {
    struct tcp_pcb *pcb;
    struct pbuf *received;
    uint32_t since;
    bool peer_ended;
} waiters[SERVER_WAITING];

static void leave(struct waiter *waiter)
{
    if (waiter->received != NULL)
        pbuf_free(waiter->received);
    waiter->received = NULL;
    waiter->pcb = NULL;
}

static void on_error(void *argument, err_t error)
{
    (void)error;
    leave(argument);
}

/* TCP's window bounds what is kept. */
static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    struct waiter *const waiter = argument;
    (void)pcb;
    (void)error;
    if (data == NULL)
        waiter->peer_ended = true;
    else if (waiter->received == NULL)
        waiter->received = data;
    else
        pbuf_cat(waiter->received, data);
    return ERR_OK;
}

bool waiting_put(struct tcp_pcb *pcb)
{
    for (unsigned i = 0; i < SERVER_WAITING; i++) {
        struct waiter *const waiter = &waiters[i];
        if (waiter->pcb != NULL)
            continue;
        waiter->pcb = pcb;
        waiter->since = network_uptime();
        waiter->peer_ended = false;
        tcp_arg(pcb, waiter);
        tcp_err(pcb, on_error);
        tcp_recv(pcb, on_received);
        return true;
    }
    return false;
}

static struct waiter *first(void)
{
    struct waiter *found = NULL;
    for (unsigned i = 0; i < SERVER_WAITING; i++)
        if (waiters[i].pcb != NULL && (found == NULL || (int32_t)(waiters[i].since - found->since) < 0))
            found = &waiters[i];
    return found;
}

bool waiting_any(void)
{
    return first() != NULL;
}

bool waiting_take(struct tls_session *session, unsigned owner)
{
    struct waiter *const waiter = first();
    if (waiter == NULL)
        return false;
    tls_attach(session, waiter->pcb, owner);
    session->received = waiter->received;
    session->peer_ended = waiter->peer_ended;
    waiter->received = NULL;
    waiter->pcb = NULL;
    return true;
}
