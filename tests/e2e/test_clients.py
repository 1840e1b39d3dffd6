# SPDX-License-Identifier: Apache-2.0
"""The networked device in QEMU and clients that nobody here wrote: curl, Python's http.client, wrk, h2load and
Chromium. A client that is not on this machine is skipped, by name."""
import concurrent.futures
import contextlib
import http.client
import json
import re
import shutil
import ssl
import subprocess

import browser
import pytest
from https_client import request
from testbed import Testbed, token_of

SCOPES = "read:foia write:foia read:projects write:projects"
# A subject for each client: requests are counted by subject.
CURL, PYTHON, PAGE = (token_of(f"auth0|{name}", scope=SCOPES) for name in ("curl", "python", "page"))
BAD = token_of(aud="https://elsewhere.example")


class PageTestbed(Testbed):
    """With the origin of a page in a browser, which the device lets call it."""

    def __enter__(self):
        self.page = browser.Page()
        self.variables["ORIGIN"] = self.page.origin
        return super().__enter__()

    def __exit__(self, *words):
        super().__exit__(*words)
        self.page.close()


TESTBED = PageTestbed("clients")


def base(device):
    return f"https://localhost:{device.port}"


def run(*words, seconds=60):
    """What a client prints; it is skipped where it is not installed."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, (words, done)
    return done.stdout


# ---- curl.

# What curl tells after each answer: its status, the bytes of the body that were sent, the connections that were made.
TOLD = "\n%{http_code} %{size_upload} %{num_connects}\n"


@pytest.fixture
def curl(testbed, device):
    """Runs curl against the device."""
    return lambda *words, **more: run_curl(testbed, device, *words, **more)


def run_curl(testbed, device, *words, target="/api/foia", bearer=CURL, times=1):
    """Bodies and what was told of each answer, from one curl: over one connection if both sides keep it."""
    given = ["--header", f"Authorization: Bearer {bearer}"] if bearer else []
    usual = "--silent", "--show-error", "--max-time", 30, "--cacert", testbed.trust.pem, "--write-out", TOLD
    text = run("curl", *usual, *given, *words, *[base(device) + target] * times)
    lines = text.rstrip("\n").split("\n")
    return [(lines[i], *map(int, lines[i + 1].split())) for i in range(0, len(lines), 2)]


def test_curl_keeps_its_connection(device, curl):
    answers = curl(times=3)
    assert [answer[1:] for answer in answers] == [(200, 0, 1), (200, 0, 0), (200, 0, 0)], answers
    assert json.loads(answers[0][0])["subject"] == "auth0|curl"
    answers = curl(bearer=BAD, times=2)
    assert [answer[1:] for answer in answers] == [(401, 0, 1), (401, 0, 0)], answers


def test_curl_waits_for_100_continue(device, curl):
    # Without an answer curl would wait for a minute, and longer than it may.
    wait = "--expect100-timeout", 60, "--header", "Expect: 100-continue", "--data-binary", "Field notes"
    assert [answer[1:] for answer in curl(*wait, target="/api/projects")] == [(201, 11, 1)]
    assert curl(*wait, "--header", "Transfer-Encoding: chunked", target="/api/projects")[0][1] == 201
    for bearer in (BAD, None):
        assert [answer[1:3] for answer in curl(*wait, target="/api/projects", bearer=bearer)] == [(401, 0)]
    assert curl("--header", "Expect: 200-ok")[0][1] == 417


def test_curl_sends_bodies(device, curl):
    answers = curl("--data-binary", "Field notes", target="/api/projects", times=2)
    assert [answer[1:] for answer in answers] == [(201, 11, 1), (201, 11, 0)], answers
    answers = curl("--data-binary", "x" * 100, bearer=BAD, times=2)
    assert [answer[1:] for answer in answers] == [(401, 100, 1), (401, 100, 0)], answers
    assert curl("--data-binary", "x" * 3000, target="/api/projects")[0][1] == 413


def test_curl_sends_other_targets_versions_and_hosts(device, curl):
    # Through a proxy that it does not trust a client would send the whole URL: here the device is asked so at once.
    assert curl("--request-target", f"{base(device)}/api/foia?x=y")[0][1] == 200
    assert curl("--request-target", "http://LOCALHOST/api/foia")[0][1] == 200
    assert curl("--request-target", "ftp://localhost/api/foia")[0][1] == 400
    assert curl("--request", "OPTIONS", "--request-target", "*")[0][1] == 404
    assert curl("--http1.0")[0][1] == 200
    assert curl("--http1.0", "--header", "Host:")[0][1] == 200
    assert curl("--header", "Host:")[0][1] == 400
    assert curl("--http2")[0][1] == 200
    assert curl("--head", "--output", "/dev/null")[0] == ("", 200, 0, 1)


# ---- Python.

def test_python_asks_over_one_connection(testbed, device):
    trust = ssl.create_default_context(cafile=testbed.trust.pem)
    client = http.client.HTTPSConnection("localhost", device.port, timeout=30, context=trust)
    bearer = {"Authorization": f"Bearer {PYTHON}"}

    def ask(method, target, body=None, **more):
        client.request(method, target, body, **{"headers": bearer, **more})
        answer = client.getresponse()
        return answer.status, answer.read().decode()

    status, body = ask("GET", "/api/foia")
    socket = client.sock
    assert status == 200 and json.loads(body)["subject"] == "auth0|python"
    status, body = ask("POST", "/api/projects", "A name")
    assert (status, json.loads(body)["name"]) == (201, "A name")
    status, body = ask("POST", "/api/projects", iter([b"In ", b"chunks"]), encode_chunked=True)
    assert (status, json.loads(body)["name"]) == (201, "In chunks")
    assert ask("GET", "/api/foia", headers={})[0] == 401
    assert ask("HEAD", "/api/foia") == (200, "")
    assert ask("DELETE", "/health")[0] == 405
    assert ask("GET", "/nothing")[0] == 404
    assert client.sock is socket and socket is not None, "the connection was kept"
    client.putrequest("GET", "/health", skip_host=True)
    client.endheaders()
    assert client.getresponse().status == 400
    client.close()


# ---- Load.

def test_wrk(device):
    text = run("wrk", "--threads", 1, "--connections", 3, "--duration", "5s", "--timeout", "5s", base(device) + "/health")
    requests, failures = int(re.search(r"(\d+) requests in", text)[1]), re.findall(r"Socket errors.*|Non-2xx.*", text)
    print(f"## wrk: {requests} requests in 5 s")
    assert requests > 20 and not failures, text


def test_h2load(device):
    words = "--h1", "--requests=150", "--clients=3", "--threads=1", "--connection-inactivity-timeout=20"
    text = run("h2load", *words, base(device) + "/health")
    assert "requests: 150 total, 150 started, 150 done, 150 succeeded, 0 failed, 0 errored, 0 timeout" in text, text


# ---- A browser.

# As many connections as the device serves and lets wait; a first message of as many bytes as with a post-quantum key.
AT_ONCE, FIRST_MESSAGE = 8, 1800


def test_a_browser_may_use_all_places_at_once(testbed, device):
    """None of its connections is ended by what the others send first."""
    turned_away = device.report()["server"][0]["turned_away"]
    protocols = [f"{number:03}{'x' * 196}" for number in range(FIRST_MESSAGE // 200)]

    def one(_):
        with testbed.connect(device, protocols=protocols) as client:
            return client.ask(request("/health")).status

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(one, range(AT_ONCE))) == [200] * AT_ONCE
    assert device.report()["server"][0]["turned_away"] == turned_away


SCRIPT = """
    const bearer = token => ({ headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(30000) });
    const ask = async (target, options) => {
      const answer = await fetch(`BASE${target}`, options);
      return { status: answer.status, body: await answer.text(), challenge: answer.headers.get('WWW-Authenticate') };
    };
    const told = {};
    told.open = await ask('/health');
    told.granted = await ask('/api/foia', bearer('GOOD'));
    told.made = await ask('/api/projects', { ...bearer('GOOD'), method: 'POST', body: 'From a page' });
    told.refused = await ask('/api/foia', bearer('BAD'));
    told.none = await ask('/api/foia');
    const one = async number => (await ask(`/api/foia/${number}`, bearer('GOOD'))).status;
    told.together = await Promise.all([1, 2, 3, 4, 5, 6].map(one));
    return told;
