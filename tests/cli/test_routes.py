# SPDX-License-Identifier: Apache-2.0
"""`ward routes`, and the shipped policy: its file, its C table and what it decides."""
import itertools
import json
import pathlib
import re
import subprocess

from ward_command import ROOT, USUAL, WARD, new_folder, unusable, usage, ward
from tokens import NOW, payload, token

FOLDER = new_folder()
POLICY = ROOT / "boards" / "app" / "theholefoundation.routes"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
READING = {"GET", "HEAD"}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}

# The issue's table, written here once more: what reading needs, what writing needs, and which methods write.
TABLE = {
    "/api/vector-search/*": ("read:transparency", "read:transparency", {"POST"}),
    "/api/transparency/*": ("read:transparency", None, set()),
    "/api/foia/*": ("read:foia", "write:foia", WRITING),
    "/api/chat/*": ("chat:assistant", "chat:assistant", {"POST"}),
    "/api/latex/*": (None, "compile:documents", {"POST"}),
    "/api/database/*": ("read:database", None, set()),
    "/api/database/admin/*": ("admin:database", "admin:database", WRITING),
    "/api/workflows/*": (None, "execute:workflows", {"POST"}),
    "/api/storage/*": ("read:storage", "write:storage", WRITING),
    "/api/vectors/*": ("read:vectors", "write:vectors", WRITING),
    "/api/vectors/admin/*": ("admin:vectors", "admin:vectors", WRITING),
    "/api/projects/*": ("read:projects", "write:projects", WRITING),
    "/health": ("", None, set()),
    "/.well-known/oauth-protected-resource": ("", None, set()),
}
SCOPES = ["read:transparency", "read:foia", "write:foia", "chat:assistant", "compile:documents", "read:database", "admin:database",
          "execute:workflows", "read:storage", "write:storage", "read:vectors", "write:vectors", "admin:vectors", "read:projects",
          "write:projects"]


def needed(pattern, method):
    """The scope that a request needs, "" for none, None where the method is not allowed."""
    read, write, writing = TABLE[pattern]
    if method in READING:
        return read
    return write if method in writing else None


def routes(text, *words):
    return ward("routes", "-", *words, stdin=text if isinstance(text, bytes) else text.encode())


def compiled(table, name):
    """The rows of a C table, as a program that was linked with it sees them."""
    (FOLDER / "table.c").write_bytes(table)
    (FOLDER / "main.c").write_text(f"""
        #include <stdio.h>
        #include "ward/http.h"
        extern const struct ward_route {name}[];
        extern const size_t {name}_count;
        int main(void)
        {{
            for (size_t i = 0; i < {name}_count; i++)
                printf("%u %.*s [%.*s]\\n", {name}[i].methods, (int){name}[i].pattern.length, {name}[i].pattern.data,
                       (int){name}[i].scopes.length, {name}[i].scopes.data);
            return 0;
        }}""")
    subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", FOLDER / "table.c", FOLDER / "main.c", "-o",
                    FOLDER / "table"], check=True)
    return subprocess.run([FOLDER / "table"], check=True, capture_output=True, text=True).stdout.splitlines()


def test_a_file_is_checked_and_shown():
    result = routes("# c\n\n  GET,HEAD\t/a/*   a b|c  \r\nPOST /a/* WARD_AUTHENTICATED\nGET /p WARD_ALLOW_CLEARTEXT WARD_PUBLIC\n")
    assert result.returncode == 0 and result.stderr == b"", result
    assert result.stdout.decode() == ("  0  GET,HEAD  /a/*  a b|c\n  1  POST  /a/*  WARD_AUTHENTICATED\n"
                                      "  2  GET  /p  WARD_PUBLIC  WARD_ALLOW_CLEARTEXT\n3 routes\n"), result.stdout


