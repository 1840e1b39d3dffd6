/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/stream.h"

#include <string.h>

#include "port/lwip/received.h"
#include "lwip/priv/tcp_priv.h"

/* Takes the connection off its stream: lwIP ends it by itself. */
static struct tcp_pcb *let_go(struct ward_stream *stream)
{
    struct tcp_pcb *const pcb = stream->connection;
    stream->connection = NULL;
    if (pcb == NULL)
        return NULL;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_sent(pcb, NULL);
    /* Its peer may never end it: it is the first to go when there is no connection left (lwIP: tcp_kill_prio). */
    tcp_setprio(pcb, TCP_PRIO_MIN);
    return pcb;
}

/* ---- What lwIP calls. */

/* Both sides have ended it: what is left is a wait, TIME-WAIT or CLOSING before it, which lwIP cuts short when it needs the
 * connection's memory (tcp_kill_timewait, reopen.c) and tells nobody of, on_error() neither. A stream that still had the
 * connection then would close another's, or what is free already.
 */
static bool only_waits(const struct tcp_pcb *pcb)
{
    return pcb->state == TIME_WAIT || pcb->state == CLOSING;
}

static void on_end(struct ward_stream *stream, const struct tcp_pcb *pcb)
{
    stream->ended = true;
    if (only_waits(pcb))
        (void)let_go(stream);
}

static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    struct ward_stream *const stream = argument;
    struct pbuf *received = stream->received;
    (void)error;
    stream->heard = true;
    if (data == NULL) {
        on_end(stream, pcb);
        return ERR_OK;
    }
    ward_lwip_received_keep(&received, data);
    stream->received = received;
    return ERR_OK;
}

/* lwIP has freed the connection by now. */
static void on_error(void *argument, err_t error)
{
    struct ward_stream *const stream = argument;
    stream->connection = NULL;
    stream->gone = true;
    stream->refused = error == ERR_RST;
}

void ward_lwip_stream_open(struct ward_stream *stream, struct tcp_pcb *pcb, struct pbuf *received, bool ended)
{
    memset(stream, 0, sizeof *stream);
    stream->calls = &ward_lwip_stream_calls;
    stream->connection = pcb;
    stream->received = received;
    stream->ended = ended;
    tcp_arg(pcb, stream);
    tcp_recv(pcb, on_received);
    tcp_err(pcb, on_error);
    tcp_nagle_disable(pcb);
}

/* ---- The calls of a stream. */

static int32_t nothing_to_receive(const struct ward_stream *stream)
{
    if (stream->ended && !stream->gone)
        return WARD_STREAM_ENDED;
    return stream->connection == NULL ? WARD_STREAM_GONE : WARD_STREAM_NOTHING;
}

/* lwIP tells the peer of a wider window by whole segments only, which that of a served connection may not have: the peer would
 * wait for a probe's time. The next segment tells it, and where less than half was left one goes out for it.
 */
static void tell_window(struct tcp_pcb *pcb)
{
    const bool narrow = pcb->rcv_ann_wnd < pcb->rcv_wnd / 2;
    pcb->rcv_ann_wnd = pcb->rcv_wnd;
    if (!narrow)
        return;
    tcp_ack_now(pcb);
    (void)tcp_output(pcb);
}

static int32_t receive(struct ward_stream *stream, void *data, size_t size)
{
    struct pbuf *const received = stream->received;
    if (received == NULL)
        return nothing_to_receive(stream);
    const u16_t piece = size < received->tot_len ? (u16_t)size : received->tot_len;
    if (data != NULL)
        (void)pbuf_copy_partial(received, data, piece, 0);
    stream->received = pbuf_free_header(received, piece);
    if (stream->connection != NULL) {
        tcp_recved(stream->connection, piece);
        if (stream->received == NULL)
            tell_window(stream->connection);
    }
    return (int32_t)piece;
}

static int32_t send(struct ward_stream *stream, const void *data, size_t size)
{
    struct tcp_pcb *const pcb = stream->connection;
    if (pcb == NULL)
        return WARD_STREAM_GONE;
    const u16_t room = tcp_sndbuf(pcb);
    const u16_t piece = size < room ? (u16_t)size : room;
    if (piece == 0 || tcp_write(pcb, data, piece, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return WARD_STREAM_NOTHING;
    return (int32_t)piece;
}

static void flush(struct ward_stream *stream)
{
    if (stream->connection != NULL)
        (void)tcp_output(stream->connection);
}

static bool finish(struct ward_stream *stream)
{
    return stream->connection != NULL && tcp_shutdown(stream->connection, 0, 1) == ERR_OK;
}

/* The same, and what has not been read is given back. */
static struct tcp_pcb *detach(struct ward_stream *stream)
{
    if (stream->received != NULL)
        (void)receive(stream, NULL, SIZE_MAX);
    return let_go(stream);
}

static void close(struct ward_stream *stream)
{
    struct tcp_pcb *const pcb = detach(stream);
    if (pcb != NULL && tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}

static void end_at_once(struct ward_stream *stream)
{
    struct tcp_pcb *const pcb = detach(stream);
    if (pcb != NULL)
        tcp_abort(pcb);
}

static size_t unread(const struct ward_stream *stream)
{
    const struct pbuf *const received = stream->received;
    return received != NULL ? received->tot_len : 0;
}

static size_t unsent(const struct ward_stream *stream)
{
    const struct tcp_pcb *const pcb = stream->connection;
    return pcb != NULL ? tcp_sndqueuelen(pcb) : 0;
}

const struct ward_stream_calls ward_lwip_stream_calls = {
    .receive = receive,
    .send = send,
    .flush = flush,
    .finish = finish,
    .close = close,
    .abort = end_at_once,
    .unread = unread,
    .unsent = unsent,
};
