/* The demo's endpoints: what happens once a request is granted. Knows nothing of connections. */
#ifndef APP_API_H
#define APP_API_H

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
    bool has_body;         /**< it came with one, however long: of the claims only the texts are left */
    struct ward_text body;
};

/** Appends a C string, text that is escaped for JSON, a number. */
void api_put(struct api_response *response, const char *string);
void api_put_text(struct api_response *response, struct ward_text text);
void api_put_number(struct api_response *response, uint32_t number);

/** Answers a granted request; the route decides, the path is only asked for the number of a project. */
void api_serve(const struct ward_policy *policy, const struct ward_decision *decision, const struct api_request *request,
               struct api_response *response);

#endif
