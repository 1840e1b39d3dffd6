# SPDX-License-Identifier: Apache-2.0
"""ward in CMake's builds and behind pkg-config: each is a project of its own, whose program verifies tokens."""
import itertools
import os
import re

import pytest
from compiling import (DEPS, FOLDER, ROOT, START_PSA, compiles, grants_and_refuses, run, ward_mk, with_pkg_config,
                       write_smallest)

MBEDTLS = f"-DMBEDTLS_DIR={DEPS['MBEDTLS_DIR']}"
ADD = f"add_subdirectory({ROOT} ward)\n"

# Where Debian's packages have them: in a folder of two parts.
LIBRARIES = "lib/" + run("gcc", "-print-multiarch").stdout.strip()

TOOLCHAIN = """set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m33 -mthumb -mfloat-abi=softfp")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--specs=nosys.specs")
"""


def project(name, finds, links="ward::ward", more=""):
    """A CMake project that finds ward in one way."""
    folder = FOLDER / name
    files = " ".join(write_smallest(folder))
    (folder / "CMakeLists.txt").write_text(f"""cmake_minimum_required(VERSION 3.16)
project(firmware C)
set(CMAKE_C_STANDARD 11)
{finds}
add_executable(ask {files} {more})
target_compile_options(ask PRIVATE -Wall -Wextra -Werror)
target_link_libraries(ask PRIVATE {links})
""")
    return folder


def build(folder, *options, target=()):
    """Configures and builds; no option of a build was unknown to it."""
    configured = run("cmake", "-S", folder, "-B", folder / "build", *options)
    compiles(configured)
    assert "not used by the project" not in configured.stderr, configured.stderr
    built = run("cmake", "--build", folder / "build", "-j2", *target)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return folder / "build"


def test_cmake_reads_the_lists_of_ward_mk_as_make_does():
    lists = [("WARD_CORE_SOURCES", "ward.mk"), ("WARD_SERVICE_SOURCES", "ward.mk"), ("WARD_CRYPTO_SOURCES", "ward.mk"),
             ("WARD_CRYPTO_CALLS", "ward.mk"), ("WARD_HTTP_REQUEST", "port/http/http.mk"), ("WARD_HTTP_RESPONSE", "port/http/http.mk"),
             ("WARD_HTTP_LLHTTP", "port/http/http.mk"), ("POSIX_SOURCES", "port/posix/posix.mk"), ("WARD_TLS_MBEDTLS", "port/tls/tls.mk")]
    text = (ROOT / "ward.mk").read_text()
    backends = re.findall(r"^WARD_MBEDTLS_CONFIG_(\w+)", text, re.M)
    assert len(backends) >= 2
    digests = re.findall(r"^WARD_SHA256_SOURCES_(\w+)", text, re.M)
    assert len(digests) == 2
    for crypto, digest in itertools.product(backends, digests):
        own = [(f"WARD_MBEDTLS_{kind}_{crypto}", "ward.mk") for kind in ("SOURCES", "CONFIG")]
        script = f"set(WARD_CRYPTO {crypto})\nset(WARD_SHA256 {digest})\ninclude({ROOT}/cmake/ward_mk.cmake)\n" + "".join(
            f'ward_mk_list({name} words {file})\nmessage("${{words}}")\n' for name, file in lists + own)
        (FOLDER / "lists.cmake").write_text(script)
        read = run("cmake", "-P", "lists.cmake").stderr.splitlines()
        assert len(read) == len(lists + own), read
        for (name, file), words in zip(lists + own, read):
            assert words and words.split(";") == ward_mk(name, file, WARD_CRYPTO=crypto, WARD_SHA256=digest), name


def test_add_subdirectory():
    folder = build(project("add", ADD), MBEDTLS)
    grants_and_refuses(folder / "ask")
    names = run("nm", "-g", "--defined-only", folder / "ward/libward.a").stdout
    assert "T ward_verify" in names and "T ward_service_begin" in names and " mbedtls_" not in names


def test_variables_that_a_project_has_set_are_its_settings():
    """At the first run of CMake already, and a file of limits is looked for from the project's folder."""
    folder = project("set", f"set(MBEDTLS_DIR {DEPS['MBEDTLS_DIR']})\nset(WARD_CONFIG_FILE five.h)\nset(WARD_KEYRING OFF)\n" + ADD)
    (folder / "five.h").write_text("#define WARD_MAX_KEYS 5\n")
    names = run("nm", build(folder) / "ask").stdout
    assert "_keys5_" in names and "ward_service_begin" not in names


