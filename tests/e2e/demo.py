#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""demo.py [--tap]: a device on a network, from its first boot to a power cut: an issuer, the device in QEMU, curl.

Shows a table, or with --tap a line for each row for the tests. Exit code 0 only if every row is as expected.
"""
import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from exported_audit import check_export, show_events, ward_audit  # noqa: E402
from issuer import Issuer  # noqa: E402
from report import tell  # noqa: E402
from scenarios import SECTIONS, USER  # noqa: E402
from testbed import Testbed, call, shown  # noqa: E402

# Seconds between two refreshes that unknown kids ask for; a device has 60 unless told otherwise.
COOLDOWN = 3
ENDPOINT = "/api/foia/requests"
SCOPE = "read:foia"


class Story:
    """What has happened so far: the device that runs, the tokens by name, its audit as it was printed, those of all boots."""

    def __init__(self, show, testbed):
        self.show, self.testbed, self.device = show, testbed, None
        self.audit, self.exports = [], []
        self.tokens, self.cool = testbed.issuer.tokens(), 0
        self.before = testbed.issuer.fetches()

    # ---- The console.

    def console(self, beginning, seconds=30):
        """The first line that begins so; the audit's lines before it are kept."""
        lines = self.device.until(beginning, seconds)
        self.audit += [line.removeprefix("AUDIT ") for line in lines if line.startswith("AUDIT ")]
        return lines[-1]

    def operator(self, command, beginning):
        self.device.send(command.encode() + b"\n")
        return self.console(beginning)

    def fetched(self):
        """What came of the fetch that is under way."""
        line = self.console("FETCH ", 45)
        self.cool = time.monotonic() + COOLDOWN
        return dict(word.split("=") for word in line.split()[1:])["reason"]

    def wait_for_cooldown(self):
        time.sleep(max(0, self.cool + 0.2 - time.monotonic()))

    def fetch(self):
        """The operator wants fresh keys, as an unknown kid would."""
        self.wait_for_cooldown()
        self.operator("!fetch", "asked KEY_REFRESH_PENDING")
        return self.fetched()

    def export(self):
        """The audit as it was printed since the device started, and the head that the device names: (lines, head)."""
        head = self.operator("!audit", "HEAD").split()[1]
        return self.audit, head

    # ---- Rows.

    def ask(self, target, token=None, method="GET", body="", headers=(), times=1):
        """What curl got and the gate's reasons for it, in order: [(answer, reason)]."""
        words = self.testbed.curl(self.device, target, method, self.tokens.get(token), body, headers, times)
        self.show.note("$ " + shown(words, {token: self.tokens.get(token)} if token else {}))
        return [(answer, self.console("LOG ").split("reason=")[1] if answer.status else "NO_ANSWER") for answer in call(words)]

    def ask_patiently(self, target, token):
        """One answer. Where a flood has spent what signature checks this address has, it is asked again when the device says:
        its clock is the emulator's, which a busy machine makes slow."""
        end = time.monotonic() + 60
        while True:
            (answer, reason), = self.ask(target, token)
            if reason != "SIGNATURE_BUDGET_SPENT" or time.monotonic() > end:
                return answer, reason
            wait = int(re.search(r"^Retry-After: (\d+)", answer.head, re.M | re.I)[1])
            self.show.note(f"the flood has spent this address's signature checks: again in {wait} s, as the device says")
            time.sleep(wait)

    def row(self, what, token, expected, target=ENDPOINT, shows=""):
        answer, reason = self.ask_patiently(target, token)
        said = f"{answer.status} {reason}" + ("" if shows in answer.head + answer.body else f" without {shows}")
        self.show.row(what, expected, said, f"{answer.head} {answer.body}")

    def fact(self, what, expected, got):
        self.show.row(what, str(expected), str(got), "")


def said_of(row, answer, reason):
    """What the device said, in words; what it should have shown and hidden is a part of that."""
    seen = answer.head + answer.body
    text = f"{answer.status} {reason}"
    if row.shows not in seen:
        text += f" without {row.shows}"
    if answer.status >= 400 and reason != "OK" and reason in seen:
        text += " and told the stranger"
    return text


# ---- The story's parts.

def boot(story, keys, boots):
    began, story.audit = time.monotonic(), []
    story.device = story.testbed.device().__enter__()
    line = story.console("READY")
    told = dict(word.split("=") for word in line.split()[1:])
    story.show.note(f"{line}\n({time.monotonic() - began:.1f} s after power-on; "
                    f"this machine's port {story.device.port} is the device's 443)")
    story.fact("its boots so far, and its keys", f"{boots}, {keys} keys", f"{told['boots']}, {told['keys']} keys")


def first_boot(story):
    story.show.section("A device starts for the first time")
    boot(story, keys=0, boots=1)
    story.fact("it fetches its issuer's keys over TLS", "OK", story.fetched())
    story.fact("fetches that the issuer has counted", 1, story.testbed.issuer.fetches() - story.before)


