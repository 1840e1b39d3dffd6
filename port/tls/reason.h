/* What a fetch's TLS ended by, in ward's words: one reason a cause, the same as port/posix gives. Private to port/lwip.
 */
#ifndef WARD_PORT_LWIP_TLS_REASON_H
#define WARD_PORT_LWIP_TLS_REASON_H

#include "port/tls/session.h"
#include "ward/status.h"

/**
 * Why a client's session is over.
 *
 * @param result  what tls_handshake(), tls_read() or tls_write() said: TLS_FAILED, TLS_CLOSED or TLS_CUT
 */
enum ward_code tls_reason(const struct tls_session *session, enum tls_result result);

#endif
