# SPDX-License-Identifier: Apache-2.0
"""The recipes of examples/, built by the commands of their READMEs, word for word, and asked with real tokens by clients
that nobody here wrote the other side of."""
import contextlib
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time

import evidence
import pace
import pytest
from certificates import Authority
from https_client import Connection, request
from scripted import ScriptedIssuer, answer
from tokens import jwks, payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-examples-"))
AUTHORITY = Authority(FOLDER)
SERVER = AUTHORITY.certificate("server")
NAMES = ["coap", "line", "loop", "microhttpd", "mongoose"]
# Those that are built for another machine, and the tests that do it.
ELSEWHERE = {"pico": "tests/build/test_pico.py", "esp_http_server": "tests/build/test_esp_idf.py"}
MONGOOSE = os.environ.get("MONGOOSE_DIR")
needs_mongoose = pytest.mark.skipif(not MONGOOSE, reason="no tree of Mongoose: MONGOOSE_DIR names one")
# Those that need nothing that this machine may not have.
EACH = [pytest.param(name, marks=[needs_mongoose] if name == "mongoose" else []) for name in NAMES]
HTTP = [pytest.param(name, marks=[needs_mongoose] if name == "mongoose" else []) for name in ("microhttpd", "mongoose")]


# ---- Building.

def project():
    """What the commands of a README see: a folder with ward in it, and the issuer's key set."""
    if not (FOLDER / "build").exists():
        (FOLDER / "build").mkdir()
        (FOLDER / "build" / "host").symlink_to(ROOT / "build" / "host")
        for part in ("examples", "include", "port"):
            (FOLDER / part).symlink_to(ROOT / part)
        (FOLDER / "jwks.json").write_text(jwks("a"))
    return FOLDER


