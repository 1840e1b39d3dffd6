# SPDX-License-Identifier: Apache-2.0
"""What is decided without input and output: each answer, each wait, each text that is read."""
import json
import pathlib

import peer
import pytest
from ward_client import ClientError, DeviceError, Issuer, Limits, Machine, Secret, Token
from ward_client.answers import challenge, retry_after
from ward_client.asking import Done, Fail, Renew, Repeat, address, decide, make_request, origin_of
from ward_client.errors import hint_of, is_gates, table
from ward_client.grants import Fault, read_token
from ward_client.messages import Answer, Failure
from ward_client.patience import Patience
from ward_client.secret import scrub

HINTS = json.loads((pathlib.Path(__file__).resolve().parents[3] / "clients" / "hints.json").read_text())
EVERY = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH")
TWICE = EVERY[:5]


def answer(told):
    headers = {name.lower(): value for name, value in told.headers.items()}
    return Answer(told.status, headers, json.dumps(told.body).encode())


# ---- What to do with an answer.

@pytest.mark.parametrize("method", EVERY)
def test_what_the_gate_has_refused_is_repeated_by_every_method(method):
    for told, seconds in ((peer.BUSY, 7), (peer.UNAVAILABLE, 3)):
        decision = decide(method, answer(told), 0)
        assert isinstance(decision, Repeat) and decision.told == seconds, decision
    assert isinstance(decide(method, answer(peer.EXPIRED), 0), Renew)


@pytest.mark.parametrize("method", EVERY)
def test_what_may_have_had_an_effect_is_repeated_only_where_two_do_what_one_does(method):
    others = [answer(peer.told(503, {"error": "busy"})), answer(peer.told(429)), Failure(True, "cut"),
              answer(peer.told(503, {"error": "temporarily_unavailable", "error_description": "Not the gate's words"}))]
    for reply in others:
        assert isinstance(decide(method, reply, 0), Repeat if method in TWICE else Fail), reply
    assert isinstance(decide(method, Failure(False, "no connection"), 0), Repeat)
    assert isinstance(decide(method, Failure(False, "certificate", certificate=True), 0), Fail)


def test_other_answers_are_neither_repeated_nor_renewed():
    for status in (400, 403, 404, 405, 500, 502, 504):
        assert isinstance(decide("GET", answer(peer.told(status)), 0), Fail)
    assert isinstance(decide("GET", answer(peer.gate(401, "unauthorized", "An access token is needed")), 0), Fail)
    assert isinstance(decide("GET", answer(peer.told(401)), 0), Fail)
    for status in (200, 201, 204, 304):
        assert isinstance(decide("GET", answer(peer.told(status)), 0), Done)


def test_a_401_without_a_body_is_read_by_its_challenge():
    told = Answer(401, {"www-authenticate": 'Basic realm="x", Bearer realm="a, b", error="invalid_token"'})
    assert isinstance(decide("HEAD", told, 0), Renew)


def test_what_is_unclear_after_a_failure_is_said():
    assert decide("POST", Failure(True, "cut"), 0).error.error == "effect_unknown"
    assert decide("PUT", Failure(True, "cut"), 0).error.error == "effect_unknown"
    assert decide("GET", Failure(True, "cut"), 0).error.error == "unreachable"
    assert decide("POST", Failure(False, "refused"), 0).error.error == "unreachable"


# ---- Hints.

def test_each_row_of_the_shared_table_is_found_by_its_words():
    assert table() == HINTS
    for source, rows in HINTS.items():
        for row in rows:
            assert hint_of(source, row["error"], row["description"] or "") == row["hint"]
    assert hint_of("device", "invalid_token", "other words") == hint_of("device", "invalid_token")
    assert hint_of("device", "never_heard_of") == hint_of("issuer", "nor_of_this") == hint_of("client", "unknown")