def test_a_line_that_breaks_a_rule_is_named_with_the_rule():
    for line, name in (("GET", "ROUTE_PATTERN"), ("GET /a", "ROUTE_SCOPES"), ("FETCH /a a", "ROUTE_METHODS"), ("get /a a", "ROUTE_METHODS"),
                       ("GET, /a a", "ROUTE_METHODS"), ("GET a a", "ROUTE_PATTERN"), ("GET /a*/b a", "ROUTE_PATTERN"),
                       ("GET /%41 a", "ROUTE_PATTERN"), ("GET //a a", "ROUTE_PATTERN"), ("GET /a/../b a", "ROUTE_PATTERN"),
                       ("GET /a a||b", "SCOPE_EXPRESSION"), ("GET /a a  b", "SCOPE_EXPRESSION"), ("GET /a a\x01", "SCOPE_EXPRESSION"),
                       ("GET /a WARD_PUBLIC a", "ROUTE_SCOPES"), ("GET /a WARD_PUBLIC WARD_AUTHENTICATED", "ROUTE_SCOPES"),
                       ("GET /a WARD_ALLOW_CLEARTEXT", "ROUTE_SCOPES"), ("GET,POST /first a", "ROUTE_DUPLICATE"), ("\0", "ROUTE_METHODS")):
        result = routes(f"# c\nGET /first a\n{line}\n")
        unusable(result, "-:3: ", name)
        assert result.stdout == b"", result


def test_a_comma_in_the_scopes_is_told():
    result = routes("GET /a read:a,write:a\nGET /b read:b\n")
    assert result.returncode == 0 and result.stderr.count(b"\n") == 1 and b":1: note: the comma" in result.stderr, result
    assert routes("GET /a read:a write:a\n").stderr == b""


def test_files_that_cannot_be_used_are_named():
    unusable(routes(""), "no routes")
    unusable(routes("# only\n"), "no routes")
    unusable(routes("#" * 70000), "longer than 65535")
    unusable(routes("".join(f"GET /{number} a\n" for number in range(257))), "-:257: more than 256 routes")
    unusable(ward("routes", FOLDER / "missing"), "missing", "No such file")
    unusable(ward("routes", FOLDER), "directory")


def test_wrong_usage_names_what_is_wrong():
    usage(ward("routes"), "FILE")
    usage(ward("routes", POLICY, POLICY), "too many")
    usage(ward("routes", POLICY, "--c"), "--c", "missing")
    usage(ward("routes", POLICY, "--c", "1x"), "--c", "C variable")
    usage(ward("routes", POLICY, "--c", "a-b"), "--c")
    usage(ward("routes", POLICY, "--x"), "--x")


