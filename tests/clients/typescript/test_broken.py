# SPDX-License-Identifier: Apache-2.0
"""What a reviewer has broken of the client in TypeScript. Each failed before it held."""
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest
from peer import EXPIRED, FINE, grant, slow, told
from test_secrets import CANARY
from ward_client import Application, ClientError, DeviceError, Limits, WardError


def run(node, script, **words):
    return node.call("run", script=script, **words)


def fails(call, kind=WardError):
    with pytest.raises(kind) as caught:
        call()
    assert not CANARY.search(str(caught.value) + caught.value.shown)
    return caught.value


def person(way, world, **more):
    return world.open(way, party=world.party(Application, None), **more)


# ---- Absurd answers.

@pytest.mark.parametrize("value, seconds", [
    ("1000000000", 1e9), ("9" * 400, 1e9), ("0000000000005", 5), ("Sun Nov  6 08:49:37 1994", 784111777),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777), ("Fri, 31 Dec 9999 23:59:59 -0000", 1e9), ("١٢", None),
    ("5, 7", None)])
def test_a_wait_is_read_as_in_python(node, value, seconds):
    script = "return (await from('answers.js')).retryAfter({ headers: { get: (n) => words[n] ?? null } }, 0) ?? null"
    assert run(node, script, **{"retry-after": value}) == seconds


@pytest.mark.parametrize("status", [600, 999])
def test_a_status_that_no_response_can_have_is_told(way, world, status):
    world.issuer.script = [told(status), grant()]
    world.device.script = [told(status)]
    tokens, device = world.open(way, limits=Limits(repetitions=0))
    assert fails(tokens.get).error == "answer_invalid"
    assert fails(lambda: device.get("/"), DeviceError).status == status


def test_a_device_that_changes_the_protocol_gives_no_answer(way, world):
    world.issuer.script = [grant()]
    world.device.script = [told(101, b"", Upgrade="x", Connection="Upgrade")]
    _, device = world.open(way, limits=Limits(repetitions=0, answer=2))
    assert fails(lambda: device.post("/"), ClientError).error == "effect_unknown"


def test_one_secret_inside_another_hides_it_as_a_whole(node):
    script = """const { scrub } = await from('secret.js');
      return scrub(words.text, words.secrets.map((one) => new ward.Secret(one)))"""
    assert run(node, script, text="x-inner-y a%3Ab+c a%3Ab%20c", secrets=["inner", "x-inner-y", "a:b c"]) == \
        "[hidden] [hidden] [hidden]"


def test_waits_that_a_timer_cannot_hold_are_no_short_ones(node):
    """setTimeout() takes what is longer than 2^31 ms for 1 ms."""
    script = """const { platform } = await from('transport.js');
      const waiting = platform.sleep(3e6, AbortSignal.timeout(60));
      return waiting.then(() => 'over', () => 'still waiting');"""
    assert run(node, script) == "still waiting"


def test_limits_that_a_timer_cannot_hold_are_long_ones(way, world):
    world.issuer.script, world.device.script = [grant()], [slow(FINE, 0.1)]
    _, device = world.open(way, limits=Limits(repetitions=0, seconds=1e9, answer=1e8))
    assert device.get("/").status == 200


@pytest.mark.parametrize("limits", [
    "{ seconds: undefined }", "{ repetitions: NaN }", "{ answer: -1 }", "{ answer: '20' }"])
def test_limits_that_are_none_do_not_repeat_for_ever(node, limits):
    party = "new ward.Machine(new ward.Issuer('https://i'), 'a', 'b', { audience: 'c' })"
    for script in (f"new ward.Tokens({party}, {{ limits: {limits} }})",
                   f"new ward.Device('https://d', new ward.Tokens({party}), {{ limits: {limits} }})"):
        error = fails(lambda script=script: run(node, script), ClientError)
        assert error.error == "setting_invalid" and "limits" in error.description


# ---- Callers who err.

@pytest.mark.parametrize("options", [
    "{ body: new FormData() }", "{ body: new Blob(['x']) }", "{ body: new URLSearchParams('a=b') }", "{ body: ['x'] }",
    "{ body: (function* () { yield 'x'; })() }", "{ body: new ReadableStream() }", "{ body: 5 }", "{ body: null }",
    "{ json: 1, body: 'x' }", "{ json: () => 1 }", "{ json: Symbol('x') }", "{ headers: { x: 5 } }",
    "{ headers: { te: 'trailers' } }", "{ headers: { Trailer: 'x' } }", "{ headers: { expect: '100-continue' } }"])
