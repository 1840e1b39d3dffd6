#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""demo_clients.py [--tap]: the other side of the token: a user signs in, a page and two clients call the device, the
same token opens the user's rows in PostgreSQL; it ends, the issuer rotates, the user is denied, a machine runs out of its
budget.

Shows a table, or with --tap a line for each row for the tests. Exit code 0 only if every row is as expected.
"""
import contextlib
import dataclasses
import os
import pathlib
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("tests/support", "tests/clients/typescript", "clients/python/src")]
DEBIANS = "/usr/bin/python3"
try:
    import authlib  # noqa: F401
    import httpx  # noqa: F401
except ImportError:
    # Another python3 may stand before Debian's, for whose the packages are installed.
    if os.path.realpath(sys.executable) == os.path.realpath(DEBIANS) or not os.path.exists(DEBIANS):
        raise
    os.execv(DEBIANS, [DEBIANS, *sys.argv])

import bridge  # noqa: E402
import browser  # noqa: E402
import postgres_server  # noqa: E402
import ward_client  # noqa: E402
import ward_client.blocking  # noqa: E402
from example_page import Browser, PageTestbed  # noqa: E402
from issuer import AUDIENCE, ISSUER, OidcProvider  # noqa: E402
from person import Person  # noqa: E402
from postgres_client import Refused  # noqa: E402
from report import TROUBLE, tell  # noqa: E402

USER, OTHER = "auth0|65f0c0ffee12345678", "auth0|somebody-else"
SCOPE = "read:foia write:foia read:projects write:projects"
FILE, LIST = "INSERT INTO foia.requests (title) VALUES ('{}')", "SELECT title FROM foia.requests ORDER BY title"
PATIENT = ward_client.Limits(repetitions=8, seconds=90)
ENDED = -120  # a token's lifetime that is over when it comes, also for clocks that differ by a minute
CALLS = 24  # more than the device's budget of a subject at once, which is 20

TROUBLE = (*TROUBLE, AssertionError, ward_client.WardError, Refused)


class Story:
    """Who is in it: issuer, device, database, the clients in both languages, a page where there is a Chromium."""

    def __init__(self, show, testbed, stack):
        self.show, self.testbed, self.issuer = show, testbed, testbed.issuer
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ward-demo-")))
        node = stack.enter_context(contextlib.closing(bridge.Node()))
        bridge.Tokens.node = bridge.Device.node = node
        self.device = stack.enter_context(testbed.device())
        self.device.ready()
        self.fact("the device fetches its issuer's keys", "OK", self.device.fetched())
        self.server = stack.enter_context(self.database())
        self.page = self.tokens = self.python = self.typescript = None
        if browser.find() is None:
            show.note("chromium is not installed: the page's rows are left out")
        else:
            self.page = Browser(testbed.trust.folder / "device.pem", self.issuer.folder / "server.pem")
            stack.callback(self.page.end)

    def fact(self, what, expected, got):
        self.show.row(what, str(expected), str(got), "")

    def reason(self, status, expected):
        """Holds what the gate has logged of answers with this status, since it was last asked, against a reason."""
        lines = [line for line in self.device.ask("!report", "REPORT end") if line.startswith(f"LOG status={status} ")]
        seen = {line.split("reason=")[1] for line in lines}
        self.fact("the device's reason", expected, expected if expected in seen else ", ".join(sorted(seen)) or "none")

    # ---- The database.

    def keys(self):
        """The issuer's key set as the server reads it, in the place of the one before."""
        fresh = self.folder / "fresh.json"
        self.issuer.save_jwks(fresh)
        fresh.chmod(0o644)
        fresh.replace(self.folder / "jwks.json")

    def database(self):
        self.folder.chmod(0o755)
        self.keys()
        values = {"issuer": ISSUER, "audience": AUDIENCE, "key_file": self.folder / "jwks.json"}
        settings = "".join(f"ward.{name} = '{value}'\n" for name, value in values.items())
        (self.folder / "server").mkdir()
        return postgres_server.Server(self.folder / "server", settings)

    def rows(self, token, *statements):
        """The titles that the application gets for this token, or the server's refusal."""
        with self.server.connect("foia_api") as connection:
            try:
                connection.say("BEGIN")
                connection.ask("SELECT auth.jwt_session_init($1)", token.value.reveal())
                for statement in statements:
                    connection.say(statement)
                titles = [title for title, in connection.say(LIST)]
                connection.say("COMMIT")
            except Refused as error:
                return f"{error.code} {error.message}"
        return ", ".join(titles) or "no row"

    # ---- The clients.

    def whom(self):
        """The issuer as the device knows it, at the place where it listens here."""
        return ward_client.Issuer(ISSUER, authority=self.issuer.authority,
                                  token_endpoint=self.issuer.url("/oauth/token"),
                                  authorization_endpoint=self.issuer.url("/authorize"),
                                  device_authorization_endpoint=self.issuer.url("/oauth/device/code"))

    def application(self):
        return ward_client.Application(self.whom(), self.issuer.reported["application"], audience=AUDIENCE, scope=SCOPE,
                                       parameters={"resource": AUDIENCE})

    def machine(self):
        return ward_client.Machine(self.whom(), self.issuer.reported["client"], self.issuer.reported["secret"],
                                   audience=AUDIENCE, scope="read:foia", parameters={"resource": AUDIENCE})

    def open(self, kind, tokens):
        return kind(f"https://localhost:{self.device.port}", tokens, authority=self.testbed.trust.pem, limits=PATIENT)


