# SPDX-License-Identifier: Apache-2.0
"""What a reviewer has broken: absurd answers, callers who err, tasks that are cancelled. Each failed before it held."""
import asyncio
import pathlib
import re
import socket
import ssl
import threading
import time

import pytest
from peer import FINE, gate, grant, slow, told
from test_secrets import CANARY, CLIENT_SECRET, REFRESH, TOKEN, variables
from ward_client import (Application, AsyncDevice, AsyncTokens, ClientError, Device, DeviceError, IssuerError, Limits,
                         Tokens, WardError)
from ward_client.answers import retry_after
from ward_client.asking import make_request
from ward_client.grants import Granted, Token
from ward_client.keeper import Keeper
from ward_client.loopback import Receiver
from ward_client.messages import Answer
from ward_client.patience import Patience
from ward_client.secret import Secret, scrub
from ward_client.transport import trust

HUGE = 10 ** 400


def fails(way, call, kind=WardError):
    with pytest.raises(kind) as caught:
        way.call(call())
    shown = str(caught.value) + repr(variables(caught.value))
    assert not CANARY.search(shown), shown
    return caught.value


# ---- Absurd answers.

@pytest.mark.parametrize("value, seconds", [
    ("1000000000", 1e9), ("9" * 400, 1e9), ("0000000000005", 5), ("Sun Nov  6 08:49:37 1994", 784111777),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777), ("Fri, 31 Dec 9999 23:59:59 -0000", 1e9), ("١٢", None)])
def test_a_wait_is_never_taken_for_none_because_it_is_long(value, seconds, monkeypatch):
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    found = retry_after(Answer(503, {"retry-after": value}), 0.0)
    monkeypatch.undo()
    time.tzset()
    assert found == seconds


def test_a_wait_of_years_is_told_and_not_begun(way, world, waits):
    world.issuer.script = [grant()]
    world.device.script = [gate(429, "rate_limited", "Too many requests", Retry_After="1000000000"), FINE]
    error = fails(way, lambda: world.open(way)[1].get("/"), DeviceError)
    assert error.retry_after == 1e9 and not waits and len(world.device.asked) == 1


@pytest.mark.parametrize("answer", [
    grant(TOKEN, HUGE), grant(TOKEN, -HUGE), grant(TOKEN, refresh_token="CANARY-refresh\ud800"),
    grant("e30.eyJleHAiOiAx" + "MDAw" * 110 + "fQ.c2ln", None)], ids=["huge", "below", "surrogate", "exp"])
def test_an_absurd_answer_is_a_token_without_an_end_or_none(way, world, answer):
    world.issuer.script = [answer, grant()]
    kept = []
    tokens, _ = world.open(way, party=world.party(Application, None), refresh_token=REFRESH,
                           on_refresh_token=kept.append)
    try:
        assert way.call(tokens.get()).ends is None
    except WardError as error:
        assert error.error == "answer_invalid"
    assert all("\ud800" not in text for text in kept)


@pytest.mark.parametrize("changes", [
    {"expires_in": HUGE}, {"interval": HUGE}, {"verification_uri": "https://issuer/\x1b[2Jx"},
    {"verification_uri_complete": "https://good@evil/"}, {"device_code": "CANARY-code\ud800"}])
def test_an_absurd_code_is_no_code(way, world, waits, changes):
    code = {"device_code": "d", "user_code": "U", "verification_uri": "https://issuer/a", "expires_in": 4, **changes}
    world.issuer.script = [told(200, code), grant()]
    tokens, _ = world.open(way, party=world.party(Application, None))
    shown = []
    error = fails(way, lambda: tokens.sign_in_by_code(shown.append))
    assert error.error in ("answer_invalid", "expired_token")
    assert not shown or "interval" in changes


def test_an_issuer_that_repeats_how_the_client_proved_itself_shows_nothing(way, world):
    def echo(asked):
        name = next(name for name in asked.headers if name.lower() == "authorization")
        return told(401, {"error": "invalid_client", "error_description": f"{asked.headers[name]} and {asked.body}"})
    world.issuer.script = [echo] * 2
    basic, _ = world.open(way, party=world.party(secret="secret: 4711/ü"))
    error = fails(way, basic.get, IssuerError)
    assert "bGluZS00" not in str(error) and "secret%" not in str(error), error


