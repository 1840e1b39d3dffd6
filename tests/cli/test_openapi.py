# SPDX-License-Identifier: Apache-2.0
"""`ward routes --openapi`: an API description from the routes, held against a table of its own, what ward answers and a
linter."""
import json
import os
import re
import subprocess

import pytest
from ward_command import ROOT, USUAL, WARD, new_folder, unusable, usage, ward
from described import (ANSWERS, HEADERS, expected_paths, reference, response_of, responses_of, schema_of,
                       without_prose)
from test_routes import POLICY, TABLE, needed
from tokens import NOW, payload, token

FOLDER = new_folder()
TENANT = "https://dev-4fszoklachwdh46m.us.auth0.com/"
SERVER = "https://api.theholefoundation.org"
NAMED = ["--title", "The Hole Foundation", "--api-version", "1.2", "--license", "Apache-2.0"]
LINTED = ["--license", "MIT"]

# ---- The shipped policy.

def document(routes=POLICY, *words, issuers=(TENANT, ), stdin=b""):
    result = ward("routes",
                  routes,
                  "--openapi",
                  *[word for issuer in issuers for word in ("--issuer", issuer)],
                  *words,
                  stdin=stdin)
    assert result.returncode == 0 and result.stderr == b"", result
    return json.loads(result.stdout)


def of(text, *words, **options):
    return document("-", *words, stdin=text.encode(), **options)


def test_the_shipped_policys_document_is_the_issues_table():
    found = without_prose(document(POLICY, "--server", SERVER, *NAMED))
    responses = {
        name
        for pattern in TABLE for method in ("GET", "POST") if needed(pattern, method) is not None
        for name in responses_of(not needed(pattern, method), bool(needed(pattern, method)), False).values()
    }
    kinds = {kind for name in responses - {"Granted"} for kind in ANSWERS[name][0]}
    assert found.pop("paths") == expected_paths()
    assert found == {
        "openapi": "3.1.0", "info": {
            "title": "The Hole Foundation", "version": "1.2",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        }, "servers": [{"url": SERVER}], "tags": [{"name": pattern} for pattern in TABLE], "components": {
            "securitySchemes": {
                "issuer": {"type": "openIdConnect", "openIdConnectUrl": f"{TENANT}.well-known/openid-configuration"}
            },
            "parameters": {"Rest": {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}},
            "requestBodies": {"Anything": {"content": {"*/*": {}}}},
            "schemas": {kind: schema_of(kind)
                        for kind in kinds},
            "headers": HEADERS,
            "responses": {
                name: {"content": {"*/*": {}}} if name == "Granted" else response_of(name, "read:transparency")
                for name in responses
            },
        }
    }


def operations(found):
    return [(path, method, operation) for path, item in found["paths"].items() for method, operation in item.items()
            if method != "parameters"]


def test_paths_stand_in_the_order_of_the_file_and_people_are_told():
    found = document()
    assert list(found["paths"]) == list(expected_paths())
    for path, method, operation in operations(found):
        need = needed(operation["tags"][0], method.upper())
        assert operation["description"] == (f"Needs `{need}`."
                                            if need else "For anybody: no token is looked at."), (path, method)
    for group in ("schemas", "headers", "responses", "parameters", "requestBodies", "securitySchemes"):
        assert all(len(component["description"]) > 10 for component in found["components"][group].values()), group
    assert "%2F" in found["components"]["parameters"]["Rest"]["description"]


# ---- Other routes.

def demand(expression, **options):
    """Security and description of one operation that demands this."""
    return [(operation["security"], operation["description"])
            for _, _, operation in operations(of(f"GET /a {expression}\n", **options))][0]


