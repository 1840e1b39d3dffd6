/* SPDX-License-Identifier: Apache-2.0 */
/* A session's input buffer, as large as its next record needs. Private to port/lwip. */
#ifndef WARD_PORT_TLS_BUFFER_H
#define WARD_PORT_TLS_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbedtls/ssl.h"

/** Bytes of a TLS record's header: type, version, length. */
enum { WARD_TLS_RECORD_HEADER = 5 };

/** mbedtls_ssl_setup() with a small input buffer. */
int ward_tls_buffer_setup(mbedtls_ssl_context *ssl, const mbedtls_ssl_config *config);

/** Whether mbedTLS is about to read a record's header. */
bool ward_tls_buffer_at_header(const mbedtls_ssl_context *ssl);

/** Bytes that the buffer needs for a record whose content has this length; 0: it has them, or no buffer would ever do. */
size_t ward_tls_buffer_wanted(const mbedtls_ssl_context *ssl, size_t content);

/** Whether this record, which TLS allows, goes on with a message that is longer than any buffer: a chain of more than
 * 16 KB. */
bool ward_tls_buffer_overflows(const mbedtls_ssl_context *ssl, size_t content);

/** Makes the buffer larger, keeping what is in it; false: no memory now. Between calls of mbedTLS, after it has said WANT_READ. */
bool ward_tls_buffer_grow(mbedtls_ssl_context *ssl, size_t size);

/** What the alert says that mbedTLS has just ended with (MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE): MBEDTLS_SSL_ALERT_MSG_….
 */
uint8_t ward_tls_buffer_alert(const mbedtls_ssl_context *ssl);

/** How far the handshake has come, or came. */
enum ward_tls_stage {
    WARD_TLS_GREETING,       /**< version, suite and group are not agreed on */
    WARD_TLS_AT_CERTIFICATE, /**< a server's certificates are being read */
    WARD_TLS_AGREED
};
enum ward_tls_stage ward_tls_buffer_stage(const mbedtls_ssl_context *ssl);

/** Gives back the peer's certificate, which nobody asks for once the handshake is over. */
void ward_tls_buffer_forget_peer(mbedtls_ssl_context *ssl);

/** Makes it small again where nothing is in it. */
void ward_tls_buffer_shrink(mbedtls_ssl_context *ssl);

#endif
