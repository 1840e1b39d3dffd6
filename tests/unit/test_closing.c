/* SPDX-License-Identifier: Apache-2.0 */
/* port/http/closing: an answer that says it is the last. */
#include "check.h"
#include "port/http/closing.h"

static char response[64];

static void check_told(const char *before, size_t size, const char *after)
{
    strcpy(response, before);
    const size_t length = ward_http_closing_tell(response, strlen(before), size);
    CHECK_TEXT(ward_text_of(response, length), after);
}

TEST(the_field_comes_after_the_status_line)
{
    check_told("HTTP/1.1 204 x\r\n\r\n", sizeof response, "HTTP/1.1 204 x\r\nConnection: close\r\n\r\n");
    check_told("HTTP/1.1 200 x\r\nA: b\r\n\r\nc\nd", sizeof response,
               "HTTP/1.1 200 x\r\nConnection: close\r\nA: b\r\n\r\nc\nd");
    check_told("x\n", sizeof response, "x\nConnection: close\r\n");
}

TEST(a_response_without_room_or_status_line_stays_as_it_was)
{
    check_told("HTTP/1.1 204 x\r\n\r\n", 18 + 19, "HTTP/1.1 204 x\r\nConnection: close\r\n\r\n");
    check_told("HTTP/1.1 204 x\r\n\r\n", 18 + 18, "HTTP/1.1 204 x\r\n\r\n");
    check_told("HTTP/1.1 204 x", sizeof response, "HTTP/1.1 204 x");
    check_told("", sizeof response, "");
}

SUITE(closing, CASE(the_field_comes_after_the_status_line),
      CASE(a_response_without_room_or_status_line_stays_as_it_was));
