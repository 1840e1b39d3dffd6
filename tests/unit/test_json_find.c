/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/json_find.h"

#include "check.h"

#if WARD_MAX_BUNDLE > 0

/* What is found of `deny`, or the code as a text. */
static struct ward_text found(const char *json, enum ward_code *code)
{
    struct ward_json_part part = { 1, 1 };
    const struct ward_status status = ward_json_find(json, strlen(json), text("deny"), &part);
    *code = (enum ward_code)status.code;
    return ward_text_of(json + part.begin, part.end - part.begin);
}

static void check_found(const char *json, const char *part)
{
    enum ward_code code;
    const struct ward_text is = found(json, &code);
    CHECK_NUMBER(code, WARD_OK);
    CHECK_TEXT(is, part);
}

static void check_not_found(const char *json, enum ward_code expected)
{
    enum ward_code code;
    const struct ward_text is = found(json, &code);
    CHECK_NUMBER(code, expected);
    CHECK_NUMBER(is.length, 0);
}

TEST(a_container_is_found_from_its_bracket_to_its_bracket)
{
    check_found("{\"deny\":[]}", "[]");
    check_found(" { \"a\" : 1 , \"deny\" : { \"b\" : [ ] } , \"c\" : [ ] } ", "{ \"b\" : [ ] }");
    check_found("{\"deny\":[{\"deny\":[1]},[2]],\"denx\":[]}", "[{\"deny\":[1]},[2]]");
    check_found("{\"a\":{\"deny\":[3]},\"b\":[{\"deny\":[4]}],\"deny\":[5]}", "[5]");
    check_found("{\"deny\":[1],\"deny\":[2]}", "[2]");
}

TEST(a_name_counts_after_unescaping)
{
    check_found("{\"d\\u0065ny\":[6]}", "[6]");
    check_found("{\"\\u0064\\u0065\\u006e\\u0079\":[7]}", "[7]");
}

TEST(what_is_no_container_is_found_empty)
{
    check_found("{\"deny\":\"[]\"}", "");
    check_found("{\"deny\":5,\"a\":[]}", "");
    check_found("{\"deny\":null,\"a\":{}}", "");
}

TEST(another_name_is_not_it)
{
    static const char *const names[] = {
        "den", "denyx", "Deny", "", "dexy", "denyd", "\\u00e4eny", "den\\ud83d\\ude00"
    };
    char json[64];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t length = strlen(names[i]);
        memcpy(json, "{\"", 2);
        memcpy(json + 2, names[i], length);
        memcpy(json + 2 + length, "\":[1]}", 7);
        check_not_found(json, WARD_CLAIM_MISSING);
    }
    check_not_found("{}", WARD_CLAIM_MISSING);
    check_not_found("[\"deny\",[]]", WARD_CLAIM_MISSING);
    check_not_found("{\"a\":\"deny\",\"b\":[]}", WARD_CLAIM_MISSING);
}

TEST(what_is_no_json_is_refused)
{
    check_not_found("{\"deny\":[}", WARD_JSON_MALFORMED);
    check_not_found("{\"deny\":[]", WARD_JSON_MALFORMED);
    check_not_found("{\"deny\":[\"\xff\"]}", WARD_JSON_NOT_UTF8);
}

/* The objects of an array, each as it stands, with a bar between; then the code. */
static enum ward_code walk(const char *json, const char *expected)
{
    static char walked[256];
    struct ward_json_scan scan;
    struct ward_json_part item = { 0, 0 };
    size_t at = 0;
    ward_json_scan_begin(&scan);
    struct ward_status status = ward_json_next_object(&scan, json, strlen(json), &item);
    while (ward_ok(status)) {
        memcpy(walked + at, json + item.begin, item.end - item.begin);
        at += item.end - item.begin;
        walked[at++] = '|';
        status = ward_json_next_object(&scan, json, strlen(json), &item);
    }
    CHECK_TEXT(ward_text_of(walked, at), expected);
    return (enum ward_code)status.code;
}

TEST(objects_of_an_array_come_one_by_one)
{
    CHECK_NUMBER(walk("[]", ""), WARD_CLAIM_MISSING);
    CHECK_NUMBER(walk("[ ]", ""), WARD_CLAIM_MISSING);
    CHECK_NUMBER(walk("[{}]", "{}|"), WARD_CLAIM_MISSING);
    CHECK_NUMBER(walk("[ {\"a\":{\"b\":[1]}} , { } ]", "{\"a\":{\"b\":[1]}}|{ }|"), WARD_CLAIM_MISSING);
}

TEST(anything_else_in_it_is_refused)
{
    CHECK_NUMBER(walk("{}", ""), WARD_JSON_MALFORMED);
    CHECK_NUMBER(walk("[[]]", ""), WARD_JSON_MALFORMED);
    CHECK_NUMBER(walk("[1]", ""), WARD_JSON_MALFORMED);
    CHECK_NUMBER(walk("[\"a\"]", ""), WARD_JSON_MALFORMED);
    CHECK_NUMBER(walk("[{},null]", "{}|"), WARD_JSON_MALFORMED);
    CHECK_NUMBER(walk("[{},,{}]", "{}|"), WARD_JSON_MALFORMED);
    CHECK_NUMBER(walk("[{\"a\":\"\xff\"}]", ""), WARD_JSON_NOT_UTF8);
}

SUITE(json_find, CASE(a_container_is_found_from_its_bracket_to_its_bracket), CASE(a_name_counts_after_unescaping),
      CASE(what_is_no_container_is_found_empty), CASE(another_name_is_not_it), CASE(what_is_no_json_is_refused),
      CASE(objects_of_an_array_come_one_by_one), CASE(anything_else_in_it_is_refused));

#else

TEST(a_build_without_bundles_needs_none_of_it)
{
    CHECK_NUMBER(WARD_MAX_BUNDLE, 0);
}

SUITE(json_find, CASE(a_build_without_bundles_needs_none_of_it));

#endif
