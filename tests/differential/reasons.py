# SPDX-License-Identifier: Apache-2.0
"""Why ward refuses tokens that jose takes: every difference that there is, with the rule and where it comes from.

A refusal that is not in this list fails the test; so does a reason that no token of a full run needs.
"""
from claims import judge, is_text
from oracle import ACCEPTED, MAX_HEADER_VALUES, Object, base64url, read

MAX_TOKEN, MAX_HEADER = 32768, 8192

# Status, ward's rule, and its source: an RFC, or where ward makes a choice that the RFCs leave open.
REASONS = {
    "TOKEN_NOT_BASE64URL": ("one form only: no padding, no + / or space, unused bits zero",
                            "RFC 7515 section 2, RFC 4648 sections 3.2 to 3.5"),
    "TOKEN_TOO_LONG": ("at most 32768 bytes are looked at", "WARD_MAX_TOKEN"),
    "HEADER_TOO_LONG": ("a header has at most 8192 bytes", "WARD_MAX_HEADER"),
    "JSON_TOO_DEEP": ("at most 8 levels", "WARD_MAX_JSON_DEPTH, as RFC 8259 section 9 allows"),
    "JSON_TOO_MANY_VALUES": ("at most 24 values in a header, 512 in a payload",
                             "WARD_MAX_HEADER_VALUES, WARD_MAX_JSON_VALUES, as RFC 8259 section 9 allows"),
    "JSON_BYTE_ORDER_MARK": ("a byte order mark is not JSON", "RFC 8259 section 8.1"),
    "JSON_NOT_UTF8": ("bytes that are not UTF-8 and halves of surrogate pairs are refused, not replaced",
                      "RFC 8259 sections 8.1 and 8.2, RFC 3629"),
    "JSON_DUPLICATE_MEMBER": ("no name twice, at any depth", "RFC 7515 section 4, RFC 7519 section 4"),
    "HEADER_MEMBER_REFUSED": ("crit, b64, enc and cty are refused, understood or not",
                              "RFC 7515 sections 4.1.10 and 4.1.11, RFC 7797 section 6, RFC 7516 section 4.1"),
    "TYPE_REFUSED": ("a type, where there is one, is JWT or at+jwt", "RFC 8725 section 3.11, RFC 9068 sections 2.1 and 4"),
    "KID_MISSING": ("the token names its key, even where there is only one", "kid_optional of struct ward_expect"),
    "KID_INVALID": ("a key's name is a string of 1 to 128 bytes", "RFC 7515 section 4.1.4"),
    "AUDIENCE_INVALID": ("aud holds strings only", "RFC 7519 section 4.1.3"),
    "EXPIRY_INVALID": ("a NumericDate is not negative and at most 2^53",
                       "RFC 7519 section 2, RFC 8259 section 6"),
    "NOT_BEFORE_INVALID": ("the same of nbf", "RFC 7519 section 2, RFC 8259 section 6"),
    "ISSUED_INVALID": ("the same of iat", "RFC 7519 section 2, RFC 8259 section 6"),
    "TOKEN_EXPIRED": ("a part of a second is rounded to the refusing side", "RFC 7519 section 4.1.4"),
    "ISSUED_IN_FUTURE": ("no token was issued later than now", "issued_ahead of struct ward_expect"),
    "SUBJECT_INVALID": ("sub is 1 to 255 bytes of text without NUL", "RFC 7519 section 4.1.2"),
    "CLIENT_INVALID": ("client_id and azp are text of 1 to 255 bytes without NUL",
                       "RFC 9068 section 2.2, OpenID Connect Core section 2"),
    "SCOPE_INVALID": ("scope is text or an array of texts, without NUL", "RFC 8693 section 4.2, RFC 9068 section 2.2.3"),
    "SENDER_CONSTRAINED": ("a token that is bound to a key is not a bearer token", "RFC 7800 section 3, RFC 9449 section 7"),
}


def type_is_usual(header):
    own = header.get("typ")
    return is_text(own) and own.lower().removeprefix("application/") in ("jwt", "at+jwt")


def header_faults(header):
    if not isinstance(header, Object):
        return
    if any(name in header for name in ("crit", "b64", "enc", "cty")):
        yield "HEADER_MEMBER_REFUSED"
    if "typ" in header and not type_is_usual(header):
        yield "TYPE_REFUSED"
    if "kid" not in header:
        yield "KID_MISSING"
    elif not is_text(header.get("kid")) or not 1 <= len(header.get("kid").encode()) <= 128:
        yield "KID_INVALID"


def segment_faults(expect, head, body, signature):
    """Of segments that are None where they are not canonical."""
    if None in (head, body, signature):
        yield "TOKEN_NOT_BASE64URL"
    if head is not None:
        header, statuses = read(head, MAX_HEADER_VALUES)
        yield from statuses
        yield from header_faults(header)
    if body is not None:
        yield from judge(expect, body)[0]


def faults(expect, token):
    """Everything for which ward may refuse a token that jose takes, found by Python alone."""
    segments = [segment.encode() for segment in token.split(".")]
    found = set(segment_faults(expect, *map(base64url, segments))) - ACCEPTED
    if len(token) > MAX_TOKEN:
        found.add("TOKEN_TOO_LONG")
    if len(segments[0]) * 3 // 4 > MAX_HEADER:
        found.add("HEADER_TOO_LONG")
    return found
