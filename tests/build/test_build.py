# SPDX-License-Identifier: Apache-2.0
"""What must hold when ward is compiled: headers, must-use results, C++, the lists in ward.mk."""
import re
import subprocess

from compiling import FOLDER, HEADERS, INCLUDE, OBJECTS, ROOT, compile_text, compiles, ward_mk


def test_each_header_compiles_alone_as_c99():
    for header in HEADERS:
        text = f'#include "{header.relative_to(ROOT / "include")}"\nint unused;\n'
        for compiler in ("gcc", "clang"):
            compiles(compile_text(text, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wundef", "-Werror", "-fsyntax-only",
                                  compiler=compiler))


def test_each_header_compiles_alone_as_cpp():
    for header in HEADERS:
        text = f'#include "{header.relative_to(ROOT / "include")}"\nint unused;\n'
        compiles(compile_text(text, "-x", "c++", "-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                              compiler="clang", suffix=".cpp"))


def test_the_core_compiles_as_c99():
    sources = sorted((ROOT / "src").rglob("*.c"))
    for source in sources:
        compiles(subprocess.run(["gcc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *INCLUDE, "-I",
                                 ROOT / "src", source], capture_output=True, text=True))


def test_the_calls_of_a_crypto_backend_stand_in_ward_mk():
    """All of them, once: library, CMake and tests read them there."""
    header = (ROOT / "include/ward/port/crypto.h").read_text()
    declared = re.findall(r"\b(ward_crypto_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.S))
    assert sorted(ward_mk("WARD_CRYPTO_CALLS")) == sorted(declared)


CPP = """
#include "ward/ward.h"
#include <cstdio>
#include <cstring>
static const struct ward_text few[] = { WARD_TEXT("https://a.example/"), WARD_TEXT("https://b.example/") };
static const struct ward_texts named = WARD_TEXTS_OF(few);
#if __cplusplus >= 201103L
static const struct ward_texts all = WARD_TEXTS("1", "2", "3", "4", "5", "6", "7", "8");
struct ward_texts inside(void);
struct ward_texts inside(void)
{
    struct ward_expect expect = {};
    expect.issuers = WARD_TEXTS("https://inside.example/", "second");
    return expect.issuers;
}
#endif
static void overwrite_the_stack(void)
{
    volatile char bytes[4096];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = 0x5a;
}
int main()
{
#if __cplusplus >= 201103L
    const struct ward_texts texts = inside();
    overwrite_the_stack();
    if (texts.count != 2 || texts.item[0].length != 23 || std::memcmp(texts.item[0].data, "https://inside.example/", 23) != 0)
        return 1;
    if (all.count != 8 || all.item[7].data[0] != '8' || all.item[0].data[0] != '1')
        return 2;
#endif
    overwrite_the_stack();
    return named.count == 2 && named.item[1].data[8] == 'b' ? 0 : 3;
}
"""


def test_texts_of_cpp_live_as_long_as_the_program():
    source = FOLDER / "texts.cpp"
    source.write_text(CPP)
    for compiler in ("g++", "clang++"):
        for standard in ("c++98", "c++11", "c++17", "c++20"):
            for more in (["-O2"], ["-O0", "-fsanitize=address"]):
                compiles(subprocess.run([compiler, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-Wno-variadic-macros", *more, *INCLUDE,
                                         source, "-o", FOLDER / "texts"], capture_output=True, text=True, timeout=120))
                done = subprocess.run([FOLDER / "texts"], capture_output=True, text=True, timeout=20)
                assert done.returncode == 0, (compiler, standard, more, done)


def test_a_status_is_no_condition():
    for condition in ("ward_verify(&e, &k, ward_time_set(0), t, 1, &w, &c)", "ward_expect_check(&e)"):
        text = f"""#include "ward/ward.h"
            static struct ward_expect e; static struct ward_jwks k; static struct ward_workspace w; static struct ward_claims c;
            static char t[1];
            int main(void) {{ if ({condition}) return 1; return 0; }}"""
        result = compile_text(text, "-fsyntax-only")
        assert result.returncode != 0 and "scalar is required" in result.stderr, result.stderr
        compiles(compile_text(text.replace("if (", "if (ward_ok(").replace(") return 1", ")) return 1"), "-fsyntax-only"))


def test_a_status_must_be_used():
    for call in ("ward_expect_check(&expect)", "ward_authorize(&gate, token, 1, ward_any_scope, &caller, &work, &decision)"):
        text = OBJECTS.replace("return CALL", f"{call}; return 0")
        for compiler in ("gcc", "clang"):
            result = compile_text(text, "-Werror", "-c", "-o", "/dev/null", compiler=compiler)
            assert result.returncode != 0 and "unused" in result.stderr, (compiler, call, result.stderr)


def test_every_result_has_a_name_and_a_sentence():
    header = (ROOT / "include/ward/status.h").read_text()
    listed = (ROOT / "src/encoding/status_list.h").read_text()
    codes = re.findall(r"^    WARD_(\w+) =\s+(0x[0-9a-f]+|0)\b", header, re.M)
    names = re.findall(r"^RESULT\((\w+),(?:\s+\"[^\"]+\")+\)$", listed, re.M)
    assert [name for name, _ in codes] == names
    numbers = [int(number, 0) for _, number in codes]
    assert len(set(numbers)) == len(numbers)


def test_the_version_stands_in_the_changelog_and_where_it_is_told():
    version = re.search(r'#define WARD_VERSION "([^"]+)"', (ROOT / "include/ward/version.h").read_text())[1]
    assert re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)[1] == version
    assert f"`User-Agent: ward/{version}`" in (ROOT / "port/PORTING.md").read_text()
