#!/usr/bin/env python3
"""test_boards.py [BOARD...]: the networked device on the other boards that it is built for, from the same sources: what test_network.py shows at
length on one of them, in short. Without names: all but that one."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from world import World, fetch, first_fetch, ready, token_of  # noqa: E402

BOARDS = sys.argv[1:] or ["mps2-an386", "mps2-an500"]
GOOD, DENIED = token_of(), token_of("auth0|denied")


def serves(world, device):
    assert world.ask(device, GOOD) == (200, "OK")
    assert world.ask(device, DENIED) == (401, "SUBJECT_DENIED")
    assert world.ask(device) == (401, "CREDENTIAL_MISSING"), device.printed[-1]


def fetches_serves_and_stores(board):
    world = World("boards", board)
    with world.device() as device:
        at = ready(device)
        assert any(line.startswith(f"ward on {board}:") for line in device.printed), device.printed
        assert at == {"address": "10.0.2.15", "port": "443", "boots": "1", "keys": "0"}, at
        assert world.ask(device, GOOD) == (503, "KEYS_ABSENT")
        first_fetch(device)
        device.ask("!deny auth0|denied", "done")
        device.wait_for("STORED ")
        serves(world, device)
        stack = device.report()["stack"][0]
        print(f"# {board}: stack {stack['peak']} of {stack['size']}")
        assert int(stack["peak"]) < int(stack["size"]) - 512
    # Power lost, issuer down.
    world.issuer.raw = lambda connection: None
    with world.device() as device:
        at = ready(device)
        assert at["boots"] == "2" and at["keys"] == "2", at
        serves(world, device)
        assert fetch(device) == "FETCH_CUT_OFF"
        device.execute("set_link", name="net0", up=False)
        device.execute("set_link", name="net0", up=True)
        serves(world, device)
        assert device.quit() == 0


def case(board):
    def run():
        fetches_serves_and_stores(board)
    run.__name__ = f"test_{board}_fetches_serves_and_stores"
    return run


if __name__ == "__main__":
    sys.exit(tap.run([case(board) for board in BOARDS], "boards: "))
