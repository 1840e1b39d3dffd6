# SPDX-License-Identifier: Apache-2.0
"""The demo firmware on the emulated board: its endpoints, what it does with HTTP that is not as it should be, and its
operator's commands. Its keys are those of the tests (build/mps2-an385+tests)."""
import json
import pathlib
import re
import time

import pytest
from device import Device
from tokens import payload, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
IMAGE = ROOT / "build" / "mps2-an385+tests" / "firmware.elf"
NOW = int(time.time())
SCOPES = ("read:transparency read:foia write:foia chat:assistant compile:documents read:database admin:database execute:workflows "
          "read:storage write:storage read:vectors write:vectors admin:vectors read:projects write:projects")
CATEGORIES = [
    ("GET", "/api/vector-search/similar", "Vector Search"), ("GET", "/api/transparency/reports", "Transparency"),
    ("PATCH", "/api/foia/7", "FOIA Dashboard"), ("POST", "/api/chat/messages", "Chat"), ("POST", "/api/latex", "LaTeX Compilation"),
    ("GET", "/api/database/tables", "Neon Database"), ("DELETE", "/api/database/admin/tables/1", "Neon Database, admin"),
    ("POST", "/api/workflows/nightly", "Integration Workflows"), ("PUT", "/api/storage/a%20file", "S3 Storage"),
    ("GET", "/api/vectors", "Vector Store"), ("POST", "/api/vectors/admin/index", "Vector Store, admin")]


def user(subject="auth0|a", scope=SCOPES, **changes):
    return token(payload(sub=subject, scope=scope, iat=NOW, exp=NOW + 3600, **changes))


GOOD = user()


class Board(Device):
    """The device after its start."""

    def __init__(self):
        super().__init__(IMAGE)

    def __enter__(self):
        super().__enter__()
        self.boot = self.until("READY")
        return self

    def raw(self, data):
        """Sends bytes and gives the response."""
        self.send(data if isinstance(data, bytes) else data.encode())
        return self.response()

    def answers(self):
        """Whether it still serves, and nothing of what came before is left over."""
        return self.request("GET", "/health").body == '{"status":"ok"}'


@pytest.fixture
def board():
    """A device after its start, a new one for each case."""
    with Board() as board:
        yield board


def test_the_wire_says_that_it_counts_as_a_protected_channel(board):
    assert board.boot[-1] == "READY: the UART counts as a protected channel"


def test_every_category_says_who_is_calling_with_which_scopes(board):
    for method, target, category in CATEGORIES:
        response = board.request(method, target, GOOD)
        assert response.status == 200 and response.headers["Content-Type"] == "application/json", response
        assert response.headers["Content-Length"] == str(len(response.body)) and response.headers["Cache-Control"] == "no-store"
        assert json.loads(response.body) == {"category": category, "subject": "auth0|a", "kind": "user", "client": "client",
                                             "scopes": SCOPES.split()}, response


def test_kinds_of_callers_are_told_apart(board):
    for subject, kind in (("client@clients", "machine"), ("other@clients", "user"), ("anon@x", "anonymous")):
        assert json.loads(board.request("GET", "/api/foia", user(subject)).body)["kind"] == kind


def test_a_name_with_odd_characters_stays_inside_its_json(board):
    subject = 'a"}\r\n\r\nHTTP/1.1 200 OK\x1b[31m\u202e é'
    response = board.request("GET", "/api/foia", user(subject))
    assert json.loads(response.body)["subject"] == subject and "\x1b" not in response.body and "\u202e" not in response.body


def test_head_has_the_headers_of_get_and_no_body(board):
    get, head = (board.request(method, "/api/foia", GOOD) for method in ("GET", "HEAD"))
    assert (head.status, head.headers, head.body) == (get.status, get.headers, "")
    get, head = (board.raw(f"{method} /health HTTP/1.1\r\n\r\n") for method in ("GET", "HEAD"))
    assert (get.status, get.body) == (400, '{"error":"invalid_request"}'), get
    assert (head.status, head.headers, head.body) == (400, get.headers, ""), head


