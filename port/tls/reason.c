/* SPDX-License-Identifier: Apache-2.0 */
#include "port/tls/reason.h"

#include "mbedtls/x509_crt.h"

/* What is wrong with the chain is worse than another's name in it. */
static enum ward_code of_faults(uint32_t faults)
{
    return (faults & ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH) != 0 ? WARD_FETCH_CERTIFICATE : WARD_FETCH_HOST;
}

/* The server says what it misses, if roughly (RFC 8446, 6.2); later the same alert has other causes, such as a client's
 * certificate. */
static enum ward_code of_alert(uint8_t alert, enum ward_tls_stage stage)
{
    const bool misses = alert == MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE ||
                        alert == MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION ||
                        alert == MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY;
    return misses && stage == WARD_TLS_GREETING ? WARD_FETCH_NOTHING_SHARED : WARD_FETCH_ALERT;
}

static enum ward_code of_error(const struct ward_tls_session *session)
{
    switch (session->error) {
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE: return of_alert(session->alert, session->stage);
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
    case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE: return WARD_FETCH_NOTHING_SHARED;
    default: return session->stage == WARD_TLS_AT_CERTIFICATE ? WARD_FETCH_CERTIFICATE_UNREADABLE : WARD_FETCH_PROTOCOL;
    }
}

enum ward_code ward_tls_reason(const struct ward_tls_session *session, enum ward_tls_result result)
{
    if (ward_tls_out_of_memory(session))
        return WARD_FETCH_MEMORY;
    if (session->faults != 0)
        return of_faults(session->faults);
    return result == WARD_TLS_FAILED ? of_error(session) : WARD_FETCH_CUT_OFF;
}
