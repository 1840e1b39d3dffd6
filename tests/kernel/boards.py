#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""boards.py build/VARIANT/kernel.elf …: the arithmetic of a backend on boards in QEMU (`BOARD+kernel`, and `BOARD` for
the default one): a digest over its powers of a thousand moduli and signatures of 2048 bits and those at the edges has to
be that of mbedTLS's on this machine, and a verification takes at most so many instructions."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import board_folders  # noqa: E402
import qemu  # noqa: E402

# Instructions of a verification with a prepared key, without the hash, at most, in the mean over moduli and signatures
# by chance and those with many words of 0 and all ones; preparing a key may cost as much. With `kernel` by the core, and
# with the default backend.
MOST = {"cortex-m0": 2_200_000, "cortex-m3": 300_000, **dict.fromkeys(("cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"), 180_000),
        "rv32imac": 1_250_000}
MOST_DEFAULT = {"cortex-m3": 1_450_000}


def expected(cases):
    done = subprocess.run([ROOT / "build/host+kernel/compare", "--chain", "2048", cases], capture_output=True, text=True,
                          check=True)
    return done.stdout.split()[1]


def judge(number, image):
    """Two lines of TAP; whether both are good."""
    variant = image.parent.name
    board, _, flavour = variant.partition("+")
    code, output = qemu.run(image, board, timeout=120, words=qemu.WIDER.get(board, ()))
    said = dict(re.findall(r"^(\w+) (\w+)\r?$", output, re.M))
    same = code == 0 and int(said["cases"]) >= 1000 and said["chain"] == expected(said["cases"])
    print(f"{'ok' if same else 'not ok'} {number} - {variant}: {said['cases']} powers are mbedTLS's")
    verify, prepare = int(said["verify"]), int(said["prepare"])
    core = board_folders.core(board)
    most = (MOST if flavour == "kernel" else MOST_DEFAULT).get(core)
    cheap = (most is None or verify <= most) and prepare <= verify
    bound = f"a verification takes at most {most:,} instructions" if most else f"no bound is known for {core}"
    print(f"{'ok' if cheap else 'not ok'} {number + 1} - {variant}: {bound}, preparing a key takes no more than it does")
    print(f"## {variant}: {verify:,} instructions a verification ({int(said['most']):,} at most), {prepare:,} to prepare "
          "a key")
    return same and cheap


def main():
    images = [pathlib.Path(word) for word in sys.argv[1:]]
    if not images:
        sys.exit(__doc__)
    try:
        good = [judge(2 * place + 1, image) for place, image in enumerate(images)]
    except qemu.QemuError as error:
        sys.exit(f"not ok 1 - the image ends by itself\n# {error}")
    print(f"1..{2 * len(images)}")
    return 0 if all(good) else 1


sys.exit(main())
