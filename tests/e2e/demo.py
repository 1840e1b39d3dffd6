#!/usr/bin/env python3
"""demo.py [--tap]: an independent issuer, its keys provisioned into a firmware, real and hostile tokens for the firmware.

Shows a table, or with --tap a line for each token for the tests. Exit code 0 only if the device said of each token what
it should.
"""
import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from device import Device  # noqa: E402
from issuer import Issuer  # noqa: E402

IMAGE = ROOT / "build" / "mps2-an385" / "firmware.elf"
KEYS = ROOT / "build" / "demo" / "jwks.json"

# What is sent, as which token, under which scope expression, and what the device must say.
ROWS = [
    ("a user, reading FOIA requests", "user", "read:foia", "OK"),
    ("a machine client, running workflows", "machine", "execute:workflows", "OK"),
    ("the user, without the scope", "user", "admin:database", "SCOPE_INSUFFICIENT"),
    ("expired yesterday", "expired", "read:foia", "TOKEN_EXPIRED"),
    ("valid in an hour", "not_yet_valid", "read:foia", "TOKEN_NOT_YET_VALID"),
    ("for another API", "wrong_audience", "read:foia", "AUDIENCE_REFUSED"),
    ("of another issuer, same key", "wrong_issuer", "read:foia", "ISSUER_REFUSED"),
    ("subject changed to auth0|admin", "tampered", "read:foia", "SIGNATURE_INVALID"),
    ("alg: none", "none", "read:foia", "ALGORITHM_REFUSED"),
    ("HS256 with the public key", "hs256", "read:foia", "ALGORITHM_REFUSED"),
    ("signed by a stranger's key", "unknown_key", "read:foia", "KEY_UNKNOWN"),
    ("encrypted (JWE)", "encrypted", "read:foia", "TOKEN_ENCRYPTED"),
    ("opaque", "opaque", "read:foia", "TOKEN_OPAQUE"),
]


class Show:
    """The table for people."""

    def __init__(self):
        self.bad = 0

    def note(self, text):
        print(text, flush=True)

    def head(self):
        print(f"\n{'token':<38} {'expected':<20} {'the device said':<20} {'instructions':>12}")

    def row(self, what, expected, said, detail, cost):
        good = said == expected
        self.bad += not good
        print(f"{what:<38} {expected:<20} {said:<20} {cost:>12,} {'' if good else '  <-- not as expected'}".rstrip(), flush=True)
        if said == "OK":
            print(f"    {detail}")

    def end(self, code):
        self.bad += code != 0
        verdict = "every row is as expected" if self.bad == 0 else f"{self.bad} not as expected"
        print(f"\n{len(ROWS)} tokens, {verdict}. Counted by QEMU (Cortex-M3, one instruction a step), not on hardware.")


class Tap(Show):
    """The same for the tests."""

    def note(self, text):
        print(f"# {text}", flush=True)

    def head(self):
        self.number = 0

    def row(self, what, expected, said, detail, cost):
        self.number += 1
        self.bad += said != expected
        print(f"{'ok' if said == expected else 'not ok'} {self.number} - firmware: {what}: {expected}")
        if said != expected:
            print(f"# the device said {said} {detail}")

    def end(self, code):
        self.bad += code != 0
        print(f"{'ok' if code == 0 else 'not ok'} {self.number + 1} - the firmware ends when it is told to")


def build(show):
    show.note("building the firmware with these keys in flash (ward provision)")
    subprocess.run(["make", "--no-print-directory", "-s", "firmware", f"KEYS={KEYS}"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)


def run(show, tokens):
    with Device(IMAGE) as device:
        show.note(f"booted in QEMU: {device.wait_for('READY')}")
        show.head()
        for what, name, scope, expected in ROWS:
            if device.ask(f"scope {scope}") != "scope is set":
                raise RuntimeError("the device does not take the scope")
            answer = re.fullmatch(r"([A-Z_]+):? ?(.*) instructions=(\d+)", device.ask(tokens[name]))
            show.row(what, expected, answer[1], answer[2], int(answer[3]))
        show.end(device.quit())


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tap", action="store_true")
    show = Tap() if arguments.parse_args().tap else Show()
    KEYS.parent.mkdir(parents=True, exist_ok=True)
    with Issuer() as issuer:
        show.note(f"an issuer shaped like Auth0 (oauth2-mock-server) serves https://127.0.0.1:{issuer.port}/")
        issuer.save_jwks(KEYS)
        tokens = issuer.tokens()
    build(show)
    run(show, tokens)
    return 1 if show.bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, subprocess.SubprocessError) as trouble:
        sys.exit(f"demo: {trouble}")
