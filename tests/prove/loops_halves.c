/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 2 --slice-formula -DWARD_HOSTED=0 -DWARD_MAX_RSA_BITS=4096 -DWARD_KERNEL_COLUMNS=1 */
/* Instrument: --apply-loop-contracts */
/* A multiplication and a square by columns of half words, of each length from 2048 to 4096 bits, whatever the numbers are: nothing
 * is read or written outside numbers of exactly their sizes. */
/* Loops of kernel_halves.c:
 * add_products: for (size_t i = from; i < to; i++)
 *     i, acc
 *     i >= from && i <= to
 *     to - i
 * multiply: for (size_t i = 0; i < count; i++) {
 *     i, acc, __CPROVER_object_whole(q)
 *     i <= count
 *     count - i
 * multiply: for (size_t i = 1; i < count; i++) {
 *     i, acc, __CPROVER_object_whole(x)
 *     i >= 1 && i <= count
 *     count - i
 */
#include <stdlib.h>

#include "kernel_halves.c"
#include "prove.h"

int main(void)
{
    const size_t bits = any_size();
    ASSUME(bits >= 2048 && bits <= WARD_MAX_RSA_BITS);
    const size_t words = (bits + 63u) / 64u * 2u;
    uint32_t *const x = malloc(words * sizeof *x);
    uint32_t *const a = malloc(words * sizeof *a);
    uint32_t *const b = malloc(words * sizeof *b);
    uint32_t *const n = malloc(words * sizeof *n);
    uint32_t *const q = malloc(words * sizeof *q);
    ASSUME(x != NULL && a != NULL && b != NULL && n != NULL && q != NULL);
    (void)ward_kernel_halves_product(x, a, b, n, q, any_word(), words);
    (void)ward_kernel_halves_square(a, a, n, q, any_word(), words);
    POSSIBLE(words == 64);
    POSSIBLE(words == 128);
    ASSERT(words % 2u == 0);
    return 0;
}