def test_only_the_gates_own_words_are_the_gates():
    rows = [row for row in HINTS["device"] if row["description"]]
    assert all(is_gates(row["status"], row["error"], row["description"]) for row in rows) and len(rows) > 8
    assert not is_gates(503, "rate_limited", "Too many requests")
    assert not is_gates(500, "server_error", "")


def test_an_error_has_all_that_the_answer_says():
    told = peer.gate(403, "insufficient_scope", "The access token lacks a scope", "a b", Retry_After="9")
    error = decide("GET", answer(told), 0).error
    assert isinstance(error, DeviceError)
    assert (error.status, error.error, error.scope, error.retry_after) == (403, "insufficient_scope", "a b", 9)
    assert error.description == "The access token lacks a scope" and "scopes that the answer names" in error.hint
    assert "403 insufficient_scope: The access token lacks a scope (scope: a b). Ask" in str(error)


# ---- Challenges and Retry-After.

@pytest.mark.parametrize("value, found", [
    ('Bearer realm="api", error="invalid_token", error_description="a \\"b\\", c"',
     {"realm": "api", "error": "invalid_token", "error_description": 'a "b", c'}),
    ('bearer error=invalid_token', {"error": "invalid_token"}),
    ('Basic realm="Bearer error=x"', {}), ('Bearer', {}), ('', {}), ('Bearer error="cut', {}),
    ('DPoP error="a", Bearer error="b", Basic error="c"', {"error": "b"}),
])
def test_the_bearer_challenge_is_found_among_others(value, found):
    assert challenge(value) == found


@pytest.mark.parametrize("value, date, seconds", [
    ("5", None, 5), ("0", None, 0), ("-5", None, None), ("5.5", None, None), ("soon", None, None), ("", None, None),
    ("9" * 400, None, 1e9), ("Thu, 01 Jan 1970 00:02:00 GMT", None, 20), ("Thu, 01 Jan 1970 00:00:01 GMT", None, 0),
    ("Thu, 01 Jan 1970 00:02:00 GMT", "Thu, 01 Jan 1970 00:01:50 GMT", 10),
    ("Thu, 99 Jan 1970 00:02:00 GMT", None, None),
])
def test_retry_after_is_seconds_or_a_date_by_the_answers_own_clock(value, date, seconds):
    headers = {"retry-after": value, **({"date": date} if date else {})}
    assert retry_after(Answer(503, headers), 100.0) == seconds


# ---- Waiting.

class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_wait_is_never_shorter_than_told_and_spread_by_chance():
    pauses = [Patience(Limits(), Clock(), lambda chance=chance: chance).pause(8) for chance in (0, 0.5, 1)]
    assert pauses == pytest.approx([8, 9.05, 10.1])
    assert Patience(Limits(), Clock(), lambda: 1).pause(0) == pytest.approx(0.1)


def test_waits_are_bounded_in_number_and_in_time():
    patience = Patience(Limits(repetitions=3, seconds=1000), Clock(), lambda: 0)
    assert [patience.pause(5) for _ in range(5)] == [5, 5, 5, None, None]
    clock = Clock()
    patience = Patience(Limits(repetitions=9, seconds=20), clock, lambda: 0)
    assert patience.pause(30) is None
    assert patience.pause(15) == 15
    clock.now = 15
    assert patience.pause(4.1) is None and patience.pause(4) == 4 and patience.answer() == 5


def test_without_retry_after_each_wait_is_longer():
    patience = Patience(Limits(repetitions=9, seconds=1000), Clock(), lambda: 0)
    assert [patience.pause(None) for _ in range(5)] == [1, 2, 4, 8, 8]


# ---- Tokens.

def test_a_token_is_used_until_60_seconds_before_its_end():
    token = Token(Secret("t"), 1000.0)
    assert token.is_fresh(939.9) and not token.is_fresh(940.0) and not token.is_fresh(2000)
    assert Token(Secret("t")).is_fresh(1e12)


