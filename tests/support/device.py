"""A board in QEMU that is talked to line by line over its console."""
import queue
import subprocess
import threading

import qemu


class Device:
    """Runs an image until the `with` block ends. `count` makes its instruction counts the same on every run."""

    def __init__(self, image, board="mps2-an385", count=True):
        self.command = qemu.command(image, board, count)
        self.lines = queue.Queue()

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.decode(errors="replace").rstrip("\n"))
        self.lines.put(None)

    def line(self, seconds=30):
        """The next line of the console."""
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise RuntimeError(f"the device said nothing for {seconds} s") from None
        if line is None:
            raise RuntimeError(f"the device ended with exit code {self.process.wait(10)}")
        return line

    def wait_for(self, beginning, seconds=30):
        """The next line that begins so; a fault report on the way is an error."""
        while True:
            line = self.line(seconds)
            if line.startswith(beginning):
                return line
            if line.startswith("FAULT"):
                raise RuntimeError(f"the device faulted: {line}")

    def ask(self, line, seconds=30):
        """Sends a line and gives the answer."""
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.line(seconds)

    def quit(self, seconds=10):
        """Ends the firmware by its own command; gives its exit code."""
        self.process.stdin.write(b"quit\n")
        self.process.stdin.flush()
        return self.process.wait(seconds)
