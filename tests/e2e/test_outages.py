# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU while its issuer is down, slow, or not who it should be: its clients are served all the
time, and it takes the issuer's keys again as soon as all is well."""
import json
import socket
import time

import certificates
import pace
import pytest
from https_client import request
from issuer import Issuer
from network import HOST
from testbed import Testbed

HOURS = 3600
# A client that waits longer than this was kept waiting by the fetch.
SECONDS = 5


class Impostor(Issuer):
    """An issuer that can show other certificates; the device trusts a second authority, which is where they come
    from."""

    def __enter__(self):
        super().__enter__()
        second, stranger = (certificates.Authority(self.folder / name, f"ward {name}") for name in ("second", "stranger"))
        both = self.folder / "both.pem"
        both.write_text(self.authority.read_text() + second.pem.read_text())
        self.authority = both
        here = f"DNS:localhost,IP:127.0.0.1,IP:{HOST}"
        self.certificates = {
            "of the second authority": second.certificate("good", here),
            "expired an hour ago": second.certificate("expired", here, begin=-48 * HOURS, end=-HOURS),
            "valid from tomorrow": second.certificate("early", here, begin=24 * HOURS, end=48 * HOURS),
            "for another address": second.certificate("elsewhere", "DNS:localhost,IP:127.0.0.1,IP:10.0.2.3"),
            "for a name like the address": second.certificate("name", f"DNS:{HOST}"),
            "for all names like it": second.certificate("names", "DNS:*.0.2.2,IP:10.0.2.3"),
            "with a common name alone": second.certificate(HOST, ""),
            "of a stranger": stranger.certificate("stranger", here)}
        return self


TESTBED = Testbed("outages", Impostor)


@pytest.fixture
def user(testbed):
    """A user's token."""
    return testbed.issuer.token("read:foia")


def served(connection, user):
    """Asks with the user's token; seconds until it was granted."""
    began = time.monotonic()
    connection.send(request("/api/foia/requests", user))
    answer = connection.answer()
    assert answer is not None and answer.status == 200, answer
    return time.monotonic() - began


def fails(testbed, device, user, reason):
    """The next fetch fails so, the audit has it, and the user is served before and after."""
    assert device.fetch() == reason and device.next_change() == reason
    with testbed.connect(device) as connection:
        served(connection, user)


def holds_nothing(device):
    """Nothing was refused for want of memory, and the fetch has given back what it had."""
    report = device.report()
    assert report["arena"][0]["refusals"] == "0", report["arena"]
    assert {line["used"] for line in report["arena"][2:3]} == {"0"}, report["arena"]
    assert [line["refusals"] for line in report["pool"] if line["refusals"] != "0"] == [], report["pool"]


def all_is_well(device):
    assert device.fetch() == "OK" and device.next_change() == "OK"


def test_a_closed_port_is_an_issuer_that_cannot_be_reached_until_somebody_listens(testbed, device, user):
    testbed.issuer.close()
    fails(testbed, device, user, "FETCH_REFUSED")
    testbed.issuer.open()
    all_is_well(device)
    holds_nothing(device)


WRONG = [("expired an hour ago", "FETCH_CERTIFICATE"), ("valid from tomorrow", "FETCH_CERTIFICATE"), ("of a stranger", "FETCH_CERTIFICATE"),
         ("for another address", "FETCH_HOST"), ("for a name like the address", "FETCH_HOST"), ("for all names like it", "FETCH_HOST"),
         ("with a common name alone", "FETCH_HOST")]


def test_a_certificate_that_is_not_right_ends_the_fetch_before_anything_is_asked(testbed, device, user):
    before = testbed.issuer.fetches()
    wrong = []
    for what, reason in WRONG:
        testbed.issuer.show(*testbed.issuer.certificates[what])
        try:
            came = device.fetch()
            assert came == reason and testbed.status(device, user)[0] == 200, came
        except (AssertionError, RuntimeError) as other:
            wrong.append((what, str(other)))
    assert not wrong, wrong
    assert testbed.issuer.fetches() == before, "the key set was asked for"
    testbed.issuer.show(*testbed.issuer.certificates["of the second authority"])
    all_is_well(device)
    assert testbed.issuer.fetches() == before + 1
    holds_nothing(device)


def test_a_redirect_is_followed_nowhere(testbed, device, user):
    before = testbed.issuer.fetches()
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.5)
        address = f"https://{HOST}:{elsewhere.getsockname()[1]}/.well-known/jwks.json"
        testbed.issuer.answer(status=308, headers=[f"Location: {address}"], times=1)
        fails(testbed, device, user, "FETCH_HTTP_STATUS")
        with pytest.raises(TimeoutError):
            elsewhere.accept()
            raise AssertionError("it went where the redirect points")
    all_is_well(device)
    assert testbed.issuer.fetches() == before + 2
    holds_nothing(device)


def test_nobody_waits_for_an_issuer_that_sends_a_byte_a_second(testbed, device, user):
    testbed.issuer.answer(pause=1000, times=1)
    device.cool_down()
    fetches, began = testbed.issuer.fetches(), time.monotonic()
    device.ask_for_keys()
    with testbed.connect(device) as connection:
        times = []
        while time.monotonic() - began < 25:
            times.append(served(connection, user))
            time.sleep(1)
    assert testbed.issuer.fetches() == fetches + 1
    assert device.fetched() == "FETCH_TIMED_OUT"
    assert 25 < time.monotonic() - began < pace.seconds(45)
    assert device.next_change() == "FETCH_TIMED_OUT"
    print(f"## an issuer that is slow: {len(times)} requests meanwhile, the longest took {max(times) * 1000:.0f} ms")
    assert max(times) < pace.seconds(SECONDS), times
    all_is_well(device)
    holds_nothing(device)


def test_after_all_that_the_device_holds_nothing_of_it(testbed, device, user):
    for case in (test_a_closed_port_is_an_issuer_that_cannot_be_reached_until_somebody_listens,
                 test_a_certificate_that_is_not_right_ends_the_fetch_before_anything_is_asked, test_a_redirect_is_followed_nowhere):
        case(testbed, device, user)
    with testbed.connect(device) as connection:
        connection.send(request("/api/foia/requests", user))
        assert json.loads(connection.answer().body)["kind"] == "user"
    assert device.quit() == 0
