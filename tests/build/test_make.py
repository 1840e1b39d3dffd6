# SPDX-License-Identifier: Apache-2.0
"""What must hold of the build itself: the product without its tests, objects that never lie, makes that run at the same time."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import pace
import pytest
from compiling import CLEAN, DEPS, ROOT, with_pkg_config

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-make-"))
TREE = FOLDER / "ward"


def make(*words, folder=None, **variables):
    """Runs make in the copy; its result."""
    return subprocess.run(["make", "--no-print-directory", *words], cwd=folder or TREE, capture_output=True, text=True, timeout=pace.seconds(200),
                          env={**CLEAN, "WARD_READY": "1", **DEPS, **variables})


def built(*words, **variables):
    """Names of what make compiled, after the board or host they are for."""
    done = make(*words, **variables)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [line.split()[2] for line in done.stdout.splitlines() if line.startswith("  CC ")]


@pytest.fixture(scope="module", autouse=True)
def copy_product():
    """The tracked files without tests/: what a firmware team takes."""
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
                           text=True).stdout.splitlines()
    for file in files:
        if not file.startswith("tests/") and (ROOT / file).exists():
            (TREE / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, TREE / file)


def test_the_product_is_built_without_a_file_of_the_tests_by_four_jobs_at_once():
    for _ in range(2):
        shutil.rmtree(TREE / "build", ignore_errors=True)
        files = built("-j4", "lib", "cli", "firmware")
        assert len(files) == len(set(files)) or files.count("src/token/verify.c") == 2, "something was compiled twice for one variant"
        assert files.count("src/token/verify.c") == 2, "once for this machine, once for the board"
    assert not built("-j4", "lib", "cli", "firmware"), "nothing has changed"


def test_what_is_not_made_of_a_change_is_not_made_again():
    built("lib")
    assert not built("lib")
    (TREE / "src/token/verify.c").touch()
    assert built("lib") == ["src/token/verify.c"]


def test_a_touched_configuration_rebuilds_what_reads_it():
    built("lib")
    (TREE / "port/crypto/mbedtls/core_config.h").touch()
    files = built("lib")
    assert "mbedtls/sha256.c" in files and "port/crypto/mbedtls_core.c" in files and "src/token/verify.c" not in files, files


def test_another_compiler_or_flag_rebuilds_all_and_back_again():
    whole = len(built("lib", "CFLAGS=-O1"))
    assert whole > 50
    assert len(built("lib", "CFLAGS=-O1")) == 0
    assert len(built("lib", "CFLAGS=-O2")) == whole
    assert len(built("lib", "CC=clang")) == whole
    assert len(built("lib", "WARD_CRYPTO=mbedtls_rsa")) >= whole
    assert len(built("lib")) == whole


def test_another_mbedtls_is_built_though_its_files_are_old_and_the_first_has_gone():
    first, second = (FOLDER / name for name in ("mbedtls-1", "mbedtls-2"))
    for folder in (first, second):
        for part in ("include", "library"):
            shutil.copytree(pathlib.Path(DEPS["MBEDTLS_DIR"]) / part, folder / part)
    built("lib", MBEDTLS_DIR=str(first))
    shutil.rmtree(first)
    assert "mbedtls/sha256.c" in built("lib", MBEDTLS_DIR=str(second))
    version = second / "include/mbedtls/build_info.h"
    text = version.read_text()
    version.write_text(text.replace("MBEDTLS_VERSION_PATCH", "MBEDTLS_VERSION_PATCH_2", 1) + "/* a newer one */\n")
    os.utime(version, (time.time() - 10**7,) * 2)
    assert "mbedtls/sha256.c" in built("lib", MBEDTLS_DIR=str(second))


def test_a_path_with_a_space_is_refused_in_one_line():
    folder = FOLDER / "a folder"
    folder.mkdir()
    for part in ("mk", "include"):
        shutil.copytree(TREE / part, folder / part)
    for file in ("Makefile", "ward.mk"):
        shutil.copy2(TREE / file, folder)
    done = make("lib", folder=folder)
    assert done.returncode != 0 and "has a space" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


def test_make_install_and_pkg_config():
    done = make("install", f"DESTDIR={FOLDER / 'stage'}", "PREFIX=/opt/ward")
    assert done.returncode == 0, done.stderr
    prefix = FOLDER / "stage/opt/ward"
    assert all((prefix / file).is_file() for file in ("lib/libward.a", "include/ward/ward.h", "bin/ward"))
    assert [path.name for path in (FOLDER / "stage").iterdir()] == ["opt"]
    with_pkg_config(prefix / "lib/pkgconfig", "pkg-config-make")


def test_every_target_has_a_line_in_the_help():
    shown = make("help").stdout
    phony = set()
    for makefile in [ROOT / "Makefile", *ROOT.glob("*/**/*.mk")]:
        if "build" in makefile.relative_to(ROOT).parts[:1]:
            continue
        for line in re.findall(r"^\.PHONY:(.*)$", makefile.read_text(), re.M):
            phony |= set(line.split())
    for target in {name for name in phony if re.fullmatch("[a-z]+", name)}:  # setup-build and its like are for make alone
        assert re.search(rf"^  {target} ", shown, re.M), f"{target} has no line in `make help`"
