# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU: it fetches its issuer's keys over HTTPS, keeps them on flash and serves over TLS."""
import json
import os
import re
import socket
import ssl
import subprocess
import time

import pace
from causes import causes, only
from certificates import Authority
from https_client import Connection, request
from network import HOST
from scripted import answer, chunked, cut, slowly
from testbed import NOW, ROOT, Testbed, token_of
from tokens import jwks

KEYS = jwks("a", "b").encode()
GOOD = token_of()


class NetworkTestbed(Testbed):
    """With a second authority, an old one, and a stranger."""

    def make_issuers(self):
        super().make_issuers()
        old = Authority(self.folder, "old-authority", "rsa:4096")
        self.trusted.append(old.pem)
        self.stranger = Authority(self.folder, "stranger")
        self.rsa = old.certificate("rsa", f"IP:{HOST}", key="rsa:4096")
        self.long = Authority(self.folder, "intermediate", "rsa:2048", parent=old).certificate("long", f"IP:{HOST}", key="rsa:2048")


TESTBED = NetworkTestbed("network")


def connect_plain(device):
    return Connection(device.port, None)


def status(testbed, device, *words, version=None):
    with testbed.connect(device, version=version) as client:
        return client.ask(request(*words)).status


# ---- Keys.

def test_the_keys_come_over_https_and_a_token_is_granted_over_tls(testbed):
    with testbed.device() as device:
        at = device.ready()
        assert at == {"address": "10.0.2.15", "port": "443", "boots": "1", "keys": "0"}, at
        assert status(testbed, device, "/api/foia", GOOD) == 503
        assert device.fetch() == "OK"
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with testbed.connect(device, version=version) as client:
                got = client.ask(request("/api/foia", GOOD))
                assert got.status == 200 and json.loads(got.body)["subject"] == "auth0|65f0c0ffee", got
        assert status(testbed, device, "/api/foia") == 401 and status(testbed, device, "/nowhere", GOOD) == 404
        done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "20", "--cacert", testbed.trust.pem, "--write-out", "%{http_code}",
                               "--header", f"Authorization: Bearer {GOOD}", "--output", "-", f"https://localhost:{device.port}/api/foia"],
                              check=True, capture_output=True, text=True)
        assert done.stdout.endswith("200"), done


def test_the_keys_survive_a_power_cut_and_a_dead_issuer(testbed):
    with testbed.device() as device:
        device.ready()
        # The record is stored as soon as the keys have changed.
        device.first_fetch()
    testbed.issuer.raw = lambda connection: None
    with testbed.device() as device:
        at = device.ready()
        assert at["boots"] == "2" and at["keys"] == "2", at
        assert status(testbed, device, "/api/foia", GOOD) == 200
        assert device.fetch() == "FETCH_CUT_OFF"
        assert status(testbed, device, "/api/foia", GOOD) == 200


def test_every_good_shape_of_an_answer_is_taken(testbed, device):
    long = KEYS[:-1] + b" " * 40000 + b"}"
    shapes = [("whole", answer(KEYS)), ("chunked", chunked(KEYS, 100)),
              ("to the end of the connection", answer(KEYS, length=False)), ("records of 16 KB", answer(long)),
              ("records of 16 KB in chunks of 20 KB", chunked(long, 20000))]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        testbed.issuer.versions = (version, version)
        for name, data in shapes:
            testbed.issuer.script = data
            assert device.fetch() == "OK", (version, name, testbed.issuer.seen[-3:])
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        testbed.issuer.versions = (version, version)
        testbed.issuer.script = slowly(answer(KEYS), 0, 7)
        assert device.fetch() == "OK", (version, "records of seven bytes", testbed.issuer.seen[-3:])


FAULTS = [
    ("closed before the answer", "FETCH_CUT_OFF", {"script": b""}),
    ("429", "FETCH_HTTP_STATUS", {"script": answer(b"", status="429 Too Many Requests")}),
    ("a redirect", "FETCH_HTTP_STATUS", {"script": answer(b"", "Location: https://10.0.2.2/", status="302 Found")}),
    ("cut off in the body", "FETCH_CUT_OFF", {"script": answer(KEYS)[:-9]}),
    ("cut off in a chunk", "FETCH_CUT_OFF", {"script": chunked(KEYS, 999)[:-3]}),
    ("an end that TLS does not confirm", "FETCH_CUT_OFF", {"script": cut(answer(KEYS, length=False))}),
    ("a body that is too long", "FETCH_TOO_LONG", {"script": answer(KEYS[:-1] + b" " * 70000 + b"}")}),
    ("headers that are too long", "FETCH_TOO_LONG", {"script": answer(KEYS, *[f"X: {'a' * 500}"] * 40)}),
    ("two lengths", "FETCH_PROTOCOL", {"script": answer(KEYS, "Content-Length: 7")}),
    ("no HTTP", "FETCH_PROTOCOL", {"script": b"SSH-2.0-OpenSSH_9.2\r\n\r\n"}),
]


