# SPDX-License-Identifier: Apache-2.0
"""Who asks for tokens, and whom."""
from __future__ import annotations

import pathlib
import re
import urllib.parse
from collections.abc import Mapping
from typing import Literal

from .errors import ClientError
from .secret import Secret

# What grants.py and sign_in.py set.
RESERVED = {"audience", "scope", "client_id", "client_secret", "grant_type", "code", "code_verifier", "code_challenge",
            "code_challenge_method", "device_code", "redirect_uri", "refresh_token", "response_type", "state", "body",
            "uri", "url", "self"}
Authentication = Literal["client_secret_basic", "client_secret_post"]


def is_https(url: str) -> bool:
    """Whether it is https, has no password in it, and a name that can be one."""
    try:
        parts = urllib.parse.urlsplit(url)
        labels = (parts.hostname or "").removesuffix(".").split(".")
        return (parts.scheme == "https" and all(0 < len(label) < 64 for label in labels)
                and (parts.port is None or parts.port > 0)
                and not re.search(r"[@\\%]", parts.netloc) and not re.search(r"[\x00-\x20\x7f]", url))
    except ValueError:
        return False


def https(url: str, what: str) -> str:
    """The URL, where it is one to send a token to."""
    if not is_https(url):
        raise ClientError("https_required", f"{what} is no https URL")
    return url


class Issuer:
    """Whom tokens are asked of. Endpoints that are not given are read from its metadata (OpenID discovery or RFC 8414).
    `authority`: a PEM file with the authority of its certificate, where that is not one of the system's."""

    def __init__(self, url: str, *, authority: str | pathlib.Path | None = None, token_endpoint: str | None = None,
                 authorization_endpoint: str | None = None, device_authorization_endpoint: str | None = None) -> None:
        self.url, self.authority = https(url, "the issuer"), authority
        self.endpoints = {name: https(value, f"the issuer's {name}") for name, value in (
            ("token_endpoint", token_endpoint), ("authorization_endpoint", authorization_endpoint),
            ("device_authorization_endpoint", device_authorization_endpoint)) if value is not None}

    def __repr__(self) -> str:
        return f"Issuer({self.url!r})"


class Party:
    """What both kinds of clients have. `parameters`: more of them for the issuer, such as `resource` (RFC 8707) or
    `organization`; they are not taken as secret."""

    def __init__(self, issuer: Issuer, client_id: str, client_secret: str | Secret | None = None, *, audience: str,
                 scope: str = "", authentication: Authentication = "client_secret_basic",
                 parameters: Mapping[str, str] | None = None) -> None:
        client_secret = None if client_secret is None else Secret.of(client_secret)
        self.issuer, self.client_id, self.client_secret = issuer, client_id, client_secret
        self.audience, self.scope, self.parameters = audience, scope, dict(parameters or {})
        self.authentication = authentication if client_secret is not None else "none"
        if client_secret is not None and not client_secret.is_text():
            raise ClientError("setting_invalid", "client_secret is no text, or an empty one")
        if not client_id or not audience:
            raise ClientError("setting_invalid", "client_id and audience must be given")
        reserved = sorted(set(self.parameters) & RESERVED)
        if reserved:
            raise ClientError("setting_invalid", f"parameters must not have {reserved[0]}: the client sets it")
        if authentication not in ("client_secret_basic", "client_secret_post"):
            raise ClientError("setting_invalid", "authentication must be client_secret_basic or client_secret_post")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.issuer!r}, {self.client_id!r}, audience={self.audience!r})"


class Machine(Party):
    """A service that asks in its own name (client credentials)."""

    def __init__(self, issuer: Issuer, client_id: str, client_secret: str | Secret, *, audience: str, scope: str = "",
                 authentication: Authentication = "client_secret_basic",
                 parameters: Mapping[str, str] | None = None) -> None:
        client_secret = Secret.of(client_secret)
        super().__init__(issuer, client_id, client_secret, audience=audience, scope=scope,
                         authentication=authentication, parameters=parameters)


class Application(Party):
    """A program in which people sign in. Ask for `offline_access` in `scope` where the issuer wants that for a refresh
    token. Most have no secret: what is given to people is none."""
