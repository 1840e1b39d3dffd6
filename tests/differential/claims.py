# SPDX-License-Identifier: Apache-2.0
"""What a payload comes to under an expectation, said once more in Python: RFC 7519 section 4 and ward's rules.

All faults of a payload are found; ward names one of them.
"""
import math
import re

from oracle import ACCEPTED, Object, Number, date, read

LONGEST_NAME = 255
FROM_SCOPE, FROM_PERMISSIONS, FROM_BOTH = range(3)
NONE, USER, MACHINE, ANONYMOUS = range(4)


class Expect:
    """The fields of struct ward_expect, the clock, and a scope expression with the claim that it is asked of."""

    def __init__(self, now, **fields):
        self.now = now
        self.issuers, self.audiences, self.clients, self.rules = [], [], [], {}
        self.type = self.scope_claim = ""
        self.leeway = self.max_lifetime = self.max_age = 0
        self.subject_optional = self.kid_optional = self.issued_ahead = False
        self.expression, self.scopes_from = "read:foia", FROM_SCOPE
        for name, value in fields.items():
            setattr(self, name, value)

    def arguments(self):
        """As the runner's `expect` takes them; no leeway is a number of its own there."""
        rules = [word for rule in self.rules.items() for word in rule]
        numbers = [self.now, self.leeway or 2 ** 32 - 1, self.max_lifetime, self.max_age, int(not self.audiences),
                   int(self.subject_optional), int(self.kid_optional), self.scopes_from, int(self.issued_ahead)]
        lists = [self.issuers, self.audiences, self.clients, rules, [self.type], [self.scope_claim], map(str, numbers),
                 [self.expression]]
        return ["\n".join(lines).encode() for lines in lists]


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Number)


def is_name(value):
    return is_text(value) and "\0" not in value and 0 < len(value.encode()) <= LONGEST_NAME


def texts(value):
    """A text or an array of texts as a list; None for anything else."""
    items = [value] if is_text(value) else value
    right = isinstance(items, list) and not isinstance(items, Object) and all(is_text(item) for item in items)
    return items if right else None


