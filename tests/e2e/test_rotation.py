#!/usr/bin/env python3
"""test_rotation.py: the networked device in QEMU while its issuer changes its keys, and while strangers make it look as if; and an issuer
of another name."""
import json
import random
import sys
import threading
import time

from house import COOLDOWN, House
from household import ROOT, call

sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from clients import Ask, Log, OneEach, Steady  # noqa: E402
from https_client import request  # noqa: E402
from issuer import Issuer, OidcProvider  # noqa: E402
from tokens import base64url  # noqa: E402

TARGET = "/api/foia/requests"
# One connection more than the device has slots: it waits until another has gone.
HERD = 4


def new_token(name):
    return house.issuer.token("read:foia", user=f"auth0|{name}")


house = House("rotation", Issuer)
before = new_token("before")


def cooled():
    time.sleep(max(0, house.cool + 0.2 - time.monotonic()))


def test_the_key_that_was_published_as_the_next_one_needs_no_fetch():
    fetches = house.issuer.fetches()
    house.issuer.rotate()
    assert house.status(new_token("next"))[0] == 200 and house.status(before)[0] == 200
    assert house.issuer.fetches() == fetches


def wait_until_granted(token, seen):
    """What a patient client does: it comes back when it was told to."""
    for _ in range(10):
        with house.connect() as connection:
            connection.send(request(TARGET, token, "GET", "Connection: close"))
            answer = connection.answer()
        seen.append(answer.status if answer else None)
        if answer and answer.status != 503:
            return
        time.sleep(int(answer.fields["retry-after"]) if answer else 0.1)


def test_whoever_comes_with_an_unknown_key_at_once_is_served_after_one_fetch():
    fetches = house.issuer.fetches()
    house.issuer.rotate()
    tokens = [new_token(f"herd {number}") for number in range(HERD)]
    cooled()
    seen = [[] for _ in tokens]
    clients = [threading.Thread(target=wait_until_granted, args=pair, daemon=True) for pair in zip(tokens, seen)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(60)
    assert not any(client.is_alive() for client in clients)
    house.expect("OK")
    assert all(answers[-1] == 200 for answers in seen) and any(503 in answers for answers in seen), seen
    assert house.issuer.fetches() == fetches + 1, seen
    assert house.status(before)[0] == 200, "the old key is still published"


def test_what_was_revoked_does_not_come_back_with_the_power():
    after = new_token("after")
    assert house.status(before)[0] == 200, "cached"
    house.issuer.revoke()
    house.fetch()
    assert house.status(before)[0] == 401 and house.status(after)[0] == 200
    house.running.ask("!report", "REPORT end")
    house.cut_power()
    house.issuer.close()
    try:
        at = house.boot()
        assert at["boots"] == "2" and at["keys"] == "2", at
        assert house.status(after)[0] == 200, "by its flash alone"
        answers = [house.status(before)[0]]
        house.expect("FETCH_REFUSED")
        answers.append(house.status(before)[0])
        assert set(answers) <= {401, 503}, answers
    finally:
        house.issuer.open()
    house.fetch()
    assert house.status(before)[0] == 401 and house.status(after)[0] == 200


def unknown(chance):
    """A token whose kid nobody has."""
    kid = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=21))
    header = base64url(json.dumps({"alg": "RS256", "typ": "JWT", "kid": kid}))
    return ".".join([header, *before.split(".")[1:]])


class Flood(Steady):
    """Forged tokens, each with a kid of its own, until a number was answered."""

    def __init__(self, *words, enough):
        super().__init__(*words, mix=[])
        self.enough = enough

    def turn(self):
        self.asks([Ask("unknown", request(TARGET, unknown(self.chance)), {401, 503}) for _ in range(4)])
        self.ended.wait(0.1)
        if self.log.answers["unknown", 401] + self.log.answers["unknown", 503] >= self.enough:
            self.ended.set()


def test_a_flood_from_several_sides_does_not_keep_good_clients_from_being_served():
    log, (port, trust) = Log(), (house.running.port, house.trust)
    good = [Ask("good", request(TARGET, new_token(f"good {number}")), {200}) for number in range(8)]
    fetches, began = house.issuer.fetches(), time.monotonic()
    floods = [Flood(port, trust, log, 1, enough=200), Flood(port, trust, log, 2, enough=200)]
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
    fetches = house.issuer.fetches() - fetches
    count = log.answers["unknown", 401] + log.answers["unknown", 503]
    print(f"## {count} unknown kids in {seconds:.1f} s: {fetches} fetches; {log.answers['good', 200]} good requests, the longest took "
          f"{max(times) * 1000:.0f} ms")
    assert not log.wrong and not any(client.is_alive() for client in floods), log.wrong
    assert count >= 200 and log.answers["good", 200] == len(times) >= 5
    assert 0 < fetches <= 1 + seconds / COOLDOWN


# ---- Another name.

NAME, API = "https://login.example/realms/press", "https://press.example/api"


class Press(OidcProvider):
    """oidc-provider under a name of its own."""

    words = (NAME, API)


def test_an_image_that_is_made_for_another_issuer_takes_its_tokens_and_no_others():
    house.running.quit()
    press = House("press", Press, ISSUER=NAME, AUDIENCE=API, TYPE="at+jwt", ORIGIN="")
    good = press.issuer.token("read:foia", resource=API)
    assert press.status(good)[0] == 200
    refused = {"another API": press.issuer.token("read:foia", resource=f"{API}/other"),
               "another typ": press.issuer.token("read:foia", resource=API, typ="JWT")}
    assert {what: press.status(token)[0] for what, token in refused.items()} == {"another API": 401, "another typ": 401}
    assert press.status(before)[0] in (401, 503), "another issuer"
    preflight = ("Origin: https://theholefoundation.org", "Access-Control-Request-Method: GET")
    answer = call(press.curl(press.running.port, TARGET, "OPTIONS", headers=preflight))[0]
    assert answer.status == 405 and "access-control" not in answer.head.lower(), answer
    assert press.running.quit() == 0


if __name__ == "__main__":
    tap.main(__name__, "rotation: ")
