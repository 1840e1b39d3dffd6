# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU under load for --seconds (10), good and hostile; and what its gate costs.

The images are those of the flavours `load` and `load+nogate` (tests/variants.mk): one subject may ask as often as it
can, so that each answer is known beforehand; the budget of signatures is the usual one, of which fresh tokens get their
share; nothing is printed about responses.
"""
import contextlib
import statistics
import threading
import time

import pace
import settings
from clients import Ask, Fresh, Hostile, Log, OneEach, Steady
from https_client import request
from testbed import Testbed, token_of

SECONDS = settings.seconds or 10

# The usual budget of signature checks: a burst, and then one a second.
BURST = 8

# Seconds until a spent budget has room for one signature again: a grant gives back what it takes.
REFILL = 2

# Seconds until there is room for who was forgotten, at an address that has just spent its own share.
FORGOTTEN = 20

# Hostile clients at the same time.
HOSTILE = 3

# What an idle device keeps nothing of: the arena except for the device's own certificate and key (owner 0), and frames.
NOTHING_KEPT = ("arena 1", "arena 2", "arena 3", "arena 4", "slots", "TCP_PCB", "TCP_SEG", "PBUF", "PBUF_POOL", "POOL_640", "POOL_1568")

# Pairs of rounds for the ratio of rates, seconds of a round, connections.
PAIRS, ROUND, CONNECTIONS = 10, 0.4, 3

# Of a known token, on connections that stay open: requests that are counted, how many instructions a request may take for
# each that it takes without the gate, by TLS's cipher, and what was wanted: 0.78 and 0.86 of the requests without a gate. The
# gate's slots keep the text of tokens, and SHA-256, of which each grant's record takes two blocks, is ward's.
COUNTED, ROUNDS, MOST = 40, 6, {"ECDHE-ECDSA-CHACHA20-POLY1305": 1.24, "ECDHE-ECDSA-AES128-GCM-SHA256": 1.14}
WANTED = {"ECDHE-ECDSA-CHACHA20-POLY1305": 0.78, "ECDHE-ECDSA-AES128-GCM-SHA256": 0.86}


class LoadTestbed(Testbed):
    """With a second image, without a gate."""

    def build(self, *words, **variables):
        self.without_gate = super().build(variant=f"{self.board}+load+nogate")
        return super().build(*words, **variables)


TESTBED = LoadTestbed("load", variant=f"{settings.board}+load")


def kept(report):
    """What a report says of memory that is in use. A connection that was closed is remembered for two minutes: lwIP's,
    not ours."""
    pools = {line["name"]: int(line["used"]) for line in report["pool"]}
    pools["TCP_PCB"] -= int(report["connections"][0]["closed"])
    arena = {f"arena {line['owner']}": int(line["used"]) for line in report["arena"][1:]}
    return arena | pools | {"slots": int(report["server"][0]["used"])}


def idle(device, expected=None, seconds=45):
    """A report in which no slot is used and memory is as expected: what lingers has its time."""
    end = time.monotonic() + pace.seconds(seconds)
    while True:
        report = device.report()
        found = kept(report)
        if found["slots"] == 0 and report["connections"][0]["open"] == "0" and expected in (None, found):
            return report
        assert time.monotonic() < end, f"still in use: {found}, {report['connections'][0]}, expected {expected}"
        time.sleep(0.5)


def high_water(report):
    stack, arena, server = report["stack"][0], report["arena"][0], report["server"][0]
    print(f"## most of the stack {stack['peak']} of {stack['size']} bytes, of the arena {arena['peak']} of {arena['size']}, refused "
          f"{arena['refusals']} times")
    print("## arena by owner: " + ", ".join(f"{line['owner']}: {line['peak']}" for line in report["arena"][1:]))
    print("## pools: " + ", ".join(f"{line['name']} {line['peak']} of {line['size']}" + (
        f" (refused {line['refusals']} times)" if line["refusals"] != "0" else "") for line in report["pool"]))
    print("## server: " + ", ".join(f"{name} {value}" for name, value in server.items()))


# ---- Load.

HOT = [f"load|{name}" for name in ("one", "two", "three")]
COLD, FORGED = "fresh, signed by the right key", "fresh, signed wrongly"


def mix_of(subject):
    """What a good client asks, most of it with a token that is known."""
    hot = token_of(subject, scope="read:foia")
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
            Ask("no method", b"\0\1\2\3\r\n\r\n", {501}),
            Ask("HTTP/3.7", b"GET / HTTP/3.7\r\n\r\n", {505})]


def fresh(number, subject):
    """A good token and three with a wrong signature in turn."""
    good = token_of(subject, scope="read:foia", jti=str(number))
    if number % 4 == 1:
        return Ask(COLD, request("/api/foia", good), {200, 429}, subject)
    return Ask(FORGED, request("/api/foia", good[:-8] + "AAAAAAAA"), {401, 429})


def of_many(number):
    """Each good one of a subject of its own: the gate forgets the tokens that nobody used for long."""
    return fresh(number, f"fresh|{number}")


def of_one(number):
    """All of one subject, of which the gate knows two tokens at most: it forgets no others for them, however seldom
    they are used."""
    return fresh(number, "fresh")


def known_tokens_are_granted(words, log, mixes):
    client = Steady(*words, log, 0, mix=[])
    client.asks([mix[0] for mix in mixes])
    client.close()


def is_granted_again(words, log, known):
    """Whoever did not ask for long may be forgotten among many others, and is granted once the budget has room for a
    signature, which those at the same address share."""
    client, ask, end = Steady(*words, log, 0, mix=[]), Ask("forgotten token", known.data, {200, 429}, known.subject), time.monotonic() + FORGOTTEN
    while not log.answers["forgotten token", 200]:
        assert time.monotonic() < end, f"no room for a signature in {FORGOTTEN} s"
        client.ask(ask)
        time.sleep(1)
    client.close()


def check_budget(log, seconds, crowd, crowded):
    """Signatures were checked as often as the budget allows, and neither more often nor never. What a grant takes it
    gives back."""
    assert log.answers[COLD, 200] > 0 and log.answers[FORGED, 401] > 0 and log.answers[FORGED, 429] > 0
    for name, found, time_of in (("alone", log, seconds), ("crowded", crowd, crowded)):
        print(f"## {name}: signatures checked: {found.answers[COLD, 200]} good, {found.answers[FORGED, 401]} wrong of at most "
              f"{BURST + time_of + 2:.0f}; over the budget {found.answers[COLD, 429] + found.answers[FORGED, 429]}")
        assert found.answers[FORGED, 401] <= BURST + time_of + 2, (name, found.answers[FORGED, 401], time_of)


def print_log(what, log, seconds):
    print(f"## {what}: {sum(log.answers.values())} answers in {seconds:.0f} s, all of them right: " + ", ".join(
        f"{number} {status}" for status, number in sorted(statuses(log).items())))
    print("## besides: " + ", ".join(f"{name} {number}" for name, number in sorted(log.events.items())))


def statuses(log):
    found = {}
    for (_, status), number in log.answers.items():
        found[status] = found.get(status, 0) + number
    return found


def run(clients, device, log, seconds):
    """Lets clients ask for so long while the device fetches its keys again and again; seconds that it took until they
    had ended."""
    began = time.monotonic()
    for client in clients:
        client.start()
    while time.monotonic() - began < seconds and not log.wrong:
        time.sleep(0.2)
        device.ask("!fetch", "asked ")
    for client in clients:
        client.ended.set()
    for client in clients:
        client.join(pace.seconds(60))
    assert not any(client.is_alive() for client in clients) and not log.wrong, log.wrong
    return time.monotonic() - began


def test_under_load_every_answer_is_right_and_nothing_leaks(testbed, device):
    mixes = [mix_of(subject) for subject in HOT]
    good, refused = mixes[0][0].data, refused_mix()
    log, words = Log(), (device.port, testbed.trust.pem)
    known_tokens_are_granted(words, log, mixes)
    before = kept(idle(device))
    assert not any(number for name, number in before.items() if name in NOTHING_KEPT), before
    seconds = run([Steady(*words, log, 1, mix=mixes[0]), Steady(*words, log, 2, mix=mixes[1]), Fresh(*words, log, 3, make=of_many)],
                  device, log, SECONDS / 4)
    print_log("as many clients as slots", log, seconds)
    assert sum(log.answers.values()) > 50 * seconds / pace.factor(), "connections do not stay open"
    time.sleep(REFILL)
    known_tokens_are_granted(words, log, mixes[:2])
    is_granted_again(words, log, mixes[2][0])
    crowd = Log()
    crowded = run([Steady(*words, crowd, 4, mix=mixes[0]), Steady(*words, crowd, 5, mix=mixes[1]), OneEach(*words, crowd, 6, mix=mixes[2]),
                   Fresh(*words, crowd, 7, make=of_one),
                   *[Hostile(*words, crowd, 8 + number, good=good, mix=refused) for number in range(HOSTILE)]],
                  device, crowd, 3 * SECONDS / 4)
    print_log("more clients than slots, some hostile", crowd, crowded)
    report = idle(device, before)
    check_budget(log, seconds, crowd, crowded)
    high_water(report)
    known_tokens_are_granted(words, log, mixes)
    idle(device, before)
    assert int(report["stack"][0]["peak"]) < int(report["stack"][0]["size"]) - 512
    assert device.quit() == 0


# ---- What the gate costs.

class Measured:
    """A device that is asked the same over and over on connections that stay open."""

    def __init__(self, testbed, device, data, connections):
        self.testbed, self.device, self.data = testbed, device, data
        device.ready()
        device.first_fetch()
        self.connections = [testbed.connect(device) for _ in range(connections)]
        self.length = [len(self.ask(connection).body) for connection in self.connections][0]

    def ask(self, connection):
        connection.send(self.data)
        answer = connection.answer()
        assert answer is not None and answer.status == 200, answer
        return answer

    def _client(self, connection, end, counts):
        while time.monotonic() < end:
            self.ask(connection)
            counts.append(1)

    def rate(self, seconds):
        """Requests a second."""
        counts, began = [], time.monotonic()
        threads = [threading.Thread(target=self._client, args=(connection, began + seconds, counts)) for connection in self.connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert counts
        return len(counts) / (time.monotonic() - began)

    def _work(self):
        """Instructions until now, and turns of the loop."""
        report = self.device.report()
        work = {name: int(value) for name, value in report["work"][0].items()}
        ticks = work["millions_of_ticks"] * 10**6 + work["ticks"]
        return ticks * work["hundredths_of_instructions_a_tick"] // 100, int(report["longest"][0]["turns"])

    def _worked(self, what):
        """Instructions and turns that this took, a report besides."""
        before = self._work()
        what()
        return [after - then for after, then in zip(self._work(), before)]

    def rounds(self, suite, requests):
        """Instructions and turns of several rounds of so many requests. With -icount."""
        with self.testbed.connect(self.device, suite=suite) as connection:
            self.ask(connection)
            return [self._worked(lambda: [self.ask(connection) for _ in range(requests)]) for _ in range(ROUNDS)]

    def report_and_turn(self):
        """Instructions and turns of a report, and the instructions of a turn that finds nothing to do."""
        reports = [self._worked(lambda: None) for _ in range(ROUNDS)]
        work, turns = self._worked(lambda: time.sleep(0.5))
        least = min(reports)
        return least, (work - least[0]) / (turns - least[1])

    def end(self):
        for connection in self.connections:
            connection.socket.close()
        assert self.device.quit() == 0


@contextlib.contextmanager
def pair(testbed, data, connections, **options):
    """The same server with its gate and without."""
    with testbed.device("gate", **options) as gate, testbed.device("none", testbed.without_gate, **options) as none:
        found = [Measured(testbed, device, data, connections) for device in (gate, none)]
        assert found[0].length == found[1].length, [one.length for one in found]
        yield found
        for one in found:
            one.end()


def instructions(devices, suite, requests):
    """Of each device, those of a request. One that waits for this machine wakes each millisecond to find nothing, more often where the
    machine is busy; so what is above the fewest turns that any round of either took is left out."""
    rounds = [device.rounds(suite, requests) for device in devices]
    fewest = min(turns for found in rounds for _, turns in found)
    for device, found in zip(devices, rounds):
        report, turn = device.report_and_turn()
        yield min(work - turn * (turns - fewest) - report[0] for work, turns in found) / requests


def test_a_known_token_costs_less_than_its_own_transport(testbed):
    known = token_of("load|measured", scope="read:foia")
    data = request("/api/foia", known)
    with pair(testbed, data, 1, options=("-icount", "shift=0")) as (gate, none):
        for suite, most in MOST.items():
            counted, without = instructions((gate, none), suite, COUNTED)
            print(f"## a request of {len(data)} bytes with a known token of {len(known)}, {suite}: {counted:,.0f} instructions, {without:,.0f} of "
                  f"them without the gate: ratio {without / counted:.3f} (goal {WANTED[suite]})")
            assert counted < most * without and WANTED[suite] < without / counted, (suite, counted, without)


def test_requests_a_second_with_a_gate_and_without_are_printed(testbed):
    with pair(testbed, request("/api/foia", token_of("load|measured", scope="read:foia")), CONNECTIONS) as (gate, none):
        gate.rate(ROUND), none.rate(ROUND)
        rounds = []
        for number in range(PAIRS):
            first, second = (gate, none) if number % 2 == 0 else (none, gate)
            rates = {first: first.rate(ROUND)}
            rates[second] = second.rate(ROUND)
            rounds.append((rates[gate], rates[none]))
    ratio = statistics.median(with_gate / without for with_gate, without in rounds)
    print(f"## {CONNECTIONS} open connections, a known token: {statistics.median(r[0] for r in rounds):.0f} requests a second, "
          f"{statistics.median(r[1] for r in rounds):.0f} without the gate: ratio {ratio:.3f}")
