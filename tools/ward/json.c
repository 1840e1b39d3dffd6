/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as far as messages need it. The grammar is judged by ward's scanner; what follows it may be read without care.
 * */
#include <string.h>

#include "token_view.h"

/* Feeds bytes to the reader of key sets, which has the scanner; false at the first that breaks the grammar. */
static bool feed(struct ward_jwks_reader *reader, struct ward_text json, size_t *taken, struct ward_status *status)
{
    static struct ward_workspace work;
    for (*taken = 0; *taken < json.length; (*taken)++) {
        *status = ward_jwks_feed(reader, json.data + *taken, 1, &work);
        if (!ward_ok(*status))
            return false;
    }
    return true;
}

static void start_reader(struct ward_jwks_reader *reader)
{
    static struct ward_jwks set;
    ward_jwks_begin(reader, &set, NULL, ward_text_of(NULL, 0));
}

static bool is_of_the_grammar(struct ward_status status)
{
    return status.code >= WARD_JSON_MALFORMED && status.code <= WARD_JSON_BYTE_ORDER_MARK;
}

/* As a member that a key set does not read, where the text is not an object or has a member `keys`. One level of
 * nesting is then gone. */
static struct ward_status grammar_of_a_member(struct ward_text json, size_t *broken)
{
    static const struct ward_text before = WARD_TEXT("{\"\":");
    static const struct ward_text after = WARD_TEXT("}");
    static struct ward_jwks_reader reader;
    struct ward_status status;
    size_t rest;
    start_reader(&reader);
    if (!feed(&reader, before, broken, &status) || !feed(&reader, json, broken, &status) ||
        !feed(&reader, after, &rest, &status))
        return status;
    return ward_status_of(WARD_OK);
}

struct ward_status json_grammar(struct ward_text json, size_t *broken)
{
    static struct ward_jwks_reader reader;
    struct ward_status status;
    start_reader(&reader);
    if (feed(&reader, json, broken, &status))
        status = ward_jwks_end(&reader);
    if (is_of_the_grammar(status))
        return status;
    return *broken == json.length ? ward_status_of(WARD_OK) : grammar_of_a_member(json, broken);
}

static size_t skip_space(struct ward_text json, size_t at)
{
    while (at < json.length && strchr(" \t\r\n", json.data[at]) != NULL && json.data[at] != '\0')
        at++;
    return at;
}

static size_t skip_string(struct ward_text json, size_t at)
{
    for (at++; at < json.length && json.data[at] != '"'; at++)
        if (json.data[at] == '\\')
            at++;
    return at + 1;
}

static bool ends_a_scalar(char c)
{
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_container(struct ward_text json, size_t at)
{
    size_t depth = 0;
    do {
        const char c = json.data[at];
        if (c == '[' || c == '{')
            depth++;
        if (c == ']' || c == '}')
            depth--;
        at = c == '"' ? skip_string(json, at) : at + 1;
    } while (depth > 0 && at < json.length);
    return at;
}

/* The end of the value at a place. */
static size_t skip_value(struct ward_text json, size_t at)
{
    if (json.data[at] == '"')
        return skip_string(json, at);
    if (json.data[at] == '{' || json.data[at] == '[')
        return skip_container(json, at);
    while (at < json.length && !ends_a_scalar(json.data[at]))
        at++;
    return at;
}

/* The next value of a container, after a bracket, a comma or a colon; empty where it ends. */
static struct ward_text next_value(struct ward_text json, size_t *at)
{
    *at = skip_space(json, *at + 1);
    if (*at >= json.length || json.data[*at] == ']' || json.data[*at] == '}')
        return ward_text_of(NULL, 0);
    const size_t begin = *at;
    const size_t end = skip_value(json, begin);
    *at = skip_space(json, end);
    return end <= json.length ? ward_text_of(json.data + begin, end - begin) : ward_text_of(NULL, 0);
}

struct ward_text view_member(const struct token_view *view, enum token_part_name part, struct ward_text name)
{
    const struct ward_text json = view->part[part].json;
    char own[256];
    size_t at = skip_space(json, 0);
    if (!ward_ok(view->part[part].status) || at >= json.length || json.data[at] != '{')
        return ward_text_of(NULL, 0);
    for (struct ward_text found = next_value(json, &at); found.length > 0; found = next_value(json, &at)) {
        const struct ward_text value = next_value(json, &at);
        if (ward_text_equal(json_string(found, own, sizeof own), name))
            return value;
    }
    return ward_text_of(NULL, 0);
}

struct ward_text json_item(struct ward_text array, size_t number)
{
    size_t at = 0;
    struct ward_text item = ward_text_of(NULL, 0);
    if (array.length == 0 || array.data[0] != '[')
        return item;
    for (size_t i = 0; i <= number; i++) {
        item = next_value(array, &at);
        if (item.length == 0)
            break;
    }
    return item;
}

bool json_is_string(struct ward_text value)
{
    return value.length >= 2 && value.data[0] == '"';
}

static uint32_t read_unit(const char *digits)
{
    uint32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        const char c = digits[i];
        unit = unit << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

static size_t write_utf8(uint32_t code, char out[4])
{
    const size_t more = code < 0x80u ? 0 : code < 0x800u ? 1 : code < 0x10000u ? 2 : 3;
    static const uint8_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
    out[0] = (char)(first[more] | code >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80u | (code >> 6 * (more - i) & 0x3fu));
    return more + 1;
}

/* The character of the escape at a place, which is then after it. */
static uint32_t read_escape(struct ward_text value, size_t *at)
{
    static const char letters[] = "bfnrt";
    static const char meanings[] = "\b\f\n\r\t";
    const char letter = value.data[*at + 1];
    const char *const known = strchr(letters, letter);
    *at += 2;
    if (letter != 'u')
        return (uint32_t)(known != NULL ? meanings[known - letters] : letter);
    uint32_t code = read_unit(value.data + *at);
    *at += 4;
    if ((code & 0xfc00u) == 0xd800u) {
        code = 0x10000u + ((code & 0x3ffu) << 10) + (read_unit(value.data + *at + 2) & 0x3ffu);
        *at += 6;
    }
    return code;
}

struct ward_text json_string(struct ward_text value, char *out, size_t size)
{
    size_t length = 0;
    for (size_t at = 1; json_is_string(value) && at + 1 < value.length;) {
        char piece[4] = { value.data[at] };
        size_t bytes = 1;
        if (value.data[at] == '\\')
            bytes = write_utf8(read_escape(value, &at), piece);
        else
            at++;
        if (length + bytes > size)
            break;
        memcpy(out + length, piece, bytes);
        length += bytes;
    }
    return ward_text_of(out, length);
}
