/* SPDX-License-Identifier: Apache-2.0 */
/* What a token says of itself, read without any check of who wrote it: for messages to people, never to decide. */
#ifndef WARD_TOOL_TOKEN_VIEW_H
#define WARD_TOOL_TOKEN_VIEW_H

#include "tool.h"

/** The parts of a compact token. */
enum token_part_name { HEADER, CLAIMS, SIGNATURE, PARTS };

/** One part. */
struct token_part {
    struct ward_text text;     /**< as it was typed */
    size_t wrong;              /**< place of the first character that is not base64url's; text.length: none */
    bool decoded;              /**< it is base64url, and `json` is what it stands for */
    struct ward_text json;     /**< of the signature: empty */
    struct ward_status status; /**< of the JSON's grammar: WARD_OK or WARD_JSON_… */
    size_t broken;             /**< bytes of the JSON before the one that breaks it */
};

/** A copy of a token, taken apart. The caller's. */
struct token_view {
    size_t length; /**< bytes that were typed; where they are too many, nothing else is known */
    size_t segments;
    struct token_part part[PARTS]; /**< of three segments; else empty */
    char text[WARD_MAX_TOKEN];
    char json[2][WARD_MAX_TOKEN];
};

/** Takes a token apart, before ward_verify() consumes it. */
void view_token(struct token_view *view, const char *token, size_t length);

/** A part's member as it stands there, a string with its quotes; empty where there is none or the part is not a JSON
 * object. */
struct ward_text view_member(const struct token_view *view, enum token_part_name part, struct ward_text name);

/** Item `number` of an array as it stands there; empty after the last. */
struct ward_text json_item(struct ward_text array, size_t number);

/** Whether a value is a string. */
bool json_is_string(struct ward_text value);

/** A string's text, as much of it as fits. */
struct ward_text json_string(struct ward_text value, char *out, size_t size);

/**
 * Where a text breaks the grammar of JSON, as the scanner of ward sees it.
 *
 * @param broken  bytes before the one that breaks it; all of them where it ends too early
 *
 * @retval WARD_OK, WARD_JSON_MALFORMED, WARD_JSON_BYTE_ORDER_MARK, WARD_JSON_NOT_UTF8, WARD_JSON_TOO_DEEP
 */
struct ward_status json_grammar(struct ward_text json, size_t *broken);

#endif
