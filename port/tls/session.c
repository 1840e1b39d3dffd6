/* SPDX-License-Identifier: Apache-2.0 */
#include "port/tls/session.h"

#include <string.h>

#include "port/tls/arena.h"
#include "port/tls/buffer.h"
#include "port/tls/configs.h"
#include "port/tls/verify.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/x509_crt.h"

/* mbedTLS's own numbers for it, of a module that is not built. */
enum { ERROR_RESET = -0x0050 };

/* ---- What mbedTLS calls to read and write. */

static int error_of(int32_t result)
{
    switch (result) {
    case WARD_STREAM_NOTHING: return MBEDTLS_ERR_SSL_WANT_READ;
    case WARD_STREAM_ENDED: return 0;
    default: return ERROR_RESET;
    }
}

static bool next_record_fits(struct ward_tls_session *session)
{
    const size_t content = (size_t)(session->header[3] << 8 | session->header[4]);
    session->wanted = ward_tls_buffer_wanted(&session->ssl, content);
    session->starved = ward_tls_buffer_overflows(&session->ssl, content);
    return session->wanted == 0;
}

/* A record's header is kept until the buffer has room for the record. */
static int receive_header(struct ward_tls_session *session, unsigned char *data)
{
    while (session->header_length < sizeof session->header) {
        const size_t missing = sizeof session->header - session->header_length;
        uint8_t *const to = session->header + session->header_length;
        const int32_t got = session->stream.calls->receive(&session->stream, to, missing);
        if (got <= 0)
            return error_of(got);
        session->header_length = (uint8_t)(session->header_length + got);
    }
    if (!next_record_fits(session))
        return MBEDTLS_ERR_SSL_WANT_READ;
    memcpy(data, session->header, sizeof session->header);
    session->header_length = 0;
    return (int)sizeof session->header;
}

static int receive(void *context, unsigned char *data, size_t length)
{
    struct ward_tls_session *const session = context;
    if (ward_tls_buffer_at_header(&session->ssl) && length >= sizeof session->header)
        return receive_header(session, data);
    const int32_t got = session->stream.calls->receive(&session->stream, data, length);
    return got > 0 ? (int)got : error_of(got);
}

static int transmit(void *context, const unsigned char *data, size_t length)
{
    struct ward_tls_session *const session = context;
    const int32_t sent = session->stream.calls->send(&session->stream, data, length);
    if (sent == WARD_STREAM_NOTHING)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    return sent > 0 ? (int)sent : ERROR_RESET;
}

/* ---- A session. */

mbedtls_ms_time_t mbedtls_ms_time(void)
{
    return (mbedtls_ms_time_t)ward_tls_uptime();
}

void ward_tls_clear(struct ward_tls_session *session, unsigned owner)
{
    memset(session, 0, sizeof *session);
    session->owner = (uint8_t)owner;
}

static bool start(struct ward_tls_session *session, const mbedtls_ssl_config *config)
{
    ward_tls_arena_use(session->owner);
    session->refusals = ward_tls_arena_refusals_of(session->owner);
    session->starved = false;
    mbedtls_ssl_init(&session->ssl);
    session->set_up = true;
    mbedtls_ssl_set_bio(&session->ssl, session, transmit, receive, NULL);
    return ward_tls_buffer_setup(&session->ssl, config) == 0;
}

bool ward_tls_start_server(struct ward_tls_session *session)
{
    return start(session, &ward_tls_server);
}

/* An address is not a server's name (RFC 6066, 3): some servers break off on one. */
static const char *server_name(const char *host)
{
    return ward_tls_verify_is_address(host) ? NULL : host;
}

bool ward_tls_start_client(struct ward_tls_session *session, const char *host, bool only_12)
{
    mbedtls_ssl_conf_max_tls_version(&ward_tls_client,
                                     only_12 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3);
    session->host = host;
    ward_tls_verify_begin();
    return start(session, &ward_tls_client) && mbedtls_ssl_set_hostname(&session->ssl, server_name(host)) == 0;
}

bool ward_tls_needs_12(const struct ward_tls_session *session)
{
    return session->error == MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER &&
           mbedtls_ssl_get_version_number(&session->ssl) == MBEDTLS_SSL_VERSION_TLS1_2;
}

static enum ward_tls_result waiting(struct ward_tls_session *session)
{
    const size_t wanted = session->wanted;
    session->wanted = 0;
    if (wanted == 0)
        return WARD_TLS_WAIT;
    session->starved = !ward_tls_buffer_grow(&session->ssl, wanted);
    return session->starved ? WARD_TLS_WAIT : WARD_TLS_AGAIN;
}

