/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "crypto/wipe.h"
#include "token/pipeline.h"

/* All that comes before a token's key is found; until then the token stays as it was. */
static struct ward_status open(struct ward_verification *token, const struct ward_expect *expect,
                               const struct ward_jwks *keys, const struct ward_time *now, char *bytes, size_t length,
                               struct ward_workspace *work)
{
    struct ward_text kid;
    struct ward_status status = ward_expect_check(expect);
    token->work = NULL;
    if (!ward_ok(status))
        return status;
    if (now->trust != WARD_TIME_SET)
        return ward_status_of(WARD_CLOCK_NOT_SET);
    if (keys->count == 0)
        return ward_status_of(WARD_KEYS_ABSENT);
    status = ward_token_open(token, expect, bytes, length, work);
    return ward_ok(status) ? ward_token_find_key(token, keys, &kid) : status;
}

/* The signature's part of the begin. */
static struct ward_status begin(struct ward_verification *token, struct ward_status opened, struct ward_workspace *work)
{
    if (!ward_ok(opened)) {
        ward_wipe(work, sizeof *work);
        return opened;
    }
    const struct ward_status status = ward_token_hash(token);
    return ward_ok(status) ? ward_token_begin_signature(token) : status;
}

static struct ward_status step(struct ward_verification *token, const struct ward_time *now, struct ward_claims *claims)
{
    const struct ward_status status = ward_token_step_signature(token);
    return ward_ok(status) ? ward_token_read(token, now, claims) : status;
}

struct ward_status ward_verify_begin(struct ward_verification *verification, const struct ward_expect *expect,
                                     const struct ward_jwks *keys, struct ward_time now, char *token, size_t length,
                                     struct ward_workspace *work)
{
    const struct ward_status status = open(verification, expect, keys, &now, token, length, work);
    return begin(verification, status, work);
}

struct ward_status ward_verify_step(struct ward_verification *verification, struct ward_time now,
                                    struct ward_claims *claims)
{
    memset(claims, 0, sizeof *claims);
    return step(verification, &now, claims);
}

void ward_verify_abort(struct ward_verification *verification)
{
    ward_token_abort(verification);
}

struct ward_status ward_verify(const struct ward_expect *expect, const struct ward_jwks *keys, struct ward_time now,
                               char *token, size_t length, struct ward_workspace *work, struct ward_claims *claims)
{
    struct ward_verification verification;
    memset(claims, 0, sizeof *claims);
    struct ward_status status = open(&verification, expect, keys, &now, token, length, work);
    status = begin(&verification, status, work);
    while (status.code == WARD_UNFINISHED)
        status = step(&verification, &now, claims);
    return status;
}
