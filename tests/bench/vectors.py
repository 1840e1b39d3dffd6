#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vectors.py OUT: the keys, signatures and tokens that tests/bench measures, as a C header. The same bytes each time:
keys are those of tests/keys, and RS256 has no chance in it."""
import base64
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from tokens import NOW, base64url, jwk, payload, sign, token  # noqa: E402

BITS = {"a": 2048, "m": 3072, "l": 4096}
# Bytes of what is signed.
SIGNED = (600, 1024, 3584)
# The one that peers check, too.
MESSAGE = 1024


def auth0_set(key):
    """A set of one key, as long as Auth0's: 1,555 bytes at 2048 bits."""
    members = {**jwk(key), "use": "sig", "alg": "RS256", "x5t": "x" * 27, "x5c": ["M" * 1012]}
    return json.dumps({"keys": [members]}, separators=(",", ":"))


def long_token(signed):
    """A token of which as near to so many bytes are signed as base64url allows."""
    best = max((filler for filler in range(signed) if len(token_text(filler)) <= signed), default=0)
    return f"{token_text(best)}.{sign('a', token_text(best))}"


def token_text(filler):
    claims = payload(**({"x": "y" * filler} if filler else {}))
    parts = {"alg": "RS256", "typ": "JWT", "kid": "a"}, claims
    return ".".join(base64url(json.dumps(part, separators=(",", ":"))) for part in parts)


def forged(good):
    head, _, signature = good.rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def refusals():
    """What is refused, the code, and the token (None: no credential)."""
    good = token()
    return (("no credential", "CREDENTIAL_MISSING", None), ("malformed", "TOKEN_MALFORMED", "x.y"),
            ("a bad credential", "CREDENTIAL_INVALID", "!" + good),
            ("not base64url", "TOKEN_NOT_BASE64URL", "A" + good),
            ("another algorithm", "ALGORITHM_REFUSED", token(header={"alg": "none", "kid": "a"})),
            ("an unknown key", "KEY_UNKNOWN", token(header={"alg": "RS256", "kid": "x"})),
            ("a wrong signature", "SIGNATURE_INVALID", forged(good)),
            ("expired", "TOKEN_EXPIRED", token(payload(iat=NOW - 7200, exp=NOW - 3600))),
            ("another issuer", "ISSUER_REFUSED", token(payload(iss="https://other.example/"))),
            ("another audience", "AUDIENCE_REFUSED", token(payload(aud="https://other.example"))),
            ("a scope too few", "SCOPE_INSUFFICIENT", token(payload(scope="openid"))))


def decode(value):
    return base64.urlsafe_b64decode(value + "==")


def hexes(data):
    return ",".join(f"0x{byte:02x}" for byte in data)


def text(value):
    if value is None:
        return "NULL"
    pieces = (value[at:at + 100].replace('"', '\\"') for at in range(0, len(value), 100))
    return "\n    " + "\n    ".join(f'"{piece}"' for piece in pieces)


def main():
    out = ["/* Made by tests/bench/vectors.py. */", f"#define BENCH_NOW UINT64_C({NOW})"]
    out += ["static const struct bench_key bench_keys[] = {"]
    for key, bits in BITS.items():
        modulus = decode(jwk(key)["n"])
        out.append(f"{{ {bits}, {text(auth0_set(key))}, {{ {hexes(modulus)} }}, {{ {hexes(hashlib.sha256(b'bench').digest())} }}, "
                   f"{{ {hexes(decode(sign(key, 'bench')))} }} }},")
    out += ["};", "static const struct bench_token bench_tokens[] = {"]
    out += [f'{{ "{signed}", WARD_OK, {text(long_token(signed))} }},' for signed in SIGNED]
    out += ["};", "static const struct bench_token bench_refusals[] = {"]
    out += [f'{{ "{name}", WARD_{code}, {text(value)} }},' for name, code, value in refusals()]
    head, _, signature = long_token(MESSAGE).rpartition(".")
    out += ["};", f"static const struct bench_message bench_message = {{ {text(head)}, {len(head)}, "
                  f"{{ {hexes(hashlib.sha256(head.encode()).digest())} }}, {{ {hexes(decode(signature))} }} "]
    pathlib.Path(sys.argv[1]).write_text("\n".join([*out, "};"]) + "\n")


main()