def test_one_credential_in_one_header_is_what_counts(board):
    def answer(*headers):
        lines = "".join(f"{header}\r\n" for header in headers)
        return board.raw(f"GET /api/foia HTTP/1.1\r\nHost: x\r\n{lines}\r\n").reason
    assert answer(f"Authorization: Bearer {GOOD}") == "OK"
    assert answer(f"aUTHORIZATION:bearer   {GOOD}  \t ") == "OK"
    assert answer(f"X-Authorization: Bearer {GOOD}") == "CREDENTIAL_MISSING"
    assert answer(f"Authorization: Bearer {GOOD}", f"Authorization: Bearer {GOOD}") == "CREDENTIALS_MULTIPLE"
    assert answer("Authorization: Basic x", f"Authorization: Bearer {GOOD}") == "CREDENTIALS_MULTIPLE"
    assert answer("Authorization: Bearer") == "CREDENTIAL_INVALID"
    assert answer("Authorization:") == "CREDENTIAL_MISSING"
    assert answer(f"Authorization: Bearer\t{GOOD}") == "CREDENTIAL_INVALID"
    assert answer(f"Authorization: Bearer {GOOD},Bearer {GOOD}") == "CREDENTIAL_INVALID"
    assert answer("Authorization: Bearer " + "a" * 4096) == "TOKEN_OPAQUE"
    assert answer("Authorization: Bearer " + "a" * 4097) == "TOKEN_TOO_LONG"


def test_paths_with_two_meanings_are_refused(board):
    for path in ("//api/foia", "/api//foia", "/api/./foia", "/api/x/../foia", "/api/%66oia/%2e", "/api/foia%2fx", "/api/foia;x", "/api/foia%00",
                 "/api/foia%5cx", "/api/foia%zz", "/api/foi%61"):
        response = board.request("GET", path, GOOD)
        assert (response.status, response.reason) == (400, "PATH_INVALID"), (path, response)
    for path in ("/api/foiax", "/API/foia", "/api"):
        assert board.request("GET", path, GOOD).status == 404, path
    assert board.request("GET", "/api/foia?x=/../admin", GOOD).status == 200


