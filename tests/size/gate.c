/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest firmware around a gate: what `make size` weighs for README's second example. Nothing here runs. */
#include "ward/ward.h"

static const struct ward_jwks keys = {
    .count = 1, .key = { { .bits = 2048, .kid_length = 3, .kid = "one", .n = { 1 }, .prepared = { 1 } } }
};
static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://t.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.example") };
static const struct ward_route routes[] = { { WARD_GET, WARD_TEXT("/led"), WARD_TEXT("read:led") },
                                            { WARD_POST, WARD_TEXT("/led"), WARD_TEXT("write:led") } };
static const struct ward_policy policy = { .expect = &expect, .routes = routes, .route_count = 2 };
static struct ward_gate gate;
static struct ward_workspace work;
static char token[WARD_MAX_TOKEN];
static char answer[1024];

int main(void);

int main(void)
{
    const struct ward_request request = { .method = WARD_GET,
                                          .target = WARD_TEXT("/led"),
                                          .authorization = token,
                                          .authorization_length = sizeof token,
                                          .authorization_count = 1,
                                          .now = ward_time_set(1) };
    struct ward_decision decision;
    size_t length;
    size_t row;
    struct ward_status status = ward_routes_check(routes, 2, &row);
    if (ward_ok(status))
        status = ward_gate_begin(&gate, &policy, &keys, NULL, ward_time_set(1));
    if (ward_ok(status))
        status = ward_gate_check(&gate, &request, &work, &decision);
#ifdef SIZE_SENTENCES
    token[0] = ward_status_sentence(status)[0];
#endif
    if (ward_ok(status))
        return 0;
    return ward_ok(ward_answer_http(&decision.answer, answer, sizeof answer, &length)) ? 1 : 2;
}
