# SPDX-License-Identifier: Apache-2.0
"""What must hold when ward is compiled: headers, limits, link check, must-use results, ward.mk, README's example."""
import pathlib
import re
import subprocess
import tempfile

import tokens

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-build-"))
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
    defined = set(re.findall(r"#ifndef (WARD_\w+)", text)) - {"WARD_CONFIG_H", "WARD_HOSTED", "WARD_USER_AGENT"}
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

# Of each function that may be the first to see an object, how it is called; the object lies in the caller's memory.
OBJECTS = """
#include "ward/ward.h"
#include "ward/port/service.h"
static struct ward_gate gate; static struct ward_gate_setup setup; static struct ward_policy policy;
static struct ward_time now; static struct ward_workspace work; static struct ward_request request;
static struct ward_decision decision; static struct ward_expect expect; static struct ward_caller caller;
static char token[2]; static uint8_t owner[32]; static struct ward_sha256 sha; static struct ward_jwks set;
static struct ward_keyring keyring; static struct ward_keyring_config config; static struct ward_jwks_reader reader;
static bool was; static struct ward_record record; static struct ward_record_info info; static struct ward_claims claims;
static struct ward_record_slots slots; static struct ward_record_origin origin; static struct ward_service service;
static struct ward_platform platform;
int main(void)
{
    (void)gate; (void)setup; (void)policy; (void)now; (void)work; (void)request; (void)decision; (void)expect;
    (void)caller; (void)token; (void)owner; (void)sha; (void)set; (void)keyring; (void)config; (void)reader; (void)was;
    (void)record; (void)info; (void)slots; (void)claims; (void)origin; (void)service; (void)platform;
    return CALL;
}
"""
FIRST_CALLS = {
    "ward_verify": "&expect, &set, now, token, 1, &work, &claims",
    "ward_jwks_find": "&set, ward_any_scope",
    "ward_jwks_begin": "&reader, &set, &set, ward_any_scope",
    "ward_jwks_feed": "&reader, token, 1, &work",
    "ward_record_check": "&slots, 0, &work, &info",
    "ward_record_write": "&slots, origin, 0, &record, &work",
    "ward_audit_begin": "&gate.audit, owner, 1, now, 0, 0",
    "ward_audit_digest": "&gate.audit.next, &sha, owner",
    "ward_keyring_begin": "&keyring, &config, 1, 1",
    "ward_keyring_open": "&keyring, &slots, 1, &work",
    "ward_keyring_fetch_feed": "&keyring, token, 1, &work",
    "ward_keyring_pack": "&keyring, now, 1, &record",
    "ward_keyring_pack_keys": "&keyring, true, &record",
    "ward_gate_begin": "&gate, &policy, &set, 0, now",
    "ward_gate_begin_with": "&gate, &setup, now, &work",
    "ward_gate_pack": "&gate, now, 1, &record",
    "ward_gate_check": "&gate, &request, &work, &decision",
    "ward_authorize": "&gate, token, 1, ward_any_scope, &caller, &work, &decision",
    "ward_owner_id": "ward_any_scope, ward_any_scope, &work, owner",
    "ward_client_id": "ward_any_scope, ward_any_scope, &work, owner",
    "ward_deny_subject": "&gate, ward_any_scope, 1, &caller, &work",
    "ward_undeny_subject": "&gate, ward_any_scope, &caller, &work, &was",
    "ward_service_begin": "&service, &platform, &keyring, &config, 1, &work, &record",
    "ward_selftest": "&platform, 1, &work",
}
RESULTS = {"ward_jwks_find": "{} == 0", "ward_jwks_begin": "({}, 0)", "ward_keyring_pack": "({}, 0)",
           "ward_keyring_pack_keys": "({}, 0)"}

# Limits that no object's size depends on.
FREE = {"WARD_MAX_JWKS"}
GATE = {"WARD_CACHE_SLOTS", "WARD_PEER_SLOTS", "WARD_SUBJECT_SLOTS", "WARD_DENY_SLOTS", "WARD_AUDIT_EVENTS", "WARD_MAX_PATH"}


