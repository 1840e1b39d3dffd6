# SPDX-License-Identifier: Apache-2.0
"""Random expectations and payloads: a good one of the expectation's, with some claims bent, and now and then its bytes."""
from claims import Expect
from inputs import json_value, mutate, space, string

NOW = 1767225600
ISSUERS = ["https://dev-4fszoklachwdh46m.us.auth0.com/", "https://login.theholetruth.org/", "i"]
AUDIENCES = ["https://api.theholefoundation.org", "api://default", "a\u00e9"]
CLIENTS = ["k2bXJ0c3VpdGUgY2xpZW50", "machine", "c"]
RULES = {"token_use": "access", "tid": "9188040d", "\u00e9": "\U0001d11e"}
SCOPES = ["read:foia", "write:foia", "read:database", "read:foia ", "read:foi", "read:foiaa"]
EXPRESSIONS = ["read:foia", "read:foia write:foia", "read:database|write:foia", "write:foia read:foia|admin:all", "", "read:foia|",
               "a  b", "\"", "|"]


class Literal(str):
    """JSON as it stands here."""


def some(random, items, least=0):
    return random.sample(items, k=random.randrange(least, len(items) + 1))


def expectation(random):
    audiences = some(random, AUDIENCES, 1)
    rules = dict(some(random, list(RULES.items()))) if random.random() < 0.4 else {}
    if random.random() < 0.2:
        audiences, rules = [], rules or dict([next(iter(RULES.items()))])
    chance = {"clients": some(random, CLIENTS, 1), "scope_claim": "scp", "max_lifetime": random.choice((1, 600, 86400)),
              "max_age": random.choice((1, 600, 86400)), "subject_optional": True,
              "issued_ahead": True}
    chosen = {name: value for name, value in chance.items() if random.random() < 0.3}
    return Expect(NOW, issuers=some(random, ISSUERS, 1), audiences=audiences, rules=rules, leeway=random.choice((0, 1, 60, 300)),
                  expression=random.choice(EXPRESSIONS), scopes_from=random.randrange(3), **chosen)


def good(random, expect):
    subject = random.choice(("auth0|65f0c0ffee", "machine@clients", "anon@1", "\u00e9"))
    claims = {"iss": random.choice(expect.issuers), "sub": subject, "exp": expect.now + random.choice((1, 600, 3600)),
              "iat": expect.now, expect.scope_claim or "scope": scopes(random), "permissions": some(random, SCOPES), **expect.rules}
    if expect.audiences:
        claims["aud"] = random.choice((random.choice(expect.audiences), [*some(random, AUDIENCES), expect.audiences[0]]))
    if expect.clients or random.random() < 0.5:
        for own in random.choice((["client_id"], ["azp"], ["client_id", "azp"])):
            claims[own] = random.choice(expect.clients or CLIENTS)
    return claims


def scopes(random):
    items = some(random, SCOPES)
    return " ".join(items) if random.random() < 0.5 else items


def near(random, expect):
    """A date where a check turns, on both sides, whole and not, and in every shape that a number has."""
    edge = random.choice((0, 0, 1, 600, 86400)) + random.choice((0, expect.leeway, expect.leeway))
    literal = str(expect.now + random.choice((-1, 1)) * edge + random.choice((-1, 0, 0, 1)))
    odd = (literal + ".0", literal + "e0", f"{literal[0]}.{literal[1:]}e+09", f"{literal[0]}.{literal[1:]}5E9",
        literal + "000e-3",
           literal + "50e-2", f"0.00{literal}e12", "0e999999999999", "1e-999999999999", "1e16", "9007199254740993e0",
           "-" + literal, "-0", "-0e9", "0", "1e400", "1.7672256e9", f'"{literal}"', "true", "null",
           str(2 ** 53), str(2 ** 53 + 1), str(2 ** 53) + ".5", str(2 ** 64 + expect.now))
    return Literal(random.choice((literal, literal, literal + random.choice((".5", ".000001")), random.choice(odd))))


def name(random):
    return random.choice(("", "x", "a\0b", "x" * 255, "x" * 256, "\u00e9" * 127, "\u00e9" * 128, 1, None, [], ["x"], {}, True,
                          "anon@", "xanon@1", "machine@client", *CLIENTS))


def bent_value(random, expect, claim):
    """Another value for a claim: mostly of the right kind and on the verge of right."""
    if random.random() < 0.1:
        return Literal(json_value(random, 2))
    if claim in ("exp", "nbf", "iat"):
        return near(random, expect)
    if claim in ("sub", "client_id", "azp"):
        return name(random)
    if claim in ("scope", "scp", "permissions"):
        return random.choice((scopes(random), scopes(random), "", " ", "read:foia\0", ["read:foia", 1], [[]], {}, None, True, 1,
                              ["a\0"], [""]))
    if claim == "aud" and random.random() < 0.2:
        return [random.choice((1, None, ["x"], {}, "x")), *expect.audiences]
    known = [*ISSUERS, *AUDIENCES, *RULES.values()]
    text = random.choice((random.choice(known), random.choice(known)[:-1], random.choice(known) + "/", "", "access\0"))
    return random.choice((text, text, [text], [text, random.choice(known)], [], [1, text], {"a": text}, None, True, 0))


def bend(random, expect, claims):
    claim = random.choice(("iss", "sub", "aud", "aud", "exp", "exp", "nbf", "iat", "client_id", "azp", "scope", "scp", "permissions",
                           "cnf", *RULES))
    if claim == "cnf" and random.random() < 0.7:
        return
    if random.random() < 0.2:
        claims.pop(claim, None)
    else:
        claims[claim] = bent_value(random, expect, claim)


def render(random, value):
    if isinstance(value, Literal):
        return value
    if isinstance(value, str):
        return string(random, value)
    if isinstance(value, list):
        return "[" + ",".join(render(random, item) for item in value) + "]"
    if isinstance(value, dict):
        members = list(value.items())
        random.shuffle(members)
        return "{" + ",".join(space(random) + string(random, own) + ":" + render(random, item) for own, item in members) + "}"
    return {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else str(value)


def payload(random, expect):
    if random.random() < 0.01:
        return json_value(random, 3).encode()
    claims = good(random, expect)
    for _ in range(random.choice((0, 0, 1, 1, 1, 2, 3))):
        bend(random, expect, claims)
    text = render(random, claims).encode()
    return mutate(random, text) if random.random() < 0.1 else text
