# SPDX-License-Identifier: Apache-2.0
"""clients/example in Chromium, by keyboard alone: a user signs in at oidc-provider, calls the device in QEMU, is refused
in plain words, and what helps helps. Pictures of it are left in build/clients/page."""
import json
import re
import subprocess
import urllib.parse

import browser
import pytest
from example_page import ROOT, Browser, PageTestbed
from issuer import AUDIENCE, ISSUER, OidcProvider

NAME = "auth0|65f0c0ffee1234567890abcd"
PICTURES = ROOT / "build" / "clients" / "page"
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1200, "height": 800}
HINTS = json.loads((ROOT / "clients" / "hints.json").read_text())
# As long as a name may be, and nowhere to break it.
LONG = "From_a_page_" + "m" * 36
SHORT = {"repetitions": 1, "seconds": 20, "answer": 10}


TESTBED = PageTestbed("page", OidcProvider, PICTURES.parent / "site")


@pytest.fixture(scope="module")
def there_is_a_browser():
    if browser.find() is None:
        pytest.skip("chromium is not installed")


@pytest.fixture(scope="module")
def chromium(there_is_a_browser, testbed, emulated):  # pylint: disable=unused-argument
    issuer = testbed.issuer
    testbed.site.assemble(
        device=f"https://localhost:{emulated.port}", who="/api/foia", clientId=issuer.reported["application"],
        audience=AUDIENCE, scope="read:foia read:projects", parameters={"resource": AUDIENCE}, limits=SHORT,
        issuer={"url": ISSUER, "tokenEndpoint": issuer.url("/oauth/token"),
                "authorizationEndpoint": issuer.url("/authorize")})
    made = Browser(testbed.trust.folder / "device.pem", issuer.folder / "server.pem")
    made.origin = testbed.site.origin
    yield made
    made.end()


@pytest.fixture
def page(chromium):
    chromium.do("fresh")
    chromium.do("view", **NARROW, scheme="light")
    chromium.do("goto", url=chromium.origin + "/")
    chromium.ready()
    return chromium


