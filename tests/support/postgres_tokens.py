# SPDX-License-Identifier: Apache-2.0
"""Tokens for a server, whose clock is this machine's."""
import json
import time

from tokens import AUDIENCE, ISSUER, jwks, payload, token

HOUR = 3600

# Who is in the tests: each with what the token says. Nobody has none.
PEOPLE = {
    "ann": {"sub": "auth0|ann", "scope": "read:foia write:foia"},
    "ben": {"sub": "auth0|ben", "scope": "read:foia write:foia"},
    "machine": {"sub": "robot@clients", "azp": "robot", "scope": "read:foia write:foia"},
    "admin": {"sub": "auth0|admin", "scope": "read:foia admin:foia"},
}


def claims_now(**changes):
    now = int(time.time())
    return payload(**{"iat": now - 5, "exp": now + HOUR, **changes})


def token_now(key="a", **changes):
    """A token that is good now, except for these changes of its claims."""
    return token(claims_now(**changes), key=key)


def token_of(name, **changes):
    return token_now(**{**PEOPLE[name], **changes})


def keys_file(folder, *keys):
    """A key set in a file that every user can read."""
    path = folder / "jwks.json"
    path.write_text(jwks(*(keys or "a")))
    path.chmod(0o644)
    return path


def settings(path):
    """What a superuser sets for them."""
    return f"ward.issuer = '{ISSUER}'\nward.audience = '{AUDIENCE}'\nward.key_file = '{path}'\n"


def take(connection, words):
    """Gives a connection a token, apart from the statement's text."""
    connection.ask("SELECT auth.jwt_session_init($1)", words)


def who(connection):
    return connection.one("SELECT auth.user_id()")


def session(connection):
    found = connection.one("SELECT auth.session()")
    return None if found is None else json.loads(found)
