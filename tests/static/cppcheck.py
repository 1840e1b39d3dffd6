#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cppcheck.py: cppcheck over src/, port/, boards/ and tools/ward; its MISRA addon over what every firmware gets.

Of MISRA C:2012 the required and mandatory rules must hold, except for the deviations in deviations.txt. One that nothing needs
any more fails. --self-test shows that findings and deviations are seen.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

import deviations
from sources import ROOT, tracked

LIST = ROOT / "tests" / "static" / "deviations.txt"
TEMPLATE = "{file}\t{line}\t{id}\t{message}"

# The core and its crypto and HTTP ports; applications, boards and the command line are no part of a firmware's trust in ward.
MISRA_FOLDERS = ("src/", "include/", "port/crypto/", "port/http/", "port/date.")

# Backends define the same functions, and one of them is linked: each is read on its own.
DEFAULT_BACKEND = "port/crypto/mbedtls_core.c"

# Advisory rules: see MISRA C:2012, appendix A. All others are required or mandatory.
ADVISORY = set("""2.3 2.4 2.5 2.6 2.7 4.2 5.9 8.7 8.9 8.11 8.13 10.5 11.4 11.5 12.1 12.3 12.4 13.3 13.4 15.1 15.4 15.5 17.8
    18.4 18.5 19.2 20.1 20.5 20.10""".split())

# Which cppcheck: Debian 12 has 2.10, Debian 13 has 2.17.
VERSION = deviations.version_of(subprocess.run(["cppcheck", "--version"], capture_output=True, text=True).stdout)

# Results of others' functions, whose headers are not read; registers that a variable is bound to, which only some
# versions can read.
NAMES = ["-DHPE_OK=0", "-DPSA_SUCCESS=0", "-D__asm__(name)="]

# Without it newer versions leave branches out, and say so.
DEPTH = ["--check-level=exhaustive"] if VERSION >= (2, 11) else []

WORDS = [*DEPTH, *NAMES, "--std=c11",
         "--enable=warning,style,performance,portability", "--quiet", f"--template={TEMPLATE}", "-j2", "-UWARD_CONFIG_FILE",
         "-D__GNUC__=12", "-D_POSIX_C_SOURCE=200809L", "-DMBEDTLS_VERSION_NUMBER=0x03060600", "-DPG_VERSION_NUM=150000", "--suppress=missingInclude"]


def includes():
    """Every folder of ward's own headers."""
    return ["-I.", "-Iinclude", "-Isrc", *[f"-I{folder}" for folder in sorted({str(Path(file).parent) for file in tracked(".h")})]]


def run(files, *words):
    """Findings (rule, file, line number, text of the line) of one run over these files."""
    # Its notes go into a folder of the build: beside the sources they would stay when it is interrupted.
    with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="cppcheck-") as notes:
        done = subprocess.run(["cppcheck", *WORDS, f"--cppcheck-build-dir={notes}", *includes(), *words, *files], cwd=ROOT, capture_output=True,
                              text=True)
    if done.returncode:
        raise RuntimeError(done.stderr + done.stdout)
    found = set()
    for row in done.stderr.splitlines():
        file, number, rule, _ = row.split("\t")
        line = (ROOT / file).read_text().splitlines()[int(number) - 1].strip() if int(number) else ""
        found.add((rule.removeprefix("misra-c2012-"), file, int(number), line))
    return sorted(found)


def passes():
    """What is read together, and how."""
    files = tracked(".c")
    strict = [file for file in files if file.startswith(MISRA_FOLDERS)]
    others = [file for file in strict if file.startswith("port/crypto/") and file != DEFAULT_BACKEND]
    yield [file for file in strict if file not in others], ["--addon=misra"]
    for file in others:
        yield [file], ["--addon=misra"]
    yield [file for file in files if file not in strict], []


def report(findings, listed):
    """TAP: a line a file with sources, a line a deviation; the number of those that are not ok."""
    findings = sorted(finding for finding in findings if finding[0] not in ADVISORY)
    left = deviations.uncovered(findings, listed)
    number = bad = 0
    for file in sorted({*tracked(".c"), *tracked(".h"), *[finding[1] for finding in left]}):
        own = [finding for finding in left if finding[1] == file]
        for rule, _, line, text in own:
            print(f"# {file}:{line}: {rule}: {text}")
        number, bad = number + 1, bad + bool(own)
        print(f"{'not ok' if own else 'ok'} {number} - cppcheck: {file}")
    for deviation in listed:
        number, bad = number + 1, bad + (not deviation.used)
        print(f"{'ok' if deviation.used else 'not ok'} {number} - deviation: {deviation.name()}: "
              f"{deviation.used or 'no longer needed, take it out'}")
    return bad


def self_test():
    """A broken rule is found, a deviation covers it, and one that covers nothing is seen."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        file = Path(folder) / "broken.c"
        file.write_text("int ward_broken(int a);\nint ward_broken(int a)\n{\n    if (a != 0)\n        return 1;\n    return 0;\n}\n")
        findings = run([str(file.relative_to(ROOT))], "--addon=misra")
    needed = deviations.parse("15.6 build/*\n    for this test\n")
    older, newer = deviations.parse("15.6 <2.17 build/*\n    for this test\n15.6 >=2.17 build/*\n    for this test\n")
    applies = [[one.is_for(version) for version in ((2, 10), (2, 16, 9), (2, 17), (2, 17, 1))] for one in (older, newer)]
    spare = deviations.parse("15.6 src/* `goto`\n    for this test\n")
    left = deviations.uncovered(findings, needed + spare)
    checks = {"a body without braces is found": any(rule == "15.6" for rule, *_ in findings),
              "a deviation covers what it names": needed[0].used > 0 and not any(rule == "15.6" for rule, *_ in left),
              "what no deviation names is left": bool(left),
              "a deviation that covers nothing is seen": spare[0].used == 0,
              "a deviation is for its versions": applies == [[True, True, False, False], [False, False, True, True]]}
    for number, (name, good) in enumerate(checks.items(), 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
    return 0 if all(checks.values()) else 1


def main():
    if "--self-test" in sys.argv[1:]:
        return self_test()
    findings = [finding for files, words in passes() for finding in run(files, *words)]
    listed = [deviation for deviation in deviations.parse(LIST.read_text()) if deviation.is_for(VERSION)]
    return 1 if report(findings, listed) else 0


if __name__ == "__main__":
    sys.exit(main())
