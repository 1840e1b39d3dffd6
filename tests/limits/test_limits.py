# SPDX-License-Identifier: Apache-2.0
"""Two builds with different limits, two names of an authority, and tools, on one flash.

A large build holds 9 keys and 128 denials, a small one 2 and 16. Whatever one has stored, the other never lets in whom
it has denied, and never loses it.
"""
import pathlib
import random
import subprocess
import tempfile

import settings
from tokens import payload, token

NOW = 1767225600
FOLDER = tempfile.mkdtemp(prefix="ward-limits-")
BLOCK = 16384
clock = NOW


class Flash:
    """A flash, and boots of either build on it."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkstemp(dir=FOLDER)[1])
        self.path.unlink()

    def boot(self, build, *events, authority=""):
        """What came of the boot and of each event: a dictionary with the status as `is`."""
        global clock
        clock += 300
        command = [settings.limits / f"limits-{build}", self.path, str(clock), *([authority] if authority else [])]
        result = subprocess.run(command, input="".join(f"{event}\n" for event in events), capture_output=True, text=True, timeout=60)
        assert result.returncode == 0 and not result.stderr, result
        clock += sum(int(event.split()[1]) for event in events if event.startswith("pass "))
        lines = [line.split() for line in result.stdout.splitlines()]
        assert len(lines) == 1 + len(events), result.stdout
        return [{"is": words[1], **dict(word.split("=") for word in words[2:])} for words in lines]

    def bytes(self):
        return self.path.read_bytes()


def ask(subject, issued=NOW):
    return "ask " + token(payload(sub=subject, iat=issued, exp=issued + 30 * 86400), header={"alg": "RS256", "typ": "JWT", "kid": "a"})


def test_more_denials_than_a_small_build_holds_come_back_in_a_large_one():
    flash = Flash()
    people = [f"auth0|{number}" for number in range(128)]
    *_, last = flash.boot("large", "fetch abc", *(f"deny {name}" for name in people))
    assert last["is"] == "OK" and last["denials"] == "128", last
    before = flash.bytes()
    for _ in range(3):
        begin, denied, free, deny, passed = flash.boot("small", ask("auth0|127"), ask("auth0|free"), "deny auth0|new", "pass 200000")
        assert begin["gate"] == "DENIALS_NOT_HELD", begin
        assert denied["is"] == free["is"] == deny["is"] == "DENIALS_NOT_HELD", (denied, free, deny)
        assert passed["sequence"] == begin["sequence"]
        assert flash.bytes() == before, "a build that cannot hold the deny list has written"
    begin, *answers, free = flash.boot("large", *(ask(name) for name in people), ask("auth0|free"))
    assert begin["is"] == "OK" and begin["denials"] == "128", begin
    assert all(answer["is"] == "SUBJECT_DENIED" for answer in answers) and free["is"] == "OK", (answers, free)


def test_a_small_build_serves_after_an_operator_has_dropped_what_it_cannot_hold():
    flash = Flash()
    flash.boot("large", "fetch abc", *(f"deny auth0|{number}" for number in range(17)))
    assert flash.boot("small")[0]["gate"] == "DENIALS_NOT_HELD"
    _, drop, served, _ = flash.boot("small", "drop", ask("auth0|3"), f"until {NOW + 5}")
    assert drop["is"] == "OK" and drop["gate"] == "OK" and served["is"] == "OK", (drop, served)
    _, old, new = flash.boot("small", ask("auth0|3"), ask("auth0|3", NOW + 6))
    assert old["is"] == "SUBJECT_DENIED" and new["is"] == "OK", (old, new)
    _, _, old = flash.boot("large", f"until {NOW - 1}", ask("auth0|3"))
    assert old["is"] == "OK"


def test_as_many_as_fit_are_taken_over_by_any_build():
    flash = Flash()
    flash.boot("large", "fetch ab", *(f"deny auth0|{number}" for number in range(16)))
    begin, denied, free, more = flash.boot("small", ask("auth0|15"), ask("auth0|free"), "deny auth0|17")
    assert begin["is"] == "OK" and begin["denials"] == "16", begin
    assert (denied["is"], free["is"], more["is"]) == ("SUBJECT_DENIED", "OK", "DENY_LIST_FULL")


def test_of_more_keys_than_fit_those_that_tokens_have_shown_are_kept_and_nobody_is_let_in_who_was_denied():
    flash = Flash()
    flash.boot("large", "fetch ihgfedcba", ask("auth0|x"), "deny auth0|denied", "pass 90000")
    begin, free, denied, passed = flash.boot("small", ask("auth0|x"), ask("auth0|denied"), "pass 100")
    assert begin["is"] == "RECORD_KEYS_LEFT_OUT" and begin["keys"] == "2" and begin["boots"] == "2", begin
    assert free["is"] == "OK" and denied["is"] == "SUBJECT_DENIED", (free, denied)
    begin, denied = flash.boot("large", ask("auth0|denied"))
    assert begin["is"] == "OK" and begin["boots"] == "3" and denied["is"] == "SUBJECT_DENIED", (passed, begin, denied)


def test_denials_of_another_authority_are_held_by_nobody_else():
    flash = Flash()
    flash.boot("small", "fetch ab", "deny auth0|denied", authority="one")
    before = flash.bytes()
    for name in ("", "two"):
        begin, free, _ = flash.boot("small", ask("auth0|free"), "pass 200000", authority=name)
        assert begin["gate"] == free["is"] == "DENIALS_OF_OTHER", (begin, free)
        assert flash.bytes() == before
    assert flash.boot("large", authority="one")[0]["gate"] == "OK"


def test_any_turns_of_both_builds_lose_no_denial():
    chance = random.Random(7)
    for _ in range(12):
        flash, denied, boots = Flash(), set(), 0
        flash.boot("large", "fetch ab", "pass 100")
        for _ in range(10):
            build = chance.choice(["large", "small"])
            events, wanted = [], set(denied)
            for _ in range(chance.randrange(8)):
                name = f"auth0|{chance.randrange(30)}"
                events.append(f"{'undeny' if name in wanted else 'deny'} {name}")
                wanted ^= {name}
            begin, *results = flash.boot(build, *events)
            boots += 1
            closed = build == "small" and len(denied) > 16
            assert begin["gate"] == ("DENIALS_NOT_HELD" if closed else "OK"), (begin, build, len(denied))
            for event, result in zip(events, results):
                word, name = event.split()
                if result["is"] == "OK":
                    denied = denied | {name} if word == "deny" else denied - {name}
            assert closed or int(results[-1]["denials"] if results else begin["denials"]) == len(denied)
        begin, *answers = flash.boot("large", *(ask(f"auth0|{number}") for number in range(30)))
        assert int(begin["denials"]) == len(denied), begin
        for number, answer in enumerate(answers):
            assert answer["is"] == ("SUBJECT_DENIED" if f"auth0|{number}" in denied else "OK"), (number, answer)


def test_two_damaged_slots_are_told():
    flash = Flash()
    flash.boot("small", "fetch ab", "deny auth0|x", "deny auth0|y")
    content = bytearray(flash.bytes())
    content[100] ^= 1
    content[BLOCK + 100] ^= 1
    flash.path.write_bytes(content)
    assert flash.boot("small")[0]["is"] == "RECORD_INVALID"
