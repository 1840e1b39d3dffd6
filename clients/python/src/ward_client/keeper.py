# SPDX-License-Identifier: Apache-2.0
"""The token that there is, and how there comes to be another one. No input or output: steps of messages.py."""
from __future__ import annotations

import random
import time
import urllib.parse
from collections.abc import Callable, Iterable

from .answers import fields_of, retry_after
from .errors import ClientError, IssuerError, WardError
from .grants import Fault, Granted, Token, proof_of, read_token, token_request
from .messages import Alone, Answer, Failure, Reply, Request, Steps, Wait, send
from .patience import Limits, Patience
from .secret import Secret, scrub
from .settings import Machine, Party, https


class Keeper:
    """What is known: token, refresh token, endpoints. `attempts` counts the requests for a token that have ended;
    `failure` is how the last one did, where there is no token of it."""

    def __init__(self, party: Party, refresh_token: str | Secret | None,
                 on_refresh_token: Callable[[str], None] | None, limits: Limits) -> None:
        refresh_token = None if refresh_token is None else Secret.of(refresh_token)
        if refresh_token is not None and not refresh_token.is_text():
            raise ClientError("setting_invalid", "refresh_token is no text, or an empty one")
        self.party, self.refresh, self.on_refresh, self.limits = party, refresh_token, on_refresh_token, limits
        self.token: Token | None = None
        self.attempts, self.failure = 0, None  # type: int, WardError | None
        self.endpoints: dict[str, str] | None = None
        self.clock: Callable[[], float] = time.time
        self.chance: Callable[[], float] = random.random

    def patience(self, limits: Limits | None = None) -> Patience:
        return Patience(limits or self.limits, chance=self.chance)

    def usable(self, refused: Token | None) -> Token | None:
        """The token, unless it ends soon or is the one that was refused."""
        token = self.token
        if token is None or not token.is_fresh(self.clock()):
            return None
        return None if refused is not None and token.value == refused.value else token

    def take(self, granted: Granted) -> Token:
        """A refresh token replaces the one before; who wants to keep it is told first."""
        self.token = granted.token
        if granted.refresh is not None and not isinstance(self.party, Machine) and granted.refresh != self.refresh:
            self.refresh = granted.refresh
            if self.on_refresh is not None:
                self.on_refresh(granted.refresh.reveal())
        return granted.token

    def begin(self, granted: Granted) -> Token:
        """Somebody has signed in: what is known of whoever was there before is forgotten, the refresh token too."""
        self.refresh = None
        return self.take(granted)

    def secrets(self) -> tuple[Secret | None, ...]:
        token = self.token.value if self.token else None
        return proof_of(self.party), self.party.client_secret, self.refresh, token

    def error(self, fault: Fault, status: int | None = None, told: float | None = None,
              sent: Iterable[Secret] = ()) -> WardError:
        """A fault as what is raised, without a secret (of the client, or one that was `sent`) that the issuer might
        have repeated."""
        secrets = (*self.secrets(), *sent)
        kind = IssuerError if fault.whose == "issuer" else ClientError
        return kind(scrub(fault.error, secrets), scrub(fault.description, secrets), status=status, retry_after=told)


# ---- A token: the one that there is, or another.

def current_token(keeper: Keeper, refused: Token | None = None) -> Steps[Token]:
    """One asks at a time; who has waited for that takes what came of it, a failure, too."""
    token = keeper.usable(refused)
    if token is not None:
        return token
    renewed: Token = yield Alone(_renew_alone(keeper, refused, keeper.attempts))
    return renewed


def _renew_alone(keeper: Keeper, refused: Token | None, attempts: int) -> Steps[Token]:
    token = keeper.usable(refused)
    if token is not None:
        return token
    if keeper.attempts != attempts:
        if keeper.failure is not None:
            raise keeper.failure.again()
        if keeper.token is not None and (refused is None or keeper.token.value != refused.value):
            return keeper.token
    return (yield from counted(keeper, renew(keeper)))


def counted(keeper: Keeper, steps: Steps[Token]) -> Steps[Token]:
    try:
        token = yield from steps
    except WardError as error:
        keeper.attempts, keeper.failure = keeper.attempts + 1, error.again()
        raise
    keeper.attempts, keeper.failure = keeper.attempts + 1, None
    return token


