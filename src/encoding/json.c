/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/json.h"

#include <string.h>

#include "encoding/json_scan.h"
#include "encoding/json_table.h"

static uint32_t word_of(const struct ward_json *json, size_t value, unsigned word)
{
    return json->values[WARD_JSON_WORDS * value + word];
}

/* ---- The table. */

/* One making of a table, as the scanner goes over the text. */
struct making {
    const char *text;
    size_t length;
    uint32_t *values;
    size_t capacity;
    size_t count;                       /* also of values that there is no room for */
    uint16_t open[WARD_MAX_JSON_DEPTH]; /* the containers that have begun and not ended, the outermost first */
    struct ward_json_scan scan;
};

static size_t scalar_end(const struct making *making, size_t begin)
{
    size_t end = begin;
    while (end < making->length && !ward_json_ends_scalar(making->text[end]))
        end++;
    return end;
}

/* Of an object the names are counted, of an array the items. */
static void count_in(struct making *making, size_t container)
{
    if (container < making->capacity)
        ward_json_words_of(making->values, container)[JSON_SIZE]++;
}

static void add(struct making *making, enum ward_json_kind type, size_t begin, size_t end)
{
    if (making->count < making->capacity) {
        uint32_t *const words = ward_json_words_of(making->values, making->count);
        words[JSON_TYPE] = type;
        words[JSON_BEGIN] = (uint32_t)begin;
        words[JSON_END] = (uint32_t)end;
        words[JSON_SIZE] = 0;
    }
    making->count++;
}

/* A value of the container that is `depth` deep; 0: the outermost value. */
static void add_value(struct making *making, size_t depth, enum ward_json_kind type, size_t begin, size_t end)
{
    const bool in_array = depth > 0 && ((making->scan.nesting >> (making->scan.depth - depth)) & 1u) == 0u;
    if (in_array)
        count_in(making, making->open[depth - 1]);
    add(making, type, begin, end);
}

static void begin_container(struct making *making, enum ward_json_kind type, size_t at)
{
    const size_t depth = making->scan.depth;
    making->open[depth - 1] = (uint16_t)making->count;
    add_value(making, depth - 1, type, at, at);
}

static void end_container(struct making *making, size_t at)
{
    const size_t container = making->open[making->scan.depth];
    if (container >= making->capacity)
        return;
    uint32_t *const words = ward_json_words_of(making->values, container);
    words[JSON_END] = (uint32_t)at + 1u;
    words[JSON_TYPE] |= (uint32_t)making->count << JSON_TYPE_BITS;
}

static void begin_string(struct making *making, size_t at)
{
    const size_t depth = making->scan.depth;
    if (making->scan.name != 0)
        count_in(making, making->open[depth - 1]);
    add_value(making, depth, WARD_JSON_TEXT, at + 1, at + 1);
}

static void end_string(struct making *making, size_t at)
{
    if (making->count <= making->capacity)
        ward_json_words_of(making->values, making->count - 1)[JSON_END] = (uint32_t)at;
}

/* What the byte at a place has begun or ended. */
static void take_event(struct making *making, size_t at)
{
    switch (making->scan.event) {
    case WARD_JSON_OBJECT_BEGIN: begin_container(making, WARD_JSON_OBJECT, at); break;
    case WARD_JSON_ARRAY_BEGIN: begin_container(making, WARD_JSON_ARRAY, at); break;
    case WARD_JSON_OBJECT_END:
    case WARD_JSON_ARRAY_END: end_container(making, at); break;
    case WARD_JSON_STRING_BEGIN: begin_string(making, at); break;
    case WARD_JSON_STRING_END: end_string(making, at); break;
    case WARD_JSON_SCALAR_BEGIN:
        add_value(making, making->scan.depth, ward_json_scalar_type(making->text[at]), at, scalar_end(making, at));
        break;
    default: break;
    }
}

/* `escaped` becomes true if there is any backslash: it can only be inside a string. */
static struct ward_status make_table(struct making *making, bool *escaped)
{
    struct ward_json_scan *const scan = &making->scan;
    *escaped = false;
    ward_json_scan_begin(scan);
    for (size_t i = 0; i < making->length; i++) {
        /* Most of a token is the inside of strings. */
        if (scan->event == WARD_JSON_STRING_BEGIN || scan->event == WARD_JSON_STRING_TEXT)
            i += ward_json_scan_plain(scan, making->text + i, making->length - i);
        const struct ward_status status = i < making->length ? ward_json_scan_byte(scan, making->text[i])
                                                             : ward_status_of(WARD_JSON_MALFORMED);
        if (!ward_ok(status))
            return status;
        if (scan->event != WARD_JSON_NOTHING)
            take_event(making, i);
        else
            *escaped = *escaped || making->text[i] == '\\';
    }
    const struct ward_status status = ward_json_scan_end(scan);
    if (ward_ok(status) && making->count > making->capacity)
        return ward_status_of(WARD_JSON_TOO_MANY_VALUES);
    return status;
}

/* `json` is written on WARD_OK. */
static struct ward_status read_table(struct ward_json *json, const char *text, size_t length, uint32_t *values,
                                     size_t capacity, bool *escaped)
{
    struct making making = { .text = text, .length = length, .values = values, .capacity = capacity };
    const struct ward_status status = make_table(&making, escaped);
    const struct ward_json made = { text, values, making.count };
    if (ward_ok(status))
        *json = made;
    return status;
}

/* ---- Escapes. */

