# SPDX-License-Identifier: Apache-2.0
"""What is built: an object that meets nobody else's names in the server, hardened, without a warning of gcc and
clang."""
import pathlib
import re
import subprocess
import tempfile

from postgres_server import ROOT, make, pg_config, place

MODULE = ROOT / "build/host/postgresql/ward.so"
STRICT = ("-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wcast-qual "
          "-Wpointer-arith -Wwrite-strings -Wno-sign-conversion -Werror")


def said(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


def names(*words):
    return {line.split()[-1].partition("@")[0] for line in said("nm", "-D", *words, MODULE).splitlines()}


def test_the_server_sees_what_it_calls_and_nothing_else():
    functions = "jwt_session_init init user_id uid session issuer has_scope".split()
    calls = {f"{prefix}ward_pg_sql_{name}" for name in functions for prefix in ("", "pg_finfo_")}
    assert names("--defined-only") == calls | {"Pg_magic_func", "_PG_init"}
    assert [name for name in said("nm", MODULE).split() if name.startswith("mbedtls_")], "mbedTLS is in it, and hidden"


def test_it_needs_the_server_s_names_and_the_c_library_s_alone():
    own = {line.split()[-1].partition("@")[0] for line in said("nm", "-D", "--defined-only",
                                                               pathlib.Path(place("bindir")) / "postgres").splitlines()}
    wanted = names("--undefined-only")
    assert not [name for name in wanted if name.startswith(("mbedtls_", "ward_", "psa_"))]
    library = {line.split()[-1].partition("@")[0] for line in said("nm", "-D", "--undefined-only", MODULE).splitlines()
               if "@GLIBC" in line or line.split()[0] == "w"}
    assert wanted - own - library == set()
    assert re.findall(r"NEEDED.*\[(.*)\]", said("readelf", "-dW", MODULE)) == ["libc.so.6"]


def test_it_is_hardened():
    parts, dynamic = said("readelf", "-lW", MODULE), said("readelf", "-dW", MODULE)
    assert re.search(r"GNU_STACK .* RW ", parts) and "GNU_RELRO" in parts
    assert "NOW" in dynamic and "TEXTREL" not in dynamic
    assert not re.search(r"LOAD .* RWE ", parts)
    assert "__stack_chk_fail" in names("--undefined-only")


def test_it_takes_no_memory_of_its_own():
    assert not names("--undefined-only") & {"realloc", "calloc", "mmap", "brk", "sbrk", "strdup"}


def test_it_is_built_without_a_warning_in_a_folder_of_its_own():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pgxs-"))
    make(folder, COPT=STRICT)
    assert (folder / "ward.so").exists()
    again = make(folder, COPT=STRICT)
    assert " -c " not in again, "nothing has changed"
    make(folder, "install", f"DESTDIR={folder}/root")
    installed = sorted(str(path.relative_to(folder / "root")) for path in (folder / "root").rglob("*")
                       if path.is_file())
    extension = place("sharedir").lstrip("/") + "/extension/"
    assert installed == sorted([place("pkglibdir").lstrip("/") + "/ward.so", *[extension + name for name in (
        "ward--1.0.sql", "ward--1.0--1.1.sql", "ward.control")]])


def test_clang_has_no_warning_either():
    """But for the flags of the server's own compiler that it does not know."""
    objects = [path.stem + ".o" for path in sorted((ROOT / "port/postgresql").glob("*.c"))]
    make(pathlib.Path(tempfile.mkdtemp(prefix="pgxs-")), *objects, CC="clang",
         COPT=f"{STRICT} -Wno-ignored-optimization-argument -Wno-unknown-warning-option")


def test_without_a_server_it_says_what_is_missing():
    done = subprocess.run(["make", "-n", "-f", ROOT / "port/postgresql/Makefile", "PG_CONFIG=/nonexistent/pg_config",
                           "MBEDTLS_DIR=/nonexistent"],
                          cwd=tempfile.mkdtemp(prefix="pgxs-"), capture_output=True, text=True)
    assert done.returncode != 0
    assert "PG_CONFIG=/nonexistent/pg_config finds no PostgreSQL: install its headers" in done.stderr, done.stderr


def test_the_server_that_was_tried():
    print(f"## {place('version')} ({pg_config()})")
