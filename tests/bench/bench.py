#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py: what ward costs on each board, counted in QEMU: instructions, stack, flash, RAM, and an estimate in cycles.

    bench.py BOARD...     builds, measures and prints the boards' tables (all boards without one)
    bench.py --write      measures all boards and writes docs/bench/BOARD.md and docs/bench/costs.svg
    bench.py --check      TAP: whether images that are built stay within 3 % of those tables

Every image runs twice, and both runs have to count the same.
"""
import os
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import board_folders  # noqa: E402
import chart  # noqa: E402
import qemu  # noqa: E402
import weigh  # noqa: E402

# The core, and where the images are built: with the usual limits, and with the board's own.
BOARDS = {board: (board_folders.core(board), board_folders.usual_flavour(board), "tests") for board in board_folders.names()}
BACKENDS = ("mbedtls_core", "kernel", "mbedtls_rsa", "psa")
# What `make test` measures: ward's own backend everywhere, the others on one board.
CHECKED = {board: BACKENDS if board == "mps2-an385" else BACKENDS[:1] for board in BOARDS}
IMAGES = {"verify": "a firmware that verifies tokens", "gate": "a firmware with the gate"}
# A number may be so much more than recorded, a count of instructions one step of its board's counter besides (at most
# 63).
MORE, STEP = 1.03, 63
FOLDER = ROOT / "docs" / "bench"


def rsa_variant(board, backend):
    return f"{board}+{'' if backend == 'mbedtls_core' else backend + '+'}heap"


def counting(board, backends):
    """Variant and file of every image that counts, and what the names of its rows get besides. With the usual limits a
    key has 2048 bits at most, and what is made for one length is shorter."""
    usual = BOARDS[board][1]
    yield f"{board}+{usual}", "bench.elf", ""
    for backend in backends:
        if backend == "kernel":
            yield f"{board}+kernel{'+usual' if usual == 'usual' else ''}", "rsa.elf", f", {backend}, usual limits"
        yield rsa_variant(board, backend), "rsa.elf", f", {backend}"


def targets(board, backends):
    """Variant and file of every image that a board's table is made of."""
    return [*((variant, file) for variant, file, _ in counting(board, backends)),
            *((f"{board}+{BOARDS[board][2]}", f"size/{image}.elf") for image in IMAGES)]


def needs():
    """The same of all boards, for tests/steps.py."""
    return [f"{variant}/{file}" for board in BOARDS for variant, file in targets(board, CHECKED[board])]


