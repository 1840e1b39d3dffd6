#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""size.py: what ward costs on a board: flash, RAM and stack. It lets make build what it reads.

    size.py [--board BOARD]                     prints all of it
    size.py [--board BOARD] --write FILE        also puts the table between its footprint markers
    size.py [--board BOARD] --check FILE        TAP: the budgets, and whether that table still holds

size_self_test.py proves that the analysis sees what it must refuse.
"""
import argparse
import collections
import difflib
import fcntl
import os
import pathlib
import re
import subprocess
import sys

import flash
import headers
import stack

ROOT = headers.ROOT
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402

BEGIN, END = "<!-- footprint:begin -->", "<!-- footprint:end -->"

# What ward promises. Own code; an image with crypto, C library and start-up; peak: workspace, keys, stack.
MOST_OWN, MOST_IMAGE, MOST_STACK, MOST_PEAK = 8192, 24576, 700, 4096

READER_CALLS = ["ward_jwks_begin", "ward_jwks_feed", "ward_jwks_end"]

# Toolchain: what numbers depend on besides ward. Figures: what was measured.
Toolchain = collections.namedtuple("Toolchain", "compiler options library mbedtls board")
Figures = collections.namedtuple("Figures", "toolchain verify reader structs two_keys stack problems peak")


class SizeError(Exception):
    """Something that measuring needs is not there; the text says what to do."""


# ---- Measuring.

class Build:
    """The files that make builds for a board: see tools/size.mk."""

    def __init__(self, board):
        self.make(board)
        self.board = board
        self.folder = ROOT / "build" / board / "size"
        self.peak = ROOT / "build" / f"{board}+peak"
        self.compiler, *self.options = (self.folder / "compiler").read_text().split()
        self.tools = self.compiler.removesuffix("gcc")
        self.objects = [str(ROOT / path) for path in flash.objects_of(self.folder)]

    @staticmethod
    def make(board):
        """Builds, one at a time: size.py and costs.py may run together. Another make that has called this script cannot
        lend its job slots."""
        if not (ROOT / "boards" / board / "board.mk").exists():
            raise SizeError(f"there is no board {board}: boards/{board}/board.mk is missing")
        ours = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        with open(ROOT / "build" / "size.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = subprocess.run(["make", "--no-print-directory", "-f", "tests/Makefile", f"VARIANT={board}", "size-images"],
                                  cwd=ROOT, env=ours, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise SizeError("\n".join(["the images could not be built:", *done.stdout.splitlines()[-20:]]))


def output_of(*words, text=""):
    return subprocess.run(words, check=True, capture_output=True, text=True, input=text).stdout.strip()


def c_library(compiler):
    """Name and version of the compiler's C library; the tables' numbers depend on it too."""
    try:
        macros = output_of(compiler, "-E", "-dM", "-x", "c", "-", text="#include <stdio.h>\n#include <string.h>\n")
    except subprocess.CalledProcessError:
        macros = ""
    found = re.search(r'#define _(PICOLIBC|NEWLIB)_VERSION_? "([^"]+)"', macros)
    return f"{found.group(1).lower()} {found.group(2)}" if found else "unknown C library"


def mbedtls_version():
    folder = pathlib.Path(os.environ.get("MBEDTLS_DIR") or "build/deps/mbedtls")
    path = (ROOT / folder) / "include" / "mbedtls" / "build_info.h"
    if not path.exists():
        raise SizeError(f"{path} is missing: set MBEDTLS_DIR to the folder of mbedTLS's source")
    return re.search(r'MBEDTLS_VERSION_STRING\s+"([^"]+)"', path.read_text()).group(1)


def toolchain_of(build):
    options = " ".join(word for word in build.options if word.startswith(("-O", "-mcpu", "-march")))
    compiler = f"{pathlib.Path(build.compiler).name} {output_of(build.compiler, '-dumpfullversion')}"
    return Toolchain(compiler, options, c_library(build.compiler), f"mbedTLS {mbedtls_version()}", build.board)


def measure_stack(build):
    """({call: Bound}, {kind: [problem]}) of every public function."""
    image = build.folder / "calls.elf"
    pieces = list(flash.read_map(image.with_suffix(".map")))
    library = stack.Library(image, build.tools, flash.library_names(image, pieces, build.tools))
    graph = stack.Graph(build.objects, library, build.tools)
    return graph.bounds_of(headers.public_functions()), graph.problems


def measure_peak(build):
    """{part: bytes}, and "accepted": whether the token was verified; or a QemuError's text under "error"."""
    try:
        code, output = qemu.run(build.peak / "peak.elf", build.board)
    except qemu.QemuError as error:
        return {"error": str(error)}
    rows = {name: int(number) for name, number in re.findall(r"^(workspace|key set|stack|sum) (\d+)$", output, re.M)}
    if len(rows) != 4:
        return {"error": f"peak.elf ended with exit code {code}:\n{output}"}
    return {**rows, "accepted": code == 0 or "over its bounds" in output}


