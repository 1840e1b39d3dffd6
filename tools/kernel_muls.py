#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kernel_muls.py [--check]: writes port/crypto/kernel_muls.c, the multiplication of the backend `kernel` for Cortex-M0 and its like, whose one
multiplication (MULS) keeps 32 bits, in digits of 16 bits. With --check the file has to be what this writes.

docs/kernel.md says what is computed and why it is right. A product is made two columns at a time: a step of the sweep loads a digit of each number and
multiplies each of the two with a digit of the other, so that two products cost 8 instructions: 2 LDRH, and MULS, ADDS, ADCS for each. Two accumulators of
64 bits, two addresses and two digits are the eight registers that a Cortex-M0 computes with; there is none left for a 0 that ADCS could add to the upper
half. It adds an address with the carry, and after a block of steps so many of these are taken away again.

One unrolled block of steps serves all columns of both products: it is entered as many steps before its end as are left over.
"""
import sys

import generated

STEPS = 32  # of a block: as far as LDRH reaches
BLOCK = 2 * STEPS  # its bytes of a number
STEP_SHIFT = 4  # a step has 16 bytes of code

# Above the frame there are nine pushed registers; then come the arguments that are not in registers. TOP and N_TOP are where the
# highest digits of b, or of a that is squared, and of n are.
OUT, A, B, TOP, N, N_TOP, Q, INVERSE, LOWEST, BYTES = range(0, 40, 4)
FRAME = 40
PUSHED = 36

HEAD = """/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/kernel_muls.py: change that. */
#include "kernel_halves.h"

#if KERNEL_MULS

/* clang-format off */
#define ASSEMBLY __attribute__((naked, used))
#define UNUSED __attribute__((unused))

void ward_kernel_muls_sweep(void);
"""

TAIL = """
#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_muls_is_for_other_processors;