def said(call):
    """The status of an answer, or the error with what helps."""
    try:
        return str(call().status)
    except ward_client.WardError as error:
        return f"{error.status} {error.error}"


def list_in_python(story):
    return lambda: story.python.get("/api/projects")


def names(answer):
    return ", ".join(project["name"] for project in answer.json()["projects"])


# ---- The story's parts.

def sign_in_on_the_page(story):
    page, site, issuer = story.page, story.testbed.site, story.issuer
    story.show.section("A user signs in on a page, by keyboard")
    site.assemble(device=f"https://localhost:{story.device.port}", who="/api/foia",
                  clientId=issuer.reported["application"], audience=AUDIENCE, scope=SCOPE, parameters={"resource": AUDIENCE}, limits={"repetitions": 8},
                  issuer={"url": ISSUER, "tokenEndpoint": issuer.url("/oauth/token"),
                          "authorizationEndpoint": issuer.url("/authorize")})
    page.do("fresh")
    page.do("goto", url=site.origin + "/")
    page.ready()
    page.sign_in(USER)
    story.fact("to the device it is", USER, page.text("#subject"))
    page.enter("#name", "From a page")
    page.press("Enter")
    page.ready("document.querySelectorAll('#projects li').length === 1")
    story.fact("a project is made", "From a page", page.text("#projects span"))


def sign_in_with_clients(story):
    story.show.section("The same user signs in with the clients")
    person = Person(story.issuer, USER)
    story.tokens = ward_client.Tokens(story.application())
    story.tokens.sign_in(lambda url: threading.Thread(target=person.visit, args=(url,)).start(), seconds=30)
    story.python = story.open(ward_client.Device, story.tokens)
    mine = "From a page" if story.page else ""
    story.fact("in Python, in a browser on this machine", mine, names(story.python.get("/api/projects")))
    tokens = bridge.Tokens(story.application())
    tokens.sign_in_by_code(lambda code: Person(story.issuer, USER).visit(code.uri, user_code=code.code))
    story.typescript = story.open(bridge.Device, tokens)
    story.fact("in TypeScript, by a code in another browser", mine, names(story.typescript.get("/api/projects")))


def rows(story):
    story.show.section("The same token opens rows in PostgreSQL")
    story.server.run("psql", "-d", "postgres", "-f", ROOT / "examples/postgresql/foia.sql")
    stranger, person = ward_client.Tokens(story.application()), Person(story.issuer, OTHER)
    stranger.sign_in(lambda url: threading.Thread(target=person.visit, args=(url,)).start(), seconds=30)
    token = story.tokens.get()
    theirs = story.rows(stranger.get(), FILE.format("Of somebody else"))
    story.fact("somebody else files a request", "Of somebody else", theirs)
    story.fact("the user files one, and sees it alone", "About noise", story.rows(token, FILE.format("About noise")))


