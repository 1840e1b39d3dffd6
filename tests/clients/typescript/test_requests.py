# SPDX-License-Identifier: Apache-2.0
"""What the client in TypeScript has and the other has not: fetch(), JSON, an end that the caller sets, redirect URLs in
the forms of JavaScript; and that it repeats nothing over a connection that was kept."""
import json
import time

import pytest
from peer import BUSY, FINE, gate, grant, slow, told
from ward_client import Application, ClientError, DeviceError


def test_json_is_sent_as_json(way, world):
    world.issuer.script, world.device.script = [grant()], [FINE, FINE]
    _, device = world.open(way)
    device.node.call("request", device=device.number, method="POST", target="/led", json={"on": True, "at": ["ü"]})
    device.node.call("request", device=device.number, method="POST", target="/led")
    one, other = world.device.asked
    assert json.loads(one.body) == {"on": True, "at": ["ü"]} and one.headers["content-type"] == "application/json"
    assert other.body == b"" and other.headers["content-length"] == "0" and "content-type" not in other.headers


def test_fetch_does_the_same(way, world, waits):
    world.issuer.script = [grant()]
    world.device.script = [BUSY, FINE, FINE, gate(403, "insufficient_scope", "The access token lacks a scope", "a")]
    _, device = world.open(way)
    assert device.request("PUT", "/led", content="x", headers={"x-one": "1"}, by="fetch").json() == {"led": "on"}
    asked = [(one.method, one.body, one.headers["x-one"]) for one in world.device.asked]
    assert asked == [("PUT", b"x", "1")] * 2
    assert device.request("GET", f"{world.device.url}/a?b=c", by="fetch").status == 200 and len(waits) == 1
    assert world.device.asked[2].path == "/a?b=c" and world.device.bearers() == ["Bearer token-1"] * 3
    with pytest.raises(DeviceError) as caught:
        device.request("GET", "/led", by="fetch")
    assert caught.value.scope == "a"
    for target, headers, error in (("https://localhost/", {}, "other_origin"),
                                   ("/", {"authorization": "Bearer x"}, "setting_invalid")):
        with pytest.raises(ClientError) as caught:
            device.request("GET", target, by="fetch", headers=headers)
        assert caught.value.error == error


@pytest.mark.parametrize("method, more", [
    ("PUT", {"headers": {"x-a": "b\r\nAuthorization: x"}}), ("PUT", {"headers": {"x a": "b"}}), ("GET", {"body": "x"}),
    ("head", {"body": ""})])
def test_what_is_no_request_is_a_setting(node, method, more):
    with pytest.raises(ClientError) as caught:
        node.call("makeRequest", origin="https://device", method=method, target="/", **{"headers": {}, **more})
    assert caught.value.error == "setting_invalid"


def test_dot_segments_are_not_resolved_on_the_way(node):
    for target in ("/a/../b", "/a/./b", "/..", "/a/%2E%2e/b", "/a/.%2e"):
        with pytest.raises(ClientError) as caught:
            node.call("address", origin="https://device", target=target)
        assert caught.value.error == "other_origin"
    for target in ("/a/..b", "/a/...", "/a?b=../c", "/.well-known/x"):
        assert node.call("address", origin="https://device", target=target) == f"https://device{target}"


@pytest.mark.parametrize("script", [[slow(FINE, 2)], [BUSY, FINE]], ids=["asked", "waiting"])
def test_a_caller_may_end_a_request(way, world, script):
    world.issuer.script, world.device.script = [grant()], script
    _, device = world.open(way)
    began = time.monotonic()
    assert device.node.call("abort", device=device.number, method="GET", target="/", after=0.2) == "enough"
    assert time.monotonic() - began < 1.5 and len(world.device.asked) == 1


def test_a_caller_that_ends_does_not_end_the_renewal_that_others_wait_for(way, world):
    world.issuer.script, world.device.script = [slow(grant(), 1)], [FINE]
    _, device = world.open(way)
    order = []

    def abort():
        order.append(device.node.call("abort", device=device.number, method="GET", target="/", after=0.1))

    def get():
        order.append(device.get("/led").status)
    way.together([abort, get])
    assert order == ["enough", 200] and len(world.issuer.asked) == 1


def test_a_caller_that_ends_does_not_wait_for_the_renewal(way, world):
    world.issuer.script = [slow(grant(), 2)]
    _, device = world.open(way)
    began = time.monotonic()
    assert device.node.call("abort", device=device.number, method="GET", target="/", after=0.1) == "enough"
    assert time.monotonic() - began < 1.5


def test_answers_without_a_body_and_304_are_returned(way, world):
    world.issuer.script, world.device.script = [grant()], [told(204, b""), told(304, b""), FINE]
    _, device = world.open(way)
    assert [device.get("/").status, device.get("/").status] == [204, 304]
    assert device.request("HEAD", "/").body == b""


@pytest.mark.parametrize("kept", ["", "x", "[]", '["a","b","c"]', '["a","b","c",1]', "null"])
def test_what_was_kept_of_a_sign_in_is_one(node, kept):
    with pytest.raises(ClientError) as caught:
        node.call("restore", text=kept)
    assert caught.value.error == "state_mismatch"


def test_an_issuer_that_names_itself_in_redirects_must_do_so(way, world):
    """RFC 9207: by its metadata."""
    url = world.issuer.url
    metadata = {"issuer": url, "token_endpoint": f"{url}/t", "authorization_endpoint": f"{url}/a",
                "authorization_response_iss_parameter_supported": True}
    party = world.party(Application, None)
    party.issuer.endpoints.clear()
    world.issuer.script = [told(200, metadata), grant("mine")]
    tokens, _ = world.open(way, party=party)
    begun = tokens.begin_sign_in("https://page.example/back")
    assert begun.url.startswith(f"{url}/a?")
    with pytest.raises(ClientError) as caught:
        tokens.finish_sign_in(begun, f"?code=c&state={begun.state.reveal()}")
    assert caught.value.error == "state_mismatch" and len(world.issuer.asked) == 1
    begun = tokens.begin_sign_in("https://page.example/back")
    back = f"https://page.example/back?code=c&state={begun.state.reveal()}&iss={url}#x"
    assert tokens.finish_sign_in(begun, back).value.reveal() == "mine"
