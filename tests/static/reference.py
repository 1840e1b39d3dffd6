#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reference.py: the reference pages are made of the headers without a warning, and the diagrams of docs/ are those of their sources."""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DRAWINGS = ("request", "key-life")


def warnings():
    (ROOT / "build" / "docs").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["doxygen", "docs/Doxyfile"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stderr.splitlines() or ([f"exit code {done.returncode}"] if done.returncode else [])


def words(drawing):
    """The texts of an SVG: another version of graphviz places them elsewhere."""
    return re.findall(r"<text [^>]*>([^<]*)</text>", drawing)


def stale():
    for name in DRAWINGS:
        drawn = subprocess.run(["dot", "-Tsvg", ROOT / "docs" / f"{name}.dot"], check=True, capture_output=True, text=True).stdout
        if words(drawn) != words((ROOT / "docs" / f"{name}.svg").read_text()):
            yield f"docs/{name}.svg is not what docs/{name}.dot draws: make docs"


def main():
    found = [("the reference pages have no warning", warnings()), ("the diagrams are those of their sources", list(stale()))]
    for number, (name, problems) in enumerate(found, 1):
        for line in problems:
            print(f"# {line}")
        print(f"{'not ok' if problems else 'ok'} {number} - docs: {name}")
    return 1 if any(problems for _, problems in found) else 0


if shutil.which("doxygen") is None or shutil.which("dot") is None:
    sys.exit("not ok 1 - docs: doxygen and graphviz are not installed: tools/setup docs")
sys.exit(main())
