/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/request_fields: what each field says, whatever a parser in front of it would have let through. */
#include "check.h"
#include "port/http/request_fields.h"

static struct ward_http_request_fields fields;

static void take(enum ward_http_request_field field, const char *value)
{
    ward_http_request_fields_take(&fields, (uint8_t)field, text(value), false);
}

/* What two fields come to, after a Host where none of them is one; NULL: it is not there. */
static unsigned judge(enum ward_http_request_field field, const char *one, const char *other)
{
    memset(&fields, 0, sizeof fields);
    if (field != WARD_HTTP_REQUEST_FIELD_HOST)
        take(WARD_HTTP_REQUEST_FIELD_HOST, "device");
    take(field, one);
    if (other != NULL)
        take(field, other);
    return ward_http_request_fields_judge(&fields, 1);
}

TEST(a_host_is_there_once_and_valid)
{
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_HOST, "device:443", NULL), 0);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_HOST, " \tdevice\t ", NULL), 0);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_HOST, "device", "device"), 400);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_HOST, "a b", NULL), 400);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_HOST, "a b", "device"), 400);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_HOST, "", NULL), 400);
    memset(&fields, 0, sizeof fields);
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 1), 400);
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 0), 0);
    take(WARD_HTTP_REQUEST_FIELD_HOST, "device");
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 0), 0);
    take(WARD_HTTP_REQUEST_FIELD_HOST, "device");
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 0), 400);
}

TEST(a_length_is_there_once_and_digits)
{
    static const char *const bad[] = {
        "", " ", "+1", "-1", "1,1", "1 1", "0x1", "1.", "a", "1a", "/", ":", "1:", "1/"
    };
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_LENGTH, "0", NULL), 0);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_LENGTH, " 0123456789\t", NULL), 0);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_LENGTH, "1", "1"), 400);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_LENGTH, bad[i], NULL), 400);
        CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_LENGTH, bad[i], "1"), 400);
    }
}

TEST(a_coding_is_chunked_once)
{
    static const char *const bad[] = {
        "", "\t", ",", "chunked,", ",chunked", "chunked,,gzip", "gzip,,chunked", "chunked , chunked"
    };
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "chunked", NULL), 0);
    CHECK(fields.chunked);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "\tCHUNKED ", NULL), 0);
    CHECK(fields.chunked);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "gzip", NULL), 501);
    CHECK(!fields.chunked);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "gzip \t, \tchunked", NULL), 501);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "gzip", "chunked"), 501);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "chunked", "chunked"), 400);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "chunked", "gzip"), 400);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, bad[i], NULL), 400);
}

TEST(a_coding_is_not_beside_a_length_and_not_in_http_1_0)
{
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "chunked", NULL), 0);
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 0), 400);
    take(WARD_HTTP_REQUEST_FIELD_LENGTH, "0");
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 1), 400);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_CODING, "gzip", NULL), 501);
    take(WARD_HTTP_REQUEST_FIELD_LENGTH, "0");
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 1), 400);
}

TEST(only_100_continue_is_met)
{
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, "100-continue", "100-CONTINUE"), 0);
    CHECK(fields.continues);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, "", NULL), 0);
    CHECK(!fields.continues);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, ", ,100-continue,", NULL), 0);
    CHECK(fields.continues);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, "100-continue", "x"), 417);
    CHECK_NUMBER(ward_http_request_fields_judge(&fields, 0), 0);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, "x", "100-continue"), 417);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, "100-continue, x", NULL), 417);
    CHECK_NUMBER(judge(WARD_HTTP_REQUEST_FIELD_EXPECT, "100", NULL), 417);
}

TEST(a_value_that_is_too_long_is_not_right)
{
    static const unsigned statuses[] = { [WARD_HTTP_REQUEST_FIELD_HOST] = 400,
                                         [WARD_HTTP_REQUEST_FIELD_LENGTH] = 400,
                                         [WARD_HTTP_REQUEST_FIELD_CODING] = 400,
                                         [WARD_HTTP_REQUEST_FIELD_EXPECT] = 417 };
    static const char *const values[] = { [WARD_HTTP_REQUEST_FIELD_HOST] = "device",
                                          [WARD_HTTP_REQUEST_FIELD_LENGTH] = "1",
                                          [WARD_HTTP_REQUEST_FIELD_CODING] = "chunked",
                                          [WARD_HTTP_REQUEST_FIELD_EXPECT] = "100-continue" };
    for (uint8_t field = 0; field < sizeof statuses / sizeof statuses[0]; field++) {
        memset(&fields, 0, sizeof fields);
        if (field != WARD_HTTP_REQUEST_FIELD_HOST)
            take(WARD_HTTP_REQUEST_FIELD_HOST, "device");
        ward_http_request_fields_take(&fields, field, text(values[field]), true);
        CHECK_NUMBER(ward_http_request_fields_judge(&fields, 1), statuses[field]);
    }
}

SUITE(request_fields, CASE(a_host_is_there_once_and_valid), CASE(a_length_is_there_once_and_digits),
      CASE(a_coding_is_chunked_once), CASE(a_coding_is_not_beside_a_length_and_not_in_http_1_0),
      CASE(only_100_continue_is_met), CASE(a_value_that_is_too_long_is_not_right));
