/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "encoding/json.h"
#include "guard.h"

static uint32_t values[WARD_JSON_WORDS * 64];
static char buffer[512];
static struct ward_json json;

/* What was parsed once comes to the same when it is read again without a look at its form. */
static void check_again(const char *string, const char *parsed)
{
    static uint32_t table[WARD_JSON_WORDS * 64];
    struct ward_json again;
    char *const copy = guard_copy(string, strlen(string));
    CHECK_STATUS(ward_json_read_again(&again, copy, strlen(string), table, 64), WARD_OK);
    CHECK_NUMBER(again.count, json.count);
    CHECK(memcmp(copy, parsed, strlen(string)) == 0);
    for (size_t i = 0; i < json.count; i++) {
        CHECK_NUMBER(ward_json_type(&again, i), ward_json_type(&json, i));
        CHECK_NUMBER(ward_json_size(&again, i), ward_json_size(&json, i));
        CHECK_NUMBER(ward_json_after(&again, i), ward_json_after(&json, i));
        CHECK(ward_json_text(&again, i).data - copy == ward_json_text(&json, i).data - parsed);
        CHECK_NUMBER(ward_json_text(&again, i).length, ward_json_text(&json, i).length);
    }
}

/* Text and table both end where their memory ends, so that no question reads on. */
static struct ward_status parse(const char *string)
{
    char *const copy = guard_copy(string, strlen(string));
    const struct ward_status status = ward_json_parse(&json, copy, strlen(string), values, 64);
    if (!ward_ok(status))
        return status;
    json.values = (const uint32_t *)(const void *)guard_copy(values, json.count * WARD_JSON_WORDS * sizeof values[0]);
    check_again(string, copy);
    return status;
}

static struct ward_text member_text(size_t object, const char *name)
{
    const size_t value = ward_json_member(&json, object, text(name));
    CHECK(value != 0);
    return ward_json_text(&json, value);
}

TEST(tells_types_texts_and_sizes)
{
    CHECK_STATUS(parse("{\"t\":\"x\",\"n\":-1.5,\"b\":true,\"f\":false,\"z\":null,\"o\":{},\"a\":[1,2,3]}"), WARD_OK);
    static const struct {
        const char *name;
        enum ward_json_kind type;
        size_t size;
    } expected[] = { { "t", WARD_JSON_TEXT, 0 },    { "n", WARD_JSON_NUMBER, 0 }, { "b", WARD_JSON_BOOLEAN, 0 },
                     { "f", WARD_JSON_BOOLEAN, 0 }, { "z", WARD_JSON_NULL, 0 },   { "o", WARD_JSON_OBJECT, 0 },
                     { "a", WARD_JSON_ARRAY, 3 } };
    CHECK_NUMBER(ward_json_type(&json, 0), WARD_JSON_OBJECT);
    CHECK_NUMBER(ward_json_size(&json, 0), 7);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const size_t value = ward_json_member(&json, 0, text(expected[i].name));
        CHECK(value != 0);
        CHECK_NUMBER(ward_json_type(&json, value), expected[i].type);
        CHECK_NUMBER(ward_json_size(&json, value), expected[i].size);
    }
    CHECK_TEXT(member_text(0, "t"), "x");
    CHECK_TEXT(member_text(0, "n"), "-1.5");
    CHECK_NUMBER(ward_json_size(&json, 1), 0);
}

TEST(reads_a_lone_scalar)
{
    CHECK_STATUS(parse(" 42 "), WARD_OK);
    CHECK_NUMBER(ward_json_type(&json, 0), WARD_JSON_NUMBER);
    CHECK_TEXT(ward_json_text(&json, 0), "42");
    CHECK_STATUS(parse("\"\\u0041\""), WARD_OK);
    CHECK_NUMBER(ward_json_type(&json, 0), WARD_JSON_TEXT);
    CHECK_TEXT(ward_json_text(&json, 0), "A");
}

TEST(finds_members_at_their_own_level_only)
{
    CHECK_STATUS(parse("{\"o\":{\"x\":1,\"y\":[{\"x\":2}]},\"x\":3,\"y\":\"x\"}"), WARD_OK);
    CHECK_TEXT(member_text(0, "x"), "3");
    const size_t inner = ward_json_member(&json, 0, text("o"));
    CHECK_TEXT(member_text(inner, "x"), "1");
    CHECK_NUMBER(ward_json_member(&json, inner, text("o")), 0);
    CHECK_NUMBER(ward_json_member(&json, 0, text("3")), 0);
    CHECK_NUMBER(ward_json_member(&json, 0, text("")), 0);
}

