/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/json_scan.h"
#include "guard.h"

static struct ward_status scan(const char *json, size_t length)
{
    struct ward_json_scan scan;
    ward_json_scan_begin(&scan);
    for (size_t i = 0; i < length; i++) {
        const struct ward_status status = ward_json_scan_byte(&scan, json[i]);
        if (!ward_ok(status))
            return status;
    }
    return ward_json_scan_end(&scan);
}

#define CHECK_SCAN(json, code) CHECK_STATUS(scan(json, sizeof(json) - 1), code)

TEST(accepts_each_kind_of_value)
{
    CHECK_SCAN("{}", WARD_OK);
    CHECK_SCAN("[]", WARD_OK);
    CHECK_SCAN("\"\"", WARD_OK);
    CHECK_SCAN("0", WARD_OK);
    CHECK_SCAN("true", WARD_OK);
    CHECK_SCAN("false", WARD_OK);
    CHECK_SCAN("null", WARD_OK);
    CHECK_SCAN(" \t\r\n{ \"a\" : [ 1 , { } , \"b\" ] , \"c\" : null } \n", WARD_OK);
}

TEST(refuses_what_is_not_one_whole_value)
{
    CHECK_SCAN("", WARD_JSON_MALFORMED);
    CHECK_SCAN(" ", WARD_JSON_MALFORMED);
    CHECK_SCAN("{", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"a", WARD_JSON_MALFORMED);
    CHECK_SCAN("{} {}", WARD_JSON_MALFORMED);
    CHECK_SCAN("1 2", WARD_JSON_MALFORMED);
    CHECK_SCAN("{},", WARD_JSON_MALFORMED);
    CHECK_SCAN("{}\0", WARD_JSON_MALFORMED);
    CHECK_SCAN("]", WARD_JSON_MALFORMED);
    CHECK_SCAN("{}}", WARD_JSON_MALFORMED);
    CHECK_SCAN("[]]", WARD_JSON_MALFORMED);
    CHECK_SCAN("1}", WARD_JSON_MALFORMED);
    CHECK_SCAN("\xef\xbb\xbf{}", WARD_JSON_BYTE_ORDER_MARK);
    CHECK_SCAN(" \xef", WARD_JSON_BYTE_ORDER_MARK);
    CHECK_SCAN("{}\xef\xbb\xbf", WARD_JSON_MALFORMED);
    CHECK_SCAN("[\xef\xbb\xbf]", WARD_JSON_MALFORMED);
}

TEST(refuses_commas_colons_and_brackets_out_of_place)
{
    CHECK_SCAN("[1,]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[,1]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1 2]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1:2]", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\":1,}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{,\"a\":1}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\"}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\" 1}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\":}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{1:2}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\":1]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1}", WARD_JSON_MALFORMED);
    CHECK_SCAN("[}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[[]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1}]", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\":1]}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\";1}", WARD_JSON_MALFORMED);
    CHECK_SCAN("{\"a\";:1}", WARD_JSON_MALFORMED);
}

TEST(knows_numbers)
{
    CHECK_SCAN("-0", WARD_OK);
    CHECK_SCAN("10", WARD_OK);
    CHECK_SCAN("-12.50", WARD_OK);
    CHECK_SCAN("0.0", WARD_OK);
    CHECK_SCAN("1e5", WARD_OK);
    CHECK_SCAN("0E+10", WARD_OK);
    CHECK_SCAN("1.5e-7", WARD_OK);
    CHECK_SCAN("[1,2.5,3e1]", WARD_OK);
    CHECK_SCAN("01", WARD_JSON_MALFORMED);
    CHECK_SCAN("-01", WARD_JSON_MALFORMED);
    CHECK_SCAN("-", WARD_JSON_MALFORMED);
    CHECK_SCAN("+1", WARD_JSON_MALFORMED);
    CHECK_SCAN(".5", WARD_JSON_MALFORMED);
    CHECK_SCAN("1.", WARD_JSON_MALFORMED);
    CHECK_SCAN("1.e1", WARD_JSON_MALFORMED);
    CHECK_SCAN("1e", WARD_JSON_MALFORMED);
    CHECK_SCAN("1e+", WARD_JSON_MALFORMED);
    CHECK_SCAN("1e1.5", WARD_JSON_MALFORMED);
    CHECK_SCAN("1e1e1", WARD_JSON_MALFORMED);
    CHECK_SCAN("1.2.3", WARD_JSON_MALFORMED);
    CHECK_SCAN("-a", WARD_JSON_MALFORMED);
    CHECK_SCAN("1-2", WARD_JSON_MALFORMED);
    CHECK_SCAN("0x10", WARD_JSON_MALFORMED);
    CHECK_SCAN("[-]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1.]", WARD_JSON_MALFORMED);
    CHECK_SCAN("[1e]", WARD_JSON_MALFORMED);
}

