#!/usr/bin/env python3
"""test_issuers.py: the networked device in QEMU with two independent issuers, their tokens, and clients of several kinds."""
import http.client
import json
import os
import random
import ssl
import subprocess
import sys
import time
import urllib.error

from house import COOLDOWN, House
from household import ROOT

sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from https_client import request  # noqa: E402
from issuer import Issuer, OidcProvider  # noqa: E402
from tokens import base64url, jwk  # noqa: E402

ORIGIN = "https://theholefoundation.org"
SCOPE = "read:foia read:projects write:projects"


auth0 = House("auth0", Issuer)
user = auth0.issuer.token(SCOPE)


# ---- Clients.

def test_curl_is_granted_and_refused():
    assert auth0.status(user)[0] == 200
    assert auth0.status()[0] == 401
    assert auth0.status(user, "/api/database/admin/users")[0] == 403
    words = auth0.curl(auth0.running.port, "/api/foia/requests", token=user)
    both = subprocess.run([*words, words[-1], "--silent", "--max-time", "30", "--output", "/dev/null", "--output", "/dev/null", "--write-out",
                           "%{http_code} %{num_connects}\n"], check=True, capture_output=True, text=True, timeout=60)
    assert both.stdout.split() == ["200", "1", "200", "0"], "one connection for both: " + both.stdout


def nodes_answers():
    done = subprocess.run(["node", ROOT / "tests/e2e/client.mjs", f"https://localhost:{auth0.running.port}", user, ORIGIN], capture_output=True,
                          text=True, timeout=60, env=dict(os.environ, NODE_EXTRA_CA_CERTS=str(auth0.trust)))
    assert done.returncode == 0, done.stderr
    return {answer["what"]: answer for answer in map(json.loads, done.stdout.splitlines())}


def test_node_and_a_page_in_a_browser_are_granted_and_refused():
    answers = nodes_answers()
    statuses = {what: answer["status"] for what, answer in answers.items()}
    assert statuses == {"granted": 200, "granted again": 200, "no token": 401, "no scope": 403, "with a body": 201, "preflight": 204,
                        "preflight from elsewhere": 405, "from the page": 200, "refused, from the page": 401, "from elsewhere": 200}, statuses
    preflight = answers["preflight"]["headers"]
    assert preflight["access-control-allow-origin"] == ORIGIN and preflight["vary"].lower() == "origin", preflight
    assert "PUT" in preflight["access-control-allow-methods"] and "authorization" in preflight["access-control-allow-headers"].lower(), preflight
    for what in ("from the page", "refused, from the page"):
        assert answers[what]["headers"]["access-control-allow-origin"] == ORIGIN, answers[what]
    for what in ("preflight from elsewhere", "from elsewhere"):
        assert "access-control-allow-origin" not in answers[what]["headers"], answers[what]


def test_python_keeps_its_connection():
    client = http.client.HTTPSConnection("localhost", auth0.running.port, timeout=20, context=ssl.create_default_context(cafile=auth0.trust))
    client.connect()
    first = client.sock
    for token, status in ((user, 200), (None, 401), (user, 200)):
        client.request("GET", "/api/foia/requests", headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = client.getresponse()
        body = json.loads(answer.read())
        assert answer.status == status and (status != 200 or body["kind"] == "user"), (answer.status, body)
        assert client.sock is first, "the connection was closed"
    client.close()


# ---- Keys.

def unknown(chance):
    """A token whose kid nobody has."""
    kid = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=21))
    header = base64url(json.dumps({"alg": "RS256", "typ": "JWT", "kid": kid}))
    return ".".join([header, *user.split(".")[1:]])


def test_a_flood_of_unknown_kids_costs_the_issuer_one_fetch_a_cooldown():
    chance = random.Random(1)
    before, began, seen = auth0.issuer.fetches(), time.monotonic(), {}
    for _ in range(6):
        with auth0.connect() as connection:
            for number in range(40):
                connection.send(request("/api/foia/requests", user if number % 20 == 0 else unknown(chance)))
                answer = connection.answer()
                seen.setdefault("good" if number % 20 == 0 else "unknown", set()).add(answer.status)
                assert number % 20 or answer.status == 200, answer
                time.sleep(0.02)
    allowed = 1 + (time.monotonic() - began) / COOLDOWN
    fetches = auth0.issuer.fetches() - before
    print(f"## 228 unknown kids in {time.monotonic() - began:.1f} s: {fetches} fetches, allowed {allowed:.1f}")
    assert seen == {"good": {200}, "unknown": {401, 503}}, seen
    assert 0 < fetches <= allowed
    # The last one's fetch may be under way.
    time.sleep(COOLDOWN + 1)
    auth0.running.ask("!report", "REPORT end")


