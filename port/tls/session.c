#include "port/tls/session.h"

#include <string.h>

#include "port/tls/arena.h"
#include "port/lwip/network.h"
#include "port/lwip/received.h"
#include "port/tls/buffer.h"
#include "port/tls/configs.h"
#include "port/tls/verify.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/x509_crt.h"

/* mbedTLS's own numbers for it, of a module that is not built. */
enum { ERROR_RESET = -0x0050 };

/* ---- TCP: what comes is kept until TLS reads it. */

static err_t on_received(void *argument, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    struct ward_tls_session *const session = argument;
    (void)pcb;
    (void)error;
    session->heard = true;
    if (data == NULL)
        session->peer_ended = true;
    else
        ward_lwip_received_keep(&session->received, data);
    return ERR_OK;
}

/* lwIP has freed the connection by now. */
static void on_error(void *argument, err_t error)
{
    struct ward_tls_session *const session = argument;
    session->pcb = NULL;
    session->reset = true;
    session->reset_by_peer = error == ERR_RST;
}

void ward_tls_attach(struct ward_tls_session *session, struct tcp_pcb *pcb, unsigned owner)
{
    memset(session, 0, sizeof *session);
    session->pcb = pcb;
    session->owner = (uint8_t)owner;
    tcp_arg(pcb, session);
    tcp_recv(pcb, on_received);
    tcp_err(pcb, on_error);
    tcp_nagle_disable(pcb);
}

static void drop_received(struct ward_tls_session *session)
{
    if (session->received == NULL)
        return;
    if (session->pcb != NULL)
        tcp_recved(session->pcb, session->received->tot_len);
    pbuf_free(session->received);
    session->received = NULL;
}

/* ---- What mbedTLS calls to read and write. */

static bool next_record_fits(struct ward_tls_session *session)
{
    uint8_t header[WARD_TLS_RECORD_HEADER];
    if (pbuf_copy_partial(session->received, header, sizeof header, 0) < sizeof header)
        return false;
    const size_t content = (size_t)(header[3] << 8 | header[4]);
    session->wanted = ward_tls_buffer_wanted(&session->ssl, content);
    session->starved = ward_tls_buffer_overflows(&session->ssl, content);
    return session->wanted == 0;
}

static int nothing_to_read(const struct ward_tls_session *session)
{
    if (session->reset)
        return ERROR_RESET;
    return session->peer_ended ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
}

static int receive(void *context, unsigned char *data, size_t length)
{
    struct ward_tls_session *const session = context;
    if (session->received == NULL)
        return nothing_to_read(session);
    if (ward_tls_buffer_at_header(&session->ssl) && !next_record_fits(session))
        return session->wanted > 0 ? MBEDTLS_ERR_SSL_WANT_READ : nothing_to_read(session);
    const u16_t got = pbuf_copy_partial(session->received, data, (u16_t)length, 0);
    session->received = pbuf_free_header(session->received, got);
    if (session->pcb != NULL)
        tcp_recved(session->pcb, got);
    return (int)got;
}

static int transmit(void *context, const unsigned char *data, size_t length)
{
    struct ward_tls_session *const session = context;
    if (session->pcb == NULL)
        return ERROR_RESET;
    const u16_t room = tcp_sndbuf(session->pcb);
    const u16_t piece = length < room ? (u16_t)length : room;
    if (piece == 0 || tcp_write(session->pcb, data, piece, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    return (int)piece;
}

/* ---- A session. */

mbedtls_ms_time_t mbedtls_ms_time(void)
{
    return (mbedtls_ms_time_t)ward_lwip_uptime();
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

/* An address is no server's name (RFC 6066, 3): some servers break off on one. */
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

static void send_now(const struct ward_tls_session *session)
{
    if (session->pcb != NULL)
        (void)tcp_output(session->pcb);
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

void ward_tls_end(struct ward_tls_session *session)
{
    if (session->set_up) {
        ward_tls_arena_use(session->owner);
        if (session->pcb != NULL)
            (void)mbedtls_ssl_close_notify(&session->ssl);
        send_now(session);
        if (session->host != NULL)
            ward_tls_verify_end();
        mbedtls_ssl_free(&session->ssl);
        session->set_up = false;
    }
    drop_received(session);
}

void ward_tls_disconnect(struct ward_tls_session *session, bool at_once)
{
    struct tcp_pcb *const pcb = session->pcb;
    drop_received(session);
    session->pcb = NULL;
    if (pcb == NULL)
        return;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_sent(pcb, NULL);
    /* Its peer may never end it: it is the first to go when there is no connection left (lwIP: tcp_kill_prio). */
    tcp_setprio(pcb, TCP_PRIO_MIN);
    if (at_once || tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb);
}
