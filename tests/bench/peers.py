#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peers.py: what ward's RSA and other people's take, in the same harness: instructions, cycles (an estimate), memory.

    peers.py            builds, measures and prints the page
    peers.py --write    and writes docs/bench/peers.md and docs/bench/peers.svg
    peers.py --check    TAP: whether the page is what its numbers give, whether it has ward's numbers of docs/bench/BOARD.md, and
                        whether peers that are fetched still take what it says, on each board and on this machine

Every image runs twice (once for --check), and both runs have to count the same. A peer that takes a changed signature, or refuses a
good one, ends it.
"""
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import bench  # noqa: E402
import peers_chart  # noqa: E402
import peers_page  # noqa: E402
import qemu  # noqa: E402
import weigh  # noqa: E402
from peers_page import CORE, KERNEL, OPENSSL, PEERS, has  # noqa: E402

ROOT = bench.ROOT
FOLDER = bench.FOLDER
BOARDS = list(bench.BOARDS)
# The image, and the flavours it is built in.
IMAGES = dict(zip(PEERS, (("ward", ""), ("ward", "kernel+"), ("mbedtls", ""), ("psa", "psa+"), ("bearssl_i15", ""), ("bearssl_i31", ""),
                          ("wolfssl_c", ""), ("wolfssl_assembly", ""))))
# The program's names.
HOST = {CORE: ("host", "ward"), KERNEL: ("host+kernel", "ward"), OPENSSL: ("host", OPENSSL),
        "OpenSSL, key made anew": ("host", "OpenSSL, key made anew"), peers_page.LIBJWT: ("host", "libjwt")}
MORE = 1.03
# Where an image is tried that takes any signature.
CREDULOUS = "mps2-an385"
# Rows of an image, in the order in which it counts them; those of the first key have cycles.
FIRST = 4


def folder(variable, name):
    return ROOT / (os.environ.get(variable) or f"build/deps/{name}")


def said(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def version(*words):
    """What a tool says of itself; nothing where it is not installed."""
    try:
        return said(*words)
    except (OSError, subprocess.CalledProcessError):
        return None


def compiler(board):
    return bench.cross(board) + "gcc"


def version_of(path, pattern):
    found = re.search(pattern, path.read_text()) if path.is_file() else None
    return found[1] if found else None


@functools.cache
def tools():
    """Versions, as the page records them; None where something is not there. BearSSL's source does not say its own."""
    bearssl = next(iter((ROOT / "build" / "deps" / "apt" / "bearssl").glob("*.orig.tar.*")), None)
    if os.environ.get("BEARSSL_DIR") or not (folder("BEARSSL_DIR", "bearssl") / "inc" / "bearssl.h").is_file():
        bearssl = None
    libjwt = next(iter(folder("LIBJWT_DIR", "libjwt").glob("usr/lib/*/pkgconfig/libjwt.pc")), pathlib.Path("libjwt.pc"))
    return {
        **{tool: version(tool, "-dumpfullversion") for tool in sorted({compiler(board) for board in BOARDS})},
        "gcc": version("gcc", "-dumpfullversion"),
        "mbedTLS": version_of(folder("MBEDTLS_DIR", "mbedtls") / "include" / "mbedtls" / "build_info.h", r'MBEDTLS_VERSION_STRING +"([^"]+)"'),
        "BearSSL": bearssl and re.search(r"_([\d.]+)", bearssl.name)[1].rstrip("."),
        "wolfSSL": version_of(folder("WOLFSSL_DIR", "wolfssl") / "wolfssl" / "version.h", r'LIBWOLFSSL_VERSION_STRING "([^"]+)"'),
        "libjwt": version_of(libjwt, r"Version: (\S+)"),
        "OpenSSL": (version("openssl", "version") or "OpenSSL none").split()[1],
    }


def lacking(*names):
    """Which of these tools is another one than the page's, or none: peers are not fetched for `make test`."""
    recorded, here = peers_page.tools((FOLDER / "peers.md").read_text()), tools()
    return ", ".join(f"{name} {recorded.get(name)} (here: {here[name] or 'none'})" for name in names
                     if here[name] is None or here[name] != recorded.get(name))


def lacking_on(board):
    return lacking(compiler(board), "mbedTLS", "BearSSL", "wolfSSL")


ON_HOST = ("gcc", "mbedTLS", "libjwt", "OpenSSL")


def needs():
    """What --check runs, for tests/steps.py: of what is there."""
    images = [f"{CREDULOUS}+heap/peer-none.elf"]
    for board in BOARDS:
        if not lacking_on(board):
            images += [f"{variant}/{file}" for variant, files in targets(board).items() for file in files]
    return images + ([] if lacking(*ON_HOST) else ["host/peers", "host+kernel/peers"])