def built(name):
    """The program that a README's commands make."""
    program = FOLDER / "build" / name
    if not program.exists():
        commands = re.search(r"```sh\n(.*?)```", (EXAMPLES / name / "README.md").read_text(), re.S)[1]
        done = subprocess.run(["sh", "-ec", commands], cwd=project(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return program


def sources(name):
    return [*sorted((EXAMPLES / name).glob("*.c")), *sorted((EXAMPLES / "led").glob("*.c"))]


@pytest.mark.parametrize("name", EACH)
def test_it_has_no_warning(name):
    """With the warnings that ward's own files are compiled with, by both compilers."""
    given = re.search(r"^WARNINGS := (.*?[^\\])$", (ROOT / "mk" / "variant.mk").read_text(), re.M | re.S)[1]
    others = ["-isystem", MONGOOSE, "-DMG_TLS=MG_TLS_BUILTIN"] if name == "mongoose" else ["-D_DEFAULT_SOURCE"]
    for compiler in ("gcc", "clang"):
        for source in sources(name):
            done = subprocess.run([compiler, "-std=c11", "-O2", *given.replace("\\\n", " ").split(), "-I", ROOT / "include", "-I", ROOT, "-I",
                                   EXAMPLES / "led", *others, "-c", source, "-o", "/dev/null"], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr


def lines_of_code(name):
    """Of the glue, without blank lines and those of comments: glue.c, or main.c where all is in one."""
    file = next(file for file in (EXAMPLES / name / "glue.c", EXAMPLES / name / "main.c") if file.exists())
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S)
    return sum(1 for line in text.splitlines() if line.strip())


def test_a_recipe_is_short_and_says_how_short():
    table = (EXAMPLES / "README.md").read_text()
    for name in NAMES:
        lines = lines_of_code(name)
        assert lines <= 100, (name, lines)
        assert re.search(rf"^\| `{name}/` .* {lines} \|$", table, re.M), f"examples/README.md: {name}/ has {lines} lines"
        assert len((EXAMPLES / name / "README.md").read_text().splitlines()) <= 45, name
    folders = {path.name for path in EXAMPLES.iterdir() if (path / "README.md").exists()}
    assert folders == {*NAMES, *ELSEWHERE}, "a recipe that is not tried"
    for name, test in ELSEWHERE.items():
        assert f"examples/{name}" in (ROOT / test).read_text() or f'"{name}"' in (ROOT / test).read_text(), (name, test)
        assert f"`{name}/`" in table, name


def test_porting_shows_the_loop_that_runs():
    text = (EXAMPLES / "loop" / "main.c").read_text()
    shown = re.search(r"<!-- loop:begin -->\n```c\n(.*?)```\n<!-- loop:end -->", (ROOT / "port" / "PORTING.md").read_text(), re.S)[1]
    assert shown == re.search(r"^/\* loop:begin \*/\n(.*?)^/\* loop:end \*/", text, re.S | re.M)[1]


# ---- Running.

def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def running(name, *words):
    """The program until the `with` block ends, with what it says."""
    said = []
    with subprocess.Popen([built(name), *map(str, words)], cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as process:
        reader = threading.Thread(target=lambda: said.extend(process.stdout), daemon=True)
        reader.start()
        evidence.add(f"what {name} said", lambda: said, lambda: process.poll() is None)
        try:
            yield process
            assert process.poll() is None, f"{name} has ended: {said}"
        finally:
            process.kill()
            reader.join()


@contextlib.contextmanager
def listening(name, *words, port):
    """Likewise, once it takes connections."""
    with running(name, *words) as process:
        end = time.monotonic() + pace.seconds(20)
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < end, f"{name} does not listen"
                time.sleep(0.05)
        yield port


@contextlib.contextmanager
def serving(name, tls=True):
    """An HTTP server; its port, and what its clients trust."""
    port = free_port()
    certificate = SERVER if tls or name == "mongoose" else ()
    first = f"{'https' if tls else 'http'}://127.0.0.1:{port}" if name == "mongoose" else port
    with listening(name, first, *certificate, port=port):
        yield port, AUTHORITY.pem if tls else None


subjects = iter(range(10**6))


def bearer(scope="read:led", **changes):
    """A token of a new subject: each has a budget of its own."""
    now = int(time.time())
    claims = {"iat": now, "exp": now + 3600, "scope": scope, "sub": f"auth0|{next(subjects)}", **changes}
    return token(payload(**claims))


BOTH = "read:led write:led"
OFF, ON = '{"led":false}', '{"led":true}'


# ---- Over HTTP.

addresses = (f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(10**4))


def ask(server, *words, **more):
    """Of a new address: each has a budget of its own, too."""
    port, trust = server
    with Connection(port, trust, source=next(addresses)) as connection:
        return connection.ask(request(*words, **more))


@pytest.mark.parametrize("name", HTTP)
def test_http_grants_what_the_scopes_say(name):
    with serving(name) as server:
        assert ask(server, "/health").status == 200
        reader, writer = bearer(), bearer(BOTH)
        for target in ("/led", "/led", "/led?a=1%202&b=?"):
            granted = ask(server, target, reader)
            assert (granted.status, granted.body) == (200, OFF), granted
            assert granted.fields["cache-control"] == "no-store" and granted.fields["content-type"] == "application/json", granted
        assert ask(server, "/led", writer, "POST", body="on")[::2] == (200, ON)
        refused = ask(server, "/led", reader, "POST", body="off")
        assert refused.status == 403 and 'scope="write:led"' in refused.fields["www-authenticate"], refused
        assert '"error":"insufficient_scope"' in refused.body
        assert ask(server, "/led", reader).body == ON
        assert ask(server, "/led", writer, "POST", body="off").body == OFF


@pytest.mark.parametrize("name", HTTP)
def test_http_refuses_as_ward_says(name):
    with serving(name) as server:
        stranger = ask(server, "/led")
        assert (stranger.status, stranger.fields["www-authenticate"]) == (401, 'bearer realm="api"'), stranger
        expired = ask(server, "/led", bearer(exp=int(time.time()) - 3600))
        assert expired.status == 401 and "expired" in expired.body, expired
        good = bearer()
        assert ask(server, "/led", good[:-6] + "AAAAAA").status == 401
        assert ask(server, "/led", bearer(aud="https://other.example")).status == 401
        twice = ask(server, "/led", good, "GET", f"authorization: Bearer {good}")
        assert (twice is None) if name == "mongoose" else twice.status == 400, "Mongoose itself ends such a connection"
        assert ask(server, "/nothing", good).status == 404
        wrong = ask(server, "/led", good, "DELETE")
        assert (wrong.status, wrong.fields["allow"]) == (405, "get, post"), wrong
        for target, status in (("/le%64", 400), ("/%2e%2e/led", 400), ("/led%3Fa", 404)):
            assert ask(server, target, good).status == status, f"{target}: ward has not seen what came"


@pytest.mark.parametrize("name", HTTP)
def test_http_asks_once_and_before_the_body(name):
    with serving(name) as (port, trust):
        with Connection(port, trust) as connection:
            whole = request("/led", bearer(BOTH), "POST", body="on")
            connection.send(whole[:-2])
            for piece in (whole[-2:-1], whole[-1:]):
                time.sleep(0.3)
                connection.send(piece)
            assert connection.answer()[::2] == (200, ON)
            # The same connection, another request: it is asked for itself.
            assert connection.ask(request("/led"))[0] == 401
        for given in ([], [bearer("other")]):
            with Connection(port, trust) as connection:
                begin = time.monotonic()
                refused = connection.ask(request("/led", *given, "POST", "Content-Length: 100000") if given
                                         else request("/led", None, "POST", "Content-Length: 100000"))
                assert refused.status == (403 if given else 401), refused
                assert time.monotonic() - begin < pace.seconds(5), "nobody waits for the body of a refused request"


@pytest.mark.parametrize("name", HTTP)
def test_http_without_tls_lets_nobody_in(name):
    with serving(name, tls=False) as server:
        refused = ask(server, "/led", bearer())
        assert refused.status == 403 and "https_required" in refused.body, refused


@pytest.mark.parametrize("name", HTTP)
def test_http_names_its_peers(name):
    """Forged tokens of one address spend its budget of signature checks, and not that of another one."""
    with serving(name) as (port, trust):
        def from_address(source, given):
            with Connection(port, trust, source=source) as connection:
                return connection.ask(request("/led", given)).status
        good = bearer()
        forged = [good[:-6] + "AAAA" + letter + "A" for letter in "BCDEFG"]
        assert [from_address("127.0.0.2", given) for given in forged][-1] == 429
        assert from_address("127.0.0.3", good) == 200


# ---- Lines.

def lines(port, *asked):
    with socket.create_connection(("127.0.0.1", port), pace.seconds(20)) as connection, connection.makefile("rw") as file:
        for line in asked:
            file.write(line + "\n")
            file.flush()
            yield file.readline().rstrip("\n")


def test_lines_grant_what_the_scopes_say():
    port = free_port()
    with listening("line", port, port=port):
        reader, writer = bearer(), bearer(BOTH)
        assert list(lines(port, f"get {reader}", f"on {writer}", f"get {reader}", f"off {writer}")) == [
            f"200 {OFF}", f"200 {ON}", f"200 {ON}", f"200 {OFF}"]
        refused = list(lines(port, f"on {reader}", "get", "", "get x", f"get {reader[:-6]}AAAAAA", f"get {reader}"))
        assert [line[:3] for line in refused] == ["403", "401", "401", "401", "401", "200"], refused
        assert '"scope":"write:led"' in refused[0]


# ---- CoAP.

@pytest.fixture(scope="module")
def coap_client():
    program = FOLDER / "coap_client"
    done = subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", ROOT / "tests/examples/coap_client.c", "-lcoap-3-openssl", "-o", program],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return program


def coap(client, port, *asked, trust=()):
    """The answers of one session."""
    done = subprocess.run([client, str(port), *trust], input="".join(f"{line}\n" for line in asked), capture_output=True, text=True,
                          timeout=pace.seconds(100))
    return done.stdout.splitlines()


def test_coap_grants_what_the_scopes_say(coap_client):
    port = free_port(socket.SOCK_DGRAM)
    dtls = {"trust": [AUTHORITY.pem]}
    with running("coap", port, *SERVER):
        reader, writer = bearer(), bearer(BOTH)
        said = coap(coap_client, port, "GET led", f"POST authz-info {reader}", "GET led", "GET led", "PUT led on", f"POST authz-info {writer}",
                    "PUT led on", "GET led", **dtls)
        assert said[0] == "4.01 " and said[1] == "2.01 " and said[2:4] == [f"2.05 {OFF}"] * 2, said
        assert said[4].startswith("4.03 ") and '"scope":"write:led"' in said[4], said
        assert said[5] == "2.01 " and said[6].startswith("2.04") and said[7] == f"2.05 {ON}", said
        # A session's token is its own, and a bad one is not kept.
        said = coap(coap_client, port, "GET led", f"POST authz-info {reader[:-6]}AAAAAA", "POST authz-info x", "GET led", **dtls)
        assert [line[:4] for line in said] == ["4.01"] * 4, said
        # Over plain UDP no token is taken.
        said = coap(coap_client, port + 1, f"POST authz-info {reader}", "GET led")
        assert said == ["4.03 ", "4.03 "], said


# ---- The main loop.

def test_the_loop_serves_with_keys_that_it_fetched():
    store = FOLDER / "store"
    store.mkdir()
    with ScriptedIssuer(SERVER, answer(jwks("a"))) as issuer:
        process = subprocess.Popen([built("loop"), issuer.url("127.0.0.1"), AUTHORITY.pem, store], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        watch = threading.Timer(pace.seconds(60), process.kill)
        watch.start()

        def said(line):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return process.stdout.readline().rstrip("\n")
        try:
            end = time.monotonic() + pace.seconds(20)
            while (line := said(f"get {bearer()}")) != f"200 OK {OFF}" and time.monotonic() < end:
                assert line.startswith("503 KEY"), line
                time.sleep(0.1)
            assert line == f"200 OK {OFF}", line
            assert said(f"get {bearer('write:led')}").startswith("403 SCOPE_INSUFFICIENT")
            assert said(f"get {bearer()[:-6]}AAAAAA").startswith("401 ")
            process.stdin.close()
            assert process.wait(pace.seconds(20)) == 0
        finally:
            watch.cancel()
            process.kill()
            process.stdout.close()
        assert len(issuer.requests) == 1
