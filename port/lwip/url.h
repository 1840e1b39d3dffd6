/* The parts of a URL that a fetch needs: RFC 3986, the scheme https only. */
#ifndef WARD_PORT_LWIP_URL_H
#define WARD_PORT_LWIP_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/text.h"

/** Parts of a URL; they point into it. */
struct url {
    struct ward_text host;      /**< a name or an IPv4 address */
    struct ward_text authority; /**< host, and port if one is written: the value of `Host` */
    struct ward_text target;    /**< path and query; empty stands for `/` */
    uint16_t port;
};

/** Takes a URL apart. False: not `https://`, no host, a user name, an IPv6 address, a port that is none, or characters that none has. */
bool url_parse(struct ward_text text, struct url *url);

#endif
