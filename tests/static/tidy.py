#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tidy.py: clang-tidy with the checks of .clang-tidy over src/, port/, boards/, tools/ward and their headers.

A finding that is right where it stands is marked there, NOLINT(check): reason. One without its check or its reason fails.
"""
import functools
import re
import subprocess
import sys

from sources import FOLDERS, ROOT, check_each

HEADERS = f"^({ROOT}/)?\\.?/?({'|'.join(FOLDERS)})/"
MARK = re.compile(r"NOLINT(NEXTLINE)?\b(\([a-z0-9.-]+\): \w+)?")


@functools.cache
def cross_flags(compiler, *library):
    """Where a cross compiler finds its own headers, and its library's: clang has none for the boards."""
    said = subprocess.run([compiler, *library, "-E", "-v", "-"], stdin=subprocess.DEVNULL, capture_output=True, text=True).stderr
    paths = said.partition("search starts here:\n#include <...> search starts here:\n")[2].partition("End of search")[0].split()
    target = "riscv32-unknown-elf" if "riscv" in compiler else "arm-none-eabi"
    return [f"--target={target}", *[word for path in paths for word in ("-isystem", path)]]


def unexplained(file):
    """Marks without the check's name and a reason."""
    for number, line in enumerate((ROOT / file).read_text().splitlines(), 1):
        mark = MARK.search(line)
        if mark and not mark[2]:
            yield f"{file}:{number}: a NOLINT needs its check in parentheses, a colon and the reason"


def findings(unit):
    flags = [flag for flag in unit.flags() if not flag.startswith("-misa-spec")]
    if unit.crosses():
        flags += cross_flags(unit.command[0], *[word for word in unit.command if word.startswith("--specs")])
    done = subprocess.run(["clang-tidy", "--quiet", f"--header-filter={HEADERS}", unit.file, "--", *flags], cwd=ROOT, capture_output=True,
                          text=True)
    trouble = done.stdout or (done.stderr if done.returncode else "")
    return "\n".join([*unexplained(unit.file), trouble]).strip()


sys.exit(check_each("clang-tidy", findings))
