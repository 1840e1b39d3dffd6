# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, and what to do about it: clients/hints.json, which the client in TypeScript reads as well."""
from __future__ import annotations

import importlib.resources
import json
from typing import Any, Literal, TypeVar

Source = Literal["device", "issuer", "client"]
Same = TypeVar("Same", bound="WardError")


def _read() -> dict[str, list[dict[str, Any]]]:
    file = importlib.resources.files(__package__).joinpath("hints.json")
    try:
        found: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ImportError("ward_client: hints.json is missing or no table: in ward's repository it is a link to "
                          "clients/hints.json, so install from a whole checkout that has links") from None
    return found


# Read at once: where it is missing, that is not to be told instead of the first refusal.
_TABLE = _read()


def table() -> dict[str, list[dict[str, Any]]]:
    return _TABLE


def is_gates(status: int | None, error: str, description: str) -> bool:
    """Whether these are the words of the device's gate, which answers before any endpoint has begun."""
    return any((row["status"], row["error"], row["description"]) == (status, error, description)
               for row in table()["device"] if row["description"] is not None)


def hint_of(source: Source, error: str, description: str = "") -> str:
    """What to do: the row of error and description, else that of the error alone, else that of what nobody knows."""
    rows = [row for row in table()[source] if row["error"] == error]
    for wanted in (description, None):
        for row in rows:
            if row["description"] == wanted:
                return str(row["hint"])
    return "" if (source, error) == ("client", "unknown") else hint_of("client", "unknown")


class WardError(Exception):
    """`error` is a name to compare with, `description` and `hint` are for people: what it is, and what to do.
    `status` is the answer's where there was one, `scope` what a 403 asks for, `retry_after` seconds to wait, where they
    are known. No field has a token or a secret."""

    source: Source = "client"

    def __init__(self, error: str, description: str = "", *, status: int | None = None, scope: str | None = None,
                 retry_after: float | None = None) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status
        self.scope, self.retry_after = scope, retry_after
        self.hint = hint_of(self.source, error, description)

    def __str__(self) -> str:
        head = " ".join(str(part) for part in (self.status, self.error) if part is not None)
        said = ": ".join(part for part in (head, self.description) if part)
        said += f" (scope: {self.scope})" if self.scope else ""
        return f"{said}. {self.hint}" if self.hint else said

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def again(self: Same) -> Same:
        """The same, to be raised for another caller: a traceback is one caller's."""
        return type(self)(self.error, self.description, status=self.status, scope=self.scope,
                          retry_after=self.retry_after)


class DeviceError(WardError):
    """The device has answered, and not with what was asked for."""

    source: Source = "device"


class IssuerError(WardError):
    """The issuer gives no token."""

    source: Source = "issuer"


class ClientError(WardError):
    """Nobody's answer: a setting, the network, or an answer that is none."""
