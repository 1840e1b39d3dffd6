# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU and the duties of an HTTP/1.1 server: hosts, targets, expectations, and where a request
ends."""
import json
import time

import pace
from https_client import request
from testbed import Testbed, token_of

TESTBED = Testbed("http")
SCOPES = "read:foia write:foia read:projects write:projects"
GOOD, OTHER, THIRD = (token_of(f"auth0|{name}", scope=SCOPES) for name in ("good", "other", "third"))
BAD = token_of(aud="https://elsewhere.example")
NEXT = request("/health")

def head(method, *fields, bearer=None, version="1.1", target="/api/projects"):
    """A head; a Host is only there if it is one of the fields."""
    lines = [f"{method} {target} HTTP/{version}", *fields] + ([f"Authorization: Bearer {bearer}"] if bearer else [])
    return "\r\n".join([*lines, "", ""]).encode()


def answers(testbed, device, data):
    """All answers to these bytes on a connection of their own, until it ends; the last one says so."""
    with testbed.connect(device) as client:
        client.send(data)
        found = []
        while True:
            answer = client.answer()
            if answer is None:
                return [one.status for one in found]
            found.append(answer)
            if answer.fields.get("connection") == "close":
                assert client.answer() is None, found


def test_a_request_names_its_host_once(testbed, device):
    for fields in ((), ("Host: a", "Host: a"), ("Host: a", "Host: b"), ("Host: a b/c",), ("Host:",), ("Host: me@a",),
                   ("Host: [::1",)):
        assert answers(testbed, device, head("GET", *fields, bearer=GOOD) + NEXT) == [400], fields
        if fields:
            assert answers(testbed, device, head("GET", *fields, bearer=GOOD, version="1.0") + NEXT) == [400], fields
    with testbed.connect(device) as client:
        for host in ("device", "device.example:443", "10.0.2.15", "[fe80::1]:443"):
            assert client.ask(head("GET", f"Host: {host}", bearer=GOOD)).status == 200, host
    assert answers(testbed, device, head("GET", bearer=GOOD, version="1.0") + NEXT) == [200]
    assert answers(testbed, device, head("GET", "Connection: keep-alive", bearer=GOOD, version="1.0") + NEXT) == [200]


def test_an_answer_to_head_has_no_body_whatever_is_wrong(testbed, device):
    for fields in ((), ("Host: a b",), ("Host: a", "Transfer-Encoding: gzip")):
        with testbed.connect(device) as client:
            client.send(head("HEAD", *fields))
            assert client.answer(head=True).status in (400, 501), fields
            assert client.answer() is None, fields


def test_a_target_may_have_any_form_of_its_method(testbed, device):
    with testbed.connect(device) as client:
        for target, status in (("http://device/api/foia", 200), ("HTTPS://device:443/api/foia?x=y", 200),
                               ("http://elsewhere.example/api/foia", 200), ("http://device/api/foia/..", 400),
                               ("http://me@device/api/foia", 400), ("*", 400), ("ftp://device/api/foia", 400),
                               ("http://device", 404)):
            assert client.ask(request(target, GOOD)).status == status, target
        assert client.ask(request("*", GOOD, "OPTIONS")).status == 404
        assert client.ask(request("http://device", GOOD, "OPTIONS")).status == 404
    assert answers(testbed, device, head("CONNECT", "Host: device:443", bearer=GOOD, target="device:443") + NEXT) == [400]


# Of each the first answer is the only one: what follows is read as a request by nobody.
SMUGGLED = [("an empty coding", 400, "Transfer-Encoding: "), ("a coding of blanks", 400, "Transfer-Encoding: \t "),
            ("an empty coding after chunked", 400, "Transfer-Encoding: chunked", "Transfer-Encoding:"),
            ("chunked twice", 400, "Transfer-Encoding: chunked, chunked"),
            ("a coding and a length", 400, "Transfer-Encoding: chunked", "Content-Length: 5"),
            ("a coding after a length", 400, "Content-Length: 5", "Transfer-Encoding: chunked"),
            ("an empty coding and a length", 400, "Content-Length: 0", "Transfer-Encoding:"),
            ("a coding after chunked", 400, "Transfer-Encoding: chunked, gzip"),
            ("another coding", 501, "Transfer-Encoding: gzip"),
            ("another coding before chunked", 501, "Transfer-Encoding: gzip, chunked"),
            ("identity", 501, "Transfer-Encoding: identity"),
            ("two lengths", 400, "Content-Length: 0", "Content-Length: 0"), ("no length", 400, "Content-Length:"),
            ("a list of lengths", 400, "Content-Length: 0, 0"), ("a length with a sign", 400, "Content-Length: +0"),
            ("no name", 400, ": x"), ("a folded line", 400, "X: y", " z"),
            ("a line feed alone", 400, "X: y\nContent-Length: 0"),
            ("a carriage return alone", 400, "X: y\rContent-Length: 0"), ("a NUL", 400, "X: \0"),
            ("another expectation", 417, "Expect: 200-ok", "Content-Length: 2")]


def test_where_a_request_ends_is_not_a_matter_of_opinion(testbed, device):
    for what, status, *fields in SMUGGLED:
        assert answers(testbed, device, head("POST", "Host: device", *fields, bearer=GOOD) + b"0\r\n\r\n" + NEXT) == [status], what
    chunked = head("POST", "Host: device", "Transfer-Encoding: chunked", bearer=GOOD)
    for body in (b"2\nhi\r\n0\r\n\r\n", b"2;x\nhi\r\n0\r\n\r\n", b"2\r\nhi0\r\n\r\n", b"2\r\nhi\r\n0\r\nX: y\n\r\n",
                 b"2\r\nhi\r\n0\r\n\n"):
        assert answers(testbed, device, chunked + body + NEXT) == [400], body
    with testbed.connect(device) as client:
        # A field after the body is none, neither a credential nor an end of the connection.
        fields = f"Connection: close\r\nAuthorization: Bearer {GOOD}\r\n"
        client.send(head("POST", "Host: device", "Transfer-Encoding: chunked") + f"0\r\n{fields}\r\n".encode() + NEXT)
        assert [client.answer().status for _ in range(2)] == [401, 200]


def test_100_continue_comes_once_the_token_is_good(testbed, device):
    fields = "Host: device", "Expect: 100-continue", "Content-Length: 4"
    with testbed.connect(device) as client:
        for _ in range(2):
            assert client.ask(head("POST", *fields, bearer=GOOD)) == (100, {}, "")
            assert client.ask(b"name").status == 201
        chunked = head("POST", "Host: device", "Expect: 100-continue", "Transfer-Encoding: chunked", bearer=GOOD)
        assert client.ask(chunked).status == 100
        assert client.ask(b"4\r\nname\r\n0\r\n\r\n").status == 201
        # A body that does not wait needs no permission.
        assert client.ask(head("POST", *fields, bearer=GOOD) + b"name").status == 201
        # Nor is there any without a body, or for HTTP/1.0.
        assert client.ask(head("POST", "Host: device", "Expect: 100-continue", bearer=GOOD)).status == 400
        assert client.ask(head("POST", *fields[1:], bearer=GOOD, version="1.0") + b"name").status == 201


def test_a_bad_token_is_refused_without_a_body(testbed, device):
    fields = "Host: device", "Expect: 100-continue", "Content-Length: 4"
    for bearer in (None, BAD):
        with testbed.connect(device) as client:
            began = time.monotonic()
            answer = client.ask(head("POST", *fields, bearer=bearer))
            assert answer.status == 401 and answer.fields["connection"] == "close", answer
            assert time.monotonic() - began < pace.seconds(5)
            client.send(NEXT)
            assert client.answer() is None
    with testbed.connect(device) as client:
        # What is too long is told so at once, too.
        assert client.ask(head("POST", *fields[:2], "Content-Length: 4000", bearer=GOOD)).status == 413
        assert client.answer() is None


def test_a_refused_body_that_comes_anyway_is_read_and_the_connection_goes_on(testbed, device):
    with testbed.connect(device) as client:
        for bearer, status in ((BAD, 401), (None, 401), (GOOD, 201), (token_of(scope=""), 403)):
            assert client.ask(request("/api/projects", bearer, "POST", body="a name")).status == status
        client.send(head("POST", "Host: device", "Content-Length: 4", bearer=BAD))
        time.sleep(0.5)
        answer = client.ask(b"name")
        assert answer.status == 401 and "connection" not in answer.fields
        assert client.ask(NEXT).status == 200
        client.send(request("/api/projects", BAD, "POST", "Expect: 100-continue", body="a name") + NEXT)
        assert [client.answer().status for _ in range(2)] == [401, 200]


def test_what_was_granted_is_the_same_when_its_body_has_come(testbed, device):
    """While a body comes, others are judged in the same memory."""
    with testbed.connect(device) as one, testbed.connect(device) as two:
        one.send(head("POST", "Host: device", "Content-Length: 8", bearer=OTHER) + b"kept")
        time.sleep(0.5)
        for bearer, status in ((THIRD, 200), (BAD, 401), (None, 401)):
            assert two.ask(request("/api/projects", bearer)).status == status
        answer = one.ask(b" row")
        assert answer.status == 201 and json.loads(answer.body)["name"] == "kept row", answer
        number = json.loads(answer.body)["number"]
        assert one.ask(request(f"/api/projects/{number}", OTHER)).status == 200
        assert two.ask(request(f"/api/projects/{number}", THIRD)).status == 404
        assert one.ask(request(f"http://device/api/projects/{number}?x", OTHER, "DELETE")).status == 200
        one.send(head("PATCH", "Host: device", "Content-Length: 2", bearer=OTHER, target="/api/foia/7") + b"h")
        time.sleep(0.5)
        assert json.loads(two.ask(request("/api/foia/7", THIRD)).body)["subject"] == "auth0|third"
        assert json.loads(one.ask(b"i").body)["subject"] == "auth0|other"
