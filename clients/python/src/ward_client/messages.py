# SPDX-License-Identifier: Apache-2.0
"""Requests and answers, and the steps of which everything here is made.

What is done is decided by generators that do no input or output. They yield what they want done, one step at a time,
and are sent what came of it; drivers (blocking.py, asynchronous.py) do it. So there is one source of the decisions.
"""
from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator, Mapping
from typing import Any, Literal, TypeVar, Union

from .secret import Secret

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Request:
    """Headers and body may hold secrets, so they are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    body: bytes = dataclasses.field(default=b"", repr=False)
    bearer: Secret | None = None


@dataclasses.dataclass(frozen=True)
class Answer:
    """Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    body: bytes = dataclasses.field(default=b"", repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)


@dataclasses.dataclass(frozen=True)
class Failure:
    """There is no answer. `sent`: the request may have arrived. `certificate`: the server's was refused. `closed`: what
    would have asked was closed."""

    sent: bool
    reason: str
    certificate: bool = False
    closed: bool = False


@dataclasses.dataclass(frozen=True)
class Send:
    """To be answered by an Answer or a Failure within these seconds."""

    request: Request
    peer: Literal["device", "issuer"]
    seconds: float


@dataclasses.dataclass(frozen=True)
class Wait:
    seconds: float


@dataclasses.dataclass(frozen=True)
class Alone:
    """Steps that nobody else may take meanwhile; answered by what they return."""

    steps: Generator[Any, Any, Any]


Effect = Union[Send, Wait, Alone]
Steps = Generator[Effect, Any, T]
Reply = Union[Answer, Failure]


def send(request: Request, peer: Literal["device", "issuer"], seconds: float) -> Steps[Reply]:
    reply: Reply = yield Send(request, peer, seconds)
    return reply