def test_the_optimisation_at_link_time_and_unity_builds_of_a_project():
    folder = project("lto", "set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)\nset(CMAKE_UNITY_BUILD ON)\n" + ADD + "set(CMAKE_UNITY_BUILD OFF)\n")
    grants_and_refuses(build(folder, MBEDTLS, "-DCMAKE_C_FLAGS=-O2 -flto") / "ask")


def test_fetch_content():
    fetch = f"include(FetchContent)\nFetchContent_Declare(ward SOURCE_DIR {ROOT})\nFetchContent_MakeAvailable(ward)\n"
    grants_and_refuses(build(project("fetch", fetch), MBEDTLS) / "ask")


@pytest.fixture(scope="module", name="installed")
def install_ward():
    """ward, installed by CMake with limits of its own below a prefix; the prefix has then been moved."""
    (FOLDER / "limits.h").write_text("#define WARD_MAX_KEYS 7\n")
    compiles(run("cmake", "-S", ROOT, "-B", FOLDER / "alone", MBEDTLS, f"-DWARD_CONFIG_FILE={FOLDER / 'limits.h'}",
                 f"-DCMAKE_INSTALL_LIBDIR={LIBRARIES}"))
    compiles(run("cmake", "--build", FOLDER / "alone", "-j2"))
    compiles(run("cmake", "--install", FOLDER / "alone", "--prefix", FOLDER / "installed"))
    os.rename(FOLDER / "installed", FOLDER / "moved")
    os.remove(FOLDER / "limits.h")
    return FOLDER / "moved"


def test_find_package_after_cmake_install(installed):
    version = re.search(r'#define WARD_VERSION "(\d+\.\d+)', (ROOT / "include/ward/version.h").read_text())[1]
    folder = build(project("find", f"find_package(ward {version} REQUIRED)\n"), f"-DCMAKE_PREFIX_PATH={installed}")
    grants_and_refuses(folder / "ask")
    assert "_keys7_" in run("nm", folder / "ask").stdout


def test_pkg_config_after_cmake_install(installed):
    with_pkg_config(installed / LIBRARIES / "pkgconfig", "pkg-config-cmake")


def test_pkg_config_tells_what_decides_a_limit():
    compiles(run("cmake", "-S", ROOT, "-B", FOLDER / "of-psa", "-DWARD_CRYPTO=psa", "-DWARD_MBEDTLS_TARGET=theirs"))
    told = run("pkg-config", "--cflags", FOLDER / "of-psa/ward.pc").stdout.split()
    assert "-DWARD_CRYPTO_PSA=1" in told, told


def test_options_choose_backend_limits_and_parts():
    folder = project("options", ADD)
    with open(folder / "ask.c", "a") as file:
        file.write("void ward_mbedtls_exit(int status);\nvoid ward_mbedtls_exit(int status) { exit(status); }\n")
        file.write("#include <stdio.h>\nint ward_mbedtls_snprintf(char *s, size_t n, const char *f, ...);\n"
                   "int ward_mbedtls_snprintf(char *s, size_t n, const char *f, ...) { (void)s; (void)n; (void)f; return -1; }\n")
        file.write("void mbedtls_memory_buffer_alloc_init(unsigned char *, size_t);\nstatic unsigned char arena[16384];\n"
                   "__attribute__((constructor)) static void give(void) { mbedtls_memory_buffer_alloc_init(arena, sizeof arena); }\n")
    (FOLDER / "more.h").write_text("#define WARD_MAX_KEYS 9\n")
    built = build(folder, MBEDTLS, "-DWARD_CRYPTO=mbedtls_rsa", f"-DWARD_CONFIG_FILE={FOLDER / 'more.h'}", "-DWARD_KEYRING=OFF")
    grants_and_refuses(built / "ask")
    names = run("nm", built / "ward/libward.a").stdout
    assert "_keys9_" in names and "ward_service_begin" not in names


def test_ward_s_own_sha256_in_place_of_mbedtls_s():
    built = build(project("own-sha256", ADD), MBEDTLS, "-DWARD_CRYPTO=kernel", "-DWARD_SHA256=ward")
    grants_and_refuses(built / "ask")
    names = run("nm", built / "ask").stdout
    assert "t ward_sha256_blocks" in names.lower() and "mbedtls_sha256" not in names, names


def test_kernel_with_ward_s_own_sha256_calls_nothing_of_the_application_s_mbedtls():
    """Which here has nothing."""
    folder = project("no-mbedtls", "add_library(own_mbedtls INTERFACE)\n" + ADD)
    grants_and_refuses(build(folder, "-DWARD_CRYPTO=kernel", "-DWARD_MBEDTLS_TARGET=own_mbedtls", "-DWARD_SHA256=ward") / "ask")