def picture(page, name):
    """Narrow and wide, light and dark; nothing is wider than the page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for size, shape in (("narrow", NARROW), ("wide", WIDE)):
        for scheme in ("light", "dark"):
            page.do("view", **shape, scheme=scheme)
            page.do("shot", path=str(PICTURES / f"{name}-{size}-{scheme}.png"))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name}, {size}"
    page.do("view", width=320, height=640, scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.do("view", **NARROW, scheme="light")


def hint(source, error):
    return next(row["hint"] for row in HINTS[source] if row["error"] == error)


def call(page, method, path):
    page.enter("#path", path)
    page.tab_to("#method", "Shift+Tab")
    page.do("type", text=method)
    page.activate("#call button")


def test_a_user_signs_in_is_refused_in_plain_words_and_what_helps_helps(page, testbed, emulated):
    assert page.evaluate("document.querySelector('#inside').hidden")
    assert page.text("#device").startswith("localhost:")
    picture(page, "outside")
    page.sign_in(NAME)
    # ---- Who one is, what one may do.
    assert (page.text("#subject"), page.text("#client")) == (NAME, "led-page")
    assert page.text("#scopes").split("\n") == ["read:foia", "✓ allowed", "read:projects", "✓ allowed"]
    assert page.evaluate("document.activeElement.id") == "you" and page.text("#none") == "You have no projects yet."
    assert page.evaluate("location.href") == page.origin + "/", "the code is in no address"
    # ---- What one may not do, and what helps.
    page.enter("#name", LONG)
    page.press("Enter")
    told = page.refusal()
    assert told["refused"] == "You may not do this" and "It needs: write:projects." in told["why"]
    assert told["help"] == hint("device", "insufficient_scope") and "403 insufficient_scope" in told["details"]
    picture(page, "refused")
    assert page.text("#ask-scope") == "Sign in again and ask for write:projects"
    page.activate("#ask-scope")
    page.consent()
    page.ready("document.querySelector('#scopes').innerText.includes('write:projects')")
    page.enter("#name", LONG)
    page.press("Enter")
    page.ready("document.querySelectorAll('#projects li').length === 1")
    assert LONG in page.text("#projects") and page.evaluate("document.activeElement.id") == "name"
    picture(page, "inside")
    page.tab_to("#projects button", "Shift+Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == f"Delete {LONG}"
    page.press("Enter")
    page.ready("document.querySelectorAll('#projects li').length === 0")
    # ---- Other refusals.
    call(page, "GET", "/api/database/admin/users")
    assert "It needs: admin:database." in page.refusal()["why"]
    call(page, "PUT", "/health")
    told = page.refusal()
    # A browser keeps the 405 to itself, which it is told before the request.
    assert "it may have been done" in told["refused"] and "does not have this method" in told["help"]
    call(page, "GET", "/nowhere")
    told = page.refusal()
    assert told["refused"] == "No answer" and "nothing at this path" in told["help"], "and the 404"
    call(page, "GET", "/api/projects/65000")
    assert page.refusal()["refused"] == "There is nothing here"
    call(page, "GET", "//evil.example/")
    assert page.refusal()["refused"] == "This is no path of your device"
    call(page, "GET", "/api/foia/requests")
    page.ready("document.querySelector('#answer').innerText.startsWith('200')")
    assert page.evaluate("document.querySelector('#refusal').hidden"), "what went well refuses nothing"
    # ---- Nobody answers.
    page.do("offline", offline=True)
    page.activate("#call button")
    told = page.refusal()
    assert told["refused"] == "No answer" and hint("client", "unreachable") in told["help"]
    page.do("offline", offline=False)
    page.activate("#again")
    page.ready("document.querySelector('#answer').innerText.startsWith('200')")
    # ---- Denied by the device's operator: a new token does not help.
    emulated.ask(f"!deny {NAME}", "done")
    page.activate("#call button")
    told = page.refusal()
    assert told["refused"] == "The device does not accept your sign-in"
    assert "ask its operator whether you are denied" in told["help"]
    assert not page.evaluate("document.querySelector('#ask-scope').hidden")
    emulated.ask(f"!undeny {NAME}", "done")
    page.activate("#dismiss")
    page.activate("#sign-out")
    assert page.evaluate("document.activeElement.id") == "sign-in"
    assert page.evaluate("document.querySelector('#inside').hidden")
    left = page.evaluate("document.querySelector('#inside').textContent")
    assert NAME not in left and "led-page" not in left
    assert page.evaluate("document.querySelector('#answer').innerHTML") == ""
    nothing_leaks(page, testbed, emulated)


def nothing_leaks(page, testbed, emulated):
    """No token in an address, in what the page has kept, in what it shows or prints; and nobody else was called."""
    seen = page.do("seen")
    ours = [one["url"] for one in seen["requests"] if one["by"].startswith(page.origin)]
    places = {re.match(r"\w+://[^/]*", url)[0] for url in ours if not url.startswith("data:")}
    issuer, device = f"https://127.0.0.1:{testbed.issuer.port}", f"https://localhost:{emulated.port}"
    assert places == {page.origin, device, issuer}, places
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    assert kept == '[{},{},""]'
    document = page.evaluate("document.documentElement.outerHTML")
    text = "\n".join([*(one["url"] for one in seen["requests"]), *seen["messages"], document])
    assert not re.search(r"eyJ[A-Za-z0-9_-]{8,}", text)
    # What the device refuses, a missing network and the issuer's forms are the browser's to print.
    assert [one for one in seen["messages"] if one.startswith("uncaught") or "Security Policy" in one] == []


def test_who_says_no_at_the_issuer_reads_why(page):
    page.activate("#sign-in")
    page.wait("document.querySelector('input[name=login]') !== null")
    page.activate("a[href$=abort]")
    page.wait("location.pathname === '/' && document.documentElement.dataset.ready === 'yes'")
    told = page.refusal()
    assert told["refused"] == "You were not signed in" and told["help"] == hint("issuer", "access_denied")
    page.activate("#dismiss")
    assert page.evaluate("document.activeElement.id") == "sign-in"


def test_an_answer_that_nobody_waits_for_signs_nobody_in_and_says_so(page):
    for query in ("?code=x&state=y", "?error=access_denied&state=y"):
        page.do("goto", url=page.origin + "/" + query)
        page.ready()
        assert page.evaluate("location.href") == page.origin + "/"
        assert page.evaluate("document.querySelector('#inside').hidden")
        assert page.refusal()["refused"] == "This was not your sign-in"
    page.do("goto", url=page.origin + "/?from=elsewhere")
    page.ready()
    assert page.evaluate("document.querySelector('#refusal').hidden"), "which is no answer"


def test_a_slow_issuer_is_told_and_nothing_moves(page, testbed):
    assert page.evaluate("document.querySelector('#busy').innerText") == ""
    quiet = page.evaluate("document.querySelector('#outside').getBoundingClientRect().top")
    for path in ("/authorize", "/oauth/token"):
        page.do("slow", url=f"**{path}*", seconds=1)
    page.evaluate("""setInterval(() => sessionStorage.setItem('seen', [
        document.querySelector('#busy').innerText, document.querySelector('#sign-in').disabled,
        document.querySelector('#outside').getBoundingClientRect().top]), 20)""")
    page.activate("#sign-in")
    page.wait("document.querySelector('input[name=login]') !== null")
    page.enter("input[name=login]", NAME)
    page.enter("input[name=password]", "x")
    page.press("Enter")
    page.consent()
    page.wait("document.querySelector('#busy')?.innerText === 'Looking who is there …'")
    assert page.evaluate("document.querySelector('#outside').hidden"), "nobody is asked to sign in meanwhile"
    page.ready("document.querySelector('#inside').hidden === false")
    assert page.evaluate("sessionStorage.getItem('seen')") == f"Going to the issuer …,true,{quiet}"


def test_who_goes_back_after_a_sign_out_finds_nobody(page):
    """A browser keeps pages that were left, with what they had in memory."""
    page.sign_in(NAME)
    page.enter("#name", "x")
    page.press("Enter")
    page.refusal()
    page.activate("#ask-scope")
    page.consent()
    page.ready("document.querySelector('#scopes').innerText.includes('write:projects')")
    page.activate("#sign-out")
    assert "The issuer may still know you" in page.text("#outside")
    seen = []
    for _ in range(8):
        page.do("back")
        page.wait("document.querySelector('#busy') === null || document.documentElement.dataset.ready === 'yes'")
        seen.append(page.evaluate("location.href"))
        assert NAME not in page.evaluate("document.documentElement.textContent"), seen
        assert page.evaluate("document.querySelector('#inside')?.hidden ?? true"), seen
    assert seen.count(page.origin + "/") >= 2, seen


def test_what_the_devices_own_endpoints_refuse_is_told_too(page, emulated):
    page.sign_in("auth0|another")
    page.enter("#name", "x")
    page.press("Enter")
    page.refusal()
    page.activate("#ask-scope")
    page.consent()
    page.ready("document.querySelector('#scopes').innerText.includes('write:projects')")
    page.enter("#name", "ä" * 48)
    page.press("Enter")
    told = page.refusal()
    assert told["refused"] == "The name is too long" and told["help"] == "Take a shorter name."
    odd = '<img src=x>"\\'
    page.enter("#name", odd)
    page.press("Enter")
    page.ready("document.querySelectorAll('#projects li').length === 1")
    assert page.text("#projects span") == odd and page.evaluate("document.querySelector('img') === null")
    # Deleted elsewhere: this page does not know.
    page.enter("#path", "/api/projects")
    page.press("Enter")
    page.ready("document.querySelector('#answer').innerText.startsWith('200')")
    number = json.loads(page.text("#answer").split("\n", 1)[1])["projects"][0]["number"]
    call(page, "DELETE", f"/api/projects/{number}")
    page.ready("document.querySelector('#answer').innerText === '200\\n{}'")
    assert odd in page.text("#projects")
    page.tab_to("#projects button", "Shift+Tab")
    page.press("Enter")
    told = page.refusal()
    assert told["refused"] == "There is nothing here" and "deleted elsewhere" in told["help"]
    assert page.text("#projects") == "" and page.text("#none") == "You have no projects yet."
    page.activate("#load")
    page.ready("document.querySelector('#refusal').hidden")


def test_the_page_calls_nobody_else(page, testbed, emulated):
    """Whatever runs in it."""
    blocked = page.evaluate("""new Promise((resolve) => {
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
        fetch('https://localhost:1/').catch(() => setTimeout(resolve, 500, 'nothing'));
    })""")
    assert blocked == "connect-src"
    policy = page.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
    allowed = re.search("connect-src ([^;]*);", policy)[1].split()
    assert allowed == ["'self'", f"https://localhost:{emulated.port}", ISSUER.rstrip("/"),
                       f"https://127.0.0.1:{testbed.issuer.port}"]


def test_what_the_issuer_says_is_text(page):
    """Names that every object has, and marks of HTML; and it is in no address after that."""
    begun = json.dumps([ISSUER, page.origin + "/", "s" * 43, "v" * 43])
    kept = json.dumps(json.dumps({"begun": begun, "scope": "read:foia"}))
    for error in ("constructor", "<img src=x>", "e" * 100):
        page.evaluate(f"sessionStorage.setItem('ward-example-sign-in', {kept})")
        query = urllib.parse.urlencode({"state": "s" * 43, "error": error, "error_description": "<img src=x>"})
        page.do("goto", url=f"{page.origin}/?{query}")
        page.ready()
        told = page.refusal()
        assert told["refused"] == "It was refused" and f"The answer was {error}." in told["why"]
        assert told["details"] == f"In short: {error}: <img src=x>"
        page.do("view", width=320, height=640, scheme="light")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), error
        assert page.evaluate("document.querySelector('img') === null && sessionStorage.length === 0")
        assert page.evaluate("location.href") == page.origin + "/"


def test_a_page_that_cannot_begin_says_so(page, testbed):
    settings, away = (testbed.site.folder / name for name in ("settings.json", "away.json"))
    settings.rename(away)
    page.do("goto", url=page.origin + "/?code=x")
    page.ready()
    told = page.refusal()
    away.rename(settings)
    assert told["refused"] == "Something went wrong in this page" and told["details"] == "In short: SyntaxError"
    assert page.evaluate("location.href") == page.origin + "/"


# ---- Without a browser.

def contrast(one, other):
    """WCAG 2, 1.4.3."""
    def light(colour):
        full = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = [int(full[at:at + 2], 16) / 255 for at in (0, 2, 4)]
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts))
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Which colour is written on which.
PAIRS = [("ink", "card"), ("ink", "paper"), ("ink", "bad-paper"),
         ("soft", "card"), ("soft", "paper"), ("soft", "bad-paper"), ("bad", "bad-paper"), ("action", "card"), ("action", "bad-paper"), ("on-action", "action"), ("good", "card")]


def test_its_colours_can_be_read():
    style = (ROOT / "clients/example/page.css").read_text()
    schemes = [dict(re.findall(r"--([\w-]+): (#\w+);", part)) for part in style.split("}")[:2]]
    assert len(schemes[0]) == len(schemes[1]) == 10
    for colours in schemes:
        for ink, paper in PAIRS:
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper, colours)


PLAINLY = """
import { plainly } from 'WORDS';
import { readFileSync } from 'node:fs';
const rows = Object.values(JSON.parse(readFileSync(0, 'utf8'))).flat();
console.log(JSON.stringify(rows.map((row) => plainly({ ...row, scope: 'a b', retryAfter: 6.2 }))));
console.log(JSON.stringify([0, 0.4, 1.1].map((retryAfter) => plainly({ ...rows[0], hint: '', retryAfter }).help)));
"""


def test_each_answer_is_told_in_plain_words():
    script = PLAINLY.replace("WORDS", str(ROOT / "clients/example/words.mjs"))
    done = subprocess.run(["node", "--input-type=module", "-e", script], input=json.dumps(HINTS), capture_output=True,
                          text=True, timeout=60, check=True)
    told, waits = map(json.loads, done.stdout.splitlines())
    assert waits == ["", "Try again in 1 second.", "Try again in 2 seconds."]
    rows = [row for rows in HINTS.values() for row in rows]
    assert len(told) == len(rows)
    for row, words in zip(rows, told):
        assert words["help"].startswith("Try again in 7 seconds.") and words["help"].endswith(row["hint"])
        assert "It needs: a, b." in words["why"] and not re.search(r"undefined|null", str(words))
        assert words["title"] != "It was refused" or row["error"] == "unknown", "each has words of its own"
    of_device = {row["error"]: words["title"] for row, words in zip(rows, told) if row in HINTS["device"]}
    assert len(set(of_device.values())) == len(of_device), "each has a title of its own"
