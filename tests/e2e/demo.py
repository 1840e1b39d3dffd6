#!/usr/bin/env python3
"""demo.py [--tap]: an independent issuer, its keys provisioned into a firmware, real and hostile requests for the firmware.

Shows a table, or with --tap a line for each request for the tests. Exit code 0 only if the device did with each request
what it should (rows.py) and its audit is whole.
"""
import argparse
import itertools
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from device import Device  # noqa: E402
from issuer import Issuer  # noqa: E402
from rows import SECTIONS  # noqa: E402

VARIANT = "mps2-an385+demo"
IMAGE = ROOT / "build" / VARIANT / "firmware.elf"
WARD = ROOT / "build" / "host" / "ward"
FOLDER = ROOT / "build" / "demo"
KEYS = FOLDER / "jwks.json"
SHOWN_EVENTS = 12


class Show:
    """The table for people."""

    def __init__(self):
        self.count = self.bad = 0

    def note(self, text):
        print(text, flush=True)

    def section(self, title, commands):
        print(f"\n{title:<36} {'expected':<26} {'the device said':<26} {'instructions':>12}")
        for command in commands:
            print(f"the operator types {command}")

    def row(self, what, expected, said, detail, cost=None):
        self.count += 1
        self.bad += said != expected
        count = f"{cost:>12,}" if cost is not None else " " * 12
        print(f"{what:<36} {expected:<26} {said:<26} {count}{'' if said == expected else '  <-- not as expected'}".rstrip(), flush=True)
        if said != expected:
            print(f"    {detail}")

    def end(self):
        verdict = "every row is as expected" if self.bad == 0 else f"{self.bad} not as expected"
        print(f"\n{self.count} rows, {verdict}. Counted by QEMU (Cortex-M3, one instruction a step), not on hardware.")


class Tap(Show):
    """The same for the tests."""

    def note(self, text):
        print(f"# {text}", flush=True)

    def section(self, title, commands):
        print(f"# {title}")

    def row(self, what, expected, said, detail, cost=None):
        self.count += 1
        self.bad += said != expected
        print(f"{'ok' if said == expected else 'not ok'} {self.count} - demo: {what}: {expected}", flush=True)
        if said != expected:
            print(f"# the device said {said}: {detail}")

    def end(self):
        print(f"1..{self.count}")


def build(show):
    show.note("building the firmware with these keys in flash (ward provision) and the routes of "
              "boards/app/theholefoundation.routes (ward routes)")
    subprocess.run(["make", "--no-print-directory", "-s", f"VARIANT={VARIANT}", f"KEYS={KEYS}", f"build/{VARIANT}/firmware.elf"], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)


def ask(device, row, tokens):
    """Sends a row's request until its status comes: the last response and all audit events."""
    audit = []
    for _ in range(row.most):
        response = device.request(row.method, row.target, tokens.get(row.token), row.body, row.headers)
        audit += response.audit
        if response.status == row.status:
            break
    return response, audit


def said(row, response):
    """What the device said, in words; what it should have shown and hidden is a part of that."""
    answer = f"{response.status} {response.reason}"
    seen = f"{response.headers} {response.body}"
    if row.shows not in seen:
        answer += f" without {row.shows}"
    if response.status >= 400 and response.reason != "OK" and response.reason in seen:
        answer += " and told the stranger"
    return answer


def run_rows(show, device, tokens):
    """All sections; the audit's lines, in the order in which the console printed them."""
    audit = []
    for title, commands, rows in SECTIONS:
        show.section(title, commands)
        for command in commands:
            lines = device.ask(command, "done")
            audit += [line.removeprefix("AUDIT ") for line in lines if line.startswith("AUDIT ")]
        for row in rows:
            response, events = ask(device, row, tokens)
            audit += events
            show.row(row.what, f"{row.status} {row.reason}", said(row, response), f"{response.headers} {response.body}",
                     response.instructions)
    return audit


def event_words(event):
    who = f"{event['subject_kind']} {event['subject']}" if event["subject"] else "-"
    return f"{event['kind']:<8} {event['status'] or '':>3} {event['reason']:<22} {event['method']:<6} {who}"


def show_events(show, audit):
    """The last events for people: those alike that follow each other in one line."""
    groups = []
    for words, events in itertools.groupby(map(json.loads, audit), event_words):
        events = list(events)
        count = sum(event["repeats"] for event in events)
        mixed = " of several kinds" if any("mixed" in event for event in events) else ""
        groups.append(f"  {events[-1]['sequence']:>4} {words:<66}" + (f"× {count}{mixed}" if count > 1 else ""))
    show.note(f"\nThe audit's {len(audit)} events, the last of them:")
    for group in groups[-SHOWN_EVENTS:]:
        show.note(group.rstrip())


def ward_audit(lines, *words):
    done = subprocess.run([WARD, "audit", "-", *words], input="".join(line + "\n" for line in lines), capture_output=True, text=True,
                          timeout=30)
    return done.returncode, (done.stdout + done.stderr).strip()


def check_audit(show, boot, audit, last):
    """The chain as it came over the console, under the head that the device names; and what changing or cutting it does."""
    lines = boot + audit + [line.removeprefix("AUDIT ") for line in last if line.startswith("AUDIT ")]
    head = last[-1].split()[1]
    show_events(show, lines)
    show.section("The audit, by ward audit", [])
    grant = next(number for number, line in enumerate(lines) if '"kind":"refusal"' in line)
    changed = lines[:grant] + [lines[grant].replace('"kind":"refusal"', '"kind":"grant"')] + lines[grant + 1:]
    for what, export, code in (("as the device printed it", lines, 0), ("one word changed", changed, 1),
                               ("one event left out", lines[:grant] + lines[grant + 1:], 1), ("the end cut off", lines[:-1], 1)):
        exit_code, text = ward_audit(export, "--head", head)
        show.row(what, f"exit {code}", f"exit {exit_code}", text)
        show.note(f"    {text.removeprefix('ward: ')}")
    ring = [line.removeprefix("RING ") for line in last if line.startswith("RING ")]
    exit_code, text = ward_audit(ring, "--head", head, "--gaps")
    show.row(f"the device's ring of {len(ring)} events", "exit 0", f"exit {exit_code}", text)
    show.note(f"    {text.removeprefix('ward: ')}")


def run(show, tokens):
    with Device(IMAGE) as device:
        boot = device.until("READY")
        show.note(f"booted in QEMU: {boot[0]}\n{boot[-1]}" if not isinstance(show, Tap) else f"booted in QEMU: {boot[0]}")
        audit = run_rows(show, device, tokens)
        check_audit(show, [line.removeprefix("AUDIT ") for line in boot if line.startswith("AUDIT ")], audit,
                    device.ask("!audit", "HEAD"))
        show.section("The end", [])
        show.row("the operator says !quit", "exit 0", f"exit {device.quit()}", "")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tap", action="store_true")
    show = Tap() if arguments.parse_args().tap else Show()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Issuer() as issuer:
        show.note(f"an issuer shaped like Auth0 (oauth2-mock-server) serves https://127.0.0.1:{issuer.port}/")
        issuer.save_jwks(KEYS)
        tokens = issuer.tokens()
    build(show)
    run(show, tokens)
    show.end()
    return 1 if show.bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, subprocess.SubprocessError) as trouble:
        sys.exit(f"demo: {trouble}")
