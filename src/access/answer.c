/* SPDX-License-Identifier: Apache-2.0 */
#include "access/answer.h"

/* Results that have an answer of their own. */
static const struct {
    uint16_t code;
    uint16_t http;
    uint8_t error;
} answers[] = { { WARD_CREDENTIAL_MISSING, 401, WARD_ERROR_UNAUTHORIZED },
                { WARD_TARGET_INVALID, 400, WARD_ERROR_PATH },
                { WARD_PATH_INVALID, 400, WARD_ERROR_PATH },
                { WARD_CREDENTIAL_INVALID, 400, WARD_ERROR_REQUEST },
                { WARD_CREDENTIALS_MULTIPLE, 400, WARD_ERROR_REQUEST },
                { WARD_TOKEN_EXPIRED, 401, WARD_ERROR_EXPIRED },
                { WARD_SUBJECT_DENIED, 401, WARD_ERROR_TOKEN },
                { WARD_PERMISSIONS_INVALID, 401, WARD_ERROR_TOKEN },
                { WARD_SCOPE_INSUFFICIENT, 403, WARD_ERROR_SCOPE },
                { WARD_CHANNEL_UNPROTECTED, 403, WARD_ERROR_HTTPS },
                { WARD_ROUTE_NOT_FOUND, 404, WARD_ERROR_NOT_FOUND },
                { WARD_METHOD_NOT_ALLOWED, 405, WARD_ERROR_METHOD },
                { WARD_SIGNATURE_BUDGET_SPENT, 429, WARD_ERROR_RATE },
                { WARD_SUBJECT_BUDGET_SPENT, 429, WARD_ERROR_RATE },
                { WARD_CLOCK_NOT_SET, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_KEYS_ABSENT, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_KEYS_STALE, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_KEY_REFRESH_PENDING, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_POLICY_CHANGED, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_DENIALS_NOT_HELD, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_DENIALS_OF_OTHER, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_RECORD_NEWER, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_RECORD_UNREADABLE, 503, WARD_ERROR_UNAVAILABLE },
                { WARD_CRYPTO_FAILED, 500, WARD_ERROR_SERVER },
                { WARD_PREFLIGHT, 204, WARD_ERROR_NONE } };

/* The groups of enum ward_code in which every result means that the token is bad. */
static bool is_bad_token(uint32_t code)
{
    const uint32_t group = code >> 8;
    return group >= 1u && group <= 4u;
}

void ward_answer_set(struct ward_answer *answer, struct ward_status status)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (answers[i].code == status.code) {
            answer->http = answers[i].http;
            answer->error = answers[i].error;
            return;
        }
    }
    if (ward_ok(status)) {
        answer->http = 200;
        answer->error = WARD_ERROR_NONE;
    } else if (is_bad_token(status.code)) {
        answer->http = 401;
        answer->error = WARD_ERROR_TOKEN;
    } else {
        /* A policy that cannot be used, or a result that has none of these meanings: nobody is let in. */
        answer->http = 500;
        answer->error = WARD_ERROR_SERVER;
    }
}