TEST(has_no_members_in_what_is_no_object)
{
    CHECK_STATUS(parse("[\"a\",1,\"b\",2]"), WARD_OK);
    CHECK_NUMBER(ward_json_member(&json, 0, text("a")), 0);
    CHECK_NUMBER(ward_json_member(&json, 1, text("a")), 0);
}

TEST(goes_on_after_a_value_and_all_in_it)
{
    CHECK_STATUS(parse("[[1,[2,{\"a\":3}]],\"x\",{},[]]"), WARD_OK);
    size_t at = 1;
    CHECK_NUMBER(ward_json_type(&json, at), WARD_JSON_ARRAY);
    at = ward_json_after(&json, at);
    CHECK_TEXT(ward_json_text(&json, at), "x");
    at = ward_json_after(&json, at);
    CHECK_NUMBER(ward_json_type(&json, at), WARD_JSON_OBJECT);
    at = ward_json_after(&json, at);
    CHECK_NUMBER(ward_json_type(&json, at), WARD_JSON_ARRAY);
    CHECK_NUMBER(ward_json_after(&json, at), json.count);
    CHECK_NUMBER(ward_json_after(&json, 0), json.count);
}

TEST(unescapes_in_place)
{
    CHECK_STATUS(parse("{\"\\u0061\\n\":\"\\\"\\u00e9\\ud83d\\ude00\\\\\",\"b\":\"\"}"), WARD_OK);
    CHECK_TEXT(member_text(0, "a\n"), "\"\xc3\xa9\xf0\x9f\x98\x80\\");
    CHECK_TEXT(member_text(0, "b"), "");
}

TEST(never_takes_an_unescaped_quote_for_syntax)
{
    CHECK_STATUS(parse("{\"a\":\"\\u0022,\\u0022admin\\u0022:\\u0022yes\",\"b\":[\"\\\"]\",\"c\"]}"), WARD_OK);
    CHECK_NUMBER(ward_json_member(&json, 0, text("admin")), 0);
    CHECK_TEXT(member_text(0, "a"), "\",\"admin\":\"yes");
    CHECK_NUMBER(ward_json_size(&json, ward_json_member(&json, 0, text("b"))), 2);
}

