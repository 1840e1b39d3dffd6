/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "ward/config.h"
#include "ward/status.h"

#define RESULT(name, sentence) { WARD_##name, sentence },
static const struct {
    uint32_t code;
    const char *sentence;
} sentences[] = {
#include "encoding/status_list.h"
};
#undef RESULT

const char *ward_status_sentence(struct ward_status status)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (sentences[i].code == status.code)
            return sentences[i].sentence;
    return "this number is not a result of ward";
}
