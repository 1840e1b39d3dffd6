#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""boards.py BOARD …: the arithmetic of the backend `kernel` on boards in QEMU: a digest over its powers of a thousand moduli and signatures of 2048
bits and those at the edges has to be that of mbedTLS's on this machine, and a verification takes at most so many instructions."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402

# Instructions of a verification with a prepared key, without the hash, at most; preparing a key may cost as much.
MOST = {"mps2-an385": 1_830_000, "mps2-an386": 1_830_000, "mps2-an500": 1_830_000}


def expected(cases):
    done = subprocess.run([ROOT / "build/host+kernel/compare", "--chain", "2048", cases], capture_output=True, text=True, check=True)
    return done.stdout.split()[1]


def judge(number, board):
    """Two lines of TAP; whether both are good."""
    code, output = qemu.run(ROOT / "build" / f"{board}+kernel" / "kernel.elf", board=board, timeout=60)
    said = dict(re.findall(r"^(\w+) (\w+)\r?$", output, re.M))
    same = code == 0 and int(said["cases"]) >= 1000 and said["chain"] == expected(said["cases"])
    print(f"{'ok' if same else 'not ok'} {number} - {board}: {said['cases']} powers are mbedTLS's")
    verify, prepare = int(said["verify"]), int(said["prepare"])
    cheap = verify <= MOST[board] and prepare <= verify
    print(f"{'ok' if cheap else 'not ok'} {number + 1} - {board}: a verification takes at most {MOST[board]:,} instructions, preparing a key no more than that")
    print(f"## {board}: {verify:,} instructions a verification, {prepare:,} to prepare a key")
    return same and cheap


def main():
    boards = sys.argv[1:]
    if not boards or not set(boards) <= set(MOST):
        sys.exit(__doc__)
    try:
        good = [judge(2 * place + 1, board) for place, board in enumerate(boards)]
    except qemu.QemuError as error:
        sys.exit(f"not ok 1 - the image ends by itself\n# {error}")
    print(f"1..{2 * len(boards)}")
    return 0 if all(good) else 1


sys.exit(main())
