# SPDX-License-Identifier: Apache-2.0
"""What the crypto backends promise about the mbedTLS that people have: each compiles with warnings as errors against its headers as they are
by default, and README's table of platforms says no more than was tried."""
import os
import pathlib
import re
import subprocess

import pytest

import steps

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wundef", "-Wstrict-prototypes", "-Werror", "-fsyntax-only"]
PSA = "-DWARD_CRYPTO_PSA=1"


def folder(variable, name):
    return ROOT / (os.environ.get(variable) or f"build/deps/{name}")


USUAL, OLD = folder("MBEDTLS_DIR", "mbedtls"), folder("MBEDTLS_228_DIR", "mbedtls-2.28")


def compile_backend(file, mbedtls, *words, compiler="gcc"):
    return subprocess.run([compiler, *STRICT, *words, "-I", ROOT / "include", "-isystem", mbedtls / "include", ROOT / "port" / "crypto" / file],
                          capture_output=True, text=True)


@pytest.mark.parametrize("compiler", ["gcc", "clang", "arm-none-eabi-gcc"])
@pytest.mark.parametrize("file, mbedtls, words", [
    ("mbedtls_rsa.c", OLD, []), ("mbedtls_sha256.c", OLD, []), ("mbedtls_rsa.c", USUAL, []), ("mbedtls_sha256.c", USUAL, []),
    ("psa.c", USUAL, [PSA])])
def test_a_backend_compiles_with_the_default_configuration(file, mbedtls, words, compiler):
    done = compile_backend(file, mbedtls, *words, compiler=compiler)
    assert done.returncode == 0, done.stderr


def test_a_backend_whose_digest_has_no_room_names_the_limit():
    done = compile_backend("psa.c", USUAL)
    assert done.returncode != 0 and "WARD_SHA256_STATE: too small for psa_hash_operation_t" in done.stderr, done.stderr


def platforms():
    """The rows of README's table."""
    table = re.search(r"<!-- platforms:begin -->\n(.*?)<!-- platforms:end -->", (ROOT / "README.md").read_text(), re.S).group(1)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:] if line.startswith("|")]


def test_each_row_of_the_table_of_platforms_has_been_tried_as_it_says():
    """A row ends with the way and, except for `by convention`, the command by which it is tried again."""
    names = [name for name, _, _ in steps.STEPS]
    rows = platforms()
    assert len(rows) >= 8, rows
    for platform, _, backends, tried in rows:
        for backend in re.findall(r"`(\w+)`", backends):
            assert (ROOT / "port" / "crypto" / f"{backend}.c").is_file(), (platform, backend)
        way = re.match(r"run|built|compiled against its headers|by convention", tried)
        assert way, (platform, tried)
        commands = re.findall(r'`tests/run ([^`]+)`', tried)
        assert commands or way.group() == "by convention", (platform, tried)
        for words in commands:
            for word in re.findall(r'"([^"]+)"|(\S+)', words):
                word = next(part for part in word if part)
                assert any(word in name for name in names), (platform, word)


def test_each_backend_has_a_row():
    named = {name for row in platforms() for name in re.findall(r"`(\w+)`", row[2])}
    makefile = (ROOT / "ward.mk").read_text()
    assert named == set(re.findall(r"^WARD_CRYPTO_SOURCES_(\w+)", makefile, re.M))
