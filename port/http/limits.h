/* SPDX-License-Identifier: Apache-2.0 */
/* The link check of port/http. A request's parser and a server's slots have the sizes of limits (ward/port/config.h) that
 * application and port must share. What begins one refers to a symbol that is named after the limits of the file that
 * makes the call, and the port has the one that is named after its own: with others the application does not link, and
 * the linker's message shows both.
 */
#ifndef WARD_PORT_HTTP_LIMITS_H
#define WARD_PORT_HTTP_LIMITS_H

#include "ward/port/config.h"

#define WARD_HTTP_PASTE_LIMITS(token, target, authorization, body, slots)                                              \
    ward_http_limits_token##token##_target##target##_authorization##authorization##_body##body##_slots##slots
#define WARD_HTTP_EXPAND_LIMITS(token, target, authorization, body, slots)                                             \
    WARD_HTTP_PASTE_LIMITS(token, target, authorization, body, slots)

/** The symbol. */
#define WARD_HTTP_LIMITS                                                                                               \
    WARD_HTTP_EXPAND_LIMITS(WARD_MAX_TOKEN, WARD_MAX_TARGET, WARD_HTTP_AUTHORIZATION_LIMIT, WARD_MAX_BODY,             \
                            WARD_SERVER_SLOTS)
extern const unsigned char WARD_HTTP_LIMITS;

#endif