def set_of(*keys):
    return {"text": json.dumps({"keys": keys})}


KEY, OTHER = jwk("a"), jwk("b")
FAULTS = [
    ("500", "FETCH_HTTP_STATUS", {"status": 500}),
    ("204", "FETCH_HTTP_STATUS", {"status": 204, "body": "empty", "framing": "none"}),
    ("301 to itself", "FETCH_HTTP_STATUS", {"status": 301, "headers": ["Location: /.well-known/jwks.json"]}),
    ("404 in HTML", "FETCH_HTTP_STATUS", {"status": 404, "body": "html"}),
    ("200 in HTML", "JSON_MALFORMED", {"body": "html"}),
    ("an empty body", "JSON_MALFORMED", {"body": "empty"}),
    ("1 MB", "FETCH_TOO_LONG", {"body": "huge"}),
    ("1 MB in chunks", "FETCH_TOO_LONG", {"body": "huge", "framing": "chunked"}),
    ("1 MB to the connection's end", "FETCH_TOO_LONG", {"body": "huge", "framing": "close"}),
    ("cut in its midst", "FETCH_CUT_OFF", {"cut": True}),
    ("cut in a chunk", "FETCH_CUT_OFF", {"cut": True, "framing": "chunked"}),
    ("no keys", "JWKS_NO_USABLE_KEY", {"body": set_of()}),
    ("one kid for two keys", "JWKS_KID_CONFLICT", {"body": set_of(KEY, {**OTHER, "kid": KEY["kid"]})}),
    ("a secret key", "JWKS_NO_USABLE_KEY", {"body": set_of({"kty": "oct", "k": "AAAA", "kid": "x", "alg": "HS256"})}),
    ("keys that are no list", "JWKS_MALFORMED", {"body": {"text": '{"keys":{}}'}}),
]


def test_whatever_the_issuer_answers_the_keys_stay_and_the_audit_has_the_reason():
    wrong = []
    for what, reason, how in FAULTS:
        auth0.issuer.answer(**how, times=1)
        try:
            auth0.fetch(reason if reason.startswith("FETCH") else "OK")
            auth0.audited(reason)
            auth0.issuer.answer()
            auth0.fetch()
            auth0.audited("OK")
        except (AssertionError, RuntimeError) as other:
            wrong.append((what, str(other)))
        assert auth0.status(user)[0] == 200, what
    assert not wrong, wrong
    auth0.issuer.answer(framing="chunked", times=1)
    auth0.fetch()
    assert auth0.status(user)[0] == 200


def test_rotation_takes_one_fetch_and_revocation_ends_a_cached_token():
    fetches = auth0.issuer.fetches()
    auth0.issuer.rotate(), auth0.issuer.rotate()
    fresh = auth0.issuer.token(SCOPE)
    time.sleep(max(0, auth0.cool + 0.1 - time.monotonic()))
    assert auth0.status(fresh)[0] == 503
    auth0.expect("OK")
    assert auth0.status(fresh)[0] == 200 and auth0.status(user)[0] == 200
    assert auth0.issuer.fetches() - fetches == 1
    auth0.issuer.revoke()
    auth0.fetch()
    assert auth0.status(user)[0] == 401 and auth0.status(fresh)[0] == 200


# ---- The other issuer, and one that is gone.

def test_oidc_provider_gives_tokens_to_a_client_that_authenticates_and_they_are_served():
    auth0.running.quit()
    house = House("oidc", OidcProvider)
    token = house.issuer.token("read:foia")
    status, body = house.status(token)
    assert status == 200 and json.loads(body)["subject"] == json.loads(body)["client"] == house.issuer.reported["client"], body
    assert house.status(token, "/api/projects")[0] == 403
    assert house.status(house.issuer.token())[0] == 403, "no scope at all"
    try:
        house.issuer.token("read:foia", secret="wrong")
        raise AssertionError("a token for a client that does not know its secret")
    except urllib.error.HTTPError as refusal:
        assert refusal.code == 401
    house.stop_issuer()
    house.fetch("FETCH_REFUSED")
    assert house.status(token)[0] == 200
    assert house.running.quit() == 0


if __name__ == "__main__":
    tap.main(__name__, "issuers: ")
