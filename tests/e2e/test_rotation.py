# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU while its issuer changes its keys, and while strangers make it look as if; and an issuer
of another name."""
import json
import threading
import time

import pace
import pytest
from clients import Ask, Log, OneEach, Steady
from https_client import request
from issuer import Issuer, OidcProvider
from testbed import Testbed, call
from tokens import base64url

TARGET = "/api/foia/requests"
# One connection more than the device has slots: it waits until another has gone.
HERD = 4


TESTBED = Testbed("rotation", Issuer)


def new_token(testbed, name):
    return testbed.issuer.token("read:foia", user=f"auth0|{name}")


@pytest.fixture
def before(testbed):
    """A token from before anything happens."""
    return new_token(testbed, "before")


def test_the_key_that_was_published_as_the_next_one_needs_no_fetch(testbed, device, before):
    fetches = testbed.issuer.fetches()
    testbed.issuer.rotate()
    assert testbed.status(device, new_token(testbed, "next"))[0] == 200 and testbed.status(device, before)[0] == 200
    assert testbed.issuer.fetches() == fetches


def wait_until_granted(testbed, device, token, seen):
    """What a patient client does: it comes back when it was told to."""
    for _ in range(10):
        with testbed.connect(device) as connection:
            connection.send(request(TARGET, token, "GET", "Connection: close"))
            answer = connection.answer()
        seen.append(answer.status if answer else None)
        if answer and answer.status != 503:
            return
        time.sleep(int(answer.fields["retry-after"]) if answer else 0.1)


def test_whoever_comes_with_an_unknown_key_at_once_is_served_after_one_fetch(testbed, device, before):
    fetches = testbed.issuer.fetches()
    # Twice: the key that signs now was not published when the device fetched.
    testbed.issuer.rotate(), testbed.issuer.rotate()
    tokens = [new_token(testbed, f"herd {number}") for number in range(HERD)]
    device.cool_down()
    seen = [[] for _ in tokens]
    clients = [threading.Thread(target=wait_until_granted, args=(testbed, device, *pair), daemon=True) for pair in zip(tokens, seen)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(pace.seconds(60))
    assert not any(client.is_alive() for client in clients)
    assert device.fetched() == "OK"
    assert all(answers[-1] == 200 for answers in seen) and any(503 in answers for answers in seen), seen
    assert testbed.issuer.fetches() == fetches + 1, seen
    assert testbed.status(device, before)[0] == 200, "the old key is still published"


def test_what_was_revoked_does_not_come_back_with_the_power(testbed, device, before):
    testbed.issuer.rotate()
    after = new_token(testbed, "after")
    assert testbed.status(device, before)[0] == 200, "cached"
    testbed.issuer.revoke()
    assert device.fetch() == "OK"
    assert testbed.status(device, before)[0] == 401 and testbed.status(device, after)[0] == 200
    device.ask("!report", "REPORT end")
    device.__exit__()
    testbed.issuer.close()
    with testbed.device() as again:
        at = again.ready()
        assert at["boots"] == "2" and at["keys"] == "2", at
        assert testbed.status(again, after)[0] == 200, "by its flash alone"
        answers = [testbed.status(again, before)[0]]
        assert again.fetched() == "FETCH_REFUSED"
        answers.append(testbed.status(again, before)[0])
        assert set(answers) <= {401, 503}, answers
        testbed.issuer.open()
        assert again.fetch() == "OK"
        assert testbed.status(again, before)[0] == 401 and testbed.status(again, after)[0] == 200


def unknown(chance, token):
    """A token whose kid nobody has."""
    kid = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=21))
    header = base64url(json.dumps({"alg": "RS256", "typ": "JWT", "kid": kid}))
    return ".".join([header, *token.split(".")[1:]])


class Flood(Steady):
    """Forged tokens, each with a kid of its own, until a number was answered."""

    def __init__(self, *words, enough, shape):
        super().__init__(*words, mix=[])
        self.enough, self.shape = enough, shape

    def turn(self):
        self.asks([Ask("unknown", request(TARGET, unknown(self.chance, self.shape)), {401, 503}) for _ in range(4)])
        self.ended.wait(0.1)
        if self.log.answers["unknown", 401] + self.log.answers["unknown", 503] >= self.enough:
            self.ended.set()


def test_a_flood_from_several_sides_does_not_keep_good_clients_from_being_served(testbed, device, before):
    log, (port, trust) = Log(), (device.port, testbed.trust.pem)
    good = [Ask("good", request(TARGET, new_token(testbed, f"good {number}")), {200}) for number in range(8)]
    fetches, began = testbed.issuer.fetches(), time.monotonic()
    floods = [Flood(port, trust, log, 1, enough=200, shape=before), Flood(port, trust, log, 2, enough=200, shape=before)]
    for client in floods:
        client.start()
    steady = OneEach(port, trust, log, 3, mix=good)
    times = []
    while any(client.is_alive() for client in floods) and time.monotonic() < began + 60:
        asked = time.monotonic()
        steady.turn()
        times.append(time.monotonic() - asked)
        time.sleep(0.3)
    for client in floods:
        client.ended.set()
        client.join(40)
    seconds = time.monotonic() - began
    fetches = testbed.issuer.fetches() - fetches
    count = log.answers["unknown", 401] + log.answers["unknown", 503]
    print(f"## {count} unknown kids in {seconds:.1f} s: {fetches} fetches; {log.answers['good', 200]} good requests, the longest took "
          f"{max(times) * 1000:.0f} ms")
    assert not log.wrong and not any(client.is_alive() for client in floods), log.wrong
    assert count >= 200 and log.answers["good", 200] == len(times) >= 5
    assert 0 < fetches <= 1 + seconds / testbed.cooldown


# ---- Another name.

NAME, API = "https://login.example/realms/press", "https://press.example/api"


class Press(OidcProvider):
    """oidc-provider under a name of its own."""

    words = (NAME, API)


@pytest.mark.testbed(Testbed("press", Press, ISSUER=NAME, AUDIENCE=API, TYPE="at+jwt", ORIGIN=""))
def test_an_image_that_is_made_for_another_issuer_takes_its_tokens_and_no_others(testbed, device):
    good = testbed.issuer.token("read:foia", resource=API)
    assert testbed.status(device, good)[0] == 200
    refused = {"another API": testbed.issuer.token("read:foia", resource=f"{API}/other"),
               "another typ": testbed.issuer.token("read:foia", resource=API, typ="JWT")}
    assert {what: testbed.status(device, token)[0] for what, token in refused.items()} == {"another API": 401, "another typ": 401}
    with Issuer() as another:
        assert testbed.status(device, another.token("read:foia"))[0] in (401, 503), "another issuer"
    preflight = ("Origin: https://theholefoundation.org", "Access-Control-Request-Method: GET")
    answer = call(testbed.curl(device, TARGET, "OPTIONS", headers=preflight))[0]
    assert answer.status == 405 and "access-control" not in answer.head.lower(), answer
    assert device.quit() == 0
