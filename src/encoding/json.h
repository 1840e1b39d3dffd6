/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text that is complete, as a table of its values (RFC 8259).
 *
 * The text is scanned once, which makes the table; then its strings are unescaped in place. Both, and every walk over the
 * table, cost as much as the text has bytes and values, whatever these are. After that the table alone says where a value begins and
 * ends: nothing looks for syntax in the text again, so that an unescaped quote cannot become any.
 */
#ifndef WARD_ENCODING_JSON_H
#define WARD_ENCODING_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/status.h"
#include "ward/text.h"

/** 32-bit words that one value takes in a table. */
#define WARD_JSON_WORDS 4

/** A text and the table of its values. Value 0 is the outermost one. */
struct ward_json {
    const char *text;
    const uint32_t *values;
    size_t count;
};

/**
 * Checks the text, unescapes its strings in place and fills the table.
 *
 * @param json    written on WARD_OK; it refers to text and values
 * @param text    changed
 * @param values  room for `capacity` values of WARD_JSON_WORDS words each
 *
 * @retval WARD_OK                     json can be asked
 * @retval WARD_JSON_MALFORMED         not one whole JSON value
 * @retval WARD_JSON_BYTE_ORDER_MARK   it starts with a byte order mark
 * @retval WARD_JSON_NOT_UTF8          not UTF-8, or an escaped lone surrogate
 * @retval WARD_JSON_TOO_DEEP          nested deeper than WARD_MAX_JSON_DEPTH
 * @retval WARD_JSON_TOO_MANY_VALUES   more than capacity
 * @retval WARD_JSON_DUPLICATE_MEMBER  an object, at any depth, has a name twice after unescaping
 */
WARD_MUST_USE struct ward_status ward_json_parse(struct ward_json *json, char *text, size_t length, uint32_t *values,
                                                 size_t capacity);

/**
 * Does the same with a text that was parsed with WARD_OK before, exactly these bytes, and is not looked at for what cannot be in it: the
 * grammar, UTF-8, the depth, a name twice. Of any other text what it says means nothing, but nothing is read or written outside text
 * and values.
 *
 * @retval WARD_OK                    json can be asked, and answers as it did
 * @retval WARD_JSON_MALFORMED, WARD_JSON_TOO_MANY_VALUES  it cannot be such a text
 */
WARD_MUST_USE struct ward_status ward_json_read_again(struct ward_json *json, char *text, size_t length,
                                                      uint32_t *values, size_t capacity);

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

/** The type of a value. */
enum ward_json_kind ward_json_type(const struct ward_json *json, size_t value);

/** The bytes of a value: a string's unescaped text, another scalar's literal. */
struct ward_text ward_json_text(const struct ward_json *json, size_t value);

/** Members of an object, items of an array, 0 for anything else. */
size_t ward_json_size(const struct ward_json *json, size_t value);

/** The value after this one and all that is in it; json->count where there is none. */
size_t ward_json_after(const struct ward_json *json, size_t value);

/** The value of an object's member, or 0 where the object has none of this name: value 0 is never a member. */
size_t ward_json_member(const struct ward_json *json, size_t object, struct ward_text name);

#endif
