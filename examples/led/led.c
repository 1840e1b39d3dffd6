/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "led.h"

#include <stdio.h>
#include <time.h>

const struct ward_text led_read = WARD_TEXT("read:led");
const struct ward_text led_write = WARD_TEXT("write:led");

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.theholefoundation.org") };
static const struct ward_route routes[] = {
    [LED_HEALTH] = { WARD_GET | WARD_PUBLIC, WARD_TEXT("/health"), WARD_NO_SCOPES },
    [LED_SHOW] = { WARD_GET, WARD_TEXT("/led"), WARD_TEXT("read:led") },
    [LED_SWITCH] = { WARD_POST, WARD_TEXT("/led"), WARD_TEXT("write:led") },
};
const struct ward_policy led_policy = { .expect = &expect, .routes = routes, .route_count = 3 };

struct ward_gate led_gate;
struct ward_workspace led_work;
static bool lit;

bool led_begin(const struct ward_jwks *keys)
{
    size_t row;
    struct ward_status status = ward_routes_check(led_policy.routes, led_policy.route_count, &row);
    if (ward_ok(status))
        status = ward_gate_begin(&led_gate, &led_policy, keys, NULL, led_time());
    if (!ward_ok(status))
        fprintf(stderr, "%s\n", ward_status_sentence(status));
    return ward_ok(status);
}

struct ward_time led_time(void)
{
    return ward_time_set((uint64_t)time(NULL));
}

uint32_t led_uptime(void)
{
    struct timespec now = { 0, 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

struct ward_caller led_caller(struct ward_peer peer)
{
    const struct ward_caller caller = { peer, led_time(), led_uptime() };
    return caller;
}

size_t led_serve(size_t route, struct ward_text body, char *out, size_t size)
{
    static const struct ward_text on = WARD_TEXT("on");
    if (route == LED_SWITCH)
        lit = ward_text_equal(body, on);
    const int length = route == LED_HEALTH ? snprintf(out, size, "{\"healthy\":true}")
                                           : snprintf(out, size, "{\"led\":%s}", lit ? "true" : "false");
    return (size_t)length;
}
