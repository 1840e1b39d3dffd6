#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""serve.py: a device and its issuer, up until Ctrl-C; prints a curl to paste, and the device's console."""
import contextlib
import os
import pathlib
import queue
import shlex
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from issuer import Issuer  # noqa: E402
from testbed import Testbed  # noqa: E402

COOLDOWN = 5
WIDEST = 230
SCOPE = "read:foia write:foia read:projects write:projects"


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(Exception):
    """Ctrl-C, SIGTERM, or the terminal is gone."""


def end(*_):
    # What comes while everything is being ended changes nothing any more.
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise Ended


@contextlib.contextmanager
def own_terminal():
    """A Ctrl-C reaches this program alone: make would be ended by it as well, and look as if something had failed."""
    make = os.getpgrp()
    try:
        taken = sys.stdin.isatty() and os.tcgetpgrp(0) == make != os.getpid()
    except OSError:
        taken = False
    if taken:
        # Nobody could continue it: the shell waits for make.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
    try:
        yield
    finally:
        if taken:
            with contextlib.suppress(OSError):
                os.tcsetpgrp(0, make)


def shield():
    """Children are ended by this program, not by a Ctrl-C that the terminal sends to all of them."""
    for number in ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)
    original = subprocess.Popen.__init__
    subprocess.Popen.__init__ = lambda self, *words, **more: original(self, *words, **{"start_new_session": True, **more})


def say(line):
    """A line of the device's console; of an event of the audit what happened, without its digests."""
    print(line if len(line) <= WIDEST else line[:WIDEST] + "…", flush=True)


def console(device):
    """What the device prints, until it ends."""
    while True:
        try:
            line = device.lines.get(timeout=1)
        except queue.Empty:
            continue
        if line is None:
            sys.exit(f"run: the device ended with exit code {device.process.wait(10)}")
        say(line)


def serve():
    print("building the device's image, and starting its issuer: up to a minute the first time", flush=True)
    with Testbed("run", Issuer, cooldown=COOLDOWN) as testbed, testbed.device() as device:
        for line in device.until("READY"):
            say(line)
        say(device.wait_for("FETCH ", 60))
        curl = testbed.curl(device, "/api/foia/requests", token=testbed.issuer.token(SCOPE))
        print(f"\nThe device's port 443 is this machine's {device.port}; its issuer is https://127.0.0.1:{testbed.issuer.port}/. "
              f"Paste into another shell:\n\n{shlex.join(curl)}\n\nThe token is good for a day. A project of your own:\n\n"
              f"{shlex.join([*curl[:-1], '-d', 'Field notes', curl[-1].replace('foia/requests', 'projects')])}\n\n"
              f"The device asks for keys that it does not know every {COOLDOWN} seconds at most; the default is 60. "
              "Ctrl-C ends device and issuer. The device's console:\n", flush=True)
        console(device)


def main():
    shield()
    try:
        with own_terminal():
            serve()
    except Ended:
        print("\nended", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, subprocess.SubprocessError) as trouble:
        sys.exit(f"run: {trouble}")
