/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/text.h"

#include <stdint.h>
#include <string.h>

static char lower(char c)
{
    if (c < 'A' || c > 'Z')
        return c;
    return (char)(c + ('a' - 'A'));
}

/* By words: what is compared lies anywhere, and many a memcmp() goes byte by byte where it is not aligned. */
bool ward_text_equal(struct ward_text a, struct ward_text b)
{
    size_t at = 0;
    if (a.length != b.length)
        return false;
    for (; a.length - at >= sizeof(uint32_t); at += sizeof(uint32_t)) {
        uint32_t one;
        uint32_t other;
        memcpy(&one, a.data + at, sizeof one);
        memcpy(&other, b.data + at, sizeof other);
        if (one != other)
            return false;
    }
    while (at < a.length && a.data[at] == b.data[at])
        at++;
    return at == a.length;
}

bool ward_text_equal_ignoring_case(struct ward_text a, struct ward_text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

bool ward_text_among(struct ward_text text, struct ward_texts texts)
{
    for (size_t i = 0; i < texts.count; i++)
        if (ward_text_equal(text, texts.item[i]))
            return true;
    return false;
}
