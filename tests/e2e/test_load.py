#!/usr/bin/env python3
"""test_load.py [SECONDS]: the networked device in QEMU under load, good and hostile; and what its gate costs.

The images are those of the flavours `load` and `load+nogate` (tests/variants.mk): one subject may ask as often as it can, so that each
answer is known beforehand; the budget of signatures is the usual one, of which fresh tokens get their share; nothing is printed about responses.
"""
import atexit
import os
import pathlib
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from clients import Ask, Fresh, Hostile, Log, OneEach, Steady  # noqa: E402
from https_client import Connection, request  # noqa: E402
from network import Authority, NetworkDevice, build  # noqa: E402
from scripted import ScriptedIssuer, answer  # noqa: E402
from tokens import jwks, payload, token  # noqa: E402

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
BOARD = os.environ.get("BOARD", "mps2-an385")
NOW = int(time.time())
KEYS = jwks("a", "b").encode()

# The usual budget of signature checks: a burst, and then one a second.
BURST = 8

# Pairs of rounds for the ratio, seconds of a round, connections, and what it is never below. The goal is 0.95 and is not reached: TLS, TCP and
# HTTP take some 170,000 instructions for such a request, the gate 72,000 (tests/qemu/hit.py), and the SHA-256 of the token alone 31,000.
PAIRS, ROUND, CONNECTIONS, LEAST = 8, 0.5, 3, 0.55


def token_of(subject, key="a", **changes):
    return token(payload(iat=NOW - 60, exp=NOW + 7200, sub=subject, scope="read:foia", **changes), key=key)


class World:
    """Authorities, an issuer and the two images, made once."""

    def __init__(self):
        self.files = tempfile.TemporaryDirectory(prefix="ward-load-")
        self.folder = pathlib.Path(self.files.name)
        issuers, self.trust = Authority(self.folder, "authority"), Authority(self.folder, "device-authority")
        certificate, key = self.trust.issue("device", "DNS:localhost,IP:127.0.0.1")
        self.issuer = ScriptedIssuer(issuers.issue("issuer", "IP:10.0.2.2"),
                                     lambda channel: ScriptedIssuer.send(channel, answer(KEYS, "Cache-Control: max-age=86400"))).__enter__()
        self.images = {flavour: build(ROOT / "build" / "e2e-load" / f"{BOARD}+{flavour}", f"{BOARD}+{flavour}", URL=self.issuer.url(),
                                      AUTHORITY=issuers.pem, CERTIFICATE=certificate, KEY=key, COOLDOWN=1, WARD_READY=1)
                       for flavour in ("load", "load+nogate")}
        atexit.register(self.end)

    def end(self):
        self.issuer.__exit__()
        self.files.cleanup()

    def boot(self, flavour):
        return NetworkDevice(self.images[flavour], self.folder / flavour, BOARD)


world = World()


def begin(device):
    """Waits until the device serves, with keys."""
    device.wait_for("READY")
    while True:
        found = device.ask("!fetch", "asked ")
        if "KEY_AWAITED" in found[-1]:
            break
        time.sleep(0.3)
    assert "reason=OK" in device.wait_for("FETCH ", 45)


def idle(device, seconds=45):
    """A report in which no slot is used."""
    end = time.monotonic() + seconds
    while True:
        report = device.report()
        if report["server"][0]["used"] == "0":
            return report
        assert time.monotonic() < end, f"a slot is still in use: {report['server'][0]}"
        time.sleep(0.5)


def kept(report):
    """What a report says of memory that is in use. A connection that has closed is remembered for two minutes: lwIP's, not ours."""
    arena = {f"arena {line['owner']}": int(line["used"]) for line in report["arena"][1:]}
    return arena | {line["name"]: int(line["used"]) for line in report["pool"] if line["name"] != "TCP_PCB"}


def high_water(report):
    stack, arena, server = report["stack"][0], report["arena"][0], report["server"][0]
    print(f"## most of the stack {stack['peak']} of {stack['size']} bytes, of the arena {arena['peak']} of {arena['size']}, refused "
          f"{arena['refusals']} times")
    print("## arena by owner: " + ", ".join(f"{line['owner']}: {line['peak']}" for line in report["arena"][1:]))
    print("## pools: " + ", ".join(f"{line['name']} {line['peak']} of {line['size']}" for line in report["pool"]))
    print("## server: " + ", ".join(f"{name} {value}" for name, value in server.items()))


# ---- Load.

HOT = [f"load|{name}" for name in ("one", "two", "three")]
COLD = "fresh, signed by the right key"


def mix_of(subject):
    """What a good client asks, most of it with a token that is known."""
    hot = token_of(subject)
    known = Ask("known token", request("/api/foia", hot), {200}, subject)
    return [known] * 12 + [
        Ask("no token", request("/api/foia"), {401}),
        Ask("no token at all", request("/api/foia", "a.b.c"), {401}),
        Ask("another scope", request("/api/foia", hot, "POST", body="{}"), {403}),
        Ask("no such path", request("/nowhere", hot), {404}),
        Ask("no such method", request("/api/latex", hot, "PATCH"), {405}),
        Ask("public", request("/health"), {200})]


def refused_mix():
    long = [f"X-{number}: {'a' * 900}" for number in range(10)]
    return [Ask("headers of 9 KB", request("/health", None, "GET", *long), {431}),
            Ask("a token of 5 KB", request("/api/foia", "a" * 5000), {431}),
            Ask("a target of 2 KB", request(f"/{'a' * 2000}"), {414}),
            Ask("a body of 60 KB", request("/api/chat", None, "POST", body="a" * 60000), {413}),
            Ask("a space before the colon", b"GET /health HTTP/1.1\r\nX : y\r\n\r\n", {400}),
            Ask("no HTTP", b"\0\1\2\3\r\n\r\n", {400, 501}),
            Ask("HTTP/3.7", b"GET / HTTP/3.7\r\n\r\n", {505})]


