# SPDX-License-Identifier: Apache-2.0
"""The options of ESP-IDF and Zephyr: a limit in Kconfig for each of the headers, and the component and the module, built by
shims of both build systems into programs that verify tokens."""
import re

import pytest
from compiling import DEPS, FOLDER, ROOT, START_PSA, compile_text, compiles, grants_and_refuses, limits, run, write_smallest

SHIM = ROOT / "tests/build/shim"
KCONFIG = {"esp_idf": ("Kconfig", []), "zephyr": ("zephyr/Kconfig", ["WARD=y"])}
BACKENDS = {"psa": "WARD_CRYPTO_PSA=y", "mbedtls_core": "WARD_CRYPTO_MBEDTLS_CORE=y", "mbedtls_rsa": "WARD_CRYPTO_MBEDTLS_RSA=y",
            "kernel": "WARD_CRYPTO_KERNEL=y"}


def configure(system, folder, *choices):
    """Writes the configuration; returns {limit: (lowest, highest, chosen)}."""
    folder.mkdir(parents=True, exist_ok=True)
    file, first = KCONFIG[system]
    done = run("/usr/bin/python3", ROOT / "tests/build/kconfig.py", file, folder / "sdkconfig.h", folder / "config.cmake", *first, *choices, folder=ROOT)
    assert done.returncode == 0, done.stderr
    return {name: tuple(map(int, numbers)) for name, *numbers in map(str.split, done.stdout.splitlines())}


def defaults():
    """What config.h takes for a board."""
    shown = compile_text('#include "ward/config.h"\n', "-E", "-dM", "-DWARD_HOSTED=0").stdout
    return {name: int(value) for name, value in re.findall(r"#define (WARD_\w+) (\d+)$", shown, re.M)}


@pytest.mark.parametrize("system", KCONFIG)
def test_each_limit_of_the_header_has_an_option_with_its_range_and_default(system):
    """Ports are not built there, and the limits of ward/port/config.h are not read."""
    options = configure(system, FOLDER / "core", BACKENDS["mbedtls_core"])
    assert options == {name: (int(low), int(high), defaults()[name]) for name, low, high in limits()}
    sources = [*(ROOT / "src").rglob("*.c"), *(ROOT / "port").glob("*.c"), *(ROOT / "port/crypto").glob("*.c")]
    assert not [source for source in sources if "ward/port/config.h" in run("gcc", "-MM", "-MG", "-I", ROOT / "include", "-I", ROOT / "src", source).stdout]


def test_each_option_reaches_ward():
    folder = FOLDER / "reach"
    for name, low, high in limits():
        for value in (low, high):
            options = configure("esp_idf", folder, f"{name}={value}")
            assert options[name][2] == int(value)
            compiles(compile_text(f'#include "ward/ward.h"\nint reached[{name} == {value} ? 1 : -1];\n', "-DESP_PLATFORM", "-I", str(folder),
                                  f'-DWARD_CONFIG_FILE="{ROOT}/port/kconfig/limits.h"', "-fsyntax-only"))


def test_there_is_a_choice_for_each_backend():
    files = {file.stem for file in (ROOT / "port/crypto").glob("*.c") if not re.search("^kernel_|sha256", file.stem)}
    text = (ROOT / "port/kconfig/Kconfig").read_text()
    assert {name.lower() for name in re.findall(r"^config WARD_CRYPTO_(\w+)", text, re.M)} == files == set(BACKENDS)


def test_the_component_manager_is_told_the_version():
    version = re.search(r'WARD_VERSION "(.*)"', (ROOT / "include/ward/version.h").read_text())[1]
    assert f'version: "{version}"' in (ROOT / "idf_component.yml").read_text()


def test_on_its_first_pass_esp_idf_learns_what_the_component_requires():
    done = run("cmake", f"-DWARD={ROOT}", "-DESP_PLATFORM=1", "-P", SHIM / "esp_idf/requirements.cmake")
    assert done.returncode == 0 and done.stderr.split("\n")[:2] == ["requires  mbedtls", "end"], done.stderr


