#!/usr/bin/env python3
"""What must hold when ward is compiled: headers, limits, link check, must-use results, ward.mk, README's example."""
import atexit
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
import tokens  # noqa: E402

FILES = tempfile.TemporaryDirectory(prefix="ward-build-")
atexit.register(FILES.cleanup)
FOLDER = pathlib.Path(FILES.name)
INCLUDE = ["-I", str(ROOT / "include")]
LIBRARY = str(ROOT / "build" / "host" / "libward.a")
HEADERS = sorted((ROOT / "include").rglob("*.h"))


def compile_text(text, *words, compiler="gcc", suffix=".c"):
    source = FOLDER / ("source" + suffix)
    source.write_text(text)
    return subprocess.run([compiler, *INCLUDE, *words, str(source)], capture_output=True, text=True, cwd=FOLDER)


def compiles(result):
    assert result.returncode == 0, result.stderr


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


def limits():
    """Name, lowest and highest value of each limit, read from the checks in config.h."""
    text = (ROOT / "include/ward/config.h").read_text()
    return re.findall(r"#if (WARD_\w+) < (\d+) \|\| WARD_\w+ > (\d+)", text)


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
    defined = set(re.findall(r"#ifndef (WARD_\w+)", text)) - {"WARD_CONFIG_H", "WARD_HOSTED"}
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
                         ("WARD_ARENA_HELLO_SHARE", {"WARD_ARENA_HELLO_SHARE": 30000})):
        result = with_limits(**values)
        assert result.returncode != 0 and f'"{name}: ' in result.stderr, (name, values, result.stderr)
    compiles(with_limits(WARD_SERVER_SLOTS=7, WARD_ARENA_SIZE=90112))


def test_rsa_bits_and_sha_state_are_whole_words():
    for define in ("WARD_MAX_RSA_BITS=2049", "WARD_SHA256_STATE=106"):
        assert compile_text('#include "ward/ward.h"\n', f"-D{define}", "-fsyntax-only").returncode != 0


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


def test_an_application_with_other_limits_does_not_link():
    compiles(link())
    for define in ("WARD_MAX_TOKEN=2048", "WARD_MAX_KEYS=2", "WARD_MAX_RSA_BITS=2048", "WARD_MAX_KID=64", "WARD_MAX_HEADER=256",
                   "WARD_MAX_HEADER_VALUES=25", "WARD_MAX_JSON_VALUES=64", "WARD_MAX_JSON_DEPTH=9", "WARD_SHA256_STATE=128"):
        result = link(f"-D{define}")
        assert result.returncode != 0, define
        for name in ("ward_verify_token", "ward_jwks_begin_token"):
            assert f"undefined reference to `{name}" in result.stderr, result.stderr
    for define in ("WARD_CACHE_SLOTS=7", "WARD_PEER_SLOTS=9", "WARD_SUBJECT_SLOTS=15", "WARD_DENY_SLOTS=17", "WARD_AUDIT_EVENTS=31",
                   "WARD_MAX_PATH=511", "WARD_MAX_KEYS=2"):
        result = link(f"-D{define}")
        assert result.returncode != 0 and "undefined reference to `ward_gate_begin_" in result.stderr, (define, result.stderr)


REQUEST = """#include "port/http/request_parser.h"
struct ward_http_request_parser parser;
int main(void)
{
    ward_http_request_parser_begin(&parser);
    return 0;
}
"""


def test_an_application_with_other_limits_of_requests_does_not_link():
    llhttp = ROOT / "build" / "deps" / "llhttp"
    words = ["-I", str(ROOT), "-isystem", str(llhttp), "-DLLHTTP_STRICT_MODE=1"]
    port = [FOLDER / f"{name}.o" for name in ("request_parser", "request_fields", "llhttp", "api", "http")]
    for file in port:
        source = next(folder / f"{file.stem}.c" for folder in (ROOT / "port" / "http", llhttp) if (folder / f"{file.stem}.c").exists())
        subprocess.run(["gcc", "-w", *INCLUDE, *words, "-c", source, "-o", file], check=True)
    rest = [*map(str, port), LIBRARY, "-o", str(FOLDER / "program")]
    compiles(compile_text(REQUEST, *words, *rest))
    for define in ("WARD_MAX_TOKEN=2048", "WARD_MAX_TARGET=2048", "WARD_MAX_AUTHORIZATION=4160", "WARD_MAX_BODY=16", "WARD_SERVER_SLOTS=2"):
        result = compile_text(REQUEST, f"-D{define}", *words, *rest)
        assert result.returncode != 0 and "undefined reference to `ward_http_limits_token" in result.stderr, (define, result.stderr)


