#include <string.h>

#include "crypto/wipe.h"
#include "token/claims.h"
#include "token/jws.h"

/* Once the key is found: the signature, and only then the payload. */
static struct ward_status verify_signed(const struct ward_jws *jws, const struct ward_expect *expect,
                                        struct ward_time now, struct ward_workspace *work, struct ward_claims *claims)
{
    char *payload = NULL;
    size_t length = 0;
    struct ward_status status = ward_jws_hash(jws, work);
    if (ward_ok(status))
        status = ward_jws_end_hash(work);
    if (ward_ok(status))
        status = ward_jws_check_signature(jws, work);
    ward_wipe(work, sizeof *work);
    if (ward_ok(status))
        status = ward_jws_decode_payload(jws, &payload, &length);
    if (ward_ok(status))
        status = ward_claims_read(expect, now.seconds, payload, length, work, claims);
    return status;
}

static struct ward_status find_key(struct ward_jws *jws, const struct ward_expect *expect,
                                   const struct ward_jwks *keys, struct ward_time now, char *token, size_t length,
                                   struct ward_workspace *work)
{
    struct ward_status status = ward_expect_check(expect);
    if (!ward_ok(status))
        return status;
    if (now.trust != WARD_TIME_SET)
        return ward_status_of(WARD_CLOCK_NOT_SET);
    if (keys->count == 0)
        return ward_status_of(WARD_KEYS_ABSENT);
    status = ward_jws_cut(jws, token, length);
    if (ward_ok(status))
        status = ward_jws_read_header(jws, expect, keys, work);
    return status;
}

struct ward_status ward_verify(const struct ward_expect *expect, const struct ward_jwks *keys, struct ward_time now,
                               char *token, size_t length, struct ward_workspace *work, struct ward_claims *claims)
{
    struct ward_jws jws;
    memset(claims, 0, sizeof *claims);
    struct ward_status status = find_key(&jws, expect, keys, now, token, length, work);
    if (ward_ok(status)) {
        status = verify_signed(&jws, expect, now, work, claims);
        if (!ward_ok(status))
            ward_wipe(token, length);
    }
    if (!ward_ok(status))
        ward_wipe(work, sizeof *work);
    return status;
}
