# SPDX-License-Identifier: Apache-2.0
"""The client against a scripted issuer and a scripted device over TLS, by threads and by tasks."""
import base64
import hashlib
import pathlib
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
import ward_client.transport
from peer import BUSY, CUT, EXPIRED, FINE, UNAVAILABLE, Peer, gate, grant, slow, told
from ward_client import Application, ClientError, DeviceError, Issuer, IssuerError, Limits, Machine

ONCE = Limits(repetitions=0)


def fails(way, call, kind=ClientError):
    with pytest.raises(kind) as caught:
        way.call(call())
    return caught.value


# ---- Tokens.

def test_client_credentials_get_a_token_that_is_cached(way, world):
    world.issuer.script = [grant()]
    world.device.script = [FINE, FINE]
    _, device = world.open(way)
    assert way.call(device.get("/led")).json() == {"led": "on"} and way.call(device.get("/led?x=1")).status == 200
    form = {"grant_type": "client_credentials", "audience": "https://api.example", "scope": "read:led"}
    assert world.issuer.forms() == [form]
    basic = "Basic " + base64.b64encode(b"line-4:machines-secret-4711").decode()
    assert world.issuer.bearers() == [basic] and world.device.bearers() == ["Bearer token-1"] * 2
    assert [asked.path for asked in world.device.asked] == ["/led", "/led?x=1"]


def test_a_secret_may_be_sent_in_the_form_or_have_strange_characters(way, world):
    world.issuer.script = [grant(), grant()]
    party = world.party(authentication="client_secret_post", parameters={"resource": "https://r"})
    posted, _ = world.open(way, party=party)
    way.call(posted.get())
    form = world.issuer.forms()[0]
    sent = form["client_id"], form["client_secret"], form["resource"]
    assert sent == ("line-4", "machines-secret-4711", "https://r")
    strange, _ = world.open(way, party=world.party(secret="a:b %ü"))
    way.call(strange.get())
    assert base64.b64decode(world.issuer.bearers()[1].split()[1]) == b"line-4:a%3Ab+%25%C3%BC"


def test_a_token_is_renewed_60_seconds_before_its_end(way, world):
    world.issuer.script = [grant("one", 61), grant("two", 3600)]
    world.device.script = [FINE] * 3
    tokens, device = world.open(way)
    way.call(device.get("/"))
    tokens._keeper.clock = lambda: time.time() + 0.5
    way.call(device.get("/"))
    tokens._keeper.clock = lambda: time.time() + 2
    way.call(device.get("/"))
    assert world.device.bearers() == ["Bearer one", "Bearer one", "Bearer two"]


def test_one_request_at_a_time_asks_for_a_token(way, world):
    world.issuer.script = [slow(grant("one", 30), 0.3), grant("two")]
    world.device.script = [FINE] * 8
    _, device = world.open(way)
    answers = way.together([lambda: device.get("/")] * 8)
    assert [answer.status for answer in answers] == [200] * 8
    assert len(world.issuer.asked) == 1, "those who waited take it, however short it lasts"


def test_who_waited_for_a_request_that_failed_does_not_ask_again(way, world):
    world.issuer.script = [slow(told(401, {"error": "invalid_client"}), 0.3), grant()]
    tokens, _ = world.open(way)
    errors = way.together([tokens.get] * 6)
    assert [error.error for error in errors] == ["invalid_client"] * 6 and len(world.issuer.asked) == 1
    assert len({id(error) for error in errors}) == 6, "an exception is one caller's"
    assert way.call(tokens.get()).value.reveal() == "token-1"


def test_a_token_that_is_refused_by_many_is_renewed_once(way, world):
    world.issuer.script = [grant("old"), slow(grant("new"), 0.2)]
    tokens, device = world.open(way)
    way.call(tokens.get())

    def answer(asked):
        return FINE if asked.headers.get("authorization") == "Bearer new" else EXPIRED
    world.device.script = [answer] * 16
    assert [one.status for one in way.together([lambda: device.post("/led", json={})] * 8)] == [200] * 8
    assert len(world.issuer.asked) == 2


# ---- A 401.

