#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""powers.py build/VARIANT/compare BITS:COUNT …: the arithmetic of the backend on another machine, in QEMU's user emulation: for so many
moduli and signatures by chance and those at the edges, a digest over its powers has to be that of mbedTLS's on this machine. And the
multiplication there is of limbs of 64 bits: the upper half of a product comes from UMULH."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import machine  # noqa: E402

# KERNEL_EDGES of cases.h: they come first.
EDGES = 18 * 22


def digest(command, what, bits, count):
    done = subprocess.run([*command, what, bits, str(count)], capture_output=True, text=True, check=False)
    return done.stdout.removeprefix("chain ").strip() if done.returncode == 0 else f"exit {done.returncode}"


def long_products(program):
    """UMULH in the multiplication of the program."""
    code = subprocess.run(["aarch64-linux-gnu-objdump", "-d", program.parent / "obj/port/crypto/kernel_limbs.o"], capture_output=True,
                          text=True, check=True).stdout
    return code.count("\tumulh\t")


def main():
    program, *sizes = pathlib.Path(sys.argv[1]), *sys.argv[2:]
    command = machine.command(program)
    if command is None:
        sys.exit(f"not ok 1 - {machine.missing(program)}")
    good = True
    for number, size in enumerate(sizes, 1):
        bits, _, chance = size.partition(":")
        count = int(chance) + EDGES
        expected = digest([ROOT / "build/host+kernel/compare"], "--chain", bits, count)
        said = digest(command, "--powers", bits, count)
        same = len(expected) == 64 and said == expected
        print(f"{'ok' if same else 'not ok'} {number} - {bits} bits: {count} powers on {machine.name(program)} are mbedTLS's on this machine", flush=True)
        if not same:
            print(f"# {said} is not {expected}")
        good = good and same
    wide = long_products(program)
    print(f"{'ok' if wide else 'not ok'} {len(sizes) + 1} - limbs have 64 bits there ({wide} UMULH)\n1..{len(sizes) + 1}")
    return 0 if good and wide else 1


sys.exit(main())