TEST(knows_three_literals_only)
{
    CHECK_SCAN("[true,false,null]", WARD_OK);
    CHECK_SCAN("True", WARD_JSON_MALFORMED);
    CHECK_SCAN("tru", WARD_JSON_MALFORMED);
    CHECK_SCAN("truee", WARD_JSON_MALFORMED);
    CHECK_SCAN("nul ", WARD_JSON_MALFORMED);
    CHECK_SCAN("falze", WARD_JSON_MALFORMED);
    CHECK_SCAN("trxue", WARD_JSON_MALFORMED);
    CHECK_SCAN("NaN", WARD_JSON_MALFORMED);
    CHECK_SCAN("[Infinity]", WARD_JSON_MALFORMED);
}

TEST(refuses_control_characters_in_strings)
{
    for (unsigned c = 0; c < 0x20; c++) {
        const char json[3] = { '"', (char)c, '"' };
        CHECK_STATUS(scan(json, 3), WARD_JSON_MALFORMED);
    }
    CHECK_SCAN("\"\x7f\"", WARD_OK);
    CHECK_SCAN("\" \"", WARD_OK);
}

TEST(knows_the_escapes)
{
    CHECK_SCAN("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uABCD\"", WARD_OK);
    CHECK_SCAN("\"\\a\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\'\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\U0041\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\u004\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\u004g\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\u004G\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\u00`1\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\u00 1\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\\0\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\qn\"", WARD_JSON_MALFORMED);
    CHECK_SCAN("\"\\u00g041\"", WARD_JSON_MALFORMED);
}

TEST(pairs_surrogates)
{
    CHECK_SCAN("\"\\ud83d\\ude00\"", WARD_OK);
    CHECK_SCAN("\"\\uDBFF\\uDFFF\"", WARD_OK);
    CHECK_SCAN("\"\\ud7ff\\ue000\"", WARD_OK);
    CHECK_SCAN("\"\\ud83d\\ude00\\u0041\\ud83d\\ude00\"", WARD_OK);
    CHECK_SCAN("\"\\ud83d\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ude00\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ude00\\ud83d\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ud83d\\ud83d\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ud83d\\n\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ud83dx\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ud83d\\u0041\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\\ud83d\\ude0", WARD_JSON_MALFORMED);
}

TEST(refuses_what_is_not_utf8)
{
    CHECK_SCAN("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", WARD_OK);
    CHECK_SCAN("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", WARD_OK);
    CHECK_SCAN("\"\xe0\xa0\x7f\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xed\x9f\xc0\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xf4\x8f\xbf\xc0\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xf4\x8f\x7f\xbf\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\x80\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xc0\xaf\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xe0\x80\xaf\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xf0\x80\x80\xaf\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xed\xa0\x80\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xf4\x90\x80\x80\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xf5\x80\x80\x80\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xc3\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xe2\x82\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xe2\x82\xc0\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\"\xff\"", WARD_JSON_NOT_UTF8);
    CHECK_SCAN("\xc3\xa9", WARD_JSON_MALFORMED);
}

TEST(bounds_the_depth)
{
    char json[2 * WARD_MAX_JSON_DEPTH + 2];
    memset(json, '[', WARD_MAX_JSON_DEPTH);
    memset(json + WARD_MAX_JSON_DEPTH, ']', WARD_MAX_JSON_DEPTH);
    CHECK_STATUS(scan(json, 2 * WARD_MAX_JSON_DEPTH), WARD_OK);
    memset(json, '[', WARD_MAX_JSON_DEPTH + 1);
    memset(json + WARD_MAX_JSON_DEPTH + 1, ']', WARD_MAX_JSON_DEPTH + 1);
    CHECK_STATUS(scan(json, sizeof json), WARD_JSON_TOO_DEEP);
}

TEST(counts_a_container_that_is_closed_no_more)
{
    CHECK_SCAN("[[[[]]],[[[]]],[[[]]],[[[]]],{\"a\":[[]]}]", WARD_OK);
    CHECK_SCAN("[[],[],[],[],[],[],[],[],[],{},{},{}]", WARD_OK);
}

