/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static const struct {
    const char *name;
    uint16_t method;
} methods[] = { { "GET", 1 },    { "HEAD", 2 },    { "POST", 4 },    { "PUT", 8 },
                { "PATCH", 16 }, { "DELETE", 32 }, { "OPTIONS", 64 } };

TEST(each_method_has_its_bit_and_its_name)
{
    uint16_t all = 0;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        CHECK_NUMBER(ward_method_of(text(methods[i].name)), methods[i].method);
        CHECK_TEXT(text(ward_method_name(methods[i].method)), methods[i].name);
        all = (uint16_t)(all | methods[i].method);
    }
    CHECK_NUMBER(all, WARD_ALL_METHODS);
}

TEST(a_name_is_whole_and_case_sensitive)
{
    static const char *const none[] = {
        "", "get", "Get", "GETS", "GE", "GET ", " GET", "TRACE", "CONNECT", "QUERY", "*"
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK_NUMBER(ward_method_of(text(none[i])), 0);
    CHECK_NUMBER(ward_method_of(ward_text_of("GET\0", 4)), 0);
    CHECK_NUMBER(ward_method_of(ward_text_of(NULL, 0)), 0);
}

TEST(only_a_single_bit_has_a_name)
{
    static const uint16_t none[] = { 0, 3, 127, 128, 0x101, UINT16_MAX };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK_TEXT(text(ward_method_name(none[i])), "");
}

SUITE(method, CASE(each_method_has_its_bit_and_its_name), CASE(a_name_is_whole_and_case_sensitive),
      CASE(only_a_single_bit_has_a_name));
