/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest firmware that verifies a token: what `make size` weighs. Nothing here runs. */
#include "ward/ward.h"

/* One key, in flash. Its numbers are of no use, only as large as real ones. */
static const struct ward_jwks keys = {
    .count = 1, .key = { { .bits = 2048, .kid_length = 3, .kid = "one", .n = { 1 }, .prepared = { 1 } } }
};
static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://t.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.example") };
static struct ward_workspace work;
static struct ward_claims claims;
static char token[WARD_MAX_TOKEN];

int main(void);

int main(void)
{
    return ward_ok(ward_verify(&expect, &keys, ward_time_set(1), token, sizeof token, &work, &claims)) ? 0 : 1;
}
