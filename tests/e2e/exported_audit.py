# SPDX-License-Identifier: Apache-2.0
"""An audit as it came over a device's console: its last events for people, and what `ward audit` says of it."""
import itertools
import json
import pathlib
import subprocess

WARD = pathlib.Path(__file__).resolve().parent.parent.parent / "build" / "host" / "ward"
SHOWN_EVENTS = 12

# What the first event of a device follows that had stored nothing.
NOTHING = "0" * 64


def event_words(event):
    who = f"{event['subject_kind']} {event['subject']}" if event["subject"] else "-"
    if event["kind"] == "boot":
        who = f"the device's number {event['repeats']}"
    return f"{event['kind']:<8} {event['status'] or '':>3} {event['reason']:<22} {event['method']:<6} {who}"


def show_events(show, audit):
    """The last events for people: those alike that follow each other in one line."""
    groups = []
    for words, events in itertools.groupby(map(json.loads, audit), event_words):
        events = list(events)
        count = sum(event["repeats"] for event in events if event["kind"] != "boot")
        mixed = " of several kinds" if any("mixed" in event for event in events) else ""
        groups.append(f"  {events[-1]['sequence']:>4} {words:<66}" + (f"× {count}{mixed}" if count > 1 else ""))
    show.note(f"\nThe audit's {len(audit)} events, the last of them:")
    for group in groups[-SHOWN_EVENTS:]:
        show.note(group.rstrip())


def ward_audit(lines, *words):
    done = subprocess.run([WARD, "audit", "-", *words], input="".join(line + "\n" for line in lines), capture_output=True, text=True,
                          timeout=30)
    return done.returncode, (done.stdout + done.stderr).strip()


def check_export(show, lines, head, start=NOTHING):
    """Whole between its anchors; and what changing or cutting it does."""
    show.section("The audit, by ward audit")
    refusal = next(number for number, line in enumerate(lines) if '"kind":"refusal"' in line)
    changed = lines[:refusal] + [lines[refusal].replace('"kind":"refusal"', '"kind":"grant"')] + lines[refusal + 1:]
    forged = lines[:refusal] + [lines[refusal] + '\r{"kind":"grant"}'] + lines[refusal + 1:]
    for what, export, code in (("as the device printed it", lines, 0), ("one word changed", changed, 1), ("a word written over a line", forged, 1),
                               ("one event left out", lines[:refusal] + lines[refusal + 1:], 1), ("the start cut off", lines[1:], 1),
                               ("the end cut off", lines[:-1], 1)):
        exit_code, text = ward_audit(export, "--from", start, "--head", head)
        show.row(what, f"exit {code}", f"exit {exit_code}", text)
        show.note("".join(f"    {line}\n" for line in text.removeprefix("ward: ").splitlines()).rstrip("\n"))
