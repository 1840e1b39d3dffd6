#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""speed.py: one RS256 verification of 2048 bits on this machine by the backend `kernel` and by OpenSSL in one program, their
instructions counted by callgrind: at most twice OpenSSL's."""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MOST = 2.0


def count():
    """Instructions of by_ward and by_openssl, with what they call."""
    found = {}
    for name in ("by_ward", "by_openssl"):
        with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="callgrind-") as folder:
            done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", f"--toggle-collect={name}", "build/host+kernel/speed",
                                   "tests/keys/a.pem"], cwd=ROOT, capture_output=True, text=True)
            collected = re.search(r"Collected : (\d+)", done.stderr)
            if done.returncode != 0 or collected is None:
                raise SystemExit(f"not ok 1 - both verify the signature under callgrind\n# {done.stderr[-2000:]}")
            found[name] = int(collected[1])
    return found


def main():
    found = count()
    ratio = found["by_ward"] / found["by_openssl"]
    good = found["by_openssl"] > 50000 and ratio <= MOST
    print(f"{'ok' if good else 'not ok'} 1 - a verification takes at most {MOST:.0f} times OpenSSL's instructions")
    print(f"## ward {found['by_ward']:,}, OpenSSL {found['by_openssl']:,}: {ratio:.2f} times\n1..1")
    return 0 if good else 1


sys.exit(main())
