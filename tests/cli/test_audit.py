# SPDX-License-Identifier: Apache-2.0
"""`ward audit` finds whatever was changed in an exported chain; the chains come from `ward check`."""
import hashlib
import json

from ward_command import USUAL, new_folder, unusable, usage, ward
from tokens import NOW, payload, token

FOLDER = new_folder()
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


NOTHING = "0" * 64


LINES, HEAD = export([f"{NOW} GET /a bearer=good", f"{NOW} GET /b bearer=good", f"{NOW} GET /a", f"{NOW} deny auth0|x", f"{NOW} GET /a bearer=name",
                      f"{NOW} GET /a cleartext bearer=good peer=10.0.0.1"])


def test_a_whole_chain_is_unbroken_between_its_anchors():
    unbroken(audit(LINES), "7 events from number 1 on, unbroken; head " + HEAD, "it starts with a device that had stored nothing",
             "what came after number 7 is not known; --head")
    unbroken(audit(LINES, "--head", HEAD), "as anchored", "it ends with its anchor")
    unbroken(audit(LINES, "--head", HEAD, "--from", NOTHING), "it starts after its anchor", "it ends with its anchor")
    unbroken(ward("audit", EXPORT, "--head", HEAD), "as anchored")


def test_a_log_without_its_first_events_is_said_to_start_in_the_middle_and_refused_under_its_anchor():
    previous = json.loads(LINES[2])["previous"]
    unbroken(audit(LINES[2:], "--head", HEAD), "5 events from number 3 on", "starts in the middle: what came before number 3 is not known; --from")
    unbroken(audit(LINES[2:], "--from", previous), "5 events from number 3 on", "it starts after its anchor")
    for number in range(1, len(LINES)):
        broken(audit(LINES[number:], "--from", NOTHING), "-:1: ", "--from", "missing at the start")
        broken(audit(LINES[number:], "--from", NOTHING, "--gaps"), "-:1: ", "missing at the start")
    broken(audit(LINES, "--from", previous), "-:1: ", "missing at the start")


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
        broken(audit([*LINES[:number], changed(LINES[number], 10), *LINES[number + 1:]]), f"-:{number + 1}: ")
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
    """An event's line as it would be after another head: the digest by Python's SHA-256, an implementation of its
    own."""
    event = json.loads(line)
    digest = hashlib.sha256(bytes.fromhex(head) + bytes.fromhex(event["packed"])).hexdigest()
    return line.replace(event["previous"], head, 1).replace(event["digest"], digest, 1)


def digest(line):
    return json.loads(line)["digest"]


def second_boot(head, *lines):
    """Another boot's events, as a device writes them that had stored this head."""
    bound = []
    for line in export(lines)[0]:
        bound.append(bound_to(line, digest(bound[-1]) if bound else head))
    return bound


def test_a_boot_begins_to_count_anew():
    for words in ([], ["--gaps"]):
        unbroken(audit(LINES + second_boot(HEAD, f"{NOW} GET /a"), *words), "9 events from number 1 on, unbroken; head")


def test_a_boot_after_a_power_cut_follows_what_was_stored_and_leaves_the_rest_behind():
    again = second_boot(digest(LINES[4]), f"{NOW} GET /a", f"{NOW} GET /b")
    for words in ([], ["--gaps"], ["--head", digest(again[-1])], ["--from", NOTHING]):
        unbroken(audit(LINES + again, *words),
                 "line 8: this boot follows line 5 (number 5), the last that the device had stored; 2 events, lines 6 to 7 (numbers 6 to 7), "
                 "are left behind", "what came after line 7 is not known", "10 events from number 1 on, unbroken, left behind: 2; head " +
                 digest(again[-1]))
    unbroken(audit(LINES + second_boot(digest(LINES[5]))), "1 event, line 7 (number 7), is left behind", "vouches for it,")
    unbroken(audit(LINES + second_boot(NOTHING)), "follows what came before the first line", "7 events, lines 1 to 7", "left behind: 7")
    # What was left behind is no less checked, and the anchor is that of the last boot.
    broken(audit([*LINES[:5], LINES[6], *again]), "-:6: ", "missing")
    broken(audit([*LINES[:6], changed(LINES[6], 30), *again]), "-:7: ")
    broken(audit(LINES + again, "--head", HEAD), "line 7, which a later boot has left behind")
    broken(audit(LINES + again, "--head", digest(LINES[3])), "--head names line 4, and the log goes on after it")
    # Cut at its end a boot looks like a power cut: that is why it is said.
    unbroken(audit(LINES[:6] + again), "left behind: 1", "what came after line 6 is not known")
    # Cut whole, between both anchors, it leaves no trace but that there was a boot.
    unbroken(audit(LINES[:5] + again, "--from", NOTHING, "--head", digest(again[-1])), "8 events from number 1 on, unbroken",
             "as anchored", "boots after the first event: 1, the last in line 6: what came before a boot and was not stored")
    assert b"boots after" not in audit(LINES).stdout
    # In two logs, cut where the first one was anchored, it is not a missing event.
    broken(audit(again, "--from", HEAD), "-:1: this boot does not follow", "check it as one log with what came before")


