/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sockets.h"
#include "ward/port/config.h"
#include "ward/port/sockaddr.h"

static uint32_t uptime(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

/* ---- The accept queue. */

enum { HANDSHAKE_RECORD = 22, RECORD_HEADER = 5, SEGMENT = 1460 };

static struct waiter {
    int socket; /* 0: a free place */
    struct ward_peer peer;
    uint32_t since;
    bool ready;
} waiters[WARD_SERVER_WAITING];

static int listener;
static uint16_t listening_at;
static ward_accept_served *served;
static struct ward_accept_counts *counted;

static void turn_away(struct waiter *waiter)
{
    const struct linger at_once = { 1, 0 };
    (void)setsockopt(waiter->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)close(waiter->socket);
    waiter->socket = 0;
    waiter->ready = false;
}

static unsigned load_of(const struct ward_peer *peer)
{
    unsigned load = served(peer);
    for (unsigned i = 0; i < WARD_SERVER_WAITING; i++)
        load += waiters[i].socket != 0 && memcmp(&waiters[i].peer, peer, sizeof *peer) == 0 ? 1 : 0;
    return load;
}

static struct waiter *free_place(void)
{
    for (unsigned i = 0; i < WARD_SERVER_WAITING; i++)
        if (waiters[i].socket == 0)
            return &waiters[i];
    return NULL;
}

/* Whether one loses its place before another: who is silent, then of the address that has more, then the older. */
static bool goes_first(const struct waiter *waiter, const struct waiter *other)
{
    if (waiter->ready != other->ready)
        return !waiter->ready;
    const unsigned load = load_of(&waiter->peer);
    const unsigned others = load_of(&other->peer);
    return load != others ? load > others : (int32_t)(waiter->since - other->since) < 0;
}

static struct waiter *make_place(const struct ward_peer *peer)
{
    struct waiter *found = &waiters[0];
    for (unsigned i = 1; i < WARD_SERVER_WAITING; i++)
        if (goes_first(&waiters[i], found))
            found = &waiters[i];
    counted->turned_away++;
    if (found->ready && load_of(&found->peer) <= load_of(peer) + 1)
        return NULL;
    turn_away(found);
    return found;
}

static void accept_one(int socket, const struct sockaddr_in *address)
{
    const struct ward_peer peer = ward_peer_of_sockaddr(address);
    counted->accepted++;
    struct waiter *waiter = free_place();
    if (waiter == NULL)
        waiter = make_place(&peer);
    if (waiter == NULL) {
        (void)close(socket);
        return;
    }
    *waiter = (struct waiter){ socket, peer, uptime(), false };
}

/* Looks at what came and leaves it there: the stream reads it. */
static void look(struct waiter *waiter)
{
    uint8_t start[SEGMENT];
    const ssize_t got = recv(waiter->socket, start, sizeof start, MSG_PEEK | MSG_DONTWAIT);
    const bool silent = !waiter->ready && uptime() - waiter->since >= WARD_SERVER_HANDSHAKE_MS;
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) || silent) {
        counted->gone++;
        turn_away(waiter);
        return;
    }
    const bool is_start = got > 0 && (start[0] != HANDSHAKE_RECORD || got == SEGMENT ||
                                      (got >= RECORD_HEADER && got >= RECORD_HEADER + (start[3] << 8 | start[4])));
    if (!waiter->ready && is_start) {
        waiter->ready = true;
        waiter->since = uptime();
    }
}

static void run(void)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    const int socket = accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket > 0)
        accept_one(socket, &address);
    for (unsigned i = 0; i < WARD_SERVER_WAITING; i++)
        if (waiters[i].socket != 0)
            look(&waiters[i]);
}

static bool start_listening(uint16_t port, ward_accept_served *slots_of, ward_accept_room *room_of,
                            struct ward_accept_counts *counts)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    /* One is accepted a turn; the others wait in the system. */
    (void)room_of;
    served = slots_of;
    counted = counts;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return false;
    listening_at = ntohs(address.sin_port);
    return true;
}

uint16_t sockets_port(void)
{
    return listening_at;
}

static unsigned ready(void)
{
    unsigned number = 0;
    for (unsigned i = 0; i < WARD_SERVER_WAITING; i++)
        number += waiters[i].ready ? 1 : 0;
    return number;
}

static bool comes_first(const struct waiter *waiter, const struct waiter *other, bool fair)
{
    const unsigned slots = fair ? served(&waiter->peer) : 0;
    const unsigned others = fair ? served(&other->peer) : 0;
    return slots != others ? slots < others : (int32_t)(waiter->since - other->since) < 0;
}

static bool take(struct ward_stream *stream, struct ward_peer *peer, bool fair)
{
    struct waiter *found = NULL;
    for (unsigned i = 0; i < WARD_SERVER_WAITING; i++)
        if (waiters[i].ready && (found == NULL || comes_first(&waiters[i], found, fair)))
            found = &waiters[i];
    if (found == NULL)
        return false;
    *peer = found->peer;
    sockets_open(stream, found->socket);
    *found = (struct waiter){ 0 };
    return true;
}

const struct ward_accept_queue sockets_queue = { start_listening, run, ready, take };

/* ---- Connecting, to an address on this machine. */

static bool online(void)
{
    return true;
}

static enum ward_code dial(struct ward_stream *stream, const char *host, uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &address.sin_addr) != 1)
        return WARD_FETCH_NAME;
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0)
        return WARD_FETCH_MEMORY;
    sockets_open(stream, made);
    if (connect(made, (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS)
        return WARD_OK;
    stream->calls->abort(stream);
    return errno == ECONNREFUSED ? WARD_FETCH_REFUSED : WARD_FETCH_UNREACHABLE;
}

static enum ward_code dialled(struct ward_stream *stream)
{
    const int socket = (int)(intptr_t)stream->connection - 1;
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
        return error == ECONNREFUSED ? WARD_FETCH_REFUSED : WARD_FETCH_UNREACHABLE;
    return getpeername(socket, (struct sockaddr *)&address, &length) == 0 ? WARD_OK : WARD_NO_RESULT;
}

const struct ward_network sockets_network = { uptime, online, dial, dialled, &sockets_queue };