def test_an_expired_token_is_renewed_once_and_the_request_repeated_with_its_body(way, world):
    world.issuer.script = [grant("old"), grant("new")]
    world.device.script = [EXPIRED, FINE]
    _, device = world.open(way)
    way.call(device.post("/led", json={"on": True}))
    assert world.device.bearers() == ["Bearer old", "Bearer new"]
    assert [asked.body for asked in world.device.asked] == [b'{"on": true}'] * 2


def test_a_second_401_is_not_renewed(way, world):
    world.issuer.script = [grant("a"), grant("b"), grant("c")]
    world.device.script = [EXPIRED, EXPIRED, FINE]
    _, device = world.open(way)
    error = fails(way, lambda: device.get("/led"), DeviceError)
    assert (error.status, error.error, error.description) == (401, "invalid_token", "The access token expired")
    assert "Get a new token" in error.hint and len(world.issuer.asked) == 2 and len(world.device.asked) == 2


def test_a_403_says_which_scope_and_what_to_do(way, world):
    world.issuer.script = [grant()]
    world.device.script = [gate(403, "insufficient_scope", "The access token lacks a scope", "write:led")]
    error = fails(way, lambda: world.open(way)[1].get("/led"), DeviceError)
    assert (error.status, error.scope) == (403, "write:led") and error.hint and len(world.device.asked) == 1


# ---- Waiting.

def test_503_and_429_wait_as_long_as_they_say(way, world, waits):
    world.issuer.script = [grant()]
    world.device.script = [UNAVAILABLE, BUSY, FINE]
    _, device = world.open(way)
    assert way.call(device.post("/led", json={})).status == 200
    assert len(waits) == 2 and 3 <= waits[0] <= 3.85 and 7 <= waits[1] <= 8.85, waits


def test_waiting_ends_after_so_many_and_so_long(way, world, waits):
    world.issuer.script = [grant()]
    world.device.script = [BUSY] * 4
    _, device = world.open(way, limits=Limits(repetitions=2))
    error = fails(way, lambda: device.get("/"), DeviceError)
    assert (error.status, error.retry_after, len(waits), len(world.device.asked)) == (429, 7, 2, 3)
    world.device.script = [gate(429, "rate_limited", "Too many requests", Retry_After="61")]
    error = fails(way, lambda: device.get("/"), DeviceError)
    assert error.retry_after == 61 and len(waits) == 2, "nobody waits in vain"


def test_a_503_of_somebody_else_does_not_repeat_a_post(way, world, waits):
    world.issuer.script = [grant()]
    world.device.script = [told(503, {"error": "half_done"}, Retry_After="1"), FINE]
    error = fails(way, lambda: world.open(way)[1].post("/led", json={}), DeviceError)
    assert error.status == 503 and not waits and len(world.device.asked) == 1


@pytest.mark.parametrize("method, times, error", [
    ("GET", 2, None), ("PUT", 2, None), ("DELETE", 2, None), ("POST", 1, "effect_unknown"),
    ("PATCH", 1, "effect_unknown")])
def test_a_connection_that_ends_proves_nothing(way, world, waits, method, times, error):
    world.issuer.script = [grant()]
    world.device.script = [CUT, FINE]
    _, device = world.open(way)
    if error is None:
        assert way.call(device.request(method, "/led")).status == 200
    else:
        assert fails(way, lambda: device.request(method, "/led")).error == error
    assert len(world.device.asked) == times


def test_a_request_that_was_never_sent_is_tried_again(way, world, waits):
    world.issuer.script = [grant()]
    _, device = world.open(way, limits=Limits(repetitions=2))
    world.device.close()
    error = fails(way, lambda: device.post("/led", json={}))
    assert error.error == "unreachable" and "Nothing was done" in error.hint and len(waits) == 2


@pytest.mark.parametrize("answer", [slow(FINE, 2), told(200, [b"x"] * 20)], ids=["late", "slow"])
def test_an_answer_that_is_late_or_slow_is_not_waited_for(way, world, answer):
    world.issuer.script = [grant()]
    world.device.script = [answer]
    tokens, device = world.open(way, limits=Limits(repetitions=0, answer=0.3))
    tokens._keeper.limits = Limits()
    began = time.monotonic()
    assert fails(way, lambda: device.get("/")).error == "unreachable" and time.monotonic() - began < 1.5


