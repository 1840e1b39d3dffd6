# SPDX-License-Identifier: Apache-2.0
"""tools/setup on other machines than this: what it says where it cannot install, that it finds what is there wherever it
lies, and that a long command is not silent."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pace
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FETCHED = ROOT / "build" / "deps"
DEPS = {"MBEDTLS_DIR": "mbedtls", "CBMC_DIR": "cbmc", "LLHTTP_DIR": "llhttp", "LWIP_DIR": "lwip", "MBEDTLS_228_DIR": "mbedtls-2.28", "PICO_SDK_PATH": "pico-sdk",
        "PG_CONFIG": "database/usr/bin/pg_config"}
DEPS = {name: str(FETCHED / place) for name, place in DEPS.items()}
DEPS["NGINX"] = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or str(FETCHED / "nginx/usr/sbin/nginx")
DEBIAN = "\nID=debian\n" in f"\n{pathlib.Path('/etc/os-release').read_text()}\n"

# Whose npm packages lie where.
NPM = {"tests/openapi": "openapi", "clients/typescript": "clients", "tests/clients/example": "browser"}


@pytest.fixture
def machine():
    """Another machine: its setup in a tree of its own, and commands of which any may be missing or another."""
    return Machine(pathlib.Path(tempfile.mkdtemp(prefix="ward-setup-")))


class Machine:
    def __init__(self, folder):
        self.folder, self.bin = folder, folder / "bin"
        (folder / "tools").mkdir()
        shutil.copy2(ROOT / "tools" / "setup", folder / "tools" / "setup")
        (folder / "tests" / "issuer").mkdir(parents=True)
        (folder / "build" / "deps").mkdir(parents=True)
        for source, name in NPM.items():
            (folder / source).mkdir(parents=True)
            shutil.copy2(ROOT / source / "package-lock.json", folder / source)
            (folder / "build" / "deps" / name).symlink_to(FETCHED / name)
        self.bin.mkdir()
        # A ccache that stands for the compilers looks for them in the path that this machine has not.
        for place in [place for place in os.environ["PATH"].split(":") if not place.endswith("/ccache")]:
            for command in pathlib.Path(place).glob("*"):
                if not (self.bin / command.name).is_symlink():
                    (self.bin / command.name).symlink_to(command)

    def without(self, *names):
        for name in names:
            (self.bin / name).unlink(missing_ok=True)

    def with_command(self, name, script):
        self.without(name)
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / name).chmod(0o755)

    def setup(self, *groups, **variables):
        kept = {name: value for name, value in os.environ.items() if name not in DEPS}
        return subprocess.run([self.folder / "tools" / "setup", *groups], capture_output=True, text=True, timeout=pace.seconds(60),
                              env={**kept, "PATH": str(self.bin), **variables})


def test_elsewhere_one_message_names_all_that_is_missing(machine):
    machine.without("apt-get", "cppcheck", "qemu-system-arm")
    done = machine.setup("build", "firmware", "emulator", "test")
    assert done.returncode == 1 and done.stdout == "", done
    for named in ("not Debian", "cppcheck: ", "qemu-system-arm: ", "mbedTLS, 3.6.6", "MBEDTLS_DIR", "lwIP, 2.2", "LWIP_DIR", "llhttp, 6.0", "LLHTTP_DIR", "MBEDTLS_228_DIR", "the Pico SDK", "CBMC_DIR",
                  "PICO_SDK_PATH", "PG_CONFIG"):
        assert done.stderr.count(named) == 1, (named, done.stderr)
    assert "curl" not in done.stderr, "what is there is not missing"


def test_elsewhere_what_is_there_is_enough(machine):
    machine.without("apt-get")
    done = machine.setup("build", "firmware", "emulator", "test", **DEPS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_header_is_where_the_compiler_finds_it(machine):
    machine.without("apt-get")
    machine.with_command("gcc", 'read -r line; case $line in *cmocka*|*curl/*) exit 1 ;; esac')
    done = machine.setup("build", "test", **DEPS)
    assert done.returncode == 1 and "libcmocka-dev: " in done.stderr and "libcurl4-openssl-dev: " in done.stderr, done.stderr
    assert "libssl-dev" not in done.stderr


def test_a_runtime_of_clang_is_where_clang_finds_it(machine):
    machine.without("apt-get")
    machine.with_command("clang", 'case $1 in -dumpversion) echo 77.1.2 ;; *) exit 1 ;; esac')
    machine.with_command("arm-none-eabi-gcc", "echo libc.a")
    done = machine.setup("firmware", "test", **DEPS)
    assert "libclang-rt-77-dev: " in done.stderr and "libnewlib-arm-none-eabi: " in done.stderr, done.stderr


@pytest.mark.skipif(not DEBIAN, reason="this is not Debian")
def test_a_long_command_says_that_it_goes_on_and_a_failed_one_why(machine):
    machine.without("cppcheck")
    machine.with_command("sudo", 'exec "$@"')
    machine.with_command("apt-get", 'echo "Get:7 lists"; sleep 11; echo "E: no network"; exit 100')
    done = machine.setup("test", **DEPS)
    assert done.returncode == 1 and "cppcheck: static checks" in done.stdout, done
    assert re.search(r"^ward setup: reading lists of packages, since \d+ s: Get:7 lists$", done.stdout, re.M), done.stdout
    assert "apt-get update failed" in done.stderr and "E: no network" in done.stderr


@pytest.mark.skipif(not DEBIAN, reason="this is not Debian")
@pytest.mark.parametrize("group, variable, named", [
    ("firmware", "LLHTTP_DIR", "fetching llhttp failed"), ("firmware", "LWIP_DIR", "lwip"),
    ("test", "MBEDTLS_228_DIR", "mbedtls"), ("test", "PICO_SDK_PATH", "pico-sdk"),
    ("prove", "CBMC_DIR", "unpacking"), ("peers", "BEARSSL_DIR", "bearssl")])
def test_a_source_that_does_not_come_ends_it(machine, group, variable, named):
    """Debian 13's node-llhttp has no C: nothing was copied, setup ended well, and the compiler missed a header."""
    machine.with_command("apt-get", "exit 0")
    done = machine.setup(group, **{name: place for name, place in DEPS.items() if name != variable})
    assert done.returncode != 0 and named in done.stderr, done


@pytest.mark.skipif(not DEBIAN, reason="this is not Debian")
def test_nothing_is_installed_where_that_is_not_wanted(machine):
    machine.without("cppcheck")
    machine.with_command("apt-get", 'echo "$@" >> "$0.called"')
    done = machine.setup("test", WARD_INSTALL="no", **DEPS)
    assert done.returncode == 1 and "apt-get install --no-install-recommends cppcheck" in done.stdout, done
    assert not (machine.bin / "apt-get.called").exists()


def test_no_file_names_an_architecture_or_the_folder_of_a_compiler():
    """But for the one that the tests compile for, by a compiler's name."""
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
                           text=True).stdout.splitlines()
    found = []
    for file in files:
        text = (ROOT / file).read_text(errors="replace") if (ROOT / file).is_file() else ""
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"x86.64|amd64|i[36]86|/usr/lib/(gcc|llvm|clang|arm)|[a-z0-9]+-linux-gnu/|lib/gcc/", line):
                found.append(f"{file}:{number}: {line.strip()}")
    assert [line for line in found if not line.startswith("tests/build/test_setup.py:")] == []
