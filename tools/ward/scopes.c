/* SPDX-License-Identifier: Apache-2.0 */
#include "description.h"

static bool ends_a_scope(char c)
{
    return c == ' ' || c == '|';
}

struct ward_text next_scope(struct ward_text expression, size_t *at, bool *bar)
{
    size_t begin = *at;
    *bar = begin < expression.length && expression.data[begin] == '|';
    while (begin < expression.length && ends_a_scope(expression.data[begin]))
        begin++;
    size_t end = begin;
    while (end < expression.length && !ends_a_scope(expression.data[end]))
        end++;
    *at = end;
    return ward_text_of(expression.data + begin, end - begin);
}
