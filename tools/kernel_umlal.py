#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kernel_umlal.py [--check]: writes port/crypto/kernel_umlal.c, the multiplication of the backend `kernel` for Cortex-M3 and its like, which multiply and
add 64 bits (UMLAL) but have no UMAAL, in digits of 28 bits. With --check the file has to be what this writes.

docs/kernel.md says what is computed and why it is right. A product is made column by column, three columns at a time: the sweep multiplies two digits of
one number with the six digits of the other that they meet there, in 6 UMLAL and 2 LDRD. One unrolled sweep serves all columns of both products: it is
entered as many pairs of digits before its end as there are, and whoever enters it says in its frame where it goes on.
"""
import sys

import generated

BITS = 28
DIGITS = {2048: 75, 3072: 111, 4096: 147}
PAIR_SHIFT = 5  # of its 32 bytes

# The three columns, and the frame. The addresses of D and N4 are those of the second digit.
COLUMNS = [("r0", "r1"), ("r2", "r3"), ("r4", "r5")]
RETURN, A, D4, Q, N4, COLUMN, N, INVERSE, CARRY, _, OUT, COUNT = range(0, 48, 4)
FRAME = 48

# Pushed registers and frame, an exception's frame, and what a handler pushes.
WIPED = (36 + FRAME + 104 + 36 + 31) // 32 * 32

HEAD = """/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/kernel_umlal.py: change that. */
#include "kernel_digits.h"

#include "ward/config.h"

#if KERNEL_UMLAL

/* clang-format off */
#define ASSEMBLY __attribute__((naked, used))
#define UNUSED __attribute__((unused))

void ward_kernel_umlal_sweep(void);
"""

TAIL = """
#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_umlal_is_for_other_processors;

#endif
"""

labels = 0


def function(signature, lines):
    text = [f"\n{signature}\n{{\n    __asm__ volatile(\n"]
    for line in lines:
        text += [line + "\n"] if line.startswith("#") else [f'        "{part.strip()}\\n"\n' for part in line.split(";")]
    text.append("    );\n}\n")
    return "".join(text)


def pair(left):
    """The two digits at r12, which goes up, by those at lr, which goes down, and by the two that were there before."""
    new, kept = (("r6", "r7"), ("r8", "r9")) if left % 2 else (("r8", "r9"), ("r6", "r7"))
    yield f"ldrd {new[0]},{new[1]},[lr,#-8]!; ldrd r10,r11,[r12],#8"
    for digit, others in (("r10", (new[1], *kept)), ("r11", (*new, kept[0]))):
        for (low, high), other in zip(COLUMNS, others):
            yield f"umlal {low},{high},{digit},{other}"


def sweep():
    sizes = sorted(DIGITS, reverse=True)
    for size, below in zip(sizes, [*sizes[1:], None]):
        if below:
            yield f"#if WARD_MAX_RSA_BITS >= {size}"
        for left in range((DIGITS[size] + 1) // 2, (DIGITS[below] + 1) // 2 if below else 0, -1):
            yield from pair(left)
        if below:
            yield "#endif"
    yield f"ward_kernel_umlal_sweep_end: ldr pc,[sp,#{RETURN}]"


def run():
    """r10 pairs of the sweep, of what is before r12 and lr."""
    global labels
    labels += 1
    yield "ldrd r6,r7,[lr]; ldrd r8,r9,[lr]"
    yield f"ldr r11,.Lback{labels}; str r11,[sp,#{RETURN}]; ldr r11,.Lback{labels}+4; sub r11,r11,r10,lsl #{PAIR_SHIFT}; bx r11"
    yield f".balign 4; .Lback{labels}: .word .Lwent{labels} + 1; .word ward_kernel_umlal_sweep_end + 1"
    yield f".Lwent{labels}:"


def start(numbers, pairs):
    """r12 and lr for the numbers in the frame, r9: the column; r8 becomes the first digit, as `pairs` leaves it, with r10 the number of pairs."""
    yield f"ldr r9,[sp,#{COLUMN}]; ldrd r12,lr,[sp,#{numbers}]"
    yield from pairs
    yield "add r12,r12,r8,lsl #2; sub r9,r9,r8; add lr,lr,r9,lsl #2"
    yield from run()


def clear():
    yield f"ldrd r0,r1,[sp,#{CARRY}]; movs r2,#0; movs r3,#0; movs r4,#0; movs r5,#0"


def carry(column, register="r12"):
    """What is above a column's digit goes to the next column."""
    (low, high), (next_low, next_high) = COLUMNS[column], COLUMNS[column + 1]
    yield f"lsr {register},{low},#{BITS}; orr {register},{register},{high},lsl #{32 - BITS}; adds {next_low},{next_low},{register}; adc {next_high},{next_high},{high},lsr #{BITS}"