def measure(board):
    build = Build(board)
    bounds, problems = measure_stack(build)
    return Figures(
        toolchain=toolchain_of(build),
        verify=flash.split(build.folder / "verify.elf", build.objects, build.tools),
        reader=flash.split(build.folder / "reader.elf", build.objects, build.tools),
        structs=flash.struct_sizes(build.folder / "structs.o", build.tools),
        two_keys=flash.struct_sizes(build.peak / "size" / "structs.o", build.tools),
        stack=bounds, problems=problems, peak=measure_peak(build))


def reader_adds(figures):
    """{part: bytes} that reading a key set adds; the application's own bytes are not cost of it."""
    return {part: figures.reader[part] - figures.verify[part] for part in flash.PARTS
            if part not in (flash.APPLICATION, flash.FILL)}


def keys_in(sizes):
    return (sizes["ward_jwks"] - 1) // sizes["ward_key"]


# ---- Telling.

def print_rows(title, rows):
    print(f"\n{title}")
    for name, value in rows:
        print(f"  {name:<44}{value:>8}")


def print_problems(problems):
    for kind in stack.KINDS:
        for text in problems[kind]:
            print(f"  {kind}: {text}")


def print_all(figures):
    chain = figures.toolchain
    print(f"{chain.board}: {chain.compiler} {chain.options}, {chain.library}, {chain.mbedtls}")
    print_rows("flash of a firmware that verifies, bytes",
               [*figures.verify.items(), ("all", sum(figures.verify.values()))])
    adds = reader_adds(figures)
    print_rows("reading a key set adds",
               [*((part, size) for part, size in adds.items() if size), ("all", sum(adds.values()))])
    names = sorted(figures.structs.keys() - headers.PARTS.keys(), key=lambda name: (-figures.structs[name], name))
    print_rows(f"structs, bytes ({keys_in(figures.structs)} keys, then {keys_in(figures.two_keys)})",
               [(name, f"{figures.structs[name]:>6}{figures.two_keys[name]:>8}") for name in names])
    print_rows("stack of each call at worst, bytes", [(name, bound.bytes) for name, bound in figures.stack.items()])
    print_problems(figures.problems)
    path = [f"{name.split('_token')[0].split(':')[-1]} {frame}" for name, frame in figures.stack["ward_verify"].path]
    print(f"\nthe deepest point of ward_verify: {' > '.join(path)}")
    print_rows("peak of RAM in a verification, measured", [row for row in figures.peak.items() if row[0] != "accepted"])
    if not figures.peak.get("accepted", False):
        print("  but the token was not verified; see tests/qemu/peak.c")


def table(figures):
    """The block of docs/costs.md, without its markers."""
    chain, sizes, two, bounds = figures.toolchain, figures.structs, figures.two_keys, figures.stack
    others = max(bound.bytes for name, bound in bounds.items() if name not in ("ward_verify", "ward_jwks_feed"))
    rows = [("**Flash: a firmware that verifies tokens**", sum(figures.verify.values()))]
    rows += [(f"&nbsp;&nbsp;{name}", figures.verify[part]) for part, name in (
        (flash.OWN, "ward itself"), (flash.MBEDTLS, "mbedTLS: SHA-256 and Montgomery multiplication"),
        (flash.LIBRARY, "C library"), (flash.BOARD, "start-up and board"),
        (flash.APPLICATION, f"application: `main()`, expectations, a constant set of {keys_in(sizes)} keys"),
        (flash.FILL, "alignment"))]
    rows += [("Reading key sets (`ward_jwks_…`) adds", sum(reader_adds(figures).values())),
             ("**RAM: `struct ward_workspace`**", sizes["ward_workspace"]),
             (f"`struct ward_jwks`, {keys_in(sizes)} keys", sizes["ward_jwks"]),
             (f"`struct ward_jwks`, {keys_in(two)} keys", two["ward_jwks"]),
             ("`struct ward_jwks_reader`, while a set is read", sizes["ward_jwks_reader"]),
             ("`struct ward_claims`", sizes["ward_claims"]),
             ("**Stack at worst: `ward_verify()`**", bounds["ward_verify"].bytes),
             ("`ward_jwks_feed()`", bounds["ward_jwks_feed"].bytes),
             ("every other call, at most", others),
             ("**Peak RAM of a verification, measured**", figures.peak["sum"]),
             ("&nbsp;&nbsp;workspace", figures.peak["workspace"]),
             (f"&nbsp;&nbsp;a set of {keys_in(two)} keys", figures.peak["key set"]),
             ("&nbsp;&nbsp;stack", figures.peak["stack"])]
    lines = [f"By `make size` with {chain.compiler} ({chain.options}), {chain.library} and {chain.mbedtls} "
             f"on {chain.board}.", "", "| | bytes |", "|---|---:|"]
    return "\n".join(lines + [f"| {name} | {value:,} |" for name, value in rows]) + "\n"


# ---- The file with the table.

def block_of(path, begin=BEGIN, end=END):
    """(text before, block, text after) of a file with these markers."""
    try:
        text = pathlib.Path(path).read_text()
    except OSError as error:
        raise SizeError(f"{path}: {error.strerror}") from None
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(end) < text.index(begin):
        raise SizeError(f"{path}: put one line {begin} and after it one line {end} where the table shall stand")
    before, rest = text.split(begin)
    block, after = rest.split(end)
    return before, block.strip("\n"), after