def test_alternatives_and_lists_of_an_expression_are_those_of_the_security():
    for expression, alternatives, words in (("a", [["a"]], "Needs `a`."), ("a b", [["a", "b"]], "Needs `a` and `b`."),
                                            ("a|b", [["a"],
                                                     ["b"]], "Needs `a`, or `b`."), ("a b|c", [["a", "b"], ["c"]],
                                                                                     "Needs `a` and `b`, or `c`."),
                                            ("a|b c|d", [["a"], ["b", "c"], ["d"]],
                                             "Needs `a`, or `b` and `c`, or `d`."), ("a,b", [["a,b"]], "Needs `a,b`."),
                                            ("WARD_AUTHENTICATED", [[]], "For any subject with a valid token."),
                                            ("WARD_ALLOW_CLEARTEXT a|b", [["a"], ["b"]],
                                             "Needs `a`, or `b`. Also over a channel that is not protected.")):
        result = ward("routes", "-", "--openapi", "--issuer", TENANT, stdin=f"GET /a {expression}\n".encode())
        operation = json.loads(result.stdout)["paths"]["/a"]["get"]
        assert operation["security"] == [{"issuer": scopes} for scopes in alternatives], expression
        assert operation["description"] == words
    assert demand("WARD_PUBLIC")[0] == []


def test_each_issuer_is_an_alternative_of_its_own():
    issuers = ["https://a.example", "https://b.example/tenant/", "https://[::1]:8443/"]
    found = of("GET /a x|y z\n", issuers=issuers)
    assert found["paths"]["/a"]["get"]["security"] == [{scheme: scopes} for scheme in ("issuer", "issuer2", "issuer3")
                                                       for scopes in (["x"], ["y", "z"])]
    assert [scheme["openIdConnectUrl"] for scheme in found["components"]["securitySchemes"].values()] == [
        "https://a.example/.well-known/openid-configuration",
        "https://b.example/tenant/.well-known/openid-configuration",
        "https://[::1]:8443/.well-known/openid-configuration"
    ]


def test_each_mark_has_its_answers_and_no_component_is_there_for_nothing():
    for marks in ("WARD_PUBLIC", "WARD_AUTHENTICATED", "x", "WARD_ALLOW_CLEARTEXT WARD_PUBLIC",
                  "WARD_ALLOW_CLEARTEXT WARD_AUTHENTICATED", "WARD_ALLOW_CLEARTEXT x"):
        found = of(f"GET /a {marks}\n")
        names = responses_of("PUBLIC" in marks, marks[-1] == "x", "CLEARTEXT" in marks)
        assert found["paths"]["/a"]["get"]["responses"] == {
            status: reference("responses", name)
            for status, name in names.items()
        }, marks
        assert set(found["components"]["responses"]) == set(names.values())
        referred = set(re.findall(r"#/components/(\w+/\w+)", json.dumps(found)))
        there = {
            f"{group}/{name}"
            for group, items in found["components"].items() if group != "securitySchemes" for name in items
        }
        assert referred == there, marks


def test_a_star_is_two_paths_unless_a_row_of_its_own_has_one():
    assert list(of("GET /a/* a\n")["paths"]) == ["/a", "/a/{path}"]
    assert list(of("GET /a/* a\nGET /a b\n")["paths"]) == ["/a/{path}", "/a"]
    assert list(of("GET /* a\n")["paths"]) == ["/", "/{path}"]
    assert list(of("GET / a\nGET /* b\n")["paths"]) == ["/", "/{path}"]
    exact = of("GET /a/* a\nPOST /a b\n")["paths"]["/a"]
    assert set(exact) == {"post"}
    both = of("GET /a/* a\nPOST /a/* b\nDELETE,OPTIONS /a/* c\n")["paths"]
    assert list(both["/a"]) == ["get", "post", "delete", "options"] and list(
        both["/a/{path}"]) == ["parameters", *both["/a"]]


def test_a_slash_at_the_end_is_the_star_with_nothing_in_it():
    """Not the shorter path, which may have a row of its own; unless the longer one has one."""
    def reason(rows, target):
        (FOLDER / "slash.routes").write_text(rows)
        told = ward("check", "--routes", FOLDER / "slash.routes", *USUAL, "--path", target).stderr
        return told.decode().split(": ")[2]
    rest = of("GET /a/* a\n")["components"]["parameters"]["Rest"]["description"]
    assert "or nothing after the slash before it" in rest
    assert reason("GET /a/* a\nGET /a WARD_PUBLIC\n", "/a/") == "CREDENTIAL_MISSING"
    assert reason("GET /a/* a\nPUT /a/ b\n", "/a/") == "METHOD_NOT_ALLOWED"
    assert list(of("GET /a/* a\nPUT /a/ b\n")["paths"]) == ["/a", "/a/{path}", "/a/"]


