/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

TEST(only_one_code_is_a_success)
{
    CHECK(ward_ok(ward_status_of(WARD_OK)));
    CHECK(!ward_ok(ward_status_of(WARD_NO_RESULT)));
    CHECK(!ward_ok((struct ward_status){ 1 }));
    CHECK(!ward_ok((struct ward_status){ UINT32_MAX }));
    for (unsigned bit = 0; bit < 32; bit++)
        CHECK(!ward_ok((struct ward_status){ (uint32_t)WARD_OK ^ (uint32_t)1 << bit }));
}

TEST(every_code_has_a_name_and_a_sentence)
{
    CHECK_TEXT(text(ward_status_name(ward_status_of(WARD_KEY_UNKNOWN))), "KEY_UNKNOWN");
    CHECK_TEXT(text(ward_status_name(ward_status_of(WARD_OK))), "OK");
    CHECK_TEXT(text(ward_status_name(ward_status_of(WARD_NO_RESULT))), "NO_RESULT");
    CHECK_TEXT(text(ward_status_sentence(ward_status_of(WARD_NO_RESULT))), "no call has written a result here");
    CHECK_TEXT(text(ward_status_sentence(ward_status_of(WARD_TOKEN_EMPTY))), "the token is empty");
}

TEST(a_number_that_is_no_code_has_a_name_too)
{
    CHECK_TEXT(text(ward_status_name((struct ward_status){ 0xdead })), "UNKNOWN");
    CHECK_TEXT(text(ward_status_sentence((struct ward_status){ 0xdead })), "this number is not a result of ward");
}

TEST(sentences_hold_nothing_that_a_header_could_not)
{
    for (uint32_t code = 0; code < 0x1000; code++)
        for (const char *at = ward_status_sentence((struct ward_status){ code }); *at != '\0'; at++)
            CHECK(*at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\');
}

SUITE(status, CASE(only_one_code_is_a_success), CASE(every_code_has_a_name_and_a_sentence),
      CASE(a_number_that_is_no_code_has_a_name_too), CASE(sentences_hold_nothing_that_a_header_could_not));
