#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prove.py [WORD…]: CBMC on tests/prove/*.c: for all inputs of the sizes that stand there, nothing is read or written outside its object, no signed sum
overflows, and what the proof asserts holds. With words: the proofs whose names have one of them. Each proof begins with the line of its options; a proof
that asserts nothing, or that CBMC cannot unwind whole, or in which something never happens that it calls POSSIBLE, has failed. An option that is a source
file is proved with it.

A proof with contracts says them in comments, since ward's own sources have none. "Instrument:" has what goto-instrument is told. "Loops of FILE:" has of
each loop a function and the loop's first line as they stand in FILE, then what the loop writes, what holds before each of its rounds, and what
becomes less in each: a copy of FILE with these at its loops is what the proof includes. The output is TAP."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
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
    """/* Options: … */ from the second line on: a run of CBMC each."""
    return [line.split() for line in re.findall(r"^/\* Options: (.*?) \*/$", source.read_text(), re.M)]


def run(program, *arguments):
    command = [LOADER, "--library-path", f"{LIBRARIES}:{CBMC / 'usr/lib'}", CBMC / "usr/bin" / program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST)


def annotated(text, loops):
    """A source's text with its loops' contracts. They stand in the order of the loops, so each is looked for behind the one before it."""
    place = 0
    for function, loop, writes, holds, less in loops:
        body = re.search(rf"^\w[^;{{}}]*\b{function}\([^;{{}}]*\)\n{{", text, re.M)
        place = max(place, body.end() if body else 0)
        begin = text.find(f"    {loop}\n", place)
        if not body or begin < 0 or "\n}\n" in text[place:begin]:
            sys.exit(f"not ok 1 - {function} has the loop '{loop}' that a contract of tests/prove is for: say there what it is now")
        head = loop.removesuffix(" {")
        contract = f"__CPROVER_assigns({writes}) __CPROVER_loop_invariant({holds}) __CPROVER_decreases({less})"
        text = text[:begin] + f"    {head} {contract}{loop[len(head):]}\n" + text[begin + len(loop) + 5:]
        place = begin + 4 + len(head) + len(contract)
    return text


def contracts(source, folder):
    """Writes the copies into the folder. Returns what goto-instrument is told; nothing where the proof has no contracts."""
    text = source.read_text()
    instrument = re.search(r"^/\* Instrument: (.*?) \*/$", text, re.M)
    for name, block in re.findall(r"^/\* Loops of (\S+):\n(.*?) \*/$", text, re.M | re.S):
        lines = [line.removeprefix(" *").strip() for line in block.splitlines() if line.strip() != "*"]
        loops = [(*lines[at].split(": ", 1), *lines[at + 1:at + 4]) for at in range(0, len(lines), 4)]
        (folder / name).write_text(annotated((ROOT / "port/crypto" / name).read_text(), loops))
    return instrument[1].split() if instrument else []


def checked(source, chosen, folder):
    """What CBMC did with a proof and these options."""
    include = ["-I", folder, "-I", "include", "-I", "src", "-I", "port/crypto", "-I", "tests/prove"]
    instrument = contracts(source, folder)
    if not instrument:
        return run("cbmc", *include, *CHECKS, *chosen, source)
    sources = [option for option in chosen if option.startswith("-D") or option.endswith(".c")]
    for program, *arguments in (("goto-cc", *include, *sources, "-o", folder / "plain", source),
                                ("goto-instrument", *instrument, folder / "plain", folder / "contracts")):
        done = run(program, *arguments)
        if done.returncode != 0:
            return done
    return run("cbmc", *CHECKS, *[option for option in chosen if option not in sources], folder / "contracts")


def prove(source, chosen):
    """Whether the proof holds with these options, and what CBMC said."""
    with tempfile.TemporaryDirectory() as folder:
        done = checked(source, chosen, pathlib.Path(folder))
    properties = re.findall(r"^\[(\S+)\] (.*): (\w+)$", done.stdout, re.M)
    held = [said == ("FAILURE" if " possible: " in f" {text}" else "SUCCESS") for _, text, said in properties]
    asserted = [name for name, text, _ in properties if ".assertion." in name and " possible: " not in f" {text}"]
    whole = re.search(r"^\*\* \d+ of (\d+) failed", done.stdout, re.M)
    good = done.returncode in (0, 10) and whole is not None and int(whole[1]) == len(properties) and bool(asserted) and all(held)
    failed = [f"{name} {text}: {said}" for (name, text, said), holds in zip(properties, held) if not holds]
    # Of what lies behind a failure CBMC says UNKNOWN.
    known = [line for line in failed if not line.endswith(": UNKNOWN")]
    return good, sum(held), known or failed or (done.stdout + done.stderr).splitlines()[-5:]


def main():
    words = sys.argv[1:]
    sources = [source for source in sorted(FOLDER.glob("*.c")) if not words or any(word in source.stem for word in words)]
    if not sources or not CBMC.is_dir():
        sys.exit(f"not ok 1 - there is something to prove, and CBMC in {CBMC}: tools/setup prove")
    bad = 0
    for number, source in enumerate(sources, 1):
        begin = time.monotonic()
        runs = [prove(source, chosen) for chosen in options(source)]
        good = bool(runs) and all(run_good for run_good, _, _ in runs)
        count = sum(run_count for _, run_count, _ in runs)
        said = [line for run_good, _, lines in runs if not run_good for line in lines]
        bad += not good
        print(f"{'ok' if good else 'not ok'} {number} - {source.stem}: {count} properties hold ({time.monotonic() - begin:.1f} s)", flush=True)
        if not good:
            print("\n".join(f"# {line}" for line in said))
    print(f"1..{len(sources)}")
    return 1 if bad else 0


sys.exit(main())
