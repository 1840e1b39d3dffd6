/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 50 --slice-formula -DWARD_HOSTED=0 -DWARD_MAX_RSA_BITS=4096 -DWARD_KERNEL_SMALL=1 */
/* Options: --unwind 50 --slice-formula -DWARD_HOSTED=0 -DWARD_MAX_RSA_BITS=4096 -DWARD_KERNEL_SMALL=0 */
/* Instrument: --apply-loop-contracts */
/* Montgomery's multiplication and the last subtraction in limbs of 32 bits and of 64, of each length from 2048 to 4096 bits, whatever the
 * numbers are: nothing is read or written outside numbers of exactly their sizes. */
/* Loops of kernel_limbs.c:
 * add_row: for (size_t i = 1; i < limbs; i++) {
 *     i, upper, sum, __CPROVER_object_whole(t)
 *     i >= 1 && i <= limbs
 *     limbs - i
 * ward_kernel_subtract: for (size_t i = 0; i < words; i++) {
 *     i, borrow, __CPROVER_object_whole(x)
 *     i <= words && borrow <= 1
 *     words - i
 * multiply: for (size_t i = 0; i < limbs; i++)
 *     i, __CPROVER_object_whole(t)
 *     i <= limbs
 *     limbs - i
 */
#include <stdlib.h>

#include "kernel_limbs.c"
#include "prove.h"

int main(void)
{
    const size_t bits = any_size();
    ASSUME(bits >= 2048 && bits <= WARD_MAX_RSA_BITS);
    const size_t words = (bits + 63u) / 64u * 2u;
    /* Nothing is behind the modulus' own words. */
    struct ward_key *const key = malloc(offsetof(struct ward_key, n) + words * sizeof *key->n);
    uint32_t *const x = malloc(words * sizeof *x);
    uint32_t *const a = malloc(words * sizeof *a);
    uint32_t *const b = malloc(words * sizeof *b);
    uint32_t *const t = malloc((words + 2u) * sizeof *t);
    ASSUME(key != NULL && x != NULL && a != NULL && b != NULL && t != NULL);
    key->bits = (uint16_t)bits;
    ward_kernel_multiply(x, a, b, key, t);
    POSSIBLE(words == 64);
    POSSIBLE(words == 128);
    ASSERT(ward_kernel_subtract(x, a, b, words) <= 1);
    return 0;
}
