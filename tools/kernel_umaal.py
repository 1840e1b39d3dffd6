#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kernel_umaal.py [--check]: writes port/crypto/kernel_umaal.c, the multiplication of the backend `kernel` for Cortex-M with UMAAL (Armv7E-M,
Armv8-M.main with DSP), moduli of 2048, 3072 and 4096 bits. With --check the file has to be what this writes.

docs/kernel.md says what is computed and why it is right. A row multiplies four words (r2-r5) with all words of a number, two of these at a time: 2 LDRD,
8 UMAAL and 1 STRD for 8 products. One unrolled row serves all: it is entered as many pairs before its end as there are, and whoever enters it says in
its frame where it goes on. A firmware whose keys have 2048 bits gets what has to be known of their length as constants.
"""
import sys

import generated

SIZES = [64, 96, 128]
ROW = 4
PAIR_BYTES = 44
BYTES = 4 * SIZES[0]

# The frame: what r0 begins a row with, six words of 0 for the accumulators, then these.
ZEROS = 28
RETURN, T, B, N, M, CARRY, END, SWEEP, ENTRY, TO_D, TO_ROW, TOP, LENGTH = range(ZEROS, ZEROS + 52, 4)
FRAME = ZEROS + 52

# Pushed registers and frame, an exception's frame with those of the floating-point unit, and what a handler pushes.
WIPED = (36 + FRAME + 104 + 36 + 31) // 32 * 32

# The accumulators go round: after each pair the first two are done. At the end of a row these four are what is above it.
LAST = ["r6", "r7", "r8", "r9", "r10", "r11"]

HEAD = """/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/kernel_umaal.py: change that. */
#include "kernel_rows.h"

#include "ward/config.h"

#if KERNEL_UMAAL

/* clang-format off */
#define ASSEMBLY __attribute__((naked, used))
#define UNUSED __attribute__((unused))

/* What is known of a number's length where all have 2048 bits, and what is not. */
#if WARD_MAX_RSA_BITS < 3072
#define LENGTH(one, any) one
#else
#define LENGTH(one, any) any
#endif

void ward_kernel_umaal_sweep(void);
void ward_kernel_umaal_reduce(void);
"""

TAIL = """
#else

/* No file is empty: ISO C has no such thing. */
typedef int ward_kernel_umaal_is_for_other_processors;