"""


def test_chromium_runs_a_page_that_calls_the_device(testbed, device):
    if browser.find() is None:
        pytest.skip("chromium is not installed")
    pin = browser.key_pin(testbed.trust.folder / "device.pem")
    told = testbed.page.tell(SCRIPT.replace("BASE", base(device)).replace("GOOD", PAGE).replace("BAD", BAD), pin)
    assert isinstance(told, dict), told
    assert told["open"]["status"] == 200 and told["open"]["body"] == '{"status":"ok"}', told
    assert told["granted"]["status"] == 200 and json.loads(told["granted"]["body"])["subject"] == "auth0|page", told
    assert told["made"]["status"] == 201 and json.loads(told["made"]["body"])["name"] == "From a page", told
    assert told["refused"]["status"] == 401 and 'error="invalid_token"' in told["refused"]["challenge"], told
    assert told["none"]["status"] == 401 and told["none"]["challenge"].startswith("Bearer realm="), told
    assert told["together"] == [200] * 6, told


def test_the_device_is_as_it_was_after_all_of_them_in_turn(testbed, device, curl):
    for case in (test_curl_keeps_its_connection, test_curl_waits_for_100_continue, test_curl_sends_bodies,
                 test_curl_sends_other_targets_versions_and_hosts):
        case(device, curl)
    test_python_asks_over_one_connection(testbed, device)
    for case in (test_wrk, test_h2load):
        with contextlib.suppress(pytest.skip.Exception):
            case(device)
    assert curl(target="/health", bearer=None)[0][:2] == ('{"status":"ok"}', 200)
    assert device.quit() == 0
