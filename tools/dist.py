#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dist.py FILE: the files that git knows, as they lie here, in a tarball; the same tree gives the same bytes.

It holds nothing of others. What it takes to build from it without a network: a compiler, libcurl and OpenSSL for the
command line, and the sources of mbedTLS in MBEDTLS_DIR.
"""
import gzip
import io
import pathlib
import re
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0 or not (ROOT / ".git").exists():
        sys.exit("dist: a tarball is made of a clone: git says which files belong to it")
    return done.stdout


def entry(name, data, executable, when):
    made = tarfile.TarInfo(name)
    made.size, made.mtime, made.mode = len(data), when, 0o755 if executable else 0o644
    return made


def main():
    target = pathlib.Path(sys.argv[1])
    version = re.search(r'^#define WARD_VERSION "(.*)"', (ROOT / "include/ward/version.h").read_text(), re.M)[1]
    files = sorted(name for name in git("ls-files", "-z").split("\0") if name and (ROOT / name).is_file())
    when = int(git("log", "-1", "--format=%ct"))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in files:
            data = (ROOT / name).read_bytes()
            executable = (ROOT / name).stat().st_mode & 0o100
            archive.addfile(entry(f"ward-{version}/{name}", data, executable, when), io.BytesIO(data))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=when) as pressed:
        pressed.write(packed.getvalue())
    changed = git("status", "--porcelain", "--untracked-files=no").splitlines()
    print(f"{target}: {len(files)} files" + (f", {len(changed)} of them with changes that are not committed" if changed else ""))


if __name__ == "__main__":
    main()
