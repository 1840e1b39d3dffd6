# SPDX-License-Identifier: Apache-2.0
"""The sources that the static checks read, each with the flags it is really built with: make itself is asked."""
import os
import pathlib
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("include", "src", "port", "boards", "tools/ward")

# Builds that together compile every source file: variant and targets.
BUILDS = [("host", ["libward.a", "ward", "unit", "postgresql/ward.so"]), ("host+mbedtls_rsa+sha256", ["libward.a"]), ("host+psa", ["libward.a"]),
          ("host+kernel", ["libward.a"])]
# Boards from the last: a Cortex-M55 has each part of what all Cortex-M share.
BUILDS += [(path.parent.name, ["images", "gate.elf"]) for path in sorted((ROOT / "boards").glob("*/board.mk"), reverse=True)]

KEPT = re.compile(r"-(I|D|U|std=|m(?!md)|isystem)")


@dataclass(frozen=True)
class Unit:
    """One file and how it is compiled."""
    file: str
    command: tuple

    def flags(self):
        """Only what decides how the text is read: paths, macros, language, machine."""
        kept, words = [], iter(self.command[1:])
        for word in words:
            if word == "-isystem":
                kept += [word, next(words)]
            elif KEPT.match(word) and not word.startswith(("-MMD", "-MP")):
                kept.append(word)
        return kept

    def crosses(self):
        return "-none-eabi-" in self.command[0] or "-unknown-elf-" in self.command[0]


def tracked(suffix):
    """Files of these folders that are in the repository or about to be."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *FOLDERS], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.splitlines()
    return sorted(file for file in listed if file.endswith(suffix) and (ROOT / file).exists())


def commands(variant, targets):
    """What make would run to compile ward's files for a variant: file and command."""
    made = subprocess.run(["make", "-f", "tests/Makefile", "-nB", "--no-print-directory", f"VARIANT={variant}", *[f"build/{variant}/{name}" for name in targets]],
                          cwd=ROOT, check=True, capture_output=True, text=True, env=dict(os.environ, WARD_READY="1", MAKEFLAGS="")).stdout
    for line in made.replace("\\\n", " ").splitlines():
        words = shlex.split(line.rpartition("&& ")[2]) if " -c " in line else []
        if "-c" in words:
            yield words[words.index("-c") + 1].removeprefix(f"{ROOT}/"), tuple(words)


def units():
    """Every C file once, as the first build that has it compiles it; and the files that no build has."""
    found = {}
    for variant, targets in BUILDS:
        for file, command in commands(variant, targets):
            found.setdefault(file, Unit(file, command))
    files = tracked(".c")
    return [found[file] for file in files if file in found], [file for file in files if file not in found]


def check_each(tool, findings_of):
    """Runs findings_of(unit) for every file, two at a time; TAP lines; the exit code."""
    known, missed = units()
    with ThreadPoolExecutor(2) as pool:
        results = list(zip([unit.file for unit in known], pool.map(findings_of, known)))
    results += [(file, "no build compiles it: see BUILDS in tests/static/sources.py") for file in missed]
    for number, (file, findings) in enumerate(results, 1):
        for line in findings.splitlines():
            print(f"# {line}")
        print(f"{'not ok' if findings else 'ok'} {number} - {tool}: {file}")
    return 1 if not results or any(findings for _, findings in results) else 0
