# SPDX-License-Identifier: Apache-2.0
"""`make run`: the curl that it prints works in a shell, and Ctrl-C leaves nothing behind."""
import fcntl
import json
import os
import pathlib
import queue
import signal
import subprocess
import tempfile
import termios
import threading
import time

import evidence
import pace

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS = 90
MOST_TO_END = 10


class Run:
    """`make run` in a process group of its own, as a shell starts it: on a terminal, or with its output in a pipe."""

    def __init__(self, terminal=False):
        self.files = tempfile.TemporaryDirectory(prefix="ward-test-run-")
        self.terminal = terminal
        self.lines, self.printed, self.seen = queue.Queue(), [], set()

    def __enter__(self):
        ends = os.openpty() if self.terminal else (None, None)
        self.keyboard = ends[0]
        output = ends[1] if self.terminal else subprocess.PIPE
        self.process = subprocess.Popen(
            ["make", "--no-print-directory", "run"], cwd=ROOT, stdin=ends[1] if self.terminal else subprocess.DEVNULL, stdout=output,
            stderr=output if self.terminal else subprocess.STDOUT, start_new_session=True, env=dict(os.environ, TMPDIR=self.files.name),
            preexec_fn=self._as_a_shell_would)
        evidence.add("what make run printed", lambda: self.printed, lambda: self.process.poll() is None)
        if self.terminal:
            os.close(ends[1])
        threading.Thread(target=self._read, args=(self.keyboard if self.terminal else self.process.stdout.fileno(),), daemon=True).start()
        return self

    def __exit__(self, *_):
        for process in [*self.children(), *self.seen, self.process.pid]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.files.cleanup()

    def _as_a_shell_would(self):
        """It gets its terminal, and heeds signals also where whoever called this test ignores them."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if self.terminal:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def _read(self, end):
        """A terminal that nobody has open any more is an error to read from."""
        text = b""
        try:
            while data := os.read(end, 4096):
                *lines, text = (text + data).split(b"\n")
                for line in lines:
                    self.lines.put(line.decode().rstrip("\r"))
        except OSError:
            pass
        self.lines.put(None)

    def wait_for(self, beginning):
        end = time.monotonic() + pace.seconds(SECONDS)
        while True:
            line = self.lines.get(timeout=max(0.1, end - time.monotonic()))
            assert line is not None, ("it has ended", self.printed[-10:])
            self.printed.append(line)
            if line.startswith(beginning):
                return line

    def children(self):
        """The ids of all processes below it that live."""
        parents = {}
        for entry in pathlib.Path("/proc").iterdir():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else []
            except OSError:
                continue
            if fields and fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
        found, left = [], [self.process.pid]
        while left:
            below = parents.get(left.pop(), [])
            found += below
            left += below
        self.seen |= set(found)
        return found

    def wait_for_program(self, name):
        """Until a process of this name runs below it."""
        end = time.monotonic() + pace.seconds(SECONDS)
        while not any(there.startswith(name) for there in names(self.children())):
            assert time.monotonic() < end, f"no {name}"
            time.sleep(0.01)

    def serve(self):
        """The id of the program that `make run` runs."""
        found = [child for child in self.children() if b"e2e/serve.py" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes()]
        assert len(found) == 1, found
        return found[0]

    def left(self, seconds=0):
        """Which of the processes that were seen still live after these seconds, and which files."""
        end = time.monotonic() + pace.seconds(seconds)
        while (living := names(self.seen)) and time.monotonic() < end:
            time.sleep(0.05)
        return living, os.listdir(self.files.name)


def names(processes):
    """Of those that live."""
    found = []
    for process in processes:
        try:
            name, _, state = pathlib.Path(f"/proc/{process}/stat").read_text().partition("(")[2].rpartition(")")
            found += [name] if state.split()[0] != "Z" else []
        except OSError:
            pass
    return found


def shell(line):
    done = subprocess.run(["sh", "-c", line + " --silent --show-error --max-time 20"], capture_output=True, text=True, timeout=pace.seconds(30))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def use(run):
    """Waits until it serves, and does what it prints."""
    line, project = run.wait_for("curl "), run.wait_for("curl ")
    answer = shell(line)
    assert answer["category"] == "FOIA Dashboard" and answer["kind"] == "user", answer
    assert shell(project) == {"number": 1, "name": "Field notes"}
    run.wait_for("LOG status=200")
    run.wait_for("LOG status=201")
    programs = names(run.children())
    assert any(name.startswith("qemu") for name in programs) and "node" in programs, programs


def test_the_curl_that_is_printed_works_and_ctrl_c_on_the_terminal_ends_it_with_0_and_leaves_nothing():
    with Run(terminal=True) as run:
        use(run)
        os.write(run.keyboard, b"\x03")
        code = run.process.wait(pace.seconds(MOST_TO_END))
        run.wait_for("ended")
        assert code == 0, (code, run.printed[-5:])
        assert run.left() == ([], []), run.left()
        assert not any("***" in line for line in run.printed), run.printed


def test_sigint_to_all_of_its_group_leaves_nothing():
    with Run() as run:
        use(run)
        os.killpg(run.process.pid, signal.SIGINT)
        code = run.process.wait(pace.seconds(MOST_TO_END))
        run.wait_for("ended")
        # make was sent it as well, and ends by it, as a shell expects.
        assert code == -signal.SIGINT, (code, run.printed[-5:])
        assert run.left() == ([], []), run.left()


def test_sigterm_and_a_terminal_that_hangs_up_end_it_as_well():
    for number in (signal.SIGTERM, signal.SIGHUP):
        with Run() as run:
            run.wait_for("curl ")
            os.kill(run.serve(), number)
            assert run.process.wait(pace.seconds(MOST_TO_END)) == 0, run.printed[-5:]
            assert run.left() == ([], []), run.left()


def test_ctrl_c_while_it_is_starting_leaves_nothing():
    for name in ("openssl", "node", "qemu"):
        with Run(terminal=True) as run:
            run.wait_for_program(name)
            os.write(run.keyboard, b"\x03")
            assert run.process.wait(pace.seconds(MOST_TO_END)) == 0, (name, run.printed[-5:])
            assert run.left(2) == ([], []), (name, run.left())


def test_killed_it_leaves_no_process():
    with Run() as run:
        run.wait_for("curl ")
        run.wait_for_program("qemu")
        os.kill(run.serve(), signal.SIGKILL)
        assert run.process.wait(pace.seconds(MOST_TO_END)) != 0
        assert run.left(5)[0] == [], run.left()
