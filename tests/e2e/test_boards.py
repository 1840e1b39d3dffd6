# SPDX-License-Identifier: Apache-2.0
"""The networked device on the other boards that it is built for, from the same sources: what test_network.py shows at
length on one of them, in short. With --board on that one alone."""
import pathlib
import sys

import pytest
import settings
from testbed import Testbed, token_of

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from steps import BOARD, NETWORKED  # noqa: E402

BOARDS = NETWORKED if settings.board == BOARD else [settings.board]
GOOD, DENIED = token_of(), token_of("auth0|denied")


def serves(testbed, device):
    assert testbed.ask(device, GOOD) == (200, "OK")
    assert testbed.ask(device, DENIED) == (401, "SUBJECT_DENIED")
    assert testbed.ask(device) == (401, "CREDENTIAL_MISSING"), device.printed[-1]


@pytest.mark.parametrize("board", [pytest.param(board, marks=pytest.mark.testbed(Testbed("boards", board=board))) for board in BOARDS])
def test_fetches_serves_and_stores(testbed, board):
    with testbed.device() as device:
        at = device.ready()
        assert any(line.startswith(f"ward on {board}:") for line in device.printed), device.printed
        assert at == {"address": "10.0.2.15", "port": "443", "boots": "1", "keys": "0"}, at
        assert testbed.ask(device, GOOD) == (503, "KEYS_ABSENT")
        device.first_fetch()
        device.ask("!deny auth0|denied", "done")
        device.wait_for("STORED ")
        serves(testbed, device)
        stack = device.report()["stack"][0]
        print(f"## {board}: stack {stack['peak']} of {stack['size']}")
        assert int(stack["peak"]) < int(stack["size"]) - 512
    # Power lost, issuer down.
    testbed.issuer.raw = lambda connection: None
    with testbed.device() as device:
        at = device.ready()
        assert at["boots"] == "2" and at["keys"] == "2", at
        serves(testbed, device)
        assert device.fetch() == "FETCH_CUT_OFF"
        device.execute("set_link", name="net0", up=False)
        device.execute("set_link", name="net0", up=True)
        serves(testbed, device)
        assert device.quit() == 0
