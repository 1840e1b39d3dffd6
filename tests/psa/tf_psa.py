#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tf_psa.py: the unit tests and Wycheproof's vectors with port/crypto/psa.c on TF-PSA-Crypto 1.x, the PSA of mbedTLS 4.

TF_PSA_CRYPTO_DIR names its sources: a release, or a tree of its repository with its framework (python3 then makes the
files that a release has, which takes jinja2 and jsonschema). Elsewhere both are skipped.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = "build/host+tfpsa"
FOLDER = os.environ.get("TF_PSA_CRYPTO_DIR", "")
NAMES = ("unit tests, psa of TF-PSA-Crypto", "Wycheproof, psa of TF-PSA-Crypto")


def said(command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def judge(number, name, command):
    """One TAP line for all that a command tells in TAP of its own."""
    code, output = said(command)
    lines = output.splitlines()
    passed = sum(bool(re.match(r"ok\b(?!.*# SKIP)", line)) for line in lines)
    skipped = [line for line in lines if re.match(r"ok\b.*# SKIP", line)]
    wrong = [line for line in lines if line.startswith("not ok")]
    good = code == 0 and not wrong and passed > 0
    for line in wrong or ([] if good else lines[-15:]):
        print(f"# {line}")
    # What lacks its vectors has not been tried.
    print(f"{'ok' if good else 'not ok'} {number} - {name}, {version()}" + (f" # SKIP {skipped[0]}" if good and skipped else ""))
    if good:
        print(f"## {name}, {version()}: {passed} passed")
    return good


def version():
    text = (pathlib.Path(FOLDER) / "include" / "tf-psa-crypto" / "build_info.h").read_text()
    return re.search(r'TF_PSA_CRYPTO_VERSION_STRING +"([^"]+)"', text).group(1)


def main():
    print("1..2")
    if not FOLDER:
        for number, name in enumerate(NAMES, 1):
            print(f"ok {number} - {name} # SKIP TF_PSA_CRYPTO_DIR is not set: the sources of TF-PSA-Crypto 1.x")
        return 0
    if not (pathlib.Path(FOLDER) / "core" / "psa_crypto.c").is_file():
        print(f"not ok 1 - TF_PSA_CRYPTO_DIR={FOLDER} does not hold TF-PSA-Crypto: core/psa_crypto.c is missing")
        return 1
    code, output = said(["make", "--no-print-directory", "-f", "tests/Makefile", "-j2", "VARIANT=host+tfpsa",
                         f"{BUILD}/unit", f"{BUILD}/vectors"])
    if code != 0:
        print("".join(f"# {line}\n" for line in output.splitlines()[-15:]) + "not ok 1 - TF-PSA-Crypto and ward build")
        return 1
    commands = ([f"{BUILD}/unit"], ["tests/vectors/wycheproof.py", f"{BUILD}/vectors", "psa"])
    return 0 if all([judge(number, *row) for number, row in enumerate(zip(NAMES, commands), 1)]) else 1


sys.exit(main())
