/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 2 --slice-formula -DWARD_HOSTED=0 -DWARD_KERNEL_DIGITS=1 */
/* Instrument: --apply-loop-contracts */
/* A multiplication and a square in digits, of 75, 111 and 147 of them, whatever they are: nothing is read or written outside
 * numbers of exactly their sizes. */
/* Loops of kernel_digits.c:
 * column: for (size_t i = first; i <= last; i++)
 *     i, sum
 *     i >= first && i <= last + 1u
 *     last + 1u - i
 * ward_kernel_digits_multiply: for (size_t i = 0; i < count; i++) {
 *     i, carry, digit, __CPROVER_object_whole(q)
 *     i <= count
 *     count - i
 * ward_kernel_digits_multiply: for (size_t i = count; i < 2u * count; i++) {
 *     i, carry, digit, __CPROVER_object_whole(a)
 *     i >= count && i <= 2u * count
 *     2u * count - i
 * ward_kernel_digits_square: for (size_t i = 0; i < count; i++)
 *     i, __CPROVER_object_whole(d)
 *     i <= count
 *     count - i
 * ward_kernel_digits_square: for (size_t i = 0; i < count; i++)
 *     i, __CPROVER_object_whole(d)
 *     i <= count
 *     count - i
 */
#include <stdlib.h>

#include "kernel_digits.c"
#include "prove.h"

int main(void)
{
    const size_t count = any_size();
    ASSUME(count == 75 || count == 111 || count == 147);
    uint32_t *const a = malloc(count * sizeof *a);
    uint32_t *const b = malloc(count * sizeof *b);
    uint32_t *const n = malloc(count * sizeof *n);
    uint32_t *const q = malloc(count * sizeof *q);
    uint32_t *const d = malloc(count * sizeof *d);
    ASSUME(a != NULL && b != NULL && n != NULL && q != NULL && d != NULL);
    ward_kernel_digits_multiply(a, q, n, any_word(), b, count);
    ward_kernel_digits_square(a, q, n, any_word(), d, count);
    POSSIBLE(count == 75);
    POSSIBLE(count == 147);
    ASSERT(count % 2u == 1);
    return 0;
}