def digit(to, of):
    return f"bic {to},{of},#0xf0000000"


def above():
    return f"lsr r6,r4,#{BITS}; orr r6,r6,r5,lsl #{32 - BITS}; lsr r7,r5,#{BITS}"


def split():
    """Where two sums do not fit into one accumulator: what is above the digits waits until the second one is there."""
    yield "#if WARD_MAX_RSA_BITS > 3072"
    for column in range(2):
        low, high = COLUMNS[column]
        yield from carry(column)
        yield f"{digit(low, low)}; movs {high},#0"
    yield f"{above()}; strd r6,r7,[sp,#{CARRY}]; {digit('r4', 'r4')}; movs r5,#0"
    yield "#endif"


def keep_above():
    yield above()
    yield "#if WARD_MAX_RSA_BITS > 3072"
    yield f"ldrd r8,r9,[sp,#{CARRY}]; adds r6,r6,r8; adc r7,r7,r9"
    yield "#endif"
    yield f"strd r6,r7,[sp,#{CARRY}]"


def begin():
    """The frame of a function of a, q, n, inverse and, on the stack, the other number and the count of digits."""
    yield f"push {{r4-r11,lr}}; sub sp,sp,#{FRAME}; ldrd r4,r5,[sp,#{36 + FRAME}]"
    yield f"str r0,[sp,#{A}]; add r6,r4,#4; str r6,[sp,#{D4}]; str r1,[sp,#{Q}]; add r6,r2,#4; str r6,[sp,#{N4}]; strd r2,r3,[sp,#{N}]"
    yield f"movs r6,#0; str r6,[sp,#{COLUMN}]; strd r6,r6,[sp,#{CARRY}]; str r0,[sp,#{OUT}]; str r5,[sp,#{COUNT}]"


def next_columns(again, last):
    """`last` is 1 where the lower half ends, 2 where the upper one does."""
    yield f"ldr r9,[sp,#{COLUMN}]; ldr r7,[sp,#{COUNT}]; adds r9,r9,#3; str r9,[sp,#{COLUMN}]; cmp r9,r7{',lsl #1' if last == 2 else ''}; {again}"


def quotients():
    """Three digits q that make three columns 0; r12 is where they go."""
    yield f"mov lr,r12; ldrd r10,r11,[sp,#{N}]; ldm r10,{{r6,r7,r8}}"
    yield f"mul r9,r0,r11; {digit('r9', 'r9')}; umlal r0,r1,r9,r6; umlal r2,r3,r9,r7; umlal r4,r5,r9,r8"
    yield from carry(0)
    yield f"mul r10,r2,r11; {digit('r10', 'r10')}; umlal r2,r3,r10,r6; umlal r4,r5,r10,r7"
    yield from carry(1)
    yield f"mul r11,r4,r11; {digit('r11', 'r11')}; umlal r4,r5,r11,r6; stm lr,{{r9,r10,r11}}"
    yield from keep_above()


def results():
    """Three digits of the result."""
    yield digit("r9", "r0")
    yield from carry(0)
    yield digit("r10", "r2")
    yield from carry(1)
    yield f"{digit('r11', 'r4')}; ldr lr,[sp,#{OUT}]; stm lr!,{{r9,r10,r11}}; str lr,[sp,#{OUT}]"
    yield from keep_above()


