#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""process.py MACHINE PROGRAM: runs a program of another architecture by QEMU's user emulation, and passes on its TAP; of
this machine's own without it."""
import os
import platform
import shutil
import sys


def main():
    machine, program = sys.argv[1:]
    command = [program]
    if platform.machine() != machine:
        emulator = f"qemu-{machine}"
        if shutil.which(emulator) is None:
            sys.exit(f"not ok 1 - {emulator} is missing: tools/setup test installs it")
        command.insert(0, emulator)
    sys.stdout.flush()
    os.execvp(command[0], command)


main()
