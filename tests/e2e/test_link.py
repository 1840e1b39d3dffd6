# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU whose cable is pulled and plugged in again: at boot, in a fetch, in a client's
connection."""
import threading
import time

import pace
from flash import newest, owner_of
from https_client import request
from scripted import ScriptedIssuer, answer
from testbed import Testbed, token_of
from tokens import ISSUER

TESTBED = Testbed("link")
GOOD = token_of()
# Seconds: from the cable's return to the address, and to what TCP sends again (at most three seconds apart after so
# short a while) having come.
SOON, AGAIN = 5, 15


def link(device, up):
    device.execute("set_link", name="net0", up=up)


def nothing_is_left(device, seconds):
    """Waits until no slot, no packet and no connection's part of the arena is in use; of TCP's connections what closes
    in its own time."""
    end = time.monotonic() + pace.seconds(seconds)
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
    """What comes of a call that must not take longer on a machine that does nothing else."""
    began = time.monotonic()
    result = what(*arguments)
    assert time.monotonic() - began < pace.seconds(seconds), time.monotonic() - began
    return result


# ---- At boot.

def test_started_without_a_cable_it_stores_and_then_serves_and_fetches_soon_after_one_is_plugged_in(testbed):
    with testbed.device(options=["-S"]) as device:
        link(device, False)
        device.execute("cont")
        device.wait_for("ward on ")
        device.ask_for_keys()
        time.sleep(11)
        device.ask("!deny a stranger", "done")
        device.wait_for("STORED ")
        assert owner_of(ISSUER, "a stranger") in newest(device.flash).denied
        assert not any(line.startswith(("READY", "FETCH")) for line in device.printed), "without a network"
        link(device, True)
        assert within(SOON, device.ready)["address"] == "10.0.2.15"
        # It has waited for the network since it was asked for.
        assert within(SOON, device.fetched) == "OK"
        assert testbed.ask(device, GOOD) == (200, "OK")


# ---- In a fetch.

def test_a_fetch_whose_answer_never_comes_ends_and_the_next_one_brings_it(testbed):
    device, pulled = testbed.device(), threading.Event()

    def pull(channel):
        link(device, False)
        testbed.obey()
        pulled.set()
        time.sleep(0.2)
        channel.close()
    testbed.issuer.script = pull
    with device:
        device.ready()
        assert device.fetched() == "FETCH_TIMED_OUT" and pulled.is_set()
        link(device, True)
        assert within(SOON, device.fetch) == "OK"
        assert testbed.ask(device, GOOD) == (200, "OK")
        assert ("FETCH_TIMED_OUT", "set") in device.audited()
        nothing_is_left(device, 5)


def test_a_fetch_without_a_cable_waits_for_it_ten_seconds(device):
    link(device, False)
    time.sleep(1)
    device.ask_for_keys()
    time.sleep(3)
    link(device, True)
    assert within(SOON, device.fetched) == "OK"
    link(device, False)
    time.sleep(1)
    assert within(13, device.fetch) == "FETCH_UNREACHABLE"
    link(device, True)
    assert within(SOON, device.fetch) == "OK"


def test_a_fetch_goes_on_when_the_cable_was_out_for_a_while(testbed):
    device = testbed.device()

    def pull(channel):
        data = answer(testbed.keys)
        testbed.obey()
        channel.sendall(data[:200])
        time.sleep(0.3)
        link(device, False)
        channel.sendall(data[200:])
        threading.Timer(2, link, (device, True)).start()
        time.sleep(2)
        ScriptedIssuer.send(channel, b"")
    testbed.issuer.script = pull
    with device:
        device.ready()
        assert within(2 + AGAIN, device.fetched) == "OK"
        assert testbed.ask(device, GOOD) == (200, "OK")
        nothing_is_left(device, 5)


# ---- In a client's connection.

def test_an_open_connection_goes_on_when_the_cable_was_out_for_a_while(testbed, device):
    with testbed.connect(device, 30) as client:
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


def test_connections_that_end_while_the_cable_is_out_leave_nothing_in_use(testbed, device):
    clients = [testbed.connect(device) for _ in range(3)]
    for number, client in enumerate(clients):
        # Idle, in a header, and with an answer on its way.
        client.send([request("/health"), b"GET /health HTTP/1.1\r\nX: ", request("/api/foia", GOOD) * 3][number])
    assert clients[0].answer().status == 200
    link(device, False)
    for client in clients:
        client.socket.close()
    time.sleep(1.5)
    link(device, True)
    assert within(AGAIN, testbed.ask, device, GOOD) == (200, "OK")
    # Who is not heard of any more has his slot for half a minute, unless another one wants it.
    nothing_is_left(device, 45)


def test_a_cable_that_is_pulled_and_plugged_in_again_and_again_leaves_a_device_that_serves(testbed, device):
    for pause in (0.01, 0.1, 0.4, 0.6, 1.1) * 2:
        link(device, False)
        time.sleep(pause)
        link(device, True)
        time.sleep(pause)
    assert within(AGAIN, testbed.ask, device, GOOD) == (200, "OK")
    assert within(AGAIN, device.fetch) == "OK"
    nothing_is_left(device, 5)
