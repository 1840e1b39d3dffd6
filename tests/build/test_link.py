# SPDX-License-Identifier: Apache-2.0
"""Library and application with other limits do not link, whichever call comes first."""
import re
import subprocess

from compiling import FOLDER, HEADERS, INCLUDE, LIBRARY, OBJECTS, PROGRAM, ROOT, compile_text, compiles, limits

# Of each function that may be the first to see an object, how it is called.
FIRST_CALLS = {
    "ward_verify": "&expect, &set, now, token, 1, &work, &claims",
    "ward_verify_begin": "&verification, &expect, &set, now, token, 1, &work",
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
    "ward_keyring_bundle": "&keyring, token, 1, now, 1, &work",
    "ward_keyring_fetch_end_bundle": "&keyring, 0, now, 1, &work",
    "ward_keyring_pack": "&keyring, now, 1, &record",
    "ward_keyring_pack_keys": "&keyring, true, &record",
    "ward_gate_begin": "&gate, &policy, &set, 0, now",
    "ward_gate_begin_with": "&gate, &setup, now, &work",
    "ward_gate_pack": "&gate, now, 1, &record",
    "ward_gate_check": "&gate, &request, &work, &decision",
    "ward_gate_check_begin": "&running, &gate, &request, &work, &decision",
    "ward_authorize_begin": "&check, &gate, token, 1, ward_any_scope, &caller, &work, &decision",
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
GATE = {"WARD_CACHE_SLOTS", "WARD_CACHE_SIGNATURES", "WARD_CACHE_TEXT", "WARD_PEER_SLOTS", "WARD_SUBJECT_SLOTS", "WARD_DENY_SLOTS", "WARD_AUDIT_EVENTS",
        "WARD_MAX_PATH", "WARD_MAX_BUNDLE"}


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
             "PREPARED_WORDS": "_prepared{}", "CACHE_SLOTS": "_cache{}x", "CACHE_SIGNATURES": "x{}x0_peers", "CACHE_TEXT": "x{}_peers",
             "PEER_SLOTS": "_peers{}_", "SUBJECT_SLOTS": "_subjects{}_", "DENY_SLOTS": "_deny{}_", "AUDIT_EVENTS": "_audit{}_", "PATH": "_path{}_",
             "BUNDLE": "_bundle{}"}
    for name, low, high in limits():
        if name not in FREE:
            # What is only on or off is on by default on this machine.
            value = int(low) if int(high) == 1 else min(int(low) + 64, int(high))
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


def test_functions_have_their_names():
    """In `nm`, and so in a debugger. Of the names with limits there are two, which no object of the library refers to."""
    listing = subprocess.run(["nm", "-P", LIBRARY], capture_output=True, text=True, check=True).stdout
    symbols = [line.split()[:2] for line in listing.splitlines() if len(line.split()) > 1]
    defined = {name for name, kind in symbols if kind == "T"}
    assert set(FIRST_CALLS) - {"ward_service_begin", "ward_selftest"} <= defined
    limited = [(name, kind) for name, kind in symbols if re.search(r"_token\d", name)]
    assert [kind for _, kind in limited] == ["R", "R"] and limited[0][0] != limited[1][0], limited
