#!/usr/bin/env python3
"""test_memory.py: a networked device in QEMU whose memory does not do for its issuer's chain: that has one reason, which is none of the
issuer's faults, and goes with the shortage. The chains are as long as those of public reports."""
import atexit
import base64
import os
import pathlib
import re
import ssl
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from causes import certificate  # noqa: E402
from certificates import Authority  # noqa: E402
from https_client import Connection, request  # noqa: E402
from network import HOST, NetworkDevice, build  # noqa: E402
from scripted import ScriptedIssuer, answer  # noqa: E402
from tokens import jwks  # noqa: E402

BOARD = os.environ.get("BOARD", "mps2-an385")
TLS_12, TLS_13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
# What public certificates have besides, in bytes: where to ask for a status and the authority, a list, a policy, two timestamps.
USUAL = ("authorityInfoAccess=OCSP;URI:http://o.pki.example/wr2,caIssuers;URI:http://i.pki.example/wr2.crt\n"
         "crlDistributionPoints=URI:http://c.pki.example/wr2/oBFYYahzgVI.crl\ncertificatePolicies=2.23.140.1.2.1\n"
         "1.3.6.1.4.1.11129.2.4.2=DER:0481f2" + "00" * 242 + "\n")


def length_of(chain):
    """Bytes of the certificates in a file."""
    text = pathlib.Path(chain[0]).read_text()
    return sum(len(base64.b64decode(one)) for one in re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.DOTALL))


class World:
    def __init__(self):
        self.files = tempfile.TemporaryDirectory(prefix="ward-memory-")
        folder = pathlib.Path(self.files.name)
        self.folder = folder
        self.authority, self.root = Authority(folder, "authority"), Authority(folder, "root", "rsa:4096")
        self.middle = Authority(folder, "middle", "rsa:2048", parent=self.root)
        self.crossed = Authority(folder, "old", "rsa:2048").cross_sign(self.root)
        both = folder / "both.pem"
        both.write_text(self.authority.pem.read_text() + self.root.pem.read_text())
        self.short = self.authority.certificate("short", f"IP:{HOST}")
        self.trust = Authority(folder, "devices")
        device_certificate, key = self.trust.certificate("device", "DNS:localhost,IP:127.0.0.1")
        self.issuer = ScriptedIssuer(self.short, answer(jwks("a", "b"))).__enter__()
        variables = {"URL": self.issuer.url(), "AUTHORITY": both, "CERTIFICATE": device_certificate, "KEY": key, "COOLDOWN": 1, "WARD_READY": 1}
        self.images = {name: build(ROOT / "build" / "e2e-memory" / BOARD, BOARD, name, **variables) for name in ("network.elf", "refuse.elf")}
        atexit.register(self.end)

    def end(self):
        self.issuer.__exit__()
        self.files.cleanup()

    def long(self, names):
        """A chain with so many names: leaf and intermediate of RSA 2048, and the root of RSA 4096 by an older one."""
        others = "".join(f",DNS:*.s{number:03d}.ggggg.co" for number in range(names))
        leaf, key = self.middle.certificate(f"names-{names}", f"IP:{HOST}{others}", key="rsa:2048", more=USUAL)
        leaf.write_text(leaf.read_text() + self.crossed.read_text())
        return leaf, key

    def show(self, chain, version=TLS_13):
        self.issuer.chain, self.issuer.raw, self.issuer.versions = chain, None, (version, version)

    def boot(self, image="network.elf"):
        return NetworkDevice(self.images[image], self.folder / "flash", BOARD)

    def connect(self, device):
        return Connection(device.port, self.trust.pem, seconds=30)


world = World()


def ask(device):
    time.sleep(1.1)
    while "KEY_REFRESH_PENDING" not in device.ask("!fetch", "asked ")[-1]:
        time.sleep(0.3)


def fetch(device):
    ask(device)
    return device.wait_for("FETCH ", 45).split("reason=")[1].split()[0]


