# SPDX-License-Identifier: Apache-2.0
"""port/tls and port/http on a second stack, sockets of this machine, serve and fetch as on lwIP."""
import pathlib
import subprocess
import tempfile

import settings
from certificates import Authority, openssl
from https_client import Connection, request
from scripted import ScriptedIssuer, answer

STACK = settings.stack
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-stack-"))
AUTHORITY, STRANGER = Authority(FOLDER), Authority(FOLDER, "stranger")


def der(path, *words):
    openssl(*words, "-in", path, "-outform", "DER", "-out", path.with_suffix(f"{path.suffix}.der"))
    return path.with_suffix(f"{path.suffix}.der")


def words(authority=AUTHORITY):
    """The program, and its files."""
    certificate, key = AUTHORITY.folder / "device.pem", AUTHORITY.folder / "device.key"
    if not certificate.exists():
        AUTHORITY.certificate("device")
    return [STACK, der(certificate, "x509"), der(key, "ec"), der(authority.pem, "x509")]


class Server:
    """The program as a server until the `with` block ends."""

    def __enter__(self):
        self.program = subprocess.Popen(words(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.program.stdout.readline()
        assert line.startswith("port "), line
        self.port = int(line.split()[1])
        return self

    def __exit__(self, *_):
        self.program.stdin.close()
        assert self.program.wait(10) == 0
        self.program.stdout.close()


def fetch(url, authority=AUTHORITY):
    """What came of it, and the reason."""
    done = subprocess.run([*words(authority), url], capture_output=True, text=True, timeout=60, check=True)
    body, _, reason = done.stdout.removesuffix("\n").rpartition("\n")
    return body, reason


def test_requests_are_served_over_tls_in_any_pieces():
    with Server() as server, Connection(server.port, AUTHORITY.pem) as connection:
        for body in ("", "abc", "x" * 400):
            found = connection.ask(request("/path", body=body, method="POST" if body else "GET"))
            assert (found.status, found.body) == (200, "/path" + body), found
        for byte in request("/slow"):
            connection.send(bytes([byte]))
        assert connection.answer().body == "/slow"
        assert connection.ask(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status == 400
        assert connection.answer() is None


def test_more_connections_than_slots_are_all_served():
    with Server() as server:
        for _ in range(3):
            connections = [Connection(server.port, AUTHORITY.pem) for _ in range(3)]
            for number, connection in enumerate(connections):
                assert connection.ask(request(f"/{number}")).body == f"/{number}"
            with Connection(server.port, AUTHORITY.pem) as one_more:
                assert one_more.ask(request("/more")).body == "/more"
            for connection in connections:
                connection.__exit__()


def test_what_is_no_tls_harms_nobody():
    with Server() as server:
        with Connection(server.port, None) as connection:
            connection.send(b"GET / HTTP/1.1\r\n\r\n")
            while connection.receive():
                pass
        with Connection(server.port, AUTHORITY.pem) as connection:
            assert connection.ask(request("/")).body == "/"


def test_a_fetch_reads_its_answer_or_says_why_not():
    body = '{"keys":[]}\n' * 2000
    with ScriptedIssuer(AUTHORITY.certificate("issuer")) as issuer:
        issuer.script = answer(body)
        url = issuer.url("127.0.0.1")
        assert fetch(url) == (body.removesuffix("\n"), "OK"), fetch(url)[1]
        assert fetch(url, STRANGER) == ("", "FETCH_CERTIFICATE")
        issuer.script = answer("", status="404 Not Found")
        assert fetch(url)[1] == "FETCH_HTTP_STATUS"
    assert fetch(url)[1] == "FETCH_REFUSED"
    assert fetch("https://nobody.invalid/")[1] == "FETCH_NAME"