LOW_Q = ["adds r10,r9,#1; lsrs r10,r10,#1; sub r8,r9,r10,lsl #1"]
HIGH = [f"ldr r7,[sp,#{COUNT}]; rsb r10,r9,r7,lsl #1; lsrs r10,r10,#1; sub r8,r7,r10,lsl #1"]
LOW_SQUARE = ["add r10,r9,#3; lsrs r10,r10,#2; add r8,r9,#1; lsrs r8,r8,#1; sub r8,r8,r10,lsl #1"]
HIGH_SQUARE = [f"ldr r7,[sp,#{COUNT}]; add r8,r9,#1; lsrs r8,r8,#1; sub r7,r7,r9; add r7,r7,r8; lsr r10,r7,#1; sub r8,r8,r10,lsl #1"]


def end():
    """What is above the highest digit stays in it."""
    yield f"ldr r6,[sp,#{CARRY}]; ldr lr,[sp,#{OUT}]; ldr r7,[lr,#-4]; orr r7,r7,r6,lsl #{BITS}; str r7,[lr,#-4]"
    yield f"add sp,sp,#{FRAME}; pop {{r4-r11,pc}}"


def multiply():
    yield from begin()
    yield "1:"
    yield from clear()
    yield from start(A, ["adds r10,r9,#4; lsrs r10,r10,#1; movs r8,#0"])
    yield from split()
    yield from start(Q, LOW_Q)
    yield from quotients()
    yield from next_columns("bne.w 1b", 1)
    yield "2:"
    yield from clear()
    yield from start(A, HIGH)
    yield from split()
    yield from start(Q, HIGH)
    yield from results()
    yield from next_columns("bne.w 2b", 2)
    yield from end()


def diagonal(odd):
    """r12: the digit in the middle of the columns' products."""
    if odd:
        yield "ldm r12,{r6,r7}; lsl r9,r6,#1; umlal r2,r3,r6,r6; umlal r4,r5,r9,r7"
    else:
        yield "ldm r12,{r6,r7,r8}; lsl r9,r6,#1; umlal r0,r1,r6,r6; umlal r2,r3,r9,r7; umlal r4,r5,r9,r8; umlal r4,r5,r7,r7"


def square_columns(half, odd):
    low = half == 1
    yield from clear()
    yield from start(A, LOW_SQUARE if low else HIGH_SQUARE)
    yield from diagonal(odd)
    yield from split()
    yield from start(Q, LOW_Q if low else HIGH)
    yield from quotients() if low else results()


def square():
    yield from begin()
    yield "1: ldm r0!,{r6,r7,r8}; lsl r6,r6,#1; lsl r7,r7,#1; lsl r8,r8,#1; stm r4!,{r6,r7,r8}; subs r5,r5,#3; bne 1b"
    # Three columns begin with an even one, then with an odd one; their number is odd in each half.
    yield "2:"
    yield from square_columns(1, False)
    yield from next_columns("beq.w 3f", 1)
    yield from square_columns(1, True)
    yield from next_columns("b.w 2b", 1)
    yield "3:"
    yield from square_columns(2, True)
    yield from next_columns("beq.w 4f", 2)
    yield from square_columns(2, False)
    yield from next_columns("b.w 3b", 2)
    yield "4:"
    yield from end()


def wipe():
    """Zeros below the caller's frame, as deep as the frames of these functions, of an exception and of its handler's saved registers go."""
    yield "push {r4-r7,lr}; mov r12,sp"
    yield "; ".join(f"movs r{i},#0" for i in range(8))
    yield from ["stmdb r12!,{r0-r7}"] * (WIPED // 32)
    yield "pop {r4-r7,pc}"


def text():
    numbers = "uint32_t *a UNUSED, uint32_t *q UNUSED, const uint32_t *n UNUSED, uint32_t inverse UNUSED"
    functions = [("void ward_kernel_umlal_sweep(void)", sweep()),
                 (f"void ward_kernel_digits_multiply({numbers}, const uint32_t *b UNUSED, size_t count UNUSED)", multiply()),
                 (f"void ward_kernel_digits_square({numbers}, uint32_t *d UNUSED, size_t count UNUSED)", square()),
                 ("void ward_kernel_digits_wipe(void)", wipe())]
    return HEAD + "".join(function(f"ASSEMBLY {signature}", lines) for signature, lines in functions) + TAIL


sys.exit(generated.end(__file__, text(), __doc__))
