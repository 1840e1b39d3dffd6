/* SPDX-License-Identifier: Apache-2.0 */
/* ward: a stream of bytes to one peer, as a stack provides it to port/tls and port/http: TCP of lwIP, a socket, a modem.
 *
 * A stack is these calls, a network to connect by (ward/port/network.h) and, for a server, an accept queue
 * (ward/port/accept_queue.h). port/lwip is one, tests/stack another, over sockets. All of it is called from one loop: no
 * call waits, none is made from an interrupt, and a stack calls nothing back from within them.
 */
#ifndef WARD_PORT_STREAM_H
#define WARD_PORT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ward_stream;

/** What receive() and send() return in place of a number of bytes. */
enum ward_stream_result {
    WARD_STREAM_NOTHING =
        0, /**< nothing can be done now: no bytes have come, or there is no room. Not the end, and no error */
    WARD_STREAM_ENDED =
        -1, /**< receive() only: the peer sends nothing more, in order, and all that it sent has been read */
    WARD_STREAM_GONE = -2 /**< the connection is lost, or was never there: neither call will ever do anything again */
};

/** A stack's calls on a stream. Constant. None may be NULL; each allows a stream without a connection. */
struct ward_stream_calls {
    /**
     * Takes bytes that have come, in order. What came before an end or a loss is given first.
     *
     * @param data  NULL: the bytes are dropped
     * @param size  at least 1, and of any size with NULL
     *
     * @return more than 0: that many bytes, at most `size`; else one of enum ward_stream_result. 0 means that nothing has
     *         come yet and says nothing about the connection: the end of the stream is WARD_STREAM_ENDED, never 0
     */
    int32_t (*receive)(struct ward_stream *stream, void *data, size_t size);

    /**
     * Takes bytes to send: copies them, or as many as there is room for. They may wait in the stack until flush().
     *
     * @param size  at least 1
     *
     * @return more than 0: that many of them were taken, perhaps not all; else one of enum ward_stream_result. 0 means that
     *         there is no room yet: the same bytes are offered again, and nothing was taken
     */
    int32_t (*send)(struct ward_stream *stream, const void *data, size_t size);

    /** What send() has taken goes on its way. A stack whose send() does that by itself has nothing to do here. */
    void (*flush)(struct ward_stream *stream);

    /** Nothing more will be sent, and the peer is told (FIN). Receiving goes on. False: that cannot be done: then abort() it. */
    bool (*finish)(struct ward_stream *stream);

    /** The stream is not needed any more: the stack sends what it took, ends the connection in order, and drops what comes. */
    void (*close)(struct ward_stream *stream);

    /** The connection ends at once (RST), and gives back all that the stack holds for it. */
    void (*abort)(struct ward_stream *stream);

    /** Bytes that have come and have not been received: 0 exactly where receive() would not return bytes. */
    size_t (*unread)(const struct ward_stream *stream);

    /**
     * What send() has taken and the peer has not acknowledged, in segments, rounded up; 0: the peer has all of it. The server
     * bounds by it what a peer that does not read can occupy. A stack that cannot tell says 0.
     */
    size_t (*unsent)(const struct ward_stream *stream);
};

/**
 * A stream. It belongs to who uses it, stays at one address from when a stack has opened it until close() or abort(), and is
 * zeroed before. Private to the stack, except for what is said of a member.
 */
struct ward_stream {
    const struct ward_stream_calls *calls; /**< NULL: no stack has opened it */
    void *connection; /**< NULL: there is none, or none any more; close() and abort() set that, too */
    void *received;
    bool heard; /**< bytes or the end have come; the user sets it back. By receive() at the latest */
    bool ended;
    bool gone;
    bool refused;
};

#ifdef __cplusplus
}
#endif

#endif