def test_boots_in_a_row_that_stored_nothing_follow_the_same_event():
    second = second_boot(digest(LINES[4]), f"{NOW} GET /a")
    third = second_boot(digest(LINES[4]), f"{NOW} GET /b")
    fourth = second_boot(digest(third[1]), f"{NOW} GET /b")
    unbroken(audit(LINES + second + third + fourth), "line 8: this boot follows line 5", "line 10: this boot follows line 5 (number 5)",
             "lines 8 to 9 (numbers 1 to 2), are left behind", "left behind: 4; head " + digest(fourth[-1]))


def test_a_boot_that_follows_nothing_of_the_log_breaks_it():
    foreign = second_boot("5" * 64, f"{NOW} GET /a")
    broken(audit(LINES + foreign), "-:8: ", "chain is broken", "boot", "--gaps")
    unbroken(audit(LINES + foreign, "--gaps"), "9 events", "gaps: 1")
    # What an earlier boot has left behind was never stored: no later one follows it.
    second = second_boot(digest(LINES[4]), f"{NOW} GET /a")
    broken(audit(LINES + second + second_boot(digest(LINES[5]))), "-:10: ", "chain is broken")
    # A log that starts in the middle does not know of a device that had stored nothing.
    broken(audit(LINES[2:] + second_boot(NOTHING)), "-:6: ", "chain is broken")


def test_a_number_that_was_never_written_is_no_gap():
    events = [json.loads(line) for line in LINES[:4]]
    packed = "00000005" + events[3]["packed"][8:]
    line = LINES[3].replace('"sequence":4', '"sequence":5').replace(events[3]["packed"], packed)
    line = bound_to(line, digest(LINES[2]))
    unbroken(audit([*LINES[:3], line]), "4 events from number 1 on, unbroken, never written: 1; head " + digest(line))


def test_refusals_that_are_counted_keep_the_marks_of_the_first():
    lines = [f"{NOW} GET /a peer=10.0.0.{number}" for number in range(12)]
    exported, head = export([*lines, f"{NOW} GET /b bearer=good"])
    unbroken(audit(exported, "--head", head))
    last = json.loads(exported[-1])
    assert last["mixed"] and last["repeats"] == 4 and last["subject"] == "", last


def test_what_is_no_audit_is_refused_by_its_line():
    for text in ("x", "{}", LINES[0] + " ", LINES[0][1:], "y" * 5000, LINES[0].replace('"packed":"', '"packed":"zz'), "\x1b"):
        broken(audit([LINES[0].replace("\n", ""), text]), "-:2: ")


def test_lines_are_compared_whole_and_hold_no_control_character():
    for sign in (*map(chr, range(0x20)), "\x7f"):
        if sign == "\n":
            continue
        for text in (LINES[1] + sign + '{"kind":"grant","subject":"nobody"}', LINES[1] + sign, sign + LINES[1], LINES[1].replace(",", sign, 1)):
            broken(audit([LINES[0], text, *LINES[2:]]), "-:2: ", "control character")
    broken(ward("audit", "-", stdin="\r\n".join([*LINES, ""]).encode()), "-:1: ", "control character", "CR LF")
    broken(audit([LINES[0], LINES[1] + "\0"]), "-:2: ", "control character")
    for text in (LINES[1] + "}", LINES[1] + "\u2028x", LINES[1] + LINES[2], LINES[1][:-1], LINES[1] + "x" * 2000, "\u00a0" + LINES[1]):
        broken(audit([LINES[0], text, *LINES[2:]]), "-:2: ")
    # A file whose last line has no end is as good.
    unbroken(ward("audit", "-", "--head", HEAD, stdin="\n".join(LINES).encode()), "7 events")


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
        usage(audit(LINES, "--from", head), "--from", "64")
    usage(audit(LINES, "--gaps=1"), "--gaps")