def test_every_fault_of_an_answer_has_its_name_and_leaves_the_keys(testbed, device):
    for what, reason, changes in FAULTS:
        testbed.obey()
        for name, value in changes.items():
            setattr(testbed.issuer, name, value)
        got = device.fetch()
        assert got == reason, (what, got, testbed.issuer.seen[-3:])
        assert status(testbed, device, "/api/foia", GOOD) == 200, what
    testbed.obey()
    assert device.fetch() == "OK"
    assert {owner["used"] for owner in device.report()["arena"][2:3]} == {"0"}


def test_each_cause_has_one_reason_the_same_as_on_other_ports(testbed, device):
    # AES-256 and X25519 are of OpenSSL, and not of this port.
    own = [("AES-256 alone", "FETCH_NOTHING_SHARED", {"setup": only("ECDHE-ECDSA-AES256-GCM-SHA384")}, 0),
           ("X25519 alone", "FETCH_NOTHING_SHARED", {"setup": only(group="X25519", version=ssl.TLSVersion.TLSv1_3)}, 0),
           ("an authority's key of P-521", "FETCH_CERTIFICATE_UNREADABLE",
            {"chain": Authority(testbed.folder, "p521", "P-521", parent=testbed.authority).certificate("p521", "IP:10.0.2.2")}, 0)]
    wrong = []
    for what, reason, changes, http in causes(testbed.authority, testbed.stranger, HOST, KEYS) + own:
        testbed.obey()
        for name, value in changes.items():
            setattr(testbed.issuer, name, value)
        got = device.fetch_said()
        if got != {"reason": reason, "http": str(http)}:
            wrong.append((what, got, testbed.issuer.seen[-1:]))
    testbed.obey()
    with testbed.issuer.closed():
        assert device.fetch() == "FETCH_REFUSED"
    assert not wrong, wrong
    assert device.report()["arena"][0]["refusals"] == "0", "none of these is a matter of memory"
    assert device.fetch() == "OK" and status(testbed, device, "/api/foia", GOOD) == 200


def test_a_server_that_refuses_who_says_too_little_gives_the_keys(testbed, device):
    testbed.issuer.strict = True
    testbed.issuer.server_names.clear()
    assert device.fetch() == "OK", testbed.issuer.seen[-1:]
    assert b"\r\nUser-Agent: ward/" in testbed.issuer.requests[-1], testbed.issuer.requests[-1]
    assert set(testbed.issuer.server_names) == {None}, testbed.issuer.server_names


def test_hosts_that_cannot_be_reached_by_what_they_are_called_have_a_reason_of_their_own(testbed):
    for host, reason in (("[::1]", "FETCH_IPV6"), ("0x0a.0.2.2", "FETCH_URL"), ("10.514", "FETCH_URL"), ("10.0.2.02", "FETCH_URL"), ("issuer.invalid", "FETCH_NAME")):
        with testbed.device(image=testbed.build("e2e-host", URL=testbed.issuer.url(host))) as device:
            got = device.next_change(45)
            assert got == reason, (host, got)


def test_an_issuer_that_sends_and_never_ends_is_given_up_after_thirty_seconds(testbed, device):
    testbed.issuer.script = slowly(answer(KEYS), 1)
    began = time.monotonic()
    assert device.fetch() == "FETCH_TIMED_OUT"
    assert 25 < time.monotonic() - began < pace.seconds(40)
    assert status(testbed, device, "/api/foia", GOOD) == 200


def test_dates_of_a_certificate_are_judged_and_its_begin_only_by_a_clock_that_is_set(testbed):
    with testbed.device(rtc="2020-01-01") as device:
        device.ready()
        # The board's clock is before the time of build: the certificate is judged at that, which is after its begin,
        # and the answer is refused for telling no time.
        assert device.fetch() == "KEYS_UNDATED"
    with testbed.device(rtc="2037-01-01") as device:
        device.ready()
        assert device.fetch() == "FETCH_CERTIFICATE"
    with testbed.device(clock=False) as device:
        device.ready()
        assert device.fetch() == "KEYS_UNDATED"
        testbed.date = NOW
        assert device.fetch() == "OK"
        testbed.date = None


# ---- The server.

def test_connections_stay_open_and_requests_may_come_at_once(testbed, device):
    with testbed.connect(device) as client:
        for _ in range(3):
            assert client.ask(request("/api/foia", GOOD)).status == 200
        client.send(request("/health") * 5 + request("/api/foia", GOOD) + request("/nowhere"))
        assert [client.answer().status for _ in range(7)] == [200] * 6 + [404]
        assert client.ask(request("/health", None, "GET", "Connection: close")).status == 200
        assert client.answer() is None