class Reading:
    def __init__(self, expect, payload):
        self.expect, self.payload, self.faults = expect, payload, set()
        self.issuer = self.audience = self.subject = self.client = ""
        self.expires = self.issued = 0
        for check in (self.check_issuer, self.check_audience, self.check_times, self.check_subject, self.check_client,
                      self.check_rules, self.check_scope):
            check()
        if "cnf" in payload:
            self.faults.add("SENDER_CONSTRAINED")

    def require(self, holds, fault):
        if not holds:
            self.faults.add(fault)
        return holds

    def check_issuer(self):
        if self.require("iss" in self.payload, "ISSUER_MISSING"):
            self.issuer = self.payload.get("iss")
            if self.require(is_text(self.issuer), "ISSUER_INVALID"):
                self.require(self.issuer in self.expect.issuers, "ISSUER_REFUSED")

    def check_audience(self):
        if not self.expect.audiences or not self.require("aud" in self.payload, "AUDIENCE_MISSING"):
            return
        named = texts(self.payload.get("aud"))
        if self.require(named is not None, "AUDIENCE_INVALID"):
            expected = [name for name in named if name in self.expect.audiences]
            self.require(expected, "AUDIENCE_REFUSED")
            self.audience = expected[0] if expected else ""

    def read_date(self, name, fault):
        exact = date(self.payload.get(name)) if name in self.payload else None
        self.require(name not in self.payload or exact is not None, fault)
        return exact

    def check_times(self):
        now, leeway = self.expect.now, self.expect.leeway
        self.require("exp" in self.payload, "EXPIRY_MISSING")
        exp, nbf = self.read_date("exp", "EXPIRY_INVALID"), self.read_date("nbf", "NOT_BEFORE_INVALID")
        if exp is not None:
            self.expires = math.floor(exp)
            self.require(now - leeway < self.expires, "TOKEN_EXPIRED")
        self.require(nbf is None or now + leeway >= nbf, "TOKEN_NOT_YET_VALID")
        self.check_issued(exp)

    def check_issued(self, exp):
        expect = self.expect
        needed = expect.max_lifetime or expect.max_age
        self.require("iat" in self.payload or not needed, "ISSUED_MISSING")
        iat = self.read_date("iat", "ISSUED_INVALID")
        if iat is None:
            return
        self.issued = math.floor(iat)
        self.require(expect.issued_ahead or expect.now + expect.leeway >= iat, "ISSUED_IN_FUTURE")
        if expect.max_lifetime and exp is not None:
            self.require(math.ceil(exp) - self.issued <= expect.max_lifetime, "LIFETIME_TOO_LONG")
        if expect.max_age:
            self.require(expect.now - expect.leeway - self.issued <= expect.max_age, "TOKEN_TOO_OLD")

    def check_subject(self):
        if "sub" not in self.payload:
            self.require(self.expect.subject_optional, "SUBJECT_MISSING")
        elif self.require(is_name(self.payload.get("sub")), "SUBJECT_INVALID"):
            self.subject = self.payload.get("sub")

    def check_client(self):
        named = [self.payload.get(name) for name in ("client_id", "azp") if name in self.payload]
        if not self.require(all(map(is_name, named)), "CLIENT_INVALID"):
            return
        self.client = named[0] if named else ""
        if self.expect.clients and self.require(named, "CLIENT_MISSING"):
            self.require(all(name in self.expect.clients for name in named), "CLIENT_REFUSED")

    def check_rules(self):
        for name, value in self.expect.rules.items():
            if self.require(name in self.payload, "CLAIM_MISSING"):
                own = self.payload.get(name)
                if self.require(is_text(own), "CLAIM_INVALID"):
                    self.require(own == value, "CLAIM_REFUSED")

    def check_scope(self):
        name = self.expect.scope_claim or "scope"
        own = self.payload.get(name)
        items = texts(own)
        right = name not in self.payload or (items is not None and not any("\0" in item for item in items))
        self.require(right, "SCOPE_INVALID")
        self.scopes = [word for word in own.split(" ") if word] if is_text(own) else items or []

    def kind(self):
        if self.client and self.subject == self.client + "@clients":
            return MACHINE
        if self.subject.startswith("anon@"):
            return ANONYMOUS
        return USER if self.subject else NONE

    def permitted(self):
        """The status of the scope expression."""
        if not re.fullmatch(r"[!#-\[\]-{}~]+(?:[ |][!#-\[\]-{}~]+)*", self.expect.expression):
            return "SCOPE_EXPRESSION"
        permissions = self.payload.get("permissions")
        if self.expect.scopes_from != FROM_SCOPE and "permissions" in self.payload:
            if is_text(permissions) or texts(permissions) is None or any("\0" in item for item in permissions):
                return "PERMISSIONS_INVALID"
        has = {FROM_SCOPE: set(self.scopes), FROM_PERMISSIONS: set(permissions or []) if self.expect.scopes_from else set()}
        has[FROM_BOTH] = has[FROM_SCOPE] & has[FROM_PERMISSIONS]
        wanted = [set(words.split(" ")) for words in self.expect.expression.split("|")]
        return "OK" if any(words <= has[self.expect.scopes_from] for words in wanted) else "SCOPE_INSUFFICIENT"

    def words(self):
        """As the runner tells an accepted payload."""
        names = [self.issuer, self.audience, self.subject, self.client]
        return [*(name.encode().hex() for name in names), str(self.expires), str(self.issued), str(self.kind()), self.permitted(),
                *(scope.encode().hex() for scope in self.scopes)]


def judge(expect, text):
    """The statuses that are right for a payload, and the words after OK."""
    value, statuses = read(text)
    if statuses != ACCEPTED:
        return statuses, None
    if not isinstance(value, Object):
        return frozenset(["JSON_NOT_OBJECT"]), None
    reading = Reading(expect, value)
    return (frozenset(reading.faults), None) if reading.faults else (ACCEPTED, reading.words())
