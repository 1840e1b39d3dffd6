/* SPDX-License-Identifier: Apache-2.0 */
/* One TLS session over one stream of bytes (ward/port/stream.h), as client or server. Nothing waits: each call does what can be
 * done now.
 *
 * What a handshake computes is cut into steps; the caller makes one a turn of its loop. The input buffer of a session grows to what its next
 * record needs and shrinks while nothing is read, so that 16 KB are taken only where somebody sends 16 KB.
 */
#ifndef WARD_PORT_TLS_SESSION_H
#define WARD_PORT_TLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbedtls/ssl.h"
#include "port/tls/buffer.h"
#include "port/tls/setup.h"
#include "ward/port/stream.h"

/** A session and its stream. The caller's, at one address while it lives; private, except for `stream`. */
struct ward_tls_session {
    mbedtls_ssl_context ssl;
    struct ward_stream stream; /**< a stack opens it: dial() or take(), between ward_tls_clear() and the start of TLS */
    size_t wanted;             /* bytes of input buffer for the next record, where it has fewer */
    const char *host;          /* a client's: whom the server must be */
    uint32_t faults;           /* of its certificate */
    uint32_t refusals;         /* of memory, its owner's, when TLS was started */
    int error;                 /* mbedTLS's, after WARD_TLS_FAILED */
    uint8_t alert;             /* the peer's, if that is what it failed by; 0: it is not */
    uint8_t owner;
    uint8_t header_length;
    uint8_t header[WARD_TLS_RECORD_HEADER]; /* what has come of the next record's, until all of it has */
    enum ward_tls_stage stage;              /* of the handshake, when it failed */
    bool set_up;
    bool trusted; /* the handshake is over, and the peer is who it must be */
    bool starved; /* its next record waits for memory, or has more than there ever is */
};

/** What a call came to. */
enum ward_tls_result {
    WARD_TLS_DONE,   /**< what was asked for is done */
    WARD_TLS_AGAIN,  /**< a step is done: call again, in another turn */
    WARD_TLS_WAIT,   /**< nothing can be done before something comes or goes */
    WARD_TLS_CLOSED, /**< the peer has said that it closes: what came before is whole */
    WARD_TLS_CUT,    /**< the connection is gone without that */
    WARD_TLS_FAILED  /**< it is not TLS, or not one that is taken; the peer has been told as far as TLS tells it */
};

/** Empties a session, whose stream has been closed: it may be opened next. `owner` is the arena's. */
void ward_tls_clear(struct ward_tls_session *session, unsigned owner);

/** Starts TLS on its stream as the server. False: no memory. */
bool ward_tls_start_server(struct ward_tls_session *session);

/**
 * Starts TLS on its stream as the client. False: no memory.
 *
 * @param host     the name or IPv4 address that the server's certificate must have
 * @param only_12  not to offer TLS 1.3: see ward_tls_needs_12()
 */
bool ward_tls_start_client(struct ward_tls_session *session, const char *host, bool only_12);

/**
 * Whether the handshake that failed would not without TLS 1.3: whoever offers 1.3 offers RSA-PSS, and a server that then chooses TLS 1.2 may
 * sign with it (RFC 8446, 4.2.3), which mbedTLS 3.6 does not take.
 */
bool ward_tls_needs_12(const struct ward_tls_session *session);

/** One step of the handshake: WARD_TLS_DONE when it is over and a client has checked the server's certificate. */
enum ward_tls_result ward_tls_handshake(struct ward_tls_session *session);

/** Reads what has come: with WARD_TLS_DONE there are `*got` bytes, at least one. */
enum ward_tls_result ward_tls_read(struct ward_tls_session *session, char *data, size_t size, size_t *got);

/** Sends at most WARD_TLS_LONGEST_WRITE bytes. After WARD_TLS_WAIT call it with the same length again; the bytes are not needed then. */
enum ward_tls_result ward_tls_write(struct ward_tls_session *session, const char *data, size_t length);
enum { WARD_TLS_LONGEST_WRITE = MBEDTLS_SSL_OUT_CONTENT_LEN };

/**
 * Whether memory was refused to the session, or it waits for some. Whatever mbedTLS says then is not to be believed: a
 * chain for which there was no memory looks like one that was forged.
 */
bool ward_tls_out_of_memory(const struct ward_tls_session *session);

/** Bytes that have come and TLS has not read; not what it has decrypted and still keeps. */
size_t ward_tls_unread(const struct ward_tls_session *session);

/** Tells the peer that nothing more is sent, gives TLS's memory back and drops what has not been read. The stream stays. */
void ward_tls_end(struct ward_tls_session *session);

/** After ward_tls_end(): drops what has come since. True: the peer sends nothing more, or is gone. */
bool ward_tls_drain(struct ward_tls_session *session);

/** Ends the stream after ward_tls_end(): in order, or at once by a reset. */
void ward_tls_disconnect(struct ward_tls_session *session, bool at_once);

#endif
