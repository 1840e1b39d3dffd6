#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""connections.py [--devices N]: a hundred devices, or N, that really fetch their bundles from one nginx on this machine,
all at once.

The devices are one program (connections.c): the real keyring, the real verification, libcurl; the connections are TLS
and TCP on loopback, each of them new, and open at the same time. What nginx takes of a processor and of memory for each
is printed; devices and nginx share this machine.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import pace  # noqa: E402
from bundles import bundle  # noqa: E402
from certificates import Authority  # noqa: E402
from mirror import Mirror  # noqa: E402
from tokens import jwks  # noqa: E402

ISSUER = "https://issuer.example/"


class Watch:
    """How many connections nginx had at most, and its memory then, while the `with` block lasts."""

    def __init__(self, mirror):
        self.mirror, self.connections, self.memory, self.over = mirror, 0, 0, False

    def __enter__(self):
        self.begin = self.mirror.cost()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self):
        while not self.over:
            with urllib.request.urlopen(self.mirror.url("status", "http"), timeout=pace.seconds(20)) as answer:
                self.connections = max(self.connections, int(answer.read().split()[2]) - 1)
            self.memory = max(self.memory, self.mirror.cost()[1])
            time.sleep(0.005)

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        self.seconds = self.mirror.cost()[0] - self.begin[0]


class Fleet:
    """The devices, until the `with` block ends."""

    def __init__(self, count, url, authority, operators):
        self.words = [str(word) for word in (ROOT / "build/host/connections", count, url, authority, operators)]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(pace.seconds(30))

    def after(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def rounds(mirror, devices):
    """What each round came to, beside what it must come to."""
    for name, seq, whole in (("whole bundles, new connections", 1, True),
                             ("unchanged bundles, new connections", 1, False), ("a new bundle", 2, True)):
        if whole:
            mirror.give(bundle("a", seq, issuer=ISSUER))
        with Watch(mirror) as watch:
            said = devices.after(400)
        yield name, said, seq, whole, watch


def main(words):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=100)
    count = parser.parse_args(words).devices
    failed = number = 0
    with tempfile.TemporaryDirectory(prefix="ward-connections-") as folder:
        folder = pathlib.Path(folder)
        authority = Authority(folder)
        (folder / "operators.json").write_text(jwks("c", "d"))
        for scheme in ("https", "http"):
            with Mirror(authority.certificate("mirror")) as mirror, \
                    Fleet(count, mirror.url(scheme=scheme), authority.pem, folder / "operators.json") as devices:
                alone = mirror.cost()[1]
                for name, said, seq, whole, watch in rounds(mirror, devices):
                    number += 1
                    good = said == {"whole": count if whole else 0, "unchanged": 0 if whole else count, "failed": 0,
                                    "lowest": seq, "highest": seq}
                    failed += not good
                    print(f"{'ok' if good else 'not ok'} {number} - {scheme}: {count} devices, {name}"
                          f"{'' if good else f': {said}'}")
                    memory = max(0, watch.memory - alone) / max(1, watch.connections)
                    print(f"## {scheme}, {count} devices, {name}: nginx took {1000 * watch.seconds / count:.2f} ms of a "
                          f"processor and {memory:.0f} KiB a device, {watch.connections} connections at once")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
