/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON text and its values, for those that make the table and those that ask it: see json.h. */
#ifndef WARD_ENCODING_JSON_VALUE_H
#define WARD_ENCODING_JSON_VALUE_H

#include <stddef.h>
#include <stdint.h>

/** 32-bit words that one value takes in a table. */
#define WARD_JSON_WORDS 4

/** A text and the table of its values. Value 0 is the outermost one. */
struct ward_json {
    const char *text;
    const uint32_t *values;
    size_t count;
};

/** Types of values. */
enum ward_json_kind {
    WARD_JSON_NONE = 0, /**< no value */
    WARD_JSON_TEXT = 1,
    WARD_JSON_NUMBER = 2,
    WARD_JSON_BOOLEAN = 3,
    WARD_JSON_NULL = 4,
    WARD_JSON_OBJECT = 5,
    WARD_JSON_ARRAY = 6
};

#endif
