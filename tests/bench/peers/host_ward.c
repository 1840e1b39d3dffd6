/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "ward/ward.h"

static const struct ward_expect expect = { .issuers = WARD_TEXTS(HOST_ISSUER), .audiences = WARD_TEXTS(HOST_AUDIENCE) };
static struct ward_jwks keys;
static struct ward_workspace work;

static void begin(const struct bench_key *key)
{
    static struct ward_jwks_reader reader;
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    if (!ward_ok(ward_jwks_feed(&reader, key->set, strlen(key->set), &work)) || !ward_ok(ward_jwks_end(&reader)))
        abort();
}

static bool check(char *token, size_t length)
{
    struct ward_claims claims;
    return ward_ok(ward_verify(&expect, &keys, ward_time_set(HOST_NOW), token, length, &work, &claims));
}

const struct host_peer host_ward = { "ward", begin, check };