def functions():
    """Each function that the headers of applications declare, and the types of what it is given."""
    for header in HEADERS:
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        text = re.sub(r"^ *#.*?[^\\]$", "", text, flags=re.S | re.M)
        if header.name != "crypto.h":
            for name, given in re.findall(r"\b(ward_\w+)\(([^()]*)\);", text):
                yield name, set(re.findall(r"struct (\w+) \*", given))


def test_every_function_that_may_see_an_object_first_has_the_limits_in_its_name():
    """A workspace, a key set and a digest have no start: any function may be the first that is given one."""
    limited = set(re.findall(r"^#define (ward_\w+) WARD_WITH_", (ROOT / "include/ward/config.h").read_text(), re.M))
    first = {"ward_workspace", "ward_jwks_reader", "ward_sha256", "ward_rsa_scratch"}
    # Keys that do not change, found by kid; each other function with a set is given what another one has filled.
    needed = {name for name, given in functions() if given & first or re.search(r"_begin(_with)?$", name)} | {"ward_jwks_find"}
    needed -= {"ward_keyring_fetch_begin", "ward_jwks_end"}
    assert {"ward_gate_begin_with", "ward_gate_check", "ward_keyring_begin", "ward_verify", "ward_selftest"} <= needed, needed
    assert limited == needed, limited ^ needed


def test_no_first_call_of_an_object_links_with_other_limits():
    for name, arguments in (("ward_gate_begin_with", "&gate, &setup, now, &work"), ("ward_gate_check", "&gate, &request, &work, &decision"),
                            ("ward_authorize", "&gate, token, 1, ward_any_scope, &caller, &work, &decision"),
                            ("ward_owner_id", "ward_any_scope, ward_any_scope, &work, owner"),
                            ("ward_record_check", "token, 1, &work, &sequence"), ("ward_audit_begin", "&gate.audit, 0, 1, now, 0, 0"),
                            ("ward_audit_digest", "&gate.audit.next, &sha, owner"), ("ward_keyring_begin", "&keyring, &config, 1, 1"),
                            ("ward_jwks_feed", "&reader, token, 1, &work")):
        text = f"""#include "ward/ward.h"
            static struct ward_gate gate; static struct ward_gate_setup setup; static struct ward_time now; static struct ward_workspace work;
            static struct ward_request request; static struct ward_decision decision; static struct ward_caller caller; static char token[2];
            static uint8_t owner[32]; static uint32_t sequence; static struct ward_sha256 sha; static struct ward_keyring keyring;
            static struct ward_keyring_config config; static struct ward_jwks_reader reader;
            int main(void) {{ (void)gate; (void)setup; (void)now; (void)request; (void)decision; (void)caller; (void)owner; (void)sequence;
                (void)sha; (void)keyring; (void)config; (void)reader; (void)work;
                return ward_ok({name}({arguments})); }}"""
        compiles(link(text=text))
        result = link("-DWARD_MAX_JSON_VALUES=64", text=text)
        assert result.returncode != 0 and f"undefined reference to `{name}_token" in result.stderr, (name, result.stderr)


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


def link(*words, text=PROGRAM):
    source = FOLDER / "program.c"
    source.write_text(text)
    return subprocess.run(["gcc", *INCLUDE, *words, source, LIBRARY, "-o", FOLDER / "program"], capture_output=True, text=True)


def test_limits_come_from_a_configuration_file_too():
    (FOLDER / "limits.h").write_text("#define WARD_MAX_KEYS 3\n")
    result = compile_text('#include "ward/ward.h"\nint keys[WARD_MAX_KEYS == 3 ? 1 : -1];\n',
                          '-DWARD_CONFIG_FILE="limits.h"', "-I", str(FOLDER), "-fsyntax-only")
    compiles(result)


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
    text = '#include "ward/ward.h"\nvoid f(const struct ward_expect *e);\nvoid f(const struct ward_expect *e) { ward_expect_check(e); }\n'
    result = compile_text(text, "-Werror", "-c", "-o", "/dev/null")
    assert result.returncode != 0 and "unused" in result.stderr, result.stderr