/* The events of a text, a letter each, and the text of its strings. */
static void check_events(const char *json, const char *events, const char *strings)
{
    static const char letters[] = ".{}[]<t>s";
    struct ward_json_scan scan;
    char seen[64];
    char found[64];
    size_t count = 0;
    size_t length = 0;
    ward_json_scan_begin(&scan);
    for (const char *at = json; *at != '\0'; at++) {
        CHECK_STATUS(ward_json_scan_byte(&scan, *at), WARD_OK);
        if (scan.event == WARD_JSON_STRING_TEXT) {
            memcpy(found + length, scan.text, scan.text_length);
            length += scan.text_length;
        } else if (scan.event != WARD_JSON_NOTHING) {
            seen[count++] = scan.event == WARD_JSON_STRING_BEGIN && scan.name != 0 ? '\'' : letters[scan.event];
        }
    }
    CHECK_STATUS(ward_json_scan_end(&scan), WARD_OK);
    CHECK_TEXT(ward_text_of(seen, count), events);
    CHECK_TEXT(ward_text_of(found, length), strings);
}

TEST(says_what_each_byte_was)
{
    check_events("{}", "{}", "");
    check_events("[ 1, true, \"a\" ]", "[ss<>]", "a");
    check_events("{\"name\": \"value\", \"n\": [-1.5e3, null]}", "{'><>'>[ss]}", "namevaluen");
}

TEST(gives_the_text_of_strings_unescaped)
{
    check_events("\"a\\n\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\/\"", "<>", "a\nA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80/");
    check_events("\"\\ud800\\udc01\\udbff\\udfff\"", "<>", "\xf0\x90\x80\x81\xf4\x8f\xbf\xbf");
    check_events("\"\xc3\xa9\\\\\\\"\\b\\f\\r\\t\"", "<>", "\xc3\xa9\\\"\b\f\r\t");
}

TEST(scans_the_inside_of_a_string)
{
    struct ward_json_scan scan;
    memset(&scan, 0x5a, sizeof scan);
    ward_json_scan_begin_string(&scan);
    CHECK_STATUS(ward_json_scan_byte(&scan, 'x'), WARD_OK);
    CHECK_NUMBER(scan.event, WARD_JSON_STRING_TEXT);
    CHECK_NUMBER(scan.text_length, 1);
    CHECK_NUMBER(scan.text[0], 'x');
    CHECK_STATUS(ward_json_scan_byte(&scan, '"'), WARD_OK);
    CHECK_STATUS(ward_json_scan_end(&scan), WARD_OK);
}

/* Four are looked at in one step: each byte at each place of a step and of the rest behind it, among other ones. */
TEST(what_means_something_in_a_string_is_not_passed_over_at_any_place)
{
    static const char others[] = { ' ', '!', '#', '[', ']', '~', '\x7f' };
    enum { LENGTH = 11 };
    struct ward_json_scan scan;
    char *const string = guard_copy("           ", LENGTH);
    ward_json_scan_begin_string(&scan);
    for (size_t other = 0; other < sizeof others; other++)
        for (unsigned byte = 0; byte < 256; byte++)
            for (size_t place = 0; place < LENGTH; place++) {
                const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
                memset(string, others[other], LENGTH);
                string[place] = (char)byte;
                CHECK_NUMBER(ward_json_scan_plain(&scan, string, LENGTH), plain ? LENGTH : place);
            }
}

TEST(outside_of_a_string_nothing_is_passed_over)
{
    struct ward_json_scan scan;
    ward_json_scan_begin(&scan);
    CHECK_NUMBER(ward_json_scan_plain(&scan, "abcdefgh", 8), 0);
    CHECK_STATUS(ward_json_scan_byte(&scan, '"'), WARD_OK);
    CHECK_NUMBER(ward_json_scan_plain(&scan, "abcdefgh", 8), 8);
}

SUITE(json_scan, CASE(accepts_each_kind_of_value), CASE(refuses_what_is_not_one_whole_value),
      CASE(refuses_commas_colons_and_brackets_out_of_place), CASE(knows_numbers), CASE(knows_three_literals_only),
      CASE(refuses_control_characters_in_strings), CASE(knows_the_escapes), CASE(pairs_surrogates),
      CASE(refuses_what_is_not_utf8), CASE(bounds_the_depth), CASE(counts_a_container_that_is_closed_no_more),
      CASE(says_what_each_byte_was), CASE(gives_the_text_of_strings_unescaped), CASE(scans_the_inside_of_a_string),
      CASE(what_means_something_in_a_string_is_not_passed_over_at_any_place),
      CASE(outside_of_a_string_nothing_is_passed_over));
