#!/usr/bin/env python3
"""test_outages.py: the networked device in QEMU while its issuer is down, slow, or not who it should be: its clients are served all the
time, and it takes the issuer's keys again as soon as all is well."""
import json
import socket
import sys
import time

from house import House
from household import ROOT

sys.path.insert(0, str(ROOT / "tests" / "support"))
import certificates  # noqa: E402
import tap  # noqa: E402
from https_client import request  # noqa: E402
from issuer import Issuer  # noqa: E402
from network import HOST  # noqa: E402

HOURS = 3600
# A client that waits longer than this was kept waiting by the fetch.
SECONDS = 5


class Impostor(Issuer):
    """An issuer that can show other certificates; the device trusts a second authority, which is where they come from."""

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


house = House("outages", Impostor)
issuer = house.issuer
user = issuer.token("read:foia")


def served(connection):
    """Asks with the user's token; seconds until it was granted."""
    began = time.monotonic()
    connection.send(request("/api/foia/requests", user))
    answer = connection.answer()
    assert answer is not None and answer.status == 200, answer
    return time.monotonic() - began


def fails(reason):
    """The next fetch fails so, the audit has it, and the user is served before and after."""
    house.fetch(reason)
    house.audited(reason)
    with house.connect() as connection:
        served(connection)


def mended():
    house.fetch()
    house.audited("OK")


def test_a_closed_port_is_an_issuer_that_cannot_be_reached_until_somebody_listens():
    issuer.close()
    try:
        fails("FETCH_REFUSED")
    finally:
        issuer.open()
    mended()


WRONG = [("expired an hour ago", "FETCH_CERTIFICATE"), ("valid from tomorrow", "FETCH_CERTIFICATE"), ("of a stranger", "FETCH_CERTIFICATE"),
         ("for another address", "FETCH_HOST"), ("for a name like the address", "FETCH_HOST"), ("for all names like it", "FETCH_HOST"),
         ("with a common name alone", "FETCH_HOST")]


def test_a_certificate_that_is_not_right_ends_the_fetch_before_anything_is_asked():
    before = issuer.fetches()
    wrong = []
    for what, reason in WRONG:
        issuer.show(*issuer.certificates[what])
        try:
            house.fetch(reason)
            assert house.status(user)[0] == 200
        except (AssertionError, RuntimeError) as other:
            wrong.append((what, str(other)))
    assert not wrong, wrong
    assert issuer.fetches() == before, "the key set was asked for"
    issuer.show(*issuer.certificates["of the second authority"])
    mended()
    assert issuer.fetches() == before + 1


def test_a_redirect_is_followed_nowhere():
    before = issuer.fetches()
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.5)
        address = f"https://{HOST}:{elsewhere.getsockname()[1]}/.well-known/jwks.json"
        issuer.answer(status=308, headers=[f"Location: {address}"], times=1)
        fails("FETCH_HTTP_STATUS")
        try:
            elsewhere.accept()
            raise AssertionError("it went where the redirect points")
        except TimeoutError:
            pass
    mended()
    assert issuer.fetches() == before + 2


def test_nobody_waits_for_an_issuer_that_sends_a_byte_a_second():
    house.fetch()
    issuer.answer(pause=1000, times=1)
    time.sleep(max(0, house.cool + 0.1 - time.monotonic()))
    fetches, began = issuer.fetches(), time.monotonic()
    assert "KEY_REFRESH_PENDING" in house.running.ask("!fetch", "asked ")[-1]
    with house.connect() as connection:
        times = []
        while time.monotonic() - began < 25:
            times.append(served(connection))
            time.sleep(1)
    assert issuer.fetches() == fetches + 1
    house.expect("FETCH_TIMED_OUT")
    assert 25 < time.monotonic() - began < 45
    house.audited("FETCH_TIMED_OUT")
    print(f"## an issuer that is slow: {len(times)} requests meanwhile, the longest took {max(times) * 1000:.0f} ms")
    assert max(times) < SECONDS, times
    mended()


def test_after_all_that_the_device_holds_nothing_of_it():
    report = house.running.report()
    assert report["arena"][0]["refusals"] == "0", report["arena"]
    assert {line["used"] for line in report["arena"][2:3]} == {"0"}, report["arena"]
    assert [line["refusals"] for line in report["pool"] if line["refusals"] != "0"] == [], report["pool"]
    with house.connect() as connection:
        connection.send(request("/api/foia/requests", user))
        assert json.loads(connection.answer().body)["kind"] == "user"
    assert house.running.quit() == 0


if __name__ == "__main__":
    tap.main(__name__, "outages: ")
