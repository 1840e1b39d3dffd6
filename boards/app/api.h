/* SPDX-License-Identifier: Apache-2.0 */
/* The demo's endpoints: what happens once a request is granted. Knows nothing of connections. */
#ifndef APP_API_H
#define APP_API_H

#include "api_exchange.h"

/** The metadata of RFC 9728 and where clients find it: written at build time from routes and configuration, never from a
    request. */
extern const struct ward_text app_metadata;
extern const struct ward_text app_metadata_url;

/** Answers a granted request; the route decides, the path is only asked for the number of a project. */
void api_serve(const struct ward_policy *policy, const struct ward_decision *decision,
               const struct api_request *request, struct api_response *response);

#endif
