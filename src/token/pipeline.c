/* SPDX-License-Identifier: Apache-2.0 */
#include "token/pipeline.h"

#include <string.h>

#include "crypto/wipe.h"
#include "token/claims.h"
#include "token/jws.h"

static struct ward_jws *jws_of(const struct ward_verification *token)
{
    return &token->work->part.check.jws;
}

/*
 * Whoever gives one workspace to two tokens would be answered about the one with what the other says; also where the second has come
 * into the buffer of the first.
 */
static bool is_under_way(const struct ward_verification *token)
{
    return token->work != NULL && jws_of(token)->token == token->bytes && jws_of(token)->owner == token;
}

/* What is refused or given up leaves nothing behind. */
static struct ward_status refuse_or_go_on(struct ward_status status, struct ward_verification *token)
{
    if (ward_ok(status) || token->work == NULL)
        return status;
    ward_wipe(token->bytes, token->length);
    ward_wipe(token->work, sizeof *token->work);
    token->work = NULL;
    return status;
}

/* Its parts were found, or not. */
static struct ward_status begin(struct ward_verification *token, const struct ward_expect *expect, char *bytes,
                                size_t length, struct ward_workspace *work, struct ward_status status)
{
    memset(token, 0, sizeof *token);
    if (!ward_ok(status))
        return status;
    work->part.check.jws.owner = token;
    token->expect = expect;
    token->work = work;
    token->bytes = bytes;
    token->length = length;
    return status;
}

struct ward_status ward_token_open(struct ward_verification *token, const struct ward_expect *expect, char *bytes,
                                   size_t length, struct ward_workspace *work)
{
    const struct ward_status status = ward_jws_split(&work->part.check.jws, bytes, length);
    return begin(token, expect, bytes, length, work, status);
}

#if WARD_MAX_BUNDLE > 0

struct ward_status ward_token_open_bundle(struct ward_verification *token, const struct ward_expect *expect,
                                          char *bytes, size_t length, struct ward_workspace *work)
{
    const struct ward_status status = ward_jws_split_bundle(&work->part.check.jws, bytes, length);
    return begin(token, expect, bytes, length, work, status);
}

const uint8_t *ward_token_digest(const struct ward_verification *token)
{
    return jws_of(token)->digest;
}

struct ward_status ward_token_payload(struct ward_verification *token, char **payload, size_t *length)
{
    const struct ward_status status = ward_jws_decode_payload(jws_of(token), payload, length);
    if (!ward_ok(status))
        return refuse_or_go_on(status, token);
    ward_wipe(token->work, sizeof *token->work);
    token->work = NULL;
    return status;
}

#endif

struct ward_status ward_token_find_key(struct ward_verification *token, const struct ward_jwks *keys,
                                       struct ward_text *kid)
{
    struct ward_jws *const jws = jws_of(token);
    const struct ward_status status = ward_jws_read_header(jws, token->expect, keys, token->work);
    *kid = jws->kid;
    /* Until its key is found the token stays as it was. */
    if (!ward_ok(status))
        token->work = NULL;
    return status;
}

const struct ward_key *ward_token_key(const struct ward_verification *token)
{
    return jws_of(token)->key;
}

bool ward_token_names_key(const struct ward_verification *token)
{
    return jws_of(token)->kid.length > 0;
}

struct ward_text ward_token_header_text(const struct ward_verification *token)
{
    return ward_text_of(token->bytes, jws_of(token)->header_length);
}

struct ward_text ward_token_signature_text(const struct ward_verification *token)
{
    return ward_jws_signature_text(jws_of(token));
}

uint8_t *ward_token_keep_signature(struct ward_verification *token)
{
    return ward_jws_keep_signature(jws_of(token));
}

struct ward_status ward_token_hash(struct ward_verification *token)
{
    return refuse_or_go_on(ward_jws_hash(jws_of(token), token->work), token);
}

struct ward_status ward_token_identify(struct ward_verification *token, uint8_t identity[WARD_SHA256_SIZE])
{
    const struct ward_status status = ward_jws_identify(jws_of(token), token->work, identity);
    if (!ward_ok(status))
        token->work = NULL;
    return status;
}

struct ward_status ward_token_begin_signature(struct ward_verification *token)
{
    const struct ward_jws *const jws = jws_of(token);
    const struct ward_status status = ward_crypto_verify_begin(jws->key, ward_jws_signature(jws),
                                                               &token->work->part.check.scratch.rsa);
    if (!ward_ok(status))
        return refuse_or_go_on(status, token);
    token->stepped = true;
    return ward_status_of(WARD_UNFINISHED);
}

struct ward_status ward_token_step_signature(struct ward_verification *token)
{
    if (!is_under_way(token))
        return refuse_or_go_on(ward_status_of(WARD_NOT_UNDER_WAY), token);
    const struct ward_jws *const jws = jws_of(token);
    const struct ward_status status = ward_crypto_verify_step(jws->key, jws->digest, ward_jws_signature(jws),
                                                              &token->work->part.check.scratch.rsa);
    if (status.code == WARD_UNFINISHED)
        return status;
    token->stepped = false;
    return refuse_or_go_on(status, token);
}

/* Decodes the payload; the table of its values takes the place of what the check left. */
static struct ward_status decode(struct ward_verification *token, const struct ward_time *now, char **payload,
                                 size_t *length)
{
    /* Whatever it was when the check began. */
    struct ward_status status = ward_status_of(WARD_CLOCK_NOT_SET);
    if (now->trust == WARD_TIME_SET)
        status = ward_jws_decode_payload(jws_of(token), payload, length);
    ward_wipe(token->work, sizeof *token->work);
    return status;
}

static struct ward_status end_with(struct ward_status status, struct ward_verification *token)
{
    status = refuse_or_go_on(status, token);
    token->work = NULL;
    return status;
}

struct ward_status ward_token_read(struct ward_verification *token, const struct ward_time *now,
                                   struct ward_claims *claims)
{
    char *payload;
    size_t length;
    struct ward_status status = decode(token, now, &payload, &length);
    if (ward_ok(status))
        status = ward_claims_read(token->expect, now->seconds, payload, length, token->work, claims);
    return end_with(status, token);
}

/* What was found whole before. */
static struct ward_status read_again(struct ward_verification *token, const struct ward_time *now,
                                     struct ward_claims *claims)
{
    char *payload;
    size_t length;
    struct ward_status status = decode(token, now, &payload, &length);
    if (ward_ok(status))
        status = ward_claims_read_again(token->expect, now->seconds, payload, length, token->work, claims);
    return end_with(status, token);
}

struct ward_status ward_token_read_known(struct ward_verification *token, const struct ward_time *now,
                                         struct ward_claims *claims)
{
    const struct ward_status status = token->whole ? read_again(token, now, claims)
                                                   : ward_token_read(token, now, claims);
    /* Claims are read of JSON that is whole, or not at all. */
    token->whole = ward_ok(status);
    return status;
}

void ward_token_abort(struct ward_verification *token)
{
    if (is_under_way(token) && token->stepped)
        ward_crypto_verify_abort(&token->work->part.check.scratch.rsa);
    (void)refuse_or_go_on(ward_status_of(WARD_NOT_UNDER_WAY), token);
}
