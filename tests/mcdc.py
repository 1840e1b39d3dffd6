#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mcdc.py: MC/DC by the unit tests, which clang-19 counts: of all conditions at least 95 % have decided a decision alone.

Needs the unit tests of build/host+mcdc.
"""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "host+mcdc"
LEAST = 95.0



def measure():
    """Conditions of each file: how many there are, how many are covered."""
    raw, data = BUILD / "unit.profraw", BUILD / "unit.profdata"
    subprocess.run([BUILD / "unit"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, LLVM_PROFILE_FILE=str(raw)))
    subprocess.run(["llvm-profdata-19", "merge", "-sparse", raw, "-o", data], check=True)
    exported = subprocess.run(["llvm-cov-19", "export", "--summary-only", "--show-mcdc-summary", BUILD / "unit",
                               f"-instr-profile={data}"], check=True, capture_output=True, text=True).stdout
    for row in json.loads(exported)["data"][0]["files"]:
        name = os.path.relpath(row["filename"], ROOT)
        if name.startswith(("src/", "port/crypto/")):
            yield name, row["summary"]["mcdc"]["count"], row["summary"]["mcdc"]["covered"]


def main():
    rows = sorted(measure())
    for name, total, covered in rows:
        print(f"# {name}: {covered} of {total} conditions")
    total, covered = sum(row[1] for row in rows), sum(row[2] for row in rows)
    percent = 100.0 * covered / max(1, total)
    good = total > 0 and percent >= LEAST
    print(f"{'ok' if good else 'not ok'} 1 - MC/DC: at least {LEAST:.0f} % of the conditions")
    print(f"## MC/DC {percent:.1f} %: {covered} of {total} conditions")
    return 0 if good else 1


sys.exit(main())
