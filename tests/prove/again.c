/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 7 --no-array-field-sensitivity -DWARD_HOSTED=0 -DWARD_MAX_JSON_DEPTH=4 */
/* A text that is read again without a look at its form: whatever it is, nothing outside text and table is read or
 * written, by induction as in scan.c. Each value, from any place and any state, ends within the text, in front of where
 * the next one is looked for. Texts of up to 6 bytes stand for what is left of any; tables of up to 3 values. */
#include "../../src/encoding/json_again.c"
#include "prove.h"

enum { LONGEST = 6, MOST = 3 };

/* Texts and tables end where these end. */
static char texts[LONGEST];
static uint32_t tables[WARD_JSON_WORDS * MOST];

int main(void)
{
    struct remaking making;
    ASSUME(making.length <= LONGEST && making.capacity <= MOST);
    making.text = texts + (LONGEST - making.length);
    making.values = tables + WARD_JSON_WORDS * (MOST - making.capacity);
    for (unsigned i = 0; i < LONGEST; i++)
        texts[i] = (char)any_byte();
    /* Of more values than a text can have bytes there are none. */
    ASSUME(making.depth <= WARD_MAX_JSON_DEPTH && making.count < UINT32_MAX);
    const size_t at = any_size();
    const size_t count = making.count;
    ASSUME(at < making.length && !leaves(&making, at));
    const size_t last = take(&making, at);
    ASSERT(making.depth <= WARD_MAX_JSON_DEPTH);
    ASSERT(making.count == count || making.count == count + 1);
    /* A string that does not end goes to the text's end, whatever is one behind it. */
    ASSERT(last >= at && last <= making.length);
    POSSIBLE(last == making.length);
    POSSIBLE(making.depth == WARD_MAX_JSON_DEPTH && making.count == count + 1 && count < making.capacity);
    POSSIBLE(making.depth == 0 && making.text[at] == '}');
    if (making.count > count && count < making.capacity) {
        const uint32_t *const words = making.values + WARD_JSON_WORDS * count;
        ASSERT(words[JSON_BEGIN] <= words[JSON_END] && words[JSON_END] <= making.length);
    }
    return 0;
}
