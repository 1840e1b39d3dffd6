# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU while strangers want its slots, its memory or its time, each kind of them for --seconds
(3): honest clients are answered, and keys are fetched.

The strangers come from one address that an honest client shares, as behind a NAT, and from as many as the device has
slots. All of it runs on the loopback of a network namespace of its own.
"""
import collections
import socket
import threading
import time

import namespace
import pace
import pytest
import settings
import strangers
from clients import VERSIONS
from https_client import request
from testbed import Testbed, token_of

SLOTS = 3
SECONDS = settings.seconds or 3
TESTBED = Testbed("hostile", variant=f"{settings.board}+load")
pytestmark = pytest.mark.addresses(SLOTS + 2)

# What holds: this part of the honest requests is answered within so many seconds, all of them in twice as many; a fetch
# ends in a third of its time.
PART, SOON, FETCH = 0.95, 5, 10

# Strangers of an address, by how many addresses they have; more than can be borne, and the seconds in which a request
# is answered then.
OF_ONE, OF_EACH, MANY, BOUND = 5, 2, 15, 30

# Bytes of the arena that a session has only with a record of 16 KB on its way.
LONG = 20000

SHARED, *OTHERS, ALONE = namespace.addresses(SLOTS + 2)
GOOD = token_of("hostile|honest")


@pytest.fixture(scope="module")
def shared(standing):
    """The device that has just served all cases before: what one kind leaves the next one finds. Another one if a case
    has failed."""
    found = SharedDevice(standing(TESTBED))
    yield found
    found.end()


class SharedDevice:
    def __init__(self, testbed):
        self.testbed, self.device = testbed, None

    def get(self):
        if self.device is None or self.device.process.poll() is not None:
            self.testbed.reset()
            self.device = self.testbed.device(listen="0.0.0.0").__enter__()
            self.device.ready()
            self.device.first_fetch()
        return self.device

    def end(self):
        if self.device is not None:
            self.device.__exit__()
        self.device = None


@pytest.fixture
def testbed(standing):
    return standing(TESTBED)


@pytest.fixture
def device(request, testbed, shared):
    """The shared one; its issuer is as it should be, and nothing is left unread of its console."""
    testbed.obey()
    device = shared.get()
    device.report()
    yield device
    if getattr(request.node, "ward_failed", False):
        shared.end()


class Honest(threading.Thread):
    """A request with a good token on a connection of its own, again and again: the seconds until each has its answer,
    how often it was tried."""

    def __init__(self, testbed, device, source):
        super().__init__(daemon=True)
        self.testbed, self.device, self.source = testbed, device, source
        self.ended, self.seconds, self.tries, self.trouble = threading.Event(), [], 0, collections.Counter()

    def run(self):
        while not self.ended.is_set():
            began = time.monotonic()
            while not self.answered() and time.monotonic() - began < pace.seconds(6 * SOON):
                self.ended.wait(0.1)
                if self.ended.is_set() and time.monotonic() - began < pace.seconds(SOON):
                    return
            self.seconds.append(time.monotonic() - began)
            self.ended.wait(0.1)

    def answered(self):
        self.tries += 1
        try:
            version = VERSIONS[self.tries % 2]
            with self.testbed.connect(self.device, 6 * SOON, version=version, source=self.source) as connection:
                got = connection.ask(request("/api/foia", GOOD))
                assert got is None or got.status == 200, got
                return got is not None
        except (OSError, AssertionError) as trouble:
            self.trouble[f"{type(trouble).__name__} {trouble}"[:60]] += 1
            return False


class Result:
    """What honest clients saw, and the fetches meanwhile."""

    def __init__(self, honest, fetches, strangers_connections, report):
        self.seconds = sorted(second for client in honest for second in client.seconds)
        self.tries, self.fetches, self.report = sum(client.tries for client in honest), fetches, report
        self.trouble = sum((client.trouble for client in honest), collections.Counter())
        self.connections = strangers_connections

    def soon(self):
        return sum(second <= pace.seconds(SOON) for second in self.seconds) / len(self.seconds)

    def print(self, what):
        server = self.report["server"][0]
        names = ("turned_away", "gone", "evicted", "timed_out", "reclaimed", "refused")
        print(f"## {what}: {len(self.seconds)} honest requests, {100 * self.soon():.0f} % within {pace.seconds(SOON):.0f} s, median "
              f"{self.seconds[len(self.seconds) // 2]:.2f} s, longest {self.seconds[-1]:.2f} s, in {self.tries} tries; "
              f"{self.connections} connections of strangers; fetches "
              f"{', '.join(f'{reason} {second:.1f} s' for reason, second in self.fetches)}; "
              + ", ".join(f"{name} {server[name]}" for name in names))
        print("# pools: " + ", ".join(f"{pool['name']} {pool['peak']} of {pool['size']}, refused {pool['refusals']} times"
                                      for pool in self.report["pool"] if pool["refusals"] != "0"))
        for trouble, number in self.trouble.items():
            print(f"# {number} times {trouble}")


def fetches_meanwhile(device, end):
    """Fetches until then, at least one: reason and seconds of each."""
    found = []
    while not found or time.monotonic() < end:
        began = time.monotonic()
        found.append((device.fetch(), time.monotonic() - began))
        time.sleep(max(0, min(1, end - time.monotonic())))
    return found


def beside(testbed, device, members, honest_sources, seconds):
    """Honest clients beside strangers for so long."""
    honest = [Honest(testbed, device, source) for source in honest_sources]
    with strangers.Crowd(device.port, testbed.trust.pem, members) as crowd:
        time.sleep(1)
        for client in honest:
            client.start()
        fetches = fetches_meanwhile(device, time.monotonic() + seconds)
        for client in honest:
            client.ended.set()
        for client in honest:
            client.join(pace.seconds(40))
        report = device.report()
    return Result(honest, fetches, crowd.connections(), report)


def served(what, result):
    result.print(what)
    assert result.soon() >= PART and result.seconds[-1] <= pace.seconds(2 * SOON), (what, result.seconds)
    assert all(reason == "OK" and seconds <= pace.seconds(FETCH) for reason, seconds in result.fetches), (what, result.fetches)


# ---- Each kind.

each_kind = pytest.mark.parametrize("kind", strangers.KINDS, ids=lambda kind: kind.__name__)


@each_kind
def test_from_one_address(testbed, device, kind):
    served(f"{kind.__name__}, {OF_ONE} at one address with an honest one",
           beside(testbed, device, [(kind, SHARED)] * OF_ONE, [SHARED, ALONE], SECONDS))


@each_kind
def test_from_several_addresses(testbed, device, kind):
    served(f"{kind.__name__}, {OF_EACH} at each of {SLOTS} addresses",
           beside(testbed, device, [(kind, address) for address in OTHERS for _ in range(OF_EACH)], [ALONE, ALONE], SECONDS))


def refusals(report):
    return int(next(pool["refusals"] for pool in report["pool"] if pool["name"] == "PBUF_POOL"))


def test_nobody_has_all_buffers_who_has_a_slot_and_takes_no_answer(testbed, device):
    """As many as there are slots: none waits, so nobody hurries, and each fills the window that it has."""
    before = refusals(device.report())
    result = beside(testbed, device, [(strangers.NeverReads, SHARED)] * SLOTS, [SHARED, ALONE], SECONDS)
    served(f"NeverReads, {SLOTS} in all slots", result)
    assert refusals(result.report) == before


# ---- Many.

def test_thirty_silent_sockets(testbed, device):
    served("30 silent sockets at one address with an honest one",
           beside(testbed, device, [(strangers.Silent, SHARED)] * 30, [SHARED, ALONE], SECONDS))


def test_more_than_the_device_can_bear_has_a_measured_bound(testbed, device):
    for kind in (strangers.HalfHandshake, strangers.Halves, strangers.Reconnecting):
        result = beside(testbed, device, [(kind, SHARED)] * MANY, [SHARED, ALONE], SECONDS)
        result.print(f"{kind.__name__}, {MANY} at one address with an honest one")
        assert result.seconds[-1] <= pace.seconds(BOUND), result.seconds
        assert all(reason == "OK" and seconds <= pace.seconds(FETCH) for reason, seconds in result.fetches), result.fetches


# ---- A connection's time.

def until(true, seconds=10):
    end = time.monotonic() + pace.seconds(seconds)
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def connections(testbed, device, sources):
    return [testbed.connect(device, source=source) for source in sources]


def test_while_somebody_waits_an_answer_is_its_connections_last_and_says_so(testbed, device):
    clients = connections(testbed, device, [SHARED] * SLOTS)
    assert "connection" not in clients[0].ask(strangers.HEALTH).fields
    for client in clients:
        client.send(strangers.HEALTH[:-6])
    with socket.create_connection(("127.0.0.1", device.port), 10, (SHARED, 0)) as waiting:
        waiting.sendall(strangers.hello(testbed.trust.pem)[0])
        until(lambda: device.report()["server"][0]["waiting"] == "1", 2)
        clients[0].send(strangers.HEALTH[-6:] + strangers.HEALTH)
        got = clients[0].answer()
        assert got.status == 200 and got.fields["connection"] == "close" and clients[0].answer() is None, got
    for client in clients:
        client.socket.close()


def test_a_request_has_its_time_in_all_however_its_bytes_come(testbed, device):
    with connections(testbed, device, [SHARED])[0] as client:
        client.send(strangers.HEALTH + b"GET /health HTTP/1.1\r\nX: ")
        began = time.monotonic()
        assert client.answer().status == 200
        client.socket.settimeout(0.5)
        while time.monotonic() - began < pace.seconds(15):
            client.send(b"a")
            try:
                assert client.answer().status == 408
                break
            except TimeoutError:
                pass
        assert 8 < time.monotonic() - began < pace.seconds(14), time.monotonic() - began


# ---- The fetch's memory.

def arena(device):
    return [int(line["used"]) for line in device.report()["arena"][1:]]


def reclaimed(device):
    return int(device.report()["server"][0]["reclaimed"])


def test_a_fetch_gets_its_memory_back_while_nobody_waits_for_a_slot(testbed, device):
    before = reclaimed(device)
    members = [(strangers.Halves, SHARED), (strangers.Halves, SHARED), (strangers.LongRecords, SHARED)]
    with strangers.Crowd(device.port, testbed.trust.pem, members):
        until(lambda: max(arena(device)[2:]) > LONG)
        fetches = fetches_meanwhile(device, time.monotonic() + SECONDS)
    print(f"## fetches beside two halves and {LONG} bytes of the arena in a session: {fetches}, "
          f"{reclaimed(device) - before} sessions ended")
    assert all(reason == "OK" and seconds <= pace.seconds(FETCH) for reason, seconds in fetches), fetches
    assert reclaimed(device) > before


def test_an_issuer_that_does_not_answer_ends_nobodys_session(testbed, device):
    before, silence = reclaimed(device), threading.Event()
    with strangers.Crowd(device.port, testbed.trust.pem, [(strangers.LongRecords, SHARED)]) as crowd:
        until(lambda: max(arena(device)[2:]) > LONG)
        testbed.issuer.raw = lambda connection: silence.wait(4)
        device.ask_for_keys()
        time.sleep(3)
        assert crowd.connections() == 1 and reclaimed(device) == before
        testbed.issuer.raw = None
        silence.set()
        device.fetched()


def test_a_forged_kid_ends_nobodys_session(testbed, device):
    forged = token_of("hostile|forged", kid="nobody's")
    clients = connections(testbed, device, [SHARED, SHARED, ALONE])
    assert clients[0].ask(request("/api/foia", GOOD)).status == 200
    assert [client.ask(request("/health")).status for client in clients] == [200] * 3
    before = device.report()["server"][0]
    for _ in range(3):
        clients[1].ask(request("/api/foia", forged))
        time.sleep(1.2)
    assert [client.ask(request("/health")).status for client in clients] == [200] * 3
    after = device.report()["server"][0]
    for name in ("accepted", "evicted", "reclaimed", "timed_out"):
        assert after[name] == before[name], (name, before, after)
    for client in clients:
        client.socket.close()
