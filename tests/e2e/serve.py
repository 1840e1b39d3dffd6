#!/usr/bin/env python3
"""serve.py: a device and its issuer, up until Ctrl-C; prints a curl to paste, and the device's console."""
import queue
import shlex
import signal
import subprocess
import sys

from household import Household

COOLDOWN = 5
WIDEST = 230
SCOPE = "read:foia write:foia read:projects write:projects"


class Ended(Exception):
    """Ctrl-C, or SIGTERM."""


def end(*_):
    # What comes while everything is being ended changes nothing any more.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise Ended


def shield():
    """Children are ended by this program, not by a Ctrl-C that the terminal sends to all of them."""
    for number in (signal.SIGINT, signal.SIGTERM):
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
    with Household("run", COOLDOWN) as home, home.device() as device:
        for line in device.until("READY"):
            say(line)
        say(device.wait_for("FETCH ", 60))
        curl = home.curl(device.port, "/api/foia/requests", token=home.issuer.token(SCOPE))
        print(f"\nThe device's port 443 is this machine's {device.port}; its issuer is https://127.0.0.1:{home.issuer.port}/. Paste into another "
              f"shell:\n\n{shlex.join(curl)}\n\nThe token is good for a day. A project of your own:\n\n"
              f"{shlex.join([*curl[:-1], '-d', 'Field notes', curl[-1].replace('foia/requests', 'projects')])}\n\n"
              "Ctrl-C ends device and issuer. The device's console:\n", flush=True)
        console(device)


def main():
    shield()
    try:
        serve()
    except Ended:
        print("\nended", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, subprocess.SubprocessError) as trouble:
        sys.exit(f"run: {trouble}")
