/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <jwt.h>

#include "host.h"

/* Of jansson, on which libjwt builds: the seed of its tables, which is another one in each run otherwise, and with it the count. */
extern void json_object_seed(size_t seed);

static const char *pem;
static size_t pem_length;

static void begin(const struct bench_key *key)
{
    json_object_seed(1);
    pem = host_key_as_pem(key, &pem_length);
}

static bool has_audience(jwt_t *jwt)
{
    char *const audience = jwt_get_grants_json(jwt, "aud");
    const bool has = audience != NULL && strstr(audience, "\"" HOST_AUDIENCE "\"") != NULL;
    free(audience);
    return has;
}

static bool check(char *token, size_t length)
{
    jwt_t *jwt = NULL;
    (void)length;
    if (jwt_decode(&jwt, token, (const unsigned char *)pem, (int)pem_length) != 0)
        return false;
    const char *const issuer = jwt_get_grant(jwt, "iss");
    const bool is_good = jwt_get_alg(jwt) == JWT_ALG_RS256 && jwt_get_grant_int(jwt, "exp") > HOST_NOW &&
                         issuer != NULL && strcmp(issuer, HOST_ISSUER) == 0 && has_audience(jwt);
    jwt_free(jwt);
    return is_good;
}

const struct host_peer host_libjwt = { "libjwt", begin, check };
