# SPDX-License-Identifier: Apache-2.0
"""httpx, as both drivers use it: certificates are checked, redirects are not followed, nothing is added."""
from __future__ import annotations

import pathlib
import ssl
import time

import httpx

from .errors import ClientError
from .messages import Answer, Failure, Request

# An answer that is longer is none.
MOST = 16 * 1024 * 1024
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol,
            httpx.LocalProtocolError)
# No credentials from .netrc, which httpx would look for where a request has none.
NOBODY = httpx.Auth()
CLOSED = Failure(False, "it was closed: make another one", closed=True)


def trust(authority: str | pathlib.Path | None) -> ssl.SSLContext:
    """The system's authorities, or this one alone."""
    if authority is not None and not str(authority):
        # For Python an empty name is none: it would trust the system's authorities.
        raise ClientError("setting_invalid", "the authority's file has an empty name")
    fault = None
    try:
        context = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        fault = f"the authority's file {authority} cannot be read: {error.strerror or error}"
    if fault is not None:
        raise ClientError("setting_invalid", fault)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def build(request: Request, seconds: float) -> httpx.Request:
    given = {name.lower(): value for name, value in request.headers.items()}
    headers = {"user-agent": "ward-client", "accept": "*/*", **given, "accept-encoding": "identity"}
    if request.bearer is not None:
        headers["authorization"] = f"Bearer {request.bearer.reveal()}"
    body = request.body or (b"" if request.method in ("POST", "PUT", "PATCH") else None)
    return httpx.Request(request.method, request.url, headers=headers, content=body,
                         extensions={"timeout": httpx.Timeout(seconds).as_dict()})


def failure_of(error: BaseException) -> Failure:
    """By kind alone: what an exception of others says, or holds, is not passed on."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(seen):
            return Failure(False, "the server's certificate is not one to trust", certificate=True)
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, NOT_SENT):
        return Failure(False, f"no connection ({type(error).__name__})")
    return Failure(True, f"no answer ({type(error).__name__})")


def bare(interrupt: BaseException) -> BaseException:
    """An interrupt, to go on its way without what hangs on it: variables of httpx that hold the token."""
    interrupt.__context__ = interrupt.__cause__ = None
    return interrupt.with_traceback(None)


class Reader:
    """Takes an answer's body piece by piece, until it is too long or too late."""

    def __init__(self, seconds: float) -> None:
        self.ends, self.pieces, self.length = time.monotonic() + seconds, [], 0  # type: float, list[bytes], int

    def take(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self.length += len(piece)
        if self.length > MOST:
            raise httpx.ReadError("the answer is too long")
        if time.monotonic() > self.ends:
            raise httpx.ReadTimeout("the answer is too slow")

    def answer(self, response: httpx.Response) -> Answer:
        return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()},
                      b"".join(self.pieces))
