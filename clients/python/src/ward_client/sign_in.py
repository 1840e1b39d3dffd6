# SPDX-License-Identifier: Apache-2.0
"""People sign in: authorization code with PKCE (RFC 7636), device authorization (RFC 8628). No input or output."""
from __future__ import annotations

import dataclasses
import hmac
import time
import urllib.parse
from collections.abc import Callable, Mapping

from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client

from .answers import fields_of, retry_after
from .errors import ClientError, IssuerError
from .grants import (DEVICE_CODE, VISIBLE, Fault, Token, device_request, number, read_fault, read_token,
                     token_request)
from .keeper import Keeper, ask_issuer, counted, endpoint, exchange, no_answer
from .messages import Alone, Answer, Failure, Steps, Wait, send
from .secret import Secret, scrub
from .settings import https, is_https

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclasses.dataclass
class SignIn:
    """One sign-in that has begun: send the browser to `url`, keep this until it comes back to `redirect_uri`."""

    url: str = dataclasses.field(repr=False)
    redirect_uri: str
    state: Secret
    verifier: Secret
    used: bool = False


@dataclasses.dataclass(frozen=True)
class UserCode:
    """What a person needs: open `uri` anywhere and enter `code` there, or open `complete_uri`, which has it."""

    code: str
    uri: str
    complete_uri: str | None
    seconds: float


@dataclasses.dataclass(frozen=True)
class _DeviceCode:
    user: UserCode
    value: Secret
    interval: float


# ---- Authorization code with PKCE.

def check_redirect_uri(uri: str) -> None:
    """https, or http to this machine (RFC 8252, 7.3)."""
    parts = urllib.parse.urlsplit(uri)
    if not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        https(uri, "redirect_uri")


def begin(keeper: Keeper, redirect_uri: str) -> Steps[SignIn]:
    check_redirect_uri(redirect_uri)
    url = yield from endpoint(keeper, "authorization_endpoint")
    party, verifier, state = keeper.party, Secret(generate_token(64)), Secret(generate_token(43))
    maker = OAuth2Client(session=None, client_id=party.client_id, scope=party.scope, redirect_uri=redirect_uri,
                         code_challenge_method="S256")
    made, _ = maker.create_authorization_url(url, state=state.reveal(), code_verifier=verifier.reveal(),
                                             audience=party.audience, **party.parameters)
    return SignIn(made, redirect_uri, state, verifier)


def as_query(redirected: str | Mapping[str, str] | Secret) -> Secret:
    """The redirect's parameters, from the whole URL, from its query, or from a mapping."""
    if isinstance(redirected, Secret):
        return redirected
    if not isinstance(redirected, str):
        return Secret(urllib.parse.urlencode(redirected))
    return Secret(urllib.parse.urlsplit(redirected).query if "?" in redirected else redirected)


def read_redirect(sign_in: SignIn, query: Secret, issuer: str) -> Secret | Fault:
    """The code; the state is looked at first, so that a stranger's answer is not believed in anything."""
    pairs = urllib.parse.parse_qsl(query.reveal(), keep_blank_values=True)
    fields = dict(pairs)
    if len(fields) != len(pairs) or not hmac.compare_digest(fields.get("state", "").encode(),
                                                            sign_in.state.reveal().encode()):
        return Fault("client", "state_mismatch", "the answer is not to this sign-in")
    if fields.get("iss", issuer) != issuer:
        return Fault("client", "state_mismatch", "the answer is of another issuer")
    if "error" in fields:
        return Fault("issuer", fields["error"], fields.get("error_description", ""))
    if not fields.get("code"):
        return Fault("client", "answer_invalid", "the redirect has no code")
    return Secret(fields["code"])


def finish(keeper: Keeper, sign_in: SignIn, query: Secret) -> Steps[Token]:
    """A sign-in ends once, however it does."""
    code = read_redirect(sign_in, query, keeper.party.issuer.url)
    if isinstance(code, Fault):
        raise keeper.error(code)
    if sign_in.used:
        raise ClientError("state_mismatch", "this sign-in has ended before")
    sign_in.used = True
    url = yield from endpoint(keeper, "token_endpoint")
    request = token_request(keeper.party, url, "authorization_code", code=code, redirect_uri=sign_in.redirect_uri,
                            code_verifier=sign_in.verifier)
    steps = exchange(keeper, request, harmless=False, sent=(code, sign_in.verifier))
    token: Token = yield Alone(counted(keeper, steps))
    return token


# ---- Device authorization.

def read_device_code(answer: Answer) -> _DeviceCode | Fault:
    if answer.status != 200:
        return read_fault(answer)
    fields = fields_of(answer)
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    code, user, uri = (texts.get(name, "") for name in ("device_code", "user_code", "verification_uri"))
    complete, seconds = texts.get("verification_uri_complete"), number(fields.get("expires_in"))
    safe = all(one is None or is_https(one) for one in (uri, complete))
    if not VISIBLE.fullmatch(code) or not user or seconds is None or not safe:
        return Fault("client", "answer_invalid", "the issuer's answer lacks a code, a time, or an https address")
    interval = max(1.0, number(fields.get("interval")) or 5.0)
    return _DeviceCode(UserCode(scrub(user), uri, complete, seconds), Secret(code), interval)


def by_code(keeper: Keeper, show: Callable[[UserCode], object],
            clock: Callable[[], float] = time.monotonic) -> Steps[Token]:
    """Asks until somebody has signed in elsewhere: every `interval` seconds, five more after each slow_down, twice as
    long after each failure of the network (RFC 8628, 3.5), until the code has expired."""
    token_url = yield from endpoint(keeper, "token_endpoint")
    device_url = yield from endpoint(keeper, "device_authorization_endpoint")
    answer = yield from ask_issuer(keeper, device_request(keeper.party, device_url), harmless=True)
    code = read_device_code(answer)
    if isinstance(code, Fault):
        raise keeper.error(code, answer.status, retry_after(answer, keeper.clock()))
    show(code.user)
    ends, interval = clock() + code.user.seconds, code.interval
    while clock() + interval < ends:
        yield Wait(interval)
        asked_at = keeper.clock()
        reply = yield from send(token_request(keeper.party, token_url, DEVICE_CODE, device_code=code.value), "issuer",
                                keeper.limits.answer)
        if isinstance(reply, Failure):
            if reply.certificate or reply.closed:
                raise no_answer(reply)
            interval *= 2
            continue
        outcome = read_token(reply, asked_at)
        if not isinstance(outcome, Fault):
            return keeper.begin(outcome)
        told = retry_after(reply, keeper.clock())
        if outcome.error == "slow_down":
            interval += 5
        elif reply.status in (429, 503):
            interval = max(interval + 5, told or 0)
        elif outcome.error != "authorization_pending":
            raise keeper.error(outcome, reply.status, told, (code.value,))
    raise IssuerError("expired_token", "the code was not entered in time")
