#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sha256_thumb.py [--check]: writes port/crypto/sha256_thumb.c, SHA-256's blocks in Thumb-2 (Armv7-M, Armv7E-M, Armv8-M.main); or says
whether it is what it would write.

The eight variables stay in r2 to r9 and change their names from round to round in place of moving. A rotation is an operand's,
so that one of three costs two instructions: x ror 6 ^ x ror 11 ^ x ror 25 is (x ^ x ror 5 ^ x ror 19) ror 6. The majority of
a, b and c is b ^ ((a ^ b) & (b ^ c)), of which a ^ b is the next round's b ^ c. Sixteen rounds are written twice: those that
load the block's words, and those that make words of the sixteen before, which run three times.
"""
import sys

import generated

VARIABLES = ["r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"]
WORD, CONSTANTS = "r10", "lr"

# Where the frame keeps what has no register: the state, the words, the bytes, the blocks that are left.
STATE, WORDS, BYTES, BLOCKS, FRAME = 0, 4, 8, 12, 16


def load(number):
    """A word of the block; r0 points to the words, r1 to the bytes."""
    return [f"ldr {WORD},[r1],#4", f"rev {WORD},{WORD}", f"str {WORD},[r0,#{4 * number}]"]


def make(number, scratch):
    """A word of those before it; r1 points to them."""
    at = [4 * ((number + further) % 16) for further in (14, 1, 9, 0)]
    return [f"ldr {WORD},[r1,#{at[0]}]", f"ldr r0,[r1,#{at[1]}]",
            f"ror {scratch},{WORD},#17", f"eor {scratch},{scratch},{WORD},ror #19", f"eor {scratch},{scratch},{WORD},lsr #10",
            f"ror {WORD},r0,#7", f"eor {WORD},{WORD},r0,ror #18", f"eor {WORD},{WORD},r0,lsr #3",
            f"add {WORD},{WORD},{scratch}", f"ldr {scratch},[r1,#{at[3]}]", f"ldr r0,[r1,#{at[2]}]",
            f"add {WORD},{WORD},{scratch}", f"add {WORD},{WORD},r0", f"str {WORD},[r1,#{at[3]}]"]


def one_round(number, scratch, last):
    """`last` is b ^ c, and becomes the majority; `scratch` becomes a ^ b, the next round's."""
    a, b, _, d, e, f, g, h = [VARIABLES[(place - number) % 8] for place in range(8)]
    return [f"ldr {scratch},[{CONSTANTS}],#4", f"add {h},{h},{WORD}", f"add {h},{h},{scratch}",
            f"eor {scratch},{e},{e},ror #5", f"eor {scratch},{scratch},{e},ror #19", f"add {h},{h},{scratch},ror #6",
            f"eor {scratch},{f},{g}", f"and {scratch},{scratch},{e}", f"eor {scratch},{scratch},{g}", f"add {h},{h},{scratch}",
            f"add {d},{d},{h}",
            f"eor {scratch},{a},{a},ror #11", f"eor {scratch},{scratch},{a},ror #20", f"add {h},{h},{scratch},ror #2",
            f"eor {scratch},{a},{b}", f"and {last},{last},{scratch}", f"eor {last},{last},{b}", f"add {h},{h},{last}"]


def rounds(loads):
    lines, scratch, last = [], "r11", "r12"
    for number in range(16):
        lines += load(number) if loads else make(number, scratch)
        lines += one_round(number, scratch, last)
        scratch, last = last, scratch
    return lines


def instructions():
    lines = ["push {r4-r11,lr}", f"sub sp,sp,#{FRAME}", f"strd r0,r1,[sp,#{STATE}]", f"strd r2,r3,[sp,#{BYTES}]", "ldm r0,{r2-r9}",
             "1:", f"ldrd r0,r1,[sp,#{WORDS}]", "ldr lr,=ward_sha256_constants", "eor r12,r3,r4"]
    lines += rounds(True)
    lines += [f"str r1,[sp,#{BYTES}]", "mov r1,r0", "2:"]
    lines += rounds(False)
    lines += ["ldr r0,=ward_sha256_constants+256", "cmp lr,r0", "bne.w 2b", f"ldr r0,[sp,#{STATE}]"]
    for place in range(0, 8, 2):
        one, other = VARIABLES[place:place + 2]
        lines += [f"ldrd r10,r11,[r0,#{4 * place}]", f"add {one},{one},r10", f"add {other},{other},r11", f"strd {one},{other},[r0,#{4 * place}]"]
    lines += [f"ldr r0,[sp,#{BLOCKS}]", "subs r0,r0,#1", f"str r0,[sp,#{BLOCKS}]", "bne.w 1b"]
    # What the next function saves of its caller's registers is none of this one's.
    lines += ["mov r1,#0", "mov r2,#0", "mov r3,#0", "mov r12,#0", f"add sp,sp,#{FRAME}", "pop {r4-r11,pc}", ".ltorg"]
    return lines


def source():
    lines = "\n".join(f'        "{line}\\n"' for line in instructions())
    return f"""/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/sha256_thumb.py: change that. */
#include "sha256_blocks.h"

#if WARD_SHA256_THUMB

/* clang-format off */
__attribute__((naked)) void ward_sha256_blocks(uint32_t state[8] __attribute__((unused)), uint32_t words[16] __attribute__((unused)),
                                               const uint8_t *bytes __attribute__((unused)), size_t blocks __attribute__((unused)))
{{
    __asm__ volatile(
        ".syntax unified\\n"
{lines}
    );
}}
/* clang-format on */

#endif
"""


sys.exit(generated.end(__file__, source(), __doc__))