def renew(keeper: Keeper) -> Steps[Token]:
    if keeper.refresh is None and not isinstance(keeper.party, Machine):
        raise ClientError("sign_in_required", "nobody has signed in")
    url = yield from endpoint(keeper, "token_endpoint")
    if isinstance(keeper.party, Machine):
        return (yield from exchange(keeper, token_request(keeper.party, url, "client_credentials"), harmless=True))
    refresh = keeper.refresh
    assert refresh is not None
    request = token_request(keeper.party, url, "refresh_token", refresh_token=refresh)
    try:
        return (yield from exchange(keeper, request, harmless=False))
    except IssuerError as error:
        if error.error == "invalid_grant" and keeper.refresh == refresh:
            keeper.refresh = keeper.token = None
        raise


def exchange(keeper: Keeper, request: Request, harmless: bool, sent: Iterable[Secret] = ()) -> Steps[Token]:
    """`sent`: secrets in the request of a sign-in. `harmless`: asking twice does nothing that asking once does not. A code and a
    refresh token that rotates are good for one time: a second use may end them all."""
    asked_at = keeper.clock()
    answer = yield from ask_issuer(keeper, request, harmless)
    outcome = read_token(answer, asked_at)
    if isinstance(outcome, Fault):
        raise keeper.error(outcome, answer.status, retry_after(answer, keeper.clock()), sent)
    return keeper.begin(outcome) if sent else keeper.take(outcome)


# ---- The issuer.

def no_answer(reply: Failure, harmless: bool = True) -> ClientError:
    if reply.closed:
        return ClientError("setting_invalid", reply.reason)
    if reply.certificate:
        return ClientError("certificate_refused", reply.reason)
    return ClientError("unreachable" if harmless or not reply.sent else "effect_unknown", reply.reason)


def may_ask_again(reply: Reply, harmless: bool) -> bool:
    """429 says that nothing was done, and so does a connection that was never made."""
    if isinstance(reply, Failure):
        return not (reply.certificate or reply.closed) and (harmless or not reply.sent)
    return reply.status == 429 or (harmless and reply.status == 503)


def ask_issuer(keeper: Keeper, request: Request, harmless: bool) -> Steps[Answer]:
    patience = keeper.patience()
    while True:
        reply = yield from send(request, "issuer", patience.answer())
        pause = None
        if may_ask_again(reply, harmless):
            told = None if isinstance(reply, Failure) else retry_after(reply, keeper.clock())
            pause = patience.pause(told)
        if pause is not None:
            yield Wait(pause)
        elif isinstance(reply, Failure):
            raise no_answer(reply, harmless)
        else:
            return reply


def metadata_places(url: str) -> list[str]:
    """OpenID discovery appends, RFC 8414 inserts."""
    parts = urllib.parse.urlsplit(url)
    path = parts.path.rstrip("/")
    base = f"https://{parts.netloc}"
    return [f"{base}{path}/.well-known/openid-configuration", f"{base}/.well-known/oauth-authorization-server{path}"]


def endpoint(keeper: Keeper, name: str) -> Steps[str]:
    """As it was given, or as the issuer's metadata names it."""
    given = keeper.party.issuer.endpoints
    if name in given:
        return given[name]
    if keeper.endpoints is None:
        keeper.endpoints = yield from discover(keeper)
    if name not in keeper.endpoints:
        raise ClientError("setting_invalid", f"the issuer's metadata names no {name}: switch it on there, or give it")
    return https(keeper.endpoints[name], f"the issuer's {name}")


def discover(keeper: Keeper) -> Steps[dict[str, str]]:
    for place in metadata_places(keeper.party.issuer.url):
        answer = yield from ask_issuer(keeper, Request("GET", place, {"Accept": "application/json"}), harmless=True)
        if answer.status == 404:
            continue
        fields = fields_of(answer)
        if answer.status != 200 or fields.get("issuer") != keeper.party.issuer.url:
            raise ClientError("answer_invalid", "the metadata is not the issuer's: it must name exactly its URL",
                              status=answer.status)
        return {name: value for name, value in fields.items() if name.endswith("_endpoint") and isinstance(value, str)}
    raise ClientError("answer_invalid", "the issuer has no metadata: give its endpoints", status=404)