def test_metadata_with_an_endpoint_that_nobody_asks_for_is_taken(way, world):
    url = world.issuer.url
    world.issuer.script = [told(200, {"issuer": url, "token_endpoint": f"{url}/t", "strange_endpoint": "http://x/"}),
                           grant()]
    party = world.party()
    party.issuer.endpoints.clear()
    assert way.call(world.open(way, party=party)[0].get()).value.reveal() == "token-1"


@pytest.mark.parametrize("status", [401, 403, 404, 407, 502, 504])
def test_an_answer_that_the_gate_has_not_given_has_a_hint_too(way, world, status):
    world.issuer.script, world.device.script = [grant()], [told(status, b"<html>proxy</html>")]
    error = fails(way, lambda: world.open(way)[1].post("/led", json={}), DeviceError)
    assert (error.status, error.error) == (status, "unknown") and "between" in error.hint
    assert len(world.device.asked) == 1


# ---- Callers who err.

@pytest.mark.parametrize("headers", [
    {"x-name": "ü"}, {"x-name": "a\r\nx-other: b"}, {"x na": "b"}, {"": "b"}, {"x": "a\x00"}, {"x-é": "b"}, {"x": 5}])
def test_a_header_that_is_none_is_a_setting_and_shows_no_token(way, world, waits, headers):
    world.issuer.script, world.device.script = [grant(TOKEN)], [FINE]
    _, device = world.open(way, party=world.party(secret=CLIENT_SECRET))
    error = fails(way, lambda: device.get("/", headers=headers), ClientError)
    assert error.error == "setting_invalid" and world.device.asked == [] and not waits


def pieces():
    yield b"first "
    yield b"second"


@pytest.mark.parametrize("content", [pieces(), iter([b"x"]), ["x"], 5, {"a": 1}])
def test_a_body_that_can_be_read_once_only_is_refused(content):
    """Repeated after a 401 it would be empty."""
    with pytest.raises(ClientError) as caught:
        make_request("https://device", "PUT", "/", None, content, None)
    assert caught.value.error == "setting_invalid" and "content" in caught.value.description


def test_a_body_is_as_it_was_when_it_was_given():
    body = bytearray(b"first")
    request = make_request("https://device", "PUT", "/", None, body, None)
    body[:] = b"other"
    assert request.body == b"first" and isinstance(request.body, bytes)


def test_two_bodies_are_one_too_many():
    with pytest.raises(ClientError):
        make_request("https://device", "PUT", "/", {"a": 1}, b"x", None)


@pytest.mark.parametrize("method", ["TRACE", "connect", "GET\n", ""])
def test_a_method_that_would_show_the_token_is_refused(method):
    """TRACE sends back what it was sent (RFC 9110, 9.3.8)."""
    with pytest.raises(ClientError):
        make_request("https://device", method, "/", None, None, None)


@pytest.mark.parametrize("url", [
    f"https://{'a' * 64}.example", "https://a..example", "https://dev%20ice", "https://dëvice"])
def test_a_name_that_is_none_is_told_at_once(way, world, url):
    """What Python's own resolver raises is no answer."""
    world.issuer.script = [grant(TOKEN)]
    tokens, _ = world.open(way)
    try:
        device = way.device(url, tokens, limits=Limits(repetitions=0))
    except ClientError as error:
        assert error.error in ("https_required", "setting_invalid")
        return
    way.opened.append(device)
    assert fails(way, lambda: device.get("/")).error in ("unreachable", "setting_invalid")


@pytest.mark.parametrize("secret", [None, "", 5, "CANARY-secret\udcff"])
def test_a_machine_without_a_secret_is_a_setting(world, secret):
    with pytest.raises(ClientError) as caught:
        world.party(secret=secret)
    assert caught.value.error == "setting_invalid" and "client_secret" in caught.value.description
    assert not CANARY.search(repr(variables(caught.value)))


def test_what_was_closed_says_so(way, world, waits):
    world.issuer.script = [grant(TOKEN)] * 2
    tokens, device = world.open(way)
    way.call(tokens.get())
    way.close(device)
    assert fails(way, lambda: device.get("/")).error == "setting_invalid" and not waits
    way.close(device)
    way.close(tokens)
    assert way.call(tokens.get()).value.reveal() == TOKEN, "what is there is there"
    tokens._keeper.token = None
    assert fails(way, tokens.get).error == "setting_invalid"


