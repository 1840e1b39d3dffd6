/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/json_scan.h"

#include <string.h>

#include "encoding/utf8.h"

enum state {
    /* Between values. */
    VALUE,        /* a value must come */
    FIRST_ITEM,   /* a value or the end of the array */
    FIRST_MEMBER, /* a name or the end of the object */
    NAME,         /* a name must come */
    COLON,        /* a colon must come */
    AFTER_VALUE,  /* a comma or the end of the container; at depth 0 only space */
    /* In a string. */
    STRING,
    CHARACTER,     /* in the middle of a UTF-8 character */
    ESCAPE,        /* after a backslash */
    HEX,           /* in the four digits of \u */
    SECOND_ESCAPE, /* a high surrogate: a backslash must come */
    SECOND_LETTER, /* and a u */
    /* In a number; those that may be its end are ZERO, INTEGER, FRACTION and EXPONENT. */
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    EXPONENT_SIGN,
    EXPONENT_FIRST,
    EXPONENT,
    /* In true, false or null. */
    LITERAL
};

WARD_STATIC_ASSERT(WARD_MAX_JSON_DEPTH <= 16, "one bit of nesting a level");

static struct ward_status ok(void)
{
    return ward_status_of(WARD_OK);
}

static struct ward_status malformed(void)
{
    return ward_status_of(WARD_JSON_MALFORMED);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool in_object(const struct ward_json_scan *scan)
{
    return (scan->nesting & 1u) != 0u;
}

static struct ward_status open_container(struct ward_json_scan *scan, bool object)
{
    if (scan->depth >= WARD_MAX_JSON_DEPTH)
        return ward_status_of(WARD_JSON_TOO_DEEP);
    scan->depth++;
    scan->nesting = (uint16_t)((uint32_t)scan->nesting << 1 | (object ? 1u : 0u));
    scan->state = object ? FIRST_MEMBER : FIRST_ITEM;
    scan->event = object ? WARD_JSON_OBJECT_BEGIN : WARD_JSON_ARRAY_BEGIN;
    return ok();
}

static struct ward_status close_container(struct ward_json_scan *scan, bool object)
{
    if (scan->depth == 0 || in_object(scan) != object)
        return malformed();
    scan->depth--;
    scan->nesting >>= 1;
    scan->state = AFTER_VALUE;
    scan->event = object ? WARD_JSON_OBJECT_END : WARD_JSON_ARRAY_END;
    return ok();
}

static struct ward_status open_string(struct ward_json_scan *scan, bool name)
{
    scan->name = name ? 1 : 0;
    scan->state = STRING;
    scan->event = WARD_JSON_STRING_BEGIN;
    return ok();
}

static struct ward_status open_literal(struct ward_json_scan *scan, char c)
{
    switch (c) {
    case 't': scan->literal = "rue"; break;
    case 'f': scan->literal = "alse"; break;
    case 'n': scan->literal = "ull"; break;
    case '\xef': return ward_status_of(scan->depth == 0 ? WARD_JSON_BYTE_ORDER_MARK : WARD_JSON_MALFORMED);
    default: return malformed();
    }
    scan->state = LITERAL;
    scan->event = WARD_JSON_SCALAR_BEGIN;
    return ok();
}

static struct ward_status open_value(struct ward_json_scan *scan, char c)
{
    switch (c) {
    case '{': return open_container(scan, true);
    case '[': return open_container(scan, false);
    case '"': return open_string(scan, false);
    case '-': scan->state = MINUS; break;
    case '0': scan->state = ZERO; break;
    default:
        if (!is_digit(c))
            return open_literal(scan, c);
        scan->state = INTEGER;
        break;
    }
    scan->event = WARD_JSON_SCALAR_BEGIN;
    return ok();
}

static struct ward_status after_value(struct ward_json_scan *scan, char c)
{
    if (c == '}')
        return close_container(scan, true);
    if (c == ']')
        return close_container(scan, false);
    if (c != ',' || scan->depth == 0)
        return malformed();
    scan->state = in_object(scan) ? NAME : VALUE;
    return ok();
}

static struct ward_status member_byte(struct ward_json_scan *scan, char c)
{
    if (c == '"')
        return open_string(scan, true);
    if (c == '}' && scan->state == FIRST_MEMBER)
        return close_container(scan, true);
    return malformed();
}

static struct ward_status structure_byte(struct ward_json_scan *scan, char c)
{
    if (is_space(c))
        return ok();
    switch (scan->state) {
    case AFTER_VALUE: return after_value(scan, c);
    case COLON: scan->state = VALUE; return c == ':' ? ok() : malformed();
    case FIRST_MEMBER:
    case NAME: return member_byte(scan, c);
    case FIRST_ITEM:
        if (c == ']')
            return close_container(scan, false);
        return open_value(scan, c);
    default: return open_value(scan, c);
    }
}

static struct ward_status give_text(struct ward_json_scan *scan, uint32_t code_point)
{
    scan->text_length = (uint8_t)ward_utf8_write(code_point, scan->text);
    scan->state = STRING;
    scan->event = WARD_JSON_STRING_TEXT;
    return ok();
}

static struct ward_status give_byte(struct ward_json_scan *scan, char c)
{
    scan->text[0] = c;
    scan->text_length = 1;
    scan->event = WARD_JSON_STRING_TEXT;
    return ok();
}

static struct ward_status character_byte(struct ward_json_scan *scan, char c)
{
    const uint8_t byte = (uint8_t)c;
    if (byte < scan->low || byte > scan->high)
        return ward_status_of(WARD_JSON_NOT_UTF8);
    scan->low = 0x80;
    scan->high = 0xbf;
    scan->left--;
    if (scan->left == 0)
        scan->state = STRING;
    return give_byte(scan, c);
}

static struct ward_status string_byte(struct ward_json_scan *scan, char c)
{
    struct ward_utf8_rest rest;
    const uint8_t byte = (uint8_t)c;
    if (c == '"') {
        scan->state = scan->name != 0 ? COLON : AFTER_VALUE;
        scan->event = WARD_JSON_STRING_END;
        return ok();
    }
    if (c == '\\') {
        scan->state = ESCAPE;
        return ok();
    }
    if (byte < 0x20u)
        return malformed();
    if (byte >= 0x80u) {
        if (!ward_utf8_first(byte, &rest))
            return ward_status_of(WARD_JSON_NOT_UTF8);
        scan->left = rest.left;
        scan->low = rest.low;
        scan->high = rest.high;
        scan->state = CHARACTER;
    }
    return give_byte(scan, c);
}

static struct ward_status open_hex(struct ward_json_scan *scan)
{
    scan->state = HEX;
    scan->left = 4;
    scan->unit = 0;
    return ok();
}

static struct ward_status escape_byte(struct ward_json_scan *scan, char c)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (c == 'u')
        return open_hex(scan);
    for (size_t i = 0; i < sizeof letters - 1; i++)
        if (letters[i] == c)
            return give_text(scan, (uint32_t)meanings[i]);
    return malformed();
}

