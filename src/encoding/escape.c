/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/utf8.h"
#include "ward/text.h"

/* A result that may be longer than its buffer: `length` goes on counting, `full` stops the writing. */
struct output {
    char *out;
    size_t size;
    size_t length;
    size_t written;
    bool full;
};

/* Whole pieces only, so that a cut never leaves half an escape or half a character. */
static void put(struct output *output, const char *piece, size_t length)
{
    output->length += length;
    if (output->full || output->size == 0 || length > output->size - 1 - output->written) {
        output->full = true;
        return;
    }
    memcpy(output->out + output->written, piece, length);
    output->written += length;
}

static void put_escape(struct output *output, uint32_t code_point)
{
    static const char digits[] = "0123456789abcdef";
    char escape[6] = { '\\', 'u' };
    for (size_t i = 0; i < 4; i++)
        escape[2 + i] = digits[(code_point >> (12 - 4 * i)) & 0xfu];
    put(output, escape, sizeof escape);
}

/* What beyond ASCII could move the cursor, reorder the line or end it: C1, bidirectional marks and isolates, line separators, BOM. */
static bool is_harmful(uint32_t code_point)
{
    return code_point <= 0x9fu || code_point == 0x61cu || (code_point >= 0x200eu && code_point <= 0x200fu) ||
           (code_point >= 0x2028u && code_point <= 0x202eu) || (code_point >= 0x2066u && code_point <= 0x2069u) ||
           code_point == 0xfeffu;
}

static void put_ascii(struct output *output, char c)
{
    const uint8_t byte = (uint8_t)c;
    const char pair[2] = { '\\', c };
    if (byte < 0x20u || byte == 0x7fu)
        put_escape(output, byte);
    else if (c == '"' || c == '\\')
        put(output, pair, 2);
    else
        put(output, &c, 1);
}

/* Length of the UTF-8 character at the begin of text, 0 if there is none; its code point. */
static size_t read_character(struct ward_text text, uint32_t *code_point)
{
    struct ward_utf8_rest rest;
    const uint8_t first = (uint8_t)text.data[0];
    if (!ward_utf8_first(first, &rest) || text.length <= rest.left)
        return 0;
    *code_point = first & (0x3fu >> rest.left);
    for (size_t i = 1; i <= rest.left; i++) {
        const uint8_t byte = (uint8_t)text.data[i];
        if (byte < rest.low || byte > rest.high)
            return 0;
        rest.low = 0x80;
        rest.high = 0xbf;
        *code_point = *code_point << 6 | (byte & 0x3fu);
    }
    return 1u + rest.left;
}

static size_t put_character(struct output *output, struct ward_text text)
{
    uint32_t code_point = 0;
    const size_t length = read_character(text, &code_point);
    if (length == 0) {
        put_escape(output, 0xfffd);
        return 1;
    }
    if (is_harmful(code_point))
        put_escape(output, code_point);
    else
        put(output, text.data, length);
    return length;
}

size_t ward_text_escape(struct ward_text text, char *out, size_t size)
{
    struct output output = { out, size, 0, 0, false };
    size_t at = 0;
    while (at < text.length) {
        if ((uint8_t)text.data[at] < 0x80u)
            put_ascii(&output, text.data[at++]);
        else
            at += put_character(&output, ward_text_of(text.data + at, text.length - at));
    }
    if (size > 0)
        out[output.written] = '\0';
    return output.length;
}