static enum ward_tls_result result_of(struct ward_tls_session *session, int error)
{
    switch (error) {
    case MBEDTLS_ERR_SSL_WANT_READ:
    case MBEDTLS_ERR_SSL_WANT_WRITE: return waiting(session);
    case MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS: return WARD_TLS_AGAIN;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: return WARD_TLS_CLOSED;
    case MBEDTLS_ERR_SSL_CONN_EOF:
    case ERROR_RESET:
    case 0: return WARD_TLS_CUT;
    default:
        session->error = error;
        session->alert = error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE ? ward_tls_buffer_alert(&session->ssl) : 0;
        session->stage = ward_tls_buffer_stage(&session->ssl);
        return WARD_TLS_FAILED;
    }
}

static void send_now(struct ward_tls_session *session)
{
    session->stream.calls->flush(&session->stream);
}

/* Nobody is trusted whose chain has not been checked. */
static enum ward_tls_result trust(struct ward_tls_session *session)
{
    /* What the certificates came in is not needed to check them. */
    ward_tls_buffer_shrink(&session->ssl);
    if (session->host != NULL && !ward_tls_verify_step(&session->ssl, session->host, &session->faults))
        return WARD_TLS_AGAIN;
    if (session->faults != 0) {
        session->error = MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
        (void)mbedtls_ssl_send_alert_message(&session->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                             MBEDTLS_SSL_ALERT_MSG_BAD_CERT);
        send_now(session);
        return WARD_TLS_FAILED;
    }
    ward_tls_buffer_forget_peer(&session->ssl);
    session->trusted = true;
    return WARD_TLS_DONE;
}

enum ward_tls_result ward_tls_handshake(struct ward_tls_session *session)
{
    ward_tls_arena_use(session->owner);
    if (mbedtls_ssl_is_handshake_over(&session->ssl) == 1)
        return trust(session);
    const int error = mbedtls_ssl_handshake_step(&session->ssl);
    send_now(session);
    return error == 0 ? WARD_TLS_AGAIN : result_of(session, error);
}

enum ward_tls_result ward_tls_read(struct ward_tls_session *session, char *data, size_t size, size_t *got)
{
    *got = 0;
    if (!session->trusted)
        return WARD_TLS_FAILED;
    ward_tls_arena_use(session->owner);
    const int result = mbedtls_ssl_read(&session->ssl, (unsigned char *)data, size);
    *got = result > 0 ? (size_t)result : 0;
    if (result > 0)
        return WARD_TLS_DONE;
    if (result == MBEDTLS_ERR_SSL_WANT_READ && session->wanted == 0)
        ward_tls_buffer_shrink(&session->ssl);
    return result_of(session, result);
}

enum ward_tls_result ward_tls_write(struct ward_tls_session *session, const char *data, size_t length)
{
    if (!session->trusted)
        return WARD_TLS_FAILED;
    ward_tls_arena_use(session->owner);
    const int result = mbedtls_ssl_write(&session->ssl, (const unsigned char *)data, length);
    send_now(session);
    if (result > 0)
        return WARD_TLS_DONE;
    return result_of(session, result);
}

bool ward_tls_out_of_memory(const struct ward_tls_session *session)
{
    return session->starved || (session->set_up && ward_tls_arena_refusals_of(session->owner) != session->refusals);
}

size_t ward_tls_unread(const struct ward_tls_session *session)
{
    const struct ward_stream *const stream = &session->stream;
    return session->header_length + (stream->calls != NULL ? stream->calls->unread(stream) : 0);
}

bool ward_tls_drain(struct ward_tls_session *session)
{
    struct ward_stream *const stream = &session->stream;
    int32_t got = WARD_STREAM_GONE;
    session->header_length = 0;
    if (stream->calls == NULL)
        return true;
    do {
        got = stream->calls->receive(stream, NULL, SIZE_MAX);
    } while (got > 0);
    return got != WARD_STREAM_NOTHING;
}

void ward_tls_end(struct ward_tls_session *session)
{
    if (session->set_up) {
        ward_tls_arena_use(session->owner);
        if (session->stream.connection != NULL)
            (void)mbedtls_ssl_close_notify(&session->ssl);
        send_now(session);
        if (session->host != NULL)
            ward_tls_verify_end();
        mbedtls_ssl_free(&session->ssl);
        session->set_up = false;
    }
    (void)ward_tls_drain(session);
}

void ward_tls_disconnect(struct ward_tls_session *session, bool at_once)
{
    struct ward_stream *const stream = &session->stream;
    if (stream->calls == NULL)
        return;
    if (at_once)
        stream->calls->abort(stream);
    else
        stream->calls->close(stream);
}
