# SPDX-License-Identifier: Apache-2.0
"""A device that fetches its keys by port/posix, and the issuers that it asks. The uptime is moved on, the network is real
(loopback)."""
import json
import os
import pathlib
import subprocess
import tempfile
import threading

import evidence
import pace
import settings
from certificates import Authority
from scripted import ScriptedIssuer, answer
from tokens import jwks

DEVICE = settings.device
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-posix-"))
AUTHORITY = Authority(FOLDER)
STRANGER = Authority(FOLDER, "stranger")
SERVER = AUTHORITY.certificate("server")
BEFORE, AFTER = jwks("a"), jwks("b", "c")
GOOD = answer(BEFORE)
MINUTE, HOUR = 60, 3600
TIMEOUT = 1000
DAY = 86400


class Device:
    """The program, until the `with` block ends. `environment`: for one that fetches bundles, see tests/posix/device.c."""

    def __init__(self, url, authority=AUTHORITY.pem, timeout=TIMEOUT, clock="set", store="", agent=None, **environment):
        words = [DEVICE, url, authority, timeout, clock, store, *([agent] if agent is not None else [])]
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **environment})
        self.said = []
        evidence.add("what the device said", lambda: self.said, lambda: self.process.poll() is None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            assert self.process.wait(pace.seconds(20)) == 0, self.process.returncode
        finally:
            self.process.kill()
            self.process.stdout.close()

    def after(self, seconds):
        """Lets so many seconds of uptime pass; what the device says then. A device that hangs is ended after half a
        minute."""
        watch = threading.Timer(pace.seconds(30), self.process.kill)
        watch.start()
        try:
            self.process.stdin.write(f"{seconds}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        finally:
            watch.cancel()
        assert line, "the device said nothing: it hangs, or has ended"
        self.said.append(line.rstrip())
        return json.loads(line)


def serve(certificate=SERVER):
    return ScriptedIssuer(certificate)


def url_of(server, host="127.0.0.1"):
    return server.url(host)


def started(device, server):
    """A device that has the keys of before."""
    server.script = GOOD
    said = device.after(MINUTE)
    assert said["kids"] == ["a"] and said["fetched"] == "OK", said
    return said


def first_fetch(url, **options):
    """What a new device says of its first fetch."""
    with Device(url, **options) as device:
        said = device.after(MINUTE)
    assert said["fetched"] == "OK" or said["kids"] == [] and said["next"] <= 10, said
    return said