def test_an_answer_without_end_is_none(way, world, monkeypatch):
    monkeypatch.setattr(ward_client.transport, "MOST", 100000)
    world.issuer.script = [grant()]
    world.device.script = [told(200, b"x" * 100000), told(200, b"x" * 100001)]
    _, device = world.open(way, limits=ONCE)
    assert len(way.call(device.get("/")).body) == 100000
    assert fails(way, lambda: device.get("/")).error == "unreachable"


def test_an_issuer_with_a_strangers_certificate_is_asked_once(way, world, waits):
    party = world.party()
    party.issuer.authority = world.devices.pem
    assert fails(way, world.open(way, party=party)[0].get).error == "certificate_refused" and not waits


# ---- Where a token goes.

@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(way, world, status):
    other = Peer(world.chains["device"], FINE)
    world.issuer.script = [grant()]
    world.device.script = [told(status, Location=f"{other.url}/led"), FINE]
    error = fails(way, lambda: world.open(way)[1].get("/led"))
    other.close()
    assert (error.error, error.status) == ("answer_invalid", status)
    assert other.asked == [] and len(world.device.asked) == 1


def test_the_issuers_redirect_is_not_followed_either(way, world):
    world.issuer.script = [told(307, Location=f"{world.device.url}/token")]
    assert fails(way, world.open(way)[0].get).error == "answer_invalid" and world.device.asked == []


def test_an_authority_is_pinned_for_the_device_alone(way, world):
    world.issuer.script, world.device.script = [grant()] * 2, [FINE]
    tokens, device = world.open(way)
    assert way.call(device.get("/")).status == 200
    for url, authority in ((world.device.url, world.issuers.pem), (world.device.url, None),
                           (world.issuer.url, world.devices.pem)):
        wrong = way.device(url, tokens, authority=authority)
        way.opened.append(wrong)
        error = fails(way, lambda: wrong.get("/"))
        assert error.error == "certificate_refused" and "Never switch the check off" in error.hint
    assert len(world.device.asked) == 1 and len(world.issuer.asked) == 1


def test_a_certificate_of_another_name_is_refused(way, world):
    other = Peer(world.chains["elsewhere"], FINE)
    world.issuer.script = [grant()]
    tokens, _ = world.open(way)
    device = way.device(other.url, tokens, authority=world.devices.pem)
    way.opened.append(device)
    assert fails(way, lambda: device.get("/")).error == "certificate_refused"
    other.close()
    assert other.asked == []


def test_an_authority_that_cannot_be_read_is_a_setting(way, world):
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "none.pem").write_text("nothing")
    for name in ("none.pem", "missing.pem"):
        with pytest.raises(ClientError) as caught:
            way.device("https://device", world.open(way)[0], authority=folder / name)
        assert caught.value.error == "setting_invalid"


# ---- The issuer.

def test_the_issuers_errors_have_hints(way, world):
    refused = told(400, {"error": "invalid_scope", "error_description": "no"})
    world.issuer.script = [refused, told(200, b"<html>"), told(404), told(500)]
    tokens, _ = world.open(way, limits=ONCE)
    found = [fails(way, tokens.get, (IssuerError, ClientError)) for _ in range(4)]
    assert [error.error for error in found] == ["invalid_scope", "answer_invalid", "answer_invalid", "server_error"]
    assert all(error.hint for error in found) and found[0].status == 400 and found[0].description == "no"


def test_a_busy_issuer_is_waited_for(way, world, waits):
    world.issuer.script = [told(429, Retry_After="5"), told(503, Retry_After="2"), CUT, grant()]
    assert way.call(world.open(way)[0].get()).value.reveal() == "token-1"
    assert len(waits) == 3 and waits[0] >= 5 and 2 <= waits[1] < 5