def test_what_cannot_be_sent_twice_or_at_all_is_refused(node, options):
    script = f"(await from('asking.js')).makeRequest('https://device', 'PUT', '/', {options})"
    assert fails(lambda: run(node, script), ClientError).error == "setting_invalid"


@pytest.mark.parametrize("method", ["TRACE", "connect", "GET\n", "", "GET /"])
def test_a_method_that_would_show_the_token_is_refused_here_too(node, method):
    script = "(await from('asking.js')).makeRequest('https://device', words.method, '/')"
    assert fails(lambda: run(node, script, method=method), ClientError).error == "setting_invalid"


def test_a_body_that_is_changed_meanwhile_is_sent_again_as_it_was(way, world):
    world.issuer.script, world.device.script = [grant("a"), slow(grant("b"), 0.2)], [EXPIRED, FINE]
    _, device = world.open(way)
    run(device.node, """const body = Buffer.from('first');
      const asked = objects[words.device].put('/', { body });
      body.write('other');
      await asked;""", device=device.number)
    assert [asked.body for asked in world.device.asked] == [b"first", b"first"]


def test_fetch_sends_forms_and_streams_as_a_whole_and_twice(way, world):
    world.issuer.script, world.device.script = [grant("a"), grant("b"), grant("c")], [EXPIRED, FINE, FINE]
    _, device = world.open(way)
    run(device.node, """const { fetch } = objects[words.device];
      const stream = new ReadableStream({ start(to) { to.enqueue(Buffer.from('x=1')); to.close(); } });
      await fetch('/', { method: 'PUT', body: stream, duplex: 'half' });
      const form = new FormData();
      form.set('name', 'value');
      await fetch('/', { method: 'PUT', body: form });""", device=device.number)
    first, again, form = world.device.asked
    assert first.body == again.body == b"x=1" and b'name="name"' in form.body
    assert form.headers["content-type"].startswith("multipart/form-data; boundary=")


@pytest.mark.parametrize("target", ["/a/../admin", "https://device/a/%2e%2e/admin", "/.."])
def test_fetch_resolves_no_dot_segments(node, target):
    script = """const party = new ward.Machine(new ward.Issuer('https://i'), 'a', 'b', { audience: 'c' });
      const device = new ward.Device('https://device', new ward.Tokens(party));
      await device.fetch(words.target);"""
    assert fails(lambda: run(node, script, target=target), ClientError).error == "other_origin"


@pytest.mark.parametrize("value", ["..", "../admin", "7/../../admin", "%2e%2e/x", "."])
def test_a_parameter_of_a_path_does_not_leave_it(node, value):
    script = """const { api } = await from('api.js');
      const asked = [];
      const fetch = async (request) => (asked.push(request.url), new Response('{}'));
      const device = { origin: 'https://device', fetch };
      await api(device).GET('/projects/{path}', { params: { path: { path: words.value } } });
      return asked;"""
    try:
        asked = run(node, script, value=value)
    except ClientError as error:
        assert error.error == "other_origin"
    else:
        assert asked == ["https://device/projects/%252e%252e/x"] and value.startswith("%")


@pytest.mark.parametrize("url", [
    "https:device", "https:/device", "https://a..example", "https://dev%69ce", f"https://{'a' * 64}.example", 5])
def test_a_url_that_the_parser_would_mend_is_none(node, url):
    assert fails(lambda: run(node, "new ward.Issuer(words.url)", url=url), ClientError).error == "https_required"


@pytest.mark.parametrize("script", [
    "new ward.Machine(issuer, 'a', undefined, { audience: 'c' })",
    "new ward.Machine(issuer, 'a', '', { audience: 'c' })",
    "new ward.Application(issuer, 'a', { audience: 'c', secret: 'x\\ud800' })",
    "new ward.Tokens(new ward.Application(issuer, 'a', { audience: 'c' }), { refreshToken: '' })"])
def test_secrets_that_are_none_are_settings(node, script):
    error = fails(lambda: run(node, f"const issuer = new ward.Issuer('https://i'); {script}"), ClientError)
    assert error.error == "setting_invalid"


def test_who_has_ended_before_asks_nobody(way, world):
    _, device = world.open(way)
    script = "return objects[words.device].get('/', { signal: AbortSignal.abort(new Error('enough')) })" \
        ".catch((error) => new Promise((resolve) => setTimeout(resolve, 150, error.message)))"
    assert run(device.node, script, device=device.number) == "enough" and world.issuer.asked == []


# ---- Who is signed in.

