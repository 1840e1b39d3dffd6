#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unit.py [IMAGE]: runs the unit tests on the board in QEMU and passes on their TAP. The board is what the image's folder
is named after."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402


def main():
    image = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "mps2-an385" / "unit.elf")
    board = image.parent.name.partition("+")[0]
    try:
        code, output = qemu.run(image, board, icount=False, timeout=100, words=qemu.WIDER.get(board, ()))
    except qemu.QemuError as error:
        sys.exit(f"not ok 1 - the image ends by itself\n# {error}")
    print(output, end="")
    return code


sys.exit(main())
