/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/b64token.h"

#include <stdint.h>

#include "encoding/base64url.h"

/* A bit a character: + - . / 0 to 9 = A to Z _ a to z ~ */
static const uint32_t characters[8] = { 0, 0x23ffe800u, 0x87fffffeu, 0x47fffffeu, 0, 0, 0, 0 };

static bool is_one(char c)
{
    const uint8_t byte = (uint8_t)c;
    return (characters[byte >> 5] >> (byte & 31u) & 1u) != 0u;
}

bool ward_is_b64token(const char *text, size_t length)
{
    size_t at = 0;
    /* Nearly all of a JWT is base64url, which is passed over faster than a character at a time. */
    while (at < length && is_one(text[at])) {
        at++;
        at += ward_base64url_span(text + at, length - at);
    }
    return at == length;
}
