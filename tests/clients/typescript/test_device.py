# SPDX-License-Identifier: Apache-2.0
"""The client in TypeScript against oidc-provider and the device in QEMU; tokens of oauth2-mock-server, too."""
import base64
import json
import re
import ssl
import threading
import urllib.request

import pytest
import ward_client
from issuer import AUDIENCE, ISSUER, Issuer, OidcProvider
from person import Person
from testbed import Testbed
from ward_client import Application, DeviceError, IssuerError, Limits, Machine

TESTBED = Testbed("typescript-client", OidcProvider)
PATIENT = Limits(repetitions=6, seconds=90)
NAME = "auth0|65f0c0ffee1234567890abcd"


def issuer_of(server):
    """As the device knows it, at the place where it listens here."""
    return ward_client.Issuer(ISSUER, authority=server.authority, token_endpoint=server.url("/oauth/token"),
                              authorization_endpoint=server.url("/authorize"),
                              device_authorization_endpoint=server.url("/oauth/device/code"))


def machine(server, secret=None, scope="read:foia"):
    return Machine(issuer_of(server), server.reported["client"], secret or server.reported["secret"], audience=AUDIENCE,
                   scope=scope, parameters={"resource": AUDIENCE})


def application(server, scope="read:projects write:projects"):
    return Application(issuer_of(server), server.reported["application"], audience=AUDIENCE, scope=scope,
                       parameters={"resource": AUDIENCE})


def open_device(way, testbed, emulated, party, **more):
    tokens = way.tokens(party, **more)
    device = way.device(f"https://localhost:{emulated.port}", tokens, authority=testbed.trust.pem, limits=PATIENT)
    way.opened += [tokens, device]
    return tokens, device


def claims_of(token):
    part = token.value.reveal().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_machine_is_granted_and_refused_with_a_hint(way, testbed, emulated):
    _, device = open_device(way, testbed, emulated, machine(testbed.issuer))
    answer = device.get("/api/foia/requests").json()
    assert (answer["subject"], answer["client"]) == ("press-line-4", "press-line-4")
    with pytest.raises(DeviceError) as caught:
        device.get("/api/projects")
    error = caught.value
    assert (error.status, error.error, error.scope) == (403, "insufficient_scope", "read:projects")
    assert "Ask for a token with the scopes" in error.hint
    with pytest.raises(DeviceError) as caught:
        device.get("/nowhere")
    assert caught.value.status == 404 and caught.value.hint
    tokens, _ = open_device(way, testbed, emulated, machine(testbed.issuer, "wrong"))
    with pytest.raises(IssuerError) as caught:
        tokens.get()
    assert caught.value.error == "invalid_client" and "Check client id and secret" in caught.value.hint


def test_a_person_signs_in_has_rows_and_a_refresh_token_that_rotates(way, testbed, emulated):
    kept = []
    tokens, device = open_device(way, testbed, emulated, application(testbed.issuer), on_refresh_token=kept.append)
    person = Person(testbed.issuer, NAME)
    pages = []

    def browse(url):
        threading.Thread(target=lambda: pages.append(person.visit(url))).start()
    first = tokens.sign_in(browse, seconds=30)
    assert set(first.scope.split()) == {"read:projects", "write:projects"}
    made = device.post("/api/projects", content="From Node")
    assert made.status == 201 and made.json() in device.get("/api/projects").json()["projects"]
    tokens._keeper.clock = lambda: first.ends
    assert tokens.get() != first and len(kept) == 2 and kept[0] != kept[1]
    assert device.get("/api/projects").status == 200
    assert "Sign-in has ended" in pages[0]


def test_a_person_signs_in_elsewhere_by_a_code(way, testbed, emulated):
    tokens, device = open_device(way, testbed, emulated, application(testbed.issuer, "read:projects"))
    pages = []

    def show(code):
        assert re.fullmatch("[A-Z]{4}-[A-Z]{4}", code.code) and code.uri.startswith("https://")
        pages.append(Person(testbed.issuer, NAME).visit(code.uri, user_code=code.code))
    assert tokens.sign_in_by_code(show).scope == "read:projects" and pages
    assert device.get("/api/projects").status == 200


def test_a_refresh_token_that_was_used_before_ends_all(way, testbed):
    """What the client must not do itself, oidc-provider answers so."""
    kept = []
    tokens = way.tokens(application(testbed.issuer), on_refresh_token=kept.append)
    way.opened.append(tokens)
    person = Person(testbed.issuer, NAME)
    first = tokens.sign_in(lambda url: threading.Thread(target=person.visit, args=(url,)).start(), seconds=30)
    tokens._keeper.clock = lambda: first.ends
    tokens.get()
    thief = way.tokens(application(testbed.issuer), refresh_token=kept[0])
    way.opened.append(thief)
    for one in (thief, tokens):
        with pytest.raises(IssuerError) as caught:
            one._keeper.clock = lambda: first.ends * 2
            one.get()
        assert caught.value.error == "invalid_grant" and "Sign in again" in caught.value.hint


def test_oauth2_mock_server_gives_tokens_to_a_machine_and_to_a_person(way):
    """It looks like an Auth0 tenant, and holds the verifier against the challenge."""
    with Issuer() as server:
        issuer = ward_client.Issuer(ISSUER, authority=server.authority, token_endpoint=server.url("/oauth/token"),
                                    authorization_endpoint=server.url("/authorize"))
        tokens = way.tokens(Machine(issuer, "press-line-4", "unchecked", audience=AUDIENCE, scope="read:foia",
                                    authentication="client_secret_post", parameters={"aud": AUDIENCE}))
        person = way.tokens(Application(issuer, "tool", audience=AUDIENCE, scope="read:foia",
                                        parameters={"username": NAME}))
        way.opened += [tokens, person]
        assert claims_of(tokens.get())["sub"] == "press-line-4@clients"
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=server.authority))
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust)
        first = person.sign_in(lambda url: threading.Thread(target=browser.open, args=(url,)).start(), seconds=30)
        person._keeper.clock = lambda: first.ends
        for token in (first, person.get()):
            claims = claims_of(token)
            assert (claims["iss"], claims["azp"], claims["aud"][0]) == (ISSUER, "tool", AUDIENCE)
        assert person.get() != first, "a refresh token was given and is used"
