/* SPDX-License-Identifier: Apache-2.0 */
/* The fetch_… functions of struct ward_platform, over mbedTLS and any network (ward/port/network.h). One fetch at a time; one a device.
 *
 * Until its issuer has answered TLS's first message a fetch takes no memory from anybody (WARD_ARENA_HELLO_SHARE). Then
 * it is owed WARD_ARENA_FETCH_SHARE, for which the server ends sessions that have more than their share, and it may use
 * that of slots without one.
 */
#ifndef WARD_PORT_HTTP_FETCH_H
#define WARD_PORT_HTTP_FETCH_H

#include "port/http/fetch_fields.h"
#include "ward/port/config.h"
#include "ward/port/network.h"
#include "ward/port/platform.h"

/**
 * What fetches depend on. Before the first one, after ward_tls_begin().
 *
 * @param network  stays
 * @param clock  the platform's clock, or NULL: while it is not set, or is before the time to judge at, certificates may begin later
 */
void ward_http_fetch_prepare(const struct ward_network *network, struct ward_time (*clock)(void *context),
                             void *clock_context);

/**
 * As struct ward_platform says; `context` is not used. A URL whose host is an IPv6 address is WARD_FETCH_IPV6.
 *
 * A fetch is sure of WARD_ARENA_FETCH_SHARE and may take what others' shares leave (arena.h). Where that is not enough for
 * the issuer's chain it ends with WARD_FETCH_MEMORY, whatever mbedTLS made of it; PORTING.md says how long a chain may
 * be.
 */
struct ward_status ward_http_fetch_begin(void *context, struct ward_text url, uint64_t now);
int32_t ward_http_fetch_read(void *context, char *buffer, size_t size);
void ward_http_fetch_end(void *context, struct ward_fetch_answer *answer);

#if WARD_MAX_BUNDLE > 0
/** As struct ward_platform says. Where the request has no room for it (WARD_FETCH_MAX_REQUEST) it is not sent. */
void ward_http_fetch_unless(void *context, struct ward_text etag);
#endif

/** mbedTLS's error of the last fetch that failed in TLS; 0: none. For an operator. */
int ward_http_fetch_tls_error(void);

#endif
