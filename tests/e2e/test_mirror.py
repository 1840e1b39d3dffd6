# SPDX-License-Identifier: Apache-2.0
"""A device on a network (build/mps2-an385+bundles, a Cortex-M3 in QEMU) that finds bundles on an nginx, over https and over
http, by the device's own client: port/http on lwIP."""
import contextlib
import time

import pytest
from bundles import bundle
from mirror import Mirror, free_ports
from network import HOST
from testbed import Testbed, token_of

PORTS = free_ports(2)


class Mirrored(Testbed):
    """Its issuer publishes nothing: keys come from the mirror's files."""

    def __enter__(self):
        super().__enter__()
        self.mirror = Mirror(self.right, ports=PORTS).__enter__()
        return self

    def __exit__(self, *_):
        if getattr(self, "mirror", None):
            self.mirror.__exit__()
            self.mirror = None
        super().__exit__()

    def at(self, scheme):
        """An image for this URL."""
        url = f"{scheme}://{HOST}:{PORTS[0] if scheme == 'http' else PORTS[1]}/mirror/bundle.jwt"
        return self.build(folder=f"e2e-mirror-{scheme}", URL=url)

    @contextlib.contextmanager
    def started(self, scheme, **options):
        with self.device(image=self.at(scheme), **options) as device:
            device.ready()
            yield device


TESTBED = Mirrored("mirror", variant="mps2-an385+bundles")


def fetched(device):
    device.ask_for_keys()
    return device.wait_for("FETCH ", 45).split()[1:]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_bundles_come_from_a_mirror_and_what_is_unchanged_does_not_come_again(testbed, scheme):
    testbed.mirror.give(bundle("a", 1, [{"sub": "auth0|denied", "issued_until": "always"}]))
    before = len(testbed.mirror.told())
    with testbed.started(scheme) as device:
        assert device.wait_for("FETCH ", 45).split()[1:] == ["reason=OK", "http=200"]
        device.wait_for("STORED ")
        assert testbed.ask_unknown(device, token_of(key="a")) == (200, "OK")
        assert testbed.ask_unknown(device, token_of("auth0|denied", key="a")) == (401, "SUBJECT_DENIED")
        assert fetched(device) == ["reason=OK", "http=304"]
        testbed.mirror.give(bundle("b", 2))
        assert fetched(device) == ["reason=OK", "http=200"]
        assert testbed.ask_unknown(device, token_of("auth0|denied", key="b")) == (200, "OK")
        testbed.mirror.give(bundle("a", 1))
        assert fetched(device) == ["reason=BUNDLE_OLDER", "http=200"]
        assert testbed.ask_unknown(device, token_of(key="b")) == (200, "OK")
    lines = [line.split()[:2] for line in testbed.mirror.told()[before:]]
    assert [status for status, _ in lines] == ["200", "304", "200", "200"] and lines[1][1] == "0", lines


def test_over_http_a_device_without_a_clock_knows_no_time_and_grants_nothing(testbed):
    testbed.mirror.give(bundle("a", 1))
    with testbed.started("http", clock=False) as device:
        assert device.wait_for("FETCH ", 45).split()[1:] == ["reason=OK", "http=200"]
        assert testbed.ask(device, token_of(key="a")) == (503, "CLOCK_NOT_SET")
    with testbed.started("https", clock=False, flash="other") as device:
        assert device.wait_for("FETCH ", 45).split()[1:] == ["reason=OK", "http=200"]
        assert testbed.ask_unknown(device, token_of(key="a", iat=int(time.time()) - 60)) == (200, "OK")
