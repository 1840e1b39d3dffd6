/* SPDX-License-Identifier: Apache-2.0 */
/* A granted request as the endpoints see it, and the response that they build. */
#ifndef APP_API_EXCHANGE_H
#define APP_API_EXCHANGE_H

#include "ward/http.h"

/** A response being built: status, and a body of JSON in memory of the caller's. */
struct api_response {
    uint16_t http;
    char *body;
    size_t size;
    size_t length;
    bool full;
};

/** What a granted request is, besides what the decision says. */
struct api_request {
    uint16_t method;
    struct ward_text path;
    bool has_body; /**< it came with one, however long: of the claims only the texts are left */
    struct ward_text body;
};

/** Appends a C string, text that is JSON, text that is escaped for JSON, a number. */
void api_put(struct api_response *response, const char *string);
void api_put_json(struct api_response *response, struct ward_text json);
void api_put_text(struct api_response *response, struct ward_text text);
void api_put_number(struct api_response *response, uint32_t number);

#endif
