#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""demo_uart.py [--tap]: an independent issuer, its keys provisioned into a firmware that is never online, requests over its UART.

Shows a table with the instructions of each request, or with --tap a line for each for the tests. Exit code 0 only if the
device did with each request what it should (scenarios.py) and its audit is whole.
"""
import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from device import Device  # noqa: E402
from exported_audit import NOTHING, check_export, show_events, ward_audit  # noqa: E402
from issuer import Issuer  # noqa: E402
from scenarios import SECTIONS  # noqa: E402
from report import Show, Tap  # noqa: E402

VARIANT = "mps2-an385+demo"
IMAGE = ROOT / "build" / VARIANT / "firmware.elf"
FOLDER = ROOT / "build" / "wire"
KEYS = FOLDER / "jwks.json"


def build(show):
    show.note("building the firmware with these keys in flash (ward provision) and the routes of "
              "boards/app/theholefoundation.routes (ward routes)")
    subprocess.run(["make", "--no-print-directory", "-f", "tests/Makefile", "-s", f"VARIANT={VARIANT}", f"KEYS={KEYS}", f"build/{VARIANT}/firmware.elf"], cwd=ROOT,
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
        show.section(title, [f"the operator types {command}" for command in commands])
        for command in commands:
            lines = device.ask(command, "done")
            audit += [line.removeprefix("AUDIT ") for line in lines if line.startswith("AUDIT ")]
        for row in rows:
            response, events = ask(device, row, tokens)
            audit += events
            show.row(row.what, f"{row.status} {row.reason}", said(row, response), f"{response.headers} {response.body}",
                     response.instructions)
    return audit


def check_audit(show, boot, audit, last):
    """The chain as it came over the console, under the head that the device names; and what changing or cutting it does."""
    lines = boot + audit + [line.removeprefix("AUDIT ") for line in last if line.startswith("AUDIT ")]
    head = last[-1].split()[1]
    show_events(show, lines)
    check_export(show, lines, head)
    ring = [line.removeprefix("RING ") for line in last if line.startswith("RING ")]
    exit_code, text = ward_audit(ring, "--from", NOTHING, "--head", head, "--gaps")
    show.row(f"the device's ring of {len(ring)} events", "exit 0", f"exit {exit_code}", text)
    show.note("".join(f"    {line}\n" for line in text.removeprefix("ward: ").splitlines()).rstrip("\n"))


def run(show, tokens):
    with Device(IMAGE) as device:
        boot = device.until("READY")
        show.note(f"booted in QEMU: {boot[0]}")
        audit = run_rows(show, device, tokens)
        check_audit(show, [line.removeprefix("AUDIT ") for line in boot if line.startswith("AUDIT ")], audit,
                    device.ask("!audit", "HEAD"))
        show.section("The end")
        show.row("the operator says !quit", "exit 0", f"exit {device.quit()}", "")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tap", action="store_true")
    show = Tap("wire", True) if arguments.parse_args().tap else Show(True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Issuer() as issuer:
        show.note(f"an issuer shaped like Auth0 (oauth2-mock-server) serves https://127.0.0.1:{issuer.port}/")
        issuer.save_jwks(KEYS)
        tokens = issuer.tokens()
    build(show)
    run(show, tokens)
    show.end("Counted by QEMU (Cortex-M3, one instruction a step), not on hardware.")
    return 1 if show.bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, subprocess.SubprocessError) as trouble:
        sys.exit(f"wire: {trouble}")