def build(board, backends):
    for variant, file in targets(board, backends):
        subprocess.run(["make", "--no-print-directory", "-s", "-j2", "-f", "tests/Makefile", f"VARIANT={variant}",
                        f"build/{variant}/{file}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def ran(variant, file, board, times=2):
    """Rows of an image: name, instructions, stack; and all that it printed. So many runs have to give the same rows."""
    image = ROOT / "build" / variant / file
    runs = []
    for _ in range(times):
        code, output = qemu.run(image, board, timeout=120, words=qemu.WIDER.get(board, ()))
        if code != 0:
            raise qemu.QemuError(f"{image} ended with {code}: {output[-200:]}")
        runs.append([(name, int(instructions), int(stack)) for name, instructions, stack in
                     re.findall(r"^BENCH (.*): (\d+) (\d+)\r?$", output, re.M)])
    if any(run != runs[0] for run in runs) or not runs[0]:
        raise qemu.QemuError(f"{image}: two runs counted differently, or nothing: {set(runs[0]) ^ set(runs[-1])}")
    return runs[0], output


def counted(variant, file, board):
    return ran(variant, file, board)[0]


def same_work(image, counts, found):
    """What was weighed has to be what was counted, in which a clock interrupts each million."""
    if len(found) != len(counts) or any(abs(seen - count) > 200 + count / 500
                                        for (seen, _), count in zip(found, counts)):
        raise qemu.QemuError(f"{image}: counted {counts}, but weighed {found}")


def weighed(variant, file, board, counts):
    """Cycles of each call."""
    core = BOARDS[board][0]
    if core not in weigh.CORES:
        return [None] * len(counts)
    image = ROOT / "build" / variant / file
    found = weigh.cycles(image, board, core)
    same_work(image, counts, found)
    return [cycles for _, cycles in found]


def operations(board, backends, estimate):
    """All rows of a board: name, instructions, cycles or None, stack."""
    rows = []
    for variant, file, more in counting(board, backends):
        found = counted(variant, file, board)
        cycles = weighed(variant, file, board, [count for _, count, _ in found]) if estimate else [None] * len(found)
        rows += [(name + more, count, weight, stack) for (name, count, stack), weight in zip(found, cycles)]
    return rows


def cross(board):
    return board_folders.settings(board)["CROSS"][0]


def sections(board):
    """Of each image: name, bytes of code and constants, of values that variables begin with, of RAM besides the
    stack."""
    rows = []
    for image, name in IMAGES.items():
        path = ROOT / "build" / f"{board}+{BOARDS[board][2]}" / "size" / f"{image}.elf"
        said = subprocess.run([cross(board) + "size", "-A", path], check=True, capture_output=True, text=True).stdout
        size = {section: int(number) for section, number in re.findall(r"^(\.\S+)\s+(\d+)", said, re.M)}
        code = sum(size.get(section, 0) for section in (".vectors", ".text", ".ARM.exidx"))
        rows.append((name, code, size.get(".data", 0), size.get(".data", 0) + size.get(".bss", 0)))
    return rows


def tools(board):
    """Compiler and mbedTLS, as a table records them."""
    version = subprocess.run([cross(board) + "gcc", "-dumpfullversion"], check=True, capture_output=True,
                             text=True).stdout.strip()
    folder = ROOT / (os.environ.get("MBEDTLS_DIR") or "build/deps/mbedtls")
    header = (folder / "include" / "mbedtls" / "build_info.h").read_text()
    mbedtls = re.search(r'MBEDTLS_VERSION_STRING +"([^"]+)"', header)[1]
    return f"{cross(board)}gcc {version} (-Os) and mbedTLS {mbedtls}"


def caption(board):
    core = BOARDS[board][0]
    words = [f"By `make bench` with {tools(board)}, counted in QEMU, where one instruction takes one step; two runs were "
             "the same."]
    if core in weigh.MANUALS:
        words.append("Cycles are an estimate, no measurement: each instruction that ran, weighed by "
                     f"{weigh.MANUALS[core]}, for memory without wait states; where the table has a range, its middle.")
    else:
        words.append("We know no published table of this core's timing, so there is no estimate in cycles.")
    words.append("RSA is counted in builds for keys of up to 4096 bits; *usual limits* is one for 2048 bits at most, as ward is "
                 "built where nothing else is said.")
    if board in qemu.WIDER:
        words.append("What is counted has ward's usual limits and holds its vectors, in an emulated memory that is wider "
                     "than the board's; the sizes below are of images with the board's limits.")
    return "\n".join(textwrap.wrap(" ".join(words), 120))


def page(board, rows, images):
    lines = [f"# {board}: {BOARDS[board][0]}", "", caption(board), "",
             "| operation | instructions | cycles, an estimate | stack, bytes |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {instructions:,} | {'' if cycles is None else format(cycles, ',')} | {stack:,} |"
              for name, instructions, cycles, stack in rows]
    lines += ["", "| image | flash: code and constants | flash: values of variables | RAM besides the stack |",
              "|---|---:|---:|---:|"]
    lines += [f"| {name} | {code:,} | {data:,} | {ram:,} |" for name, code, data, ram in images]
    return "\n".join(lines) + "\n"


def recorded(text):
    """A page's rows: name, and the numbers of its columns, None where there is none."""
    rows = {}
    for line in text.splitlines():
        name, *columns = [column.strip() for column in line.strip("|").split("|")]
        if line.startswith("| ") and re.fullmatch(r"[\d,]+", columns[0]):
            rows[name] = [int(column.replace(",", "")) if column else None for column in columns]
    return rows


def over(board, text):
    """What is more than 3 % above a page, or is not on it."""
    found = {name: [instructions, None, stack]
             for name, instructions, _, stack in operations(board, CHECKED[board], False)}
    found |= {name: numbers for name, *numbers in sections(board)}
    rows = recorded(text)
    for name, numbers in found.items():
        if name not in rows:
            yield f"{name}: not on the page"
            continue
        slack = [STEP, 0, 0] if numbers[1] is None else [0, 0, 0]
        for number, most, more in zip(numbers, rows[name], slack):
            if number is not None and number > most * MORE + more:
                yield f"{name}: {number:,}, {100 * number / max(most, 1) - 100:.1f} % above {most:,}"


def check():
    failed = 0
    for number, board in enumerate(BOARDS, 1):
        path = FOLDER / f"{board}.md"
        text = path.read_text() if path.is_file() else ""
        name = f"{board}: nothing costs 3 % more than docs/bench/{board}.md says"
        if text and f"with {tools(board)}," not in text.replace("\n", " "):
            print(f"ok {number} - {name} # SKIP recorded with other tools than {tools(board)}")
            continue
        worse = list(over(board, text))
        failed += bool(worse)
        for line in [*worse, *(["if that is meant: make bench"] if worse else [])]:
            print(f"# {line}")
        print(f"{'not ok' if worse else 'ok'} {number} - {name}")
    print(f"1..{len(BOARDS)}")
    return 1 if failed else 0


def main(words):
    if words == ["--check"]:
        return check()
    write = words == ["--write"]
    boards = list(BOARDS) if write or not words else words
    if not set(boards) <= set(BOARDS):
        sys.exit(__doc__)
    pages = {}
    for board in boards:
        build(board, BACKENDS)
        pages[board] = page(board, operations(board, BACKENDS, True), sections(board))
        print(pages[board])
        if write:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"{board}.md").write_text(pages[board])
    if write:
        costs = {board: (BOARDS[board][0], recorded(text)) for board, text in pages.items()}
        (FOLDER / "costs.svg").write_text(chart.picture(costs))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except qemu.QemuError as error:
        sys.exit(f"bench.py: {error}")
