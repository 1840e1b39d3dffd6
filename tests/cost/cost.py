#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cost.py [PROGRAM]: twice as much in a payload costs twice as much, counted in instructions by callgrind at a host's limits.

Whatever compares each with each would cost four times as much.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "host" / "cost"
MOST = 2.3

# How many of each: a table has 512 values, a token's payload less than 3,000 bytes on a device; here twice as much is tried.
COUNTS = {"words": 2000, "words of one letter": 2000, "members": 240, "members that begin alike": 240, "members of one value each": 120,
          "members of an object inside": 240, "scopes in an array": 480, "permissions": 480, "values": 480, "arrays": 480, "objects": 480,
          "audiences": 240, "escapes": 2000}


def instructions(shape, count):
    with tempfile.NamedTemporaryFile() as out:
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", PROGRAM, shape, str(count)], capture_output=True,
                              text=True, timeout=60)
        if done.returncode != 0:
            sys.exit(f"not ok 1 - {shape} × {count}\n# exit {done.returncode}: {done.stderr.strip()[-300:]}")
        return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def main():
    shapes = subprocess.run([PROGRAM], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    good = sorted(shapes) == sorted(COUNTS)
    for number, shape in enumerate(shapes, 1):
        count = COUNTS[shape]
        none, half, whole = (instructions(shape, n) for n in (1, count // 2, count))
        ratio = (whole - none) / (half - none)
        print(f"{'ok' if ratio <= MOST else 'not ok'} {number} - twice as many {shape} cost twice as much")
        print(f"## {count} {shape}: {whole - none:,} instructions, {ratio:.2f} times as many as half of it")
        good = good and ratio <= MOST
    print(f"1..{len(shapes)}")
    return 0 if good else 1


sys.exit(main())
