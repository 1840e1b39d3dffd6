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

/* Here and not by memcmp(): most of what is compared is a name of a few bytes, of which a call would be the greater part. */
bool ward_text_equal(struct ward_text a, struct ward_text b)
{
    if (a.length != b.length)
        return false;
    for (size_t at = 0; at < a.length; at++)
        if (a.data[at] != b.data[at])
            return false;
    return true;
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