/* The string was scanned before: only its escapes are left to do. */
static struct ward_status unescape(char *text, uint32_t *words)
{
    struct ward_json_scan scan;
    const char *const end = text + words[JSON_END];
    char *out = text + words[JSON_BEGIN];
    ward_json_scan_begin_string(&scan);
    for (const char *in = out; in < end; in++) {
        const struct ward_status status = ward_json_scan_byte(&scan, *in);
        /* GCOV_EXCL_START: it was good when it was scanned; were it not, it would be refused */
        if (!ward_ok(status))
            return status;
        /* GCOV_EXCL_STOP */
        if (scan.event == WARD_JSON_STRING_TEXT) {
            memcpy(out, scan.text, scan.text_length);
            out += scan.text_length;
        }
    }
    const size_t written = (size_t)(out - text);
    words[JSON_END] = (uint32_t)written;
    return ward_status_of(WARD_OK);
}

struct ward_status ward_json_unescape(const struct ward_json *json, char *text, uint32_t *values)
{
    for (size_t value = 0; value < json->count; value++) {
        const struct ward_text own = ward_json_text(json, value);
        if (ward_json_type(json, value) != WARD_JSON_TEXT || memchr(own.data, '\\', own.length) == NULL)
            continue;
        const struct ward_status status = unescape(text, ward_json_words_of(values, value));
        /* GCOV_EXCL_START: see unescape() */
        if (!ward_ok(status))
            return status;
        /* GCOV_EXCL_STOP */
    }
    return ward_status_of(WARD_OK);
}

/* ---- Names that an object has twice. */

/* Lists of an object's names by a number of six bits that is made from their bytes. */
enum { LISTS = 64 };

static size_t list_of(struct ward_text name)
{
    uint32_t bytes = 0;
    for (size_t i = 0; i < name.length; i++)
        bytes = bytes * 33u + (uint8_t)name.data[i];
    /* Knuth's multiplicative hashing: the six highest bits depend on all bytes. */
    return (bytes * 2654435769u) >> 26;
}

/*
 * Each name is compared with those of its list only: with all before it, an object of many members that begin alike would cost
 * their number squared. A list lies in the names' own words: each has the one before it in place of a size.
 */
static bool has_duplicate(const struct ward_json *json, uint32_t *values, size_t object)
{
    uint16_t newest[LISTS];
    const size_t size = ward_json_size(json, object);
    size_t name = object + 1;
    memset(newest, 0, sizeof newest);
    for (size_t i = 0; i < size; i++) {
        const struct ward_text text = ward_json_text(json, name);
        uint16_t *const list = &newest[list_of(text)];
        for (size_t other = *list; other > 0; other = word_of(json, other, JSON_SIZE))
            if (ward_text_equal(ward_json_text(json, other), text))
                return true;
        ward_json_words_of(values, name)[JSON_SIZE] = *list;
        *list = (uint16_t)name;
        name = ward_json_after(json, name + 1);
    }
    return false;
}

static struct ward_status refuse_duplicates(const struct ward_json *json, uint32_t *values)
{
    for (size_t value = 0; value < json->count; value++)
        if (ward_json_type(json, value) == WARD_JSON_OBJECT && has_duplicate(json, values, value))
            return ward_status_of(WARD_JSON_DUPLICATE_MEMBER);
    return ward_status_of(WARD_OK);
}

/* ---- All of it. */

struct ward_status ward_json_parse(struct ward_json *json, char *text, size_t length, uint32_t *values, size_t capacity)
{
    struct ward_json parsed;
    bool escaped;
    struct ward_status status = read_table(&parsed, text, length, values, capacity, &escaped);
    if (!ward_ok(status))
        return status;
    if (escaped)
        status = ward_json_unescape(&parsed, text, values);
    /* GCOV_EXCL_START: see unescape() */
    if (!ward_ok(status))
        return status;
    /* GCOV_EXCL_STOP */
    status = refuse_duplicates(&parsed, values);
    if (ward_ok(status))
        *json = parsed;
    return status;
}

enum ward_json_kind ward_json_type(const struct ward_json *json, size_t value)
{
    const uint32_t type = word_of(json, value, JSON_TYPE) & 0xffu;
    return (enum ward_json_kind)type;
}

struct ward_text ward_json_text(const struct ward_json *json, size_t value)
{
    const size_t begin = word_of(json, value, JSON_BEGIN);
    return ward_text_of(json->text + begin, word_of(json, value, JSON_END) - begin);
}

size_t ward_json_size(const struct ward_json *json, size_t value)
{
    const enum ward_json_kind type = ward_json_type(json, value);
    return type == WARD_JSON_OBJECT || type == WARD_JSON_ARRAY ? word_of(json, value, JSON_SIZE) : 0;
}

size_t ward_json_after(const struct ward_json *json, size_t value)
{
    const size_t after = word_of(json, value, JSON_TYPE) >> JSON_TYPE_BITS;
    return after > 0 ? after : value + 1;
}

size_t ward_json_member(const struct ward_json *json, size_t object, struct ward_text name)
{
    size_t at = object + 1;
    if (ward_json_type(json, object) != WARD_JSON_OBJECT)
        return 0;
    for (size_t i = word_of(json, object, JSON_SIZE); i > 0; i--) {
        const uint32_t *const words = json->values + WARD_JSON_WORDS * at;
        /* Most names differ in their length: for each claim all names before it are passed over. */
        if (words[JSON_END] - words[JSON_BEGIN] == name.length && ward_text_equal(ward_json_text(json, at), name))
            return at + 1;
        at = ward_json_after(json, at + 1);
    }
    return 0;
}
