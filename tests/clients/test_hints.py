# SPDX-License-Identifier: Apache-2.0
"""clients/hints.json: what to do about each answer. Held against what ward and the device really answer, both ways."""
import collections
import json
import re
import subprocess

from compiling import FOLDER, LIBRARY, ROOT, compile_text, compiles

HINTS = json.loads((ROOT / "clients" / "hints.json").read_text())

# Every result that a check can end with, as the gate answers it: status and body, a line each.
ANSWERS = """
#include <stdio.h>
#include "access/answer.h"
#include "ward/http.h"
int main(void)
{
    char body[512];
    size_t length;
    for (uint32_t code = 0; code <= 0xffff; code++) {
        struct ward_answer answer = { .scope = WARD_TEXT("a") };
        const struct ward_status status = { .code = code };
        ward_answer_set(&answer, status);
        if (!ward_ok(ward_answer_body(&answer, body, sizeof body, &length)))
            return 1;
        if (length > 0)
            printf("%u %.*s\\n", (unsigned)answer.http, (int)length, body);
    }
    return 0;
}
"""

# Of RFC 6749 (4.1.2.1, 5.2), OpenID Connect Core (3.1.2.6), RFC 8628 (3.5) and RFC 8707: what an issuer answers, without
# what only tells a client of RFC 8628 to go on waiting, and what no client of ours can ask for.
OF_ISSUERS = {
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
    "access_denied", "unsupported_response_type", "server_error", "temporarily_unavailable", "login_required",
    "interaction_required", "consent_required", "expired_token", "invalid_target"
}


def gates_answers():
    """(error, description) of each of the gate's answers, and the statuses that it comes with."""
    compiles(compile_text(ANSWERS, "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", str(ROOT / "src"),
                          "-Wl,-u,ward_answer_set,-u,ward_answer_body", LIBRARY, "-o", str(FOLDER / "answers")))
    found = collections.defaultdict(set)
    for line in subprocess.run([FOLDER / "answers"], capture_output=True, text=True, check=True).stdout.splitlines():
        status, _, body = line.partition(" ")
        body = json.loads(body)
        found[body["error"], body["error_description"]].add(int(status))
    return found


def servers_answers():
    """The error of each body that stands in the sources of a port or of the demo as a whole: before or beside the gate,
    and without a description."""
    files = [*(ROOT / "port").rglob("*.c"), *(ROOT / "boards/app").rglob("*.c")]
    return {error for file in files for error in re.findall(r'"\{\\"error\\":\\"(\w+)\\"\}"', file.read_text())}


def expected():
    """Each answer has a hint of its own. An error that comes with several descriptions, or without one, has another for
    the error alone."""
    gate, server = gates_answers(), servers_answers()
    count = collections.Counter(error for error, _ in gate)
    return {*gate, *((error, None) for error in {*server, *(error for error in count if count[error] > 1)})}


def test_there_is_a_hint_for_each_answer_and_an_answer_for_each_hint():
    rows = [(row["error"], row["description"]) for row in HINTS["device"]]
    assert len(rows) == len(set(rows))
    assert set(rows) == expected()


def test_a_row_names_the_status_that_its_answer_has():
    gate, server = gates_answers(), servers_answers()
    for row in HINTS["device"]:
        statuses = {
            status
            for (error, description), of_pair in gate.items() for status in of_pair
            if error == row["error"] and row["description"] in (None, description)
        }
        # A server refuses what is no HTTP by several statuses.
        several = len(statuses) > 1 or (row["error"] in server and statuses != {500} and row["description"] is None)
        assert row["status"] == (None if several else statuses.pop()), row


def test_the_errors_of_issuers_are_those_of_the_standards():
    assert {row["error"] for row in HINTS["issuer"]} == OF_ISSUERS and len(HINTS["issuer"]) == len(OF_ISSUERS)
    assert all(row["description"] is None for row in HINTS["issuer"] + HINTS["client"])
    assert len({row["error"] for row in HINTS["client"]}) == len(HINTS["client"])


def test_a_hint_is_a_sentence_that_says_what_to_do():
    for row in [row for rows in HINTS.values() for row in rows]:
        assert re.fullmatch(r"[A-Z][^\n]{20,250}\.", row["hint"]), row
        assert set(row) - {"status"} == {"error", "description", "hint"}, row


def test_this_test_would_find_a_new_answer():
    """Both sources of answers are read: a known one of each is there."""
    assert ("rate_limited", "Too many requests") in gates_answers() and gates_answers()["server_error", "The request could not be decided"] == {500}
    assert servers_answers() == {"invalid_request", "server_error"}
