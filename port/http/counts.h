/* SPDX-License-Identifier: Apache-2.0 */
/* What a server of port/http counts. */
#ifndef WARD_PORT_HTTP_COUNTS_H
#define WARD_PORT_HTTP_COUNTS_H

#include <stdint.h>

#include "ward/port/accept_queue.h"

/** What has happened, for an operator. */
struct ward_http_counts {
    struct ward_accept_counts queue;
    uint32_t evicted;   /**< gave way to another */
    uint32_t reclaimed; /**< gave the fetch its memory back */
    uint32_t timed_out;
    uint32_t handshakes; /**< that came to their end */
    uint32_t failed;     /**< that did not */
    uint32_t requests;   /**< served by the application */
    uint32_t refused;    /**< 400, 408, 413, 414, 417, 431, 501, 505 */
    uint8_t slots;       /**< in use now */
    uint8_t most_slots;  /**< at the same time */
    uint8_t waiting;     /**< for a slot now, with the start of TLS sent */
};

#endif