/* The four digits are complete: a character, or one half of one. */
static struct ward_status code_unit(struct ward_json_scan *scan)
{
    const uint32_t unit = scan->unit;
    const bool low = (unit & 0xfc00u) == 0xdc00u;
    if (scan->surrogate != 0) {
        const uint32_t high = scan->surrogate;
        scan->surrogate = 0;
        if (!low)
            return ward_status_of(WARD_JSON_NOT_UTF8);
        return give_text(scan, 0x10000u + ((high & 0x3ffu) << 10) + (unit & 0x3ffu));
    }
    if (low)
        return ward_status_of(WARD_JSON_NOT_UTF8);
    if ((unit & 0xfc00u) == 0xd800u) {
        scan->surrogate = (uint16_t)unit;
        scan->state = SECOND_ESCAPE;
        return ok();
    }
    return give_text(scan, unit);
}

static struct ward_status hex_byte(struct ward_json_scan *scan, char c)
{
    const char letter = (char)(c | 0x20);
    uint32_t digit;
    if (is_digit(c))
        digit = (uint32_t)(c - '0');
    else if (letter >= 'a' && letter <= 'f')
        digit = (uint32_t)(letter - 'a') + 10u;
    else
        return malformed();
    scan->unit = (uint16_t)((uint32_t)scan->unit << 4 | digit);
    scan->left--;
    return scan->left == 0 ? code_unit(scan) : ok();
}

/* A high surrogate is not a character: only an escaped low one may follow. */
static struct ward_status second_escape(struct ward_json_scan *scan, char c)
{
    if (scan->state == SECOND_ESCAPE && c == '\\') {
        scan->state = SECOND_LETTER;
        return ok();
    }
    if (scan->state == SECOND_LETTER && c == 'u')
        return open_hex(scan);
    return ward_status_of(WARD_JSON_NOT_UTF8);
}

