# SPDX-License-Identifier: Apache-2.0
"""docs/bench/peers.md: text(data) writes it, read(text) reads its numbers again. Whatever can be reckoned (ratios, who is
ahead) is reckoned from these, so that a page is right if it is text(read(page)).

data: {"tools": {name: version}, "boards": {board: {peer: {column: number}}}, "host": {who: {column: number}}}
"""
import pathlib
import re
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import board_folders  # noqa: E402
import qemu  # noqa: E402
import weigh  # noqa: E402

# A core's arithmetic floor: the multiply-accumulates alone of a check at 2048 bits. The M4's is that of all that have UMAAL.
FLOORS = {"cortex-m0": 465_000, "cortex-m3": 154_000, **dict.fromkeys(("cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"), 116_000)}
CORE, KERNEL = "ward, `mbedtls_core`", "ward, `kernel`"
ASSEMBLY = "wolfSSL, assembly"
PEERS = (CORE, KERNEL, "mbedTLS, RSA", "mbedTLS, PSA", "BearSSL, i15", "BearSSL, i31", "wolfSSL, C", ASSEMBLY)
OPENSSL, LIBJWT = "OpenSSL, key kept", "libjwt"
HOST = {CORE: "all of the token, key kept", KERNEL: "the same", OPENSSL: "SHA-256 and RSA alone",
        "OpenSSL, key made anew": "the same", LIBJWT: "all of the token, its key a PEM"}
# What a table has: title, the column of data, or a ratio of one to that of a row (None: to the floor).
SHORT = (("key kept", "kept 2048"), ("to `mbedtls_core`", ("kept 2048", CORE)), ("to `kernel`", ("kept 2048", KERNEL)),
         ("to the floor", ("kept 2048", None)), ("cycles, an estimate", "cycles kept"), ("key made anew", "anew 2048"),
         ("to `mbedtls_core`", ("anew 2048", CORE)), ("to `kernel`", ("anew 2048", KERNEL)), ("cycles, an estimate", "cycles anew"))
LONG = (("3072 bits, kept", "kept 3072"), ("made anew", "anew 3072"), ("4096 bits, kept", "kept 4096"), ("made anew", "anew 4096"),
        ("SHA-256 of 1 KB", "sha"), ("and a signature, kept", "message"))
ROOM = (("flash", "flash"), ("RAM, variables", "static"), ("heap, 2048 bits", "heap 2048"), ("heap, 4096", "heap 4096"),
        ("stack, 2048 bits", "stack 2048"), ("stack, 4096", "stack 4096"))
ON_HOST = (("instructions", "instructions"), ("to ward, `mbedtls_core`", ("instructions", CORE)), ("to ward, `kernel`", ("instructions", KERNEL)),
           ("allocations", "allocations"), ("bytes of them", "bytes"), ("time, OpenSSL's is 1", "time"))
TABLES = (("Instructions of a check, 2048 bits", SHORT), ("Longer keys; a message of 1,023 bytes (a token's)", LONG), ("Bytes", ROOM))
# l8w8jwt's instructions for a token, as others counted them.
CITED = 1_480_000
# Who is ahead of ward, and in what: by more than a hundredth.
AHEAD = 0.99
LENGTHS = (2048, 3072, 4096)
WORK = (("RSA, key kept, 2048, 3072 and 4096 bits", [f"kept {bits}" for bits in LENGTHS]),
        ("RSA, key kept, 2048 bits, in cycles (an estimate)", ["cycles kept"]),
        ("RSA, key made anew, 2048, 3072 and 4096 bits", [f"anew {bits}" for bits in LENGTHS]),
        ("RSA, key made anew, 2048 bits, in cycles (an estimate)", ["cycles anew"]),
        ("SHA-256", ["sha"]), ("SHA-256 and a signature of 2048 bits, key kept", ["message"]))
TIME = 10  # the page has tenths


def has(board, name):
    """wolfSSL has assembly for Arm's cores; all else is C, or has C beside its assembly."""
    return name != ASSEMBLY or board_folders.core(board).startswith("cortex-m")


def floor_of(board):
    return FLOORS.get(board_folders.core(board))


def ram_of(board):
    """What the board has, as its linker script says it."""
    script = (board_folders.ROOT / board_folders.settings(board)["BOARD_SCRIPT"][0]).read_text()
    return int(re.search(r"\bRAM\b.*\bTEST_RAM : (\d+)K", script)[1]) * 1024