def link(*words, text=PROGRAM, compiler="gcc", objects=()):
    """Links with all that drops what nothing refers to."""
    source = FOLDER / ("program.cpp" if "++" in compiler else "program.c")
    source.write_text(text)
    return subprocess.run([compiler, *INCLUDE, "-ffunction-sections", "-fdata-sections", *words, source, *objects, LIBRARY,
                           "-Wl,--gc-sections", "-o", FOLDER / "program"], capture_output=True, text=True)


def needs(result, *pieces):
    """Whether the linker missed an object of limits whose name has these pieces."""
    missed = re.findall(r"undefined reference to `(ward_limits_\w+)'", result.stderr)
    return result.returncode != 0 and any(all(piece in name for piece in pieces) for name in missed)


def other_values():
    """Another value of each limit, and how the names of both objects of limits show it."""
    named = {"TOKEN": "_token{}_", "HEADER": "_header{}x", "HEADER_VALUES": "x{}_json", "JSON_VALUES": "_json{}x",
             "JSON_DEPTH": "x{}_rsa", "RSA_BITS": "_rsa{}_", "KEYS": "_keys{}_", "KID": "_kid{}_", "SHA256_STATE": "_sha{}_",
             "PREPARED_WORDS": "_prepared{}", "CACHE_SLOTS": "_cache{}_", "PEER_SLOTS": "_peers{}_",
             "SUBJECT_SLOTS": "_subjects{}_", "DENY_SLOTS": "_deny{}_", "AUDIT_EVENTS": "_audit{}_", "PATH": "_path{}"}
    for name, low, high in limits():
        if name not in FREE:
            value = min(int(low) + 64, int(high))
            yield name, value, named[name.removeprefix("WARD_").removeprefix("MAX_")].format(value)


def test_an_application_with_other_limits_does_not_link():
    compiles(link())
    for name, value, shown in other_values():
        for optimisation in ("-O0", "-O2"):
            result = link(f"-D{name}={value}", optimisation)
            assert needs(result, shown, "_path"), (name, result.stderr)
            assert name in GATE or needs(result, shown, "_prepared"), (name, result.stderr)


def test_each_limit_of_a_size_is_in_the_name():
    assert {name for name, _, _ in other_values()} == {name for name, _, _ in limits()} - FREE


def sizes(*words):
    """The sizes of every structure that the headers of applications define, as a compiler says them."""
    names = sorted({name for header in HEADERS for name in re.findall(r"^struct (ward_\w+) \{", header.read_text(), re.M)})
    headers = "".join(f'#include "{header.relative_to(ROOT / "include")}"\n' for header in HEADERS)
    listed = ", ".join(f"sizeof(struct {name})" for name in names)
    output = FOLDER / "sizes.s"
    compiles(compile_text(f"{headers}const unsigned long sizes[] = {{ {listed} }};\n", *words, "-S", "-o", str(output)))
    return output.read_text()


def test_a_limit_that_changes_a_size_is_part_of_the_link_check():
    usual = sizes()
    changing = [f"{name}={value}" for name, *ends in limits() for value in ends if sizes(f"-D{name}={value}") != usual]
    assert len(changing) >= 20, changing
    for define in changing:
        assert link(f"-D{define}").returncode != 0, define


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


def test_every_function_that_may_see_an_object_first_checks_the_limits():
    """A workspace, a key set, a record and a digest have no start: any function may be the first that is given one."""
    checked = {name for header in HEADERS
               for name in re.findall(r"^#define (ward_\w+)\(\.\.\.\) WARD_CHECKED\(", header.read_text(), re.M)}
    first = {"ward_workspace", "ward_jwks_reader", "ward_sha256", "ward_rsa_scratch", "ward_record"}
    # Keys that do not change, found by kid; each other function with a set is given what another one has filled.
    needed = {name for name, given in functions() if given & first or re.search(r"_begin(_with)?$", name)} | {"ward_jwks_find"}
    needed -= {"ward_keyring_fetch_begin", "ward_jwks_end"}
    assert checked == needed, checked ^ needed
    assert set(FIRST_CALLS) == needed, set(FIRST_CALLS) ^ needed


def test_an_object_with_limits_of_a_gate_is_checked_for_them():
    wide = {"ward_gate", "ward_keyring", "ward_record", "ward_audit", "ward_service"}
    for header in HEADERS:
        for name, symbol in re.findall(r"^#define (ward_\w+)\(\.\.\.\) WARD_CHECKED\((\w+),", header.read_text(), re.M):
            given = dict(functions())[name]
            assert symbol == ("WARD_GATE_LIMITS" if given & wide else "WARD_LIMITS"), name


