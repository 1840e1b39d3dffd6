/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the issuer's certificate, in steps. Private to port/lwip.
 *
 * mbedTLS checks a chain within the handshake, in TLS 1.3 in one go: a chain of ECDSA keys is a hundred million instructions during which
 * nothing else runs. So the handshake is told to check no chain, and this does before a byte of the application is sent or read;
 * that the peer has the certificate's key the handshake has checked.
 */
#ifndef WARD_PORT_TLS_VERIFY_H
#define WARD_PORT_TLS_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "mbedtls/ssl.h"

/** The time at which certificates are judged from now on, and whether it may be earlier than the true one. */
void ward_tls_verify_at(uint64_t seconds, bool at_least);

/** Starts a check; one at a time. */
void ward_tls_verify_begin(void);

/**
 * The next step for the peer of a handshake that is over.
 *
 * @param host    the name or IPv4 address that the certificate must have
 * @param faults  written once it has come to its end: bits of MBEDTLS_X509_BADCERT_…, 0 for a good chain
 *
 * @return false while there are more steps
 */
bool ward_tls_verify_step(const mbedtls_ssl_context *ssl, const char *host, uint32_t *faults);

/**
 * What the certificate that was checked last says of when it is good, in seconds since 1970: the peer may have gone by now.
 *
 * @param from, until  written; 0 since the last ward_tls_verify_begin() unless a check has come to a good end
 */
void ward_tls_verify_validity(uint64_t *from, uint64_t *until);

/** Whether a certificate must name this host as an address, and TLS not at all. */
bool ward_tls_verify_is_address(const char *host);

/** Ends a check, also one that is given up. */
void ward_tls_verify_end(void);

#endif
