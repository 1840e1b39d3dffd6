#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""refused.py: a token that is refused costs at most 1.2 times what an accepted one of its length does, on a Cortex-M3 with mbedTLS's
arithmetic and on a Cortex-M3 and M4 with ward's own (`kernel`), counted in QEMU by tests/qemu/refused.c.

What stands for "an accepted one": a plain token, new to the gate where the refused one is, and for the same demand known where that is
known. For what is refused behind a payload that is full of escapes, of letters beside ASCII, of digits or of names that are hard to tell
apart, which only an issuer can have signed, an accepted token that is as full of them; and for more values than are read, the one full of
escapes. A note says what these are beside a plain token."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402

LINE = re.compile(r"^(verify|new|known|words) (\d+) (\d+) (.+?)(?: beside (.+?))?\r?$", re.M)
MOST = 1.2
PLAIN = "a plain token"
# What anybody can send, and what of it is dearest: no signature is checked of the others.
FORGED = "a signature that is wrong"
LENGTHS = (739, 1367, 4096)
IMAGES = {("mps2-an385", "peak"): "Cortex-M3, mbedtls_core", ("mps2-an385", "peak+kernel"): "Cortex-M3, kernel",
          ("mps2-an386", "peak+kernel"): "Cortex-M4, kernel",
          ("mps2-an386", "text+sha256+kernel"): "Cortex-M4, kernel, ward's SHA-256, known by its text"}
WAYS = {"verify": "ward_verify()", "new": "new to the gate", "known": "known to the gate", "words": "known, of many words"}
# How many refusals there are, so that none is left out unseen.
REFUSALS = {"verify": 180, "new": 195, "known": 18, "words": 18}


def worst(rows, accepted):
    """The highest ratio: (ratio, row)."""
    return max((count / accepted[way, length, beside], (way, length, count, name, beside)) for way, length, count, name, beside in rows)


def tell(ratio, row, accepted, by):
    way, length, count, name, beside = row
    return (f"## {ratio:.2f} at worst: {name}, {length:,} bytes, {WAYS[way]}: {count:,} instructions, {by or beside} "
            f"{accepted[way, length, by or beside]:,}")


class Results:
    def __init__(self):
        self.count, self.good = 0, True

    def add(self, good, what, *notes):
        self.count += 1
        self.good = self.good and good
        print("\n".join([f"{'ok' if good else 'not ok'} {self.count} - {what}", *notes]))


def judge(results, kind, output):
    lines = [(way, int(length), int(count), name, beside) for way, length, count, name, beside in LINE.findall(output)]
    accepted = {(way, length, name): count for way, length, count, name, beside in lines if not beside}
    refused = [line for line in lines if line[4]]
    for way, words in WAYS.items():
        rows = [line for line in refused if line[0] == way]
        if len(rows) != REFUSALS[way] or {line[1] for line in rows} != set(LENGTHS):
            results.add(False, f"{kind}, {words}: every refusal", f"# {len(rows)} lines")
            continue
        ratio, row = worst(rows, accepted)
        over = [f"# {count / accepted[way, length, beside]:.2f}: {name}, {length} bytes" for way, length, count, name, beside in rows
                if count > MOST * accepted[way, length, beside]]
        results.add(not over, f"{kind}, {words}: none of {len(rows)} refusals takes more than {MOST} times what is accepted", *over,
                    tell(ratio, row, accepted, None))
    ratio, row = worst([line for line in refused if line[3] == FORGED], accepted)
    print("## of what anybody can send: " + tell(ratio, row, accepted, None).removeprefix("## "))
    full = [(way, length, count, name, PLAIN) for way, length, count, name, beside in refused
            if way in ("verify", "new") and beside not in (PLAIN, "one scope", "one of three alternatives")]
    ratio, row = worst(full, accepted)
    print("## of tokens that only an issuer makes, full of one thing, beside a plain one: " + tell(ratio, row, accepted, PLAIN).removeprefix("## "))


def main():
    results = Results()
    for (board, flavour), kind in IMAGES.items():
        try:
            code, output = qemu.run(ROOT / "build" / f"{board}+{flavour}" / "refused.elf", board, timeout=60)
        except qemu.QemuError as error:
            results.add(False, f"{kind}: the image ends by itself", f"# {error}")
            continue
        if code != 0:
            results.add(False, f"{kind}: each token is refused for what it is", *[f"# {line}" for line in output.splitlines()[-3:]])
            continue
        judge(results, kind, output)
    print(f"1..{results.count}")
    return 0 if results.good else 1


if __name__ == "__main__":
    sys.exit(main())