def test_endpoints_are_read_from_the_issuers_metadata(way, world):
    url = world.issuer.url
    metadata = {"issuer": url, "token_endpoint": f"{url}/t"}
    world.issuer.script = [told(404), told(200, metadata), grant(), grant()]
    party = Machine(Issuer(url, authority=world.issuers.pem), "line-4", "x", audience="a")
    tokens, _ = world.open(way, party=party)
    way.call(tokens.get())
    way.call(tokens.get())
    assert [asked.path for asked in world.issuer.asked] == [
        "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/t"]
    for wrong, error in (({**metadata, "issuer": url + "/"}, "answer_invalid"), ({"issuer": url}, "setting_invalid"),
                         ({**metadata, "token_endpoint": "http://localhost/t"}, "https_required")):
        world.issuer.script = [told(200, wrong)]
        assert fails(way, world.open(way, party=party)[0].get).error == error


# ---- Refresh.

def test_a_refresh_token_that_rotates_is_kept(way, world):
    world.issuer.script = [grant("one", 0, refresh_token="second"), grant("two", 0), grant("three", 0)]
    kept = []
    party = world.party(Application, None)
    tokens, _ = world.open(way, party=party, refresh_token="first", on_refresh_token=kept.append)
    for _ in range(3):
        way.call(tokens.get())
    forms = world.issuer.forms()
    assert [form["refresh_token"] for form in forms] == ["first", "second", "second"] and kept == ["second"]
    assert {(form["audience"], form["client_id"], "scope" in form) for form in forms} == {
        ("https://api.example", "line-4", False)}


def test_a_refresh_token_that_is_good_no_more_asks_for_a_sign_in(way, world):
    world.issuer.script = [told(400, {"error": "invalid_grant"})]
    tokens, _ = world.open(way, party=world.party(Application, None), refresh_token="first")
    assert "Sign in again" in fails(way, tokens.get, IssuerError).hint
    assert fails(way, tokens.get).error == "sign_in_required" and len(world.issuer.asked) == 1


@pytest.mark.parametrize("trouble", [CUT, told(503, Retry_After="1"), told(500)])
def test_a_refresh_token_is_not_sent_twice_and_stays(way, world, waits, trouble):
    world.issuer.script = [trouble, grant("late")]
    tokens, _ = world.open(way, party=world.party(Application, None), refresh_token="first")
    fails(way, tokens.get, (ClientError, IssuerError))
    assert len(world.issuer.asked) == 1 and not waits
    assert way.call(tokens.get()).value.reveal() == "late", "whoever calls again decides it"


# ---- Sign-in by code and PKCE.

def begin(way, world):
    tokens, device = world.open(way, party=world.party(Application, None))
    begun = way.call(tokens.begin_sign_in("http://127.0.0.1:7777/callback"))
    return tokens, device, begun, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun.url).query))


def test_a_sign_in_sends_a_challenge_and_proves_it(way, world):
    world.issuer.script, world.device.script = [grant("mine", refresh_token="r")], [FINE]
    tokens, device, begun, asked = begin(way, world)
    assert (asked["audience"], asked["scope"]) == ("https://api.example", "read:led")
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code" and len(asked["state"]) >= 40
    way.call(tokens.finish_sign_in(begun, f"http://127.0.0.1:7777/callback?code=c0de&state={asked['state']}"))
    form = world.issuer.forms()[0]
    digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert digest == asked["code_challenge"] and form["code"] == "c0de" and form["redirect_uri"] == begun.redirect_uri
    assert form["grant_type"] == "authorization_code" and form["audience"] == "https://api.example"
    assert way.call(device.get("/")).status == 200 and world.device.bearers() == ["Bearer mine"]
    error = fails(way, lambda: tokens.finish_sign_in(begun, {"code": "c0de", "state": asked["state"]}))
    assert error.error == "state_mismatch" and len(world.issuer.asked) == 1


@pytest.mark.parametrize("redirected, error", [
    ("code=c&state=wrong", "state_mismatch"), ("code=c", "state_mismatch"),
    ("code=c&state=STATE&state=STATE", "state_mismatch"),
    ("code=c&state=STATE&iss=https://evil", "state_mismatch"), ("state=STATE", "answer_invalid"),
    ("error=access_denied&state=STATE", "access_denied"), ("error=access_denied&state=wrong", "state_mismatch"),
])
def test_an_answer_to_another_sign_in_is_not_taken(way, world, redirected, error):
    tokens, _, begun, asked = begin(way, world)
    query = redirected.replace("STATE", asked["state"])
    caught = fails(way, lambda: tokens.finish_sign_in(begun, query), (ClientError, IssuerError))
    assert caught.error == error and caught.hint and world.issuer.asked == []


