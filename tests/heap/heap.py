#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""heap.py [--check PAGE | --write PAGE]: the memory that each crypto backend asks of the firmware for a check, measured on the
Cortex-M3 in QEMU: the smallest arena of mbedTLS's allocator with which a signature is judged, its own overhead included.

With --check the table of a page has to be these numbers (TAP), with --write it is put there.
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import qemu  # noqa: E402

BITS = (2048, 3072, 4096)
TABLE = re.compile(r"(<!-- heap:begin -->\n).*?(<!-- heap:end -->)", re.S)


def version(folder):
    """Which mbedTLS lies there: a 3.x says it in one header, 2.28 in another."""
    texts = [path.read_text() for name in ("build_info.h", "version.h") if (path := folder / "include" / "mbedtls" / name).is_file()]
    return re.search(r'MBEDTLS_VERSION_STRING +"([^"]+)"', "".join(texts)).group(1)


def folder_of(variable, name):
    return ROOT / (os.environ.get(variable) or f"build/deps/{name}")


def rows():
    """Backend, mbedTLS, flavour of the image that measures."""
    usual, old = version(folder_of("MBEDTLS_DIR", "mbedtls")), version(folder_of("MBEDTLS_228_DIR", "mbedtls-2.28"))
    return (("mbedtls_rsa", old, "mbedtls228"), ("mbedtls_rsa", usual, "mbedtls_rsa"), ("psa", usual, "psa"))


def measure(flavour):
    code, output = qemu.run(ROOT / "build" / f"mps2-an385+{flavour}+heap" / "heap.elf", icount=False, timeout=60)
    found = {int(bits): int(size) for bits, size in re.findall(r"bits (\d+) bytes (\d+)", output)}
    if code != 0 or sorted(found) != list(BITS):
        raise qemu.QemuError(f"{flavour}: it ended with {code} and said {output!r}")
    return found


def table():
    lines = ["Measured by `tests/heap/heap.py` on a Cortex-M3 in QEMU, bytes at the peak of a check:", "",
             "| backend | mbedTLS | " + " | ".join(f"{bits} bits" for bits in BITS) + " |", "|---|---|" + "---:|" * len(BITS),
             "| `mbedtls_core` | 3.6 | " + " | ".join("0" for _ in BITS) + " |"]
    for backend, mbedtls, flavour in rows():
        found = measure(flavour)
        lines.append(f"| `{backend}` | {mbedtls} | " + " | ".join(f"{found[bits]:,}" for bits in BITS) + " |")
    return "\n".join(lines) + "\n"


def main():
    words = sys.argv[1:]
    if words and (len(words) != 2 or words[0] not in ("--check", "--write")):
        sys.exit(__doc__)
    measured = table()
    if not words:
        print(measured, end="")
        return 0
    page = pathlib.Path(words[1])
    text = page.read_text()
    if words[0] == "--write":
        page.write_text(TABLE.sub(lambda match: match.group(1) + measured + match.group(2), text))
        return 0
    found = TABLE.search(text)
    good = found is not None and found.group(0).split("\n", 1)[1].removesuffix("<!-- heap:end -->") == measured
    if not good:
        print("".join(f"# measured: {line}\n" for line in measured.splitlines()) + f"# tests/heap/heap.py --write {words[1]} puts it there")
    print(f"{'ok' if good else 'not ok'} 1 - {words[1]} says how much memory each backend asks of the firmware\n1..1")
    return 0 if good else 1


sys.exit(main())