def renewal(story):
    story.show.section("The token ends")
    keeper = story.tokens._keeper
    story.issuer.command("lifetime", seconds=ENDED)
    keeper.token = None
    ended = story.tokens.get()
    story.issuer.command("lifetime")
    story.fact("the database refuses it", "28000", story.rows(ended)[:5])
    # Its clock is wrong, so it does not know.
    keeper.token = dataclasses.replace(ended, ends=None)
    story.fact("the device refuses it, the client renews it", "200", said(list_in_python(story)))
    story.reason(401, "TOKEN_EXPIRED")
    story.fact("by its refresh token it has another one", True, story.tokens.get() != ended)
    story.fact("which opens the rows", "About noise", story.rows(story.tokens.get()))


def rotation(story):
    story.show.section("The issuer rotates to a key unheard of")
    story.issuer.command("rotate")
    story.tokens._keeper.token = None
    fresh = story.tokens.get()
    story.fact("the database does not know it", "28000", story.rows(fresh)[:5])
    story.keys()
    story.fact("its key file is fetched again", "About noise", story.rows(fresh))
    with waiting() as waits:
        story.fact("the device asks its issuer, the client waits", "200", said(list_in_python(story)))
    story.reason(503, "KEY_REFRESH_PENDING")
    story.show.note(f"it waited {', '.join(f'{seconds:.1f} s' for seconds in waits) or 'for nothing'}")
    story.fact("as long as it was told", True, bool(waits) and all(seconds >= 1 for seconds in waits))


def denial(story):
    story.show.section("The user is denied")
    story.device.ask(f"!deny {USER}", "done")
    story.server.admin(f"INSERT INTO auth.denials (subject) VALUES ('{USER}')")
    story.fact("in Python: a new token does not help", "401 invalid_token", said(list_in_python(story)))
    story.reason(401, "SUBJECT_DENIED")
    story.fact("in TypeScript", "401 invalid_token", said(lambda: story.typescript.get("/api/projects")))
    if story.page:
        story.page.enter("#path", "/api/projects")
        story.page.press("Enter")
        told = story.page.refusal()["refused"]
        plain = "does not accept your sign-in" in told
        story.fact(f"on the page: {told}", "in plain words", "in plain words" if plain else told)
    story.fact("in the table", "no row", story.rows(story.tokens.get()))
    story.device.ask(f"!undeny {USER}", "done")
    story.server.admin("DELETE FROM auth.denials")
    story.fact("allowed again, on the device", "200", said(lambda: story.typescript.get("/api/projects")))
    story.fact("and in the table", "About noise", story.rows(story.tokens.get()))


@contextlib.contextmanager
def waiting():
    """The seconds of each wait of the client in Python, which takes them."""
    waits, sleep = [], ward_client.blocking.sleep

    def wait(seconds):
        waits.append(seconds)
        sleep(seconds)
    ward_client.blocking.sleep = wait
    try:
        yield waits
    finally:
        ward_client.blocking.sleep = sleep


def budget(story):
    story.show.section("A machine asks more often than it may")
    device = story.open(ward_client.Device, ward_client.Tokens(story.machine()))
    began = time.monotonic()
    with waiting() as waits:
        statuses = {said(lambda: device.get("/api/foia/requests")) for _ in range(CALLS)}
    seconds = time.monotonic() - began
    story.show.note(f"{CALLS} requests in {seconds:.0f} s, of which it waited {sum(waits):.0f} s, {len(waits)} times")
    story.fact(f"{CALLS} requests, all of them granted", "200", ", ".join(sorted(statuses)))
    story.reason(429, "SUBJECT_BUDGET_SPENT")
    story.fact("it has waited as the device said", True, bool(waits) and min(waits) >= 1)


def play(show, testbed):
    with contextlib.ExitStack() as stack:
        story = Story(show, testbed, stack)
        parts = [sign_in_with_clients, rows, renewal, rotation, denial, budget]
        for part in ([sign_in_on_the_page] if story.page else []) + parts:
            part(story)
        show.section("The end")
        story.fact("the operator says !quit", "exit 0", f"exit {story.device.quit()}")


if __name__ == "__main__":
    tell("clients", __doc__, "building the device's image, and starting issuer, database and browser: up to a minute "
         "the first time", PageTestbed("demo-clients", OidcProvider, ROOT / "build/clients/demo-site"), play, trouble=TROUBLE)