@pytest.mark.parametrize("name", ["", pathlib.PurePosixPath("/nonexistent")])
def test_an_authority_without_a_name_does_not_trust_everybody(name):
    with pytest.raises(ClientError) as caught:
        trust(name)
    assert caught.value.error == "setting_invalid"


def test_a_port_that_is_taken_is_a_setting(way, world):
    taken = Receiver()
    tokens, _ = world.open(way, party=world.party(Application, None))
    assert fails(way, lambda: tokens.sign_in(port=taken.server_address[1])).error == "setting_invalid"
    taken.close()


@pytest.mark.parametrize("parameters", [{"url": "x"}, {"self": "x"}, {"response_mode": "query"}])
def test_parameters_are_sent_or_refused(way, world, parameters):
    try:
        party = world.party(Application, None, parameters=parameters)
    except ClientError as error:
        assert error.error == "setting_invalid"
        return
    begun = way.call(world.open(way, party=party)[0].begin_sign_in("http://127.0.0.1:1/callback"))
    assert all(f"{name}={value}" in begun.url for name, value in parameters.items())


# ---- Time.

def test_a_request_is_not_begun_without_the_time_for_its_answer(way, world):
    """A POST that is given a tenth of a second may have its effect, and nobody knows."""
    world.issuer.script, world.device.script = [slow(grant(), 0.9)], [slow(FINE, 0.5)]
    tokens, device = world.open(way, limits=Limits(seconds=1))
    tokens._keeper.limits = Limits()
    assert fails(way, lambda: device.post("/led", json={})).error == "timed_out" and world.device.asked == []


def test_whoever_waits_for_ever_can():
    patience = Patience(Limits(repetitions=10 ** 6, seconds=1e9), chance=lambda: 0)
    patience.repetitions = 5000
    assert patience.pause(None) == 8


def test_a_wait_leaves_time_for_the_answer(way, world, waits):
    world.issuer.script = [grant()]
    world.device.script = [gate(429, "rate_limited", "Too many requests", Retry_After="60"), FINE]
    tokens, device = world.open(way, limits=Limits(seconds=60.5))
    tokens._keeper.chance = lambda: 0
    assert fails(way, lambda: device.post("/led", json={}), DeviceError).retry_after == 60 and not waits


# ---- Tasks and threads.

def run(call):
    return asyncio.new_event_loop().run_until_complete(call)


def test_a_task_that_is_cancelled_does_not_lose_the_refresh_token_that_comes(world):
    """The issuer has changed it already: sent again, the one of before may end all of a person's tokens."""
    world.issuer.script = [slow(grant("one", refresh_token="second"), 0.3), told(400, {"error": "invalid_grant"})]
    kept = []

    async def cancelled():
        async with AsyncTokens(world.party(Application, None), refresh_token="first",
                               on_refresh_token=kept.append) as tokens:
            first, other = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
            await asyncio.sleep(0.15)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            return (await other).value.reveal()
    assert run(cancelled()) == "one" and kept == ["second"] and len(world.issuer.asked) == 1


def test_who_still_waits_when_it_is_closed_is_told_and_not_cancelled(world):
    world.issuer.script = [slow(grant(), 0.3)]

    async def closed():
        tokens = AsyncTokens(world.party())
        waiting = [asyncio.create_task(tokens.get()) for _ in range(3)]
        await asyncio.sleep(0.1)
        await tokens.aclose()
        return await asyncio.gather(*waiting, return_exceptions=True)
    assert [getattr(error, "error", error) for error in run(closed())] == ["setting_invalid"] * 3


def test_a_task_that_ends_by_time_shows_no_token(world):
    world.issuer.script, world.device.script = [grant(TOKEN)], [slow(FINE, 0.4), FINE]

    async def late():
        async with AsyncTokens(world.party(secret=CLIENT_SECRET)) as tokens, AsyncDevice(
                world.device.url, tokens, authority=world.devices.pem) as device:
            await tokens.get()
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.15):
                    await device.put("/led", content=b"x" * 3000000)
            return caught.value, (await device.get("/")).status
    error, status = run(late())
    shown = repr(variables(error))
    assert status == 200 and not CANARY.search(shown), re.findall(".{80}CANARY.{40}", shown)