def is_served(client):
    client.send(request("/health"))
    got = client.answer()
    return got is not None and got.status == 200


def arena(device):
    """Refusals of all, the fetch's high-water mark."""
    lines = device.report()["arena"]
    return int(lines[0]["refusals"]), int(lines[2]["peak"])


# Names of a leaf, and how many of the three slots may be used while its chain is fetched; None: it is too long.
CHAINS = [(1, 3), (80, 3), (137, 1), (300, 0), (600, None), (900, None)]


def occupy(device, slots):
    """Requests under way: each keeps its slot."""
    clients = [world.connect(device) for _ in range(slots)]
    for client in clients:
        client.send(b"GET /health HTTP/1.1\r\nX: ")
    return clients


def test_a_chain_is_taken_or_memory_is_why_not_whoever_else_needs_some():
    wrong = []
    with world.boot() as device:
        device.wait_for("READY")
        for names, most in CHAINS:
            chain = world.long(names)
            for version, slots in ((TLS_12, 0), (TLS_13, 0), (TLS_12, 1), (TLS_13, 3)):
                world.show(chain, version)
                before = arena(device)[0]
                clients = occupy(device, slots)
                got = fetch(device)
                for client in clients:
                    client.socket.close()
                refusals, peak = arena(device)
                print(f"## {names} names, {length_of(chain)} bytes, {version.name}, {slots} slots used: {got}, at most {peak} of the arena")
                good = most is not None and slots <= most
                if got != ("OK" if good else "FETCH_MEMORY") or (good and refusals > before):
                    wrong.append((names, version, slots, got))
        world.show(world.long(137))
        assert fetch(device) == "OK", "what was short is there again"
    assert not wrong, wrong


def test_clients_are_served_while_a_long_chain_holds_the_memory_of_their_slots():
    with world.boot() as device:
        device.wait_for("READY")
        chain = world.long(300)
        world.issuer.raw = certificate(ssl.PEM_cert_to_DER_cert(re.search(".*?END CERTIFICATE-----", chain[0].read_text(), re.DOTALL)[0]))
        ask(device)
        end = time.monotonic() + 10
        while int(device.report()["arena"][2]["used"]) < 24576:
            assert time.monotonic() < end, "the chain never came"
        began = time.monotonic()
        for _ in range(4):
            with world.connect(device) as client:
                assert is_served(client)
        assert time.monotonic() - began < 15
        assert int(device.report()["arena"][2]["used"]) > 24576, "the fetch has what it borrowed"
        assert device.report()["server"][0]["failed"] == "0"
        assert device.wait_for("FETCH ", 45).split()[1] in ("reason=FETCH_TIMED_OUT", "reason=FETCH_MEMORY")
        world.show(world.short)
        assert fetch(device) == "OK"


def every_refusal(chain, version):
    """A fetch for each allocation that is refused, one further on each time: what came of it, by the allocation's number."""
    world.show(chain, version)
    found = {}
    with world.boot("refuse.elf") as device:
        device.wait_for("READY")
        while True:
            ask(device)
            at, done = (int(number) for number in re.findall(r"=(\d+)", device.wait_for("REFUSED ", 45)))
            reason = device.wait_for("FETCH ").split("reason=")[1].split()[0]
            if not done:
                assert reason == "OK", (at, reason)
                return found
            found[at] = reason


def test_every_allocation_that_fails_has_the_reason_of_memory_whatever_mbedtls_makes_of_it():
    for version, chain in ((TLS_12, world.short), (TLS_13, world.long(20))):
        found = every_refusal(chain, version)
        print(f"## {version.name}: {len(found)} of {max(found)} allocations refused, {list(found.values()).count('OK')} did without")
        assert len(found) > 30, found
        assert set(found.values()) <= {"FETCH_MEMORY", "OK"}, found
        assert list(found.values()).count("FETCH_MEMORY") > len(found) * 3 // 4, found


if __name__ == "__main__":
    tap.main(__name__, "memory: ")
