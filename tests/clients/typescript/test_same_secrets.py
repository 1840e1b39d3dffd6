# SPDX-License-Identifier: Apache-2.0
"""No token, secret or code in an error, in Node's inspect, in what the process prints, in a URL."""
import pytest
from bridge import KINDS, WITHOUT_CRYPTO
from peer import EXPIRED, FINE, grant
from test_secrets import CANARY, CLIENT_SECRET, CODE, NEXT, REFRESH, TOKEN, TROUBLE, echo
from ward_client import Application, Limits, Machine, WardError


@pytest.mark.parametrize("kind", [Machine, Application])
@pytest.mark.parametrize("case", TROUBLE)
def test_an_error_shows_no_secret(way, world, node, waits, kind, case):
    world.issuer.script, world.device.script = map(list, TROUBLE[case])
    party = world.party(kind, CLIENT_SECRET)
    tokens, device = world.open(way, party=party, refresh_token=REFRESH, limits=Limits(repetitions=0))
    with pytest.raises(tuple(KINDS.values())) as caught:
        device.post("/led", json={"a": 1})
    shown = caught.value.shown
    assert "error" in shown and "stack" in shown and "hint" in shown, "it is looked at"
    for text in (shown, str(caught.value), tokens.shown(), device.shown(), node.errors()):
        assert not CANARY.search(text), text
    for asked in world.issuer.asked + world.device.asked:
        assert not CANARY.search(asked.path)


def test_a_sign_in_that_fails_shows_no_code(way, world):
    world.issuer.script = [echo(400, "invalid_grant", CODE, CLIENT_SECRET)]
    tokens, _ = world.open(way, party=world.party(Application, CLIENT_SECRET))
    begun = tokens.begin_sign_in("http://127.0.0.1:1/callback")
    with pytest.raises(WardError) as caught:
        tokens.finish_sign_in(begun, {"code": CODE, "state": begun.state.reveal()})
    assert caught.value.error == "invalid_grant"
    for text in (caught.value.shown, tokens.node.call("shown", object=begun.object), tokens.shown()):
        assert not CANARY.search(text), text
        assert begun.verifier.reveal() not in text and begun.state.reveal() not in text


def test_what_holds_tokens_shows_none(way, world, node):
    world.issuer.script, world.device.script = [grant(TOKEN, refresh_token=REFRESH), grant(NEXT)], [EXPIRED, FINE]
    tokens, device = world.open(way, party=world.party(Application, CLIENT_SECRET), refresh_token=REFRESH)
    assert device.get("/led").status == 200 and tokens.get().value.reveal() == NEXT
    assert "Tokens" in tokens.shown() and "Device" in device.shown()
    for text in (tokens.shown(), device.shown(), node.errors()):
        assert not CANARY.search(text), text


def test_a_secret_is_shown_by_reveal_alone(node):
    shown = node.call("secret", text=TOKEN)
    assert shown["revealed"] == TOKEN and shown["inspected"] == "{ a: [ Secret(hidden) ] }"
    assert shown["template"] == "Secret(hidden)" and '"Secret(hidden)"' in shown["shown"]
    assert not CANARY.search(shown["shown"] + shown["template"] + shown["cloned"]), shown


def test_it_is_tried_as_on_node_18(node):
    """oauth4webapi calls a global `crypto`, which Node 18 lacks."""
    if WITHOUT_CRYPTO not in node.words and not node.hello["version"].startswith("v18."):
        pytest.skip(f"Node {node.hello['version']} cannot be made to have none")
    assert (node.hello["crypto"], node.hello["supplied"]) == ("undefined", "object")
