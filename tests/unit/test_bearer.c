/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/b64token.h"
#include "guard.h"
#include "http/bearer.h"

static struct ward_request request;
static char *token;
static size_t length;

static struct ward_status read_bytes(const char *value, size_t bytes, uint8_t count)
{
    request.authorization = value != NULL ? guard_copy(value, bytes) : NULL;
    request.authorization_length = bytes;
    request.authorization_count = count;
    token = NULL;
    length = 0;
    const struct ward_status status = ward_bearer_token(&request, &token, &length);
    if (!ward_ok(status) || ward_is_b64token(token, length))
        return status;
    /* The gate asks for the characters of what it does not know. */
    token = NULL;
    return ward_status_of(WARD_CREDENTIAL_INVALID);
}

static struct ward_status read_value(const char *value)
{
    return read_bytes(value, strlen(value), 1);
}

#define CHECK_EACH(values, expected)                                                                                   \
    for (size_t i = 0; i < sizeof(values) / sizeof(values)[0]; i++)                                                    \
    check_value(__LINE__, (values)[i], (expected))

static void check_value(int line, const char *value, enum ward_code expected)
{
    const struct ward_status status = read_value(value);
    if (status.code != (uint32_t)expected)
        check_failed(__FILE__, line, value, ward_status_name(status), ward_status_name(ward_status_of(expected)));
    CHECK((token != NULL) == (expected == WARD_OK));
}

TEST(the_token_is_what_follows_the_scheme)
{
    CHECK_STATUS(read_value("Bearer aB0-._~+/=="), WARD_OK);
    CHECK_TEXT(ward_text_of(token, length), "aB0-._~+/==");
    CHECK(token == request.authorization + 7);
    CHECK_STATUS(read_value("Bearer    x"), WARD_OK);
    CHECK_TEXT(ward_text_of(token, length), "x");
}

TEST(the_scheme_has_no_case)
{
    static const char *const values[] = { "bearer x", "BEARER x", "bEaReR x" };
    CHECK_EACH(values, WARD_OK);
}

TEST(another_scheme_or_none_is_no_credential)
{
    static const char *const values[] = { "",
                                          " ",
                                          "Basic eA==",
                                          "Basic",
                                          "Bearerx y",
                                          "Beare x",
                                          "Bearers x",
                                          "x",
                                          "Digest a=b, c=d",
                                          " Bearer x",
                                          "\tBearer x",
                                          ",Bearer x",
                                          "Bearer=x",
                                          "Bearer:x",
                                          "DPoP x",
                                          "Basic eA==, Bearer x",
                                          "\"Bearer\" x" };
    CHECK_EACH(values, WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(read_bytes("Be\0rer x", 8, 1), WARD_CREDENTIAL_MISSING);
}

TEST(bearer_without_one_whole_token_is_malformed)
{
    static const char *const values[] = {
        "Bearer",       "Bearer ",         "bearer  ",    "Bearer\t",           "Bearer\tx",
        "Bearer \tx",   "Bearer,x",        "Bearer ,",    "Bearer x ",          "Bearer x\t",
        "Bearer x y",   "Bearer x\ty",     "Bearer x,y",  "Bearer x, Bearer y", "Bearer x,",
        "Bearer \"x\"", "Bearer x\r\n y",  "Bearer x\n",  "Bearer x;y",         "Bearer x:y",
        "Bearer x\\",   "Bearer \xc3\xa4", "Bearer x%41", "Bearer Bearer x",    "Bearer realm=\"x\""
    };
    CHECK_EACH(values, WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(read_bytes("Bearer x\0", 9, 1), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(read_bytes("Bearer \0x", 9, 1), WARD_CREDENTIAL_INVALID);
}

TEST(every_byte_is_judged_as_rfc_6750_says)
{
    static const char taken[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
    for (unsigned byte = 0; byte < 256; byte++) {
        const char value[] = { 'B', 'e', 'a', 'r', 'e', 'r', ' ', 'x', (char)byte };
        const bool good = memchr(taken, (int)byte, sizeof taken - 1) != NULL;
        CHECK_STATUS(read_bytes(value, sizeof value, 1), good ? WARD_OK : WARD_CREDENTIAL_INVALID);
    }
}

TEST(there_is_one_header_or_no_credential)
{
    CHECK_STATUS(read_bytes("Bearer x", 8, 1), WARD_OK);
    CHECK_STATUS(read_bytes("Bearer x", 8, WARD_COUNT_UNKNOWN), WARD_OK);
    CHECK_STATUS(read_bytes("Bearer x", 8, 0), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(read_bytes("Bearer x", 8, 2), WARD_CREDENTIALS_MULTIPLE);
    CHECK_STATUS(read_bytes("Bearer x", 8, 254), WARD_CREDENTIALS_MULTIPLE);
    CHECK_STATUS(read_bytes("Basic x", 7, 2), WARD_CREDENTIALS_MULTIPLE);
    CHECK_STATUS(read_bytes(NULL, 0, 2), WARD_CREDENTIALS_MULTIPLE);
    CHECK_STATUS(read_bytes(NULL, 0, 1), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(read_bytes(NULL, 0, 0), WARD_CREDENTIAL_MISSING);
    CHECK_STATUS(read_bytes(NULL, 0, WARD_COUNT_UNKNOWN), WARD_CREDENTIAL_MISSING);
}

TEST(a_value_is_read_up_to_its_length)
{
    CHECK_STATUS(read_bytes("Bearer xyz\"", 10, 1), WARD_OK);
    CHECK_NUMBER(length, 3);
    CHECK_STATUS(read_bytes("Bearer xyz", 7, 1), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(read_bytes("Bearer xyz", 6, 1), WARD_CREDENTIAL_INVALID);
    CHECK_STATUS(read_bytes("Bearer xyz", 5, 1), WARD_CREDENTIAL_MISSING);
}

SUITE(bearer, CASE(the_token_is_what_follows_the_scheme), CASE(the_scheme_has_no_case),
      CASE(another_scheme_or_none_is_no_credential), CASE(bearer_without_one_whole_token_is_malformed),
      CASE(every_byte_is_judged_as_rfc_6750_says), CASE(there_is_one_header_or_no_credential),
      CASE(a_value_is_read_up_to_its_length));
