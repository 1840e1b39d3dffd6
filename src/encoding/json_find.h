/* SPDX-License-Identifier: Apache-2.0 */
/* Where containers lie in JSON text that is too long for a table of its values. The text stays as it is. */
#ifndef WARD_ENCODING_JSON_FIND_H
#define WARD_ENCODING_JSON_FIND_H

#include "encoding/json_scan.h"
#include "ward/text.h"

/** Part of a text, from its first byte to the one after its last. */
struct ward_json_part {
    size_t begin;
    size_t end; /**< begin: what begins there is no container */
};

/**
 * Finds a member of the outermost object; of several that have the name the last one.
 *
 * @param value  written on WARD_OK
 *
 * @retval WARD_OK             an object or array is all of `value`; anything else begins there
 * @retval WARD_CLAIM_MISSING  the text has none, or is no object
 * @retval WARD_JSON_…         it is no JSON: what the scanner said
 */
WARD_MUST_USE struct ward_status ward_json_find(const char *text, size_t length, struct ward_text name,
                                                struct ward_json_part *value);

/**
 * The next object of an array: from the start of the text, a whole array, or from the end of the item before.
 *
 * @param scan  of ward_json_scan_begin() before the first; the walk's
 * @param item  before the first zeroed; written on WARD_OK
 *
 * @retval WARD_OK              there it is
 * @retval WARD_CLAIM_MISSING   there is no other
 * @retval WARD_JSON_MALFORMED  the text is no array, or its next item no object
 */
WARD_MUST_USE struct ward_status ward_json_next_object(struct ward_json_scan *scan, const char *text, size_t length,
                                                       struct ward_json_part *item);

#endif