def test_a_port_may_be_used_again_at_once(testbed, device):
    """By a NAT that has few of them, or a proxy: the device ended the connection before, and its wait for what may still
    come of that one is no peer's concern."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for _ in range(3):
        began = time.monotonic()
        with testbed.connect(device, source="127.0.0.1", port_of_source=port) as client:
            assert client.ask(request("/api/foia", GOOD, "GET", "Connection: close")).status == 200
            assert client.answer() is None
            # Whose end comes first waits: the device's, so that this machine's own wait is in no one's way.
            with socket.socket(fileno=os.dup(client.socket.fileno())) as raw:
                raw.settimeout(pace.seconds(5))
                assert raw.recv(1) == b""
        assert time.monotonic() - began < pace.seconds(4)
        # QEMU's network mixes up two connections of one name while the older one is ending.
        time.sleep(pace.seconds(0.5))


def test_what_is_too_long_or_wrong_is_refused_by_its_status(testbed, device):
    cases = [("a header of 4 KB", request("/health", None, "GET", f"X: {'a' * 4096}"), 200),
             ("a token of 4 KB", request("/api/foia", "a" * 4096), 401),
             ("headers of 9 KB", request("/health", None, "GET", *[f"X-{i}: {'a' * 900}" for i in range(10)]), 431),
             ("an Authorization of 5 KB", request("/health", "a" * 5000), 431),
             ("a target of 2 KB", request(f"/{'a' * 2000}"), 414),
             ("a body of 600 bytes", request("/api/chat", GOOD, "POST", body="a" * 600), 413),
             ("a body of 60 KB", request("/api/chat", GOOD, "POST", body="a" * 60000), 413),
             ("no HTTP", b"\r\nwhat is this\r\n\r\n", 400),
             ("HTTP/3.7", b"GET / HTTP/3.7\r\n\r\n", 505),
             ("a space before the colon", b"GET /health HTTP/1.1\r\nX : y\r\n\r\n", 400)]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        for what, data, code in cases:
            with testbed.connect(device, version=version) as client:
                got = client.ask(data)
                assert got.status in ((400, 501) if what == "no HTTP" else (code,)), (what, got)
                if code not in (200, 401):
                    assert client.answer() is None, what


def test_who_is_slow_or_silent_does_not_keep_others_waiting(testbed, device):
    silent = [connect_plain(device) for _ in range(3)]
    began = time.monotonic()
    assert status(testbed, device, "/health") == 200
    assert time.monotonic() - began < pace.seconds(5), "silent before TLS"
    for client in silent:
        client.socket.close()
    idle = [testbed.connect(device) for _ in range(3)]
    assert [client.ask(request("/health")).status for client in idle] == [200] * 3
    began = time.monotonic()
    assert status(testbed, device, "/health") == 200
    assert time.monotonic() - began < pace.seconds(2), "idle ones give way at once"
    for client in idle:
        client.socket.close()
    slow = [testbed.connect(device) for _ in range(3)]
    for client in slow:
        client.send(b"GET /health HTTP/1.1\r\nX: ")
    began = time.monotonic()
    assert status(testbed, device, "/health") == 200
    assert time.monotonic() - began < pace.seconds(5), "slow in a header"
    for client in slow:
        client.socket.close()
    assert int(device.report()["server"][0]["most"]) == 3


def test_clients_that_do_not_end_their_connections_do_not_keep_the_fetch_from_one(testbed, device):
    began = time.monotonic()
    ended = [testbed.connect(device) for _ in range(3)]
    while len(ended) < 16:
        client = ended[-3]
        assert client.ask(request("/health", None, "GET", "Connection: close")).status == 200 and client.answer() is None
        ended.append(testbed.connect(device))
    assert time.monotonic() - began < pace.seconds(10), "each new one takes the place of one that only closes"
    assert device.fetch() == "OK"
    for client in ended:
        client.socket.close()


def test_a_first_request_has_its_time_to_come_while_others_wait(testbed, device):
    silent = [connect_plain(device) for _ in range(2)]
    with testbed.connect(device) as client:
        silent.append(connect_plain(device))
        end = time.monotonic() + 10
        while device.report()["server"][0]["accepted"] != "4":
            assert time.monotonic() < end
        assert client.ask(request("/health")).status == 200
    for one in silent:
        one.socket.close()


def test_a_request_that_never_ends_is_answered_408_and_a_silent_connection_closed(testbed, device):
    with testbed.connect(device) as slow, testbed.connect(device) as idle:
        slow.send(b"GET /health HTTP/1.1\r\nX: ")
        began = time.monotonic()
        assert slow.answer().status == 408 and slow.answer() is None
        assert 8 < time.monotonic() - began < pace.seconds(14)
        idle.socket.settimeout(40)
        assert idle.answer() is None
        assert 25 < time.monotonic() - began < pace.seconds(35)


# ---- Where tokens come from (RFC 9728).

WELL_KNOWN = "/.well-known/oauth-protected-resource"


def told_by(testbed, device, host):
    """What a client learns that has no token and calls the device by this name: the metadata's URL, and the metadata."""
    with testbed.connect(device) as client:
        told = []
        for target in ("/api/foia", f"https://{host}/api/foia"):
            refused = client.ask(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert refused.status == 401, refused
            told.append(refused.fields["www-authenticate"])
        documents = []
        for target in (WELL_KNOWN, f"https://{host}{WELL_KNOWN}"):
            got = client.ask(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert got.status == 200 and got.fields["content-type"] == "application/json", got
            documents.append(json.loads(got.body))
        client.send(f"HEAD {WELL_KNOWN} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert client.answer(head=True).status == 200
        assert client.ask(request(WELL_KNOWN, None, "POST")).status == 405
    assert told[0] == told[1] and documents[0] == documents[1]
    return re.fullmatch(r'bearer realm="theholefoundation", resource_metadata="([^"]*)"', told[0])[1], documents[0]


def test_a_client_without_a_token_learns_where_tokens_come_from_whatever_it_calls_the_device(testbed):
    routes = (ROOT / "boards" / "app" / "theholefoundation.routes").read_text()
    scopes = list(dict.fromkeys(re.findall(r"[a-z]+:[a-z]+$", routes, re.M)))
    assert len(scopes) == 15
    for resource, issuer in (("https://api.theholefoundation.org", "https://dev-4fszoklachwdh46m.us.auth0.com/"),
                             ("https://localhost:8443", "https://issuer.example")):
        with testbed.device(image=testbed.build("e2e-metadata", RESOURCE=resource, ISSUER=issuer)) as device:
            device.ready()
            for host in ("device", "localhost", "evil.example", "evil.example:443", "[::1]"):
                assert told_by(testbed, device, host) == (resource + WELL_KNOWN, {
                    "resource": resource, "authorization_servers": [issuer], "scopes_supported": scopes,
                    "bearer_methods_supported": ["header"]}), host


# ---- What it takes.

# Instructions that a turn of the loop may take: where mbedTLS lets go of the processor within an operation on a curve,
# and where it does not.
CUT, WHOLE = 10e6, 40e6


def longest_turn(device):
    """Of the main loop, since this was asked last: instructions, with -icount shift=0, where each takes a nanosecond of
    the guest's time."""
    return int(device.report()["longest"][0]["turn_us"]) * 1000


def test_no_turn_of_the_loop_takes_longer_than_a_tenth_of_a_second(testbed):
    turns = {}
    with testbed.device(options=("-icount", "shift=0")) as device:
        device.ready()
        assert device.fetch() == "OK"
        device.wait_for("STORED ")
        turns["keys are stored, the flash's time"] = longest_turn(device), 100e6
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            testbed.issuer.versions = (version, version)
            for kind, chain in ("P-256", testbed.right), ("RSA 4096", testbed.rsa), ("a chain of RSA", testbed.long):
                testbed.issuer.chain = chain
                assert device.fetch() == "OK", (kind, version)
                cut = kind == "P-256" and version == ssl.TLSVersion.TLSv1_2
                turns[f"a fetch, {version.name}, {kind}"] = longest_turn(device), CUT if cut else WHOLE
            assert status(testbed, device, "/api/foia", GOOD, version=version) == 200
            turns[f"a client, {version.name}"] = longest_turn(device), WHOLE
        fetch_arena = device.report()["arena"][2]
    for what, (turn, _) in turns.items():
        print(f"## longest turn of the loop, {what}: {turn / 1e6:.1f} million instructions")
    print(f"## arena of a fetch, RSA 4096: {fetch_arena['peak']} bytes")
    assert not [what for what, (turn, most) in turns.items() if not 0 < turn < most], turns


def test_what_it_takes_is_printed(testbed, device):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert status(testbed, device, "/api/foia", GOOD, version=version) == 200
    report = device.report()
    print(f"# arena {report['arena']}\n# stack {report['stack'][0]}\n# server {report['server'][0]}\n# pools {report['pool']}")
    assert int(report["stack"][0]["peak"]) < int(report["stack"][0]["size"]) - 512
    assert report["arena"][0]["refusals"] == "0"
    assert device.quit() == 0