def read(**changes):
    fields = {"access_token": "abc", "token_type": "bearer", "expires_in": 100, **changes}
    fields = {name: value for name, value in fields.items() if value is not None}
    return read_token(Answer(200, {}, json.dumps(fields).encode()), 1000)


def test_the_end_is_counted_from_the_request_or_read_from_exp():
    assert read().token.ends == 1100 and read(expires_in="50").token.ends == 1050
    assert read(expires_in=None).token.ends is None
    jwt = "e30.eyJleHAiOjc3N30.c2ln"
    assert read(expires_in=None, access_token=jwt).token.ends == 777 and read(access_token=jwt).token.ends == 1100
    for strange in ("e30.!.x", "e30.WzFd.x", "a.b", "e30.eyJleHAiOiJ4In0.x"):
        outcome = read(expires_in=None, access_token=strange)
        assert isinstance(outcome, Fault) or outcome.token.ends is None, strange


@pytest.mark.parametrize("changes", [
    {"access_token": None}, {"access_token": 7}, {"access_token": "a\r\nX: y"}, {"access_token": "ü"},
    {"access_token": ""}, {"token_type": "mac"}, {"token_type": None}])
def test_what_is_no_bearer_token_is_not_taken(changes):
    outcome = read(**changes)
    assert isinstance(outcome, Fault) and outcome.error == "answer_invalid"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff\xfe", b"[" * 100000])
def test_an_answer_that_is_no_json_is_no_token(body):
    assert isinstance(read_token(Answer(200, {}, body), 0), Fault)


# ---- Where a token goes.

@pytest.mark.parametrize("url", [
    "http://device", "https://", "https://a@device", "https://device/path", "https://device?x", "ftp://device",
    "https://dev ice", "https://device\\@evil", "https://device:99999", "device"])
def test_a_device_is_an_https_origin(url):
    with pytest.raises(ClientError):
        origin_of(url)


@pytest.mark.parametrize("target", [
    "https://evil/", "//evil/", "http://device/", "x", "", "/a b", "/a\r\nX: y", "/#x", "https://device.evil/",
    "https://device@evil/", "https://device", "/\\evil", "@evil"])
def test_a_target_is_a_path_of_the_device(target):
    with pytest.raises(ClientError) as caught:
        address("https://device", target)
    assert caught.value.error == "other_origin" and "goes nowhere else" in caught.value.hint


def test_targets_of_its_own_are_taken():
    assert address("https://device", "/a/b?c=%2F") == "https://device/a/b?c=%2F"
    assert address("https://device", "https://device/a") == "https://device/a"


def test_a_caller_does_not_set_what_the_client_sets():
    for headers in ({"Authorization": "Bearer x"}, {"HOST": "evil"}, {"content-length": "1"}):
        with pytest.raises(ClientError):
            make_request("https://device", "GET", "/", None, None, headers)
    with pytest.raises(ClientError):
        make_request("https://device", "GET /x", "/", None, None, None)


@pytest.mark.parametrize("changes", [{"parameters": {"scope": "x"}}, {"audience": ""}, {"authentication": "none"}])
def test_settings_that_contradict_are_refused(changes):
    with pytest.raises(ClientError) as caught:
        Machine(Issuer("https://issuer"), "id", "secret", **{"audience": "https://api", **changes})
    assert caught.value.error == "setting_invalid"
    with pytest.raises(ClientError) as caught:
        Issuer("https://issuer", token_endpoint="http://issuer/token")
    assert caught.value.error == "https_required"


def test_others_texts_are_shown_without_secrets_and_control_characters():
    text = scrub("a\x1b[31m\nsecret-1 eyJhbGciOiJSUzI1NiJ9.e30.x" + "y" * 999, (Secret("secret-1"), None))
    assert "secret-1" not in text and "eyJ" not in text
    assert text.startswith("a [31m [hidden] [hidden]") and len(text) <= 301