#endif
"""


class Either:
    """Lines for one length, and for any."""
    def __init__(self, one, any_length):
        self.one, self.any_length = one, any_length


def parts(line):
    return [part.strip() for part in line.split(";")]


def literal(line):
    return " ".join(f'"{part}\\n"' for part in parts(line)) if line else '""'


def function(signature, lines):
    text = [f"\n{signature}\n{{\n    __asm__ volatile(\n"]
    for line in lines:
        if isinstance(line, Either):
            text.append(f"        LENGTH({literal(line.one)},\n               {literal(line.any_length)})\n")
        elif line.startswith("#"):
            text.append(line + "\n")
        else:
            text += [f'        "{part}\\n"\n' for part in parts(line)]
    text.append("    );\n}\n")
    return "".join(text)


def pair(left):
    """With so many pairs left before the end."""
    places = -2 * left % len(LAST)
    x = LAST[places:] + LAST[:places]
    yield f"ldrd r12,lr,[r0],#8; ldrd {x[4]},{x[5]},[r1]"
    for multiplier, place in zip(("r2", "r3", "r4", "r5"), range(4)):
        yield f"umaal {x[place]},{x[4]},{multiplier},r12"
    for multiplier, place in zip(("r2", "r3", "r4", "r5"), range(1, 5)):
        yield f"umaal {x[place]},{x[5]},{multiplier},lr"
    yield f"strd {x[0]},{x[1]},[r1],#8"


def sweep():
    """r0: two words a pair; r1: t, to which they are added; accumulators are 0 where it is entered."""
    for size, below in zip(reversed(SIZES), [*reversed(SIZES[:-1]), 0]):
        if below:
            yield f"#if WARD_MAX_RSA_BITS >= {32 * size}"
        for left in range(size // 2, below // 2, -1):
            yield from pair(left)
        if below:
            yield "#endif"
    yield f"ward_kernel_umaal_sweep_end: ldr pc,[sp,#{RETURN}]"


def enter_at(words):
    """SWEEP: as many pairs before the end as half the words of a register say."""
    return f"ldr r12,9f; movs r4,#{PAIR_BYTES // 2}; mul r4,r4,{words}; sub r12,r12,r4; str r12,[sp,#{SWEEP}]; movs r4,#0"


END_OF_SWEEP = Either(".balign 4; 9: .word ward_kernel_umaal_sweep", ".balign 4; 9: .word ward_kernel_umaal_sweep_end + 1")


def begin():
    """The frame of a function of t, b, n and M: r4 stays 0."""
    yield f"push {{r4-r11,lr}}; sub sp,sp,#{FRAME}; movs r4,#0; mov r5,r4; str r1,[sp,#0]"
    for place in range(4, ZEROS, 8):
        yield f"strd r4,r5,[sp,#{place}]"
    yield f"strd r0,r1,[sp,#{T}]; strd r2,r3,[sp,#{N}]"
    yield Either(f"add r12,r0,#{2 * BYTES}; str r12,[sp,#{END}]; ldr r12,9f; str r12,[sp,#{SWEEP}]",
                 f"ldr r6,[sp,#{36 + FRAME}]; lsl r7,r6,#2; str r7,[sp,#{LENGTH}]; add r12,r0,r7,lsl #1; str r12,[sp,#{END}]; {enter_at('r6')}")


def each_eight_words(line):
    """A line for eight words, for all words of a number; the carry stays."""
    return Either("; ".join([line] * (SIZES[0] // 8)), f"ldr lr,[sp,#{LENGTH}]; 7: {line}; sub lr,lr,#32; teq lr,#0; bne 7b")


def clear_low():
    """r0 = t: its lower half; r0 is its upper half then."""
    yield "mov r6,r4; mov r7,r4; mov r8,r4; mov r9,r4; mov r10,r4; mov r11,r4"
    yield each_eight_words("stm r0!,{r4-r11}")


def go_on_at(label):
    yield f"adr r12,{label}; adds r12,r12,#1; str r12,[sp,#{RETURN}]"


def store_above():
    """The four words above a row, and whether that was the last: r1 is at the next four words of a."""
    yield f"strd {LAST[0]},{LAST[1]},[r1],#8; strd {LAST[2]},{LAST[3]},[r1],#8; ldr r12,[sp,#{END}]; cmp r1,r12"


def back(register, times=1):
    """The register less a number's bytes."""
    shift = f",lsl #{times - 1}" if times > 1 else ""
    return Either(f"sub {register},{register},#{times * BYTES}", f"ldr r6,[sp,#{LENGTH}]; sub {register},{register},r6{shift}")


def multiply():
    yield from begin()
    yield from clear_low()
    yield "mov r1,r0"
    yield from go_on_at("2f")
    yield "1: ldm r1,{r2-r5}"
    yield back("r1")
    yield f"ldm sp,{{r0,r6-r11}}; ldr pc,[sp,#{SWEEP}]"
    yield ".balign 4; 2:"
    yield from store_above()
    yield "bne 1b; b.w ward_kernel_umaal_reduce"
    yield END_OF_SWEEP


