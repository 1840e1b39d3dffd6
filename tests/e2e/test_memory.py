# SPDX-License-Identifier: Apache-2.0
"""A networked device in QEMU whose memory does not do for its issuer's chain: that has one reason, which is none of the
issuer's faults, and goes with the shortage. The chains are as long as those of public reports."""
import base64
import pathlib
import re
import ssl
import time

import pace
from causes import certificate
from certificates import Authority
from https_client import request
from network import HOST
from testbed import Testbed

TLS_12, TLS_13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
# What public certificates have besides, in bytes: where to ask for a status and the authority, a list, a policy, two
# timestamps.
USUAL = ("authorityInfoAccess=OCSP;URI:http://o.pki.example/wr2,caIssuers;URI:http://i.pki.example/wr2.crt\n"
         "crlDistributionPoints=URI:http://c.pki.example/wr2/oBFYYahzgVI.crl\ncertificatePolicies=2.23.140.1.2.1\n"
         "1.3.6.1.4.1.11129.2.4.2=DER:0481f2" + "00" * 242 + "\n")


def length_of(chain):
    """Bytes of the certificates in a file."""
    text = pathlib.Path(chain[0]).read_text()
    return sum(len(base64.b64decode(one)) for one in re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.DOTALL))


class MemoryTestbed(Testbed):
    """With an authority whose chains are long, and an image in which each allocation can be refused."""

    def make_issuers(self):
        super().make_issuers()
        root = Authority(self.folder, "root", "rsa:4096")
        self.trusted.append(root.pem)
        self.middle = Authority(self.folder, "middle", "rsa:2048", parent=root)
        self.crossed = Authority(self.folder, "old", "rsa:2048").cross_sign(root)
        self.chains = {}

    def build(self, *words, **variables):
        self.refusing = super().build(name="refuse.elf")
        return super().build(*words, **variables)

    def long(self, names):
        """A chain with so many names: leaf and intermediate of RSA 2048, and the root of RSA 4096 by an older one."""
        if names in self.chains:
            return self.chains[names]
        others = "".join(f",DNS:*.s{number:03d}.ggggg.co" for number in range(names))
        leaf, key = self.middle.certificate(f"names-{names}", f"IP:{HOST}{others}", key="rsa:2048", more=USUAL)
        leaf.write_text(leaf.read_text() + self.crossed.read_text())
        self.chains[names] = leaf, key
        return leaf, key

    def show(self, chain, version=TLS_13):
        self.issuer.chain, self.issuer.raw, self.issuer.versions = chain, None, (version, version)


TESTBED = MemoryTestbed("memory")


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


def occupy(testbed, device, slots):
    """Requests under way: each keeps its slot."""
    clients = [testbed.connect(device, 30) for _ in range(slots)]
    for client in clients:
        client.send(b"GET /health HTTP/1.1\r\nX: ")
    return clients


def test_a_chain_is_taken_or_memory_is_why_not_whoever_else_needs_some(testbed, device):
    wrong = []
    for names, most in CHAINS:
        chain = testbed.long(names)
        for version, slots in ((TLS_12, 0), (TLS_13, 0), (TLS_12, 1), (TLS_13, 3)):
            testbed.show(chain, version)
            before = arena(device)[0]
            clients = occupy(testbed, device, slots)
            got = device.fetch()
            for client in clients:
                client.socket.close()
            refusals, peak = arena(device)
            print(f"## {names} names, {length_of(chain)} bytes, {version.name}, {slots} slots used: {got}, at most {peak} of the arena")
            good = most is not None and slots <= most
            if got != ("OK" if good else "FETCH_MEMORY") or (good and refusals > before):
                wrong.append((names, version, slots, got))
    testbed.show(testbed.long(137))
    assert device.fetch() == "OK", "what was short is there again"
    assert not wrong, wrong


def test_clients_are_served_while_a_long_chain_holds_the_memory_of_their_slots(testbed, device):
    chain = testbed.long(300)
    testbed.issuer.raw = certificate(ssl.PEM_cert_to_DER_cert(re.search(".*?END CERTIFICATE-----", chain[0].read_text(), re.DOTALL)[0]))
    device.ask_for_keys()
    end = time.monotonic() + pace.seconds(10)
    while int(device.report()["arena"][2]["used"]) < 24576:
        assert time.monotonic() < end, "the chain never came"
    began = time.monotonic()
    for _ in range(4):
        with testbed.connect(device, 30) as client:
            assert is_served(client)
    assert time.monotonic() - began < pace.seconds(15)
    assert int(device.report()["arena"][2]["used"]) > 24576, "the fetch has what it borrowed"
    assert device.report()["server"][0]["failed"] == "0"
    assert device.fetched() in ("FETCH_TIMED_OUT", "FETCH_MEMORY")
    testbed.show(testbed.right)
    assert device.fetch() == "OK"


def every_refusal(testbed, chain, version):
    """A fetch for each allocation that is refused, one further on each time: what came of it, by the allocation's
    number."""
    testbed.show(chain, version)
    found = {}
    with testbed.device(image=testbed.refusing) as device:
        device.ready()
        while True:
            device.ask_for_keys()
            at, done = (int(number) for number in re.findall(r"=(\d+)", device.wait_for("REFUSED ", 45)))
            reason = device.fetched()
            if not done:
                assert reason == "OK", (at, reason)
                return found
            found[at] = reason


def test_every_allocation_that_fails_has_the_reason_of_memory_whatever_mbedtls_makes_of_it(testbed, device):
    # The other image finds the keys that this one has stored.
    device.__exit__()
    for version, chain in ((TLS_12, testbed.right), (TLS_13, testbed.long(20))):
        found = every_refusal(testbed, chain, version)
        print(f"## {version.name}: {len(found)} of {max(found)} allocations refused, {list(found.values()).count('OK')} did without")
        assert len(found) > 30, found
        assert set(found.values()) <= {"FETCH_MEMORY", "OK"}, found
        assert list(found.values()).count("FETCH_MEMORY") > len(found) * 3 // 4, found
