# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU with two independent issuers, their tokens, and clients of several kinds."""
import http.client
import json
import os
import pathlib
import random
import ssl
import subprocess
import time
import urllib.error

import pytest
from https_client import request
from issuer import Issuer, OidcProvider
from testbed import Testbed
from tokens import base64url, jwk

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ORIGIN = "https://theholefoundation.org"
SCOPE = "read:foia read:projects write:projects"

TESTBED = Testbed("auth0", Issuer)


@pytest.fixture
def user(testbed):
    """A user's token."""
    return testbed.issuer.token(SCOPE)


# ---- Clients.

def test_curl_is_granted_and_refused(testbed, device, user):
    assert testbed.status(device, user)[0] == 200
    assert testbed.status(device)[0] == 401
    assert testbed.status(device, user, "/api/database/admin/users")[0] == 403
    words = testbed.curl(device, "/api/foia/requests", token=user)
    both = subprocess.run([*words, words[-1], "--silent", "--max-time", "30", "--output", "/dev/null", "--output", "/dev/null", "--write-out",
                           "%{http_code} %{num_connects}\n"], check=True, capture_output=True, text=True, timeout=60)
    assert both.stdout.split() == ["200", "1", "200", "0"], "one connection for both: " + both.stdout


def nodes_answers(testbed, device, user):
    done = subprocess.run(["node", ROOT / "tests/e2e/client.mjs", f"https://localhost:{device.port}", user, ORIGIN], capture_output=True,
                          text=True, timeout=60, env=dict(os.environ, NODE_EXTRA_CA_CERTS=str(testbed.trust.pem)))
    assert done.returncode == 0, done.stderr
    return {answer["what"]: answer for answer in map(json.loads, done.stdout.splitlines())}


def test_node_and_a_page_in_a_browser_are_granted_and_refused(testbed, device, user):
    answers = nodes_answers(testbed, device, user)
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


def test_python_keeps_its_connection(testbed, device, user):
    client = http.client.HTTPSConnection("localhost", device.port, timeout=20, context=ssl.create_default_context(cafile=testbed.trust.pem))
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

def unknown(chance, user):
    """A token whose kid nobody has."""
    kid = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=21))
    header = base64url(json.dumps({"alg": "RS256", "typ": "JWT", "kid": kid}))
    return ".".join([header, *user.split(".")[1:]])


def test_a_flood_of_unknown_kids_costs_the_issuer_one_fetch_a_cooldown(testbed, device, user):
    chance = random.Random(1)
    before, began, seen = testbed.issuer.fetches(), time.monotonic(), {}
    for _ in range(6):
        with testbed.connect(device) as connection:
            for number in range(40):
                connection.send(request("/api/foia/requests", user if number % 20 == 0 else unknown(chance, user)))
                answer = connection.answer()
                seen.setdefault("good" if number % 20 == 0 else "unknown", set()).add(answer.status)
                assert number % 20 or answer.status == 200, answer
                time.sleep(0.02)
    allowed = 1 + (time.monotonic() - began) / testbed.cooldown
    fetches = testbed.issuer.fetches() - before
    print(f"## 228 unknown kids in {time.monotonic() - began:.1f} s: {fetches} fetches, allowed {allowed:.1f}")
    assert seen == {"good": {200}, "unknown": {401, 503}}, seen
    assert 0 < fetches <= allowed


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
    ("a byte order mark", "JSON_BYTE_ORDER_MARK", {"body": {"text": '\ufeff{"keys":[]}'}}),
    ("1 MB", "FETCH_TOO_LONG", {"body": "huge"}),
    ("1 MB in chunks", "FETCH_TOO_LONG", {"body": "huge", "framing": "chunked"}),
    ("1 MB to the connection's end", "FETCH_TOO_LONG", {"body": "huge", "framing": "close"}),
    ("cut in its midst", "FETCH_CUT_OFF", {"cut": True}),
    ("cut in a chunk", "FETCH_CUT_OFF", {"cut": True, "framing": "chunked"}),
    ("no keys", "JWKS_NO_USABLE_KEY", {"body": set_of()}),
    ("one kid for two keys", "JWKS_KID_CONFLICT", {"body": set_of(KEY, {**OTHER, "kid": KEY["kid"]})}),
    ("a secret key", "JWKS_NO_USABLE_KEY", {"body": set_of({"kty": "oct", "k": "AAAA", "kid": "x", "alg": "HS256"})}),
    ("keys that are not list", "JWKS_MALFORMED", {"body": {"text": '{"keys":{}}'}}),
]


def test_whatever_the_issuer_answers_the_keys_stay_and_the_audit_has_the_reason(testbed, device, user):
    wrong = []
    for what, reason, how in FAULTS:
        testbed.issuer.answer(**how, times=1)
        try:
            came, change = device.fetch(), device.next_change()
            assert (came, change) == (reason, reason)
            testbed.issuer.answer()
            assert device.fetch() == "OK" and device.next_change() == "OK"
        except (AssertionError, RuntimeError) as other:
            wrong.append((what, str(other)))
        assert testbed.status(device, user)[0] == 200, what
    assert not wrong, wrong
    testbed.issuer.answer(framing="chunked", times=1)
    assert device.fetch() == "OK"
    assert testbed.status(device, user)[0] == 200


def test_rotation_takes_one_fetch_and_revocation_ends_a_cached_token(testbed, device, user):
    fetches = testbed.issuer.fetches()
    testbed.issuer.rotate(), testbed.issuer.rotate()
    fresh = testbed.issuer.token(SCOPE)
    device.cool_down()
    assert testbed.status(device, fresh)[0] == 503
    assert device.fetched() == "OK"
    assert testbed.status(device, fresh)[0] == 200 and testbed.status(device, user)[0] == 200
    assert testbed.issuer.fetches() - fetches == 1
    testbed.issuer.revoke()
    assert device.fetch() == "OK"
    assert testbed.status(device, user)[0] == 401 and testbed.status(device, fresh)[0] == 200


# ---- The other issuer, and one that is gone.

@pytest.mark.testbed(Testbed("oidc", OidcProvider))
def test_oidc_provider_gives_tokens_to_a_client_that_authenticates_and_they_are_served(testbed, device):
    token = testbed.issuer.token("read:foia")
    status, body = testbed.status(device, token)
    assert status == 200 and json.loads(body)["subject"] == json.loads(body)["client"] == testbed.issuer.reported["client"], body
    assert testbed.status(device, token, "/api/projects")[0] == 403
    assert testbed.status(device, testbed.issuer.token())[0] == 403, "no scope at all"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        testbed.issuer.token("read:foia", secret="wrong")
    assert refusal.value.code == 401
    testbed.stop_issuer()
    assert device.fetch() == "FETCH_REFUSED"
    assert testbed.status(device, token)[0] == 200
    assert device.quit() == 0