def test_http_and_the_platform_for_linux():
    (FOLDER / "parts").mkdir()
    (FOLDER / "parts/parts.c").write_text("""
        #include "port/http/request_parser.h"
        #include "port/http/response_parser.h"
        #include "port/posix/platform.h"
        #include "ward/port/service.h"
        int parts(struct ward_posix_device *device, const struct ward_posix_config *config, struct ward_platform *platform);
        int parts(struct ward_posix_device *device, const struct ward_posix_config *config, struct ward_platform *platform)
        {
            static struct ward_http_request_parser request;
            ward_http_request_parser_begin(&request);
            return ward_ok(ward_posix_begin(device, config, platform)) && sizeof(struct ward_http_response_parser) > 0;
        }
        static void *volatile nothing;
        __attribute__((constructor)) static void keep(void)
        {
            if (nothing != NULL)
                parts(nothing, nothing, nothing);
        }""")
    folder = build(project("parts-of-it", ADD, "ward::http ward::posix", FOLDER / "parts/parts.c"), MBEDTLS, "-DWARD_HTTP=ON",
                   f"-DLLHTTP_DIR={DEPS['LLHTTP_DIR']}", "-DWARD_POSIX=ON")
    grants_and_refuses(folder / "ask")
    names = run("nm", folder / "ask").stdout
    assert re.search(r" T ward_http_request_parser_\w+$", names, re.M) and "T ward_posix_begin" in names


@pytest.mark.parametrize("backend", ["kernel", "mbedtls_rsa", "psa"])
def test_the_application_s_own_mbedtls(backend):
    """Its target and its configuration; ward's backend is compiled with them and brings none."""
    source = DEPS["MBEDTLS_DIR"]
    own = f"""file(GLOB files {source}/library/*.c)
list(FILTER files EXCLUDE REGEX "/(ssl|x509|mps|net_|debug|pkcs7)[^/]*$")
add_library(own_mbedtls STATIC ${{files}})
target_compile_options(own_mbedtls PRIVATE -w -ffunction-sections -fdata-sections)
target_include_directories(own_mbedtls PUBLIC {source}/include)
""" + ADD
    folder = project(f"own-{backend}", own)
    with open(folder / "ask.c", "a") as file:
        file.write(START_PSA)
    built = build(folder, f"-DWARD_CRYPTO={backend}", "-DWARD_MBEDTLS_TARGET=own_mbedtls")
    grants_and_refuses(built / "ask")
    assert " mbedtls_" not in run("nm", "-g", "--defined-only", built / "ward/libward.a").stdout


def test_an_arm_toolchain_file():
    (FOLDER / "arm.cmake").write_text(TOOLCHAIN)
    folder = build(project("arm", ADD), MBEDTLS, f"-DCMAKE_TOOLCHAIN_FILE={FOLDER / 'arm.cmake'}")
    attributes = run("arm-none-eabi-readelf", "-A", folder / "ask").stdout
    assert re.search(r"CPU_name: .*8-M\.MAIN", attributes, re.I), attributes
    assert "T ward_verify" in run("arm-none-eabi-nm", folder / "ask").stdout


def test_what_is_missing_is_named():
    for options, words in ((["-DMBEDTLS_DIR=/nowhere"], "set MBEDTLS_DIR"), ([MBEDTLS, "-DWARD_CRYPTO=none"], "WARD_CRYPTO=none is not a backend"),
                           (["-DWARD_MBEDTLS_TARGET=m", "-DWARD_CRYPTO=kernal"], "WARD_CRYPTO=kernal is not a backend"),
                           ([MBEDTLS, "-DWARD_CRYPTO=psa"], "WARD_MBEDTLS_TARGET names the application's"),
                           ([MBEDTLS, "-DWARD_SHA256=sha256"], "WARD_SHA256=sha256 is neither mbedtls nor ward"),
                           (["-DWARD_MBEDTLS_TARGET=m", "-DWARD_CRYPTO=psa", "-DWARD_SHA256=ward"], "WARD_SHA256=ward has no effect with WARD_CRYPTO=psa"),
                           ([MBEDTLS, "-DWARD_CONFIG_FILE=/nowhere.h"], "WARD_CONFIG_FILE=/nowhere.h"),
                           ([MBEDTLS, "-DWARD_HTTP=ON", "-DLLHTTP_DIR=/nowhere"], "set LLHTTP_DIR")):
        done = run("cmake", "-S", ROOT, "-B", FOLDER / f"missing-{abs(hash(words))}", *options)
        assert done.returncode != 0 and words in " ".join(done.stderr.split()), done.stderr
