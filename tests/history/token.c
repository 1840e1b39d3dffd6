/* SPDX-License-Identifier: Apache-2.0 */
#include "token.h"

#include <stdio.h>
#include <string.h>

static size_t encode(const char *text, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t length = strlen(text);
    size_t at = 0;
    for (size_t i = 0; i < length; i += 3) {
        const size_t left = length - i < 3 ? length - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < left ? (uint8_t)text[i + j] : 0u);
        for (size_t j = 0; j <= left; j++)
            out[at++] = digits[bits >> (18 - 6 * j) & 63u];
    }
    return at;
}

size_t token_write(const struct wish *wish, char token[LONGEST_TOKEN])
{
    enum { SIGNATURE = 342 };
    char json[256];
    size_t length;
    snprintf(json, sizeof json, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%c\"}", wish->kid);
    length = encode(json, token);
    token[length++] = '.';
    snprintf(json, sizeof json, "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"api\",\"iat\":%llu,\"exp\":%llu}",
             wish->issuer, wish->subject, (unsigned long long)wish->issued, (unsigned long long)wish->expires);
    length += encode(json, token + length);
    token[length++] = '.';
    memset(token + length, 'A', SIGNATURE);
    return length + SIGNATURE;
}
