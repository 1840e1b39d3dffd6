# SPDX-License-Identifier: Apache-2.0
"""The client in Python, both ways to call it, and scripted servers over TLS that it calls."""
import asyncio
import os
import pathlib
import sys
import tempfile
import threading

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent.parent / "clients" / "python" / "src"), str(HERE)]

# What this machine has for its own connections.
for variable in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[variable]

import ward_client  # noqa: E402
import ward_client.asynchronous  # noqa: E402
import ward_client.blocking  # noqa: E402
from certificates import Authority  # noqa: E402
from peer import Peer  # noqa: E402


class Blocking:
    """The client for threads."""

    tokens, device = ward_client.Tokens, ward_client.Device

    def __init__(self):
        self.opened = []

    def call(self, result):
        return result

    def close(self, opened):
        opened.close()

    def together(self, calls):
        """What each gives or raises, begun at the same time."""
        results, start = [None] * len(calls), threading.Barrier(len(calls))

        def run(number, call):
            start.wait(10)
            try:
                results[number] = call()
            except ward_client.WardError as error:
                results[number] = error
        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return results


class Tasks:
    """The client for tasks, each call in one event loop."""

    tokens, device = ward_client.AsyncTokens, ward_client.AsyncDevice

    def __init__(self):
        self.opened, self.loop = [], asyncio.new_event_loop()

    def call(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    def close(self, opened):
        self.call(opened.aclose())

    def together(self, calls):
        async def run():
            return await asyncio.gather(*[call() for call in calls], return_exceptions=True)
        return self.call(run())


@pytest.fixture(params=[Blocking, Tasks], ids=["threads", "tasks"])
def way(request):
    made = request.param()
    yield made
    for opened in made.opened:
        made.close(opened)


@pytest.fixture
def waits(monkeypatch):
    """The seconds of each wait, which takes none."""
    found = []

    async def sleep(seconds):
        found.append(seconds)
    monkeypatch.setattr(ward_client.blocking, "sleep", found.append)
    monkeypatch.setattr(ward_client.asynchronous, "sleep", sleep)
    return found


class World:
    """An issuer and a device, each with an authority of its own, and what is made for them."""

    def __init__(self, trust):
        self.devices, self.issuers, self.chains = trust
        self.device, self.issuer = Peer(self.chains["device"]), Peer(self.chains["issuer"])

    def party(self, kind=ward_client.Machine, secret="machines-secret-4711", **more):
        base = self.issuer.url
        issuer = ward_client.Issuer(base, authority=self.issuers.pem, token_endpoint=f"{base}/token",
                                    authorization_endpoint=f"{base}/authorize",
                                    device_authorization_endpoint=f"{base}/device")
        return kind(issuer, "line-4", secret, audience="https://api.example", scope="read:led", **more)

    def open(self, way, kind=ward_client.Machine, party=None, limits=ward_client.Limits(), **more):
        """Tokens and a device of them."""
        tokens = way.tokens(party or self.party(kind), limits=limits, **more)
        device = way.device(self.device.url, tokens, authority=self.devices.pem, limits=limits)
        way.opened += [tokens, device]
        return tokens, device


@pytest.fixture(scope="session")
def trust():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ward-clients-"))
    devices, issuers = Authority(folder, "devices"), Authority(folder, "issuers")
    return devices, issuers, {"device": devices.certificate("device"), "issuer": issuers.certificate("issuer"),
                              "elsewhere": devices.certificate("elsewhere", "DNS:elsewhere.example")}


@pytest.fixture
def world(trust):
    made = World(trust)
    yield made
    made.device.close()
    made.issuer.close()
