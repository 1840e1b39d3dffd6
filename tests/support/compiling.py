# SPDX-License-Identifier: Apache-2.0
"""Compiling, linking and making as a user of ward does, and what its headers say: for the tests of builds."""
import os
import pathlib
import re
import subprocess
import tempfile

import pace
import tokens

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-build-"))
INCLUDE = ["-I", str(ROOT / "include")]
LIBRARY = str(ROOT / "build" / "host" / "libward.a")
HEADERS = sorted((ROOT / "include").rglob("*.h"))

# Where others' sources are: what the make that runs the tests says, or what tools/setup fetched.
DEPS = {f"{name.upper()}_DIR": str((ROOT / os.environ.get(f"{name.upper()}_DIR", f"build/deps/{name}")).resolve())
        for name in ("mbedtls", "llhttp", "lwip")}

# Variables of the make that runs the tests must not reach the ones that they try.
CLEAN = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", *DEPS)}


def compile_text(text, *words, compiler="gcc", suffix=".c"):
    source = FOLDER / ("source" + suffix)
    source.write_text(text)
    return subprocess.run([compiler, *INCLUDE, *words, str(source)], capture_output=True, text=True, cwd=FOLDER)


def compiles(result):
    assert result.returncode == 0, result.stderr


def run(*words, folder=None, **variables):
    """Runs a build's command, without the variables of the make that runs the tests."""
    return subprocess.run([str(word) for word in words], cwd=folder or FOLDER, capture_output=True, text=True, timeout=pace.seconds(200),
                          env={**CLEAN, **variables})


def ward_mk(name, file="ward.mk", **variables):
    """The value of a variable of ward.mk, or of another list of sources, as make has it."""
    lists = "".join(f"include $(WARD_DIR)/{part}\n" for part in dict.fromkeys(["ward.mk", file]))
    (FOLDER / "value.mk").write_text(f"WARD_DIR := {ROOT}\n{lists}all: ; @echo $({name})\n.PHONY: all\n.DEFAULT_GOAL := all\n")
    done = run("make", "--no-print-directory", "-s", "-f", "value.mk", **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def limits(header="config.h"):
    """Name, lowest and highest value of each limit, read from the checks in ward/config.h, or ward/port/config.h."""
    text = (ROOT / "include/ward" / header).read_text()
    return re.findall(r"#if (WARD_\w+) < (\d+) \|\| WARD_\w+ > (\d+)", text)


def example(name="example"):
    """The C code of an example of the README."""
    text = (ROOT / "README.md").read_text()
    return re.search(rf"<!-- {name}:begin -->\n```c\n(.*?)```\n<!-- {name}:end -->", text, re.S).group(1)


# Asks the smallest example of the README: a token, and the time.
ASK = """
#include <stdlib.h>
#include <string.h>
#include "ward/ward.h"
bool may_read_led(char *token, size_t length, uint64_t seconds_since_1970);
int main(int argc, char **argv)
{
    return argc == 3 && may_read_led(argv[1], strlen(argv[1]), strtoull(argv[2], NULL, 10)) ? 0 : 1;
}
"""


# Behind it, in a firmware with PSA: what the firmware does first.
START_PSA = """
#include "psa/crypto.h"
__attribute__((constructor)) static void start(void)
{
    if (psa_crypto_init() != PSA_SUCCESS)
        exit(3);
}
"""


def write_smallest(folder):
    """A firmware's sources: the smallest example of the README, its keys, and a program that asks it. Returns their
    names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "smallest.c").write_text(example("smallest"))
    (folder / "jwks.json").write_text(tokens.jwks("a"))
    done = run(ROOT / "build/host/ward", "provision", folder / "jwks.json", "--c", "issuer_keys")
    assert done.returncode == 0, done.stderr
    (folder / "keys.c").write_text(done.stdout)
    (folder / "ask.c").write_text(ASK)
    return ["smallest.c", "keys.c", "ask.c"]


def grants_and_refuses(program):
    """Tries that program with a good token, with another scope, and after its expiry."""
    for scope, now, code in (("read:led", 0, 0), ("read:ledger", 0, 1), ("read:led", 100000, 1)):
        asked = [program, tokens.token(tokens.payload(scope=scope)), str(tokens.NOW + now)]
        assert subprocess.run(asked).returncode == code, (scope, now)


def with_pkg_config(place, name):
    """Builds a program by what the file ward.pc in a folder says, and tries it."""
    folder = FOLDER / name
    files = write_smallest(folder)
    # As a shell splits them in `gcc $(pkg-config …)`: quotes among them would stay.
    flags = run("pkg-config", "--cflags", "--libs", "ward", PKG_CONFIG_PATH=str(place)).stdout.split()
    assert any(flag.startswith("-I") for flag in flags)
    compiles(run("gcc", "-std=c99", *files, *flags, "-Wl,--gc-sections", "-o", "ask", folder=folder))
    grants_and_refuses(folder / "ask")
    version = re.search(r'WARD_VERSION "(.*)"', (ROOT / "include/ward/version.h").read_text())[1]
    assert run("pkg-config", "--modversion", "ward", PKG_CONFIG_PATH=str(place)).stdout.strip() == version


# A program that verifies a token and opens a gate.
PROGRAM = """
#include "ward/ward.h"
int main(void)
{
    static struct ward_jwks set;
    static struct ward_jwks_reader reader;
    static struct ward_workspace work;
    struct ward_claims claims;
    const struct ward_expect expect = { .leeway = 1 };
    static struct ward_gate gate;
    const struct ward_policy policy = { .expect = &expect };
    char token[1] = "";
    if (!ward_ok(ward_gate_begin(&gate, &policy, &set, NULL, ward_time_set(0))))
        return 2;
    ward_jwks_begin(&reader, &set, NULL, ward_text_of(NULL, 0));
    return ward_ok(ward_verify(&expect, &set, ward_time_set(0), token, 1, &work, &claims));
}
"""

# A program that makes one CALL with objects in its own memory.
OBJECTS = """
#include "ward/ward.h"
#include "ward/port/service.h"
static struct ward_gate gate; static struct ward_gate_setup setup; static struct ward_policy policy;
static struct ward_time now; static struct ward_workspace work; static struct ward_request request;
static struct ward_decision decision; static struct ward_expect expect; static struct ward_caller caller;
static struct ward_verification verification; static struct ward_check check; static struct ward_request_check running;
static char token[2]; static uint8_t owner[32]; static struct ward_sha256 sha; static struct ward_jwks set;
static struct ward_keyring keyring; static struct ward_keyring_config config; static struct ward_jwks_reader reader;
static bool was; static struct ward_record record; static struct ward_record_info info; static struct ward_claims claims;
static struct ward_record_slots slots; static struct ward_record_origin origin; static struct ward_service service;
static struct ward_platform platform;
int main(void)
{
    (void)gate; (void)setup; (void)policy; (void)now; (void)work; (void)request; (void)decision; (void)expect;
    (void)verification; (void)check; (void)running;
    (void)caller; (void)token; (void)owner; (void)sha; (void)set; (void)keyring; (void)config; (void)reader; (void)was;
    (void)record; (void)info; (void)slots; (void)claims; (void)origin; (void)service; (void)platform;
    return CALL;
}
"""
