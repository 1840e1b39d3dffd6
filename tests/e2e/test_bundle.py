# SPDX-License-Identifier: Apache-2.0
"""Bundles on the UART of a device that is never online (build/mps2-an385+bundles, a Cortex-M3 in QEMU): keys and denials come with
`!bundle`, as `ward bundle` makes them."""
import json
import pathlib
import time

import pytest
from bundles import bundle
from device import Device
from tokens import payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
IMAGE = ROOT / "build" / "mps2-an385+bundles" / "firmware.elf"
NOW = int(time.time())


def user(key, subject="auth0|someone"):
    return token(payload(sub=subject, scope="read:foia", iat=NOW, exp=NOW + 3600), key=key)


class Board(Device):
    def __init__(self):
        super().__init__(IMAGE)

    def __enter__(self):
        super().__enter__()
        self.until("READY")
        return self

    def give(self, bundle):
        return self.ask(f"!bundle {bundle}", "bundle ")[-1].removeprefix("bundle ")

    def get(self, key, subject="auth0|someone"):
        response = self.request("GET", "/api/foia", user(key, subject))
        return response.reason


@pytest.fixture
def board():
    with Board() as board:
        yield board


def test_keys_and_denials_come_over_the_wire_and_go_with_the_next_bundle(board):
    assert board.get("a") == "OK"
    assert board.give(bundle("b", 1, [{"sub": "auth0|denied", "issued_until": "always"}])) == "OK"
    assert board.get("a") == "KEY_UNKNOWN"
    assert board.get("b") == "OK"
    assert board.get("b", "auth0|denied") == "SUBJECT_DENIED"
    assert board.ask("!deny auth0|here", "done")[-1] == "done"
    assert board.give(bundle("ab", 2)) == "OK"
    assert board.get("a", "auth0|denied") == "OK" and board.get("a", "auth0|here") == "SUBJECT_DENIED"
    events = [json.loads(line.removeprefix("RING ")) for line in board.ask("!audit", "HEAD") if line.startswith("RING ")]
    assert [event["reason"] for event in events].count("BUNDLE_TAKEN") == 2, events


def test_what_may_not_follow_is_refused_and_changes_nothing(board):
    first = bundle("b", 5, [{"everybody": True, "issued_until": NOW - 100}])
    assert board.give(first) == "OK" and board.give(first) == "OK"
    for line, reason in ((bundle("a", 4), "BUNDLE_OLDER"), (bundle("a", 5), "BUNDLE_CHANGED"), (bundle("a", 6, fleet="other"), "BUNDLE_FLEET"),
                         (bundle("a", 6, signer="d", iat=NOW - 1000), "BUNDLE_EARLIER"), (first[:-6], "SIGNATURE_LENGTH"),
                         (bundle("a", 6).replace(".", ".A", 1), "SIGNATURE_INVALID"), ("x", "TOKEN_OPAQUE"), (user("c"), "TYPE_REFUSED")):
        assert board.give(line) == reason, (line, reason)
        assert board.get("b") == "OK" and board.get("a") == "KEY_UNKNOWN"
    # An operator's key verifies no token, whatever a bundle says.
    assert board.get("c") == "KEY_UNKNOWN"
