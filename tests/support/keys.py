#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keys.py OUT: writes the public halves of tests/keys as a C table (test_public_keys)."""
import base64
import pathlib
import re
import subprocess
import sys

KEYS = ["a", "b", "c", "m", "l", "odd", "short", "exponent3", "d"]


def base64url(number):
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public(path):
    def openssl(*words):
        return subprocess.run(["openssl", "rsa", "-in", path, "-noout", *words], check=True, capture_output=True,
                              text=True).stdout
    n = int(openssl("-modulus").split("=")[1], 16)
    e = int(re.search(r"publicExponent: (\d+)", openssl("-text")).group(1))
    return n, e


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "keys"
    lines = ['#include "keys.h"', "", "const struct test_public_key test_public_keys[TEST_KEYS] = {"]
    for name in KEYS:
        n, e = public(folder / f"{name}.pem")
        r_squared = pow(2, (n.bit_length() + 63) // 64 * 128, n)
        lines.append(f'    {{ "{name}", {n.bit_length()}, "{base64url(n)}", "{base64url(e)}", {r_squared & 0xffffffff}u }},')
    lines.append("};")
    pathlib.Path(sys.argv[1]).write_text("\n".join(lines) + "\n")


main()