def endpoints(story):
    """The rows of scenarios.py, through curl."""
    for title, commands, rows in SECTIONS:
        story.show.section(title, [f"the operator types {command}" for command in commands])
        for command in commands:
            story.operator(command, "done")
        for row in rows:
            ask_row(story, row)


def ask_row(story, row):
    words = row.target, row.token, row.method, row.body, row.headers, row.most
    answers = story.ask(*words)
    if answers[0][1] == "KEY_REFRESH_PENDING":
        answer = answers[0][0]
        story.show.row(f"{row.what}: is it a new one?", "503 KEY_REFRESH_PENDING", f"{answer.status} KEY_REFRESH_PENDING", answer.head)
        story.fact("the device asks its issuer", "OK", story.fetched())
        answers = story.ask(*words)
    answer, reason = next((pair for pair in answers if pair[0].status == row.status), answers[-1])
    story.show.row(row.what, f"{row.status} {row.reason}", said_of(row, answer, reason), f"{answer.head} {answer.body}")


def rotation(story):
    issuer = story.testbed.issuer
    story.show.section("The issuer rotates its keys")
    # The flood has spent what signature checks this address has; one comes back within eight seconds, and who is granted
    # something has it again.
    time.sleep(9)
    story.wait_for_cooldown()
    fetches = issuer.fetches()
    issuer.rotate()
    story.tokens["announced"] = issuer.token(SCOPE)
    story.row("signed by the key that was announced", "announced", "200 OK")
    story.fact("fetches that it took", 0, issuer.fetches() - fetches)
    issuer.rotate()
    story.tokens["fresh"] = issuer.token(SCOPE)
    story.row("signed by a key that was not", "fresh", "503 KEY_REFRESH_PENDING", shows=f"Retry-After: {COOLDOWN}")
    story.fact("the device asks its issuer", "OK", story.fetched())
    story.row("the same token again", "fresh", "200 OK")
    story.fact("fetches that it took", 1, issuer.fetches() - fetches)
    story.row("the old token: its key is still published", "user", "200 OK")


def revocation(story):
    story.show.section("The issuer revokes the old keys")
    story.testbed.issuer.revoke()
    story.row("the old token, before the device knows", "user", "200 OK")
    story.fact("the operator wants fresh keys", "OK", story.fetch())
    story.row("the old token: it was cached, and dies", "user", "401 KEY_UNKNOWN")
    story.row("the new one", "fresh", "200 OK")


def outage(story):
    story.show.section("The issuer goes down")
    story.testbed.stop_issuer()
    story.fact("a fetch fails", "FETCH_REFUSED", story.fetch())
    story.row("the keys stay: the new token", "fresh", "200 OK")
    story.row("the revoked one: it cannot tell, for now", "user", "503 KEY_REFRESH_PENDING")


def power_cut(story):
    story.show.section("Power fails, the issuer still down")
    story.operator("!audit", "HEAD")
    story.show.note(f"the operator types !deny {USER}; then the emulator is killed (SIGKILL) and started again")
    story.operator(f"!deny {USER}", "done")
    # The loop stores what has changed before it looks at the console again.
    story.operator("!report", "REPORT end")
    story.exports.append(story.export())
    story.device.process.kill()
    story.device.__exit__()
    boot(story, keys=2, boots=2)
    story.row("the new token, denied just before the cut", "fresh", "401 SUBJECT_DENIED")
    story.show.note(f"the operator types !undeny {USER}")
    story.operator(f"!undeny {USER}", "done")
    story.row("allowed again: at once, keys from flash", "fresh", "200 OK")
    story.exports.append(story.export())


def audit(story):
    (before, head), (after, newest) = story.exports
    show_events(story.show, before + after)
    check_export(story.show, before, head)
    code, text = ward_audit(after, "--from", head, "--head", newest)
    story.show.row("of the second boot, as printed", "exit 0", f"exit {code}", text)
    story.fact("it begins with the first's head, from flash", f"{head[:20]}…", f"{json.loads(after[0])['previous'][:20]}…")


def play(show, testbed):
    story = Story(show, testbed)
    show.note(f"an issuer shaped like Auth0 (oauth2-mock-server) serves https://127.0.0.1:{testbed.issuer.port}/\n"
              f"the device asks it for keys that it does not know every {COOLDOWN} seconds at most; the default is 60")
    try:
        for part in (first_boot, endpoints, rotation, revocation, outage, power_cut, audit):
            part(story)
        show.section("The end")
        story.fact("the operator says !quit", "exit 0", f"exit {story.device.quit()}")
    finally:
        if story.device is not None:
            story.device.__exit__()


if __name__ == "__main__":
    tell("demo", __doc__, "building the device's image, and starting its issuer: up to a minute the first time",
         Testbed("demo", Issuer, cooldown=COOLDOWN), play,
         last="\nHow users, pages, clients and a database come by such tokens: make demo-clients")
