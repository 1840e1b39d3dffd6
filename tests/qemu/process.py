#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""process.py PROGRAM [WORD]…: runs a program of another architecture by QEMU's user emulation, and passes on its TAP; of
this machine's own without it."""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import machine  # noqa: E402


def main():
    program, *words = sys.argv[1:]
    command = machine.command(program)
    if command is None:
        sys.exit(f"not ok 1 - {machine.missing(program)}")
    sys.stdout.flush()
    os.execv(command[0], [*command, *words])


main()
