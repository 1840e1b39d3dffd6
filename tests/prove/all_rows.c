/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 130 --slice-formula -DWARD_HOSTED=0 -DWARD_KERNEL_ROWS=1 -DWORDS=64 */
/* Options: --unwind 130 --slice-formula -DWARD_HOSTED=0 -DWARD_KERNEL_ROWS=1 -DWORDS=96 */
/* Options: --unwind 130 --slice-formula -DWARD_HOSTED=0 -DWARD_KERNEL_ROWS=1 -DWORDS=128 */
/* Instrument: --replace-call-with-contract sweep */
/* A multiplication, a square, an addition and the difference by rows, of 2048, 3072 and 4096 bits, unwound to their ends but for
 * the rows, which do what sweep.c proves of each: nothing is read or written outside numbers of exactly their sizes. */
#include <stddef.h>
#include <stdint.h>

#define BYTES(words) ((words) * sizeof(uint32_t))

static void sweep(uint32_t *above, uint32_t *t, const uint32_t *four, const uint32_t *b, size_t words)
    __CPROVER_requires(words > 0 && words <= 128 && words % 2u == 0 && __CPROVER_r_ok(four, BYTES(4)) &&
                       __CPROVER_r_ok(b, BYTES(words)) && __CPROVER_w_ok(t, BYTES(words)) &&
                       __CPROVER_w_ok(above, BYTES(4)))
        __CPROVER_assigns(__CPROVER_object_upto(t, BYTES(words)), __CPROVER_object_upto(above, BYTES(4)));

#include "kernel_rows.c"
#include "prove.h"

int main(void)
{
    static uint32_t t[2 * WORDS];
    static uint32_t b[WORDS];
    static uint32_t n[WORDS];
    static uint32_t m[WORDS + ROW];
    static uint32_t d[WORDS + 1];
    static uint32_t sum[WORDS + ROW];
    static uint32_t row[ROW];
    (void)ward_kernel_rows_multiply(t, b, n, m, WORDS);
    (void)ward_kernel_rows_square(t, d, n, m, WORDS);
    ward_kernel_rows_add(sum, row, n, WORDS);
    POSSIBLE(t[WORDS] == 1);
    ASSERT(ward_kernel_rows_subtract(t + WORDS, n, WORDS) <= 1);
    return 0;
}
