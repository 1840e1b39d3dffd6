#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs an image on an emulated board.

As a module: run(image) returns (exit code, console output) or raises QemuError. By hand, for a look at the console:

    tests/support/qemu.py IMAGE [BOARD]
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import board_folders  # noqa: E402
import pace  # noqa: E402


class QemuError(Exception):
    """The emulator did not come to the end of the program; the text says why and what was last printed."""


# For images that hold vectors and whole tokens, more memory than the board has, as tests.mk links them (TEST_FLASH, TEST_RAM): there
# the core is what is tested. BOARD_QEMU_WIDER of the board's folder.
WIDER = {board: tuple(words) for board in board_folders.names() if (words := board_folders.settings(board).get("BOARD_QEMU_WIDER"))}


def machine(board):
    """The emulator's words, as `make qemu` has them."""
    if board not in board_folders.names():
        raise QemuError(f"there is no board {board}: {' '.join(board_folders.names())}")
    return board_folders.settings(board)["BOARD_QEMU"]


def command(image, board, icount):
    words = [*machine(board), "-kernel", str(image), "-display", "none", "-monitor", "none",
             "-serial", "stdio", "-semihosting-config", "enable=on,target=native"]
    return words + (["-icount", "shift=0"] if icount else [])


def last_lines(data):
    lines = data.decode("utf-8", "replace").splitlines()[-15:]
    return "\n".join(lines) or "(nothing)"


def run(image, board="mps2-an385", input=b"", icount=True, timeout=60, words=()):
    """
    Runs an image to its end: (exit code, output as text).

    input goes to the console. With icount the processor's clock counts instructions, the same ones each time; not with a
    network. words are further ones for the emulator. QEMU also ends with 0 for reasons that are not the program's, so the
    output must have a line END.
    """
    emulator = machine(board)[0]
    if shutil.which(emulator) is None:
        raise QemuError(f"{emulator} is not installed; tools/setup emulator riscv installs it")
    if not pathlib.Path(image).is_file():
        raise QemuError(f"{image} is missing; build it first")
    with subprocess.Popen([*command(image, board, icount), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        try:
            output, _ = process.communicate(input, pace.seconds(timeout))
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            raise QemuError(f"{image} was still running after {pace.seconds(timeout):.0f} s; last it printed:\n{last_lines(output)}") from None
        except BaseException:
            process.kill()
            raise
    if "END" not in [line.rstrip("\r") for line in output.decode("utf-8", "replace").split("\n")]:
        raise QemuError(f"{image} ended with exit code {process.returncode} before its line END; last it printed:\n"
                        f"{last_lines(output)}")
    return process.returncode, output.decode("utf-8", "replace")


def main(arguments):
    if not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        code, output = run(*arguments)
    except QemuError as error:
        print(error, file=sys.stderr)
        return 1
    print(output, end="")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
