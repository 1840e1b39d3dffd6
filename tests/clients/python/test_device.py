# SPDX-License-Identifier: Apache-2.0
"""The client against the real test issuers and the device in QEMU."""
import dataclasses
import ssl
import threading
import urllib.request

import pytest
import ward_client
from issuer import AUDIENCE, ISSUER, Issuer, OidcProvider
from testbed import Testbed
from ward_client import Application, DeviceError, Limits, Machine

TESTBED = Testbed("python-client", Issuer)
PATIENT = Limits(repetitions=6, seconds=90)


def issuer_of(server):
    """As the device knows it, at the place where it listens here."""
    return ward_client.Issuer(ISSUER, authority=server.authority, token_endpoint=server.url("/oauth/token"),
                              authorization_endpoint=server.url("/authorize"))


def machine(server):
    return Machine(issuer_of(server), "press-line-4", "unchecked", audience=AUDIENCE, scope="read:foia",
                   authentication="client_secret_post", parameters={"aud": AUDIENCE})


def open_device(way, testbed, emulated, party):
    tokens = way.tokens(party)
    device = way.device(f"https://localhost:{emulated.port}", tokens, authority=testbed.trust.pem, limits=PATIENT)
    way.opened += [tokens, device]
    return tokens, device


def test_a_machine_is_granted_refused_with_a_hint_and_renewed(way, testbed, emulated):
    party = machine(testbed.issuer)
    party.parameters["shape"] = "expired"
    tokens, device = open_device(way, testbed, emulated, party)
    expired = way.call(tokens.get())
    del party.parameters["shape"]
    answer = way.call(device.get("/api/foia/requests")).json()
    assert (answer["kind"], answer["client"]) == ("machine", "press-line-4")
    assert way.call(tokens.get()) != expired, "the device said that it had expired"
    with pytest.raises(DeviceError) as caught:
        way.call(device.get("/api/projects"))
    error = caught.value
    assert (error.status, error.error, error.scope) == (403, "insufficient_scope", "read:projects")
    assert "Ask for a token with the scopes" in error.hint
    with pytest.raises(DeviceError) as caught:
        way.call(device.get("/nowhere"))
    assert caught.value.status == 404 and caught.value.hint


def test_a_key_that_the_device_does_not_know_yet_is_waited_for(way, testbed, emulated):
    testbed.issuer.rotate()
    testbed.issuer.rotate()
    _, device = open_device(way, testbed, emulated, machine(testbed.issuer))
    fetches = testbed.issuer.fetches()
    assert way.call(device.get("/api/foia/requests")).status == 200
    assert testbed.issuer.fetches() - fetches == 1


def test_a_person_signs_in_and_comes_back_on_loopback(way, testbed, emulated):
    """oauth2-mock-server holds the verifier against the challenge; it grants a person's code no scope."""
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=testbed.issuer.authority))
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust)
    party = Application(issuer_of(testbed.issuer), "tool", audience=AUDIENCE, scope="read:foia",
                        parameters={"username": "auth0|65f0c0ffee"})
    tokens, device = open_device(way, testbed, emulated, party)
    token = way.call(tokens.sign_in(lambda url: threading.Thread(target=browser.open, args=(url,)).start(), seconds=30))
    with pytest.raises(DeviceError) as caught:
        way.call(device.get("/api/foia/requests"))
    assert (caught.value.status, caught.value.scope) == (403, "read:foia")
    tokens._keeper.token = dataclasses.replace(token, ends=0.0)
    assert way.call(tokens.get()) != token, "a refresh token was given and is used"


def test_oidc_provider_gives_a_token_to_a_client_that_proves_itself(way):
    """RFC 9068 tokens, HTTP Basic, the audience as a resource (RFC 8707), too."""
    with OidcProvider() as server:
        good = Machine(issuer_of(server), server.reported["client"], server.reported["secret"], audience=AUDIENCE,
                       scope="read:foia", parameters={"resource": AUDIENCE})
        tokens = way.tokens(good)
        way.opened.append(tokens)
        assert way.call(tokens.get()).value.reveal().count(".") == 2
        wrong = way.tokens(Machine(issuer_of(server), server.reported["client"], "wrong", audience=AUDIENCE))
        way.opened.append(wrong)
        with pytest.raises(ward_client.IssuerError) as caught:
            way.call(wrong.get())
        assert caught.value.error == "invalid_client" and "Check client id and secret" in caught.value.hint
