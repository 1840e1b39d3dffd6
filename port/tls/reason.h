/* SPDX-License-Identifier: Apache-2.0 */
/* What a fetch's TLS ended by, in ward's words: one reason a cause, the same as port/posix gives. Private to port/lwip.
 */
#ifndef WARD_PORT_TLS_REASON_H
#define WARD_PORT_TLS_REASON_H

#include "port/tls/session.h"
#include "ward/status.h"

/**
 * Why a client's session is over.
 *
 * @param result  what ward_tls_handshake(), ward_tls_read() or ward_tls_write() said: WARD_TLS_FAILED, WARD_TLS_CLOSED or WARD_TLS_CUT
 */
enum ward_code ward_tls_reason(const struct ward_tls_session *session, enum ward_tls_result result);

#endif
