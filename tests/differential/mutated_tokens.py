# SPDX-License-Identifier: Apache-2.0
"""Random tokens: good ones, and such that are bent before they are signed (header, payload, encoding) or after."""
import base64

from inputs import json_value, mutate, mutate_once
from payloads import Literal, payload, render

ALGORITHMS = ["none", "None", "HS256", "rs256", "RS384", "RS512", "PS256", "ES256", "", 1, None, ["RS256"]]
TYPES = ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT", "application/", "JWS", "dpop+jwt",
         "logout+jwt", "", 1, None, ["JWT"]]
KIDS = ["a", "b", "c", "A", "a ", "", "x" * 129, 1, None, ["a"], {"a": 1}]
CRITICAL = [["b64"], ["exp"], [], "b64", [1], None, ["b64", "b64"]]
OTHERS = {"zip": ["DEF"], "enc": ["A256GCM"], "cty": ["JWT"], "b64": [True, False, "x"], "jku": ["https://evil.example/"],
          "x5u": ["https://evil.example/"], "jwk": [{"kty": "RSA", "e": "AQAB"}], "x5c": [["MIID"]], "p2c": [1],
          "x": ["y" * 8200, "y" * 8000]}


def bend(random, members):
    name = random.choice(("alg", "typ", "kid", "kid", "crit", "drop", "odd", *OTHERS))
    if name == "drop":
        members.pop(random.choice(("kid", "kid", "typ", "alg")), None)
    elif name == "odd":
        members["odd"] = Literal(json_value(random, 4))
    else:
        members[name] = random.choice({"alg": ALGORITHMS, "typ": TYPES, "kid": KIDS, "crit": CRITICAL, **OTHERS}[name])
    if name == "crit" and random.random() < 0.5:
        members["b64"] = random.choice((True, False))


def header(random, expect):
    members = {"alg": "RS256", "typ": expect.type or "JWT", "kid": random.choice("aaab")}
    for _ in range(random.choice((0, 0, 0, 0, 1, 1, 2))):
        bend(random, members)
    return members


def spoil(random, text):
    """Changes that a lenient parser does not notice, as far as text is an object."""
    end = text.rfind(b"}")
    insertions = [b',"alg":"RS256"', b',"x":1,"\\u0078":2', b',"x":"\xff"', b',"x":"\xed\xa0\x80"', b',"x":"\\ud800"',
                  b',"exp":1', b',"x":' + b"[" * 8 + b"]" * 8, b',"x":[' + b",".join([b"0"] * 24) + b"]",
                  b',"x":[' + b",".join([b"0"] * 600) + b"]", b',"x":"' + b"y" * 25000 + b'"']
    change = random.randrange(len(insertions) + 2)
    if change < len(insertions) and end > 0:
        return text[:end] + insertions[change] + text[end:]
    return b"\xef\xbb\xbf" + text if change == len(insertions) else mutate(random, text)


def encode(random, text):
    """A segment; now and then not as RFC 7515 wants it."""
    segment = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    return loosen(random, segment) if random.random() < 0.03 else segment


def loosen(random, segment):
    at = random.randrange(len(segment) + 1)
    if random.random() < 0.3 and segment:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return segment[:-1] + alphabet[alphabet.index(segment[-1]) ^ 1]
    return random.choice((segment + "=", segment + "==", segment.replace("-", "+").replace("_", "/"), segment + "\n",
                          segment[:at] + " " + segment[at:], segment[:at] + "~" + segment[at:]))


def signer(random, members):
    """A key's name and an algorithm: mostly those that the header names."""
    kid, algorithm = members.get("kid"), members.get("alg")
    key = kid if kid in ("a", "b", "c") and random.random() < 0.97 else random.choice("aaabc")
    known = isinstance(algorithm, str) and algorithm in ("HS256", "RS384", "RS512", "PS256", "none")
    return [key, algorithm if known and random.random() < 0.9 else "RS256"]


def unsigned(random, expect):
    """What is to be signed: the key's name, the algorithm, the text."""
    members = header(random, expect)
    head, body = render(random, members).encode(), payload(random, expect)
    head = spoil(random, head) if random.random() < 0.08 else head
    body = spoil(random, body) if random.random() < 0.15 else body
    return [*signer(random, members), f"{encode(random, head)}.{encode(random, body)}"]


def finish(random, text, signature):
    """The whole token, sometimes bent after it was signed."""
    if random.random() < 0.85:
        return f"{text}.{signature}"
    change = random.randrange(6)
    if change == 0:
        return f"{text}.{loosen(random, signature)}"
    if change == 1:
        return f"{text}.{signature[:-random.randrange(1, 9)]}"
    if change == 2:
        return f"{text}.{random.choice(('', 'AA', 'AAAA'))}{signature}{random.choice(('', 'AA', 'AAAA', '.'))}"
    if change == 3:
        return random.choice((text, signature, f"{text}.", f".{text}.{signature}", f"{text}..{signature}", f" {text}.{signature}"))
    bent = mutate_once(random, f"{text}.{signature}".encode())
    # Both sides are to be given the same text: jose takes UTF-16, ward bytes.
    return bytes(byte & 0x7f for byte in bent).decode()
