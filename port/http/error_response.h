/* SPDX-License-Identifier: Apache-2.0 */
/* The response to a request that cannot be read. */
#ifndef WARD_PORT_HTTP_ERROR_RESPONSE_H
#define WARD_PORT_HTTP_ERROR_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Writes a whole HTTP/1.1 response, after which the connection is closed; its length, 0 if it does not fit. That to
 * HEAD has no body (RFC 9110, 9.3.2).
 */
size_t ward_http_error_response_write(uint16_t status, bool head, char *out, size_t size);

#endif
