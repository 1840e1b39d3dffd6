#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hit.py: what a token costs that the gate has seen before, and a key that is read, counted on the Cortex-M3 in QEMU against their
bounds: of a gate that knows tokens by a hash, of one whose slots keep signatures, and of one whose slots keep the text."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402

LINE = re.compile(r"token (\d+) values (\d+) sha (\d+) miss (\d+) hit (\d+) most (\d+) (.+)")
STEPS = re.compile(r"steps (\d+) longest (\d+) before (\d+) last (\d+)")
SLOT = re.compile(r"slot (\d+)")
KEY = re.compile(r"key (\d+) read (\d+) most (\d+)")

TOKENS = 12

# One multiplication modulo a number of 2048 bits, and what is around it.
MOST_OF_A_STEP = 85000

# Of whole requests with tokens of 739 and 1,366 bytes. What ../docs/costs.md says.
REQUESTS = {"peak": {739: 61000, 1366: 98000}, "peak+sha256": {739: 52000, 1366: 83000}, "signatures+sha256": {739: 45000, 1366: 76000},
            "text+sha256": {739: 31000, 1366: 45000}}
KINDS = {"peak": "known by a hash, mbedTLS's SHA-256", "peak+sha256": "known by a hash, ward's SHA-256",
         "signatures+sha256": "known by its signature, ward's SHA-256", "text+sha256": "known by its text, ward's SHA-256"}


class Results:
    def __init__(self):
        self.count, self.good = 0, True

    def add(self, good, what, note):
        self.count += 1
        self.good = self.good and good
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}\n{note}")


def count(results, flavour, kind):
    try:
        code, output = qemu.run(ROOT / "build" / f"mps2-an385+{flavour}" / "hit.elf", timeout=60)
    except qemu.QemuError as error:
        results.add(False, f"{kind}: the image ends by itself", f"# {error}")
        return
    rows = [(*map(int, row[:-1]), row[-1].strip()) for row in LINE.findall(output)]
    for length, values, sha, miss, hit, most, name in rows:
        most = most or REQUESTS[flavour][length]
        results.add(hit <= most, f"{kind}, {name}: at most {most:,} instructions",
                    f"## {length} bytes, {values} values: {hit:,} instructions (SHA-256 by itself {sha:,}; the first time {miss:,})")
    for length, read, most in (map(int, row) for row in KEY.findall(output)):
        results.add(read <= most, f"{kind}: a key is read in at most {most:,} instructions",
                    f"## {length} bytes of a key set: {read:,} instructions, without what the backend makes of its number")
    steps = STEPS.search(output)
    number, longest, before, last = map(int, steps.groups()) if steps else (0, 0, 0, 0)
    results.add(number == 19 and 0 < max(longest, before, last) <= MOST_OF_A_STEP,
                f"{kind}: a token that is new, in steps: none takes more than {MOST_OF_A_STEP:,}",
                f"## {number} steps: at most {longest:,} instructions, the last one {last:,}; {before:,} before them")
    print(f"## {kind}: a token that is remembered takes {', '.join(SLOT.findall(output))} bytes")
    whole = code == 0 and len(rows) == TOKENS and len(KEY.findall(output)) == 1
    results.add(whole, f"{kind}: each token, no RSA for a known one", "".join(f"# {line}\n" for line in ([] if whole else output.splitlines()[-5:])))


def main():
    results = Results()
    for flavour, kind in KINDS.items():
        count(results, flavour, kind)
    return 0 if results.good else 1


sys.exit(main())
