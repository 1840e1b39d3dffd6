/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 14 --no-array-field-sensitivity -DWARD_HOSTED=0 src/encoding/utf8.c */
/* The JSON scanner and the table that is made with it, of texts of any length, by induction: whatever state under
 * `is_reachable` they are in, the next byte, whichever it is, reads and writes nothing outside scanner, text and table,
 * and leaves such a state. What is passed over as plain is within the text and is what the scanner would have taken one
 * by one. Texts of up to 9 bytes stand for what is left of any; tables of up to 3 values, with any count of those that
 * found no room. */
#include "../../src/encoding/json_scan.c"
#include "../../src/encoding/json.c"
#include "prove.h"

enum { LONGEST = 9, MOST = 3 };

/* Texts and tables end where these end. */
static char texts[LONGEST];
static uint32_t tables[WARD_JSON_WORDS * MOST];
static char rest[5];

static bool is_in_string(const struct ward_json_scan *scan)
{
    return scan->state >= STRING && scan->state <= SECOND_LETTER;
}

static bool fits_its_container(const struct ward_json_scan *scan)
{
    switch (scan->state) {
    case FIRST_MEMBER:
    case NAME:
    case COLON: return scan->depth > 0 && in_object(scan);
    case FIRST_ITEM: return scan->depth > 0 && !in_object(scan);
    default: return !is_in_string(scan) || scan->name == 0 || (scan->depth > 0 && in_object(scan));
    }
}

/* What a scanner is that has refused nothing. */
static bool is_scanning(const struct ward_json_scan *scan)
{
    if (scan->state > LITERAL || scan->depth > WARD_MAX_JSON_DEPTH || scan->name > 1 ||
        scan->text_length > sizeof scan->text)
        return false;
    if (scan->state == CHARACTER && (scan->left < 1 || scan->left > 3))
        return false;
    if (scan->state == HEX && (scan->left < 1 || scan->left > 4))
        return false;
    if (scan->surrogate != 0 && (scan->surrogate & 0xfc00u) != 0xd800u)
        return false;
    return fits_its_container(scan);
}

/* And the table that it makes: a value has begun where something is open. */
static bool is_reachable(const struct making *making)
{
    const struct ward_json_scan *const scan = &making->scan;
    return is_scanning(scan) && ((scan->depth == 0 && !is_in_string(scan)) || making->count > 0);
}

/* The next byte, at any place of the text. */
static void take_one(struct making *making)
{
    struct ward_json_scan *const scan = &making->scan;
    const unsigned depth = scan->depth;
    const size_t at = any_size();
    ASSUME(at < making->length);
    if (!ward_ok(ward_json_scan_byte(scan, making->text[at])))
        return;
    const bool begins = scan->event == WARD_JSON_OBJECT_BEGIN || scan->event == WARD_JSON_ARRAY_BEGIN;
    const bool ends = scan->event == WARD_JSON_OBJECT_END || scan->event == WARD_JSON_ARRAY_END;
    ASSERT(scan->depth == depth + (begins ? 1u : 0u) - (ends ? 1u : 0u));
    ASSERT(scan->event <= WARD_JSON_SCALAR_BEGIN);
    take_event(making, at);
    ASSERT(is_reachable(making));
    ASSERT(scan->state != LITERAL || *scan->literal != 0);
    POSSIBLE(scan->depth == WARD_MAX_JSON_DEPTH && begins);
    POSSIBLE(scan->depth == 0 && ends);
    POSSIBLE(scan->event == WARD_JSON_STRING_TEXT && scan->text_length == 4);
    POSSIBLE(scan->event == WARD_JSON_STRING_END && making->count <= making->capacity);
}

/* What is passed over. */
static void take_plain(const struct ward_json_scan *before, const char *text, size_t length)
{
    const size_t count = ward_json_scan_plain(before, text, length);
    const size_t at = any_size();
    struct ward_json_scan scan = *before;
    ASSERT(count <= length);
    POSSIBLE(count == LONGEST);
    if (at >= count)
        return;
    ASSERT(before->state == STRING);
    ASSERT(ward_ok(ward_json_scan_byte(&scan, text[at])));
    ASSERT(scan.event == WARD_JSON_STRING_TEXT && scan.text_length == 1 && scan.text[0] == text[at]);
    ASSERT(scan.state == STRING && scan.depth == before->depth && scan.nesting == before->nesting &&
           scan.name == before->name);
    ASSERT(scan.surrogate == before->surrogate);
}

int main(void)
{
    struct making making;
    struct ward_json_scan begun;
    ward_json_scan_begin(&begun);
    ASSERT(is_scanning(&begun) && begun.depth == 0 && !is_in_string(&begun));
    ward_json_scan_begin_string(&begun);
    ASSERT(is_scanning(&begun));
    ASSUME(making.length <= LONGEST && making.capacity <= MOST);
    making.text = texts + (LONGEST - making.length);
    making.values = tables + WARD_JSON_WORDS * (MOST - making.capacity);
    for (unsigned i = 0; i < LONGEST; i++)
        texts[i] = (char)any_byte();
    ASSUME(is_reachable(&making) && making.count < SIZE_MAX);
    /* Of a literal something is left, and a NUL ends it. */
    const size_t left = any_size();
    for (unsigned i = 0; i < sizeof rest - 1; i++)
        rest[i] = (char)any_byte();
    ASSUME(left < sizeof rest - 1 && rest[left] != '\0');
    making.scan.literal = rest + left;
    if (any_byte() != 0)
        take_one(&making);
    else
        take_plain(&making.scan, making.text, making.length);
    return 0;
}
