/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/base64url.h"

/* Set for each character of the alphabet, beside its value. */
enum { IS_ONE = 64, VALUE = 63 };

/* By the character itself, since a comparison for each would cost more than the table's 256 bytes are worth. */
static const uint8_t value_of[256] = {
    ['A'] = 64, 65,  66,  67,  68,          69,  70,  71,  72,  73,  74,         75,  76,  77,  78,          79,
    80,         81,  82,  83,  84,          85,  86,  87,  88,  89,  ['a'] = 90, 91,  92,  93,  94,          95,
    96,         97,  98,  99,  100,         101, 102, 103, 104, 105, 106,        107, 108, 109, 110,         111,
    112,        113, 114, 115, ['0'] = 116, 117, 118, 119, 120, 121, 122,        123, 124, 125, ['-'] = 126, ['_'] = 127
};

void ward_base64url_begin(struct ward_base64url *decoder)
{
    decoder->held = 0;
    decoder->bits = 0;
}

enum ward_base64url_step ward_base64url_feed(struct ward_base64url *decoder, char character, uint8_t *byte)
{
    const uint32_t value = value_of[(uint8_t)character];
    if ((value & IS_ONE) == 0u)
        return WARD_BASE64URL_INVALID;
    decoder->held = (decoder->held << 6) | (value & VALUE);
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
    size_t at = 0;
    /* Four at a time, as below. */
    while (length - at >= 4u && (value_of[(uint8_t)text[at]] & value_of[(uint8_t)text[at + 1]] &
                                 value_of[(uint8_t)text[at + 2]] & value_of[(uint8_t)text[at + 3]]) >= IS_ONE)
        at += 4u;
    while (at < length && value_of[(uint8_t)text[at]] >= IS_ONE)
        at++;
    return at;
}

size_t ward_base64url_decoded_length(size_t length)
{
    return length / 4u * 3u + length % 4u * 3u / 4u;
}

/* The last one to three characters, of which some bits are unused. */
static bool decode_rest(const char *in, size_t length, uint8_t *out)
{
    struct ward_base64url decoder;
    ward_base64url_begin(&decoder);
    for (size_t i = 0; i < length; i++) {
        switch (ward_base64url_feed(&decoder, in[i], out)) {
        case WARD_BASE64URL_BYTE: out++; break;
        case WARD_BASE64URL_NOTHING: break;
        default: return false;
        }
    }
    return ward_base64url_end(&decoder);
}

bool ward_base64url_decode(const char *in, size_t length, uint8_t *out)
{
    /* Four characters are three bytes: a token has over a thousand, and each instruction here counts as often. */
    for (; length >= 4u; length -= 4u) {
        const uint32_t a = value_of[(uint8_t)in[0]];
        const uint32_t b = value_of[(uint8_t)in[1]];
        const uint32_t c = value_of[(uint8_t)in[2]];
        const uint32_t d = value_of[(uint8_t)in[3]];
        if ((a & b & c & d & IS_ONE) == 0u)
            return false;
        out[0] = (uint8_t)(a << 2 | (b >> 4 & 3u));
        out[1] = (uint8_t)(b << 4 | (c >> 2 & 15u));
        out[2] = (uint8_t)(c << 6 | (d & VALUE));
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
        const uint32_t a = value_of[(uint8_t)text[0]];
        const uint32_t b = value_of[(uint8_t)text[1]];
        const uint32_t c = value_of[(uint8_t)text[2]];
        const uint32_t d = value_of[(uint8_t)text[3]];
        const uint32_t three = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
        difference |= ((a & VALUE) << 18 | (b & VALUE) << 12 | (c & VALUE) << 6 | (d & VALUE)) ^ three;
        difference |= (a & b & c & d & IS_ONE) ^ IS_ONE;
        text += 4;
        bytes += 3;
    }
    return (difference | difference_of_rest(text, length, bytes)) == 0u;
}