def test_who_signs_out_while_a_renewal_is_on_its_way_is_signed_out(way, world):
    world.issuer.script = [slow(grant("late", refresh_token="second"), 0.3)]
    kept = []
    tokens, _ = person(way, world, refresh_token="first", on_refresh_token=kept.append)
    errors = run(tokens.node, """const tokens = objects[words.tokens];
      const asked = tokens.get().catch((error) => error.error);
      await new Promise((resolve) => setTimeout(resolve, 100));
      tokens.signOut();
      return [await asked, await tokens.get().catch((error) => error.error)];""", tokens=tokens.number)
    assert errors == ["sign_in_required"] * 2 and kept == []


@pytest.mark.parametrize("way_in", ["PKCE", "code"])
def test_who_signs_in_next_is_not_renewed_as_who_was_there_before(way, world, waits, way_in):
    code = {"device_code": "d", "user_code": "U", "verification_uri": "https://issuer/a", "expires_in": 60}
    world.issuer.script = [*([told(200, code)] if way_in == "code" else []), grant("hers", 30)]
    tokens, _ = person(way, world, refresh_token="his")
    if way_in == "code":
        tokens.sign_in_by_code(lambda shown: None)
    else:
        begun = tokens.begin_sign_in("http://127.0.0.1:1/callback")
        tokens.finish_sign_in(begun, {"code": "c", "state": begun.state.reveal()})
    assert fails(tokens.get).error == "sign_in_required" and "his" not in str(world.issuer.forms())


@pytest.mark.parametrize("pause", ["", "await new Promise((resolve) => setTimeout(resolve, 50)); "])
def test_who_keeps_a_refresh_token_may_ask_for_a_token_meanwhile(way, world, pause):
    """It would have waited for itself, for ever."""
    world.issuer.script = [grant("one", 0, refresh_token="second")]
    party = world.party(Application, None)
    tokens, _ = world.open(way, party=party)
    found = run(tokens.node, f"""const keeper = ward.Tokens.keeperOf(objects[words.tokens]);
      const found = [];
      const tokens = new ward.Tokens(keeper.party, {{ refreshToken: 'first', onRefreshToken: async () => {{
        {pause}found.push((await tokens.get()).value.reveal());
      }} }});
      const late = new Promise((resolve) => setTimeout(resolve, 2000));
      await Promise.race([tokens.get(), late]);
      return found;""", tokens=tokens.number)
    assert found == ["one"] and len(world.issuer.asked) == 1


def test_a_refresh_that_fails_by_the_caller_s_store_is_no_unhandled_rejection(way, world, node):
    world.issuer.script = [grant("one", refresh_token="second")]
    tokens, _ = person(way, world)
    said = run(node, """const keeper = ward.Tokens.keeperOf(objects[words.tokens]);
      const tokens = new ward.Tokens(keeper.party, { refreshToken: 'first', onRefreshToken: async () => {
        throw new Error('disk full');
      } });
      const first = await tokens.get().catch((error) => error.message);
      return [first, (await tokens.get()).value.reveal()];""", tokens=tokens.number)
    assert said == ["disk full", "one"] and "nhandled" not in node.errors()


# ---- On loopback.

def get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_state_of_as_many_letters_and_more_bytes_does_not_end_the_process(way, world):
    """Any page that the user looks at may send it."""
    world.issuer.script = [grant("mine")]
    tokens, _ = person(way, world)
    found = []

    def browse(url):
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        wrong = urllib.parse.quote("ü" * len(fields["state"]))
        found.append(get(f"{fields['redirect_uri']}?code=x&state={wrong}"))
        found.append(get(f"{fields['redirect_uri']}?code=x&state={fields['state']}"))
    token = tokens.sign_in(lambda url: threading.Thread(target=browse, args=(url,)).start(), seconds=10)
    assert found == [404, 200] and token.value.reveal() == "mine"


def test_a_browser_that_stays_open_does_not_hold_the_sign_in(way, world):
    """Who starts a browser and waits for its end waits long."""
    world.issuer.script = [grant("mine")]
    tokens, _ = person(way, world)
    script = """const asked = ward.signIn(objects[words.tokens], (url) => {
        const to = new URL(url).searchParams;
        void fetch(`${to.get('redirect_uri')}?code=c&state=${to.get('state')}`);
        return new Promise(() => {});
      }, { seconds: 5 });
      return (await asked).value.reveal();"""
    assert run(tokens.node, script, tokens=tokens.number) == "mine"
    failed = """const open = () => { throw new Error('no browser'); };
      return ward.signIn(objects[words.tokens], open).catch((error) => error.message);"""
    assert run(tokens.node, failed, tokens=tokens.number) == "no browser"
