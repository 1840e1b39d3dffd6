/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS/1.1 server for a device's endpoints, over mbedTLS and any network (ward/port/network.h): a few static slots, one connection each;
 * ward/port/config.h has its limits. A request is judged when its headers have come (RFC 9110, 10.1.1), so that a bad
 * token costs no body.
 *
 * No client keeps the others waiting for long, whatever it sends or does not. A connection gets a slot once it has
 * sent the start of TLS. Each handshake, request and answer has a time in all, which bytes that come one by one do
 * not extend; so has each connection, and a number of requests. While somebody waits, handshake, request and answer
 * have a shorter time together, each answer is its connection's last and says so, and one that idles gives way.
 * Addresses that have fewer connections come first. What the device itself computes is charged to nobody. What a
 * connection may occupy is bounded: memory of TLS by its share of the arena, segments and frames by TCP's window.
 */
#ifndef WARD_PORT_HTTP_SERVER_H
#define WARD_PORT_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/http/limits.h"
#include "port/http/request_parser.h"
#include "port/http/counts.h"
#include "ward/access.h"
#include "ward/port/config.h"
#include "ward/port/network.h"

/** An application's answer. */
struct ward_http_server_answer {
    size_t length; /**< of the response; 0: there is none, close */
    /** By a verified token: its connection is not the first to end when memory is short. Not what anybody is granted. */
    bool granted;
};

/** What the application does with a request, in calls from ward_http_server_run(). Constant. */
struct ward_http_server_application {
    /**
     * Judges a request when its headers have come, before its body: once a request. True: granted. `slot` is the
     * connection's, 0 to WARD_SERVER_SLOTS - 1: what serve() needs to know of the judgement is kept for it, since
     * others are judged while a body comes.
     *
     * Who sent `Expect: 100-continue` hears `100 Continue` after true. After false serve() is called at once and the
     * connection ends after its answer, for nobody can say whether a body comes. Without Expect the body is read,
     * within its bounds, and the connection goes on.
     */
    bool (*judge)(void *context, unsigned slot, struct ward_http_request_parser *parser, const struct ward_peer *peer);
    /**
     * Answers a request that was judged: writes the whole response, at most `size` bytes, and says what it is in
     * `answer`, which comes zeroed. A response that is the last of its connection is given `Connection: close` if
     * there is room. The parser is wiped afterwards.
     */
    void (*serve)(void *context, unsigned slot, struct ward_http_request_parser *parser, char *out, size_t size,
                  struct ward_http_server_answer *answer);
    void *context;
};

/** ward_http_server_begin() with the limits of who calls it: not to be called otherwise. */
bool ward_http_server_start(const struct ward_http_server_application *application, const struct ward_network *network,
                            uint16_t port, const unsigned char *limits);

/**
 * Listens on a port. After ward_tls_begin(), once; false if it cannot.
 *
 * @param network  has a queue; stays
 */
static inline bool ward_http_server_begin(const struct ward_http_server_application *application,
                                          const struct ward_network *network, uint16_t port)
{
    return ward_http_server_start(application, network, port, &WARD_HTTP_LIMITS);
}

/** One step for each connection, of those that compute in a handshake for one. Call it in each turn; true if there
 * is more to do at once. */
bool ward_http_server_run(void);

/** What has happened so far. */
void ward_http_server_counts(struct ward_http_counts *counts);

#endif
