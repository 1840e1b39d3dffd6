/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "crypto/wipe.h"
#include "token/pipeline.h"

static struct ward_status open(const struct ward_expect *expect, const struct ward_jwks *keys, struct ward_time now,
                               char *token, size_t length, struct ward_workspace *work)
{
    const struct ward_key *key;
    struct ward_text kid;
    const struct ward_status status = ward_expect_check(expect);
    if (!ward_ok(status))
        return status;
    if (now.trust != WARD_TIME_SET)
        return ward_status_of(WARD_CLOCK_NOT_SET);
    if (keys->count == 0)
        return ward_status_of(WARD_KEYS_ABSENT);
    return ward_token_open(expect, keys, token, length, work, &key, &kid);
}

struct ward_status ward_verify(const struct ward_expect *expect, const struct ward_jwks *keys, struct ward_time now,
                               char *token, size_t length, struct ward_workspace *work, struct ward_claims *claims)
{
    memset(claims, 0, sizeof *claims);
    struct ward_status status = open(expect, keys, now, token, length, work);
    /* Until its key is found the token stays as it was. */
    if (!ward_ok(status)) {
        ward_wipe(work, sizeof *work);
        return status;
    }
    status = ward_token_hash(work);
    if (ward_ok(status))
        status = ward_token_check_signature(work);
    if (ward_ok(status))
        status = ward_token_read(expect, now.seconds, work, claims);
    return status;
}
