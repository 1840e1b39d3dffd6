# SPDX-License-Identifier: Apache-2.0
"""No token, secret or code in a log, an exception with its variables, a repr, a URL, a pickle."""
import io
import logging
import pathlib
import pickle
import re
import threading
import urllib.request

import pytest
from peer import BUSY, CUT, EXPIRED, FINE, gate, grant, told
from ward_client import Application, Issuer, Limits, Machine, Secret, Tokens, WardError
from ward_client.loopback import Receiver

HERE = str(pathlib.Path(__file__).resolve().parent)
# In no variable of a function of this file.
CANARY = re.compile("CANARY-?[a-z]+")
TOKEN, NEXT, REFRESH = "CANARYtoken", "CANARYnext", "CANARY-refresh"
CLIENT_SECRET, CODE = "CANARY-secret", "CANARY-code"


def echo(status, error, *texts):
    return told(status, {"error": error, "error_description": " ".join(texts)})


def variables(error):
    """The variables of all frames but this folder's, of the whole chain."""
    seen, left = [], [error]
    while left:
        one = left.pop()
        if one is None:
            continue
        at = one.__traceback__
        while at is not None:
            if not at.tb_frame.f_code.co_filename.startswith(HERE):
                seen.append((at.tb_frame.f_code.co_name, repr(at.tb_frame.f_locals)))
            at = at.tb_next
        left += [one.__context__, one.__cause__]
    return seen


@pytest.fixture
def log():
    """All that any logger says."""
    stream = io.StringIO()
    handler, root, level = logging.StreamHandler(stream), logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in ("httpx", "httpcore", "authlib", "asyncio", "ward_client"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


# Scripts of issuer and device, and what is called.
TROUBLE = {
    "the device refuses": ([grant(TOKEN)], [echo(403, "insufficient_scope", TOKEN, CLIENT_SECRET)]),
    "the device refuses twice": ([grant(TOKEN), grant(NEXT)], [EXPIRED, EXPIRED]),
    "the device echoes a token as error": ([grant(TOKEN)], [told(400, {"error": TOKEN, "scope": TOKEN})]),
    "the device cuts": ([grant(TOKEN)], [CUT]),
    "the device redirects": ([grant(TOKEN)], [told(302, Location="https://evil/?" + TOKEN)]),
    "the device is busy": ([grant(TOKEN)], [BUSY]),
    "the issuer refuses": ([echo(401, "invalid_client", CLIENT_SECRET, REFRESH)], []),
    "the issuer echoes a secret as error": ([told(400, {"error": CLIENT_SECRET})], []),
    "the issuer gives half a token": ([told(200, {"access_token": TOKEN, "refresh_token": REFRESH})], []),
    "the issuer's JSON is cut": ([told(200, b'{"access_token": "CANARYtoken", ')], []),
    "the issuer's token ends a header": ([grant("CANARYtoken\r\nX: y")], []),
    "the issuer redirects": ([told(307, {"x": TOKEN}, Location="https://evil/?" + CLIENT_SECRET)], []),
    "the issuer cuts": ([CUT], []),
}


@pytest.mark.parametrize("kind", [Machine, Application])
@pytest.mark.parametrize("case", TROUBLE)
def test_an_error_shows_no_secret(way, world, waits, log, monkeypatch, kind, case):
    monkeypatch.setenv("HTTPX_LOG_LEVEL", "trace")
    world.issuer.script, world.device.script = map(list, TROUBLE[case])
    party = world.party(kind, CLIENT_SECRET)
    _, device = world.open(way, party=party, refresh_token=REFRESH, limits=Limits(repetitions=0))
    with pytest.raises(WardError) as caught:
        way.call(device.post("/led", json={"a": 1}))
    error = caught.value
    frames = variables(error)
    assert {"exchange", "ask"} & {name for name, _ in frames} and len(frames) > 3, "the frames are looked at"
    for text in (str(error), repr(error), repr(vars(error)), log.getvalue(), *map(repr, frames)):
        assert not CANARY.search(text), text
    assert error.__context__ is None and error.__cause__ is None, "nothing of others hangs on it"
    for asked in world.issuer.asked + world.device.asked:
        assert not CANARY.search(asked.path)


def test_a_sign_in_that_fails_shows_no_code(way, world, log):
    world.issuer.script = [echo(400, "invalid_grant", CODE, CLIENT_SECRET)]
    tokens, _ = world.open(way, party=world.party(Application, CLIENT_SECRET))
    begun = way.call(tokens.begin_sign_in("http://127.0.0.1:1/callback"))
    with pytest.raises(WardError) as caught:
        way.call(tokens.finish_sign_in(begun, {"code": CODE, "state": begun.state.reveal()}))
    shown = [str(caught.value), repr(begun), log.getvalue(), *map(repr, variables(caught.value))]
    for text in shown:
        assert begun.verifier.reveal() not in text and begun.state.reveal() not in text
        assert not CANARY.search(text), text
    assert caught.value.error == "invalid_grant"


def test_all_goes_well_and_nothing_is_logged_of_it(way, world, log, monkeypatch):
    monkeypatch.setenv("HTTPX_LOG_LEVEL", "trace")
    world.issuer.script, world.device.script = [grant(TOKEN, refresh_token=REFRESH), grant(NEXT)], [EXPIRED, FINE]
    _, device = world.open(way, party=world.party(Machine, CLIENT_SECRET))
    assert way.call(device.get("/led")).status == 200
    assert not CANARY.search(log.getvalue()), log.getvalue()


def test_the_receiver_says_nothing(capfd):
    receiver = Receiver()
    url = f"{receiver.redirect_uri}?code={CODE}&state=s"
    thread = threading.Thread(target=lambda: urllib.request.urlopen(url, timeout=10).close())
    thread.start()
    assert receiver.wait(Secret("s"), 10).reveal().startswith("code=")
    thread.join(10)
    receiver.close()
    assert capfd.readouterr() == ("", "")


def inside(value, depth=5):
    """The repr of a value and of all that it has."""
    yield repr(value)
    if depth and hasattr(value, "__dict__") and type(value).__module__.startswith("ward_client"):
        for one in vars(value).values():
            yield from inside(one, depth - 1)


def test_no_repr_shows_a_secret(way, world):
    world.issuer.script = [grant(TOKEN, refresh_token=REFRESH)]
    tokens, device = world.open(way, party=world.party(Application, CLIENT_SECRET), refresh_token=REFRESH)
    token = way.call(tokens.get())
    assert token.value.reveal() == TOKEN
    texts = [text for value in (tokens, device, token) for text in inside(value)]
    assert any("Secret(hidden)" in text for text in texts)
    assert not [text for text in texts if CANARY.search(text)]
    assert not CANARY.search(f"{token} {token.value} {token.value!r} {[token]}")
    for value in (token, token.value):
        with pytest.raises(TypeError):
            pickle.dumps(value)


def test_a_setting_that_is_wrong_shows_no_secret():
    nowhere = Machine(Issuer("https://i", authority="/nonexistent"), "i", CLIENT_SECRET, audience="a")
    for call in (lambda: Machine(Issuer("https://i"), "", CLIENT_SECRET, audience="a"),
                 lambda: Tokens(nowhere, refresh_token=REFRESH)):
        with pytest.raises(WardError) as caught:
            call()
        assert not CANARY.search(repr(variables(caught.value)) + str(caught.value))