def test_every_result_has_a_name_and_a_sentence():
    header = (ROOT / "include/ward/status.h").read_text()
    listed = (ROOT / "src/encoding/status_list.h").read_text()
    codes = re.findall(r"^    WARD_(\w+) = (0x[0-9a-f]+|0)\b", header, re.M)
    names = re.findall(r"^RESULT\((\w+), \"[^\"]+\"\)$", listed, re.M)
    assert [name for name, _ in codes] == names
    numbers = [int(number, 0) for _, number in codes]
    assert len(set(numbers)) == len(numbers)


def example():
    """The C code of README's example."""
    text = (ROOT / "README.md").read_text()
    return re.search(r"<!-- example:begin -->\n```c\n(.*?)```\n<!-- example:end -->", text, re.S).group(1)


def test_the_example_of_the_readme_compiles_and_works():
    (FOLDER / "example.c").write_text(example())
    (FOLDER / "jwks.json").write_text(tokens.jwks("a"))
    ward = ROOT / "build" / "host" / "ward"
    keys = subprocess.run([ward, "provision", FOLDER / "jwks.json", "--c", "issuer_keys"], check=True, capture_output=True)
    (FOLDER / "keys.c").write_bytes(keys.stdout)
    (FOLDER / "try.c").write_text("""
        #include <stdlib.h>
        #include <string.h>
        #include "ward/ward.h"
        struct conn { uint16_t method; struct ward_text uri; char *auth; size_t auth_length; uint8_t auths; struct ward_peer peer; };
        struct ward_status begin(void);
        void on_request(struct conn *c);
        static uint64_t now;
        static int served = 1;
        struct ward_time board_time(void) { return ward_time_set(now); }
        uint32_t board_uptime(void) { return 1; }
        void serve(struct conn *c, size_t route, const struct ward_grant *grant)
        {
            served = route == 1 && c->method == WARD_POST && grant->claims.subject.length > 0 ? 0 : 2;
        }
        void refuse(struct conn *c, const struct ward_answer *answer) { (void)c; served = answer->http; }
        int main(int argc, char **argv)
        {
            struct conn c = { WARD_POST, WARD_TEXT("/led"), NULL, 0, 1, { { 0 } } };
            now = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
            c.auth = argv[1];
            c.auth_length = strlen(argv[1]);
            if (!ward_ok(begin()))
                return 3;
            on_request(&c);
            return served == 401 ? 41 : served == 403 ? 43 : served;
        }""")
    compiles(subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", *INCLUDE, FOLDER / "example.c", FOLDER / "keys.c",
                             FOLDER / "try.c", LIBRARY, "-o", FOLDER / "try"], capture_output=True, text=True))
    good = "Bearer " + tokens.token(tokens.payload(scope="write:led"))
    assert subprocess.run([FOLDER / "try", good, str(tokens.NOW)]).returncode == 0
    assert subprocess.run([FOLDER / "try", good, str(tokens.NOW + 100000)]).returncode == 41
    assert subprocess.run([FOLDER / "try", "Bearer " + tokens.token(tokens.payload(scope="x")), str(tokens.NOW)]).returncode == 43


def test_another_makefile_can_include_ward_mk():
    (FOLDER / "main.c").write_text(PROGRAM)
    (FOLDER / "Makefile").write_text(f"""
WARD_DIR := {ROOT}
include $(WARD_DIR)/ward.mk
SOURCES := main.c $(addprefix $(WARD_DIR)/,$(WARD_SOURCES)) $(addprefix {ROOT}/build/deps/mbedtls/library/,$(WARD_MBEDTLS_SOURCES))
CPPFLAGS += $(WARD_CPPFLAGS) $(WARD_MBEDTLS_CPPFLAGS) -I{ROOT}/build/deps/mbedtls/include -I{ROOT}/build/deps/mbedtls/library
program:
	gcc -w -O1 -ffunction-sections -fdata-sections $(CPPFLAGS) $(SOURCES) -Wl,--gc-sections -o $@
""")
    compiles(subprocess.run(["make", "-C", FOLDER, "program"], capture_output=True, text=True))


def test_every_target_has_a_line_in_the_help():
    shown = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = set()
    for makefile in [ROOT / "Makefile", *ROOT.glob("*/**/*.mk")]:
        if "build" in makefile.relative_to(ROOT).parts[:1]:
            continue
        for line in re.findall(r"^\.PHONY:(.*)$", makefile.read_text(), re.M):
            phony |= set(line.split())
    for target in {name for name in phony if re.fullmatch("[a-z]+", name)}:  # setup-build and its like are for make alone
        assert re.search(rf"^  {target} ", shown, re.M), f"{target} has no line in `make help`"


if __name__ == "__main__":
    tap.main(__name__, "build: ")
