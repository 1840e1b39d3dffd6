/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as base64url, for what tests make: ward only reads it. */
#ifndef WARD_TEST_BASE64URL_TEXT_H
#define WARD_TEST_BASE64URL_TEXT_H

#include <stddef.h>
#include <stdint.h>

/** Writes four characters for each three bytes, and two or three for what is left of them, without an end; their number. */
static inline size_t base64url_text(char *out, const void *data, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const uint8_t *const bytes = (const uint8_t *)data;
    uint32_t held = 0;
    unsigned bits = 0;
    size_t made = 0;
    for (size_t i = 0; i < length; i++) {
        held = held << 8 | bytes[i];
        for (bits += 8; bits >= 6; bits -= 6)
            out[made++] = alphabet[held >> (bits - 6) & 63u];
    }
    if (bits > 0)
        out[made++] = alphabet[held << (6 - bits) & 63u];
    return made;
}

#endif
