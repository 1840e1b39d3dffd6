# SPDX-License-Identifier: Apache-2.0
"""`ward routes --metadata`: RFC 9728 metadata from the routes, as JSON and as C."""
import json
import subprocess

from ward_command import ROOT, new_folder, ward
from test_openapi import SERVER, TENANT
from test_routes import POLICY, SCOPES
from tokens import ISSUER

FOLDER = new_folder()


def metadata(routes, resource, *words, stdin=b"", note=False):
    result = ward("routes", routes, "--metadata", "--resource", resource, "--issuer", TENANT, *words, stdin=stdin)
    assert result.returncode == 0 and (b": note: no route" in result.stderr) == note, result
    return result.stdout


def test_the_metadata_of_the_shipped_policy():
    found = json.loads(metadata(POLICY, SERVER))
    assert found == {
        "resource": SERVER, "authorization_servers": [TENANT], "scopes_supported": SCOPES,
        "bearer_methods_supported": ["header"]
    }
    found = json.loads(metadata(POLICY, SERVER, "--issuer", ISSUER, "--title", "Holes"))
    assert found["authorization_servers"] == [TENANT, ISSUER] and found["resource_name"] == "Holes"


def test_each_scope_is_named_once_and_by_itself():
    text = b"GET /a a b|a c\nPOST /a c|d b\nGET /b WARD_AUTHENTICATED\nGET /c a,b\nGET /d aa\n"
    assert json.loads(metadata("-", SERVER, stdin=text,
                               note=True))["scopes_supported"] == ["a", "b", "c", "d", "a,b", "aa"]
    assert json.loads(metadata("-", SERVER, stdin=b"GET /a WARD_PUBLIC\n", note=True))["scopes_supported"] == []


def strings(table, name):
    """The texts that a C file defines, as a program that was linked with it sees them."""
    (FOLDER / "metadata.c").write_bytes(table)
    (FOLDER / "show.c").write_text(f"""
        #include <stdio.h>
        #include "ward/text.h"
        extern const struct ward_text {name}, {name}_url;
        int main(void)
        {{
            return printf("%.*s\\n%.*s\\n", (int){name}.length, {name}.data, (int){name}_url.length,
                          {name}_url.data) < 0;
        }}""")
    subprocess.run([
        "gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", FOLDER / "metadata.c",
        FOLDER / "show.c", "-o", FOLDER / "show"
    ],
                   check=True)
    return subprocess.run([FOLDER / "show"], check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_c_file_has_the_same_metadata_and_its_url():
    for resource, url in ((SERVER, f"{SERVER}/.well-known/oauth-protected-resource"),
                          (f"{SERVER}/", f"{SERVER}/.well-known/oauth-protected-resource"),
                          ("https://a.example:8443/v1/x",
                           "https://a.example:8443/.well-known/oauth-protected-resource/v1/x"),
                          ("https://a.example/v1/", "https://a.example/.well-known/oauth-protected-resource/v1/"),
                          ("https://a.example/?k=v", "https://a.example/.well-known/oauth-protected-resource?k=v"),
                          ("https://a.example?k=v", "https://a.example/.well-known/oauth-protected-resource?k=v"),
                          ("https://[::1]/a?b", "https://[::1]/.well-known/oauth-protected-resource/a?b")):
        note = "oauth-protected-resource/" in url
        text, found = strings(metadata(POLICY, resource, "--c", "about", note=note), "about")
        assert found == url
        assert json.loads(text) == json.loads(metadata(POLICY, resource, note=note))
        assert json.loads(text)["resource"] == resource
    odd = b"GET /a a~b%c'd{e}[f]??/g|h@i!\nGET /.well-known/* WARD_PUBLIC\n"
    assert json.loads(strings(metadata("-", SERVER, "--c", "about", stdin=odd),
                              "about")[0])["scopes_supported"] == ["a~b%c'd{e}[f]??/g", "h@i!"]


def test_a_route_that_does_not_let_anybody_read_it_is_told():
    for text, note in (("GET /.well-known/oauth-protected-resource WARD_PUBLIC",
                        False), ("GET /.well-known/* WARD_PUBLIC", False), ("GET /* WARD_PUBLIC", False),
                       ("HEAD /* WARD_PUBLIC", True), ("GET /* WARD_AUTHENTICATED",
                                                       True), ("GET /* WARD_PUBLIC\nGET /.well-known/* a", True)):
        metadata("-", SERVER, stdin=f"{text}\n".encode(), note=note)
