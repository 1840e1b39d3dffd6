/* SPDX-License-Identifier: Apache-2.0 */
#include "token/pipeline.h"

#include <string.h>

#include "crypto/wipe.h"
#include "token/claims.h"
#include "token/jws.h"

static struct ward_jws *jws_of(struct ward_workspace *work)
{
    return &work->part.check.jws;
}

/* A step's end: what is refused leaves nothing behind. */
static struct ward_status refuse_or_go_on(struct ward_status status, struct ward_workspace *work)
{
    if (ward_ok(status))
        return status;
    const struct ward_jws *const jws = jws_of(work);
    ward_wipe(jws->token, jws->length);
    ward_wipe(work, sizeof *work);
    return status;
}

struct ward_status ward_token_open(const struct ward_expect *expect, const struct ward_jwks *keys, char *token,
                                   size_t length, struct ward_workspace *work, const struct ward_key **key,
                                   struct ward_text *kid)
{
    struct ward_jws *const jws = jws_of(work);
    struct ward_status status = ward_jws_split(jws, token, length);
    if (ward_ok(status))
        status = ward_jws_read_header(jws, expect, keys, work);
    *key = ward_ok(status) ? jws->key : NULL;
    *kid = jws->kid;
    return status;
}

#if WARD_MAX_BUNDLE > 0
struct ward_status ward_token_open_bundle(const struct ward_expect *expect, const struct ward_jwks *keys, char *bundle,
                                          size_t length, struct ward_workspace *work, const struct ward_key **key)
{
    struct ward_jws *const jws = jws_of(work);
    struct ward_status status = ward_jws_split_within(jws, bundle, length, WARD_MAX_BUNDLE);
    if (ward_ok(status))
        status = ward_jws_read_header(jws, expect, keys, work);
    *key = jws->key;
    return status;
}

struct ward_status ward_token_payload(struct ward_workspace *work, char **payload, size_t *length)
{
    const struct ward_status status = ward_jws_decode_payload(jws_of(work), payload, length);
    if (!ward_ok(status))
        return refuse_or_go_on(status, work);
    ward_wipe(work, sizeof *work);
    return status;
}
#endif

struct ward_status ward_token_hash(struct ward_workspace *work)
{
    return refuse_or_go_on(ward_jws_hash(jws_of(work), work), work);
}

struct ward_status ward_token_identify(struct ward_workspace *work, uint8_t identity[WARD_SHA256_SIZE])
{
    return refuse_or_go_on(ward_jws_identify(jws_of(work), work, identity), work);
}

struct ward_status ward_token_check_signature(struct ward_workspace *work)
{
    return refuse_or_go_on(ward_jws_check_signature(jws_of(work), work), work);
}

struct ward_status ward_token_read(const struct ward_expect *expect, uint64_t now, struct ward_workspace *work,
                                   struct ward_claims *claims)
{
    char *payload = NULL;
    size_t length = 0;
    char *const token = jws_of(work)->token;
    const size_t token_length = jws_of(work)->length;
    struct ward_status status = ward_jws_decode_payload(jws_of(work), &payload, &length);
    /* The table of values takes the place of what the check left. */
    ward_wipe(work, sizeof *work);
    if (ward_ok(status))
        status = ward_claims_read(expect, now, payload, length, work, claims);
    if (!ward_ok(status)) {
        ward_wipe(token, token_length);
        ward_wipe(work, sizeof *work);
    }
    return status;
}
