# SPDX-License-Identifier: Apache-2.0
"""Asking a device: what to do with each answer. No input or output."""
from __future__ import annotations

import dataclasses
import json as json_module
import re
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any, Union

from .answers import retry_after, words_of
from .errors import ClientError, DeviceError, WardError, is_gates
from .grants import Token
from .keeper import Keeper, current_token, no_answer
from .messages import Answer, Failure, Reply, Request, Steps, Wait, send
from .patience import Limits
from .secret import Secret, scrub
from .settings import https

# RFC 9110, 9.2: what these do is done by one as by two, or is nothing.
SAFE = ("GET", "HEAD", "OPTIONS")
IDEMPOTENT = (*SAFE, "PUT", "DELETE")
# TRACE sends back what it was sent (RFC 9110, 9.3.8).
REFUSED_METHODS = ("TRACE", "CONNECT")
NAME, VALUE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"), re.compile(r"([!-~]([\t -~]*[!-~])?)?")
REFUSED_NAMES = ("authorization", "host", "content-length", "transfer-encoding", "connection")


# ---- The request.

def origin_of(url: str) -> str:
    """A device is an origin: scheme, name, port."""
    parts = urllib.parse.urlsplit(https(url, "the device"))
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ClientError("setting_invalid", "the device's URL must end after its name and port")
    return f"https://{parts.netloc}".lower()


def address(origin: str, target: str) -> str:
    """A path of the device, or a URL of its own origin."""
    if target.startswith(origin + "/"):
        target = target[len(origin):]
    if not target.startswith("/") or target.startswith("//") or re.search(r"[\x00-\x20\x7f#\\]", target):
        raise ClientError("other_origin", "the target is no path of the device")
    return origin + target


def wrong_with(method: str, json: Any, content: object, fields: Mapping[str, str]) -> str | None:
    """A body must be whole: it may have to be sent twice."""
    if not re.fullmatch("[A-Za-z]+", method) or method.upper() in REFUSED_METHODS:
        return "the method is no word, or TRACE or CONNECT"
    if content is not None and (json is not None or not isinstance(content, (bytes, bytearray, memoryview, str))):
        return "content is neither bytes nor str, or there beside json"
    for name, value in fields.items():
        if name in REFUSED_NAMES:
            return f"the client sets {name} itself"
        if not NAME.fullmatch(name) or not isinstance(value, str) or not VALUE.fullmatch(value):
            return "a header's name or value has what cannot be sent: ASCII, without ends of lines"
    return None


def make_request(origin: str, method: str, target: str, json: Any, content: bytes | str | None,
                 headers: Mapping[str, str] | None) -> Request:
    fields = {name.lower(): value for name, value in (headers or {}).items()}
    wrong = wrong_with(method, json, content, fields)
    if wrong is not None:
        raise ClientError("setting_invalid", wrong)
    body = content.encode() if isinstance(content, str) else bytes(content or b"")
    if json is not None:
        body = json_module.dumps(json).encode()
        fields.setdefault("content-type", "application/json")
    return Request(method.upper(), address(origin, target), fields, body)


# ---- What to do with an answer.

@dataclasses.dataclass(frozen=True)
class Done:
    answer: Answer


@dataclasses.dataclass(frozen=True)
class Renew:
    """With another token, once; `error` is raised where that was done before."""

    error: WardError


@dataclasses.dataclass(frozen=True)
class Repeat:
    """After so many seconds, where they are known; `error` is raised where that is too long or too often."""

    error: WardError
    told: float | None


@dataclasses.dataclass(frozen=True)
class Fail:
    error: WardError


Decision = Union[Done, Renew, Repeat, Fail]


def decide(method: str, reply: Reply, now: float, secrets: Iterable[Secret | None] = ()) -> Decision:
    """A request that may have had an effect is not repeated: only what the gate itself has refused, before any endpoint
    has begun, what was never sent, and methods of which two do what one does."""
    if isinstance(reply, Failure):
        return _decide_failure(method, reply)
    if 200 <= reply.status < 300 or reply.status == 304:
        return Done(reply)
    if reply.status < 400:
        return Fail(ClientError("answer_invalid", f"the device answers {reply.status}, and a redirect is not followed",
                                status=reply.status))
    words, told = words_of(reply), retry_after(reply, now)
    shown = [scrub(text, secrets) for text in (words.error or "unknown", words.description, words.scope or "")]
    error = DeviceError(shown[0], shown[1], status=reply.status, scope=shown[2] or None, retry_after=told)
    if reply.status == 401 and words.error == "invalid_token":
        return Renew(error)
    if reply.status in (429, 503) and (is_gates(reply.status, words.error, words.description) or method in IDEMPOTENT):
        return Repeat(error, told)
    return Fail(error)


def _decide_failure(method: str, reply: Failure) -> Decision:
    error = no_answer(reply, harmless=method in SAFE)
    if reply.certificate or reply.closed or (reply.sent and method not in IDEMPOTENT):
        return Fail(error)
    return Repeat(error, None)


def ask(keeper: Keeper, request: Request, limits: Limits | None = None) -> Steps[Answer]:
    patience, refused = keeper.patience(limits), None  # type: Any, Token | None
    while True:
        token = yield from current_token(keeper, refused)
        if not patience.has_time():
            raise ClientError("timed_out", "getting a token took all of the time; nothing was sent with it")
        bearing = dataclasses.replace(request, bearer=token.value)
        reply = yield from send(bearing, "device", patience.answer())
        decision = decide(request.method, reply, keeper.clock(), (token.value, *keeper.secrets()))
        if isinstance(decision, Done):
            return decision.answer
        if isinstance(decision, Renew) and refused is None:
            refused = token
            continue
        pause = patience.pause(decision.told) if isinstance(decision, Repeat) else None
        if pause is None:
            raise decision.error
        yield Wait(pause)
