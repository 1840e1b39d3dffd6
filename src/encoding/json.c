#include "encoding/json.h"

#include <string.h>

#include "encoding/json_scan.h"

/* Not its strict mode: the scanner has checked the grammar, and strict jsmn refuses a lone scalar. */
#define JSMN_STATIC
#include "jsmn.h"

WARD_STATIC_ASSERT(sizeof(jsmntok_t) == WARD_JSON_WORDS * sizeof(uint32_t), "a value of the table is one jsmn token");

static jsmntok_t *tokens_of(uint32_t *values)
{
    return (jsmntok_t *)(void *)values;
}

static const jsmntok_t *token_of(const struct ward_json *json, size_t value)
{
    return (const jsmntok_t *)(const void *)json->values + value;
}

/* `escaped` becomes true if there is any backslash: it can only be inside a string. */
static struct ward_status scan_all(const char *text, size_t length, bool *escaped)
{
    struct ward_json_scan scan;
    ward_json_scan_begin(&scan);
    *escaped = false;
    for (size_t i = 0; i < length; i++) {
        /* Most of a token is the inside of strings. */
        i += ward_json_scan_plain(&scan, text + i, length - i);
        const struct ward_status status =
            i < length ? ward_json_scan_byte(&scan, text[i]) : ward_status_of(WARD_JSON_MALFORMED);
        if (!ward_ok(status))
            return status;
        *escaped = *escaped || text[i] == '\\';
    }
    return ward_json_scan_end(&scan);
}

/* The string was scanned before: only its escapes are left to do. */
static struct ward_status unescape(char *text, jsmntok_t *token)
{
    struct ward_json_scan scan;
    char *const end = text + token->end;
    char *const begin = text + token->start;
    char *out = begin;
    ward_json_scan_begin_string(&scan);
    for (const char *in = begin; in < end; in++) {
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
    token->end = (int)(out - text);
    return ward_status_of(WARD_OK);
}

static struct ward_status unescape_all(const struct ward_json *json, char *text, uint32_t *values)
{
    for (size_t value = 0; value < json->count; value++) {
        if (ward_json_type(json, value) != WARD_CLAIM_TEXT)
            continue;
        const struct ward_status status = unescape(text, tokens_of(values) + value);
        /* GCOV_EXCL_START: see unescape() */
        if (!ward_ok(status))
            return status;
        /* GCOV_EXCL_STOP */
    }
    return ward_status_of(WARD_OK);
}

/* ---- Names that an object has twice. */

enum {
    /* Lists of an object's names by a number made from their bytes: a power of two. */
    LISTS = 64,
    /* Bits of that number. */
    LIST_BITS = 6
};

static size_t list_of(struct ward_text name)
{
    uint32_t bytes = 0;
    for (size_t i = 0; i < name.length; i++)
        bytes = bytes * 33u + (uint8_t)name.data[i];
    /* Knuth's multiplicative hashing: the highest bits depend on all bytes. */
    return (bytes * 2654435769u) >> (32 - LIST_BITS);
}

/*
 * Each name is compared with those of its list only: with all before it, an object of many members that begin alike would cost
 * their number squared. A list lies in the names' values, where jsmn has counted their one value: each has the one before it.
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
        for (size_t other = *list; other > 0; other = (size_t)token_of(json, other)->size)
            if (ward_text_equal(ward_json_text(json, other), text))
                return true;
        tokens_of(values)[name].size = *list;
        *list = (uint16_t)name;
        name = ward_json_after(json, name + 1);
    }
    return false;
}

static struct ward_status refuse_duplicates(const struct ward_json *json, uint32_t *values)
{
    for (size_t value = 0; value < json->count; value++)
        if (ward_json_type(json, value) == WARD_CLAIM_OBJECT && has_duplicate(json, values, value))
            return ward_status_of(WARD_JSON_DUPLICATE_MEMBER);
    return ward_status_of(WARD_OK);
}

/* ---- */

struct ward_status ward_json_parse(struct ward_json *json, char *text, size_t length, uint32_t *values, size_t capacity)
{
    jsmn_parser parser;
    struct ward_json parsed = { text, values, 0 };
    bool escaped;
    struct ward_status status = scan_all(text, length, &escaped);
    if (!ward_ok(status))
        return status;
    jsmn_init(&parser);
    const int count = jsmn_parse(&parser, text, length, tokens_of(values), (unsigned int)capacity);
    if (count == JSMN_ERROR_NOMEM)
        return ward_status_of(WARD_JSON_TOO_MANY_VALUES);
    /* GCOV_EXCL_START: jsmn is looser than the scanner; should it ever find something wrong, the text is refused */
    if (count <= 0)
        return ward_status_of(WARD_JSON_MALFORMED);
    /* GCOV_EXCL_STOP */
    parsed.count = (size_t)count;
    if (escaped)
        status = unescape_all(&parsed, text, values);
    /* GCOV_EXCL_START: see unescape() */
    if (!ward_ok(status))
        return status;
    /* GCOV_EXCL_STOP */
    status = refuse_duplicates(&parsed, values);
    if (ward_ok(status))
        *json = parsed;
    return status;
}

static enum ward_claim_type scalar_type(char first)
{
    switch (first) {
    case 't':
    case 'f': return WARD_CLAIM_BOOLEAN;
    case 'n': return WARD_CLAIM_NULL;
    default: return WARD_CLAIM_NUMBER;
    }
}

enum ward_claim_type ward_json_type(const struct ward_json *json, size_t value)
{
    switch (token_of(json, value)->type) {
    case JSMN_OBJECT: return WARD_CLAIM_OBJECT;
    case JSMN_ARRAY: return WARD_CLAIM_ARRAY;
    case JSMN_STRING: return WARD_CLAIM_TEXT;
    default: return scalar_type(json->text[token_of(json, value)->start]);
    }
}

struct ward_text ward_json_text(const struct ward_json *json, size_t value)
{
    const jsmntok_t *token = token_of(json, value);
    return ward_text_of(json->text + token->start, (size_t)(token->end - token->start));
}

size_t ward_json_size(const struct ward_json *json, size_t value)
{
    const jsmntok_t *token = token_of(json, value);
    return token->type == JSMN_OBJECT || token->type == JSMN_ARRAY ? (size_t)token->size : 0;
}

size_t ward_json_after(const struct ward_json *json, size_t value)
{
    const int end = token_of(json, value)->end;
    size_t next = value + 1;
    while (next < json->count && token_of(json, next)->start < end)
        next++;
    return next;
}

static bool has_text(const struct ward_json *json, const jsmntok_t *token, struct ward_text text)
{
    return (size_t)(token->end - token->start) == text.length &&
           memcmp(json->text + token->start, text.data, text.length) == 0;
}

size_t ward_json_member(const struct ward_json *json, size_t object, struct ward_text name)
{
    const jsmntok_t *const container = token_of(json, object);
    size_t at = object + 1;
    if (container->type != JSMN_OBJECT)
        return 0;
    for (int i = 0; i < container->size; i++) {
        const jsmntok_t *const member = token_of(json, at);
        if (has_text(json, member, name))
            return at + 1;
        /* Behind a value with nothing in it comes the next name. */
        at = member[1].size == 0 ? at + 2 : ward_json_after(json, at + 1);
    }
    return 0;
}
