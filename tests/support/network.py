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

from certificates import Authority  # noqa: F401  # pylint: disable=unused-import
from device import Device

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HOST = "10.0.2.2"


def build(folder, board="mps2-an385", name="network.elf", **variables):
    """Builds the networked image with these variables of make into a folder of its own; its path. `name`: or one that is made of it."""
    image = pathlib.Path(folder) / name
    words = [f"{variable}={value}" for variable, value in variables.items()]
    # Tests that run at the same time share what is compiled once.
    with (ROOT / "build" / "e2e.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["make", "--no-print-directory", "-f", "tests/Makefile", "-s", f"VARIANT={board}", f"NETWORK={folder}", *words, str(image)], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
    return image


class NetworkDevice(Device):
    """Runs a networked image until the `with` block ends. What it stored stays in `flash`, a file that is made if it is not there. Its
    port is forwarded from `listen`: it sees 10.0.2.2 as every client's address that comes from 127.0.0.0/8, and the true
    one of others, for which `listen` must be 0.0.0.0, in a network namespace of the test's own (namespace.py)."""

    def __init__(self, image, flash, board="mps2-an385", rtc="utc", clock=True, options=(), listen="127.0.0.1"):
        super().__init__(image, board, count=False)
        self.flash, self.control = pathlib.Path(flash), pathlib.Path(f"{flash}.qmp")
        machine = self.command.index("-M") + 1
        self.command[machine] = f"{board},memory-backend=flash"
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
        end = time.monotonic() + 10
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
        channel.settimeout(10)
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

    def report(self):
        """What `!report` prints: {name: {value: number}}; those that come several times as lists."""
        lines = self.ask("!report", "REPORT end")
        found = {}
        for line in lines[:-1]:
            if line.startswith("REPORT "):
                _, name, *values = line.split()
                found.setdefault(name, []).append(dict(value.split("=") for value in values if "=" in value) or values)
        return found
