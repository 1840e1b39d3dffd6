#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tokens and key sets for tests in Python, signed by the openssl command with the keys of tests/keys.

As a program: tokens.py KEY... prints the key set of these keys.
"""
import base64
import json
import pathlib
import re
import subprocess
import sys

KEYS = pathlib.Path(__file__).resolve().parent.parent / "keys"
ISSUER = "https://dev-4fszoklachwdh46m.us.auth0.com/"
AUDIENCE = "https://api.theholefoundation.org"
NOW = 1767225600


def base64url(data):
    if isinstance(data, str):
        data = data.encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(key, text):
    made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEYS / f"{key}.pem"], input=text.encode(), check=True,
                          capture_output=True)
    return base64url(made.stdout)


def payload(**changes):
    """The usual payload; a change to None leaves the claim out."""
    claims = {"iss": ISSUER, "sub": "auth0|65f0c0ffee", "aud": [AUDIENCE, ISSUER + "userinfo"], "iat": NOW,
              "exp": NOW + 86400, "azp": "client", "scope": "read:foia write:foia"}
    claims.update(changes)
    return {name: value for name, value in claims.items() if value is not None}


def token(claims=None, header=None, key="a"):
    header = header or {"alg": "RS256", "typ": "JWT", "kid": key}
    claims = payload() if claims is None else claims
    text = ".".join(base64url(part if isinstance(part, (str, bytes)) else json.dumps(part)) for part in (header, claims))
    return f"{text}.{sign(key, text)}"


def jwk(key, **members):
    shown = subprocess.run(["openssl", "rsa", "-in", KEYS / f"{key}.pem", "-noout", "-modulus", "-text"], check=True,
                           capture_output=True, text=True).stdout
    n = int(re.search(r"^Modulus=(.*)$", shown, re.M).group(1), 16)
    e = int(re.search(r"publicExponent: (\d+)", shown).group(1))
    numbers = {name: base64url(value.to_bytes((value.bit_length() + 7) // 8, "big")) for name, value in (("n", n), ("e", e))}
    return {"kty": "RSA", **numbers, "kid": key, **members}


def jwks(*keys):
    return json.dumps({"keys": [key if isinstance(key, dict) else jwk(key) for key in keys]})


if __name__ == "__main__":
    print(jwks(*sys.argv[1:]))
