/* SPDX-License-Identifier: Apache-2.0 */
/* ward before esp_http_server's handlers. */
#ifndef GUARD_H
#define GUARD_H

#include "esp_http_server.h"
#include "ward/ward.h"

/** Rows of the routes in main.c. */
enum { LED_SHOW, LED_SWITCH };

/** Calls `serve` for each request of this server that ward grants, and answers all others. One server: its task alone asks. */
esp_err_t guard_begin(httpd_handle_t server, const struct ward_policy *policy, const struct ward_jwks *keys,
                      esp_err_t (*serve)(httpd_req_t *request, const struct ward_decision *decision));

/** The clock was set: from then on tokens are granted. */
void guard_clock_is_set(void);

#endif
