/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/text.h"

static char lower(char c)
{
    if (c < 'A' || c > 'Z')
        return c;
    return (char)(c + ('a' - 'A'));
}

bool ward_text_equal(struct ward_text a, struct ward_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
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
