#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layout.py [FILE...]: whether all C files are laid out as .clang-format says; `make format` does it.

The output is TAP, one line for each folder; exit 1 if a file is not.
"""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FORMATTER = "clang-format-19"


def wrong_places(files):
    """The first place of each file that the formatter would change."""
    result = subprocess.run([FORMATTER, "--dry-run", *files], cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{FORMATTER} failed: {result.stderr}")
    return {found[1]: found[2] for found in reversed(list(re.finditer(r"^(\S+?):(\d+):", result.stderr, re.M)))}


def main(files):
    files = files or subprocess.run(["git", "ls-files", "*.c", "*.h"], cwd=ROOT, capture_output=True, text=True,
                                    check=True).stdout.split()
    wrong = wrong_places(files)
    folders = collections.defaultdict(list)
    for file in files:
        folders[file.rpartition("/")[0]].append(file)
    for number, (folder, members) in enumerate(sorted(folders.items()), 1):
        faults = [file for file in members if file in wrong]
        print(f"{'not ok' if faults else 'ok'} {number} - layout: {folder}")
        for file in faults:
            print(f"# {file}:{wrong[file]}: not as .clang-format says: make format")
    print(f"1..{len(folders)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