def square():
    yield from begin()
    # d = 2a, and the bit above in TOP: 0 where there is one, else -1.
    yield Either(f"add r2,r0,#{BYTES}", "add r2,r0,r7")
    yield "mov r12,r1; adds r3,r4,#0"
    yield each_eight_words("ldm r2!,{r3-r10}; " + "; ".join(f"adcs r{i},r{i},r{i}" for i in range(3, 11)) + "; stm r12!,{r3-r10}")
    yield f"sbc r3,r3,r3; str r3,[sp,#{TOP}]"
    # From where four words of a lie to where they lie in d, and, twice that, to where their row begins.
    yield "sub r12,r1,r0"
    yield back("r12")
    yield f"str r12,[sp,#{TO_D}]; rsb r12,r0,#0"
    yield back("r12", 2)
    yield f"str r12,[sp,#{TO_ROW}]; movs r4,#0; mov r5,r4"
    yield from clear_low()
    yield "mov r1,r0"
    yield from go_on_at("2f")
    yield f"ldr r12,[sp,#{SWEEP}]; str r12,[sp,#{ENTRY}]"
    # Four words of a: as they are beside themselves, and with what is above them doubled, without the bit that came from them.
    yield f"1: ldm r1,{{r2-r6}}; ldrd r12,lr,[sp,#{TO_D}]; add r0,r1,r12; lsl r6,r6,#1; stm r0,{{r2-r6}}"
    yield f"add r1,lr,r1,lsl #1; ldr r12,[sp,#{ENTRY}]; add lr,r12,#{2 * PAIR_BYTES}; str lr,[sp,#{ENTRY}]"
    yield "ldrd r6,r7,[sp,#4]; ldrd r8,r9,[sp,#4]; ldrd r10,r11,[sp,#4]; bx r12"
    yield ".balign 4; 2:"
    yield from store_above()
    yield "bne 1b"
    # The bit that d had no place for: t += a * 2^(32 * words), of a all but its last four words, which were not doubled.
    yield f"ldr r2,[sp,#{TOP}]; cmp r2,#0; bne 5f; ldr r0,[sp,#{B}]; ldr r1,[sp,#{T}]"
    line = "ldm r0!,{r2-r5}; ldm r1,{r6-r9}; adcs r6,r6,r2; adcs r7,r7,r3; adcs r8,r8,r4; adcs r9,r9,r5; stm r1!,{r6-r9}"
    yield Either(f"add r1,r1,#{BYTES}; movs r12,#{(BYTES // 16 - 1) // 3}", f"ldr r12,[sp,#{LENGTH}]; add r1,r1,r12; lsr r12,r12,#4; sub r12,r12,#1")
    yield "cmn r2,#0; 4:"
    yield Either(f"{line}; {line}; {line}", line)
    yield "sub r12,r12,#1; teq r12,#0; bne 4b"
    yield "ldm r1,{r6-r9}; adcs r6,r6,#0; adcs r7,r7,#0; adcs r8,r8,#0; adcs r9,r9,#0; stm r1,{r6-r9}"
    yield "5: b.w ward_kernel_umaal_reduce"
    yield END_OF_SWEEP


def add_above(first):
    """r2-r5: the four words above, where r1 is, and the accumulators on top."""
    yield "ldm r1,{r2-r5}; " + "; ".join(f"{first if place == 0 else 'adcs'} r{2 + place},r{2 + place},{LAST[place]}" for place in range(4)) + "; stm r1,{r2-r5}"


def reduce():
    """All rows but one are of M, the last is of n. CARRY is 0 where there is one, else -1."""
    yield f"mov r12,#-1; str r12,[sp,#{CARRY}]; ldr r12,[sp,#{M}]; str r12,[sp,#0]; ldr r1,[sp,#{T}]"
    yield Either(f"add r12,r1,#{BYTES - 16}", f"ldr r12,[sp,#{LENGTH}]; add r12,r12,r1; sub r12,r12,#16")
    yield f"str r12,[sp,#{END}]"
    yield from go_on_at("2f")
    yield f"1: ldm r1!,{{r2-r5}}; ldm sp,{{r0,r6-r11}}; ldr pc,[sp,#{SWEEP}]"
    yield f".balign 4; 2: ldrd r12,lr,[sp,#{CARRY}]; rsbs r12,r12,#0"
    yield from add_above("adcs")
    yield f"sbc r12,r12,r12; str r12,[sp,#{CARRY}]"
    yield back("r1")
    yield "cmp r1,lr; bne 1b"
    # q = t * k mod 2^128, where k follows M.
    yield from go_on_at("3f")
    yield f"ldr r0,[sp,#{M}]"
    yield Either(f"add r0,r0,#{BYTES}", f"ldr r6,[sp,#{LENGTH}]; add r0,r0,r6")
    yield "ldm r1,{r6-r9}; ldm r0,{r0,r10,r11,r12}"
    yield "umull r2,r3,r6,r0; movs r4,#0; umaal r3,r4,r7,r0; movs r5,#0; umaal r3,r5,r6,r10; umaal r4,r5,r8,r0"
    yield "mov lr,#0; umaal r4,lr,r7,r10; add r5,r5,lr; mov lr,#0; umaal r4,lr,r6,r11; add r5,r5,lr"
    yield "mla r5,r9,r0,r5; mla r5,r8,r10,r5; mla r5,r7,r11,r5; mla r5,r6,r12,r5"
    yield f"ldm sp,{{r0,r6-r11}}; ldr r0,[sp,#{N}]; ldr pc,[sp,#{SWEEP}]"
    yield ".balign 4; 3:"
    yield from add_above("adds")
    yield f"ldr r12,[sp,#{CARRY}]; adc r0,r12,#1; add sp,sp,#{FRAME}; pop {{r4-r11,pc}}"


