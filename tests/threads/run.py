#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [PROGRAM]: several tasks at one gate under the thread sanitizer, and that a gate without its lock would be found."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def run(*words):
    program = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "host" / "threads"
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=120, env={"TSAN_OPTIONS": "halt_on_error=1"})
    return done.returncode, (done.stdout + done.stderr).strip()


def tell(number, good, what, text):
    print(f"{'ok' if good else 'not ok'} {number} - {what}")
    if not good:
        print("".join(f"# {line}\n" for line in text.splitlines()[-20:]), end="")


def main():
    code, text = run()
    locked = code == 0
    tell(1, locked, "an audit is exported whole while tasks check, verify in steps, give up, swap keys and deny", text)
    if locked:
        print(f"## {text}")
    code, text = run("--unlocked")
    found = code != 0
    tell(2, found, "without the gate's lock that fails", text)
    return 0 if locked and found else 1


sys.exit(main())
