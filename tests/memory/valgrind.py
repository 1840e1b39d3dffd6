#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""valgrind.py: the unit and attack tests, and a sample of the exhaustive ones, with every read of memory watched (memcheck).

A read of memory that was never written, or that is not the program's, ends in exit code 99. The suites in UNWATCHED read the dead
stack on purpose.
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNWATCHED = ("residue", "residue_steps", "gate_faults")
VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=no"]


def suites():
    """The names of all unit and attack suites that can be watched."""
    found = [path.stem.removeprefix("test_") for folder in ("unit", "attack") for path in (ROOT / "tests" / folder).glob("test_*.c")]
    return sorted(name for name in found if name not in UNWATCHED)


def main():
    environment = dict(os.environ, WARD_STRIDE="256")
    codes = [subprocess.run([*VALGRIND, *command], cwd=ROOT, env=environment).returncode
             for command in (["build/host/unit", *suites()], ["build/host/exhaustive"])]
    return max(codes)


sys.exit(main())