def fresh(number):
    """A good token and three with a wrong signature in turn; a subject each."""
    good = token_of(f"fresh|{number}")
    if number % 4 == 1:
        return Ask(COLD, request("/api/foia", good), {200, 429}, f"fresh|{number}")
    return Ask("fresh, signed wrongly", request("/api/foia", good[:-8] + "AAAAAAAA"), {401, 429})


def check_budget(log, seconds):
    """A good signature gives back what its check took from the budget: the wrong ones are as many as it allows."""
    good, wrong = log.answers[COLD, 200], log.answers["fresh, signed wrongly", 401]
    print(f"## signatures checked: {good} good, {wrong} wrong of at most {BURST + seconds + 2:.0f}; over the budget "
          f"{log.answers[COLD, 429] + log.answers['fresh, signed wrongly', 429]}")
    assert good > 0 and 0 < wrong <= BURST + seconds + 2


def print_log(log, seconds):
    count = sum(log.answers.values())
    print(f"## {count} answers in {seconds:.0f} s, all of them right: " + ", ".join(
        f"{number} {status}" for status, number in sorted(statuses(log).items())))
    print("## besides: " + ", ".join(f"{name} {number}" for name, number in sorted(log.events.items())))


def statuses(log):
    found = {}
    for (_, status), number in log.answers.items():
        found[status] = found.get(status, 0) + number
    return found


def test_under_load_every_answer_is_right_and_nothing_leaks():
    log = Log()
    with world.boot("load") as device:
        begin(device)
        mixes = [mix_of(subject) for subject in HOT]
        words = device.port, world.trust.pem, log
        good = mixes[0][0].data
        Steady(*words, 0, mix=[]).asks([mix[0] for mix in mixes])
        before = kept(idle(device))
        clients = [Steady(*words, 1, mix=mixes[0] + mixes[1]), OneEach(*words, 3, mix=mixes[2]),
                   Fresh(*words, 4, make=fresh), Hostile(*words, 5, good=good, mix=refused_mix())]
        began = time.monotonic()
        for client in clients:
            client.start()
        while time.monotonic() - began < SECONDS and not log.wrong:
            time.sleep(0.2)
            device.ask("!fetch", "asked ")
        for client in clients:
            client.ended.set()
        for client in clients:
            client.join(60)
        seconds = time.monotonic() - began
        assert not any(client.is_alive() for client in clients) and not log.wrong, log.wrong
        report = idle(device)
        assert kept(report) == before, (before, kept(report))
        after = Steady(*words, 6, mix=[])
        after.asks([mix[0] for mix in mixes])
        after.close()
        assert int(report["stack"][0]["peak"]) < int(report["stack"][0]["size"]) - 512
        check_budget(log, seconds)
        print_log(log, seconds)
        high_water(report)
        assert device.quit() == 0


# ---- What the gate costs.

class Measured:
    """A device that is asked the same over and over on connections that stay open."""

    def __init__(self, flavour, data):
        self.device, self.data = world.boot(flavour).__enter__(), data
        begin(self.device)
        self.connections = [Connection(self.device.port, world.trust.pem) for _ in range(CONNECTIONS)]
        self.length = len(self.ask(self.connections[0]).body)
        self.count = self.computed = 0

    def ask(self, connection):
        connection.send(self.data)
        answer = connection.answer()
        assert answer is not None and answer.status == 200, answer
        return answer

    def processor_time(self):
        """Seconds that QEMU's threads have run: what others do on this machine is not in it."""
        tasks = pathlib.Path(f"/proc/{self.device.process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    def _client(self, connection, end, counts):
        while time.monotonic() < end:
            self.ask(connection)
            counts.append(1)

    def round(self, seconds):
        """Requests a second."""
        counts, before, began = [], self.processor_time(), time.monotonic()
        threads = [threading.Thread(target=self._client, args=(connection, began + seconds, counts)) for connection in self.connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert counts
        self.count += len(counts)
        self.computed += self.processor_time() - before
        return len(counts) / (time.monotonic() - began)

    def end(self):
        for connection in self.connections:
            connection.socket.close()
        assert self.device.quit() == 0
        self.device.__exit__()


def test_a_known_token_costs_little_beside_tls():
    known = token_of("load|measured")
    gate, none = (Measured(flavour, request("/api/foia", known)) for flavour in ("load", "load+nogate"))
    assert gate.length == none.length, (gate.length, none.length)
    gate.round(ROUND), none.round(ROUND)
    gate.count = gate.computed = none.count = none.computed = 0
    rounds = []
    for pair in range(PAIRS):
        first, second = (gate, none) if pair % 2 == 0 else (none, gate)
        rates = {first: first.round(ROUND)}
        rates[second] = second.round(ROUND)
        rounds.append((rates[gate], rates[none]))
    gate.end(), none.end()
    ratio = statistics.median(with_gate / without for with_gate, without in rounds)
    computed = (none.computed / none.count) / (gate.computed / gate.count)
    print(f"## a known token of {len(known)} bytes on {CONNECTIONS} open connections: {statistics.median(r[0] for r in rounds):.0f} requests "
          f"a second, {statistics.median(r[1] for r in rounds):.0f} without the gate: ratio {ratio:.2f} (goal 0.95, fails below {LEAST})")
    print(f"## by the time that QEMU computes for a request: {gate.computed / gate.count * 1e6:.0f} us and {none.computed / none.count * 1e6:.0f} "
          f"us without: ratio {computed:.3f}")
    assert max(ratio, computed) >= LEAST, rounds


if __name__ == "__main__":
    tap.main(__name__, "load: ")
