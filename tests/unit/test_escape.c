/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "guard.h"

/* In memory that ends where the text ends. */
static struct ward_text guarded(const char *string)
{
    return ward_text_of(guard_copy(string, strlen(string)), strlen(string));
}

static void check_escape(const char *in, size_t length, const char *expected)
{
    char out[128];
    CHECK_NUMBER(ward_text_escape(ward_text_of(guard_copy(in, length), length), out, sizeof out), strlen(expected));
    CHECK_TEXT(text(out), expected);
}

#define CHECK_ESCAPE(in, expected) check_escape(in, sizeof(in) - 1, expected)

TEST(leaves_printable_text_alone)
{
    CHECK_ESCAPE("auth0|65f0 ~!'<>", "auth0|65f0 ~!'<>");
    CHECK_ESCAPE("Gr\xc3\xbc\xc3\x9f"
                 "e \xe2\x82\xac \xf0\x9f\x98\x80",
                 "Gr\xc3\xbc\xc3\x9f"
                 "e \xe2\x82\xac \xf0\x9f\x98\x80");
    CHECK_ESCAPE("", "");
}

TEST(escapes_controls_quotes_and_backslashes)
{
    CHECK_ESCAPE("\x1f ", "\\u001f ");
    CHECK_ESCAPE("a\nb\r\0\x1b[31m\x7f", "a\\u000ab\\u000d\\u0000\\u001b[31m\\u007f");
    CHECK_ESCAPE("say \"\\\"", "say \\\"\\\\\\\"");
}

TEST(escapes_c1_controls_and_bidirectional_marks)
{
    CHECK_ESCAPE("\xc2\x80\xc2\x9f\xc2\xa0", "\\u0080\\u009f\xc2\xa0");
    CHECK_ESCAPE("\xd8\x9b\xd8\x9c\xd8\x9d", "\xd8\x9b\\u061c\xd8\x9d");
    CHECK_ESCAPE("\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\x90", "\xe2\x80\x8d\\u200e\\u200f\xe2\x80\x90");
    CHECK_ESCAPE("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf", "\xe2\x80\xa7\\u2028\\u202e\xe2\x80\xaf");
    CHECK_ESCAPE("\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa", "\xe2\x81\xa5\\u2066\\u2069\xe2\x81\xaa");
    CHECK_ESCAPE("\xef\xbb\xbf", "\\ufeff");
}

TEST(replaces_bytes_that_are_not_utf8)
{
    CHECK_ESCAPE("a\xff"
                 "b",
                 "a\\ufffdb");
    CHECK_ESCAPE("\xc3", "\\ufffd");
    CHECK_ESCAPE("\xe2\x82", "\\ufffd\\ufffd");
    CHECK_ESCAPE("\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd");
    CHECK_ESCAPE("\xf0\x8f\xbf\xbf", "\\ufffd\\ufffd\\ufffd\\ufffd");
    CHECK_ESCAPE("\xc3(", "\\ufffd(");
    CHECK_ESCAPE("\xe2\x82(", "\\ufffd\\ufffd(");
    CHECK_ESCAPE("\xe0\xa0\x7f", "\\ufffd\\ufffd\\u007f");
    CHECK_ESCAPE("\xed\x9f\xc0", "\\ufffd\\ufffd\\ufffd");
    CHECK_ESCAPE("\xed\x9f\xbf\xe0\xa0\x80\xf4\x8f\xbf\xbf", "\xed\x9f\xbf\xe0\xa0\x80\xf4\x8f\xbf\xbf");
    CHECK_ESCAPE("ab\xe2\x82", "ab\\ufffd\\ufffd");
    CHECK_ESCAPE("\xf0\x9f\x98", "\\ufffd\\ufffd\\ufffd");
}

TEST(cuts_at_a_whole_piece_and_tells_the_length_it_needs)
{
    char out[16];
    memset(out, 'x', sizeof out);
    CHECK_NUMBER(ward_text_escape(guarded("ab\n"), out, 8), 8);
    CHECK_TEXT(text(out), "ab");
    CHECK_NUMBER(ward_text_escape(guarded("ab\n"), out, 9), 8);
    CHECK_TEXT(text(out), "ab\\u000a");
    CHECK_NUMBER(ward_text_escape(guarded("a\nb"), out, 3), 8);
    CHECK_TEXT(text(out), "a");
    CHECK_NUMBER(ward_text_escape(guarded("\xc3\xbc"), out, 2), 2);
    CHECK_TEXT(text(out), "");
    memset(out, 'x', sizeof out);
    CHECK_NUMBER(ward_text_escape(guarded("abc"), out, 1), 3);
    CHECK_TEXT(text(out), "");
    CHECK_NUMBER(ward_text_escape(guarded("abc"), NULL, 0), 3);
}

SUITE(escape, CASE(leaves_printable_text_alone), CASE(escapes_controls_quotes_and_backslashes),
      CASE(escapes_c1_controls_and_bidirectional_marks), CASE(replaces_bytes_that_are_not_utf8),
      CASE(cuts_at_a_whole_piece_and_tells_the_length_it_needs));
