/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a URL that a fetch needs: RFC 3986, the scheme https, and with WARD_FETCH_CLEARTEXT http. */
#ifndef WARD_PORT_HTTP_URL_H
#define WARD_PORT_HTTP_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/port/config.h"
#include "ward/status.h"
#include "ward/text.h"

/** Parts of a URL; they point into it. */
struct ward_http_url {
    struct ward_text host;      /**< a name or an IPv4 address; without the dot that may end a name */
    struct ward_text authority; /**< host, and port if one is written: the value of `Host` */
    struct ward_text target;    /**< path and query; empty stands for `/` */
    uint16_t port;
    bool cleartext; /**< http */
};

/**
 * Takes a URL apart.
 *
 * @retval WARD_OK
 * @retval WARD_FETCH_IPV6  its host is in brackets: an IPv6 address, or one of the future
 * @retval WARD_FETCH_URL   not `https://` (nor `http://`, where that is allowed), no host, a host that ends in a number and is not an IPv4 address of four
 * parts (some take `10.1` or `0x7f.1` for one), a user name, a port that is none, or characters that none has
 */
struct ward_status ward_http_url_parse(struct ward_text text, struct ward_http_url *url);

#endif
