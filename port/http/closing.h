/* SPDX-License-Identifier: Apache-2.0 */
/* `Connection: close` (RFC 9112, 9.6): a server tells that an answer is the last of its connection. */
#ifndef WARD_PORT_HTTP_CLOSING_H
#define WARD_PORT_HTTP_CLOSING_H

#include <stddef.h>

/**
 * Puts the field into a response, after its status line.
 *
 * @param response  `length` bytes of it in memory of `size`
 *
 * @return its new length; the old one where there is no room or no status line: the response is as it was
 */
size_t ward_http_closing_tell(char *response, size_t length, size_t size);

#endif