def test_a_redirect_goes_to_https_or_this_machine(way, world):
    tokens, _ = world.open(way, Application, party=world.party(Application, None))
    assert fails(way, lambda: tokens.begin_sign_in("http://evil.example/cb")).error == "https_required"


def test_a_tool_receives_the_redirect_on_loopback(way, world):
    world.issuer.script = [grant("mine")]
    tokens, _ = world.open(way, party=world.party(Application, None))
    pages = []

    def get(url):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, {}

    def browse(url):
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        back = fields["redirect_uri"]
        queries = (f"{back}?code=x&state=wrong", f"{back.replace('callback', 'other')}?code=x&state={fields['state']}",
                   f"{back}?code=right&state={fields['state']}")
        pages.extend(get(query) for query in queries)

    way.call(tokens.sign_in(lambda url: threading.Thread(target=browse, args=(url,)).start(), seconds=20))
    assert [status for status, _ in pages[:2]] == [404, 404] and world.issuer.forms()[0]["code"] == "right"
    assert world.issuer.forms()[0]["redirect_uri"].startswith("http://127.0.0.1:")
    assert fails(way, lambda: tokens.sign_in(lambda url: None, seconds=0.1)).error == "timed_out"


# ---- Sign-in by a code.

DEVICE_CODE = {"device_code": "dev-c0de", "user_code": "WDJB-MJHT", "verification_uri": "https://issuer/activate",
               "expires_in": 600, "interval": 5}


def pending(error="authorization_pending"):
    return told(400, {"error": error})


def test_a_code_is_shown_and_asked_for_until_somebody_has_signed_in(way, world, waits):
    world.issuer.script = [told(200, DEVICE_CODE), pending(), pending("slow_down"), CUT, pending(), grant("mine")]
    tokens, _ = world.open(way, party=world.party(Application, None))
    shown = []
    assert way.call(tokens.sign_in_by_code(shown.append)).value.reveal() == "mine"
    assert waits == [5, 5, 10, 20, 20] and (shown[0].code, shown[0].uri) == ("WDJB-MJHT", "https://issuer/activate")
    first, *rest = world.issuer.forms()
    assert first == {"client_id": "line-4", "scope": "read:led", "audience": "https://api.example"}
    assert {(form["device_code"], form["client_id"], form["audience"]) for form in rest} == {
        ("dev-c0de", "line-4", "https://api.example")}
    assert rest[0]["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"


@pytest.mark.parametrize("answer, error", [
    (pending("access_denied"), "access_denied"), (pending("expired_token"), "expired_token"),
    (told(200, {"access_token": "x"}), "answer_invalid")])
def test_a_code_that_is_refused_ends_it(way, world, waits, answer, error):
    world.issuer.script = [told(200, DEVICE_CODE), pending(), answer]
    tokens, _ = world.open(way, party=world.party(Application, None))
    caught = fails(way, lambda: tokens.sign_in_by_code(lambda code: None), (IssuerError, ClientError))
    assert caught.error == error and caught.hint and len(world.issuer.asked) == 3


def test_a_code_is_asked_for_until_it_expires(way, world, waits):
    world.issuer.script = [told(200, {**DEVICE_CODE, "expires_in": 4})]
    tokens, _ = world.open(way, party=world.party(Application, None))
    error = fails(way, lambda: tokens.sign_in_by_code(lambda code: None), IssuerError)
    assert error.error == "expired_token" and not waits


@pytest.mark.parametrize("changes", [
    {"verification_uri": "http://issuer"}, {"user_code": None}, {"device_code": 5}, {"expires_in": None},
    {"verification_uri_complete": "javascript:x"}])
def test_a_code_without_a_safe_address_is_not_shown(way, world, changes):
    world.issuer.script = [told(200, {**DEVICE_CODE, **changes})]
    tokens, _ = world.open(way, party=world.party(Application, None))
    shown = []
    assert fails(way, lambda: tokens.sign_in_by_code(shown.append)).error == "answer_invalid" and not shown
