#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What long runs have found, kept as seeds: tests/fuzz/found/TARGET, an input a line in base64.

    found.py [FOLDER [TARGET…]]    takes from FOLDER/corpus what reaches something that neither the seeds nor these inputs do, the
                                   shortest first, as much as fits (default build/host+fuzz, every target)

A line that starts with `!` once broke a rule or a model, and stays whatever else is found.
"""
import base64
import pathlib
import subprocess
import sys
import tempfile

import seeds

FOLDER = pathlib.Path(__file__).resolve().parent / "found"

# Bytes of inputs that a target may keep.
ROOM = 4096


def lines(name):
    path = FOLDER / name
    return path.read_text().splitlines() if path.is_file() else []


def inputs(name):
    """Those of one target."""
    return [base64.b64decode(line.removeprefix("!")) for line in lines(name)]


def new_inputs(program, known, corpus):
    """Of a corpus those that reach something new."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for number, data in enumerate(known):
            (folder / f"known-{number}").write_bytes(data)
        subprocess.run([program, "-merge=1", "-rss_limit_mb=512", folder, corpus], check=True, capture_output=True, timeout=1200)
        return [path.read_bytes() for path in folder.iterdir() if not path.name.startswith("known-")]


def keep(name, build):
    kept = lines(name)
    room = ROOM - sum(len(data) for data, line in zip(inputs(name), kept) if not line.startswith("!"))
    added = 0
    for data in sorted(new_inputs(build / name, [*seeds.SEEDS[name](), *inputs(name)], build / "corpus" / name), key=lambda one: (len(one), one)):
        if len(data) > room:
            break
        room -= len(data)
        added += 1
        kept.append(base64.b64encode(data).decode())
    if kept:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / name).write_text("".join(f"{line}\n" for line in kept))
    print(f"{name}: {added} more, {room} bytes left")


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/host+fuzz").resolve()
    for name in sys.argv[2:] or sorted(set(seeds.SEEDS) - {"fuzz_kernel"}):
        keep(name, build)


if __name__ == "__main__":
    main()