def test_no_first_call_of_an_object_links_with_other_limits():
    services = [FOLDER / f"{name}.o" for name in ("service", "selftest", "selftest_vector")]
    for file in services:
        source = ROOT / "port" / (file.stem + ".c")
        compiles(subprocess.run(["gcc", *INCLUDE, "-O1", "-c", source, "-o", file], capture_output=True, text=True))
    for name, arguments in FIRST_CALLS.items():
        text = OBJECTS.replace("CALL", RESULTS.get(name, "ward_ok({})").format(f"{name}({arguments})"))
        for compiler, standard in (("gcc", "c99"), ("clang++", "c++11")):
            words = [f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2"]
            compiles(link(*words, text=text, compiler=compiler, objects=services))
            result = link(*words, "-DWARD_MAX_JSON_VALUES=64", text=text, compiler=compiler, objects=services)
            assert needs(result, "_json64x"), (name, result.stderr)


def test_the_calls_of_a_crypto_backend_stand_in_ward_mk():
    """All of them, once: library, CMake and tests read them there."""
    header = (ROOT / "include/ward/port/crypto.h").read_text()
    declared = re.findall(r"\b(ward_crypto_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.S))
    (FOLDER / "calls.mk").write_text(f"WARD_DIR := {ROOT}\ninclude $(WARD_DIR)/ward.mk\nall: ; @echo $(WARD_CRYPTO_CALLS)\n")
    listed = subprocess.run(["make", "-f", FOLDER / "calls.mk"], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(listed) == sorted(declared)


SOCKADDR = """
#include "ward/port/sockaddr.h"
struct ward_peer ask(const struct sockaddr_in *address, int socket);
struct ward_peer ask(const struct sockaddr_in *address, int socket)
{
    struct sockaddr_in own;
    socklen_t length = sizeof own;
    if (address == NULL && getpeername(socket, (struct sockaddr *)&own, &length) == 0)
        return ward_peer_of_sockaddr(&own);
    return ward_peer_of_sockaddr(address);
}
"""
SOCKETS = "#include <sys/socket.h>\n#include <netinet/in.h>\n#include <arpa/inet.h>\n"


def test_the_peer_of_a_sockaddr_is_that_of_its_address():
    """By the sockets of this machine, over both families, at any place in memory."""
    text = SOCKETS + "#include <stdio.h>" + SOCKADDR + """
        int main(int argc, char **argv)
        {
            char memory[sizeof(struct sockaddr_in6) + 1];
            struct sockaddr_in ipv4 = { .sin_family = AF_INET };
            struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
            const void *any = memory + 1;
            if (argc == 2 && inet_pton(AF_INET, argv[1], &ipv4.sin_addr) == 1)
                memcpy(memory + 1, &ipv4, sizeof ipv4);
            else if (argc == 2 && inet_pton(AF_INET6, argv[1], &ipv6.sin6_addr) == 1)
                memcpy(memory + 1, &ipv6, sizeof ipv6);
            else
                return 1;
            const struct ward_peer peer = ward_peer_of_sockaddr(any);
            for (unsigned i = 0; i < 16; i++)
                printf("%02x", peer.address[i]);
            return memcmp(ask(&ipv4, 0).address + 12, &ipv4.sin_addr, 4) != 0;
        }"""
    for compiler in ("gcc", "clang"):
        compiles(compile_text(text, "-std=c11", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wundef", "-Werror", "-Wl,-u,ward_peer_of_ipv4", LIBRARY,
                              "-o", str(FOLDER / "peer"), compiler=compiler))
        for address, peer in (("192.0.2.1", "0" * 20 + "ffffc0000201"), ("::ffff:192.0.2.1", "0" * 20 + "ffffc0000201"),
                              ("2001:db8:1:2:3:4:5:6", "20010db800010002" + "0" * 16), ("::1", "0" * 31 + "1"), ("0.0.0.0", "0" * 32)):
            shown = subprocess.run([FOLDER / "peer", address], capture_output=True, text=True)
            assert (shown.returncode, shown.stdout) == (0, peer), (compiler, address, shown)


def test_the_peer_of_a_sockaddr_compiles_with_sockets_of_lwip():
    (FOLDER / "lwipopts.h").write_text("#define NO_SYS 0\n#define LWIP_SOCKET 1\n#define LWIP_TIMEVAL_PRIVATE 0\n")
    lwip = ["-isystem", str(ROOT / "build/deps/lwip/src/include"), "-I", str(FOLDER), "-I", str(ROOT / "port/lwip"), "-fsyntax-only"]
    for both in (0, 1):
        compiles(compile_text('#include <sys/time.h>\n#include "lwip/sockets.h"\n' + SOCKADDR.replace("getpeername", "lwip_getpeername"),
                              f"-DLWIP_IPV6={both}", "-Wall", "-Wextra", "-Wundef", "-Werror", *lwip))


def test_who_includes_sockets_too_late_is_told():
    result = compile_text('#include "ward/port/sockaddr.h"\n' + SOCKETS + SOCKADDR, "-fsyntax-only", "-Werror")
    assert result.returncode != 0 and "include_the_header_of_your_sockets_before" in result.stderr, result.stderr


def test_the_version_stands_in_the_changelog_and_where_it_is_told():
    version = re.search(r'#define WARD_VERSION "([^"]+)"', (ROOT / "include/ward/version.h").read_text())[1]
    assert re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)[1] == version
    assert f"`User-Agent: ward/{version}`" in (ROOT / "port/PORTING.md").read_text()


def test_functions_have_their_names():
    """In `nm`, and so in a debugger. Of the names with limits there are two, which no object of the library refers to."""
    listing = subprocess.run(["nm", "-P", LIBRARY], capture_output=True, text=True, check=True).stdout
    symbols = [line.split()[:2] for line in listing.splitlines() if len(line.split()) > 1]
    defined = {name for name, kind in symbols if kind == "T"}
    assert set(FIRST_CALLS) - {"ward_service_begin", "ward_selftest"} <= defined
    limited = [(name, kind) for name, kind in symbols if re.search(r"_token\d", name)]
    assert [kind for _, kind in limited] == ["R", "R"] and limited[0][0] != limited[1][0], limited


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


def example(name="example"):
    """The C code of an example of the README."""
    text = (ROOT / "README.md").read_text()
    return re.search(rf"<!-- {name}:begin -->\n```c\n(.*?)```\n<!-- {name}:end -->", text, re.S).group(1)


def test_the_smallest_example_of_the_readme_compiles_and_works():
    (FOLDER / "smallest.c").write_text(example("smallest"))
    assert len(example("smallest").splitlines()) <= 16
    (FOLDER / "jwks.json").write_text(tokens.jwks("a"))
    keys = subprocess.run([ROOT / "build" / "host" / "ward", "provision", FOLDER / "jwks.json", "--c", "issuer_keys"], check=True,
                          capture_output=True)
    (FOLDER / "keys.c").write_bytes(keys.stdout)
    (FOLDER / "ask.c").write_text("""
        #include <stdlib.h>
        #include <string.h>
        #include "ward/ward.h"
        bool may_read_led(char *token, size_t length, uint64_t seconds_since_1970);
        int main(int argc, char **argv) { return argc == 3 && may_read_led(argv[1], strlen(argv[1]), strtoull(argv[2], NULL, 10)) ? 0 : 1; }""")
    compiles(subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", *INCLUDE, FOLDER / "smallest.c", FOLDER / "keys.c",
                             FOLDER / "ask.c", LIBRARY, "-o", FOLDER / "ask"], capture_output=True, text=True))
    for scope, now, code in (("read:led", 0, 0), ("read:ledger", 0, 1), ("read:led", 100000, 1)):
        asked = [FOLDER / "ask", tokens.token(tokens.payload(scope=scope)), str(tokens.NOW + now)]
        assert subprocess.run(asked).returncode == code, (scope, now)


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
        struct conn { uint16_t method; struct ward_text uri; char *auth; size_t auth_length; uint8_t auths; struct ward_peer peer; bool tls; };
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
            struct conn c = { WARD_POST, WARD_TEXT("/led"), NULL, 0, 1, { { 0 } }, argc < 4 };
            now = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;
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
    # Over plain HTTP the example lets nobody in.
    assert subprocess.run([FOLDER / "try", good, str(tokens.NOW), "plain"]).returncode == 43
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
