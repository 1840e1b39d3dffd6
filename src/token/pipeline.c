/* SPDX-License-Identifier: Apache-2.0 */
#include "token/pipeline.h"

#include "crypto/wipe.h"
#include "token/claims.h"
#include "token/jws.h"

static struct ward_jws *jws_of(const struct ward_verification *token)
{
    return &token->work->part.check.jws;
}

/* Whoever gives one workspace to two tokens would be answered about the one with what the other says. */
static bool is_under_way(const struct ward_verification *token)
{
    return token->work != NULL && jws_of(token)->token == token->bytes;
}

/* What is refused or given up leaves nothing behind. */
static struct ward_status refuse_or_go_on(struct ward_status status, struct ward_verification *token)
{
    if (ward_ok(status) || status.code == WARD_UNFINISHED || token->work == NULL)
        return status;
    ward_wipe(token->bytes, token->length);
    ward_wipe(token->work, sizeof *token->work);
    token->work = NULL;
    return status;
}

struct ward_status ward_token_open(struct ward_verification *token, const struct ward_expect *expect,
                                   const struct ward_jwks *keys, char *bytes, size_t length,
                                   struct ward_workspace *work, struct ward_text *kid)
{
    struct ward_jws *const jws = &work->part.check.jws;
    struct ward_status status = ward_jws_split(jws, bytes, length);
    token->work = NULL;
    if (ward_ok(status))
        status = ward_jws_read_header(jws, expect, keys, work);
    *kid = jws->kid;
    if (!ward_ok(status))
        return status;
    token->expect = expect;
    token->work = work;
    token->bytes = bytes;
    token->length = length;
    return status;
}

const struct ward_key *ward_token_key(const struct ward_verification *token)
{
    return jws_of(token)->key;
}

struct ward_status ward_token_hash(struct ward_verification *token)
{
    return refuse_or_go_on(ward_jws_hash(jws_of(token), token->work), token);
}

struct ward_status ward_token_identify(struct ward_verification *token, uint8_t identity[WARD_SHA256_SIZE])
{
    return refuse_or_go_on(ward_jws_identify(jws_of(token), token->work, identity), token);
}

struct ward_status ward_token_begin_signature(struct ward_verification *token)
{
    const struct ward_jws *const jws = jws_of(token);
    struct ward_status status = ward_crypto_verify_begin(jws->key, ward_jws_signature(jws),
                                                         &token->work->part.check.scratch.rsa);
    token->stepped = ward_ok(status);
    if (token->stepped)
        status = ward_status_of(WARD_UNFINISHED);
    return refuse_or_go_on(status, token);
}

struct ward_status ward_token_step_signature(struct ward_verification *token)
{
    struct ward_status status = ward_status_of(WARD_NOT_UNDER_WAY);
    if (is_under_way(token)) {
        const struct ward_jws *const jws = jws_of(token);
        status = ward_crypto_verify_step(jws->key, jws->digest, ward_jws_signature(jws),
                                         &token->work->part.check.scratch.rsa);
    }
    token->stepped = status.code == WARD_UNFINISHED;
    return refuse_or_go_on(status, token);
}

struct ward_status ward_token_read(struct ward_verification *token, const struct ward_time *now,
                                   struct ward_claims *claims)
{
    char *payload = NULL;
    size_t length = 0;
    /* Whatever it was when the check began. */
    struct ward_status status = ward_status_of(WARD_CLOCK_NOT_SET);
    if (now->trust == WARD_TIME_SET)
        status = ward_jws_decode_payload(jws_of(token), &payload, &length);
    /* The table of values takes the place of what the check left. */
    ward_wipe(token->work, sizeof *token->work);
    if (ward_ok(status))
        status = ward_claims_read(token->expect, now->seconds, payload, length, token->work, claims);
    status = refuse_or_go_on(status, token);
    token->work = NULL;
    return status;
}

void ward_token_abort(struct ward_verification *token)
{
    if (token->stepped && is_under_way(token))
        ward_crypto_verify_abort(&token->work->part.check.scratch.rsa);
    (void)refuse_or_go_on(ward_status_of(WARD_NOT_UNDER_WAY), token);
}
