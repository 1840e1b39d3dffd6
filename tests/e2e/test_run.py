#!/usr/bin/env python3
"""test_run.py: `make run`: the curl that it prints works in a shell, and Ctrl-C leaves nothing behind."""
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402

SECONDS = 90


class Run:
    """`make run` in a process group of its own, as a terminal starts it."""

    def __enter__(self):
        self.process = subprocess.Popen(["make", "--no-print-directory", "run"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, start_new_session=True)
        self.lines, self.printed = queue.Queue(), []
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_):
        for process in [*self.children(), self.process.pid]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def wait_for(self, beginning):
        end = time.monotonic() + SECONDS
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
        return found


def names(processes):
    found = []
    for process in processes:
        try:
            found.append(pathlib.Path(f"/proc/{process}/comm").read_text().strip())
        except OSError:
            pass
    return found


def shell(line):
    done = subprocess.run(["sh", "-c", line + " --silent --show-error --max-time 20"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def end_with(number, group):
    """Runs, tries what is printed, sends the signal, looks for what is left."""
    with Run() as run:
        line, make = run.wait_for("curl "), run.wait_for("curl ")
        answer = shell(line)
        assert answer["category"] == "FOIA Dashboard" and answer["kind"] == "user", answer
        assert shell(make) == {"number": 1, "name": "Field notes"}
        run.wait_for("LOG status=200")
        children = run.children()
        programs = names(children)
        assert any(name.startswith("qemu") for name in programs) and "node" in programs, programs
        if group:
            os.killpg(run.process.pid, number)
        else:
            for child in children:
                if b"e2e/serve.py" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, number)
        code = run.process.wait(10)
        run.wait_for("ended")
        # make ends by the signal that it was sent, as a shell expects of it.
        assert code == (-number if group else 0), (code, run.printed[-5:])
        left = [child for child in children if pathlib.Path(f"/proc/{child}/comm").exists()]
        assert not left, names(left)


def test_the_curl_that_is_printed_works_and_ctrl_c_leaves_nothing_behind():
    end_with(signal.SIGINT, group=True)


def test_sigterm_ends_it_as_well():
    end_with(signal.SIGTERM, group=False)


if __name__ == "__main__":
    tap.main(__name__, "run: ")
