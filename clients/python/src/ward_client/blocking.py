# SPDX-License-Identifier: Apache-2.0
"""For threads: does what the steps of keeper.py, sign_in.py and asking.py want done."""
from __future__ import annotations

import pathlib
import threading
import webbrowser
from collections.abc import Callable, Mapping
from time import sleep
from types import TracebackType
from typing import Any, TypeVar

import httpx

from . import asking
from .grants import Token
from .keeper import Keeper, current_token
from .loopback import Receiver
from .messages import Alone, Answer, Effect, Failure, Reply, Send, Steps, Wait
from .patience import Limits
from .secret import Secret
from .settings import Party
from .sign_in import SignIn, UserCode, as_query, begin, by_code, finish
from .transport import CLOSED, NOBODY, Reader, bare, build, failure_of, trust

T = TypeVar("T")


def exchange(client: httpx.Client, effect: Send) -> Reply:
    """What httpx raises ends here: its frames hold headers."""
    if client.is_closed:
        return CLOSED
    failure: Failure | None = None
    interrupt: BaseException | None = None
    try:
        reader = Reader(effect.seconds)
        request = build(effect.request, effect.seconds)
        response = client.send(request, stream=True, auth=NOBODY, follow_redirects=False)
        try:
            for piece in response.iter_raw():
                reader.take(piece)
        finally:
            response.close()
    except Exception as error:
        failure = failure_of(error)
    except BaseException as error:
        interrupt = bare(error)
    if interrupt is not None:
        raise interrupt
    return failure if failure is not None else reader.answer(response)


class _Closing:
    _client: httpx.Client

    def close(self) -> None:
        self._client.close()

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _at: TracebackType | None) -> None:
        self.close()


class Tokens(_Closing):
    """The tokens of one party, for any number of devices and threads.

    `refresh_token`: one that was kept; `on_refresh_token` is called with each new one, which replaces it."""

    def __init__(self, party: Party, *, refresh_token: str | Secret | None = None,
                 on_refresh_token: Callable[[str], None] | None = None, limits: Limits = Limits()) -> None:
        refresh_token = None if refresh_token is None else Secret.of(refresh_token)
        self._keeper = Keeper(party, refresh_token, on_refresh_token, limits)
        self._client = httpx.Client(verify=trust(party.issuer.authority))
        # on_refresh_token may ask for a token itself.
        self._lock = threading.RLock()

    def __enter__(self) -> Tokens:
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._keeper.party!r})"

    def get(self) -> Token:
        """A token that is good for a minute at least, or one that was just asked for."""
        return self._run(current_token(self._keeper))

    def begin_sign_in(self, redirect_uri: str) -> SignIn:
        """Where to send the browser."""
        return self._run(begin(self._keeper, redirect_uri))

    def finish_sign_in(self, begun: SignIn, redirected: str | Mapping[str, str] | Secret) -> Token:
        """With the URL to which the browser has come back, or its parameters."""
        redirected = as_query(redirected)
        return self._run(finish(self._keeper, begun, redirected))

    def sign_in(self, open_url: Callable[[str], object] = webbrowser.open, *, port: int = 0,
                seconds: float = 300) -> Token:
        """In a browser on this machine. The issuer must know http://127.0.0.1:PORT/callback."""
        receiver = Receiver(port)
        try:
            begun = self.begin_sign_in(receiver.redirect_uri)
            open_url(begun.url)
            query = receiver.wait(begun.state, seconds)
        finally:
            receiver.close()
        return self.finish_sign_in(begun, query)

    def sign_in_by_code(self, show: Callable[[UserCode], object]) -> Token:
        """In a browser anywhere: `show` tells a person which page to open and what to enter there."""
        return self._run(by_code(self._keeper, show))

    def _run(self, steps: Steps[T], device: httpx.Client | None = None) -> T:
        result: Any = None
        while True:
            try:
                effect = steps.send(result)
            except StopIteration as end:
                done: T = end.value
                return done
            result = self._perform(effect, device)

    def _perform(self, effect: Effect, device: httpx.Client | None) -> Any:
        if isinstance(effect, Send):
            client = device if effect.peer == "device" else self._client
            assert client is not None
            return exchange(client, effect)
        if isinstance(effect, Wait):
            return sleep(effect.seconds)
        assert isinstance(effect, Alone)
        with self._lock:
            return self._run(effect.steps, device)


class Device(_Closing):
    """A device that ward guards. `authority`: a PEM file; then that authority alone is trusted, for this device alone.

    Answers of 200 to 299 are returned, others are raised. `tokens` stays open when this is closed."""

    def __init__(self, url: str, tokens: Tokens, *, authority: str | pathlib.Path | None = None,
                 limits: Limits = Limits()) -> None:
        self._origin, self._tokens, self._limits = asking.origin_of(url), tokens, limits
        self._client = httpx.Client(verify=trust(authority))

    def __enter__(self) -> Device:
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._origin!r})"

    def request(self, method: str, target: str, *, json: Any = None, content: bytes | str | None = None,
                headers: Mapping[str, str] | None = None) -> Answer:
        request = asking.make_request(self._origin, method, target, json, content, headers)
        steps = asking.ask(self._tokens._keeper, request, self._limits)
        return self._tokens._run(steps, self._client)

    def get(self, target: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("GET", target, headers=headers)

    def post(self, target: str, *, json: Any = None, content: bytes | str | None = None) -> Answer:
        return self.request("POST", target, json=json, content=content)

    def put(self, target: str, *, json: Any = None, content: bytes | str | None = None) -> Answer:
        return self.request("PUT", target, json=json, content=content)

    def patch(self, target: str, *, json: Any = None, content: bytes | str | None = None) -> Answer:
        return self.request("PATCH", target, json=json, content=content)

    def delete(self, target: str) -> Answer:
        return self.request("DELETE", target)
