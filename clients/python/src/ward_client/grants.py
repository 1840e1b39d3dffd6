# SPDX-License-Identifier: Apache-2.0
"""Requests for tokens, made by authlib, and what is read of their answers. No input or output.

What may fail returns a Fault and does not raise: where it is raised, no variable around holds the text that was read.
"""
from __future__ import annotations

import base64
import dataclasses
import json
import re
import urllib.parse

from authlib.common.urls import url_encode
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from .answers import fields_of, words_of
from .messages import Answer, Request
from .secret import Secret
from .settings import Party

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
# b64token of RFC 6750: nothing that could end a header.
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
# What a refresh token and a device code may consist of (RFC 6749, appendix A; RFC 8628 does not say).
VISIBLE = re.compile(r"[\x20-\x7e]+")
# Seconds that are no time.
ENDLESS = 1e12
# Seconds before its end in which a token is used no more.
MARGIN = 60.0


@dataclasses.dataclass(frozen=True)
class Token:
    """An access token. `ends` in seconds since 1970, where it is known; `scope` as the issuer has granted it."""

    value: Secret
    ends: float | None = None
    scope: str | None = None

    def is_fresh(self, now: float) -> bool:
        return self.ends is None or now < self.ends - MARGIN


@dataclasses.dataclass(frozen=True)
class Granted:
    token: Token
    refresh: Secret | None = None


@dataclasses.dataclass(frozen=True)
class Fault:
    """`whose`: the issuer has said so, or the answer is none. Others' words, which may repeat a secret: not shown."""

    whose: str
    error: str = dataclasses.field(repr=False)
    description: str = dataclasses.field(default="", repr=False)


# ---- Requests.

def names_of(party: Party) -> tuple[str, str]:
    """Id and secret, as they are sent. RFC 6749, 2.3.1: they are encoded before they are joined."""
    secret = party.client_secret.reveal() if party.client_secret is not None else ""
    if party.authentication == "client_secret_basic":
        return urllib.parse.quote_plus(party.client_id), urllib.parse.quote_plus(secret)
    return party.client_id, secret


def proof_of(party: Party) -> Secret | None:
    """What stands in the header that proves who asks."""
    if party.authentication != "client_secret_basic":
        return None
    return Secret(base64.b64encode(":".join(names_of(party)).encode()).decode())


def form(party: Party, url: str, body: str) -> Request:
    """A form, with what proves who asks."""
    given = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    _, headers, text = ClientAuth(*names_of(party), party.authentication).prepare("POST", url, given, body)
    return Request("POST", url, headers, text.encode())


def token_request(party: Party, url: str, grant: str, **fields: str | Secret) -> Request:
    """The audience is always in it; the scope where the grant has not been told it before."""
    shown = {name: value.reveal() if isinstance(value, Secret) else value for name, value in fields.items()}
    if grant == "client_credentials":
        shown["scope"] = party.scope
    body = prepare_token_request(grant, audience=party.audience, **{**party.parameters, **shown})
    return form(party, url, body)


def device_request(party: Party, url: str) -> Request:
    """RFC 8628, 3.1. Who has no secret is named by form()."""
    fields = {"scope": party.scope, "audience": party.audience, **party.parameters}
    return form(party, url, url_encode([(name, value) for name, value in fields.items() if value]))


# ---- Answers.

def read_token(answer: Answer, now: float) -> Granted | Fault:
    """A token whose time counts from `now`, when it was asked for."""
    if answer.status != 200:
        return read_fault(answer)
    fields = fields_of(answer)
    value, kind, refresh = fields.get("access_token"), fields.get("token_type"), fields.get("refresh_token")
    if not isinstance(value, str) or not TOKEN.fullmatch(value):
        return Fault("client", "answer_invalid", "the issuer's answer has no token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        return Fault("client", "answer_invalid", "the issuer's token is not of type Bearer")
    if refresh is not None and (not isinstance(refresh, str) or not VISIBLE.fullmatch(refresh)):
        return Fault("client", "answer_invalid", "the issuer's refresh token is none")
    scope = fields.get("scope")
    seconds = number(fields.get("expires_in"))
    ends = end_of(value) if seconds is None else now + seconds
    return Granted(Token(Secret(value), ends, scope if isinstance(scope, str) else None),
                   Secret(refresh) if refresh is not None else None)


def read_fault(answer: Answer) -> Fault:
    words = words_of(answer)
    if answer.status >= 400 and words.error:
        return Fault("issuer", words.error, words.description)
    if answer.status in (429, 503):
        return Fault("issuer", "temporarily_unavailable", f"the issuer answers {answer.status}")
    if answer.status >= 500:
        return Fault("issuer", "server_error", f"the issuer answers {answer.status}")
    more = ", and a redirect is not followed" if 300 <= answer.status < 400 else ""
    return Fault("client", "answer_invalid", f"the issuer answers {answer.status}{more}")


def number(value: object) -> float | None:
    """Seconds, also where they are written as text, as some issuers do."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < ENDLESS:
        return float(value)
    return None


def end_of(token: str) -> float | None:
    """`exp` of what looks like a JWT, not verified: it only tells when to ask for another one."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    return number(claims.get("exp")) if isinstance(claims, dict) else None