#endif
"""


def function(signature, lines):
    text = [f'\n{signature}\n{{\n    __asm__ volatile(\n        ".syntax unified\\n"\n']
    for line in lines:
        text += [f'        "{part.strip()}\\n"\n' for part in line.split(";")]
    text.append("    );\n}\n")
    return "".join(text)


# r0, r1: the lower column; r2, r3: the one above it. r10: the place of the lower one in its half, in bytes; r11: the carry from below.
def sweep():
    """The products of r4 / 2 digits from r6 upwards with those from r7 downwards, and with the ones above these, of which the first is in r5. r5 becomes the
    last one that was read, r6 the digit after its last one."""
    yield "mov r9,r6; add r9,r9,r4; rsbs r4,r4,#0; bne 1f; bx lr; 1:"
    # So many bytes of the block are skipped; of what it will take from the upper halves they have added nothing.
    yield f"lsls r4,r4,#{32 - (BLOCK - 1).bit_length()}; lsrs r4,r4,#{32 - (BLOCK - 1).bit_length()}; subs r6,r6,r4; adds r7,r7,r4; subs r7,#{BLOCK - 2}"
    yield f"lsls r4,r4,#{STEP_SHIFT - 1}; mov r12,r4; lsrs r4,r4,#{STEP_SHIFT}; muls r4,r6,r4; adds r1,r1,r4; adds r3,r3,r4"
    yield "adr r4,2f; add r4,r4,r12; mov pc,r4"
    yield ".balign 4; 2:"
    for place in range(0, BLOCK, 2):
        yield f"ldrh r4,[r6,#{place}]; muls r5,r4,r5; adds r2,r2,r5; adcs r3,r3,r6"
        yield f"ldrh r5,[r7,#{BLOCK - 2 - place}]; muls r4,r5,r4; adds r0,r0,r4; adcs r1,r1,r6"
    yield f"lsls r4,r6,#{STEPS.bit_length() - 1}; subs r1,r1,r4; subs r3,r3,r4; adds r6,#{BLOCK}; subs r7,#{BLOCK}; cmp r6,r9; beq 3f; b 2b"
    yield "3: bx lr"


def begin(square):
    """The frame of a function of x, a, b, n and, on the stack, q, inverse and the number of words; of a square, without b."""
    yield "push {r4-r7,lr}; mov r4,r8; mov r5,r9; mov r6,r10; mov r7,r11; push {r4-r7}"
    yield f"sub sp,#{FRAME}; str r0,[sp,#{OUT}]; str r1,[sp,#{A}]"
    first = FRAME + PUSHED
    if square:
        yield f"str r3,[sp,#{Q}]; ldr r4,[sp,#{first}]; ldr r6,[sp,#{first + 4}]; lsls r6,r6,#2"
        yield f"adds r1,r1,r6; subs r1,#2; str r1,[sp,#{TOP}]"
    else:
        yield f"str r2,[sp,#{B}]; movs r4,r2; movs r2,r3; ldr r5,[sp,#{first}]; str r5,[sp,#{Q}]; ldr r6,[sp,#{first + 8}]; lsls r6,r6,#2"
        yield f"adds r4,r4,r6; subs r4,#2; str r4,[sp,#{TOP}]; ldr r4,[sp,#{first + 4}]"
    yield f"str r4,[sp,#{INVERSE}]; str r6,[sp,#{BYTES}]; str r2,[sp,#{N}]; ldrh r4,[r2]; str r4,[sp,#{LOWEST}]"
    yield f"adds r2,r2,r6; subs r2,#2; str r2,[sp,#{N_TOP}]"
    yield "movs r4,#0; mov r10,r4; mov r11,r4"


def end():
    yield f"mov r0,r11; add sp,#{FRAME}; pop {{r4-r7}}; mov r8,r4; mov r9,r5; mov r10,r6; mov r11,r7; pop {{r4-r7,pc}}"


def clear(carry):
    yield f"{'mov r0,r11' if carry else 'movs r0,#0'}; movs r1,#0; movs r2,#0; movs r3,#0"


def next_columns(again):
    yield f"movs r4,#4; add r10,r10,r4; ldr r4,[sp,#{BYTES}]; cmp r10,r4; bne {again}"


def lower(numbers, below):
    """Products of all digits up to that of the column, or of those below it."""
    one, other = numbers
    yield f"ldr r6,[sp,#{one}]; ldr r7,[sp,#{other}]; mov r4,r10; adds r7,r7,r4; ldrh r5,[r7,#2]"
    if not below:
        yield "adds r4,#2"
    yield "bl ward_kernel_muls_sweep"


def upper(numbers):
    """Products from the first digit whose partner is the highest one."""
    one, top = numbers
    yield f"ldr r6,[sp,#{one}]; mov r5,r10; adds r6,r6,r5; adds r6,#2; ldr r7,[sp,#{top}]"
    yield f"ldr r4,[sp,#{BYTES}]; subs r4,r4,r5; subs r4,#2; movs r5,#0; bl ward_kernel_muls_sweep"


def last_of_upper_column():
    """The digit at r6 with the one that is left over of the sweep."""
    yield "ldrh r4,[r6]; muls r5,r4,r5; adds r2,r2,r5; movs r5,#0; adcs r3,r3,r5"


def carry_to_upper_column():
    """r7: 0."""
    yield "lsrs r0,r0,#16; lsls r1,r1,#16; orrs r0,r0,r1; adds r2,r2,r0; adcs r3,r3,r7"


def keep_above():
    yield "lsrs r2,r2,#16; lsls r3,r3,#16; orrs r2,r2,r3; mov r11,r2"


def quotients():
    """Two digits q, at r6, that make two columns 0; r5 is the second digit of n."""
    yield f"movs r7,#0; ldr r4,[sp,#{INVERSE}]; muls r4,r0,r4; uxth r4,r4; strh r4,[r6]; muls r5,r4,r5; adds r2,r2,r5; adcs r3,r3,r7"
    yield f"ldr r5,[sp,#{LOWEST}]; muls r4,r5,r4; adds r0,r0,r4; adcs r1,r1,r7"
    yield from carry_to_upper_column()
    yield f"ldr r4,[sp,#{INVERSE}]; muls r4,r2,r4; uxth r4,r4; strh r4,[r6,#2]; muls r4,r5,r4; adds r2,r2,r4; adcs r3,r3,r7"
    yield from keep_above()


def results():
    """Two digits of the result, which are a word."""
    yield "movs r7,#0; uxth r4,r0"
    yield from carry_to_upper_column()
    yield f"lsls r5,r2,#16; orrs r4,r4,r5; ldr r6,[sp,#{OUT}]; stmia r6!,{{r4}}; str r6,[sp,#{OUT}]"
    yield from keep_above()


def once_more_and_diagonal():
    """Each pair of digits was met once: twice that, and the digit at r6, which is its own pair."""
    yield from last_of_upper_column()
    yield "adds r0,r0,r0; adcs r1,r1,r1; adds r2,r2,r2; adcs r3,r3,r3; muls r4,r4,r4; adds r0,r0,r4; adcs r1,r1,r5"
    yield "mov r4,r11; adds r0,r0,r4; adcs r1,r1,r5"


def multiply():
    yield from begin(square=False)
    yield "1:"
    yield from clear(carry=True)
    yield from lower((A, B), below=False)
    yield from last_of_upper_column()
    yield from lower((Q, N), below=True)
    yield from quotients()
    yield from next_columns("1b")
    yield "movs r4,#0; mov r10,r4; 2:"
    yield from clear(carry=True)
    yield from upper((A, TOP))
    yield from upper((Q, N_TOP))
    yield from results()
    yield from next_columns("2b")
    yield from end()


def square():
    yield from begin(square=True)
    yield "1:"
    yield from clear(carry=False)
    yield f"ldr r6,[sp,#{A}]; mov r4,r10; adds r7,r6,r4; ldrh r5,[r7,#2]; lsrs r4,r4,#1; bl ward_kernel_muls_sweep"
    yield from once_more_and_diagonal()
    yield from lower((Q, N), below=True)
    yield from quotients()
    yield from next_columns("1b")
    yield "movs r4,#0; mov r10,r4; 2:"
    yield from clear(carry=False)
    yield f"ldr r6,[sp,#{A}]; mov r5,r10; adds r6,r6,r5; adds r6,#2; ldr r7,[sp,#{TOP}]"
    yield f"ldr r4,[sp,#{BYTES}]; subs r4,r4,r5; lsrs r4,r4,#1; subs r4,#2; movs r5,#0; bl ward_kernel_muls_sweep"
    yield from once_more_and_diagonal()
    yield from upper((Q, N_TOP))
    yield from results()
    yield from next_columns("2b")
    yield from end()


def text():
    numbers = "const uint32_t *n UNUSED, uint32_t *q UNUSED, uint32_t inverse UNUSED, size_t words UNUSED"
    functions = [("void ward_kernel_muls_sweep(void)", sweep()),
                 (f"uint32_t ward_kernel_halves_product(uint32_t *x UNUSED, const uint32_t *a UNUSED, const uint32_t *b UNUSED, {numbers})", multiply()),
                 (f"uint32_t ward_kernel_halves_square(uint32_t *x UNUSED, const uint32_t *a UNUSED, {numbers})", square())]
    return HEAD + "".join(function(f"ASSEMBLY {signature}", lines) for signature, lines in functions) + TAIL


sys.exit(generated.end(__file__, text(), __doc__))