def test_a_full_disk_is_no_success():
    for words in ([], ["--c", "table"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([WARD, "routes", POLICY, *words], stdout=full, stderr=subprocess.PIPE, timeout=30)
        assert done.returncode == 3 and b"could not be written" in done.stderr


def test_the_c_table_is_the_file():
    file = 'GET,HEAD /a/* a b|c\nPOST,PUT,PATCH,DELETE,OPTIONS /a"b WARD_AUTHENTICATED\nGET /p WARD_ALLOW_CLEARTEXT WARD_PUBLIC\nGET /q a??/\n'
    assert compiled(routes(file, "--c", "table").stdout, "table") == [
        "3 /a/* [a b|c]", f'{4 + 8 + 16 + 32 + 64 + 0x200} /a"b []', f"{1 + 0x400 + 0x100} /p []", "1 /q [a??/]"]


def shown(path):
    """Methods, pattern and scopes of each row, as `ward routes` shows them."""
    lines = ward("routes", path).stdout.decode().splitlines()[:-1]
    return [tuple((line.split(None, 3) + [""])[1:4]) for line in lines]


def test_firmware_and_host_take_the_shipped_policy_from_one_file():
    bits = {method: 1 << number for number, method in enumerate(METHODS)}
    rows = compiled(ward("routes", POLICY, "--c", "app_routes").stdout, "app_routes")
    expected = []
    for methods, pattern, scopes in shown(POLICY):
        public = scopes == "WARD_PUBLIC"
        number = sum(bits[method] for method in methods.split(",")) + (0x100 if public else 0)
        expected.append(f"{number} {pattern} [{'' if public else scopes}]")
    assert rows == expected
    built = ROOT / "build" / "mps2-an385" / "app_routes.c"
    if built.exists():
        assert built.read_bytes() == ward("routes", POLICY, "--c", "app_routes").stdout


def test_the_shipped_policy_is_the_issues_table():
    file = {}
    for methods, pattern, scopes in shown(POLICY):
        for method in methods.split(","):
            file[pattern, method] = "" if scopes == "WARD_PUBLIC" else scopes
    table = {(pattern, method): needed(pattern, method) for pattern in TABLE for method in METHODS
             if needed(pattern, method) is not None}
    assert file == table
    assert len(TABLE) == 14 and len(SCOPES) == 15
    assert {scope for scope in table.values() if scope} == set(SCOPES)


def expected_outcome(pattern, method, scope):
    need = needed(pattern, method)
    if need is None:
        return "405 METHOD_NOT_ALLOWED"
    return "200 OK" if need in ("", scope) else "403 SCOPE_INSUFFICIENT"


def test_every_scope_with_every_pattern_and_method_is_decided_as_the_table_says():
    tokens = [f"token {number} {token(payload(sub=f'auth0|{number}', scope=scope))}" for number, scope in enumerate(SCOPES)]
    lines, expected = [], []
    for time, (number, pattern, method) in enumerate(itertools.product(range(len(SCOPES)), TABLE, METHODS)):
        # Two seconds apart, so that no budget is spent.
        lines.append(f"{NOW + 2 * time} {method} {pattern.replace('*', 'x')} bearer={number}")
        expected.append(expected_outcome(pattern, method, SCOPES[number]))
    result = ward("check", "--routes", POLICY, *USUAL, "--requests", "-", stdin="\n".join([*tokens, *lines]).encode())
    outcomes = [" ".join(line.split()[3:5]) for line in result.stdout.decode().splitlines()]
    wrong = [(line, outcome, want) for line, outcome, want in zip(lines, outcomes, expected) if outcome != want]
    assert result.returncode == 0 and len(outcomes) == len(expected) == 15 * 14 * 7 and not wrong, (len(wrong), wrong[:3])


def test_what_the_policy_does_not_list_is_not_found():
    paths = ["/", "/api", "/api/", "/api/foiax", "/api/secrets", "/health/x", "/Health", "/api/FOIA", "/apix/foia"]
    lines = "\n".join(f"{NOW} GET {path}" for path in paths)
    result = ward("check", "--routes", POLICY, *USUAL, "--requests", "-", stdin=lines.encode())
    assert [line.split()[3] for line in result.stdout.decode().splitlines()] == ["404"] * len(paths), result


def test_an_admin_pattern_has_segment_borders():
    for path, pattern in (("/api/database/adminx", "/api/database/*"), ("/api/database/admin", "/api/database/admin/*"),
                          ("/api/database/admin/", "/api/database/admin/*"), ("/api/database", "/api/database/*")):
        for scope in ("read:database", "admin:database"):
            words = f"Bearer {token(payload(scope=scope))}"
            result = ward("check", "--routes", POLICY, *USUAL, "--path", path, "--authorization", words)
            allowed = needed(pattern, "GET") == scope
            assert result.returncode == (0 if allowed else 1), (path, scope, result)
            if allowed:
                assert json.loads(result.stdout.split(b"\r\n\r\n")[1])["pattern"] == pattern


def test_the_demo_has_a_name_for_each_category():
    source = pathlib.Path(ROOT / "boards" / "app" / "api.c").read_text()
    assert set(re.findall(r'\{ WARD_TEXT\("(/[^"]*)"\), "[^"]+" \}', source)) == set(TABLE)