def shown(rows, name, column, floor):
    """A cell of a table."""
    if isinstance(column, str):
        value = rows[name].get(column)
        return "" if value is None else f"{value / TIME:.1f}" if column == "time" else f"{value:,}"
    column, other = column
    whole = floor if other is None else rows[other][column]
    return "" if whole is None else f"{rows[name][column] / whole:.2f}"


def table(title, rows, columns, floor=None, notes=None):
    first = [title] + (["what it checks"] if notes else [])
    lines = ["| " + " | ".join([*first, *(name for name, _ in columns)]) + " |",
             "|---" * len(first) + "|" + "---:|" * len(columns)]
    for name in rows:
        words = [name] + ([notes[name]] if notes else [])
        lines.append("| " + " | ".join([*words, *(shown(rows, name, column, floor) for _, column in columns)]) + " |")
    return lines


def wrapped(text):
    return "\n".join(textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False))


def ahead(rows, ours):
    """By what others are ahead of ward with a backend: one line a kind of work."""
    for title, columns in WORK:
        found = []
        for name, row in rows.items():
            ratios = [row[column] / rows[ours][column] for column in columns if row[column] is not None]
            if name not in (CORE, KERNEL) and ratios and min(ratios) < AHEAD:
                found.append(f"{name} ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")
        if found:
            yield f"{title}: {'; '.join(found)}"


def verdict(rows):
    lines = []
    for ours in (CORE, KERNEL):
        found = list(ahead(rows, ours))
        lines += ["", f"Ahead of {ours}{':' if found else ': nobody.'}", ""]
        lines += ["\n".join(textwrap.wrap(line, 120, initial_indent="- ", subsequent_indent="  ", break_long_words=False,
                                          break_on_hyphens=False)) for line in found]
    return "\n".join(lines).strip("\n")


def room(board, rows):
    """What of it a board has no room for whose emulated memory is wider than its own, were there nothing else in it."""
    ram = ram_of(board)
    lacks = [f"{name} at {bits} bits ({need:,} bytes)" for name, row in rows.items() for bits in (2048, 4096)
             if (need := row["static"] + row[f"heap {bits}"] + row[f"stack {bits}"]) > ram]
    most = max((row["static"] + row["heap 2048"] + row["stack 2048"], name) for name, row in rows.items())
    return wrapped(f"The board has {ram:,} bytes of RAM, and the emulated memory was wider. Variables, heap and stack fit into them with "
                   + (f"all but {', '.join(lacks)}" if lacks else "every library, at 4096 bits, too")
                   + f"; at 2048 bits the most is {most[0]:,} ({most[1]}).")


def head(with_tools):
    versions = ", ".join(f"{name} {version}" for name, version in with_tools.items())
    return [
        "# Beside other people's RSA", "",
        wrapped(f"By `make bench-peers` with {versions}. Boards are emulated: instructions are counted in QEMU, where one takes one step; "
                "no hardware was measured. Two runs were the same. A core that begins two instructions in a cycle, or waits for "
                "memory, takes other times than these counts say."), "",
        wrapped("Each library has the same harness (`tests/bench/peers`), the same boards, keys, signatures and flags (`-Os`, as ward's "
                "images), and first has to tell the good signature from changed ones and a changed digest; else nothing is counted. "
                "*Key kept* (warm): what it makes of a key stays between checks, as far as its interface has that (ward and `mbedtls_rsa_…` "
                "keep R², the others have nothing to keep; PSA parses its key each time). *Key made anew* (cold): from the modulus' bytes, "
                "for each check. Ratios are of instructions, below 1 is less than ward; the *floor* is that of the multiply-accumulates "
                "alone that eighteen Montgomery multiplications take on the core, reckoned and not measured (M7, M33 and M55 have the "
                "M4's UMAAL, and so its floor). Cycles are an estimate by the core's published timing (`tests/bench/weigh.py`), for "
                "memory without wait states."), "",
        wrapped("mbedTLS, BearSSL and wolfSSL are as their defaults have them, with what assembly they have: mbedTLS's, BearSSL's for "
                "15 bits a word (`BR_ARMEL_CORTEXM_GCC`), wolfSSL's single-precision code (`sp_c32.c`; `sp_armthumb.c` on the M0, "
                "`sp_cortexm.c` on every other Cortex-M; for 32-bit RISC-V it has none, so that row is missing there), its fast form and "
                "not its small one. Nobody, nor ward, uses the M55's vectors (Helium). All are built for keys of up to 4096 "
                "bits (`kernel` takes less in a build for 2048 bits alone: `docs/kernel.md`). Of bytes the harness' own are taken away; "
                "flash has code for all lengths.")]