BROKEN = [
    ("a method that HTTP does not have", "FETCH / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
    ("a version that is not ours", "GET / HTTP/3.7\r\n\r\n", 505),
    ("no version", "GET /\r\n\r\n", 505),
    ("bytes that are not HTTP", "\x01\x02\x03", 501),
    ("a folded header", "GET /health HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
    ("a folded Authorization", "GET /health HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n\tx\r\n\r\n", 400),
    ("a NUL in a header", "GET /health HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 400),
    ("a space before the colon", "GET /health HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer x\r\n\r\n", 400),
    ("a line feed alone in a header", "GET /health HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n", 400),
    ("two lengths", "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    ("a length and chunks", "POST /api/chat HTTP/1.1\r\nHost: x\r\n"
                            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("a length that is none", "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na", 400),
    ("no Host", "GET /health HTTP/1.1\r\n\r\n", 400),
    ("two Hosts", "GET /health HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
    ("a Host that is none", "GET /health HTTP/1.1\r\nHost: a b/c\r\n\r\n", 400),
    ("a coding without a name", "POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \r\n\r\n0\r\n\r\n", 400),
    ("a coding that is not chunked", "POST /api/chat HTTP/1.1\r\nHost: x\r\n"
                                     "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    ("a field without a name", "GET /health HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400),
    ("another expectation", "GET /health HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n\r\n", 417),
    ("a chunk that is none", "POST /api/chat HTTP/1.1\r\nHost: x\r\n"
                             "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n", 400),
    ("a target that is too long", f"GET /{'a' * 1100} HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ("headers that are too long", f"GET /health HTTP/1.1\r\nHost: x\r\nX: {'a' * 9000}\r\n\r\n", 431),
    ("an Authorization that is too long", "GET /health HTTP/1.1\r\nHost: x\r\n"
                                          f"Authorization: {'a' * 4200}\r\n\r\n", 431),
    ("a body that is too long", f"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 600\r\n\r\n{'a' * 600}", 413),
    ("chunks that are too long", "POST /api/chat HTTP/1.1\r\nHost: x\r\n"
                                 "Transfer-Encoding: chunked\r\n\r\n" +
     f"100\r\n{'a' * 256}\r\n" * 3 + "0\r\n\r\n", 413),
]


def test_http_that_is_not_as_it_should_be_is_refused_and_the_next_request_served(board):
    for what, data, status in BROKEN:
        response = board.raw(data)
        assert response.status == status and response.reason == "NO_RESULT", (what, response)
        assert board.answers(), what


def test_a_broken_request_cannot_hide_another_one(board):
    hidden = f"GET /api/foia HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GOOD}\r\n\r\n!audit\n"
    assert board.raw(f"GET /health HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n{hidden}").status == 400
    assert board.answers()


def test_requests_may_follow_each_other_at_once(board):
    one = f"GET /api/foia HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GOOD}\r\n\r\n"
    first = board.raw(one + "\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert first.status == 200 and board.response().body == '{"status":"ok"}'


def test_an_upgrade_is_not_heard(board):
    assert board.raw("GET /health HTTP/1.1\r\nHost: x\r\n"
                     "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n").status == 200
    assert board.answers()


def test_a_body_may_come_in_chunks(board):
    head = ("POST /api/projects HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {GOOD}\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert json.loads(board.raw(head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").body)["name"] == "abcde"


def test_a_body_is_read_once_its_token_is_good(board):
    head = ("POST /api/projects HTTP/1.1\r\nHost: x\r\n"
            f"Expect: 100-continue\r\nContent-Length: 4\r\nAuthorization: Bearer ")
    board.send(f"{head}{GOOD}\r\n\r\n".encode())
    assert board.until("HTTP/1.1 100 Continue")[-1] == "HTTP/1.1 100 Continue\r"
    assert board.until("")[-1] == "\r" and json.loads(board.raw("name").body)["name"] == "name"
    response = board.raw(f"{head}{user(scope='x')}\r\n\r\n")
    assert (response.status, response.reason) == (403, "SCOPE_INSUFFICIENT"), response
    assert board.raw(f"{head}{user(scope='x')}\r\n\r\nname").status == 403
    assert board.answers()


def test_a_url_in_the_request_line_is_its_path(board):
    assert board.request("GET", "http://x/api/foia?y=1", GOOD).status == 200
    assert board.request("POST", "HTTPS://x:443/api/projects", GOOD, "name").status == 201
    assert json.loads(board.request("GET", "http://x/api/projects/1?y", GOOD).body)["number"] == 1
    for method, target in (("GET", "ftp://x/api/foia"), ("GET", "http://me@x/api/foia"), ("GET", "*"),
                           ("CONNECT", "x:443")):
        response = board.request(method, target, GOOD)
        assert (response.status, response.reason) == (400, "TARGET_INVALID"), (target, response)
    assert board.request("OPTIONS", "*", GOOD).reason == "ROUTE_NOT_FOUND"


def test_a_credential_after_the_body_is_none(board):
    response = board.raw("POST /api/chat HTTP/1.1\r\nHost: x\r\n"
                         f"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nAuthorization: Bearer {GOOD}\r\n\r\n")
    assert response.reason == "CREDENTIAL_MISSING", response
    response = board.raw("POST /api/chat HTTP/1.1\r\nHost: x\r\n"
                         f"Authorization: Bearer {GOOD}\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "1\r\na\r\n0\r\nAuthorization: Basic x\r\nX: y\r\n\r\n")
    assert response.reason == "OK", response


def test_what_came_before_is_not_in_the_next_request(board):
    assert board.request("GET", "/api/foia", GOOD).status == 200
    assert board.request("GET", "/api/foia").reason == "CREDENTIAL_MISSING"
    assert board.request("POST", "/api/projects", GOOD, "name").status == 201
    assert board.request("POST", "/api/projects", GOOD).status == 400


def projects(board, who):
    return json.loads(board.request("GET", "/api/projects", who).body)["projects"]


def test_a_subject_lists_changes_and_deletes_its_own_rows_only(board):
    one, two = user("auth0|one"), user("auth0|two")
    assert board.request("POST", "/api/projects", one, "first").status == 201
    assert board.request("POST", "/api/projects/", two, "second").status == 201
    assert projects(board, one) == [{"number": 1, "name": "first"}] and projects(board, two) == [{"number": 2, "name": "second"}]
    for method, body in (("GET", ""), ("PUT", "mine"), ("PATCH", "mine"), ("DELETE", ""), ("POST", "mine")):
        response = board.request(method, "/api/projects/1", two, body)
        assert response.status == 404 and response.body == board.request(method, "/api/projects/9", two, body).body, (method, response)
    assert board.request("PUT", "/api/projects/1?x=2", one, "renamed").status == 200
    assert board.request("PATCH", "/api/projects/1", one, "again").body == '{"number":1,"name":"again"}'
    assert board.request("DELETE", "/api/projects/1", one).status == 200
    assert board.request("GET", "/api/projects/1", one).status == 404
    assert projects(board, one) == [] and projects(board, two) == [{"number": 2, "name": "second"}]


def test_the_same_subject_of_another_client_owns_the_same_rows(board):
    assert board.request("POST", "/api/projects", user(azp="one"), "x").status == 201
    assert projects(board, user(azp="two")) == [{"number": 1, "name": "x"}]


def test_nobody_owns_rows_anonymously(board):
    assert board.request("POST", "/api/projects", user("anon@1"), "x").status == 403
    assert projects(board, user("anon@1")) == []


def test_the_table_of_projects_is_bounded(board):
    for number in range(16):
        assert board.request("POST", "/api/projects", user(f"auth0|{number // 8}"), "n" * 48).status == 201
    assert board.request("POST", "/api/projects", user("auth0|2"), "x").status == 507
    assert board.request("DELETE", "/api/projects/3", user("auth0|0")).status == 200
    assert json.loads(board.request("POST", "/api/projects", user("auth0|2"), "x").body)["number"] == 17
    for name in ("", "n" * 49):
        assert board.request("POST", "/api/projects", user("auth0|2"), name).status == 400
    for path in ("0", "00", "99999999999", "1x", "-1", "1/2"):
        assert board.request("GET", f"/api/projects/{path}", user("auth0|0")).status == 404, path


def test_the_operator_denies_and_allows_a_subject(board):
    assert board.request("GET", "/api/foia", GOOD).status == 200
    assert board.ask("!deny auth0|a\r", "done")[-1] == "done"
    denied = board.request("GET", "/api/foia", GOOD)
    assert (denied.status, denied.reason) == (401, "SUBJECT_DENIED") and "DENIED" not in denied.body
    assert board.ask("!undeny auth0|b", "not")[-1] == "not on the deny list"
    assert board.ask("!undeny auth0|a", "done")
    assert board.request("GET", "/api/foia", GOOD).status == 200


def test_the_operator_is_told_what_there_is_and_what_was_wrong(board):
    for line in ("!", "!help", "!deny", "!deny ", "!auditx"):
        assert board.ask(line, "")[-1].startswith("commands: !audit, !deny"), line
    assert board.ask("!deny " + "x" * 300, "")[-1] == "the line is too long"
    assert board.quit() == 0


def test_the_audit_reaches_the_console_and_stays_in_the_ring(board):
    events = [line.removeprefix("AUDIT ") for line in board.boot if line.startswith("AUDIT ")]
    events += board.request("GET", "/api/foia", GOOD).audit + board.request("GET", "/api/foia").audit
    ring = board.ask("!audit", "HEAD")
    assert [line.removeprefix("RING ") for line in ring[:-1]] == events
    assert ring[-1] == "HEAD " + json.loads(events[-1])["digest"]
    assert [json.loads(event)["kind"] for event in events] == ["boot", "grant", "refusal"]


def test_the_answer_does_not_say_the_reason(board):
    # Who was granted a token has more signature checks at once than a stranger.
    assert board.request("GET", "/api/foia", GOOD).status == 200
    for bad in (user(iss="https://evil/"), user(aud="x"), GOOD[:-4] + "AAAA", "opaque", "a.b.c"):
        response = board.request("GET", "/api/foia", bad)
        assert response.status == 401 and not re.search(r"[A-Z]+_[A-Z]+", f"{response.headers}{response.body}"), response
        assert "The access token is not valid here" in response.body and response.reason not in ("OK", "NO_RESULT")
