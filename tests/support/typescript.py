# SPDX-License-Identifier: Apache-2.0
"""The client in TypeScript, built as its README says, in a copy below build/: nothing is written beside the sources."""
import fcntl
import hashlib
import pathlib
import shutil
import subprocess

import pace

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "clients" / "typescript"
FOLDER = ROOT / "build" / "clients" / "typescript"
MODULES = ROOT / "build" / "deps" / "clients" / "node_modules"


def run(*words, cwd=FOLDER, **more):
    return subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True,
                          timeout=pace.seconds(120), **more)


def must(*words, **more):
    done = run(*words, **more)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def tsc(*words, **more):
    return run("node", MODULES / "typescript" / "bin" / "tsc", *words, **more)


def sources():
    left = {"dist", "node_modules", "hints.ts"}
    files = [path for path in SOURCE.rglob("*") if path.is_file()]
    return sorted(path for path in files if not left & set(path.relative_to(SOURCE).parts))


def build():
    """The folder of the package with its dist/, made again where a source has changed."""
    assert MODULES.exists(), "the client's npm packages are missing: tools/setup clients fetches them"
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "lock").open("w") as lock:
        # Steps run side by side.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build_alone()


def build_alone():
    digest = hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in sources())).hexdigest()
    stamp = FOLDER / "built"
    if stamp.exists() and stamp.read_text() == digest:
        return FOLDER
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path in sources():
        copy = FOLDER / path.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (FOLDER / "node_modules").symlink_to(MODULES)
    must("node", "hints.mjs")
    done = tsc()
    assert done.returncode == 0, done.stdout
    stamp.write_text(digest)
    return FOLDER
