/* SPDX-License-Identifier: Apache-2.0 */
/* Which answer a result has: DESIGN's table, row by row. */
#include "access/answer.h"
#include "check.h"

struct row {
    enum ward_code code;
    uint16_t http;
    enum ward_error error;
};

static struct ward_answer answer_of(uint32_t code)
{
    struct ward_answer answer;
    memset(&answer, 0x5a, sizeof answer);
    ward_answer_set(&answer, (struct ward_status){ code });
    return answer;
}

TEST(each_case_of_the_table_has_its_answer)
{
    static const struct row rows[] = { { WARD_CREDENTIAL_MISSING, 401, WARD_ERROR_UNAUTHORIZED },
                                       { WARD_PATH_INVALID, 400, WARD_ERROR_PATH },
                                       { WARD_TARGET_INVALID, 400, WARD_ERROR_PATH },
                                       { WARD_CREDENTIAL_INVALID, 400, WARD_ERROR_REQUEST },
                                       { WARD_CREDENTIALS_MULTIPLE, 400, WARD_ERROR_REQUEST },
                                       { WARD_SIGNATURE_INVALID, 401, WARD_ERROR_TOKEN },
                                       { WARD_SUBJECT_DENIED, 401, WARD_ERROR_TOKEN },
                                       { WARD_PERMISSIONS_INVALID, 401, WARD_ERROR_TOKEN },
                                       { WARD_TOKEN_EXPIRED, 401, WARD_ERROR_EXPIRED },
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
                                       { WARD_CRYPTO_FAILED, 500, WARD_ERROR_SERVER },
                                       { WARD_PREFLIGHT, 204, WARD_ERROR_NONE },
                                       { WARD_OK, 200, WARD_ERROR_NONE } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct ward_answer answer = answer_of(rows[i].code);
        CHECK_NUMBER(answer.http, rows[i].http);
        CHECK_NUMBER(answer.error, rows[i].error);
    }
}

TEST(all_that_is_wrong_with_a_token_is_an_invalid_token)
{
    static const uint32_t codes[] = { WARD_TOKEN_EMPTY,
                                      WARD_TOKEN_OPAQUE,
                                      WARD_JSON_NOT_OBJECT,
                                      WARD_HEADER_TOO_LONG,
                                      WARD_KID_MISSING,
                                      WARD_SIGNATURE_LENGTH,
                                      WARD_ISSUER_MISSING,
                                      WARD_SENDER_CONSTRAINED,
                                      0x0100,
                                      0x04ff };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        CHECK_NUMBER(answer_of(codes[i]).http, 401);
        CHECK_NUMBER(answer_of(codes[i]).error, WARD_ERROR_TOKEN);
    }
}

TEST(what_has_no_meaning_here_lets_nobody_in)
{
    static const uint32_t codes[] = { WARD_NO_RESULT,     1,      0x00ff, WARD_BUFFER_TOO_SMALL, WARD_SCOPE_EXPRESSION,
                                      WARD_POLICY_EXPECT, 0x05ff, 0x0600, WARD_DENY_LIST_FULL,   UINT32_MAX,
                                      ~(uint32_t)WARD_OK };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        CHECK_NUMBER(answer_of(codes[i]).http, 500);
        CHECK_NUMBER(answer_of(codes[i]).error, WARD_ERROR_SERVER);
    }
}

TEST(the_rest_of_an_answer_stays)
{
    struct ward_answer before = answer_of(WARD_OK);
    struct ward_answer after = before;
    ward_answer_set(&after, ward_status_of(WARD_ROUTE_NOT_FOUND));
    before.http = after.http;
    before.error = after.error;
    CHECK(memcmp(&before, &after, sizeof before) == 0);
}

SUITE(answer, CASE(each_case_of_the_table_has_its_answer), CASE(all_that_is_wrong_with_a_token_is_an_invalid_token),
      CASE(what_has_no_meaning_here_lets_nobody_in), CASE(the_rest_of_an_answer_stays));