def test_operation_ids_depend_on_method_and_path_alone_and_differ_where_these_do():
    patterns = [
        "/", "/*", "/a", "/a/", "/a/*", "/a/path", "/a_path", "/a_", "/a_/b", "/a/_b", "/a-b", "/a.b", "/a/b", "/a/b/*",
        "/A", "/~a", "/~7Ea", "/a:b", "/a~3Ab", "/_", '/a"b', "/__", "/a/_", "/a__path"
    ]
    alone, together = {}, {}
    for where, found in [(alone, of(f"GET,POST {pattern} x\n")) for pattern in patterns
                         ] + [(together, of("".join(f"GET,POST {pattern} x\n" for pattern in reversed(patterns))))]:
        where.update({(path, method): operation["operationId"] for path, method, operation in operations(found)})
    assert alone == together and len(set(alone.values())) == len(alone)
    assert all(re.fullmatch(r"(get|post)[A-Za-z0-9_.~-]+", name) for name in alone.values()), alone
    assert alone["/a/{path}", "get"] == "get_a__path" and alone["/a_path", "get"] == "get_a~5Fpath"


def test_without_options_there_are_defaults():
    found = of("GET /a a\n")
    assert found["servers"] == [{"url": "/"}] and found["info"]["title"] == "API" and found["info"]["version"] == "1"
    assert "license" not in found["info"]
    found = of("GET /a a\n", "--server", "https://a.example/v1", "--server", "http://[::1]:8080", "--title",
               'A "b" \\ ü')
    assert found["servers"] == [{"url": "https://a.example/v1"}, {"url": "http://[::1]:8080"}
                                ] and found["info"]["title"] == 'A "b" \\ ü'


# ---- Held against what ward answers, and by a linter.

def matches(schema, value, found):
    """Whether a value is what one of the document's schemas says; those are objects of strings."""
    if "$ref" in schema:
        schema = found["components"]["schemas"][schema["$ref"].split("/")[-1]]
    if "oneOf" in schema:
        return sum(matches(one, value, found) for one in schema["oneOf"]) == 1
    return set(value) == set(schema["required"]) == set(schema["properties"]) and all(
        isinstance(value[name], str) and value[name] == member.get("const", value[name])
        for name, member in schema["properties"].items())


