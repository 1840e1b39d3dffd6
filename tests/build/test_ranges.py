# SPDX-License-Identifier: Apache-2.0
"""Limits have ranges, which are checked when anything is compiled, and come from one file."""
import re

from compiling import FOLDER, ROOT, compile_text, compiles, limits


def test_a_limit_out_of_range_is_refused_with_its_name_and_rule():
    found = limits()
    assert len(found) >= 9, found
    for name, low, high in found:
        for value in (int(low) - 1, int(high) + 1):
            result = compile_text('#include "ward/ward.h"\n', f"-D{name}={value}", "-fsyntax-only")
            assert result.returncode != 0, (name, value)
            assert f'"{name}: {low} to {high}' in result.stderr, result.stderr
        compiles(compile_text('#include "ward/ward.h"\n', f"-D{name}={high}", "-fsyntax-only"))


def test_every_limit_is_checked():
    text = (ROOT / "include/ward/config.h").read_text()
    defined = set(re.findall(r"#ifndef (WARD_\w+)", text)) - {"WARD_CONFIG_H", "WARD_HOSTED", "WARD_CRYPTO_PSA", "WARD_USER_AGENT"}
    assert defined == {name for name, _, _ in limits()}


PORTS = '#include "ward/port/config.h"\n'

# With these each limit of a port may have any value of its range.
AMPLE = {"WARD_SERVER_CROWDED_MS": 250, "WARD_SERVER_LEAST_MS": 250, "WARD_SERVER_FIRST_MS": 100, "WARD_SERVER_REQUEST_MS": 120000,
         "WARD_SERVER_RESPONSE": 4096, "WARD_FETCH_CONNECT_MS": 1000, "WARD_FETCH_WHOLE_MS": 120000, "WARD_FETCH_MAX_REQUEST": 128,
         "WARD_ARENA_SIZE": 1048576, "WARD_ARENA_HELLO_SHARE": 4096, "WARD_ARENA_FETCH_SHARE": 65536}


def with_limits(**values):
    return compile_text(PORTS, *[f"-D{name}={value}" for name, value in values.items()], "-fsyntax-only")


def test_limits_of_the_ports_have_ranges_and_come_from_the_same_file():
    text = (ROOT / "include/ward/port/config.h").read_text()
    ranges = re.findall(r"#if (WARD_\w+) < (\d+) \|\| WARD_\w+ > (\d+)", text)
    assert {name for name, _, _ in ranges} == set(re.findall(r"#ifndef (WARD_\w+)", text)) - {"WARD_PORT_CONFIG_H"}
    for name, low, high in ranges:
        for value in (int(low) - 1, int(high) + 1):
            result = with_limits(**{name: value})
            assert result.returncode != 0 and f'"{name}: {low} to {high}' in result.stderr, (name, value, result.stderr)
        last = {"WARD_SERVER_CROWDED_MS": {"WARD_SERVER_CROWDED_MS": high}, "WARD_SERVER_LEAST_MS": {"WARD_SERVER_CROWDED_MS": high},
                "WARD_SERVER_FIRST_MS": {"WARD_SERVER_CROWDED_MS": high}}.get(name, {})
        compiles(with_limits(**{**AMPLE, **last, name: high}))
    (FOLDER / "ports.h").write_text("#define WARD_SERVER_SLOTS 2\n")
    compiles(compile_text(PORTS + "int slots[WARD_SERVER_SLOTS == 2 ? 1 : -1];\n", '-DWARD_CONFIG_FILE="ports.h"', "-I", str(FOLDER),
                          "-fsyntax-only"))


def test_limits_of_the_ports_that_do_not_fit_together_are_refused():
    for name, values in (("WARD_ARENA_SIZE", {"WARD_SERVER_SLOTS": 7}), ("WARD_ARENA_SIZE", {"WARD_ARENA_SIZE": 53252}),
                         ("WARD_SERVER_WAITING", {"WARD_SERVER_WAITING": 1}), ("WARD_SERVER_CROWDED_MS", {"WARD_SERVER_REQUEST_MS": 2000}),
                         ("WARD_SERVER_LEAST_MS", {"WARD_SERVER_CROWDED_MS": 1000}), ("WARD_SERVER_FIRST_MS", {"WARD_SERVER_FIRST_MS": 3000}),
                         ("WARD_FETCH_CONNECT_MS", {"WARD_FETCH_WHOLE_MS": 9000}), ("WARD_FETCH_MAX_REQUEST", {"WARD_FETCH_MAX_REQUEST": 2400}),
                         ("WARD_FETCH_CLEARTEXT", {"WARD_FETCH_CLEARTEXT": 1, "WARD_MAX_BUNDLE": 0}),
                         ("WARD_ARENA_HELLO_SHARE", {"WARD_ARENA_HELLO_SHARE": 30000})):
        result = with_limits(**values)
        assert result.returncode != 0 and f'"{name}: ' in result.stderr, (name, values, result.stderr)
    compiles(with_limits(WARD_SERVER_SLOTS=7, WARD_ARENA_SIZE=90112))


def test_rsa_bits_and_sha_state_are_whole_words():
    for define in ("WARD_MAX_RSA_BITS=2049", "WARD_SHA256_STATE=106"):
        assert compile_text('#include "ward/ward.h"\n', f"-D{define}", "-fsyntax-only").returncode != 0


def test_the_kernel_takes_each_length_of_the_largest_modulus():
    for words in ("WARD_KERNEL_DIGITS", "WARD_KERNEL_ROWS", "WARD_KERNEL_COLUMNS", "WARD_KERNEL_SMALL"):
        for bits in (2048, 2112, 3008, 3072, 3136, 4032, 4096):
            for name in ("kernel", "kernel_power_digits", "kernel_power_rows", "kernel_power_halves"):
                compiles(compile_text(f'#include "{ROOT}/port/crypto/{name}.c"\n', f"-D{words}=1", f"-DWARD_MAX_RSA_BITS={bits}",
                                      "-I", str(ROOT / "src"), "-I", str(ROOT), "-fsyntax-only"))


def test_limits_come_from_a_configuration_file_too():
    (FOLDER / "limits.h").write_text("#define WARD_MAX_KEYS 3\n")
    result = compile_text('#include "ward/ward.h"\nint keys[WARD_MAX_KEYS == 3 ? 1 : -1];\n',
                          '-DWARD_CONFIG_FILE="limits.h"', "-I", str(FOLDER), "-fsyntax-only")
    compiles(result)
