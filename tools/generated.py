# SPDX-License-Identifier: Apache-2.0
"""What the generators of assembly have in common: a file of port/crypto that one of them writes, or finds to be what it would write."""
import pathlib
import sys

CRYPTO = pathlib.Path(__file__).resolve().parent.parent / "port" / "crypto"


def end(generator, text, help_text):
    """Without an argument writes port/crypto/NAME.c for tools/NAME.py; with --check says in TAP whether it is this text. The exit code."""
    file = CRYPTO / f"{pathlib.Path(generator).stem}.c"
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(help_text)
    if not sys.argv[1:]:
        file.write_text(text)
        return 0
    good = file.read_text() == text
    print(f"{'ok' if good else 'not ok'} 1 - port/crypto/{file.name} is what tools/{file.stem}.py writes\n1..1")
    return 0 if good else 1
