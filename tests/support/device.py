# SPDX-License-Identifier: Apache-2.0
"""A board in QEMU that is talked to over its console: lines of an operator, HTTP requests of anybody."""
import collections
import contextlib
import queue
import subprocess
import threading

import evidence
import pace
import qemu


# A response as a client sees it, and what the console says of it: the gate's reason, its cost, the audit's new events.
Response = collections.namedtuple("Response", "status headers body reason instructions audit")


class Silence(RuntimeError):
    """The device has printed nothing for as long as was waited."""


class Device:
    """Runs an image until the `with` block ends. `count` makes its instruction counts the same on every run."""

    def __init__(self, image, board="mps2-an385", count=True):
        self.command = qemu.command(image, board, count)
        self.lines = queue.Queue()
        # What was read of its console, and all that came.
        self.printed, self.console = [], []

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self._read, daemon=True).start()
        evidence.add(self.title(), self.told, lambda: self.process.poll() is None)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def title(self):
        return "the device's console"

    def told(self):
        """What it printed, without the audit that was asked for: its events were printed before."""
        return [line for line in self.console if not line.startswith("RING ")]

    def _read(self):
        """A device that loses its power in the midst of a line has not said it."""
        for data in self.process.stdout:
            line = data.decode(errors="replace").rstrip("\n")
            self.console.append(line)
            if data.endswith(b"\n"):
                self.lines.put(line)
        self.lines.put(None)

    def line(self, seconds=30):
        """The next line of the console, which has so many seconds to come on a machine that does nothing else."""
        try:
            line = self.lines.get(timeout=pace.seconds(seconds))
        except queue.Empty:
            raise Silence(f"the device said nothing for {pace.seconds(seconds):.0f} s") from None
        if line is None:
            raise RuntimeError(f"the device ended with exit code {self.process.wait(10)}; "
                               f"last it printed: {self.printed[-5:]}")
        if line.startswith("FAULT"):
            raise RuntimeError(f"the device faulted: {line}")
        self.printed.append(line)
        return line

    def wait_for(self, beginning, seconds=30):
        """The next line that begins so."""
        return self.until(beginning, seconds)[-1]

    def until(self, beginning, seconds=30):
        """The lines up to the first that begins so."""
        lines = [self.line(seconds)]
        while not lines[-1].startswith(beginning):
            lines.append(self.line(seconds))
        return lines

    def send(self, data):
        with contextlib.suppress(BrokenPipeError):  # line() tells how it ended.
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def ask(self, line, end, seconds=30):
        """Sends an operator's line; gives the lines of the answer, whose last begins with `end`."""
        self.send(line.encode() + b"\n")
        return self.until(end, seconds)

    def response(self, seconds=30):
        """The next response and what the console says of it."""
        lines = self.until("LOG ", seconds)
        log = dict(word.split("=") for word in lines[-1].split()[1:])
        audit = [line.removeprefix("AUDIT ") for line in lines if line.startswith("AUDIT ")]
        head, _, body = "\n".join(line for line in lines[:-1] if not line.startswith("AUDIT ")).partition("\r\n\r\n")
        status, *headers = head.split("\r\n")
        fields = dict(header.split(": ", 1) for header in headers)
        return Response(int(status.split()[1]), fields, body, log["reason"], int(log["instructions"]), audit)

    def request(self, method, target, token=None, body="", headers=()):
        """Sends a request and gives its response."""
        lines = [f"{method} {target} HTTP/1.1", "Host: device", *headers]
        lines += [f"Authorization: Bearer {token}"] if token is not None else []
        lines += [f"Content-Length: {len(body.encode())}"] if body else []
        self.send("\r\n".join([*lines, "", body]).encode())
        return self.response()

    def quit(self, seconds=10):
        """Ends the firmware by its own command; gives its exit code."""
        self.send(b"!quit\n")
        return self.process.wait(pace.seconds(seconds))
