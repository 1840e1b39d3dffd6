#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recorded.py RECORD OUT: turns the signatures that tests asked for on the host into a C table for a board."""
import pathlib
import sys


def array(text):
    return ",".join(f"0x{text[i:i + 2]}" for i in range(0, len(text), 2))


def main():
    rows = sorted(set(pathlib.Path(sys.argv[1]).read_text().split("\n")) - {""})
    lines = ["static const struct {", "    int key;", "    unsigned char digest[32];", "    unsigned length;",
             "    const unsigned char *signature;", "} recorded[] = {"]
    for row in rows:
        key, digest, signature = row.split()
        lines.append(f"    {{ {key}, {{ {array(digest)} }}, {len(signature) // 2}, "
                     f"(const unsigned char[]){{ {array(signature)} }} }},")
    lines.append("};")
    pathlib.Path(sys.argv[2]).write_text("\n".join(lines) + "\n")


main()
