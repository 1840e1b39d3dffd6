/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "support/base64url_text.h"

void text_put(struct text *text, const char *string)
{
    const size_t length = strlen(string);
    memcpy(text->bytes + text->length, string, length);
    text->length += length;
}

void text_put_number(struct text *text, uint64_t number)
{
    text->length += (size_t)sprintf(text->bytes + text->length, "%llu", (unsigned long long)number);
}

void text_put_base64url(struct text *text, const void *data, size_t length)
{
    text->length += base64url_text(text->bytes + text->length, data, length);
}

void text_put_key(struct text *text, struct key key)
{
    text_put(text, "{\"kty\":\"RSA\",\"use\":\"sig\",\"e\":\"AQAB\",");
    if (key.kid != 0) {
        text_put(text, "\"kid\":\"");
        kid_write(text->bytes + text->length, key.kid);
        text->length += KID_LENGTH;
        text_put(text, "\",");
    }
    text_put(text, "\"n\":\"");
    modulus_write(text->bytes + text->length, key.number);
    text->length += MODULUS_LENGTH;
    text_put(text, "\"}");
}

static void put_unusable(struct text *text)
{
    static const char *const others[] = {
        "{\"kty\":\"EC\",\"kid\":\"k0001\",\"crv\":\"P-256\"}",
        "{\"kty\":\"RSA\",\"use\":\"enc\",\"kid\":\"k0002\",\"e\":\"AQAB\",\"n\":\"wAAB\"}",
        "{\"kty\":\"RSA\",\"kid\":\"longer-than-sixteen\",\"e\":\"AQAB\",\"n\":\"wAAB\"}",
        "{\"kty\":\"RSA\",\"kid\":\"k0003\",\"e\":\"AQAB\",\"n\":\"wAAB\"}", "{}"
    };
    text_put(text, ONE_OF(others));
}

void text_put_set(struct text *text, const struct keys *keys, unsigned unusable)
{
    unsigned left = unusable;
    text_put(text, "{\"keys\":[");
    for (unsigned i = 0; i < keys->count; i++) {
        if (i > 0)
            text_put(text, ",");
        for (; left > 0 && one_in(2); left--) {
            put_unusable(text);
            text_put(text, ",");
        }
        text_put_key(text, keys->key[i]);
        /* The same key under the same kid once more is still one key. */
        if (one_in(16) && keys->count < 4 && keys->key[i].kid != 0) {
            text_put(text, ",");
            text_put_key(text, keys->key[i]);
        }
    }
    text_put(text, "]}");
}