def test_what_ward_answers_is_what_the_document_says():
    found = document()
    expired = token(payload(exp=NOW - 3600))
    for words, status, path, method in ((["--path", "/api/foia"], 401, "/api/foia",
                                         "get"), (["--path", "/api/foia/1", "--authorization",
                                                   "Bearer x"], 401, "/api/foia/{path}", "get"),
                                        (["--path", "/api/foia", "--authorization",
                                          f"Bearer {expired}"], 401, "/api/foia",
                                         "get"), (["--path", "/api/foia", "--authorization",
                                                   "Bearer a b"], 400, "/api/foia",
                                                  "get"), (["--path", "/api/foia/../x"], 400, "/api/foia/{path}",
                                                           "get"), (["--path", "/health/%2e"], 400, "/health", "get"),
                                        (["--path", "/api/database", "--authorization",
                                          f"Bearer {token()}"], 403, "/api/database",
                                         "get"), (["--path", "/api/foia", "--cleartext"], 403, "/api/foia",
                                                  "get"), (["--path", "/health", "--cleartext"], 403, "/health",
                                                           "get"), (["--path", "/nowhere"], 404, "/health",
                                                                    "get"), (["--path", "/health", "--method",
                                                                              "POST"], 405, "/health", "get"),
                                        (["--path", "/api/foia", "--now", "1", "--authorization",
                                          f"Bearer {token()}"], 401, "/api/foia", "get")):
        usual = USUAL[:-2] if "--now" in words else USUAL
        answer = ward("check", "--routes", POLICY, *usual, *words).stdout.decode()
        head, _, body = answer.partition("\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        assert int(head.split()[1]) == status, (words, answer)
        response = found["components"]["responses"][found["paths"][path][method]["responses"][str(status)]
                                                    ["$ref"].split("/")[-1]]
        assert matches(response["content"]["application/json"]["schema"], json.loads(body), found), (words, body)
        for name, header in response["headers"].items():
            header = found["components"]["headers"][header["$ref"].split("/")[-1]]
            assert name in fields or not header.get("required"), (words, name)
            if name in fields and "schema" in header:
                schema = header["schema"]
                assert fields[name] == schema.get("const", fields[name]) and re.search(
                    schema.get("pattern", ""), fields[name]), (words, name)
        told = {name for name in fields if name not in ("Content-Type", "Content-Length")}
        assert told <= set(response["headers"]), (words, told)


def lint(*documents):
    """What the linter has to say, a line each."""
    files = []
    for number, text in enumerate(documents):
        files.append(FOLDER / f"{number}.json")
        files[-1].write_text(json.dumps(text) if isinstance(text, dict) else text)
    modules = ROOT / "build" / "deps" / "openapi" / "node_modules"
    done = subprocess.run(["node", ROOT / "tests" / "openapi" / "lint.mjs", *files],
                          env=dict(os.environ, WARD_NODE_MODULES=str(modules)),
                          capture_output=True,
                          text=True,
                          timeout=120)
    assert done.returncode == 0, done
    return done.stdout.splitlines()


def test_a_linter_finds_nothing():
    every = "".join(f"GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS /{number}{star} {marks}\n"
                    for number, (star, marks) in enumerate(
                        (star, marks) for star in ("", "/*")
                        for marks in ("WARD_PUBLIC", "WARD_AUTHENTICATED", "a b|c", "WARD_ALLOW_CLEARTEXT WARD_PUBLIC",
                                      "WARD_ALLOW_CLEARTEXT WARD_AUTHENTICATED", "WARD_ALLOW_CLEARTEXT a|b")))
    assert lint(document(POLICY, "--server", SERVER, *NAMED), document(POLICY, *LINTED), of(every, *LINTED),
                of(every, *LINTED, issuers=[TENANT, "https://b.example"]), of("GET /health WARD_PUBLIC\n", *LINTED),
                of("GET /a/b_c a\nGET /* b\nPOST / c\n", *LINTED)) == []


def test_the_linter_would_find_something():
    whole = document(POLICY, *LINTED)
    for name, change in (("no-unresolved-refs", lambda d: d["components"]["responses"].pop("NotFound")),
                         ("info-license",
                          lambda d: d["info"].pop("license")), ("security-defined",
                                                                lambda d: d["components"]["securitySchemes"].clear()),
                         ("no-invalid-media-type-examples",
                          lambda d: d["components"]["schemas"]["NotFound"]["properties"]["error"].update(const="x")),
                         ("operation-operationId-unique",
                          lambda d: d["paths"]["/health"]["head"].update(operationId="get_health")),
                         ("path-parameters-defined", lambda d: d["paths"]["/api/foia/{path}"].pop("parameters")),
                         ("no-unused-components",
                          lambda d: d["components"]["schemas"].update(Lost={"type": "string"}))):
        broken = json.loads(json.dumps(whole))
        change(broken)
        assert any(line.split()[1] == name for line in lint(broken)), name


# ---- Wrong usage.

def test_wrong_usage_names_what_is_wrong():
    usage(ward("routes", "--openapi", "--issuer", TENANT), "FILE")
    usage(ward("routes", POLICY, "--openapi"), "--issuer", "missing")
    usage(ward("routes", POLICY, "--metadata", "--issuer", TENANT), "--resource", "missing")
    usage(ward("routes", POLICY, "--metadata", "--resource", SERVER), "--issuer", "missing")
    usage(ward("routes", POLICY, "--openapi", "--issuer", TENANT, "--c", "x"), "--c", "excludes --openapi")
    usage(ward("routes", POLICY, "--openapi", "--issuer", TENANT, "--metadata"), "--metadata", "excludes --openapi")
    for words, need in ((["--issuer", TENANT], "--openapi or --metadata"), (["--title",
                                                                             "x"], "--openapi or --metadata"),
                        (["--server", SERVER], "--openapi"), (["--api-version", "2"], "--openapi"),
                        (["--license", "MIT"], "--openapi"), (["--resource", SERVER], "--metadata")):
        usage(ward("routes", POLICY, *words), words[0], f"needs {need}")
        usage(ward("routes", POLICY, "--c", "x", *words), words[0], f"needs {need}")
    usage(ward("routes", POLICY, "--openapi", "--issuer", TENANT, "--resource", SERVER), "--resource",
          "needs --metadata")
    usage(ward("routes", POLICY, "--metadata", "--issuer", TENANT, "--resource", SERVER, "--server", SERVER),
          "--server", "needs --openapi")
    for name in ("--title", "--api-version", "--license"):
        usage(ward("routes", POLICY, "--openapi", "--issuer", TENANT, name, ""), name, "is empty")
    usage(ward("routes", POLICY, "--openapi", *["--issuer", TENANT] * 5), "--issuer", "often")


@pytest.mark.parametrize(
    "option, right, wrong",
    [("--issuer", ["https://a", "https://a/b/"], ["http://a/", "https://a/?x", "https://a/?", "a", "tenant.example"]),
     ("--server", ["https://a", "http://a:1/b"], ["https://a/", "http://", "/v1",
      "ftp://a", "https://a?x", "https://a/{v}"]),
     ("--resource", ["https://a", "https://a/?x"], ["http://a", "urn:a", "a"])])
def test_a_url_that_breaks_its_rule_is_named_with_the_rule(option, right, wrong):
    base = [
        "routes", POLICY, *(["--metadata"] if option == "--resource" else ["--openapi"]),
        *([] if option == "--issuer" else ["--issuer", TENANT])
    ]
    for url in right + [f"https://{'a' * 247}"]:
        assert ward(*base, option, url).returncode == (3 if option == "--resource" and len(url) == 255 else 0), url
    for url in wrong + [
            "", "https://", "https:///a", "https://u@a", "https://a b", "https://a/#f", 'https://a/"', "https://a\\b",
            "https://ä", "https://a/\x7f", "https://a\r\n", f"https://{'a' * 248}"
    ]:
        usage(ward(*base, option, url), option, "URL")


def test_what_cannot_be_described_is_named():
    unusable(ward("routes", "-", "--openapi", "--issuer", TENANT, stdin=b"GET /a a\n\nGET /{id} a\n"), "-:3: ", "brace")
    unusable(ward("routes", "-", "--openapi", "--issuer", TENANT, stdin=b"GET /a} a\n"), "-:1: ", "brace")
    unusable(ward("routes", POLICY, "--metadata", "--issuer", TENANT, "--resource", f"https://{'a' * 247}"),
             "longer than 255", "--resource")
    unusable(ward("routes", FOLDER / "missing", "--openapi", "--issuer", TENANT), "missing")
    result = ward("routes", "-", "--openapi", "--issuer", TENANT, stdin=b"GET a a\n")
    unusable(result, "ROUTE_PATTERN")
    assert result.stdout == b""


def test_a_full_disk_is_no_success():
    for words in (["--openapi"], ["--metadata", "--resource", SERVER], ["--metadata", "--resource", SERVER, "--c",
                                                                        "x"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([WARD, "routes", POLICY, "--issuer", TENANT, *words],
                                  stdout=full,
                                  stderr=subprocess.PIPE,
                                  timeout=30)
        assert done.returncode == 3 and b"could not be written" in done.stderr


def test_a_pattern_of_the_longest_path_and_an_expression_of_the_longest_are_described():
    path = "/" + "_" * 509
    scopes = " ".join(f"{number:02}{'s' * 125}" for number in range(32))
    found = of(f"GET {path}/* {scopes}\n")
    assert [operation["operationId"]
            for _, _, operation in operations(found)] == [f"get_{'~5F' * 509}", f"get_{'~5F' * 509}__path"]
    assert found["paths"][path]["get"]["security"] == [{"issuer": scopes.split()}]
    assert found["components"]["responses"]["Forbidden"]["content"]["application/json"]["examples"][
        "InsufficientScope"]["value"]["scope"] == scopes
