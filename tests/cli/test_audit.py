#!/usr/bin/env python3
"""test_audit.py [WARD]: `ward audit` finds whatever was changed in an exported chain; the chains come from `ward check`."""
import hashlib
import json

from cli import FOLDER, USUAL, unusable, usage, ward
import tap
from tokens import NOW, payload, token

ROUTES = FOLDER / "routes"
ROUTES.write_text("GET /a read:foia\nGET /b other\n")
TOKENS = [f"token good {token()}", f"token odd {token(payload(sub='|' * 300))}",
          f"token name {token(payload(sub='a' + chr(34) + chr(0x202e)))}"]
EXPORT = FOLDER / "audit"


def export(lines, tokens=()):
    """The audit of a list of requests: its lines and the head that was told."""
    result = ward("check", "--routes", ROUTES, *USUAL, "--requests", "-", "--audit", EXPORT, stdin="\n".join([*TOKENS, *tokens, *lines]).encode())
    assert result.returncode == 0, result
    return EXPORT.read_text().splitlines(), result.stdout.decode().splitlines()[-1].removeprefix("audit head ")


def audit(lines, *words):
    return ward("audit", "-", *words, stdin="".join(line + "\n" for line in lines).encode())


def unbroken(result, *words):
    assert result.returncode == 0 and result.stderr == b"", result
    for word in words:
        assert word.encode() in result.stdout, result.stdout


def broken(result, *words):
    assert result.returncode == 1 and result.stdout == b"", result
    for word in words:
        assert word.encode() in result.stderr, result.stderr


LINES, HEAD = export([f"{NOW} GET /a bearer=good", f"{NOW} GET /b bearer=good", f"{NOW} GET /a", f"{NOW} deny auth0|x", f"{NOW} GET /a bearer=name",
                      f"{NOW} GET /a cleartext bearer=good peer=10.0.0.1"])


def test_a_whole_chain_is_unbroken_under_its_head():
    unbroken(audit(LINES), "7 events from number 1 on, unbroken", HEAD)
    unbroken(audit(LINES, "--head", HEAD), "as anchored")
    unbroken(ward("audit", EXPORT, "--head", HEAD), "as anchored")
    unbroken(audit(LINES[2:], "--head", HEAD), "5 events from number 3 on")


def test_an_event_says_who_did_what_when():
    events = [json.loads(line) for line in LINES]
    assert [event["sequence"] for event in events] == list(range(1, 8))
    assert [event["kind"] for event in events] == ["boot", "grant", "refusal", "refusal", "change", "grant", "refusal"]
    assert [event["reason"] for event in events] == ["OK", "OK", "SCOPE_INSUFFICIENT", "CREDENTIAL_MISSING", "SUBJECT_DENIED", "OK",
                                                     "CHANNEL_UNPROTECTED"]
    assert events[1]["subject"] == "auth0|65f0c0ff…" and events[1]["method"] == "GET" and events[1]["time"] == NOW, events[1]
    assert events[1]["owner"] == events[2]["owner"] != "0" * 32
    assert events[5]["subject"] == 'a"\u202e' and "\u202e" not in LINES[5]
    assert events[6]["exposed"] and events[6]["peer"] == "0" * 20 + "ffff0a000001"


def test_a_file_forgets_nothing_however_many_events():
    lines, head = export([f"{NOW + 9 * number} GET /a peer=10.0.0.{number}" + (" bearer=good" if number % 2 else "") for number in range(200)])
    unbroken(audit(lines, "--head", head), "201 events", "unbroken")


def changed(line, place):
    """The line with another character at this place."""
    return line[:place] + ("0" if line[place] != "0" else "1") + line[place + 1:]


def test_every_changed_byte_is_found():
    for place in range(len(LINES[2])):
        broken(audit([*LINES[:2], changed(LINES[2], place), *LINES[3:]]), "-:3: ")


def test_an_event_that_is_left_out_doubled_or_moved_is_found():
    for number in range(1, len(LINES) - 1):
        broken(audit(LINES[:number] + LINES[number + 1:]), f"-:{number + 1}: ", "missing", "--gaps")
    broken(audit(LINES[:3] + LINES[2:]), "-:4: ", "order")
    broken(audit([LINES[0], LINES[2], LINES[1], *LINES[3:]]), "-:2: ", "missing")
    broken(audit(LINES[:-1], "--head", HEAD), "missing at the end")


def test_an_event_of_another_chain_is_found():
    other, _ = export([f"{NOW} GET /a bearer=name"] * 3)
    broken(audit(LINES[:2] + other[2:]), "-:3: ", "chain is broken")


def test_gaps_are_counted_where_they_are_allowed():
    unbroken(audit([*LINES[:2], *LINES[4:]], "--gaps", "--head", HEAD), "5 events from number 1 on, gaps: 1")
    unbroken(audit(LINES, "--gaps"), "unbroken")
    broken(audit([LINES[2], LINES[1]], "--gaps"), "order")
    broken(audit([*LINES[:2], changed(LINES[3], len(LINES[3]) - 5)], "--gaps"), "-:3: ")
    other, _ = export([f"{NOW} GET /a bearer=name"] * 3)
    broken(audit(LINES[:2] + other[2:], "--gaps"), "-:3: ", "chain is broken")


def bound_to(line, head):
    """An event's line as it would be behind another head: the digest by Python's SHA-256, an implementation of its own."""
    event = json.loads(line)
    digest = hashlib.sha256(bytes.fromhex(head) + bytes.fromhex(event["packed"])).hexdigest()
    return line.replace(event["previous"], head, 1).replace(event["digest"], digest, 1)


def test_a_boot_begins_to_count_anew():
    again, _ = export([f"{NOW} GET /a"])
    for words in ([], ["--gaps"]):
        unbroken(audit([*LINES, bound_to(again[0], HEAD)], *words), "8 events", "unbroken")
    # The next boot did not know the head of the one before.
    broken(audit(LINES + again), "-:8: ", "chain is broken")
    unbroken(audit(LINES + again, "--gaps"), "9 events", "gaps: 1")


def test_refusals_that_are_counted_keep_the_marks_of_the_first():
    lines = [f"{NOW} GET /a peer=10.0.0.{number}" for number in range(12)]
    exported, head = export([*lines, f"{NOW} GET /b bearer=good"])
    unbroken(audit(exported, "--head", head))
    last = json.loads(exported[-1])
    assert last["mixed"] and last["repeats"] == 5 and last["subject"] == "", last


def test_what_is_no_audit_is_refused_by_its_line():
    for text in ("x", "{}", LINES[0] + " ", LINES[0][1:], "y" * 5000, LINES[0].replace('"packed":"', '"packed":"zz'), "\x1b"):
        broken(audit([LINES[0].replace("\n", ""), text]), "-:2: ")


def test_files_that_cannot_be_used_are_named():
    unusable(audit([]), "no events")
    unusable(audit(["", ""]), "no events")
    unusable(ward("audit", FOLDER / "missing"), "missing", "No such file")
    unusable(ward("audit", FOLDER), "directory")


def test_wrong_usage_names_what_is_wrong():
    usage(ward("audit"), "FILE")
    usage(ward("audit", EXPORT, EXPORT), "too many")
    for head in ("", "0", HEAD[:-1], HEAD + "0", HEAD.upper(), "g" * 64):
        usage(audit(LINES, "--head", head), "--head", "64")
    usage(audit(LINES, "--gaps=1"), "--gaps")


if __name__ == "__main__":
    tap.main(__name__, "ward audit: ")
