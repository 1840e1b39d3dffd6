#!/usr/bin/env python3
"""test_hostile.py [SECONDS [KIND...]]: the networked device in QEMU while strangers want its slots, its memory or its time, each kind of them
for SECONDS: honest clients are answered, and keys are fetched.

The strangers come from one address that an honest client shares, as behind a NAT, and from as many as the device has slots. All of it runs on
the loopback of a network namespace of its own.
"""
import collections
import os
import pathlib
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import namespace  # noqa: E402

SLOTS = 3
if __name__ == "__main__":
    namespace.enter(SLOTS + 2)

import tap  # noqa: E402
import strangers  # noqa: E402
from clients import VERSIONS  # noqa: E402
from https_client import Connection, request  # noqa: E402
from world import World, fetch, ready, token_of  # noqa: E402

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
BOARD = os.environ.get("BOARD", "mps2-an385")

# What holds: this part of the honest requests is answered within so many seconds, all of them in twice as many; a fetch ends in a third of
# its time.
PART, SOON, FETCH = 0.95, 5, 10

# Strangers of an address, by how many addresses they have.
OF_ONE, OF_EACH = 5, 2

SHARED, *OTHERS, ALONE = namespace.addresses(SLOTS + 2)
GOOD = token_of("hostile|honest")


class Honest(threading.Thread):
    """A request with a good token on a connection of its own, again and again: the seconds until each has its answer, how often it was tried."""

    def __init__(self, port, source, number):
        super().__init__(daemon=True)
        self.port, self.source, self.number = port, source, number
        self.ended, self.seconds, self.tries, self.trouble = threading.Event(), [], 0, collections.Counter()

    def run(self):
        while not self.ended.is_set():
            began = time.monotonic()
            while not self.answered() and time.monotonic() - began < 6 * SOON:
                self.ended.wait(0.1)
                if self.ended.is_set() and time.monotonic() - began < SOON:
                    return
            self.seconds.append(time.monotonic() - began)
            self.ended.wait(0.1)

    def answered(self):
        self.tries += 1
        try:
            with Connection(self.port, world.trust.pem, VERSIONS[self.tries % 2], 6 * SOON, source=self.source) as connection:
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
        return sum(second <= SOON for second in self.seconds) / len(self.seconds)

    def print(self, what):
        server = self.report["server"][0]
        print(f"## {what}: {len(self.seconds)} honest requests, {100 * self.soon():.0f} % within {SOON} s, median "
              f"{self.seconds[len(self.seconds) // 2]:.2f} s, longest {self.seconds[-1]:.2f} s, in {self.tries} tries; {self.connections} connections of "
              f"strangers; fetches {', '.join(f'{reason} {second:.1f} s' for reason, second in self.fetches)}; " + ", ".join(
                  f"{name} {server[name]}" for name in ("turned_away", "gone", "evicted", "timed_out", "reclaimed", "refused")))
        for trouble, number in self.trouble.items():
            print(f"# {number} times {trouble}")


def fetches_meanwhile(device, end):
    """Fetches until then, at least one: reason and seconds of each."""
    found = []
    while not found or time.monotonic() < end:
        began = time.monotonic()
        found.append((fetch(device), time.monotonic() - began))
        time.sleep(max(0, min(1, end - time.monotonic())))
    return found


def beside(device, members, honest_sources, seconds):
    """Honest clients beside strangers for so long."""
    honest = [Honest(device.port, source, number) for number, source in enumerate(honest_sources)]
    with strangers.Crowd(device.port, world.trust.pem, members) as crowd:
        time.sleep(1)
        for client in honest:
            client.start()
        fetches = fetches_meanwhile(device, time.monotonic() + seconds)
        for client in honest:
            client.ended.set()
        for client in honest:
            client.join(40)
        report = device.report()
    return Result(honest, fetches, crowd.connections(), report)


def served(what, result):
    result.print(what)
    assert result.soon() >= PART and result.seconds[-1] <= 2 * SOON, (what, result.seconds)
    assert all(reason == "OK" and seconds <= FETCH for reason, seconds in result.fetches), (what, result.fetches)


def one_address(kind):
    with device_of("one") as device:
        served(f"{kind.__name__}, {OF_ONE} at one address with an honest one",
               beside(device, [(kind, SHARED)] * OF_ONE, [SHARED, ALONE], SECONDS))


def several_addresses(kind):
    with device_of("several") as device:
        served(f"{kind.__name__}, {OF_EACH} at each of {SLOTS} addresses",
               beside(device, [(kind, address) for address in OTHERS for _ in range(OF_EACH)], [ALONE], SECONDS))


world = None


def device_of(_):
    return shared


class Shared:
    """The one device of all cases: what one kind leaves the next one finds."""

    def __init__(self):
        self.device = world.device("flash", listen="0.0.0.0").__enter__()
        ready(self.device)
        assert fetch(self.device) == "OK"

    def __enter__(self):
        return self.device

    def __exit__(self, *_):
        pass


def case(run, kind):
    def test():
        run(kind)
    test.__name__ = f"test_{kind.__name__}_{run.__name__}"
    return test


def thirty_silent_sockets(device):
    served("30 silent sockets at one address with an honest one", beside(device, [(strangers.Silent, SHARED)] * 30, [SHARED, ALONE], SECONDS))


def main():
    global world, shared
    world = World("hostile", BOARD, variant=f"{BOARD}+load")
    shared = Shared()
    kinds = [kind for kind in strangers.KINDS if not sys.argv[2:] or kind.__name__ in sys.argv[2:]]
    code = tap.run([case(run, kind) for run in (one_address, several_addresses) for kind in kinds], "hostile: ")
    shared.device.__exit__()
    return code


if __name__ == "__main__":
    sys.exit(main())
