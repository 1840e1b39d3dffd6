#include "check.h"

static const struct {
    uint16_t method;
    const char *name;
} known[] = { { 1, "GET" }, { 2, "HEAD" }, { 4, "POST" }, { 8, "PUT" }, { 16, "PATCH" }, { 32, "DELETE" }, { 64, "OPTIONS" } };

TEST(every_method_has_its_bit_and_its_name)
{
    unsigned all = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK_NUMBER(ward_method_of(text(known[i].name)), known[i].method);
        CHECK_TEXT(text(ward_method_name(known[i].method)), known[i].name);
        all += known[i].method;
    }
    CHECK_NUMBER(all, WARD_ALL_METHODS);
}

TEST(no_other_name_is_a_method)
{
    static const char *const others[] = { "", "get", "GETS", "GE", "G", "TRACE", "CONNECT", "Options" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK_NUMBER(ward_method_of(text(others[i])), 0);
    CHECK_NUMBER(ward_method_of(ward_text_of("GET\0", 4)), 0);
}

TEST(only_a_single_bit_has_a_name)
{
    for (uint32_t method = 0; method <= UINT16_MAX; method++)
        CHECK((*ward_method_name((uint16_t)method) != '\0') == (method != 0 && method < 128 && (method & (method - 1)) == 0));
}

SUITE(method, CASE(every_method_has_its_bit_and_its_name), CASE(no_other_name_is_a_method), CASE(only_a_single_bit_has_a_name));
