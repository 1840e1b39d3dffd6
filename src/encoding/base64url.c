/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/base64url.h"

/* Set for what is not of the alphabet. */
enum { NONE = 128 };

#define FOUR_NONE NONE, NONE, NONE, NONE
#define NONES FOUR_NONE, FOUR_NONE, FOUR_NONE, FOUR_NONE

/* By the character itself, since a comparison for each would cost more than the table's 256 bytes are worth. */
static const uint8_t value_of[256] = { NONES, NONES,
                                       /* from the space on: - and the digits */
                                       FOUR_NONE, FOUR_NONE, FOUR_NONE, NONE, 62, NONE, NONE, 52, 53, 54, 55, 56, 57,
                                       58, 59, 60, 61, NONE, NONE, FOUR_NONE,
                                       /* from @ on */
                                       NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                                       21, 22, 23, 24, 25, FOUR_NONE, 63,
                                       /* from the grave accent on */
                                       NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44,
                                       45, 46, 47, 48, 49, 50, 51, NONE, FOUR_NONE,
                                       /* no ASCII */
                                       NONES, NONES, NONES, NONES, NONES, NONES, NONES, NONES };

void ward_base64url_begin(struct ward_base64url *decoder)
{
    decoder->held = 0;
    decoder->bits = 0;
}

enum ward_base64url_step ward_base64url_feed(struct ward_base64url *decoder, char character, uint8_t *byte)
{
    const uint32_t value = value_of[(uint8_t)character];
    if (value == NONE)
        return WARD_BASE64URL_INVALID;
    decoder->held = (decoder->held << 6) | value;
    decoder->bits = (uint8_t)(decoder->bits + 6u);
    if (decoder->bits < 8u)
        return WARD_BASE64URL_NOTHING;
    decoder->bits = (uint8_t)(decoder->bits - 8u);
    *byte = (uint8_t)(decoder->held >> decoder->bits);
    return WARD_BASE64URL_BYTE;
}

bool ward_base64url_end(const struct ward_base64url *decoder)
{
    const uint32_t unused = ((uint32_t)1 << decoder->bits) - 1u;
    return decoder->bits < 6u && (decoder->held & unused) == 0u;
}

size_t ward_base64url_span(const char *text, size_t length)
{
    const char *at = text;
    const char *const end = text + length;
    /* Four at a time, as below. */
    while (end - at >= 4 && ((value_of[(uint8_t)at[0]] | value_of[(uint8_t)at[1]] | value_of[(uint8_t)at[2]] |
                              value_of[(uint8_t)at[3]]) &
                             (uint32_t)NONE) == 0u)
        at += 4;
    while (at < end && value_of[(uint8_t)*at] != NONE)
        at++;
    return (size_t)(at - text);
}

size_t ward_base64url_decoded_length(size_t length)
{
    return length / 4u * 3u + length % 4u * 3u / 4u;
}

/* The last one to three characters: the second is the last of one byte, the third of another, and a lone one is of none. What bits
 * are left of them are zero. */
static bool decode_rest(const char *in, size_t length, uint8_t *out)
{
    uint32_t held = 0;
    for (size_t i = 0; i < length; i++) {
        const uint32_t value = value_of[(uint8_t)in[i]];
        if (value == NONE)
            return false;
        held = held << 6 | value;
        if (i > 0)
            *out++ = (uint8_t)(held >> (6u - 2u * i));
    }
    const uint32_t unused = (uint32_t)0xff >> (2u * (uint32_t)length);
    return length != 1u && (held & unused) == 0u;
}

bool ward_base64url_decode(const char *in, size_t length, uint8_t *out)
{
    /* Four characters are three bytes: a token has over a thousand, and each instruction here counts as often. */
    for (; length >= 4u; length -= 4u) {
        const uint32_t a = value_of[(uint8_t)in[0]];
        const uint32_t b = value_of[(uint8_t)in[1]];
        const uint32_t c = value_of[(uint8_t)in[2]];
        const uint32_t d = value_of[(uint8_t)in[3]];
        const uint32_t three = a << 18 | b << 12 | c << 6 | d;
        if (((a | b | c | d) & (uint32_t)NONE) != 0u)
            return false;
        out[0] = (uint8_t)(three >> 16);
        out[1] = (uint8_t)(three >> 8);
        out[2] = (uint8_t)three;
        in += 4;
        out += 3;
    }
    return decode_rest(in, length, out);
}

/* The characters after the last whole four: one that is not of the alphabet, a lone one and an unused bit that is set make a difference. */
static uint32_t difference_of_rest(const char *text, size_t length, const uint8_t *bytes)
{
    uint8_t decoded[3] = { 0, 0, 0 };
    uint32_t difference = decode_rest(text, length, decoded) ? 0u : 1u;
    for (size_t i = 0; i < ward_base64url_decoded_length(length); i++)
        difference |= (uint32_t)(decoded[i] ^ bytes[i]);
    return difference;
}

bool ward_base64url_equal(const char *text, size_t length, const uint8_t *bytes)
{
    uint32_t difference = 0;
    for (; length >= 4u; length -= 4u) {
        const uint32_t three = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
        const uint32_t a = value_of[(uint8_t)text[0]];
        const uint32_t b = value_of[(uint8_t)text[1]];
        const uint32_t c = value_of[(uint8_t)text[2]];
        const uint32_t d = value_of[(uint8_t)text[3]];
        /* NONE of the first one is a bit of its own here; of the others it would be another character's. */
        difference |= ((a << 18 | b << 12 | c << 6 | d) ^ three) | ((b | c | d) & (uint32_t)NONE);
        text += 4;
        bytes += 3;
    }
    return (difference | difference_of_rest(text, length, bytes)) == 0u;
}
