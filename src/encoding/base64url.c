#include "encoding/base64url.h"

/* The value of a character that is not in the alphabet: a bit that no value has. */
enum { NOT_ONE = 64 };

/* The value of each character from '-' to 'z'. */
static const uint8_t value_of['z' - '-' + 1] = {
    62, 64, 64,                                                             /* - . / */
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61,                                 /* 0 to 9 */
    64, 64, 64, 64, 64, 64, 64,                                             /* : ; < = > ? @ */
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,                     /* A to M */
    13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,                     /* N to Z */
    64, 64, 64, 64, 63, 64,                                                 /* [ \ ] ^ _ ` */
    26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,                     /* a to m */
    39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51                      /* n to z */
};

void ward_base64url_begin(struct ward_base64url *decoder)
{
    decoder->held = 0;
    decoder->bits = 0;
}

/* A call for each character would cost as much as all else here, and -Os makes one. */
#if defined(__GNUC__)
#define IN_PLACE inline __attribute__((always_inline))
#else
#define IN_PLACE inline
#endif

/* 0 to 63, or NOT_ONE. */
static IN_PLACE uint32_t value(char character)
{
    const uint32_t place = (uint32_t)(uint8_t)character - (uint32_t)'-';
    return place < sizeof value_of ? value_of[place] : NOT_ONE;
}

enum ward_base64url_step ward_base64url_feed(struct ward_base64url *decoder, char character, uint8_t *byte)
{
    const uint32_t six = value(character);
    if (six == NOT_ONE)
        return WARD_BASE64URL_INVALID;
    decoder->held = (decoder->held << 6) | six;
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
        case WARD_BASE64URL_BYTE:
            out++;
            break;
        case WARD_BASE64URL_NOTHING:
            break;
        default:
            return false;
        }
    }
    return ward_base64url_end(&decoder);
}

bool ward_base64url_decode(const char *in, size_t length, uint8_t *out)
{
    /* Four characters are three bytes: a token has over a thousand, and each instruction here counts as often. */
    for (; length >= 4u; length -= 4u) {
        const uint32_t a = value(in[0]);
        const uint32_t b = value(in[1]);
        const uint32_t c = value(in[2]);
        const uint32_t d = value(in[3]);
        if (((a | b | c | d) & NOT_ONE) != 0u)
            return false;
        out[0] = (uint8_t)(a << 2 | b >> 4);
        out[1] = (uint8_t)(b << 4 | c >> 2);
        out[2] = (uint8_t)(c << 6 | d);
        in += 4;
        out += 3;
    }
    return decode_rest(in, length, out);
}
