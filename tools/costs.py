#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""costs.py: the short table of README: what its two examples cost on a Cortex-M3. docs/costs.md has the long one (size.py).

    costs.py                     prints it
    costs.py --write README.md   puts it between its markers
    costs.py --check README.md   TAP: whether it still holds
"""
import difflib
import re
import sys

import flash
import size

sys.path.insert(0, str(size.ROOT / "tests" / "support"))
import qemu  # noqa: E402

BEGIN, END = "<!-- costs:begin -->", "<!-- costs:end -->"
BOARD = "mps2-an385"
# The token whose costs are told: an Auth0 token of a user, without permissions.
TOKEN = re.compile(r"token (\d+) values \d+ sha \d+ miss (\d+) hit (\d+)")


def flash_of(build, name):
    """What stands in flash: code, constants, and the values that variables start with."""
    _, row = size.output_of(build.tools + "size", build.folder / f"{name}.elf").splitlines()
    code, data, *_ = row.split()
    return int(code) + int(data)


def instructions(build):
    """(bytes of the token, instructions of its first check, of each later one), of the first token in tests/qemu/hit.c."""
    _, output = qemu.run(build.peak / "hit.elf", build.board, timeout=120)
    return tuple(int(number) for number in TOKEN.search(output).groups())


def measure():
    build = size.Build(BOARD)
    sizes = flash.struct_sizes(build.folder / "structs.o", build.tools)
    length, first, known = instructions(build)
    gate, sentences = flash_of(build, "gate"), flash_of(build, "gate_sentences")
    rows = [("Flash: a firmware that verifies tokens (first example)", f"{flash_of(build, 'verify'):,} bytes"),
            ("Flash: with the gate (second example)", f"{gate:,} bytes"),
            ("&nbsp;&nbsp;a sentence for each result, for operators, adds", f"{sentences - gate:,} bytes"),
            ("RAM: `struct ward_workspace`, one a task", f"{sizes['ward_workspace']:,} bytes"),
            ("RAM: `struct ward_gate`", f"{sizes['ward_gate']:,} bytes"),
            (f"A token of {length} bytes, the first time (RS256, 2048 bits)", f"{first:,} instructions"),
            ("The same token again", f"{known:,} instructions")]
    chain = size.toolchain_of(build)
    caption = (f"By `make costs` with {chain.compiler} ({chain.options}), {chain.library} and {chain.mbedtls}, "
               "counted in QEMU.")
    return chain, "\n".join([caption, "", "| | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)]) + "\n"


def check(path):
    chain, table = measure()
    _, block, _ = size.block_of(path, BEGIN, END)
    name = f"the costs in {path} hold"
    here = f"with {chain.compiler} ({chain.options}), {chain.library} and {chain.mbedtls},"
    if block and here not in block:
        print(f"ok 1 - {name} # SKIP measured with other tools than {size.versions_of(chain)}\n1..1")
        return 0
    difference = list(difflib.unified_diff(block.splitlines(), table.strip("\n").splitlines(), path, "measured now", n=0, lineterm=""))
    for line in [*difference, *(["put the new numbers there: make costs COSTS_OPTIONS='--write README.md'"] if difference else [])]:
        print(f"# {line}")
    print(f"{'not ok' if difference else 'ok'} 1 - {name}\n1..1")
    return 1 if difference else 0


def main(words):
    if words[:1] == ["--check"] and len(words) == 2:
        return check(words[1])
    if words and (words[0] != "--write" or len(words) != 2):
        print(__doc__, file=sys.stderr)
        return 2
    _, table = measure()
    print(table, end="")
    if words:
        size.write(words[1], table, BEGIN, END)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (size.SizeError, qemu.QemuError) as error:
        sys.exit(f"costs.py: {error}")
