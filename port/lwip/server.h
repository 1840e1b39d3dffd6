/* An HTTPS/1.1 server for a device's endpoints, over lwIP and mbedTLS: a few static slots, one connection each.
 *
 * A slow or dead client keeps nobody else waiting for long: each request has a time in which it must be complete, each answer one in
 * which it must be taken, an idle connection gives way to a new one, and while somebody waits for a slot the times are shorter. What a
 * connection may occupy is bounded: memory of TLS by its share of the arena, segments by TCP's window.
 */
#ifndef WARD_PORT_LWIP_SERVER_H
#define WARD_PORT_LWIP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request_parser.h"
#include "ward/access.h"

/** Connections that are served at the same time, 7.5 KB of RAM each beside the arena; and those that may wait for one of them. */
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

/** What the first three become while somebody waits for a slot. */
#ifndef SERVER_HURRY_MS
#define SERVER_HURRY_MS 2500
#endif

/** Longest response, bytes: it is sent as one record. */
enum { SERVER_RESPONSE = 2304 };

/** What the application does with a request. Constant. */
struct server_application {
    /**
     * Serves a complete request: writes the whole response, at most `size` bytes, and returns its length. 0: there is none, close.
     * Called from server_run(); the parser is wiped afterwards.
     */
    size_t (*serve)(void *context, struct request_parser *parser, const struct ward_peer *peer, char *out, size_t size);
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
    uint32_t refused;       /**< 400, 408, 413, 414, 431, 501, 505 */
    uint8_t slots;          /**< in use now */
    uint8_t most_slots;     /**< at the same time */
};
void server_counts(struct server_counts *counts);

#endif
