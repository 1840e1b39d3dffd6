/* SPDX-License-Identifier: Apache-2.0 */
/* A text that was parsed before: its table is made again, without a look at its form. */
#include <string.h>

#include "encoding/json.h"
#include "encoding/json_table.h"

/* One making of a table, as json.c's, of a text that needs no scanner. */
struct remaking {
    const char *text;
    size_t length;
    uint32_t *values;
    size_t capacity;
    size_t count;                       /* also of values that there is no room for */
    size_t depth;                       /* containers that have begun and not ended */
    uint16_t open[WARD_MAX_JSON_DEPTH]; /* these, the outermost first */
    bool escaped;                       /* a string has a backslash */
};

/* A bit for each of four characters that is this one: it becomes zero, and only a zero borrows into its highest bit. */
static uint32_t zeros_of(uint32_t four)
{
    return (four - 0x01010101u) & ~four & 0x80808080u;
}

/* Where from a place on the next quote or backslash stands. */
static size_t next_sign(const struct remaking *making, size_t at)
{
    while (making->length - at >= sizeof(uint32_t)) {
        uint32_t four;
        memcpy(&four, making->text + at, sizeof four);
        if ((zeros_of(four ^ 0x22222222u) | zeros_of(four ^ 0x5c5c5c5cu)) != 0u)
            break;
        at += sizeof four;
    }
    while (at < making->length && making->text[at] != '"' && making->text[at] != '\\')
        at++;
    return at;
}

/* Where a string ends that begins at a place: at its quote. */
static size_t string_end(struct remaking *making, size_t begin)
{
    size_t at = next_sign(making, begin);
    while (making->length - at >= 2 && making->text[at] == '\\') {
        making->escaped = true;
        at = next_sign(making, at + 2);
    }
    return at;
}

static size_t scalar_end(const struct remaking *making, size_t begin)
{
    size_t end = begin;
    while (end < making->length && !ward_json_ends_scalar(making->text[end]))
        end++;
    return end;
}

static void add(struct remaking *making, enum ward_json_kind type, size_t begin, size_t end)
{
    /* Of an object names and values are counted until it ends. */
    if (making->depth > 0 && making->open[making->depth - 1] < making->capacity)
        ward_json_words_of(making->values, making->open[making->depth - 1])[JSON_SIZE]++;
    if (making->count < making->capacity) {
        uint32_t *const words = ward_json_words_of(making->values, making->count);
        words[JSON_TYPE] = type;
        words[JSON_BEGIN] = (uint32_t)begin;
        words[JSON_END] = (uint32_t)end;
        words[JSON_SIZE] = 0;
    }
    making->count++;
}

static void begin_container(struct remaking *making, enum ward_json_kind type, size_t at)
{
    add(making, type, at, at);
    making->open[making->depth] = (uint16_t)(making->count - 1);
    making->depth++;
}

static void end_container(struct remaking *making, size_t at)
{
    making->depth--;
    /* By a pointer, or gcc 12's analyzer takes what begin_container() has written for never written. */
    const uint16_t *const open = making->open;
    const size_t container = open[making->depth];
    if (container >= making->capacity)
        return;
    uint32_t *const words = ward_json_words_of(making->values, container);
    words[JSON_SIZE] >>= words[JSON_TYPE] == WARD_JSON_OBJECT ? 1 : 0;
    words[JSON_END] = (uint32_t)at + 1u;
    words[JSON_TYPE] |= (uint32_t)making->count << JSON_TYPE_BITS;
}

static size_t add_string(struct remaking *making, size_t begin)
{
    const size_t end = string_end(making, begin);
    add(making, WARD_JSON_TEXT, begin, end);
    return end;
}

/* A number, true, false or null; or what stands between two values. */
static size_t add_scalar(struct remaking *making, size_t at)
{
    const char c = making->text[at];
    if (c == ':' || ward_json_ends_scalar(c))
        return at;
    const size_t end = scalar_end(making, at);
    add(making, ward_json_scalar_type(c), at, end);
    return end - 1;
}

/* One value, the begin or the end of one, or what stands between two, at a place; its last byte. */
static size_t take(struct remaking *making, size_t at)
{
    switch (making->text[at]) {
    case '"': return add_string(making, at + 1);
    case '{': begin_container(making, WARD_JSON_OBJECT, at); return at;
    case '[': begin_container(making, WARD_JSON_ARRAY, at); return at;
    case '}':
    case ']': end_container(making, at); return at;
    default: return add_scalar(making, at);
    }
}

/* Whether the byte at a place would leave what is counted. No text that was parsed has one. */
static bool leaves(const struct remaking *making, size_t at)
{
    const char c = making->text[at];
    if (c == '}' || c == ']')
        return making->depth == 0;
    return (c == '{' || c == '[') && making->depth == WARD_MAX_JSON_DEPTH;
}

static struct ward_status make_table(struct remaking *making)
{
    size_t at = 0;
    while (at < making->length) {
        if (leaves(making, at))
            return ward_status_of(WARD_JSON_MALFORMED);
        at = take(making, at) + 1;
    }
    if (making->count > making->capacity)
        return ward_status_of(WARD_JSON_TOO_MANY_VALUES);
    return ward_status_of(making->depth == 0 && making->count > 0 ? WARD_OK : WARD_JSON_MALFORMED);
}

struct ward_status ward_json_read_again(struct ward_json *json, char *text, size_t length, uint32_t *values,
                                        size_t capacity)
{
    struct remaking making = { .text = text, .length = length, .values = values, .capacity = capacity };
    struct ward_status status = make_table(&making);
    const struct ward_json made = { text, values, making.count };
    if (ward_ok(status) && making.escaped)
        status = ward_json_unescape(&made, text, values);
    if (ward_ok(status))
        *json = made;
    return status;
}
