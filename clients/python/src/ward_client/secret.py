# SPDX-License-Identifier: Apache-2.0
"""What must not be seen: tokens, secrets, codes."""
from __future__ import annotations

import hmac
import re
import urllib.parse
from collections.abc import Iterable

# A JWT, also a cut one, and whatever else starts as its header does.
LOOKS_LIKE_A_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*")
MOST = 300


class Secret:
    """A text that is shown by reveal() alone: not by print, repr, a log, a traceback's variables, pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def of(cls, text: str | Secret) -> Secret:
        return text if isinstance(text, Secret) else cls(text)

    def reveal(self) -> str:
        return self._text

    def is_text(self) -> bool:
        """Whether it can be sent: a text of one character at least, none of which is half of one."""
        try:
            return bool(self._text) and bool(self._text.encode())
        except (AttributeError, UnicodeEncodeError):
            return False

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down; reveal() gives its text")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _memo: object) -> Secret:
        return self


def scrub(text: str, secrets: Iterable[Secret | None] = ()) -> str:
    """A text that others wrote, to be shown: without these secrets, without control characters, of bounded length."""
    plain = {secret.reveal() for secret in secrets if secret is not None and len(secret.reveal()) >= 4}
    forms = {form for one in plain for form in (one, urllib.parse.quote_plus(one), urllib.parse.quote(one))}
    # The longest first: one may be a part of another.
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "[hidden]")
    text = LOOKS_LIKE_A_TOKEN.sub("[hidden]", text)
    text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= MOST else text[:MOST] + "…"
