/* SPDX-License-Identifier: Apache-2.0 */
/* ward: a network as port/http uses it: how to connect, what time it is, and where connections come from. */
#ifndef WARD_PORT_NETWORK_H
#define WARD_PORT_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/port/accept_queue.h"
#include "ward/port/stream.h"
#include "ward/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A network. Constant; one a device. */
struct ward_network {
    /** Milliseconds since any point, monotonic except for wrapping around at 2^32. Returns at once. */
    uint32_t (*uptime)(void);

    /** Whether a connection can be tried now: there is a link and an address. Returns at once. */
    bool (*ready)(void);

    /**
     * Starts to find the address of a host and to connect to it. One at a time. Returns at once: it goes on in dialled(), or
     * by itself.
     *
     * @param stream  zeroed; opened by this call unless it fails, so that close() or abort() gives it up at any time
     * @param host    a name or an IPv4 address; stays until the stream is closed
     *
     * @retval WARD_OK                 started
     * @retval WARD_FETCH_NAME         no such name
     * @retval WARD_FETCH_UNREACHABLE  no way to it
     * @retval WARD_FETCH_MEMORY       none to do it with
     */
    enum ward_code (*dial)(struct ward_stream *stream, const char *host, uint16_t port);

    /**
     * What became of it. It need not end by itself: who asks has a time-out.
     *
     * @retval WARD_NO_RESULT          nothing yet: ask again
     * @retval WARD_OK                 the stream is connected
     * @retval WARD_FETCH_NAME         the host has no address
     * @retval WARD_FETCH_REFUSED      its host is there, and nothing listens at the port
     * @retval WARD_FETCH_UNREACHABLE  nobody answers
     * @retval WARD_FETCH_MEMORY       there was none
     */
    enum ward_code (*dialled)(struct ward_stream *stream);

    /** Connections that come from others; NULL: no server can run on this network. */
    const struct ward_accept_queue *queue;
};

#ifdef __cplusplus
}
#endif

#endif
