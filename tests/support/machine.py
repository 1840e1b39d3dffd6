# SPDX-License-Identifier: Apache-2.0
"""Which machine a program is for, and how this one runs it: by QEMU's user emulation where it is another's."""
import pathlib
import shutil
import sys

# What QEMU calls them, by e_machine of the ELF header.
EMULATED = {183: "aarch64", 243: "riscv64"}


def of(program):
    """e_machine: the file's bytes 18 and 19, in the order that ward's machines have."""
    return int.from_bytes(pathlib.Path(program).read_bytes()[18:20], "little")


def name(program):
    return EMULATED.get(of(program), "unknown")


def command(program):
    """The words that run it; where the emulator is missing, None."""
    if of(program) == of(sys.executable):
        return [str(program)]
    emulator = shutil.which(f"qemu-{name(program)}")
    return [emulator, str(program)] if emulator else None


def missing(program):
    """What to do where there is none."""
    return f"qemu-{name(program)}, for {program}, is missing: tools/setup test installs it"
