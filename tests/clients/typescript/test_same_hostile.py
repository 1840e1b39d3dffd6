# SPDX-License-Identifier: Apache-2.0
"""What a reviewer has broken of the client in Python, by the client in TypeScript: absurd answers, callers who err."""
import inspect

import bridge
import pytest
import test_hostile as cases
from test_secrets import CANARY

# Of asyncio, threads and Python's own types; and what its own modules decide alone.
PYTHONS = {"test_an_authority_without_a_name_does_not_trust_everybody", "test_a_body_that_can_be_read_once_only_is_refused",
           "test_a_body_is_as_it_was_when_it_was_given", "test_a_machine_without_a_secret_is_a_setting"}
BY_TASKS = {name for name, case in vars(cases).items() if name.startswith("test_") and
            not {"way"} & set(inspect.signature(case).parameters) and "world" in inspect.signature(case).parameters}
globals().update({name: case for name, case in vars(cases).items() if name.startswith("test_") and
                  name not in PYTHONS | BY_TASKS})


def fails(way, call, kind=cases.WardError):
    with pytest.raises(kind) as caught:
        way.call(call())
    shown = str(caught.value) + caught.value.shown
    assert not CANARY.search(shown), shown
    return caught.value


@pytest.fixture(autouse=True, scope="module")
def in_their_place(node):
    before = dict(vars(cases))
    vars(cases).update({**bridge.decisions(node), "fails": fails})
    yield
    vars(cases).update(before)


def test_the_list_is_shared():
    assert len(BY_TASKS) == 9 and len([name for name in globals() if name.startswith("test_")]) > 18


@pytest.mark.parametrize("secret", ["", "CANARY-secret\udcff", 5, None])
def test_a_secret_that_cannot_be_sent_is_a_setting(node, secret):
    party = {"kind": "Machine", "issuer": {"url": "https://i"}, "clientId": "i", "secret": secret, "audience": "a"}
    with pytest.raises(cases.ClientError) as caught:
        node.call("party", party=party)
    assert caught.value.error == "setting_invalid" and "client_secret" in caught.value.description
    assert not CANARY.search(caught.value.shown)


def test_a_secret_is_hidden_as_a_form_has_it_too(node):
    text = node.call("scrub", text="a+b%3A%C3%BC and a%20b%3A%C3%BC and a b:ü", known=["a b:ü"])
    assert text == "[hidden] and [hidden] and [hidden]"


def test_what_is_under_way_when_it_is_closed_goes_on(way, world):
    """A refresh token may be on its way."""
    world.issuer.script = [cases.slow(cases.grant("one", refresh_token="second"), 0.5)]
    kept = []
    tokens, _ = world.open(way, party=world.party(cases.Application, None), refresh_token="first", on_refresh_token=kept.append)

    def close():
        cases.time.sleep(0.2)
        tokens.close()
    token, _ = way.together([tokens.get, close])
    assert token.value.reveal() == "one" and kept == ["second"]


def test_an_authority_without_a_name_is_a_setting(way, world):
    tokens, _ = world.open(way)
    with pytest.raises(cases.ClientError) as caught:
        tokens.node.call("device", url="https://device", tokens=tokens.number, authority="", limits={})
    assert caught.value.error == "setting_invalid"
