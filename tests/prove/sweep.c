/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 66 --slice-formula -DWARD_HOSTED=0 -DWARD_KERNEL_ROWS=1 */
/* A row against each even number of words up to 128, whatever the numbers are: nothing is read or written outside numbers of
 * exactly their sizes. That is the contract that all_rows.c has of it. */
#include <stdlib.h>

#include "kernel_rows.c"
#include "prove.h"

int main(void)
{
    const size_t words = any_size();
    ASSUME(words > 0 && words <= 128 && words % 2u == 0);
    uint32_t *const t = malloc(words * sizeof *t);
    uint32_t *const b = malloc(words * sizeof *b);
    uint32_t *const above = malloc(ROW * sizeof *above);
    uint32_t *const four = malloc(ROW * sizeof *four);
    ASSUME(t != NULL && b != NULL && above != NULL && four != NULL);
    sweep(above, t, four, b, words);
    POSSIBLE(words == 2);
    POSSIBLE(words == 128);
    ASSERT(words % 2u == 0);
    return 0;
}
