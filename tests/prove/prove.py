#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prove.py [WORD…]: CBMC on tests/prove/*.c: for all inputs of the sizes that stand there, nothing is read or written outside its object, no signed sum
overflows, and what the proof asserts holds. With words: the proofs whose names have one of them. Each proof begins with the line of its options; a proof
that asserts nothing, or that CBMC cannot unwind whole, or in which something never happens that it calls POSSIBLE, has failed. An option that is a source
file is proved with it. The output is TAP."""
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(__file__).resolve().parent
CBMC = pathlib.Path(os.environ.get("CBMC_DIR") or ROOT / "build/deps/cbmc")
# Debian's folder of libraries and its loader, of whichever architecture.
LIBRARIES = next(CBMC.glob("usr/lib/*-linux-gnu"), CBMC)
LOADER = next(LIBRARIES.glob("ld-linux*"), CBMC)
CHECKS = ["--bounds-check", "--pointer-check", "--signed-overflow-check", "--undefined-shift-check", "--div-by-zero-check", "--unwinding-assertions"]
LONGEST = 600


def options(source):
    """/* Options: … */ on the second line."""
    return re.search(r"^/\* Options: (.*?) \*/$", source.read_text(), re.M)[1].split()


def prove(source):
    """Whether the proof holds, and what CBMC said."""
    command = [LOADER, "--library-path", f"{LIBRARIES}:{CBMC / 'usr/lib'}", CBMC / "usr/bin/cbmc", "-I", "include", "-I", "src", "-I",
               "port/crypto", "-I", "tests/prove", *CHECKS, *options(source), source]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST)
    properties = re.findall(r"^\[(\S+)\] (.*): (\w+)$", done.stdout, re.M)
    held = [said == ("FAILURE" if " possible: " in f" {text}" else "SUCCESS") for _, text, said in properties]
    asserted = [name for name, text, _ in properties if ".assertion." in name and " possible: " not in f" {text}"]
    whole = re.search(r"^\*\* \d+ of (\d+) failed", done.stdout, re.M)
    good = done.returncode in (0, 10) and whole is not None and int(whole[1]) == len(properties) and bool(asserted) and all(held)
    failed = [f"{name} {text}: {said}" for (name, text, said), holds in zip(properties, held) if not holds]
    return good, sum(held), failed or (done.stdout + done.stderr).splitlines()[-5:]


def main():
    words = sys.argv[1:]
    sources = [source for source in sorted(FOLDER.glob("*.c")) if not words or any(word in source.stem for word in words)]
    if not sources or not CBMC.is_dir():
        sys.exit(f"not ok 1 - there is something to prove, and CBMC in {CBMC}: tools/setup prove")
    bad = 0
    for number, source in enumerate(sources, 1):
        begin = time.monotonic()
        good, count, said = prove(source)
        bad += not good
        print(f"{'ok' if good else 'not ok'} {number} - {source.stem}: {count} properties hold ({time.monotonic() - begin:.1f} s)", flush=True)
        if not good:
            print("\n".join(f"# {line}" for line in said))
    print(f"1..{len(sources)}")
    return 1 if bad else 0


sys.exit(main())
