#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hit.py: what a token costs that the gate has seen before, counted on the Cortex-M3 in QEMU against its bound."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402

LINE = re.compile(r"token (\d+) values (\d+) sha (\d+) miss (\d+) hit (\d+) most (\d+) (.+)")

STEPS = re.compile(r"steps (\d+) longest (\d+) before (\d+) last (\d+)")

TOKENS = 12
# One multiplication modulo a number of 2048 bits, and what is around it.
MOST_OF_A_STEP = 85000


def main():
    try:
        code, output = qemu.run(ROOT / "build" / "mps2-an385+peak" / "hit.elf", timeout=60)
    except qemu.QemuError as error:
        sys.exit(f"not ok 1 - the image ends by itself\n# {error}")
    rows = [(*map(int, row[:-1]), row[-1].strip()) for row in LINE.findall(output)]
    for number, (length, values, sha, miss, hit, most, name) in enumerate(rows, 1):
        print(f"{'ok' if hit <= most else 'not ok'} {number} - a known token, {name}: at most SHA-256, 50 instructions a byte, 300 a value beyond 32, 400 an escape, and 5,000")
        print(f"## {length} bytes, {values} values: {hit:,} instructions of at most {most:,} (SHA-256 by itself {sha:,}; the first time {miss:,})")
    steps = STEPS.search(output)
    count, longest, before, last = map(int, steps.groups()) if steps else (0, 0, 0, 0)
    divided = count == 19 and 0 < max(longest, before, last) <= MOST_OF_A_STEP
    print(f"{'ok' if divided else 'not ok'} {len(rows) + 1} - a token that is new, in steps: none takes more than {MOST_OF_A_STEP:,}")
    print(f"## {count} steps: at most {longest:,} instructions, the last one {last:,}; {before:,} before them")
    whole = code == 0 and len(rows) == TOKENS
    print(f"{'ok' if whole else 'not ok'} {len(rows) + 2} - each token, no RSA for a known one")
    if not whole:
        print("".join(f"# {line}\n" for line in output.splitlines()[-5:]), end="")
    return 0 if whole and divided and all(hit <= most for _, _, _, _, hit, most, _ in rows) else 1


sys.exit(main())
