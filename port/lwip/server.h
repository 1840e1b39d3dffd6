/* An HTTPS/1.1 server for a device's endpoints, over lwIP and mbedTLS: a few static slots, one connection each.
 *
 * A request is judged when its headers have come (RFC 9110, 10.1.1), so that a bad token costs no body.
 *
 * A slow or dead client keeps nobody else waiting for long: each request has a time in which it must be complete, each answer one in
 * which it must be taken, a connection that was answered and idles gives way to a new one, and while somebody waits for a slot the times are shorter. What a
 * connection may occupy is bounded: memory of TLS by its share of the arena, segments by TCP's window.
 */
#ifndef WARD_PORT_LWIP_SERVER_H
#define WARD_PORT_LWIP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request_parser.h"
#include "ward/access.h"

/** Connections that are served at the same time, 6.6 KB of RAM each beside the arena; and those that may wait for one of them. */
#ifndef SERVER_SLOTS
#define SERVER_SLOTS 3
#endif
#ifndef SERVER_WAITING
#define SERVER_WAITING 4
#endif

/** Milliseconds for a handshake; for a request from its first byte to its last; of silence between two; for an answer to be taken. */
#ifndef SERVER_HANDSHAKE_MS
#define SERVER_HANDSHAKE_MS 10000
#endif
#ifndef SERVER_REQUEST_MS
#define SERVER_REQUEST_MS 10000
#endif
#ifndef SERVER_IDLE_MS
#define SERVER_IDLE_MS 30000
#endif
#ifndef SERVER_WRITE_MS
#define SERVER_WRITE_MS 10000
#endif

/** What the times for a handshake, a request and an answer become while somebody waits for a slot. */
#ifndef SERVER_HURRY_MS
#define SERVER_HURRY_MS 2500
#endif

/** In which a first request must begin to come after the handshake while somebody waits: more than the round trip of a slow network. */
#ifndef SERVER_FIRST_MS
#define SERVER_FIRST_MS 750
#endif

/** Longest response, bytes: it is sent as one record. */
enum { SERVER_RESPONSE = 2304 };

/** What the application does with a request, in calls from server_run(). Constant. */
struct server_application {
    /**
     * Judges a request when its headers have come, before its body: once a request. True: granted. `slot` is the
     * connection's, 0 to SERVER_SLOTS - 1: what serve() needs to know of the judgement is kept for it, since others are
     * judged while a body comes.
     *
     * Who sent `Expect: 100-continue` hears `100 Continue` after true. After false serve() is called at once and the
     * connection ends after its answer, for nobody can say whether a body comes. Without Expect the body is read,
     * within its bounds, and the connection goes on.
     */
    bool (*judge)(void *context, unsigned slot, struct request_parser *parser, const struct ward_peer *peer);
    /**
     * Answers a request that was judged: writes the whole response, at most `size` bytes, and returns its length. 0:
     * there is none, close. A response that is the last of its connection is given `Connection: close` if there is
     * room. The parser is wiped afterwards.
     */
    size_t (*serve)(void *context, unsigned slot, struct request_parser *parser, char *out, size_t size);
    void *context;
};

/** Listens on a port. After tls_begin(), once; false if it cannot. */
bool server_begin(const struct server_application *application, uint16_t port);

/** One step for each connection, of those that compute in a handshake for one. Call it in each turn; true if there is more to do at once. */
bool server_run(void);

/** What has happened, for an operator. */
struct server_counts {
    uint32_t accepted;
    uint32_t turned_away;   /**< no slot, and no room to wait for one */
    uint32_t evicted;       /**< gave way to another */
    uint32_t timed_out;
    uint32_t handshakes;    /**< that came to their end */
    uint32_t failed;        /**< that did not */
    uint32_t requests;      /**< served by the application */
    uint32_t refused;       /**< 400, 408, 413, 414, 417, 431, 501, 505 */
    uint8_t slots;          /**< in use now */
    uint8_t most_slots;     /**< at the same time */
};
void server_counts(struct server_counts *counts);

#endif
