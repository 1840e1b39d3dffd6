# SPDX-License-Identifier: Apache-2.0
"""The component and its example, compiled against the headers of an ESP-IDF, with the configuration that its menus make
by default:

    IDF_PATH=/path/to/esp-idf tests/pytest tests/build/test_esp_idf.py

Where that tree has no submodules, MBEDTLS_4_DIR and TF_PSA_CRYPTO_DIR name those of mbedTLS 4 for ESP-IDF 6, and
MBEDTLS_DIR and LWIP_DIR the rest. clang compiles for a RISC-V of 32 bits (ESP32-C3), with newlib's headers; nothing is linked.
"""
import os
import pathlib
import re

import pytest
from compiling import DEPS, FOLDER, ROOT, run

IDF = pathlib.Path(os.environ.get("IDF_PATH", ""))
EXAMPLE = ROOT / "examples/esp_http_server/main"
TARGET = "esp32c3"
CPU = ["clang", "--target=riscv32-unknown-elf", "-march=rv32imc", "-mabi=ilp32", "-std=gnu17", "-fsyntax-only",
       "-Wall", "-Wextra", "-Werror"]

pytestmark = pytest.mark.skipif("IDF_PATH" not in os.environ, reason="IDF_PATH names no ESP-IDF")


def version():
    text = (IDF / "tools/cmake/version.cmake").read_text()
    return tuple(int(re.search(rf"IDF_VERSION_{part} (\d+)", text)[1]) for part in ("MAJOR", "MINOR"))


def submodule(path, marker, *elsewhere):
    """Folders of a submodule of ESP-IDF, or where its headers lie otherwise."""
    inside = IDF / path
    places = [inside, *(inside / part for part in ("tf-psa-crypto",))] if (inside / marker).exists() else \
        [pathlib.Path(os.environ.get(name, DEPS.get(name, "/nowhere"))) for name in elsewhere]
    return [folder for place in places for folder in (place / "include", place / "drivers/builtin/include", place / "src/include")
            if folder.is_dir()]


def includes():
    """All folders of headers that are for this target, newlib's before those that ESP-IDF puts around them."""
    components = IDF / "components"
    found = []
    for folder in sorted(components.glob("**/include")):
        parts = folder.relative_to(components).parts
        other = [part for part in parts if re.fullmatch(r"esp32\w*|linux|xtensa|esp_tee|test_apps|host_test|platform_include|smp", part) and
                 part != TARGET]
        if not other:
            found += [folder, folder / TARGET]
    found += [components / "http_parser", components / "esp-tls", components / "soc" / TARGET / "register", components / "soc" / TARGET,
              components / "hal" / TARGET / "include", components / "lwip/include/apps",
              components / "freertos/FreeRTOS-Kernel/portable/riscv/include/freertos", components / "freertos/config/include/freertos",
              components / "lwip/port/esp32xx/include", IDF / "examples/common_components/protocol_examples_common/include"]
    mbedtls = ["MBEDTLS_4_DIR", "TF_PSA_CRYPTO_DIR"] if version() >= (6, 0) else ["MBEDTLS_DIR"]
    found += submodule("components/mbedtls/mbedtls", "include/mbedtls", *mbedtls)
    found += submodule("components/lwip/lwip", "src/include", "LWIP_DIR")
    # Where the compiler finds newlib: the headers of a C library, whatever the processor.
    library = pathlib.Path(run("arm-none-eabi-gcc", "-print-file-name=libc.a").stdout.strip()).resolve()
    found += [next(folder / "include" for folder in library.parents if (folder / "include" / "newlib.h").exists())]
    found += components.glob("*/platform_include")
    return [word for folder in found if folder.is_dir() for word in ("-isystem", str(folder))]


def configure(folder, *choices):
    """sdkconfig.h as ESP-IDF's menus and ward's make it."""
    folder.mkdir(parents=True, exist_ok=True)
    components = [path for path in sorted((IDF / "components").iterdir()) if path.name not in ("cmock", "linux", "esp_tee")]
    files = {}
    for name in ("Kconfig", "Kconfig.projbuild"):
        found = [path / name for path in components if (path / name).exists()] + [ROOT / name] * (ROOT / name).exists()
        files[name] = folder / f"all-{name}"
        files[name].write_text("".join(f'source "{path}"\n' for path in found))
    empty = {f"COMPONENT_KCONFIGS{part}_EXCLUDED_SOURCE_FILE": os.devnull for part in ("", "_PROJBUILD")}
    done = run("/usr/bin/python3", ROOT / "tests/build/kconfig.py", IDF / "Kconfig", folder / "sdkconfig.h", folder / "sdkconfig.cmake", *choices,
               folder=IDF, IDF_TARGET=TARGET, IDF_PATH=str(IDF), IDF_TOOLCHAIN="gcc", IDF_ENV_FPGA="", IDF_INIT_VERSION=".".join(map(str, version())),
               COMPONENT_KCONFIGS_SOURCE_FILE=str(files["Kconfig"]), COMPONENT_KCONFIGS_PROJBUILD_SOURCE_FILE=str(files["Kconfig.projbuild"]), **empty)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def compiles_for_the_target(files, *choices):
    """No error and no warning in any of these files."""
    # In upstream's mbedTLS 3.6 there is no GCM beside an engine, as Espressif's own has it.
    if version() < (6, 0) and not (IDF / "components/mbedtls/mbedtls/include").exists():
        choices += ("MBEDTLS_GCM_SUPPORT_NON_AES_CIPHER=n",)
    config = configure(FOLDER / "idf", *choices)
    header = (config / "sdkconfig.h").read_text()
    assert "#define CONFIG_MBEDTLS_HARDWARE_SHA 1\n" in header, "ESP-IDF's default"
    words = ["-I", config, f'-DWARD_CONFIG_FILE="{ROOT}/port/kconfig/limits.h"', f"-I{ROOT}/include", f"-I{ROOT}/src", "-DESP_PLATFORM",
             '-DMBEDTLS_CONFIG_FILE="mbedtls/esp_config.h"', '-DTF_PSA_CRYPTO_USER_CONFIG_FILE="mbedtls/esp_config.h"', *includes()]
    for file in files:
        done = run(*CPU, *words, file)
        assert done.returncode == 0, f"{file.relative_to(ROOT)}: {done.stderr[:3000]}"


def test_the_core_and_the_service():
    compiles_for_the_target([*sorted((ROOT / "src").rglob("*.c")), *(ROOT / "port").glob("se*.c")])


def test_the_backend_on_psa_with_engines_in_hardware():
    compiles_for_the_target([ROOT / "port/crypto/psa.c"])


def test_the_backend_on_mbedtls_rsa_with_engines_in_hardware():
    if version() >= (6, 0):
        pytest.skip("mbedTLS 4 has no RSA of its own")
    compiles_for_the_target([ROOT / "port/crypto/mbedtls_rsa.c", ROOT / "port/crypto/mbedtls_sha256.c"], "WARD_CRYPTO_MBEDTLS_RSA=y")


def test_the_example_with_esp_http_server():
    compiles_for_the_target([EXAMPLE / "guard.c", EXAMPLE / "main.c"], "ESP_HTTPS_SERVER_ENABLE=y")
