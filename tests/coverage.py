#!/usr/bin/env python3
"""coverage.py: line and branch coverage of src/, port/crypto and port/http by the unit tests, file by file.

Needs build/host+coverage/unit and build/host+mbedtls_rsa+coverage/unit. A file below the mark is not ok.
"""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VARIANTS = ["host+coverage", "host+mbedtls_rsa+coverage"]

# Percent of lines and of branches that each file must reach.
LINES, BRANCHES = 95, 90


def measure():
    """Runs the tests and gives gcovr's summary of both builds together."""
    reports = []
    for variant in VARIANTS:
        objects = ROOT / "build" / variant / "obj"
        for old in objects.rglob("*.gcda"):
            old.unlink()
        subprocess.run([f"build/{variant}/unit"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        report = ROOT / "build" / variant / "coverage.json"
        gcovr(["--json", "--output", str(report), str(objects)])
        reports += ["--add-tracefile", str(report)]
    return json.loads(gcovr([*reports, "--json-summary", "-"]))


def gcovr(words):
    command = ["gcovr", "--root", ".", "--filter", "src/", "--filter", "port/crypto/", "--filter", "port/http/", "--exclude-unreachable-branches",
               "--gcov-ignore-parse-errors", *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C")).stdout


def percent(row, kind):
    total = row[f"{kind}_total"]
    return 100.0 if total == 0 else 100.0 * row[f"{kind}_covered"] / total


def main():
    summary = measure()
    failed = 0
    for number, row in enumerate(summary["files"], 1):
        lines, branches = percent(row, "line"), percent(row, "branch")
        good = lines >= LINES and branches >= BRANCHES
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {row['filename']}: lines {lines:.1f} %, branches {branches:.1f} %")
    print(f"## lines {percent(summary, 'line'):.1f} %, branches {percent(summary, 'branch'):.1f} % of src/, port/crypto and port/http "
          f"(mark for each file: {LINES} and {BRANCHES})")
    return 1 if failed or not summary["files"] else 0


sys.exit(main())