def write(path, text, begin=BEGIN, end=END):
    before, _, after = block_of(path, begin, end)
    pathlib.Path(path).write_text(f"{before}{begin}\n{text}{end}{after}")


def recorded_toolchain(block):
    """The words of the caption that name compiler, C library and mbedTLS; None when there is no caption."""
    found = re.search(r"with (\S+ \S+) \(([^)]*)\), (.+?) and (mbedTLS \S+) on (\S+)\.", block)
    return Toolchain(*found.groups()) if found else None


def versions_of(toolchain):
    """What another machine may have in another version; options and board are the project's own."""
    return f"{toolchain.compiler}, {toolchain.library} and {toolchain.mbedtls}"


def check_table(path, figures):
    """One TAP row: (name, diagnostics, reason to skip)."""
    name = f"the footprint table in {path} holds"
    if "error" in figures.peak:
        return (name, ["the peak of RAM was not measured"], None)
    try:
        _, block, _ = block_of(path)
    except SizeError as error:
        return (name, [str(error)], None)
    recorded = recorded_toolchain(block)
    if recorded is not None and versions_of(recorded) != versions_of(figures.toolchain):
        return (name, [], f"measured with {versions_of(recorded)}, here is {versions_of(figures.toolchain)}")
    new = table(figures).strip("\n")
    difference = list(difflib.unified_diff(block.splitlines(), new.splitlines(), str(path), "measured now", n=0,
                                           lineterm=""))
    advice = ['put the new numbers there with `make size SIZE_OPTIONS="--write docs/costs.md"`'] if difference else []
    return (name, difference + advice, None)


# ---- The budgets.

def at_most(name, value, most):
    return (f"{name}: {value} of at most {most} bytes", [] if value <= most else [f"{value - most} bytes too many"], None)


def free_of(kind, name, problems):
    return (name, problems[kind], None)


def stack_rows(figures):
    unbounded = any(figures.problems[kind] for kind in stack.KINDS)
    verify = figures.stack["ward_verify"].bytes
    return [
        free_of(stack.RECURSION, "no recursion in any public call", figures.problems),
        free_of(stack.INDIRECT_CALL, "no call through a pointer that is not explained", figures.problems),
        free_of(stack.DYNAMIC, "no frame of variable size", figures.problems),
        free_of(stack.UNKNOWN, "every function that is called is known", figures.problems),
        (f"stack of ward_verify: {verify} of at most {MOST_STACK} bytes",
         ["this is not a bound while one of the lines above is not ok"] if unbounded else
         at_most("", verify, MOST_STACK)[1], None),
    ]


def peak_rows(figures):
    peak, bound = figures.peak, figures.stack["ward_verify"].bytes
    if "error" in peak:
        return [("peak of RAM in a verification", peak["error"].splitlines(), None)]
    return [
        ("the token of the peak was verified", [] if peak["accepted"] else ["it was refused; see tests/qemu/peak.c"], None),
        at_most("peak of RAM in a verification", peak["sum"], MOST_PEAK),
        at_most("stack of ward_verify, painted", peak["stack"], MOST_STACK),
        (f"painted stack, {peak['stack']}, is within the static bound, {bound}",
         [] if 0 < peak["stack"] <= bound else ["the static bound misses something: see tools/stack.py"], None),
    ]


def check_rows(path, figures):
    return [
        at_most("flash of ward itself, verifying", figures.verify[flash.OWN], MOST_OWN),
        at_most("flash of a firmware that verifies", sum(figures.verify.values()), MOST_IMAGE),
        *stack_rows(figures), *peak_rows(figures), check_table(path, figures)]


def report(rows, prefix="size: "):
    """Prints TAP; returns the exit code."""
    for number, (name, diagnostics, skip) in enumerate(rows, 1):
        for line in diagnostics:
            print(f"# {line}")
        print(f"{'not ok' if diagnostics else 'ok'} {number} - {prefix}{name}{f' # SKIP {skip}' if skip else ''}")
    print(f"1..{len(rows)}")
    return 1 if any(diagnostics for _, diagnostics, _ in rows) else 0


def run(options):
    if options.write:
        block_of(options.write)
    figures = measure(options.board)
    if options.check:
        return report(check_rows(options.check, figures))
    print_all(figures)
    sound = figures.peak.get("accepted", False) and not any(figures.problems.values())
    if options.write and sound:
        write(options.write, table(figures))
        print(f"\nwritten to {options.write}")
    return 0 if sound else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board", default="mps2-an385", help="the board whose build is measured")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", metavar="FILE", help="put the table into this file")
    action.add_argument("--check", metavar="FILE", help="TAP: budgets, and the table in this file")
    options = parser.parse_args()
    try:
        return run(options)
    except (SizeError, FileNotFoundError) as error:
        print(f"size.py: {error}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"size.py: {error}\n{error.stderr}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
