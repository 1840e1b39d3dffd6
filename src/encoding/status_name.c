/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "ward/config.h"
#include "ward/status.h"

#define RESULT(name, sentence) { WARD_##name, #name },
static const struct {
    uint32_t code;
    const char *name;
} names[] = {
#include "encoding/status_list.h"
};
#undef RESULT

const char *ward_status_name(struct ward_status status)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == status.code)
            return names[i].name;
    return "UNKNOWN";
}
