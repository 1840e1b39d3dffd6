/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/method.h"

static const struct {
    uint16_t method;
    struct ward_text name;
} methods[] = { { WARD_GET, WARD_TEXT("GET") },        { WARD_HEAD, WARD_TEXT("HEAD") },
                { WARD_POST, WARD_TEXT("POST") },      { WARD_PUT, WARD_TEXT("PUT") },
                { WARD_PATCH, WARD_TEXT("PATCH") },    { WARD_DELETE, WARD_TEXT("DELETE") },
                { WARD_OPTIONS, WARD_TEXT("OPTIONS") } };

uint16_t ward_method_of(struct ward_text name)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (ward_text_equal(methods[i].name, name))
            return methods[i].method;
    return 0;
}

const char *ward_method_name(uint16_t method)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == method)
            return methods[i].name.data;
    return "";
}
