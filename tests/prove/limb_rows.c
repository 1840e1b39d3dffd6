/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=1 -DWORDS=64 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=1 -DWORDS=96 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=1 -DWORDS=128 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=0 -DWORDS=64 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=0 -DWORDS=96 */
/* Options: --unwind 2 --slice-formula --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=0 -DWORDS=128 */
/* Instrument: --apply-loop-contracts */
/* A row of limbs of 32 bits and of 64, at 2048, 3072 and 4096 bits, whatever the numbers and their products are: no accumulator
 * overflows, and the limb above stays 0 or 1. */
/* Loops of kernel_limbs.c:
 * add_row: for (size_t i = 1; i < limbs; i++) {
 *     i, upper, sum, __CPROVER_object_upto(t, 4u * LIMB_WORDS * limbs)
 *     i >= 1 && i <= limbs
 *     limbs - i
 */
#include "prove.h"

#if WARD_KERNEL_SMALL
typedef uint64_t any_wide;
enum { BITS_OF_LIMB = 32 };
#else
typedef unsigned __int128 any_wide;
enum { BITS_OF_LIMB = 64 };
#endif

/* The next product of two limbs: any number up to the largest one. */
static any_wide next_product(void)
{
    const any_wide largest = ((any_wide)1 << BITS_OF_LIMB) - 1u;
    any_wide product;
    ASSUME(product <= largest * largest);
    return product;
}

#define KERNEL_PRODUCT(a, b) next_product()
#include "kernel_limbs.c"

int main(void)
{
    enum { LIMBS = WORDS / LIMB_WORDS };
    uint32_t t[WORDS + LIMB_WORDS];
    uint32_t a[WORDS];
    uint32_t n[WORDS];
    ASSUME(limb_at(t, LIMBS) <= 1);
    POSSIBLE(limb_at(t, LIMBS) == 1);
    /* What the row is multiplied by does not matter, since its products are any; by 1 nothing overflows that is meant to. */
    add_row(t, a, 0, n, 1, LIMBS);
    ASSERT(limb_at(t, LIMBS) <= 1);
    POSSIBLE(limb_at(t, LIMBS) == 0);
    POSSIBLE(limb_at(t, LIMBS) == 1);
    return 0;
}
