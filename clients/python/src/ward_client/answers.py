# SPDX-License-Identifier: Apache-2.0
"""What an answer says: its error, its challenge (RFC 6750), when to come again (RFC 9110)."""
from __future__ import annotations

import dataclasses
import datetime
import email.utils
import re

from .messages import Answer

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PART = re.compile(rf'[\s,]*(?:({_NAME})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|({_NAME})(?=[\s,]|$))')


# Seconds. Who says more has said "not in your time", which is not the same as saying nothing.
LONGEST = 1e9


@dataclasses.dataclass(frozen=True)
class Words:
    error: str = ""
    description: str = ""
    scope: str | None = None


def challenge(value: str) -> dict[str, str]:
    """The attributes of the first Bearer challenge."""
    found: dict[str, str] | None = None
    at = 0
    while (part := _PART.match(value, at)) is not None:
        at = part.end()
        name, quoted, plain, scheme = part.groups()
        if scheme is not None:
            if found is not None:
                break
            found = {} if scheme.lower() == "bearer" else None
        elif found is not None:
            found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain)
    return found or {}


def fields_of(answer: Answer) -> dict[str, object]:
    """The members of a JSON object; of anything else none."""
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def words_of(answer: Answer) -> Words:
    """Error, description and scope by the body, or by the challenge where that has none."""
    said = {name: value for name, value in fields_of(answer).items() if isinstance(value, str)}
    if not said.get("error"):
        said = challenge(answer.headers.get("www-authenticate", ""))
    return Words(said.get("error", ""), said.get("error_description", ""), said.get("scope"))


def retry_after(answer: Answer, now: float) -> float | None:
    """Seconds until it is worth trying again; None: it does not say, or nonsense. A date is compared with the answer's
    own where it has one: the two clocks may differ."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value):
        return min(LONGEST, float(value))
    then = _date(value)
    if then is None:
        return None
    begin = _date(answer.headers.get("date", ""))
    return min(LONGEST, max(0.0, then - (now if begin is None else begin)))


def _date(value: str) -> float | None:
    """A date of HTTP is in UTC, also where it does not say so (RFC 9110, 5.6.7)."""
    try:
        found = email.utils.parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