def add_row():
    """t, four words, n: t += words * n."""
    yield f"push {{r4-r11,lr}}; sub sp,sp,#{FRAME}"
    yield Either(f"ldr r12,9f; str r12,[sp,#{SWEEP}]", enter_at("r3"))
    yield "mov r12,r0; mov r0,r2; ldm r1,{r2-r5}; mov r1,r12"
    yield "; ".join([f"{'movs' if register < 8 else 'mov'} r{register},#0" for register in range(6, 12)])
    yield from go_on_at("1f")
    yield f"ldr pc,[sp,#{SWEEP}]"
    yield f".balign 4; 1: strd {LAST[0]},{LAST[1]},[r1]; strd {LAST[2]},{LAST[3]},[r1,#8]; add sp,sp,#{FRAME}; pop {{r4-r11,pc}}"
    yield END_OF_SWEEP


def subtract():
    yield "push {r4-r10,lr}; cmp r0,r0"
    yield "1:"
    for _ in range(2):
        yield "ldm r0,{r3-r6}; ldm r1!,{r7-r10}; sbcs r3,r3,r7; sbcs r4,r4,r8; sbcs r5,r5,r9; sbcs r6,r6,r10; stm r0!,{r3-r6}"
    yield "sub r2,r2,#8; teq r2,#0; bne 1b; sbc r0,r0,r0; rsb r0,r0,#0; pop {r4-r10,pc}"


def wipe():
    """Zeros below the caller's frame, as deep as the frames of these functions, of an exception and of its handler's saved registers go."""
    yield "push {r4-r7,lr}; mov r12,sp"
    yield "; ".join(f"movs r{i},#0" for i in range(8))
    yield from ["stmdb r12!,{r0-r7}"] * (WIPED // 32)
    yield "pop {r4-r7,pc}"


def unused(text):
    """The parameters of a function that only its assembly reads."""
    return ", ".join(f"{part} UNUSED" for part in text.split(", "))


def text():
    functions = [("void ward_kernel_umaal_sweep(void)", sweep()), ("void ward_kernel_umaal_reduce(void)", reduce())]
    numbers = "const uint32_t *n, const uint32_t *m, size_t words"
    for name, arguments, lines in (("uint32_t {}multiply", f"uint32_t *t, const uint32_t *b, {numbers}", multiply()),
                                   ("uint32_t {}square", f"uint32_t *t, uint32_t *d, {numbers}", square()),
                                   ("void {}add", "uint32_t *t, const uint32_t *row, const uint32_t *n, size_t words", add_row()),
                                   ("uint32_t {}subtract", "uint32_t *x, const uint32_t *n, size_t words", subtract())):
        functions.append((f"{name.format('ward_kernel_rows_')}({unused(arguments)})", lines))
    functions.append(("void ward_kernel_rows_wipe(void)", wipe()))
    return HEAD + "".join(function(f"ASSEMBLY {signature}", lines) for signature, lines in functions) + TAIL


sys.exit(generated.end(__file__, text(), __doc__))
