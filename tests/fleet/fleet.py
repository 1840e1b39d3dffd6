#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fleet.py [--times N] [--write FOLDER]: a hundred thousand devices and one issuer in simulated time, judged.

Runs build/fleet/fleet (the real keyring; see fleet.c) with 100,000 devices, or N times as many, and holds what it does to the
issuer against the bounds below; the same seed gives the same figures. --write puts table and picture into FOLDER; without it the
table in tests/fleet/README.md is compared with what was measured.
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
README = ROOT / "tests" / "fleet" / "README.md"
BEGIN, END = "<!-- table:begin -->", "<!-- table:end -->"
DEVICES = 100_000

# The most that the busiest minute may be, as a multiple of the steady rate.
BOUNDS = {"power-up": 5.0, "rotation": 2.0, "recovery": 2.0}

TITLES = {"steady": "an hour in which nothing happens", "power-up": "all devices start at once",
          "rotation": "the announced next key signs from now on", "outage": "the issuer is down for an hour",
          "recovery": "it is back", "unannounced": "a key signs that was never announced",
          "max-age-15": "the issuer says `max-age=15`"}


class Scenario:
    """Fetches by minute and second, and when the last device came to know today's key."""

    def __init__(self, begin):
        self.begin, self.seconds, self.served = begin, 0, 0
        self.minutes = collections.Counter()
        self.busiest = 0

    def add(self, second, fetches, waiting):
        self.minutes[(second - self.begin) // 60] += fetches
        self.busiest = max(self.busiest, fetches)
        if waiting:
            self.served = second - self.begin + 1

    def mean(self):
        return sum(self.minutes.values()) / max(1, self.seconds)

    def peak(self):
        return max(self.minutes.values(), default=0) / 60


def build():
    subprocess.run(["make", "-f", "tests/Makefile", "-s", "--no-print-directory", "build/fleet/fleet"], cwd=ROOT, check=True, timeout=120,
                   env=dict(os.environ, WARD_READY="1"), stdout=subprocess.DEVNULL)


def simulate(devices):
    """Name and Scenario of each, in their order."""
    build()
    printed = subprocess.run(["build/fleet/fleet", str(devices)], cwd=ROOT, check=True, timeout=devices // 300, capture_output=True,
                             text=True).stdout
    found, current = {}, None
    for line in printed.splitlines():
        words = line.split()
        if words[0] == "scenario":
            if current:
                current.seconds = int(words[2]) - current.begin
            current = found[words[1]] = Scenario(int(words[2]))
        elif current:
            current.add(*map(int, words))
    del found["end"]
    return found


def table(found):
    steady = found["steady"].mean()
    rows = ["| | fetches a second, mean | busiest minute | of the steady rate | busiest second | every device's caller was served after |",
            "|---|---:|---:|---:|---:|---:|"]
    for name, one in found.items():
        served = f"{one.served} s" if one.served else "at once"
        rows.append(f"| **{name}**: {TITLES[name]} | {one.mean():.1f} | {one.peak():.1f} | {one.peak() / steady:.2f} | {one.busiest} | {served} |")
    return "\n".join(rows)


def picture(found, devices):
    """Fetches a second, one point a minute; the scale ends at six times the steady rate, and what is above it is cut and said."""
    steady, left, top, width, height = found["steady"].mean(), 60, 40, 840, 240
    points = [(scenario.begin // 60 + minute, scenario.minutes[minute] / 60)
              for scenario in found.values() for minute in range(scenario.seconds // 60)]
    first, last, most = points[0][0], points[-1][0] + 1, 6 * steady

    def x(minute):
        return left + width * (minute - first) / (last - first)

    def y(rate):
        return top + height * (1 - min(rate, most) / most)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 20} {top + height + 60}" font-family="sans-serif" font-size="11">',
           '<rect width="100%" height="100%" fill="white"/>',
           f'<text x="{left}" y="16" font-size="13">Fetches a second at the issuer, {devices:,} devices; simulated time, a point a minute</text>']
    for multiple in (0, 1, 2, 5):
        line = y(multiple * steady)
        out.append(f'<line x1="{left}" y1="{line:.1f}" x2="{left + width}" y2="{line:.1f}" stroke="#ccc"/>'
                   f'<text x="{left - 6}" y="{line + 4:.1f}" text-anchor="end">{multiple * steady:.0f}</text>')
    for name, one in found.items():
        place = x(one.begin // 60)
        out.append(f'<line x1="{place:.1f}" y1="{top}" x2="{place:.1f}" y2="{top + height}" stroke="#999" stroke-dasharray="3 3"/>'
                   f'<text x="{place + 3:.1f}" y="{top + height + 16}">{name}</text>'
                   f'<text x="{place + 3:.1f}" y="{top + height + 30}" fill="#666">peak {one.peak():.0f}</text>')
    path = " ".join(f"{x(minute):.1f},{y(rate):.1f}" for minute, rate in points)
    out.append(f'<polyline points="{path}" fill="none" stroke="#0b5394" stroke-width="1.2"/>')
    out.append(f'<text x="{left}" y="{top + height + 50}" fill="#666">Grey lines: 0, 1, 2 and 5 times the steady rate. The scale ends at 6 times.</text></svg>')
    return "\n".join(out) + "\n"


def write(found, folder):
    text = README.read_text()
    before, rest = text.split(BEGIN, 1)
    (folder / "README.md").write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{rest.split(END, 1)[1]}")
    (folder / "fleet.svg").write_text(picture(found, DEVICES))


def judge(found, compared):
    steady, failed = found["steady"].mean(), 0
    for number, (name, bound) in enumerate(BOUNDS.items(), 1):
        ratio = found[name].peak() / steady
        failed += ratio > bound
        print(f"{'ok' if ratio <= bound else 'not ok'} {number} - {name}: the busiest minute is {ratio:.2f} times the steady rate, at most {bound:g}")
    served = found["rotation"].served == 0
    failed += not served
    print(f"{'ok' if served else 'not ok'} 4 - an announced key is known to every device when it signs")
    if compared:
        same = table(found) in README.read_text()
        failed += not same
        print(f"{'ok' if same else 'not ok'} 5 - the table in tests/fleet/README.md holds (else: make fleet)")
    for row in table(found).splitlines()[2:]:
        print("## " + row.strip("| ").replace("**", "").replace(" | ", "; "))
    return 1 if failed else 0


def run(words, name, simulate, write, judge):
    """What a simulation's program does with its words; the exit code."""
    given = argparse.ArgumentParser(prog=name)
    given.add_argument("--times", type=int, default=1, metavar="N", help="N hundred thousand devices")
    given.add_argument("--write", type=pathlib.Path, metavar="FOLDER", help="puts table and picture there")
    given = given.parse_args(words)
    if given.times < 1 or (given.times > 1 and given.write):
        sys.exit(f"{name}: --times is at least 1; table and picture are those of 100,000 devices: --write goes without it")
    try:
        found = simulate(given.times * DEVICES)
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"# {problem}\nnot ok 1 - the simulation ends")
        return 1
    if given.write:
        write(found, given.write)
    return judge(found, compared=given.times == 1)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], "fleet.py", simulate, write, judge))