def text(data):
    lines = head(data["tools"])
    for board, rows in data["boards"].items():
        floor = floor_of(board)
        lines += ["", f"## {board_folders.core_name(board)} ({board})", "", verdict(rows)]
        if board_folders.settings(board).get("WARD_SHA256") == ["ward"]:
            lines += ["", wrapped("ward's SHA-256 is its own small one here, which the board takes to save flash (`WARD_SHA256=ward`); "
                                  "the other boards take mbedTLS's.")]
        if board_folders.core(board) not in weigh.CORES:
            lines += ["", wrapped("We know no published table of this core's timing: there are counts alone, and no estimate in cycles.")]
        for title, columns in TABLES:
            columns = [column for column in columns
                       if any(shown(rows, name, column[1], floor) for name in rows)]
            lines += ["", *table(title, rows, columns, floor)]
        if board in qemu.WIDER:
            lines += ["", room(board, rows)]
    host = data["host"]
    quickest = min(host[OPENSSL]["instructions"], host["OpenSSL, key made anew"]["instructions"])
    lines += ["", "## This machine", "",
              wrapped("A token of which 1,023 bytes are signed, 2048 bits, counted by valgrind (callgrind; allocations by memcheck), which "
                      "is a processor of its own: OpenSSL's assembly is what that has. Time is the processor's in one run, and only a ratio; "
                      "`make test` does not hold it. libjwt's count is with one seed for its tables, which otherwise differs in each run."), "",
              *table("By", host, ON_HOST, notes=HOST), "",
              wrapped(f"OpenSSL is ahead of ward: its RSA and SHA-256 alone take {quickest / host[KERNEL]['instructions']:.2f} of `kernel`'s whole check, "
                      f"{quickest / host[CORE]['instructions']:.2f} of `mbedtls_core`'s. Cited and not measured here: l8w8jwt (on mbedTLS, whose "
                      "words have 64 bits and assembly on a PC) needs 1.48 M instructions for a token, "
                      f"{CITED / host[CORE]['instructions']:.2f} of ward's with `mbedtls_core`, which has words of 32 bits and no assembly "
                      f"there, and {CITED / host[KERNEL]['instructions']:.2f} of ward's with `kernel`.")]
    return "\n".join(lines) + "\n"


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def number(cell, column):
    if not cell:
        return None
    return round(float(cell) * TIME) if column == "time" else int(cell.replace(",", ""))


def read_rows(section, tables, notes):
    """All tables of a section together: {row: {column: number}}."""
    rows, columns = {}, None
    for line in section.splitlines():
        if not line.startswith("|"):
            columns = None
        elif columns is None:
            wanted = next((columns for title, columns in tables if title == cells(line)[0]), None)
            if wanted is None:
                raise ValueError(f"a table that nobody writes: {line}")
            left = [name for name, _ in wanted]
            columns = []
            for title in cells(line)[1 + notes:]:
                at = left.index(title)
                columns.append(wanted[len(wanted) - len(left) + at][1])
                left = left[at + 1:]
        elif not line.startswith("|---"):
            name, *values = cells(line)
            row = rows.setdefault(name, {})
            row.update({column: number(value, column) for column, value in zip(columns, values[notes:]) if isinstance(column, str)})
    return rows


def tools(page):
    """Versions that a page was made with; none where it does not say so."""
    found = re.search(r"By `make bench-peers` with (.*?)\. Boards are", page.replace("\n", " "))
    return dict(version.rsplit(" ", 1) for version in found[1].split(", ")) if found else {}


def read(page):
    _, *sections = re.split(r"^## ", page, flags=re.M)
    boards = {re.match(r".*?\((.*)\)$", section.splitlines()[0])[1]: read_rows(section, TABLES, 0) for section in sections[:-1]}
    for rows in boards.values():
        for row in rows.values():
            for _, columns in TABLES:
                for _, column in columns:
                    if isinstance(column, str):
                        row.setdefault(column, None)
    return {"tools": tools(page), "boards": boards, "host": read_rows(sections[-1], [("By", ON_HOST)], 1)}
