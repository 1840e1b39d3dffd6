# SPDX-License-Identifier: Apache-2.0
"""What Python's own decoders make of a text, with ward's rules laid on top: RFC 8259 where they leave a choice, and limits.

Nothing here comes from ward. Where a text breaks several rules, ward may report any of them that it can meet first, so a
verdict is the set of statuses that are right.
"""
import base64
import decimal
import fractions
import json
import math

MAX_DEPTH, MAX_VALUES, MAX_HEADER_VALUES = 8, 512, 24
LARGEST_EXACT = 2 ** 53
# Stands for every part of a second that is too small to be written out.
SMALLEST = fractions.Fraction(1, 2 ** 64)
ACCEPTED = frozenset(["OK"])


class Number(str):
    """A number as it is written."""


class Object(list):
    """Members in their order, a name as often as it stands there."""

    def get(self, name):
        return next((value for own, value in self if own == name), None)

    def __contains__(self, name):
        return any(own == name for own, _ in self)


def base64url(text):
    """The bytes, or None: what is canonical is what Python would write for the bytes that it reads."""
    try:
        data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if base64.urlsafe_b64encode(data).rstrip(b"=") == text else None


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def parse(text):
    """A value by Python's parser; a ValueError where there is none."""
    return json.loads(text, object_pairs_hook=Object, parse_int=Number, parse_float=Number, parse_constant=refuse_constant)


class Survey:
    """What the rules about a whole text need to know of it."""

    def __init__(self, value):
        self.values = self.depth = 0
        self.twice = self.half_a_pair = False
        self.look(value, 0)

    def look(self, value, depth):
        self.values += 1
        if isinstance(value, Object):
            names = [name for name, _ in value]
            self.twice = self.twice or len(set(names)) < len(names)
            self.look_into([part for member in value for part in member], depth)
        elif isinstance(value, list):
            self.look_into(value, depth)
        elif isinstance(value, str):
            self.half_a_pair = self.half_a_pair or any("\ud800" <= character <= "\udfff" for character in value)

    def look_into(self, parts, depth):
        self.depth = max(self.depth, depth + 1)
        for part in parts:
            self.look(part, depth + 1)


def unreadable(text, first):
    """The statuses of a text that Python does not read: what else stands before the fault is not known."""
    if text.lstrip(b" \t\n\r").startswith(b"\xef"):
        return frozenset(["JSON_BYTE_ORDER_MARK"])
    statuses = {first, "JSON_MALFORMED"}
    if b"\\u" in text:
        statuses.add("JSON_NOT_UTF8")
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH:
        statuses.add("JSON_TOO_DEEP")
    return frozenset(statuses)


def broken_rules(value, most_values):
    survey = Survey(value)
    scanned = {"JSON_NOT_UTF8"} if survey.half_a_pair else set()
    if survey.depth > MAX_DEPTH:
        scanned.add("JSON_TOO_DEEP")
    if scanned:
        return frozenset(scanned)
    if survey.values > most_values:
        return frozenset(["JSON_TOO_MANY_VALUES"])
    return frozenset(["JSON_DUPLICATE_MEMBER"]) if survey.twice else ACCEPTED


def read(text, most_values=MAX_VALUES):
    """A JSON text's value and the statuses that are right for it."""
    try:
        value = parse(text.decode("utf-8", "strict"))
    except UnicodeDecodeError:
        return None, unreadable(text, "JSON_NOT_UTF8")
    except (ValueError, RecursionError):
        return None, unreadable(text, "JSON_MALFORMED")
    statuses = broken_rules(value, most_values)
    return (value if statuses == ACCEPTED else None), statuses


def date(value):
    """A NumericDate as a Fraction, or None: not negative and at most 2^53, however it is written."""
    if not isinstance(value, Number) or value.startswith("-"):
        return None
    mantissa, _, exponent = value.lower().partition("e")
    digits = fractions.Fraction(mantissa)
    power = int(exponent or 0) if digits else 0
    # Further away than that no digits of a text reach; beyond, Python's whole numbers would not end.
    if abs(power) > 200000:
        return None if power > 0 else SMALLEST
    exact = digits * fractions.Fraction(10) ** power
    return exact if exact <= LARGEST_EXACT else None


def date_parts(value):
    exact = date(value)
    return None if exact is None else (math.floor(exact), int(exact != math.floor(exact)))


def integer(value):
    """An int, or None: no fraction, no exponent, within plus and minus 2^53."""
    if not isinstance(value, Number) or not value.removeprefix("-").isdigit():
        return None
    exact = decimal.Decimal(value)
    return int(exact) if abs(exact) <= LARGEST_EXACT else None


def table(value):
    """The words by which the vectors' runner tells ward's table of a text."""
    if isinstance(value, Object):
        return [f"o{len(value)}", *(word for member in value for part in member for word in table(part))]
    if isinstance(value, list):
        return [f"a{len(value)}", *(word for item in value for word in table(item))]
    if isinstance(value, Number):
        return ["n" + value.encode().hex()]
    if isinstance(value, str):
        return ["s" + value.encode().hex()]
    return [("z" if value is None else "b") + json.dumps(value).encode().hex()]
