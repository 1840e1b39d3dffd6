# SPDX-License-Identifier: Apache-2.0
"""Which machine a program is for, and how this one runs it: by QEMU's user emulation where it is another's."""
import pathlib
import platform
import shutil

# e_machine of the ELF header: the file's bytes 18 and 19, in the order that ward's machines have.
MACHINES = {62: "x86_64", 183: "aarch64", 243: "riscv64"}


def of(program):
    header = pathlib.Path(program).read_bytes()[:20]
    return MACHINES.get(int.from_bytes(header[18:20], "little"), "unknown")


def command(program):
    """The words that run it; where the emulator is missing, None."""
    machine = of(program)
    if platform.machine() == machine:
        return [str(program)]
    emulator = shutil.which(f"qemu-{machine}")
    return [emulator, str(program)] if emulator else None


def missing(program):
    """What to do where there is none."""
    return f"qemu-{of(program)}, for {program}, is missing: tools/setup test installs it"
