#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""coverage.py: line and branch coverage of src/, port/crypto and port/http by the unit tests, file by file: all of it.

Needs the unit tests of VARIANTS. What no test can reach is marked in the source, GCOV_EXCL_…: reason. A file that is not
whole fails, unless EXCEPTIONS says why; an exception that is not needed any more fails as well.
"""
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VARIANTS = ["host+coverage", "host+board+coverage", "host+mbedtls_rsa+sha256+coverage", "host+psa+coverage",
            "host+kernel+coverage", "host+kernel+halves+coverage"]

# Files that are not whole, and why.
EXCEPTIONS = {}


def measure():
    """Runs the tests and gives gcovr's summary of all builds together."""
    reports = []
    for variant in VARIANTS:
        objects = ROOT / "build" / variant / "obj"
        for old in objects.rglob("*.gcda"):
            old.unlink()
        subprocess.run([f"build/{variant}/unit"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        report = ROOT / "build" / variant / "coverage.json"
        gcovr(["--json", "--output", str(report), str(objects)])
        leave_out_functions(report)
        reports += ["--add-tracefile", str(report)]
    return json.loads(gcovr([*reports, "--json-summary", "-"]))


def leave_out_functions(report):
    """Nobody asks for them, and gcovr refuses to merge builds where the limits choose one of two of a name."""
    data = json.loads(report.read_text())
    for file in data["files"]:
        file["functions"] = []
    report.write_text(json.dumps(data))


def gcovr(words):
    command = ["gcovr", "--root", ".", "--filter", "src/", "--filter", "port/crypto/", "--filter", "port/http/", "--filter", "port/service.c", "--filter", "port/selftest.c", "--filter", "port/date.c", "--exclude-unreachable-branches",
               "--gcov-ignore-parse-errors", *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C")).stdout


def unexplained(file):
    """Marks of what is left out that give no reason."""
    return [f"{file}:{number}: say why it cannot be reached" for number, line in enumerate((ROOT / file).read_text().splitlines(), 1)
            if re.search(r"GCOV_EXCL_(BR_)?(START|LINE)\b(?!: \w)", line)]


def whole(row):
    return all(row[f"{kind}_covered"] == row[f"{kind}_total"] for kind in ("line", "branch"))


def judge(files):
    """For each file: whether it is good, and what to say about it."""
    for row in files:
        name = row["filename"]
        marks = unexplained(name)
        reason = next((reason for place, reason in EXCEPTIONS.items() if fnmatch.fnmatch(name, place)), None)
        said = f"{name}: {row['line_covered']} of {row['line_total']} lines, {row['branch_covered']} of {row['branch_total']} branches"
        said += f" ({reason})" if reason and not whole(row) else ""
        yield not marks and (whole(row) or reason is not None), "; ".join([said, *marks])
    for place in EXCEPTIONS:
        needed = any(fnmatch.fnmatch(row["filename"], place) and not whole(row) for row in files)
        yield needed, f"exception {place}: {'needed' if needed else 'no longer needed, take it out'}"


def main():
    summary = measure()
    verdicts = list(judge(summary["files"]))
    for number, (good, said) in enumerate(verdicts, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {said}")
    print(f"## lines {summary['line_percent']} %, branches {summary['branch_percent']} % of src/, port/crypto and port/http; "
          f"{sum(whole(row) for row in summary['files'])} of {len(summary['files'])} files whole")
    return 0 if summary["files"] and all(good for good, _ in verdicts) else 1


sys.exit(main())
