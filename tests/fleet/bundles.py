#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bundles.py [--times N] [--write FOLDER]: a hundred thousand devices, the operator who signs their bundles, a cache and an
issuer in simulated time, beside what the same devices do to an issuer that they ask themselves (fleet.py).

Runs build/fleet/fleet with bundles, N times as many devices with --times, and holds it against the bounds below; the same seed
gives the same figures. --write puts the table into FOLDER/fleet.md and a picture beside it; without it the table in
docs/fleet.md is compared with what was measured.
"""
import collections
import subprocess
import sys

import fleet

ROOT = fleet.ROOT
PAGE = ROOT / "docs" / "fleet.md"
DEVICES = fleet.DEVICES

TITLES = {"steady": "half an hour in which nothing happens", "power-up": "all devices start at once",
          "rotation": "the announced next key signs from now on",
          "issuer-outage": "the issuer is down for half an hour",
          "cache-outage": "the cache is down for an hour", "recovery": "it is back",
          "unannounced": "a key signs that was never announced", "denial": "the operator denies somebody"}

# The same event where devices ask the issuer.
POLLING = {"issuer-outage": "outage"}

# The most that the busiest minute at the issuer and at the cache may be, as a multiple of the steady rate, and the most
# seconds until all devices serve, and until all deny: max-age, the ten seconds of the cache's copy, the operator's minute.
ISSUER, CACHE, SERVED, DENIED = 2.0, 8.0, 300, 300 + 10 + 60 + 1


class Scenario(fleet.Scenario):
    """What the cache is asked, and beside it what is asked of the issuer and of the operator's server."""

    def __init__(self, begin):
        super().__init__(begin)
        self.issuer, self.operator, self.whole, self.denied = collections.Counter(), 0, 0, 0

    def take(self, second, fetches, waiting, issuer, operator, whole, letting_in):
        self.add(second, fetches, waiting)
        self.issuer[(second - self.begin) // 60] += issuer
        self.operator += operator
        self.whole += whole
        if letting_in:
            self.denied = second - self.begin + 1

    def issuer_peak(self):
        return max(self.issuer.values(), default=0) / 60


def simulate(devices):
    """Name and Scenario of each, in their order."""
    fleet.build()
    words = ["build/fleet/fleet", str(devices), "20261129", "bundles"]
    printed = subprocess.run(words, cwd=ROOT, check=True, timeout=devices // 200, capture_output=True, text=True).stdout
    found, current = {}, None
    for line in printed.splitlines():
        words = line.split()
        if words[0] == "scenario":
            if current:
                current.seconds = int(words[2]) - current.begin
            current = found[words[1]] = Scenario(int(words[2]))
        elif current:
            current.take(*map(int, words))
    del found["end"]
    return found


def polled():
    """{scenario: (busiest minute, multiple of the steady rate, served after)} of the page beside, which a test of its own
    holds."""
    lines = [line for line in fleet.README.read_text().splitlines() if line.startswith("| **")]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {row[0].split("**")[1]: (row[2], row[3], row[5]) for row in rows}


def after(seconds):
    return f"{seconds} s" if seconds else "at once"


def table(found):
    steady, polls = found["steady"], polled()
    rows = ["| | issuer, asked by devices: busiest minute | served after | issuer, with bundles: busiest minute | "
            "cache: mean | busiest minute | of its steady rate | busiest second | of them whole bundles | "
            "operator's server | served after | denied after |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for name, one in found.items():
        busiest, times, served = polls.get(POLLING.get(name, name), ("", "", ""))
        beside = f"{busiest} ({times} ×)" if busiest else "–"
        asked = sum(one.minutes.values())
        peak = one.issuer_peak()
        rows.append(f"| **{name}**: {TITLES[name]} | {beside} | {served or '–'} | {peak:.3f} "
                    f"({peak / steady.issuer_peak():.2f} ×) | {one.mean():.0f} | {one.peak():.0f} | "
                    f"{one.peak() / steady.mean():.2f} | {one.busiest} | {100 * one.whole / max(1, asked):.0f} % | "
                    f"{one.operator / one.seconds:.2f} | {after(one.served)} | "
                    f"{after(one.denied) if name == 'denial' else '–'} |")
    return "\n".join(rows)


def picture(found, devices):
    """Requests a second at the cache, a point a minute, and at the issuer, which is a line at the bottom."""
    steady, left, top, width, height = found["steady"].mean(), 60, 40, 840, 240
    points = [(scenario.begin // 60 + minute, scenario.minutes[minute] / 60, scenario.issuer[minute] / 60)
              for scenario in found.values() for minute in range(scenario.seconds // 60)]
    first, last, most = points[0][0], points[-1][0] + 1, 1.05 * max(rate for _, rate, _ in points)

    def x(minute):
        return left + width * (minute - first) / (last - first)

    def y(rate):
        return top + height * (1 - rate / most)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 20} {top + height + 60}" '
           'font-family="sans-serif" font-size="11">',
           '<rect width="100%" height="100%" fill="white"/>',
           f'<text x="{left}" y="16" font-size="13">Requests a second, {devices:,} devices with bundles; simulated time, '
           'a point a minute: <tspan fill="#0b5394">at the cache</tspan>, <tspan fill="#b45f06">at the issuer</tspan></text>']
    for multiple in (0, 1, 2):
        line = y(multiple * steady)
        out.append(f'<line x1="{left}" y1="{line:.1f}" x2="{left + width}" y2="{line:.1f}" stroke="#ccc"/>'
                   f'<text x="{left - 6}" y="{line + 4:.1f}" text-anchor="end">{multiple * steady:.0f}</text>')
    for number, (name, one) in enumerate(found.items()):
        place = x(one.begin // 60)
        out.append(f'<line x1="{place:.1f}" y1="{top}" x2="{place:.1f}" y2="{top + height}" stroke="#999" '
                   'stroke-dasharray="3 3"/>'
                   f'<text x="{place + 3:.1f}" y="{top + height + 16 + 14 * (number % 2)}">{name} {one.peak():.0f}</text>')
    for which, colour in ((1, "#0b5394"), (2, "#b45f06")):
        path = " ".join(f"{x(point[0]):.1f},{y(point[which]):.1f}" for point in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.2"/>')
    out.append(f'<text x="{left}" y="{top + height + 50}" fill="#666">Grey lines: 0, 1 and 2 times the steady rate at the '
               'cache. Beside each name its busiest minute.</text></svg>')
    return "\n".join(out) + "\n"


def write(found, folder):
    before, rest = PAGE.read_text().split(fleet.BEGIN, 1)
    after_it = rest.split(fleet.END, 1)[1]
    (folder / "fleet.md").write_text(f"{before}{fleet.BEGIN}\n{table(found)}\n{fleet.END}{after_it}")
    (folder / "fleet.svg").write_text(picture(found, DEVICES))


def judge(found, compared):
    steady = found["steady"]
    verdicts = [(max(one.issuer_peak() for one in found.values()) <= ISSUER * steady.issuer_peak(),
                 f"whatever happens, the busiest minute at the issuer is at most {ISSUER:g} times its steady rate")]
    verdicts += [(one.peak() <= CACHE * steady.mean(), f"{name}: the busiest minute at the cache is "
                  f"{one.peak() / steady.mean():.2f} times its steady rate, at most {CACHE:g}") for name, one in found.items()]
    verdicts += [(not found[name].served, f"{name}: every device serves all the time")
                 for name in ("power-up", "rotation", "issuer-outage", "cache-outage")]
    served, denied = found["unannounced"].served, found["denial"].denied
    verdicts += [(0 < served <= SERVED, f"a key that was never announced is known everywhere after {served} s, at most {SERVED}"),
                 (0 < denied <= DENIED, f"a denial is in force everywhere after {denied} s, at most {DENIED}")]
    if compared:
        verdicts.append((table(found) in PAGE.read_text(), "the table in docs/fleet.md holds (else: make fleet)"))
    for number, (good, what) in enumerate(verdicts, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {what}")
    for row in table(found).splitlines()[2:]:
        print("## " + row.strip("| ").replace("**", "").replace(" | ", "; "))
    return 0 if all(good for good, _ in verdicts) else 1


if __name__ == "__main__":
    sys.exit(fleet.run(sys.argv[1:], "bundles.py", simulate, write, judge))