def targets(board):
    """Images of a board: {variant: files}."""
    variants = {f"{board}+heap": ["peer-none.elf"]}
    for name, (image, flavours) in IMAGES.items():
        if has(board, name):
            variants.setdefault(f"{board}+{flavours}heap", []).append(f"peer-{image}.elf")
    return variants


def make(variant, *files):
    subprocess.run(["make", "--no-print-directory", "-s", "-j2", "-f", "tests/Makefile", f"VARIANT={variant}",
                    *(f"build/{variant}/{file}" for file in files)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def build(board):
    for variant, files in targets(board).items():
        make(variant, *files)


def sizes(board, path):
    """Flash, and RAM besides the stack."""
    size = {section: int(number) for section, number in
            re.findall(r"^(\.\S+)\s+(\d+)", said(bench.cross(board) + "size", "-A", str(path)), re.M)}
    flash = sum(size.get(section, 0) for section in (".vectors", ".text", ".ARM.exidx", ".data"))
    return flash, size.get(".data", 0) + size.get(".bss", 0)


def arenas(output):
    """Size of a peer's arena, and the most that it used up to the last key of 2048 and of 4096 bits."""
    (size, short), (_, long) = re.findall(r"^ARENA (\d+) (\d+)\r?$", output, re.M)
    return int(size), int(short), int(long)


def cycles(board, path, counts):
    """Of what was counted first: a key kept, a key made anew."""
    core = bench.BOARDS[board][0]
    if core not in weigh.CORES:
        return None, None
    found = weigh.cycles(path, board, core, FIRST)
    bench.same_work(path, counts[:FIRST], found)
    return found[0][1], found[1][1]


def measured(board, name, is_check=False):
    image, flavours = IMAGES[name]
    variant = f"{board}+{flavours}heap"
    path = ROOT / "build" / variant / f"peer-{image}.elf"
    found, output = bench.ran(variant, f"peer-{image}.elf", board, 1 if is_check else 2)
    counts = [count for _, count, _ in found]
    stack = [bytes_ for _, _, bytes_ in found]
    names = ("kept 2048", "anew 2048", "sha", "message", "kept 3072", "anew 3072", "kept 4096", "anew 4096")
    row = dict(zip(names, counts, strict=True))
    row["cycles kept"], row["cycles anew"] = (None, None) if is_check else cycles(board, path, counts)
    flash, ram = sizes(board, path)
    without = sizes(board, ROOT / "build" / f"{board}+heap" / "peer-none.elf")
    arena, row["heap 2048"], row["heap 4096"] = arenas(output)
    return {**row, "flash": flash - without[0], "static": ram - without[1] - arena, "stack 2048": max(stack[:FIRST]),
            "stack 4096": max(stack[-2:])}


def of_board(board, is_check=False):
    return {name: measured(board, name, is_check) for name in PEERS if has(board, name)}


def valgrind(variant, *words):
    """Output of a run under valgrind. Environment and name of the program lie on its stack: they are always the same."""
    tool = shutil.which("valgrind")
    if tool is None:
        raise qemu.QemuError("valgrind is not installed; tools/setup peers installs it")
    done = subprocess.run([tool, *words[:-3], "./peers", *words[-3:]], cwd=ROOT / "build" / variant, capture_output=True, text=True,
                          env={"LC_ALL": "C"}, check=False)
    if done.returncode != 0 or "END" not in done.stdout:
        raise qemu.QemuError(f"{variant}: {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr[-600:]}")
    return done.stderr


def instructions(variant, who):
    with tempfile.TemporaryDirectory() as place:
        output = valgrind(variant, "--tool=callgrind", "--toggle-collect=bench_counted", f"--callgrind-out-file={place}/out", "count", who, "1")
    return int(re.search(r"Collected : (\d+)", output)[1])


def allocations(variant, who):
    """Of one check: what two take beyond one."""
    found = []
    for times in ("1", "2"):
        output = valgrind(variant, "--leak-check=no", "count", who, times)
        calls, size = re.search(r"total heap usage: ([\d,]+) allocs, [\d,]+ frees, ([\d,]+) bytes", output).groups()
        found.append((int(calls.replace(",", "")), int(size.replace(",", ""))))
    return found[1][0] - found[0][0], found[1][1] - found[0][1]


def times(variant):
    """Of one run: tenths of what OpenSSL takes with its key kept."""
    output = said(str(ROOT / "build" / variant / "peers"), "time")
    found = {name: int(number) for name, number in re.findall(r"^TIME (.*): (\d+)$", output, re.M)}
    return {name: round(peers_page.TIME * number / found[OPENSSL]) for name, number in found.items()}


def counted_on_host(runs):
    rows = {}
    for name, (variant, who) in HOST.items():
        counts = {instructions(variant, who) for _ in range(runs)}
        if len(counts) != 1:
            raise qemu.QemuError(f"{name}: two runs counted differently: {counts}")
        rows[name] = {"instructions": counts.pop()}
    return rows


def of_host():
    rows = counted_on_host(2)
    took = {variant: times(variant) for variant in ("host", "host+kernel")}
    for name, (variant, who) in HOST.items():
        rows[name]["allocations"], rows[name]["bytes"] = allocations(variant, who)
        rows[name]["time"] = took[variant][who]
    return rows


def differs(name, found, page):
    """What is not as a page has it: counts by more than 3 %."""
    for column, number in found.items():
        if number is None:
            continue
        most = page[column]
        slack = bench.STEP if column.split()[0] in ("kept", "anew", "sha", "message") else 64 if column.startswith("stack") else 0
        if most is None or not most / MORE - slack <= number <= most * MORE + slack:
            yield f"{name}, {column}: {number:,}, and the page has {most}"


def rows_differ(found, page):
    for name, row in found.items():
        yield from differs(name, row, page[name])


def as_bench_has(data):
    """ward's own rows stand on two pages."""
    for board, rows in data["boards"].items():
        known = bench.recorded((FOLDER / f"{board}.md").read_text())
        for name, backend in ((CORE, "mbedtls_core"), (KERNEL, "kernel")):
            for bits in (2048, 3072, 4096):
                yield from differs(f"{board}, {name}", {f"kept {bits}": known[f"RSA, {bits}, {backend}"][0]}, rows[name])


def as_written(page):
    try:
        data = peers_page.read(page)
        again = peers_page.text(data)
        if list(data["boards"]) != BOARDS:
            yield f"it has the boards {', '.join(data['boards'])}; there are {', '.join(BOARDS)}"
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        yield f"it cannot be read: {error!r}"
        return
    for one, other in zip(page.splitlines(), again.splitlines()):
        if one != other:
            yield f"it has: {one[:300]}"
            yield f"not:    {other[:300]}"
    if len(page) != len(again):
        yield "its lines are not those that its numbers give"
    if (FOLDER / "peers.svg").read_text() != peers_chart.picture(data["boards"]):
        yield "docs/bench/peers.svg is not the chart of its numbers"


def report(number, name, worse, skip="", advice="if that is meant: make bench-peers"):
    for line in [*worse, *([advice] if worse else [])]:
        print(f"# {line}")
    print(f"{'not ok' if worse else 'ok'} {number} - {name}{f' # SKIP {skip}' if skip else ''}")
    return bool(worse)


def says_yes():
    """A peer that takes any signature, on a board and on this machine: it has to be found out, not counted."""
    try:
        bench.counted(f"{CREDULOUS}+heap", "peer-none.elf", CREDULOUS)
        yield "an image that takes any signature was counted"
    except qemu.QemuError as error:
        if "BENCH" in str(error) or "not " not in str(error):
            yield f"an image that takes any signature ended otherwise: {error}"
    if not lacking(*ON_HOST):
        done = subprocess.run([ROOT / "build" / "host" / "peers", "count", "says yes", "1"], capture_output=True, text=True, check=False)
        if done.returncode == 0 or "takes a token that was changed" not in done.stderr:
            yield f"a program that takes any token ended with {done.returncode}: {done.stdout}{done.stderr}"


def check():
    page = (FOLDER / "peers.md").read_text()
    if report(1, "docs/bench/peers.md and its chart are what its numbers give", list(as_written(page))):
        print("1..1")
        return 1
    data = peers_page.read(page)
    failed = report(2, "it has ward's numbers as docs/bench has them", list(as_bench_has(data)))
    failed += report(3, "who takes any signature is not counted", list(says_yes()), advice="tests/bench/peers: the harness judges before it counts")
    for number, board in enumerate(BOARDS, 4):
        lacks = lacking_on(board)
        found = {} if lacks else of_board(board, True)
        failed += report(number, f"{board}: they take what it says", list(rows_differ(found, data["boards"][board])),
                         lacks and f"recorded with {lacks}")
    lacks = lacking(*ON_HOST)
    found = {} if lacks else counted_on_host(1)
    failed += report(4 + len(BOARDS), "this machine: they take what it says", list(rows_differ(found, data["host"])),
                     lacks and f"recorded with {lacks}")
    print(f"1..{4 + len(BOARDS)}")
    return 1 if failed else 0


def main(words):
    if words == ["--check"]:
        return check()
    if words not in ([], ["--write"]):
        sys.exit(__doc__)
    for board in BOARDS:
        build(board)
    for variant in ("host", "host+kernel"):
        make(variant, "peers")
    data = {"tools": tools(), "boards": {board: of_board(board) for board in BOARDS}, "host": of_host()}
    page = peers_page.text(data)
    print(page)
    if words:
        (FOLDER / "peers.md").write_text(page)
        (FOLDER / "peers.svg").write_text(peers_chart.picture(data["boards"]))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except qemu.QemuError as error:
        sys.exit(f"peers.py: {error}")
