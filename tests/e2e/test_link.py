#!/usr/bin/env python3
"""test_link.py: the networked device in QEMU whose cable is pulled and plugged in again: at boot, in a fetch, in a client's connection.

Two cases that mostly wait run beside the others, each with a device of its own; what comes of them is the last two cases.
"""
import os
import pathlib
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from flash import newest, owner_of  # noqa: E402
from https_client import request  # noqa: E402
from scripted import ScriptedIssuer, answer  # noqa: E402
from tokens import ISSUER  # noqa: E402
from world import World, ask_for_keys, audited, fetch, fetched, first_fetch, ready, token_of  # noqa: E402

GOOD = token_of()
# Seconds: from the cable's return to the address, and to what TCP sends again (at most three seconds apart after so short a while) having come.
SOON, AGAIN = 5, 15

pulled = threading.Event()
world = World("link", os.environ.get("BOARD", "mps2-an385"))


def link(device, up):
    device.execute("set_link", name="net0", up=up)


def nothing_is_left(device, seconds):
    """Waits until no slot, no packet and no connection's part of the arena is in use; of TCP's connections what closes in its own time."""
    end = time.monotonic() + seconds
    while True:
        report = device.report()
        pools = {pool["name"]: int(pool["used"]) for pool in report["pool"]}
        used = [int(report["server"][0]["used"]), *(int(owner["used"]) for owner in report["arena"][2:]),
                *(pools[name] for name in ("TCP_SEG", "PBUF", "PBUF_POOL"))]
        if not any(used) and pools["TCP_PCB"] <= 3:
            return
        assert time.monotonic() < end, report
        time.sleep(0.5)


def within(seconds, what, *arguments):
    """What comes of a call that must not take longer."""
    began = time.monotonic()
    result = what(*arguments)
    assert time.monotonic() - began < seconds, time.monotonic() - began
    return result


class Beside:
    """Runs a function in a thread from start() on; result() raises what it raised."""

    def __init__(self, what):
        self.what, self.trouble = what, None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self.thread.start()

    def _run(self):
        try:
            self.what()
        except BaseException as trouble:  # pylint: disable=broad-except
            self.trouble = trouble

    def result(self):
        self.thread.join(120)
        assert not self.thread.is_alive(), "it hangs"
        if self.trouble:
            raise self.trouble


# ---- In a fetch, beside the other cases.

def answer_never_comes():
    device = world.device("never")

    def pull(channel):
        link(device, False)
        world.obey()
        pulled.set()
        time.sleep(0.2)
        channel.close()
    with device:
        ready(device)
        world.issuer.script = pull
        assert fetch(device) == "FETCH_TIMED_OUT"
        link(device, True)
        assert within(SOON, fetch, device) == "OK"
        assert world.ask(device, GOOD) == (200, "OK")
        assert ("FETCH_TIMED_OUT", "set") in audited(device)
        nothing_is_left(device, 5)


def fetch_without_a_cable():
    with world.device("wait") as device:
        ready(device)
        first_fetch(device)
        link(device, False)
        time.sleep(1)
        ask_for_keys(device)
        time.sleep(3)
        link(device, True)
        assert within(SOON, fetched, device) == "OK"
        link(device, False)
        time.sleep(1)
        assert within(13, fetch, device) == "FETCH_UNREACHABLE"
        link(device, True)
        assert within(SOON, fetch, device) == "OK"




never, without = Beside(answer_never_comes), Beside(fetch_without_a_cable)


# ---- At boot.

def test_the_cases_beside_begin():
    # One after the other: the issuer obeys again once it has been told to pull the cable.
    never.start()
    assert pulled.wait(30), never.trouble


def test_started_without_a_cable_it_stores_and_then_serves_and_fetches_soon_after_one_is_plugged_in():
    with world.device("boot", options=["-S"]) as device:
        link(device, False)
        device.execute("cont")
        device.wait_for("ward on ")
        ask_for_keys(device)
        time.sleep(11)
        device.ask("!deny a stranger", "done")
        device.wait_for("STORED ")
        assert owner_of(ISSUER, "a stranger") in newest(device.flash).denied
        assert not any(line.startswith(("READY", "FETCH")) for line in device.printed), "without a network"
        link(device, True)
        assert within(SOON, ready, device)["address"] == "10.0.2.15"
        # It has waited for the network since it was asked for.
        assert within(SOON, fetched, device) == "OK"
        assert world.ask(device, GOOD) == (200, "OK")


# ---- In a fetch.

def test_a_fetch_goes_on_when_the_cable_was_out_for_a_while():
    device = world.device("fetch")

    def pull(channel):
        data = answer(world.keys)
        world.obey()
        channel.sendall(data[:200])
        time.sleep(0.3)
        link(device, False)
        channel.sendall(data[200:])
        threading.Timer(2, link, (device, True)).start()
        time.sleep(2)
        ScriptedIssuer.send(channel, b"")
    with device:
        ready(device)
        world.issuer.script = pull
        assert within(2 + AGAIN, fetch, device) == "OK"
        assert world.ask(device, GOOD) == (200, "OK")
        nothing_is_left(device, 5)


# ---- In a client's connection.

def test_an_open_connection_goes_on_when_the_cable_was_out_for_a_while():
    without.start()
    with world.device("clients") as device:
        ready(device)
        first_fetch(device)
        with world.connect(device, 30) as client:
            client.send(request("/api/foia", GOOD))
            assert client.answer().status == 200
            link(device, False)
            client.send(request("/api/foia", GOOD))
            time.sleep(3)
            link(device, True)
            assert within(AGAIN, client.answer).status == 200
            client.send(request("/api/foia", GOOD))
            assert client.answer().status == 200
        nothing_is_left(device, 5)


def test_connections_that_end_while_the_cable_is_out_leave_nothing_in_use():
    with world.device("clients") as device:
        ready(device)
        clients = [world.connect(device) for _ in range(3)]
        for number, client in enumerate(clients):
            # Idle, in a header, and with an answer on its way.
            client.send([request("/health"), b"GET /health HTTP/1.1\r\nX: ", request("/api/foia", GOOD) * 3][number])
        assert clients[0].answer().status == 200
        link(device, False)
        for client in clients:
            client.socket.close()
        time.sleep(1.5)
        link(device, True)
        assert within(AGAIN, world.ask, device, GOOD) == (200, "OK")
        # Who is not heard of any more has his slot for half a minute, unless another one wants it.
        nothing_is_left(device, 45)


def test_a_cable_that_is_pulled_and_plugged_in_again_and_again_leaves_a_device_that_serves():
    with world.device("clients") as device:
        ready(device)
        for pause in (0.01, 0.1, 0.4, 0.6, 1.1) * 2:
            link(device, False)
            time.sleep(pause)
            link(device, True)
            time.sleep(pause)
        assert within(AGAIN, world.ask, device, GOOD) == (200, "OK")
        assert within(AGAIN, fetch, device) == "OK"
        nothing_is_left(device, 5)


# ---- What ran beside.

def test_a_fetch_without_a_cable_waits_for_it_ten_seconds():
    without.result()


def test_a_fetch_whose_answer_never_comes_ends_and_the_next_one_brings_it():
    never.result()


if __name__ == "__main__":
    tap.main(__name__, "link: ")