TEST(refuses_duplicate_members_at_any_depth)
{
    CHECK_STATUS(parse("{\"a\":1,\"a\":1}"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(parse("{\"a\":1,\"b\":2,\"a\":3}"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(parse("{\"a\":1,\"\\u0061\":2}"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(parse("{\"\":1,\"\":2}"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(parse("{\"x\":[{\"a\":1,\"a\":2}]}"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(parse("[{\"x\":{\"a\":1,\"b\":{},\"a\":2}}]"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK_STATUS(parse("{\"a\":1,\"A\":2,\"o\":{\"a\":3},\"l\":[\"a\",\"a\"],\"s\":\"a\"}"), WARD_OK);
}

/* 31 members, of which two may be the same: names that begin alike, are the same sum of letters, or have only one letter. */
static struct ward_status parse_members(unsigned kind, unsigned changed, unsigned into)
{
    static char object[31 * 40 + 3];
    size_t length = 0;
    for (unsigned i = 0; i < 31; i++) {
        const unsigned number = i == changed ? into : i;
        static const char *const begins[] = { "\"https://a.example/claims/of/x", "\"z", "\"" };
        object[length++] = i == 0 ? '{' : ',';
        memcpy(object + length, begins[kind], strlen(begins[kind]));
        length += strlen(begins[kind]);
        object[length++] = (char)('0' + number);
        if (kind == 1)
            object[length++] = (char)('~' - number);
        memcpy(object + length, "\":0", 3);
        length += 3;
    }
    object[length++] = '}';
    object[length] = '\0';
    return parse(object);
}

TEST(tells_each_name_from_each_other_however_alike)
{
    for (unsigned kind = 0; kind < 3; kind++) {
        CHECK_STATUS(parse_members(kind, 31, 0), WARD_OK);
        for (size_t i = 0; i < 31; i++)
            CHECK_NUMBER(ward_json_size(&json, 1 + 2 * i), 0);
        for (unsigned i = 0; i < 31; i++)
            for (unsigned j = 0; j < 31; j++)
                CHECK_STATUS(parse_members(kind, i, j), i == j ? WARD_OK : WARD_JSON_DUPLICATE_MEMBER);
    }
}

TEST(writes_nothing_after_the_room_that_it_has)
{
    static const char text_of[] = "{\"a\":[1,{\"b\":\"x\",\"c\":[]},[[]],{}],\"d\":{\"e\":{}},\"f\":true}";
    static uint32_t expected[WARD_JSON_WORDS * 20];
    memcpy(buffer, text_of, sizeof text_of);
    CHECK_STATUS(ward_json_parse(&json, buffer, sizeof text_of - 1, expected, 20), WARD_OK);
    CHECK_NUMBER(json.count, 18);
    for (size_t room = 0; room <= 18; room++) {
        memset(values, 0x5a, sizeof values);
        CHECK_STATUS(ward_json_parse(&json, buffer, sizeof text_of - 1, values, room),
                     room == 18 ? WARD_OK : WARD_JSON_TOO_MANY_VALUES);
        for (size_t word = WARD_JSON_WORDS * room; word < sizeof values / sizeof values[0]; word++)
            CHECK_NUMBER(values[word], 0x5a5a5a5a);
    }
    CHECK(memcmp(values, expected, 18 * WARD_JSON_WORDS * sizeof values[0]) == 0);
}

TEST(knows_where_each_value_begins_and_ends)
{
    static const struct {
        const char *text;
        size_t count;
        const char *values[8];
        size_t sizes[8];
    } rows[] = {
        { " [ 1 ,\t-2.5e+7\r,\n null ] ", 4, { "[ 1 ,\t-2.5e+7\r,\n null ]", "1", "-2.5e+7", "null" }, { 3, 0, 0, 0 } },
        { "{\"a\" : true\n}", 3, { "{\"a\" : true\n}", "a", "true" }, { 1, 0, 0 } },
        { "{\"a\":false,\"b\":0}", 5, { "{\"a\":false,\"b\":0}", "a", "false", "b", "0" }, { 2, 0, 0, 0, 0 } },
        { "[[1],2]", 4, { "[[1],2]", "[1]", "1", "2" }, { 2, 1, 0, 0 } },
        { "[{\"k\":[3]},\"\"]", 6, { "[{\"k\":[3]},\"\"]", "{\"k\":[3]}", "k", "[3]", "3", "" }, { 2, 1, 0, 1, 0, 0 } },
        { "17", 1, { "17" }, { 0 } },
        { "17 ", 1, { "17" }, { 0 } },
        { "[false\t]", 2, { "[false\t]", "false" }, { 1, 0 } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_STATUS(parse(rows[i].text), WARD_OK);
        CHECK_NUMBER(json.count, rows[i].count);
        for (size_t value = 0; value < json.count; value++) {
            CHECK_TEXT(ward_json_text(&json, value), rows[i].values[value]);
            CHECK_NUMBER(ward_json_size(&json, value), rows[i].sizes[value]);
        }
    }
}

TEST(refuses_more_values_than_there_is_room_for)
{
    static const char three[] = "[1,2]";
    memcpy(buffer, three, sizeof three);
    CHECK_STATUS(ward_json_parse(&json, buffer, 5, values, 3), WARD_OK);
    CHECK_STATUS(ward_json_parse(&json, buffer, 5, values, 2), WARD_JSON_TOO_MANY_VALUES);
    CHECK_STATUS(ward_json_parse(&json, buffer, 5, values, 0), WARD_JSON_TOO_MANY_VALUES);
    memcpy(buffer, "\"a\"", 3);
    CHECK_STATUS(ward_json_parse(&json, buffer, 3, values, 0), WARD_JSON_TOO_MANY_VALUES);
    /* What takes the last room has its end, too. */
    CHECK_STATUS(ward_json_parse(&json, buffer, 3, values, 1), WARD_OK);
    CHECK_TEXT(ward_json_text(&json, 0), "a");
    memcpy(buffer, "123", 3);
    CHECK_STATUS(ward_json_parse(&json, buffer, 3, values, 0), WARD_JSON_TOO_MANY_VALUES);
}

TEST(passes_on_what_the_scanner_refuses)
{
    CHECK_STATUS(parse(""), WARD_JSON_MALFORMED);
    CHECK_STATUS(parse("{a:1}"), WARD_JSON_MALFORMED);
    CHECK_STATUS(parse("tru"), WARD_JSON_MALFORMED);
    CHECK_STATUS(parse("1."), WARD_JSON_MALFORMED);
    CHECK_STATUS(parse("[1"), WARD_JSON_MALFORMED);
    CHECK_STATUS(parse("\"a"), WARD_JSON_MALFORMED);
    CHECK_STATUS(parse("\"\xff\""), WARD_JSON_NOT_UTF8);
    CHECK_STATUS(parse("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), WARD_JSON_TOO_DEEP);
}

/* What is passed over quickly, since it means nothing in a string, is still looked at. */
TEST(takes_every_byte_in_a_string_as_the_grammar_says)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        const char string[] = { '"', 'a', (char)byte, '"' };
        const bool syntax = byte < 0x20 || byte == '"' || byte == '\\';
        const struct ward_status status = ward_json_parse(&json, guard_copy(string, sizeof string), sizeof string,
                                                          values, 64);
        CHECK_STATUS(status, syntax ? WARD_JSON_MALFORMED : byte < 0x80 ? WARD_OK : WARD_JSON_NOT_UTF8);
        if (ward_ok(status))
            CHECK(ward_text_equal(ward_json_text(&json, 0), ward_text_of(string + 1, 2)));
    }
}

TEST(writes_nothing_when_it_refuses)
{
    struct ward_json before;
    CHECK_STATUS(parse("{\"a\":1}"), WARD_OK);
    before = json;
    CHECK_STATUS(parse("{\"a\":1,\"a\":2}"), WARD_JSON_DUPLICATE_MEMBER);
    CHECK(json.text == before.text && json.values == before.values && json.count == before.count);
}

static struct ward_status read_again(const char *data, size_t length, size_t capacity)
{
    struct ward_json again;
    uint32_t *const table = (uint32_t *)(void *)guard_copy(values, capacity * WARD_JSON_WORDS * sizeof values[0]);
    return ward_json_read_again(&again, guard_copy(data, length), length, table, capacity);
}

TEST(what_cannot_have_been_parsed_is_refused_when_it_is_read_again)
{
    static const char *const texts[] = {
        "", " ", "}", "]", "[", "{\"a\":1", "[1]]", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", "{{{{{{{{{{{{{{{{{"
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        CHECK_STATUS(read_again(texts[i], strlen(texts[i]), 64), WARD_JSON_MALFORMED);
    CHECK_STATUS(read_again("[1,2,[3]]", 9, 5), WARD_OK);
    CHECK_STATUS(read_again("[1,2,[3]]", 9, 4), WARD_JSON_TOO_MANY_VALUES);
    CHECK_STATUS(read_again("[1,2,[3]]", 9, 0), WARD_JSON_TOO_MANY_VALUES);
    CHECK_STATUS(read_again("\"\\x\"", 4, 64), WARD_JSON_MALFORMED);
    CHECK_STATUS(read_again("\"\\", 2, 64), WARD_OK);
}

/* It is never given other bytes than those that were parsed. Were it, it would still stay in its memory. */
TEST(reading_again_leaves_neither_text_nor_table_whatever_the_bytes)
{
    static const char signs[] = "{}[]\",:\\ 1tu0\n";
    uint32_t seed = 2463534242u;
    for (unsigned round = 0; round < 4000; round++) {
        char made[24];
        const size_t length = round % sizeof made;
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1664525u + 1013904223u;
            made[i] = signs[(seed >> 16) % (sizeof signs - 1)];
        }
        const struct ward_status status = read_again(made, length, round % 9);
        CHECK(ward_ok(status) || status.code == WARD_JSON_MALFORMED || status.code == WARD_JSON_TOO_MANY_VALUES ||
              status.code == WARD_JSON_NOT_UTF8);
    }
}

SUITE(json, CASE(what_cannot_have_been_parsed_is_refused_when_it_is_read_again),
      CASE(reading_again_leaves_neither_text_nor_table_whatever_the_bytes), CASE(tells_types_texts_and_sizes),
      CASE(reads_a_lone_scalar), CASE(finds_members_at_their_own_level_only), CASE(has_no_members_in_what_is_no_object),
      CASE(goes_on_after_a_value_and_all_in_it), CASE(unescapes_in_place),
      CASE(never_takes_an_unescaped_quote_for_syntax), CASE(refuses_duplicate_members_at_any_depth),
      CASE(tells_each_name_from_each_other_however_alike), CASE(writes_nothing_after_the_room_that_it_has),
      CASE(knows_where_each_value_begins_and_ends), CASE(refuses_more_values_than_there_is_room_for),
      CASE(passes_on_what_the_scanner_refuses), CASE(takes_every_byte_in_a_string_as_the_grammar_says),
      CASE(writes_nothing_when_it_refuses));
