/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c's firmware that also reads a key set: the difference is what reading one costs. Nothing here runs. */
#include "ward/ward.h"

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://t.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.example") };
static struct ward_jwks keys;
static struct ward_jwks_reader reader;
static struct ward_workspace work;
static struct ward_claims claims;
static char token[WARD_MAX_TOKEN];

int main(void);

int main(void)
{
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    if (!ward_ok(ward_jwks_feed(&reader, token, sizeof token, &work)) || !ward_ok(ward_jwks_end(&reader)))
        return 1;
    return ward_ok(ward_verify(&expect, &keys, ward_time_set(1), token, sizeof token, &work, &claims)) ? 0 : 1;
}
