/* SPDX-License-Identifier: Apache-2.0 */
/* The two sides' configurations: set up by ward_tls_begin(), used by each session. Private to port/lwip. */
#ifndef WARD_PORT_TLS_CONFIGS_H
#define WARD_PORT_TLS_CONFIGS_H

#include <stdint.h>

#include "mbedtls/ssl.h"
#include "mbedtls/x509_crt.h"

extern mbedtls_x509_crt ward_tls_authorities;
extern mbedtls_ssl_config ward_tls_client;
extern mbedtls_ssl_config ward_tls_server;
extern uint32_t (*ward_tls_uptime)(void);

#endif