def test_many_cancelled_tasks_leave_connections_for_others(world):
    world.issuer.script, world.device.script = [grant()], [slow(FINE, 0.2)] * 130

    async def many():
        async with AsyncTokens(world.party()) as tokens, AsyncDevice(
                world.device.url, tokens, authority=world.devices.pem) as device:
            await tokens.get()
            for _ in range(3):
                tasks = [asyncio.create_task(device.get("/")) for _ in range(40)]
                await asyncio.sleep(0.1)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            world.device.script = [FINE]
            return (await device.get("/")).status
    assert run(many()) == 200


def test_a_head_that_comes_byte_by_byte_is_too_slow(world):
    """For tasks; a thread's read cannot be ended from outside."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*world.chains["device"])
    server = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = server.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as inside:
                inside.recv(9999)
                for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 40:
                    inside.send(bytes([byte]))
                    time.sleep(0.05)
        except OSError:
            pass
    threading.Thread(target=drip, daemon=True).start()
    world.issuer.script = [grant()]

    async def ask():
        async with AsyncTokens(world.party()) as tokens, AsyncDevice(
                f"https://localhost:{server.getsockname()[1]}", tokens, authority=world.devices.pem,
                limits=Limits(repetitions=0, answer=0.4)) as device:
            await tokens.get()
            began = time.monotonic()
            with pytest.raises(ClientError) as caught:
                await device.get("/")
            return caught.value.error, time.monotonic() - began
    error, seconds = run(ask())
    server.close()
    assert error == "unreachable" and seconds < 1.2


def test_a_thread_that_is_interrupted_shows_no_token(world, monkeypatch):
    world.issuer.script = [grant(TOKEN)]

    def interrupt(self, **_):
        hidden = f"Bearer {TOKEN}"
        raise KeyboardInterrupt(len(hidden))
    with Tokens(world.party(secret=CLIENT_SECRET)) as tokens, Device(world.device.url, tokens,
                                                                     authority=world.devices.pem) as device:
        tokens.get()
        monkeypatch.setattr("httpcore._sync.http11.HTTP11Connection._receive_response_headers", interrupt, raising=True)
        with pytest.raises(KeyboardInterrupt) as caught:
            device.get("/")
    assert "_receive" not in [name for name, _ in variables(caught.value)]
    assert "handle_request" not in [name for name, _ in variables(caught.value)]


def test_two_threads_do_not_finish_one_sign_in(way, world):
    world.issuer.script = [slow(grant(), 0.2), told(400, {"error": "invalid_grant"})]
    tokens, _ = world.open(way, party=world.party(Application, None))
    begun = way.call(tokens.begin_sign_in("http://127.0.0.1:1/callback"))
    query = {"code": "c", "state": begun.state.reveal()}
    found = way.together([lambda: tokens.finish_sign_in(begun, query)] * 4)
    assert len(world.issuer.asked) == 1 and sum(not isinstance(one, WardError) for one in found) == 1


def test_a_callback_that_asks_for_a_token_does_not_wait_for_itself(world):
    world.issuer.script = [grant("one", 0, refresh_token="second"), grant("two")]
    found = []
    tokens = Tokens(world.party(Application, None), refresh_token="first",
                    on_refresh_token=lambda text: found.append(tokens.get().value.reveal()))
    thread = threading.Thread(target=tokens.get, daemon=True)
    thread.start()
    thread.join(3)
    assert not thread.is_alive() and found


def test_whoever_signs_in_is_not_renewed_as_the_person_before(world):
    keeper = Keeper(world.party(Application, None), "of the one before", None, Limits())
    keeper.begin(Granted(Token(Secret("new")), None))
    assert keeper.refresh is None and keeper.token.value.reveal() == "new"


def test_a_secret_that_is_part_of_another_hides_nothing_of_it_less():
    for order in (1, -1):
        secrets = [Secret("CANARY-secret"), Secret("CANARY-secret-longer")][::order]
        assert scrub("a CANARY-secret-longer b CANARY-secret c", secrets) == "a [hidden] b [hidden] c"
