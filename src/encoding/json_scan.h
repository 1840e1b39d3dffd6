/* SPDX-License-Identifier: Apache-2.0 */
/* One incremental RFC 8259 scanner, for tokens and for the stream of a key set.
 *
 * It takes a byte at a time, checks the whole grammar, UTF-8 and the depth, and says after each byte what that byte
 * was: the begin or end of a container or string, the first byte of another scalar, or decoded text of a string.
 */
#ifndef WARD_ENCODING_JSON_SCAN_H
#define WARD_ENCODING_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "ward/private/json_scan.h"
#include "ward/status.h"

/** What the last byte was. */
enum ward_json_event {
    WARD_JSON_NOTHING,      /**< space, punctuation, the middle of something */
    WARD_JSON_OBJECT_BEGIN, /**< scan->depth counts it already */
    WARD_JSON_OBJECT_END,   /**< scan->depth does not count it any more */
    WARD_JSON_ARRAY_BEGIN,
    WARD_JSON_ARRAY_END,
    WARD_JSON_STRING_BEGIN, /**< scan->name says whether it is a member's name */
    WARD_JSON_STRING_TEXT,  /**< scan->text_length bytes of the unescaped string are in scan->text */
    WARD_JSON_STRING_END,
    WARD_JSON_SCALAR_BEGIN /**< a number, true, false or null */
};

/** Whether the last byte was the begin, text or end of a string. */
static inline bool ward_json_is_string(const struct ward_json_scan *scan)
{
    return scan->event >= WARD_JSON_STRING_BEGIN && scan->event <= WARD_JSON_STRING_END;
}

/** Whether it was so of a string that is a member's name. */
static inline bool ward_json_is_name(const struct ward_json_scan *scan)
{
    return ward_json_is_string(scan) && scan->name != 0;
}

/** Starts before any value. */
void ward_json_scan_begin(struct ward_json_scan *scan);

/** Starts inside a string that was scanned before: what ward_json_scan_byte() then gives is its text. */
void ward_json_scan_begin_string(struct ward_json_scan *scan);

/**
 * Takes the next byte. After a refusal the scanner must not be used any more.
 *
 * @retval WARD_OK              scan->event says what it was
 * @retval WARD_JSON_MALFORMED  the grammar does not allow this byte here
 * @retval WARD_JSON_BYTE_ORDER_MARK  that of a byte order mark, where the outermost value was to start
 * @retval WARD_JSON_NOT_UTF8   not UTF-8, or an escaped lone surrogate
 * @retval WARD_JSON_TOO_DEEP   one level more than WARD_MAX_JSON_DEPTH
 */
WARD_MUST_USE struct ward_status ward_json_scan_byte(struct ward_json_scan *scan, char byte);

/**
 * How many bytes at the begin of `text` are plain characters of the string that the scanner is in: 0 where it is in none.
 * They may be passed over; they change nothing and their events are all WARD_JSON_STRING_TEXT.
 */
size_t ward_json_scan_plain(const struct ward_json_scan *scan, const char *text, size_t length);

/**
 * Ends the text.
 *
 * @retval WARD_OK              exactly one value was there
 * @retval WARD_JSON_MALFORMED  it is not complete
 */
WARD_MUST_USE struct ward_status ward_json_scan_end(const struct ward_json_scan *scan);

#endif