@pytest.fixture(scope="module", name="library")
def application_mbedtls():
    """The application's mbedTLS 3.6 as a library, as upstream configures it."""
    folder = FOLDER / "application"
    folder.mkdir()
    source = DEPS["MBEDTLS_DIR"]
    made = run("sh", "-c", f"ls {source}/library/*.c | grep -vE '/(ssl|x509|mps|net_|debug|pkcs7)' | "
                           f"xargs -P 2 -n 8 gcc -w -ffunction-sections -I{source}/include -c && ar rcs libmbedtls.a *.o", folder=folder)
    assert made.returncode == 0, made.stderr
    return folder / "libmbedtls.a"


def build(library, system, name, *choices):
    folder = FOLDER / f"{system}-{name}"
    configure(system, folder, *choices)
    files = write_smallest(folder)
    with open(folder / "ask.c", "a") as file:
        file.write(START_PSA)
    # What ESP-IDF has of mbedTLS 3.6 lies below it.
    (folder / "idf/components/mbedtls").mkdir(parents=True)
    (folder / "idf/components/mbedtls/mbedtls").symlink_to(DEPS["MBEDTLS_DIR"])
    configured = run("cmake", "-S", SHIM / system, "-B", folder / "build", f"-DCONFIG={folder}", f"-DMBEDTLS_DIR={DEPS['MBEDTLS_DIR']}",
                     f"-DMBEDTLS_LIBRARY={library}", f"-DIDF_PATH={folder / 'idf'}", f"-DWARD={ROOT}", f"-DSOURCES={';'.join(str(folder / file) for file in files)}")
    compiles(configured)
    built = run("cmake", "--build", folder / "build", "-j2")
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return folder


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("system", KCONFIG)
def test_the_build_verifies_tokens(library, system, backend):
    folder = build(library, system, backend, BACKENDS[backend], "WARD_MAX_KEYS=7")
    grants_and_refuses(folder / "build/ask")
    built = next(path for path in (folder / "build").glob("*/lib*.a"))
    names = run("nm", "-g", "--defined-only", built).stdout
    assert "_keys7_" in names and "T ward_service_begin" in names and " mbedtls_" not in names


def test_ward_s_own_sha256_is_an_option(library):
    folder = build(library, "esp_idf", "own-sha256", BACKENDS["kernel"], "WARD_SHA256_OWN=y")
    grants_and_refuses(folder / "build/ask")
    names = run("nm", "-g", next(path for path in (folder / "build").glob("*/lib*.a") if "ward_verify" in run("nm", path).stdout)).stdout
    assert re.search(r" T ward_sha256_\w+$", names, re.M) and " mbedtls_sha256" not in names, names


def test_psa_has_a_sha256_already():
    configure("esp_idf", FOLDER / "psa-sha256", BACKENDS["psa"], "WARD_SHA256_OWN=y")
    assert "CONFIG_WARD_SHA256_OWN" not in (FOLDER / "psa-sha256/sdkconfig.h").read_text()


def test_without_a_keyring_there_is_no_service():
    configure("esp_idf", FOLDER / "none", "WARD_KEYRING=n")
    assert 'set(CONFIG_WARD_KEYRING "")' in (FOLDER / "none/config.cmake").read_text()


def test_esp_idf_6_has_no_sources_for_mbedtls_core_and_says_so():
    folder = FOLDER / "missing"
    configure("esp_idf", folder, BACKENDS["mbedtls_core"])
    done = run("cmake", "-S", SHIM / "esp_idf", "-B", folder / "build", f"-DCONFIG={folder}", f"-DMBEDTLS_DIR={DEPS['MBEDTLS_DIR']}",
               f"-DIDF_PATH={folder}", f"-DWARD={ROOT}", "-DSOURCES=none.c")
    assert done.returncode != 0 and "CONFIG_WARD_MBEDTLS_DIR must name the sources of" in " ".join(done.stderr.split()), done.stderr
