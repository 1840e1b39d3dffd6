/* SPDX-License-Identifier: Apache-2.0 */
/* How a table of JSON values is laid out: for the two files that make one. */
#ifndef WARD_ENCODING_JSON_TABLE_H
#define WARD_ENCODING_JSON_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "encoding/json_value.h"
#include "ward/status.h"

/** The words of a value in a table. */
enum {
    JSON_TYPE,  /**< one of enum ward_json_kind; of a container also the value after it, JSON_TYPE_BITS higher */
    JSON_BEGIN, /**< where it begins in the text; a string after its quote */
    JSON_END,   /**< the first byte that is not its own */
    JSON_SIZE   /**< members of an object, items of an array; of names see has_duplicate() in json.c */
};

/** Bits of JSON_TYPE below the value after a container. */
#define JSON_TYPE_BITS 16u

WARD_STATIC_ASSERT(JSON_SIZE + 1 == WARD_JSON_WORDS, "a value of the table has these words");

static inline uint32_t *ward_json_words_of(uint32_t *values, size_t value)
{
    return values + WARD_JSON_WORDS * value;
}

/** What begins with this byte and is neither container nor string. */
static inline enum ward_json_kind ward_json_scalar_type(char first)
{
    switch (first) {
    case 't':
    case 'f': return WARD_JSON_BOOLEAN;
    case 'n': return WARD_JSON_NULL;
    default: return WARD_JSON_NUMBER;
    }
}

/** What ends a number, true, false and null; whether it is a good one is the scanner's to say. */
static inline bool ward_json_ends_scalar(char c)
{
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/** Unescapes all strings of a table in their text. */
WARD_MUST_USE struct ward_status ward_json_unescape(const struct ward_json *json, char *text, uint32_t *values);

#endif
