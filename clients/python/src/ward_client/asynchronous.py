# SPDX-License-Identifier: Apache-2.0
"""For tasks of asyncio: the same as blocking.py, with await."""
from __future__ import annotations

import asyncio
import pathlib
import webbrowser
from asyncio import sleep
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TypeVar

import httpx

from . import asking
from .errors import ClientError
from .grants import Token
from .keeper import Keeper, current_token
from .loopback import Receiver
from .messages import Alone, Answer, Effect, Failure, Reply, Send, Steps, Wait
from .patience import Limits
from .secret import Secret
from .settings import Machine, Party
from .sign_in import SignIn, UserCode, as_query, begin, by_code, finish
from .transport import CLOSED, NOBODY, Reader, build, failure_of, trust

T = TypeVar("T")
# Seconds by which httpx's own limits come first: they tell what was never sent.
LATER = 0.25


async def _exchange(client: httpx.AsyncClient, effect: Send) -> Reply:
    """What httpx raises ends here: its frames hold headers."""
    failure: Failure | None = None
    try:
        reader = Reader(effect.seconds)
        request = build(effect.request, effect.seconds)
        response = await client.send(request, stream=True, auth=NOBODY, follow_redirects=False)
        try:
            async for piece in response.aiter_raw():
                reader.take(piece)
        finally:
            await response.aclose()
    except Exception as error:
        failure = failure_of(error)
    return failure if failure is not None else reader.answer(response)


async def exchange(client: httpx.AsyncClient, effect: Send) -> Reply:
    """In a task of its own: whoever is cancelled sees no frame of httpx, and anyio 3, which cancels the task that
    connects and does not take it back, does not spoil the caller's asyncio.timeout()."""
    if client.is_closed:
        return CLOSED
    task = asyncio.create_task(_exchange(client, effect))
    try:
        await asyncio.wait({task}, timeout=effect.seconds + LATER)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return Failure(True, "no answer in time") if task.cancelled() else task.result()


class _Closing:
    _client: httpx.AsyncClient

    async def aclose(self) -> None:
        await self._client.aclose()

    async def __aexit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                        _at: TracebackType | None) -> None:
        await self.aclose()


class AsyncTokens(_Closing):
    """Tokens, for the tasks of one event loop."""

    def __init__(self, party: Party, *, refresh_token: str | Secret | None = None,
                 on_refresh_token: Callable[[str], None] | None = None, limits: Limits = Limits()) -> None:
        refresh_token = None if refresh_token is None else Secret.of(refresh_token)
        self._keeper = Keeper(party, refresh_token, on_refresh_token, limits)
        self._client = httpx.AsyncClient(verify=trust(party.issuer.authority))
        self._lock = asyncio.Lock()
        self._alone: set[asyncio.Task[Any]] = set()

    async def aclose(self) -> None:
        """Waits for a refresh token that is on its way to nobody."""
        for task in self._alone:
            if isinstance(self._keeper.party, Machine):
                task.cancel()
        await asyncio.gather(*self._alone, return_exceptions=True)
        await super().aclose()

    async def __aenter__(self) -> AsyncTokens:
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._keeper.party!r})"

    async def get(self) -> Token:
        """A token that is good for a minute at least, or one that was just asked for."""
        return await self._run(current_token(self._keeper))

    async def begin_sign_in(self, redirect_uri: str) -> SignIn:
        """Where to send the browser."""
        return await self._run(begin(self._keeper, redirect_uri))

    async def finish_sign_in(self, begun: SignIn, redirected: str | Mapping[str, str] | Secret) -> Token:
        """With the URL to which the browser has come back, or its parameters."""
        redirected = as_query(redirected)
        return await self._run(finish(self._keeper, begun, redirected))

    async def sign_in(self, open_url: Callable[[str], object] = webbrowser.open, *, port: int = 0,
                      seconds: float = 300) -> Token:
        """In a browser on this machine. The issuer must know http://127.0.0.1:PORT/callback."""
        receiver = Receiver(port)
        try:
            begun = await self.begin_sign_in(receiver.redirect_uri)
            await asyncio.to_thread(open_url, begun.url)
            query = await asyncio.to_thread(receiver.wait, begun.state, seconds)
        finally:
            receiver.close()
        return await self.finish_sign_in(begun, query)

    async def sign_in_by_code(self, show: Callable[[UserCode], object]) -> Token:
        """In a browser anywhere: `show` tells a person which page to open and what to enter there."""
        return await self._run(by_code(self._keeper, show))

    async def _run(self, steps: Steps[T], device: httpx.AsyncClient | None = None) -> T:
        result: Any = None
        while True:
            try:
                effect = steps.send(result)
            except StopIteration as end:
                done: T = end.value
                return done
            result = await self._perform(effect, device)

    async def _perform(self, effect: Effect, device: httpx.AsyncClient | None) -> Any:
        if isinstance(effect, Send):
            client = device if effect.peer == "device" else self._client
            assert client is not None
            return await exchange(client, effect)
        if isinstance(effect, Wait):
            return await sleep(effect.seconds)
        assert isinstance(effect, Alone)
        # A task of its own: whoever is cancelled does not lose the refresh token that the issuer has just changed.
        task = asyncio.create_task(self._take_alone(effect.steps, device))
        self._alone.add(task)
        task.add_done_callback(self._alone.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            own = asyncio.current_task()
            if not task.cancelled() or (own is not None and own.cancelling() > 0):
                raise
        raise ClientError("setting_invalid", CLOSED.reason)

    async def _take_alone(self, steps: Steps[T], device: httpx.AsyncClient | None) -> T:
        async with self._lock:
            return await self._run(steps, device)


class AsyncDevice(_Closing):
    """A device that ward guards. `authority`: a PEM file; then that authority alone is trusted, for this device alone.

    Answers of 200 to 299 are returned, others are raised. `tokens` stays open when this is closed."""

    def __init__(self, url: str, tokens: AsyncTokens, *, authority: str | pathlib.Path | None = None,
                 limits: Limits = Limits()) -> None:
        self._origin, self._tokens, self._limits = asking.origin_of(url), tokens, limits
        self._client = httpx.AsyncClient(verify=trust(authority))

    async def __aenter__(self) -> AsyncDevice:
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._origin!r})"

    async def request(self, method: str, target: str, *, json: Any = None, content: bytes | str | None = None,
                      headers: Mapping[str, str] | None = None) -> Answer:
        request = asking.make_request(self._origin, method, target, json, content, headers)
        steps = asking.ask(self._tokens._keeper, request, self._limits)
        return await self._tokens._run(steps, self._client)

    async def get(self, target: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.request("GET", target, headers=headers)

    async def post(self, target: str, *, json: Any = None, content: bytes | str | None = None) -> Answer:
        return await self.request("POST", target, json=json, content=content)

    async def put(self, target: str, *, json: Any = None, content: bytes | str | None = None) -> Answer:
        return await self.request("PUT", target, json=json, content=content)

    async def patch(self, target: str, *, json: Any = None, content: bytes | str | None = None) -> Answer:
        return await self.request("PATCH", target, json=json, content=content)

    async def delete(self, target: str) -> Answer:
        return await self.request("DELETE", target)
