/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/sockios.h>

#include "sockets.h"

enum { SEGMENT = 1460 };

/* A socket is 0 or more; no connection is NULL. */
static int socket_of(const struct ward_stream *stream)
{
    return (int)(intptr_t)stream->connection - 1;
}

void sockets_open(struct ward_stream *stream, int socket)
{
    const int on = 1;
    memset(stream, 0, sizeof *stream);
    stream->calls = &sockets_stream;
    stream->connection = (void *)(intptr_t)(socket +
                                            1); /* NOLINT(performance-no-int-to-ptr): never used as a pointer */
    (void)fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void release(struct ward_stream *stream)
{
    if (stream->connection != NULL)
        (void)close(socket_of(stream));
    stream->connection = NULL;
}

static int32_t failed(struct ward_stream *stream)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return WARD_STREAM_NOTHING;
    stream->gone = true;
    stream->heard = true;
    stream->refused = errno == ECONNREFUSED || errno == ECONNRESET;
    release(stream);
    return WARD_STREAM_GONE;
}

static int32_t receive_end(struct ward_stream *stream)
{
    stream->heard = stream->heard || !stream->ended;
    stream->ended = true;
    return WARD_STREAM_ENDED;
}

static int32_t receive(struct ward_stream *stream, void *data, size_t size)
{
    char dropped[512];
    const size_t most = data != NULL && size < INT32_MAX ? size : sizeof dropped;
    if (stream->connection == NULL)
        return WARD_STREAM_GONE;
    const ssize_t got = recv(socket_of(stream), data != NULL ? data : dropped, most, 0);
    if (got == 0)
        return receive_end(stream);
    if (got < 0)
        return failed(stream);
    stream->heard = true;
    return (int32_t)got;
}

static int32_t transmit(struct ward_stream *stream, const void *data, size_t size)
{
    if (stream->connection == NULL)
        return WARD_STREAM_GONE;
    const ssize_t sent = send(socket_of(stream), data, size < INT32_MAX ? size : INT32_MAX, MSG_NOSIGNAL);
    return sent < 0 ? failed(stream) : (int32_t)sent;
}

/* A socket sends by itself. */
static void flush(struct ward_stream *stream)
{
    (void)stream;
}

static bool finish(struct ward_stream *stream)
{
    return stream->connection != NULL && shutdown(socket_of(stream), SHUT_WR) == 0;
}

static void end_at_once(struct ward_stream *stream)
{
    const struct linger at_once = { 1, 0 };
    if (stream->connection != NULL)
        (void)setsockopt(socket_of(stream), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    release(stream);
}

static size_t asked(const struct ward_stream *stream, unsigned long what)
{
    int bytes = 0;
    if (stream->connection == NULL || ioctl(socket_of(stream), what, &bytes) != 0)
        return 0;
    return (size_t)bytes;
}

static size_t unread(const struct ward_stream *stream)
{
    return asked(stream, FIONREAD);
}

static size_t unsent(const struct ward_stream *stream)
{
    return (asked(stream, SIOCOUTQ) + SEGMENT - 1) / SEGMENT;
}

const struct ward_stream_calls sockets_stream = {
    receive, transmit, flush, finish, release, end_at_once, unread, unsent
};
