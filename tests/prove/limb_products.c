/* SPDX-License-Identifier: Apache-2.0 */
/* Options: --unwind 2 --unsigned-overflow-check -DWARD_HOSTED=0 -DWARD_KERNEL_SMALL=1 -DWARD_KERNEL_HALVES=1 */
/* A product of two limbs of 32 bits that is made of four of their halves, of all limbs: none of its sums overflows. */
#include "kernel_limbs.c"
#include "prove.h"

int main(void)
{
    const wide made = product(any_word(), any_word());
    ASSERT(made <= UINT64_C(0xfffffffe00000001));
    POSSIBLE(made == UINT64_C(0xfffffffe00000001));
    return 0;
}
