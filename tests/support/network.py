# SPDX-License-Identifier: Apache-2.0
"""A networked board in QEMU: its flash in a file, its clock, its port 443 on this machine's loopback.

The device reaches this machine's loopback as 10.0.2.2.
"""
import fcntl
import json
import pathlib
import re
import socket
import subprocess
import time

import pace
from device import Device, Silence

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HOST = "10.0.2.2"


def build(folder, board="mps2-an385", name="network.elf", **variables):
    """Builds the networked image with these variables of make into a folder of its own; its path. `name`: or one that
    is made of it."""
    image = pathlib.Path(folder) / name
    words = [f"{variable}={value}" for variable, value in variables.items()]
    # Tests that run at the same time share what is compiled once.
    with (ROOT / "build" / "e2e.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["make", "--no-print-directory", "-f", "tests/Makefile", "-s", f"VARIANT={board}",
                        f"NETWORK={folder}", *words, str(image)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return image


def words_of(line):
    """The words of a line of the console that have a value."""
    return dict(word.split("=", 1) for word in line.split()[1:] if "=" in word)


class NetworkDevice(Device):
    """Runs a networked image until the `with` block ends. What it stored stays in `flash`, a file that is made if it is
    not there. Its port is forwarded from `listen`: it sees 10.0.2.2 as every client's address that comes from
    127.0.0.0/8, and the true one of others, for which `listen` must be 0.0.0.0, in a network namespace of the test's
    own (namespace.py). `cooldown` is that of the image."""

    def __init__(self, image, flash, board="mps2-an385", rtc="utc", clock=True, options=(), listen="127.0.0.1",
                 cooldown=1):
        super().__init__(image, board, count=False)
        # It never outlives this program, however that ends.
        self.command = ["setpriv", "--pdeathsig", "KILL", *self.command]
        # Seconds between two fetches that unknown kids ask for, and when the next one may be.
        self.cooldown, self.cool = cooldown, 0
        self.flash, self.control = pathlib.Path(flash), pathlib.Path(f"{flash}.qmp")
        machine = self.command.index("-M") + 1
        self.command[machine] += ",memory-backend=flash"
        self.command += ["-object", f"memory-backend-file,id=flash,size=16M,mem-path={self.flash},share=on",
                         "-nic", f"user,id=net0,model=lan9118,ipv6=off,hostfwd=tcp:{listen}:0-:443",
                         "-qmp", f"unix:{self.control},server=on,wait=off"]
        self.command += options
        if clock:
            self.command += ["-device", "ds1338,address=0x68", "-rtc", f"base={rtc},clock=vm"]

    def __enter__(self):
        super().__enter__()
        try:
            self.qmp = self._connect()
            self.port = int(re.search(r"TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)", self.monitor("info usernet"))[1])
        except BaseException:
            super().__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.qmp.close()
        super().__exit__()

    def _connect(self):
        end = time.monotonic() + pace.seconds(10)
        while True:
            channel = socket.socket(socket.AF_UNIX)
            try:
                channel.connect(str(self.control))
                break
            except OSError:
                channel.close()
                if time.monotonic() > end:
                    raise RuntimeError("QEMU does not answer on its control socket") from None
                time.sleep(0.02)
        channel.settimeout(pace.seconds(10))
        self.answers = channel.makefile("r")
        self.answers.readline()
        self.qmp = channel
        self.execute("qmp_capabilities")
        return channel

    def execute(self, command, **arguments):
        """A command of QEMU's control protocol, such as stop, cont, set_link; its result."""
        self.qmp.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self.answers.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(f"QEMU: {answer['error']}")

    def monitor(self, line):
        return self.execute("human-monitor-command", **{"command-line": line})

    def title(self):
        return f"the console of the device with {self.flash.name}"

    # ---- What it says of itself.

    def ready(self, seconds=30):
        """What it says of itself once it serves: address, port, boots, keys."""
        return words_of(self.wait_for("READY", seconds))

    def report(self):
        """What `!report` prints: {name: {value: number}}; those that come several times as lists."""
        lines = self.ask("!report", "REPORT end")
        found = {}
        for line in lines[:-1]:
            if line.startswith("REPORT "):
                _, name, *values = line.split()
                found.setdefault(name, []).append(dict(value.split("=") for value in values if "=" in value) or values)
        return found

    def audited(self):
        """The events of the audit that it still has: (reason, trust in the time) of each, the oldest first."""
        lines = [line.removeprefix("RING ") for line in self.ask("!audit", "HEAD ") if line.startswith("RING ")]
        return [(event["reason"], event["clock"]) for event in map(json.loads, lines)]

    def next_change(self, seconds=5):
        """The reason of the next event of the audit that tells of keys."""
        while '"kind":"change"' not in (line := self.wait_for("AUDIT ", seconds)):
            pass
        return json.loads(line.removeprefix("AUDIT "))["reason"]

    # ---- Its keys.

    def cool_down(self):
        """Waits until an unknown kid may ask for keys again."""
        time.sleep(max(0, self.cool + 0.2 - time.monotonic()))

    def ask_for_keys(self):
        """As an unknown kid does, as soon as one may; from then on a fetch is wanted."""
        self.cool_down()
        while "KEY_REFRESH_PENDING" not in self.ask("!fetch", "asked ")[-1]:
            time.sleep(0.3)

    def fetch_ended(self, seconds=45):
        """What it says of the next fetch that ends: reason, HTTP status."""
        return self._take_fetch(self.wait_for("FETCH ", seconds))

    def _take_fetch(self, line):
        self.cool = time.monotonic() + self.cooldown
        return words_of(line)

    def fetched(self, seconds=45):
        """The reason of the next fetch that ends."""
        return self.fetch_ended(seconds)["reason"]

    def fetch_said(self, seconds=45):
        """Asks for the keys; what it says of what came. Slow, it may have been in its cooldown still: it is asked
        again, which changes nothing while a fetch is under way."""
        self.ask_for_keys()
        end = time.monotonic() + pace.seconds(seconds)
        while True:
            try:
                return self.fetch_ended(2)
            except Silence:
                assert time.monotonic() < end, self.printed[-5:]
            for line in self.ask("!fetch", "asked "):
                if line.startswith("FETCH "):
                    return self._take_fetch(line)

    def fetch(self, seconds=45):
        """Asks for the keys; the reason of what came."""
        return self.fetch_said(seconds)["reason"]

    def first_fetch(self):
        """Waits for the keys that it fetches by itself where it has none; from then on they outlast its end."""
        assert self.fetched() == "OK"
        self.wait_for("STORED ")
