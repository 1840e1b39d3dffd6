/* SPDX-License-Identifier: Apache-2.0 */
/* The glue: what ward asks of a request, and how its answer is sent. */
#include "guard.h"

#include <string.h>
#include <time.h>

#include "esp_log.h"
#include "esp_timer.h"
#include "lwip/sockets.h"

#include "ward/port/sockaddr.h"

static struct ward_gate gate;
static struct ward_workspace work;
static char authorization[WARD_MAX_TOKEN + 16];
static char answer[WARD_ANSWER_SIZE];
static volatile bool clock_is_set;
static esp_err_t (*serve_granted)(httpd_req_t *request, const struct ward_decision *decision);

void guard_clock_is_set(void)
{
    clock_is_set = true;
}

static struct ward_time now(void)
{
    const struct ward_time unknown = { 0 };
    return clock_is_set ? ward_time_set((uint64_t)time(NULL)) : unknown;
}

static struct ward_peer peer_of(httpd_req_t *r)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    const bool known = getpeername(httpd_req_to_sockfd(r), (struct sockaddr *)&address, &length) == 0;
    return ward_peer_of_sockaddr(known ? &address : NULL);
}

static esp_err_t refuse(httpd_req_t *r, const struct ward_answer *why)
{
    size_t length;
    if (!ward_ok(ward_answer_http(why, answer, sizeof answer, &length)))
        return ESP_FAIL;
    return httpd_send(r, answer, length) == (int)length ? ESP_OK : ESP_FAIL;
}

/* Once a request, when its headers have come: ward consumes the token. */
static esp_err_t ask(httpd_req_t *r)
{
    const char *const method = http_method_str((enum http_method)r->method);
    struct ward_request request = { .method = ward_method_of(ward_text_of(method, strlen(method))),
                                    .target = ward_text_of(r->uri, strlen(r->uri)),
                                    .protected_channel = true, /* this server speaks TLS alone */
                                    .peer = peer_of(r),
                                    .now = now(),
                                    .uptime = (uint32_t)(esp_timer_get_time() / 1000) };
    const size_t length = httpd_req_get_hdr_value_len(r, "Authorization");
    if (length > 0) {
        /* One that does not fit stays cut, which no token survives. */
        (void)httpd_req_get_hdr_value_str(r, "Authorization", authorization, sizeof authorization);
        request.authorization = authorization;
        request.authorization_length = strnlen(authorization, sizeof authorization);
        request.authorization_count = WARD_COUNT_UNKNOWN; /* the server shows the first alone */
    }
    struct ward_decision decision;
    if (!ward_ok(ward_gate_check(&gate, &request, &work, &decision)))
        return refuse(r, &decision.answer);
    return serve_granted(r, &decision);
}

esp_err_t guard_begin(httpd_handle_t server, const struct ward_policy *policy, const struct ward_jwks *keys,
                      esp_err_t (*serve)(httpd_req_t *request, const struct ward_decision *decision))
{
    static const httpd_method_t methods[] = { HTTP_GET,   HTTP_HEAD,   HTTP_POST,   HTTP_PUT,
                                              HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS };
    size_t row;
    struct ward_status status = ward_routes_check(policy->routes, policy->route_count, &row);
    if (ward_ok(status))
        status = ward_gate_begin(&gate, policy, keys, NULL, now());
    if (!ward_ok(status)) {
        ESP_LOGE("ward", "%s", ward_status_sentence(status));
        return ESP_FAIL;
    }
    serve_granted = serve;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        const httpd_uri_t all = { .uri = "/*", .method = methods[i], .handler = ask };
        const esp_err_t result = httpd_register_uri_handler(server, &all);
        if (result != ESP_OK)
            return result;
    }
    return ESP_OK;
}
