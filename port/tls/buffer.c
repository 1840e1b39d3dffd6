/* SPDX-License-Identifier: Apache-2.0 */
/* mbedTLS 3.6 gives each session an input buffer for the longest record there is, 16 KB, for as long as it lives; four sessions of
 * these do not fit a small device, and hardly any record is that long. With MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH it checks every
 * access against the buffer's true length, `in_buf_len`, and moves the buffer itself once after the handshake. This file does the same at the
 * border of two records, where mbedTLS has returned and waits for five bytes of header. It is the only one that knows mbedTLS's
 * private members; tests send records of every kind of length through it.
 */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include "port/tls/buffer.h"

#include <string.h>

#include "port/tls/arena.h"
#include "ssl_misc.h"

/* What a handshake's short messages and most requests need. */
enum { SMALL = 1024, STEP = 256 };

int ward_tls_buffer_setup(mbedtls_ssl_context *ssl, const mbedtls_ssl_config *config)
{
    ward_tls_arena_shorten(MBEDTLS_SSL_IN_BUFFER_LEN, SMALL);
    const int error = mbedtls_ssl_setup(ssl, config);
    ward_tls_arena_shorten(0, 0);
    if (error == 0)
        ssl->in_buf_len = SMALL;
    return error;
}

bool ward_tls_buffer_at_header(const mbedtls_ssl_context *ssl)
{
    return ssl->in_left == 0;
}

size_t ward_tls_buffer_wanted(const mbedtls_ssl_context *ssl, size_t content)
{
    const size_t needed = (size_t)(ssl->in_hdr - ssl->in_buf) + WARD_TLS_RECORD_HEADER + content;
    return needed > ssl->in_buf_len && needed <= MBEDTLS_SSL_IN_BUFFER_LEN ? needed : 0;
}

bool ward_tls_buffer_overflows(const mbedtls_ssl_context *ssl, size_t content)
{
    const size_t needed = (size_t)(ssl->in_hdr - ssl->in_buf) + WARD_TLS_RECORD_HEADER + content;
    return content <= MBEDTLS_SSL_IN_PAYLOAD_LEN && needed > MBEDTLS_SSL_IN_BUFFER_LEN;
}

static void move(unsigned char **pointer, const unsigned char *from, unsigned char *to)
{
    if (*pointer != NULL)
        *pointer = to + (*pointer - from);
}

static bool resize(mbedtls_ssl_context *ssl, size_t size)
{
    unsigned char *const from = ssl->in_buf;
    unsigned char *const to = ward_tls_arena_try(1, size);
    if (to == NULL)
        return false;
    memcpy(to, from, size < ssl->in_buf_len ? size : ssl->in_buf_len);
    ssl->in_buf = to;
    ssl->in_buf_len = size;
    move(&ssl->in_ctr, from, to);
    move(&ssl->in_hdr, from, to);
    move(&ssl->in_len, from, to);
    move(&ssl->in_iv, from, to);
    move(&ssl->in_msg, from, to);
    move(&ssl->in_offt, from, to);
    ward_tls_arena_free(from);
    return true;
}

bool ward_tls_buffer_grow(mbedtls_ssl_context *ssl, size_t size)
{
    const size_t rounded = (size + STEP - 1) / STEP * STEP;
    return resize(ssl, rounded < MBEDTLS_SSL_IN_BUFFER_LEN ? rounded : MBEDTLS_SSL_IN_BUFFER_LEN);
}

uint8_t ward_tls_buffer_alert(const mbedtls_ssl_context *ssl)
{
    return ssl->in_msg[1];
}

enum ward_tls_stage ward_tls_buffer_stage(const mbedtls_ssl_context *ssl)
{
    if (ssl->state <= MBEDTLS_SSL_SERVER_HELLO)
        return WARD_TLS_GREETING;
    return ssl->state == MBEDTLS_SSL_SERVER_CERTIFICATE ? WARD_TLS_AT_CERTIFICATE : WARD_TLS_AGREED;
}

void ward_tls_buffer_forget_peer(mbedtls_ssl_context *ssl)
{
    if (ssl->session == NULL || ssl->session->peer_cert == NULL)
        return;
    mbedtls_x509_crt_free(ssl->session->peer_cert);
    ward_tls_arena_free(ssl->session->peer_cert);
    ssl->session->peer_cert = NULL;
}

void ward_tls_buffer_shrink(mbedtls_ssl_context *ssl)
{
    const bool empty = ssl->in_left == 0 && ssl->in_offt == NULL && ssl->badmac_seen_or_in_hsfraglen == 0;
    if (empty && ssl->in_buf_len > SMALL && mbedtls_ssl_is_handshake_over(ssl) == 1)
        (void)resize(ssl, SMALL);
}
