/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/fields: what ward takes from the header fields of a request. */
#include "check.h"
#include "guard.h"

static struct ward_request request;

static char *field(const char *name, const char *value)
{
    char *const bytes = guard_copy(value, strlen(value));
    ward_request_field(&request, text(name), bytes, strlen(value));
    return bytes;
}

static void begin(void)
{
    memset(&request, 0, sizeof request);
}

TEST(fields_that_ward_does_not_ask_for_change_nothing)
{
    static const char *const names[] = { "",
                                         "Host",
                                         "Authorizatio",
                                         "Authorization ",
                                         "Authorizations",
                                         "Proxy-Authorization",
                                         "Origins",
                                         "X-Origin",
                                         "Access-Control-Request-Headers" };
    begin();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)field(names[i], "GET");
    CHECK_ZERO(request);
}

TEST(a_credential_is_taken_where_it_lies)
{
    begin();
    const char *const value = field("aUTHORIZATION", "Bearer x");
    CHECK(request.authorization == value);
    CHECK_NUMBER(request.authorization_length, 8);
    CHECK_NUMBER(request.authorization_count, 1);
    CHECK(memcmp(value, "Bearer x", 8) == 0);
}

TEST(of_several_credentials_the_first_is_kept_and_the_others_are_wiped)
{
    begin();
    const char *const first = field("authorization", "Bearer x");
    const char *const second = field("Authorization", "Bearer yz");
    CHECK(request.authorization == first);
    CHECK_NUMBER(request.authorization_length, 8);
    CHECK_NUMBER(request.authorization_count, 2);
    CHECK(memcmp(first, "Bearer x", 8) == 0);
    CHECK(memcmp(second, "\0\0\0\0\0\0\0\0\0", 9) == 0);
    (void)field("Authorization", "");
    CHECK_NUMBER(request.authorization_count, 3);
}

TEST(as_many_credentials_as_there_may_be_are_never_one_or_unknown)
{
    begin();
    for (unsigned i = 1; i <= 600; i++) {
        (void)field("Authorization", "x");
        CHECK_NUMBER(request.authorization_count, i < WARD_COUNT_UNKNOWN - 1 ? i : WARD_COUNT_UNKNOWN - 1);
    }
}

TEST(an_empty_credential_counts)
{
    begin();
    (void)field("Authorization", "");
    (void)field("Authorization", "Bearer x");
    CHECK_NUMBER(request.authorization_count, 2);
    CHECK_NUMBER(request.authorization_length, 0);
}

TEST(one_origin_counts_and_of_several_none)
{
    begin();
    (void)field("Origin", "https://a.example");
    CHECK_TEXT(request.origin, "https://a.example");
    for (unsigned i = 0; i < 2; i++) {
        (void)field("origin", "https://b.example");
        CHECK_NUMBER(request.origin.length, 0);
    }
    begin();
    (void)field("origin", "");
    (void)field("origin", "https://b.example");
    CHECK_NUMBER(request.origin.length, 0);
}

TEST(the_method_that_a_preflight_asks_for_is_one_of_ward)
{
    begin();
    (void)field("Access-Control-Request-Method", "TRACE");
    CHECK_NUMBER(request.requested_method, 0);
    (void)field("access-control-request-method", "PUT");
    CHECK_NUMBER(request.requested_method, WARD_PUT);
    (void)field("access-control-request-method", "put");
    CHECK_NUMBER(request.requested_method, WARD_PUT);
    (void)field("access-control-request-method", "GET");
    CHECK_NUMBER(request.requested_method, WARD_GET);
}

SUITE(fields, CASE(fields_that_ward_does_not_ask_for_change_nothing), CASE(a_credential_is_taken_where_it_lies),
      CASE(of_several_credentials_the_first_is_kept_and_the_others_are_wiped),
      CASE(as_many_credentials_as_there_may_be_are_never_one_or_unknown), CASE(an_empty_credential_counts),
      CASE(one_origin_counts_and_of_several_none), CASE(the_method_that_a_preflight_asks_for_is_one_of_ward));