/* The state after one more digit of a number; AFTER_VALUE where none may follow. */
static uint8_t digit_state(uint8_t state, char c)
{
    switch (state) {
    case MINUS: return c == '0' ? ZERO : INTEGER;
    case ZERO: return AFTER_VALUE;
    case POINT: return FRACTION;
    case EXPONENT_SIGN:
    case EXPONENT_FIRST: return EXPONENT;
    default: return state;
    }
}

static bool is_whole(uint8_t state)
{
    return state == ZERO || state == INTEGER;
}

static bool is_mantissa(uint8_t state)
{
    return is_whole(state) || state == FRACTION;
}

/* The state after one more byte of a number; AFTER_VALUE where the byte does not belong to it. */
static uint8_t number_state(uint8_t state, char c)
{
    if (is_digit(c))
        return digit_state(state, c);
    switch (c) {
    case '.': return is_whole(state) ? POINT : AFTER_VALUE;
    case 'e':
    case 'E': return is_mantissa(state) ? EXPONENT_SIGN : AFTER_VALUE;
    case '+':
    case '-': return state == EXPONENT_SIGN ? EXPONENT_FIRST : AFTER_VALUE;
    default: return AFTER_VALUE;
    }
}

static bool number_may_end(uint8_t state)
{
    return state == ZERO || state == INTEGER || state == FRACTION || state == EXPONENT;
}

static struct ward_status number_byte(struct ward_json_scan *scan, char c)
{
    const uint8_t next = number_state(scan->state, c);
    if (next == AFTER_VALUE) {
        if (!number_may_end(scan->state))
            return malformed();
        scan->state = AFTER_VALUE;
        return structure_byte(scan, c);
    }
    scan->state = next;
    return ok();
}

static struct ward_status literal_byte(struct ward_json_scan *scan, char c)
{
    if (c != *scan->literal)
        return malformed();
    scan->literal++;
    if (*scan->literal == '\0')
        scan->state = AFTER_VALUE;
    return ok();
}

void ward_json_scan_begin(struct ward_json_scan *scan)
{
    memset(scan, 0, sizeof *scan);
    scan->state = VALUE;
}

void ward_json_scan_begin_string(struct ward_json_scan *scan)
{
    ward_json_scan_begin(scan);
    scan->state = STRING;
}

struct ward_status ward_json_scan_byte(struct ward_json_scan *scan, char byte)
{
    scan->event = WARD_JSON_NOTHING;
    switch (scan->state) {
    case STRING: return string_byte(scan, byte);
    case CHARACTER: return character_byte(scan, byte);
    case ESCAPE: return escape_byte(scan, byte);
    case HEX: return hex_byte(scan, byte);
    case SECOND_ESCAPE:
    case SECOND_LETTER: return second_escape(scan, byte);
    case LITERAL: return literal_byte(scan, byte);
    default: return scan->state >= MINUS ? number_byte(scan, byte) : structure_byte(scan, byte);
    }
}

/* Whether none of four characters means anything inside a string. The first of them that does sets its highest bit in one of the
 * four terms: one above 0x7f, one below 0x20, a quote, a backslash. */
static bool are_four_plain(const char *text)
{
    uint32_t four = 0;
    memcpy(&four, text, sizeof four);
    const uint32_t signs = four | (four - 0x20202020u) | ((four ^ 0x22222222u) - 0x01010101u) |
                           ((four ^ 0x5c5c5c5cu) - 0x01010101u);
    return (signs & 0x80808080u) == 0u;
}

size_t ward_json_scan_plain(const struct ward_json_scan *scan, const char *text, size_t length)
{
    size_t count = 0;
    if (scan->state != STRING)
        return 0;
    while (length - count >= sizeof(uint32_t) && are_four_plain(text + count))
        count += sizeof(uint32_t);
    while (count < length && (uint8_t)text[count] >= 0x20u && (uint8_t)text[count] < 0x80u && text[count] != '"' &&
           text[count] != '\\')
        count++;
    return count;
}

struct ward_status ward_json_scan_end(const struct ward_json_scan *scan)
{
    const bool complete = scan->state == AFTER_VALUE || number_may_end(scan->state);
    if (complete && scan->depth == 0)
        return ok();
    return malformed();
}
