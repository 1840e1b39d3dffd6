#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare_jose.py [--seed N|random] [--tokens N] [--build FOLDER]: ward's verdicts against those of jose on generated tokens.

ward must refuse whatever jose refuses. Where ward alone refuses, the reason is one of reasons.py, and Python finds it in the
token as well. The same seed makes the same tokens.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import secrets
import subprocess
import sys

sys.dont_write_bytecode = True
from mutated_tokens import finish, unsigned
from claims import Expect
from program import ask, question
from reasons import REASONS, faults

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tap  # noqa: E402
from tokens import jwks  # noqa: E402

MODULES = ROOT / "build" / "deps" / "node" / "node_modules"
BATCH = 1000
MOST_SHOWN = 10

NOW, LEEWAY = 1767225600, 60
ISSUERS = ["https://dev-4fszoklachwdh46m.us.auth0.com/", "https://login.theholetruth.org/"]
AUDIENCES = ["https://api.theholefoundation.org", "api://default"]

# Keys of the set, and the type that is demanded. With one key jose needs no `kid`.
SITUATIONS = [(["a", "b"], ""), (["a"], ""), (["a", "b"], "at+jwt"), (["a"], "application/at+jwt")]

Verdicts = collections.namedtuple("Verdicts", "expect token ward jose")


def ask_node(asked):
    done = subprocess.run(["node", ROOT / "tests" / "differential" / "jose.mjs"], input=json.dumps(asked), text=True,
                          capture_output=True, timeout=120, env=dict(os.environ, WARD_NODE_MODULES=str(MODULES)))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def make_tokens(draw, expect, count):
    orders = [unsigned(draw, expect) for _ in range(count)]
    return [finish(draw, order[2], signature) for order, signature in zip(orders, ask_node({"sign": orders}))]


def verdicts_of_jose(keys, expect, tokens):
    options = {"algorithms": ["RS256"], "issuer": expect.issuers, "audience": expect.audiences, "clockTolerance": expect.leeway,
               "currentDate": expect.now, "requiredClaims": ["exp", "sub"], **({"typ": expect.type} if expect.type else {})}
    return ask_node({"keys": keys, "options": options, "verify": tokens})


def verdicts_of_ward(build, keys, expect, tokens):
    questions = [question("expect", *expect.arguments()), question("keys", jwks(*keys).encode()),
                 *(question("token", token.encode()) for token in tokens)]
    answers = ask(build / "differential", questions)
    assert answers[0] == ["OK"] and answers[1] == ["OK"], answers[:2]
    return answers[2:]


def batch(options, number, count):
    """The verdicts of both on some tokens."""
    keys, demanded = SITUATIONS[number % len(SITUATIONS)]
    expect = Expect(NOW, issuers=ISSUERS, audiences=AUDIENCES, leeway=LEEWAY, type=demanded)
    tokens = make_tokens(random.Random(f"{options.seed} {number}"), expect, count)
    both = zip(tokens, verdicts_of_ward(options.build, keys, expect, tokens), verdicts_of_jose(keys, expect, tokens))
    return [Verdicts(expect, token, ward, jose) for token, ward, jose in both]


def run(options):
    numbers = range(-(-options.tokens // BATCH))
    return [one for number in numbers for one in batch(options, number, min(BATCH, options.tokens - number * BATCH))]


def show(one):
    print(f"# token {ascii(one.token)}")
    print(f"# ward {' '.join(one.ward)}; jose {one.jose}; Python {sorted(faults(one.expect, one.token))}")
    print(f"# demanded type {one.expect.type!r}")
    print(f"# again: tests/differential/compare_jose.py --seed {OPTIONS.seed} --tokens {OPTIONS.tokens}")


def none_of(wrong):
    for one in wrong[:MOST_SHOWN]:
        show(one)
    assert not wrong, f"{len(wrong)} of {len(VERDICTS)} tokens"


def accepts(one):
    return one.ward[0] == "OK"


def test_what_jose_refuses_ward_refuses():
    none_of([one for one in VERDICTS if accepts(one) and not one.jose[0]])


def test_what_ward_accepts_breaks_no_rule_of_the_list():
    none_of([one for one in VERDICTS if accepts(one) and faults(one.expect, one.token)])


def test_what_ward_alone_refuses_has_a_reason_in_the_list():
    none_of([one for one in VERDICTS if one.jose[0] and not accepts(one) and one.ward[0] not in REASONS])


def test_the_reason_is_one_that_Python_finds_in_the_token():
    none_of([one for one in VERDICTS if one.jose[0] and not accepts(one) and one.ward[0] not in faults(one.expect, one.token)])


def test_every_reason_is_used():
    used = collections.Counter(one.ward[0] for one in VERDICTS if one.jose[0])
    for status, (rule, source) in REASONS.items():
        print(f"# {used[status]:5} {status}: {rule} ({source})")
    assert not set(REASONS) - set(used), sorted(set(REASONS) - set(used))


def test_issuer_and_subject_of_what_both_accept_are_the_same():
    none_of([one for one in VERDICTS if accepts(one) and one.jose[0]
             and [one.ward[1], one.ward[3]] != [text.encode().hex() for text in one.jose[1:]]])


def test_many_tokens_are_accepted_by_both_and_many_refused_by_both():
    both = sum(accepts(one) and one.jose[0] for one in VERDICTS)
    neither = sum(not accepts(one) and not one.jose[0] for one in VERDICTS)
    print(f"## {len(VERDICTS)} tokens, seed {OPTIONS.seed}: {both} accepted by both, {neither} by neither, "
          f"{len(VERDICTS) - both - neither} differ for {len(REASONS)} reasons")
    assert both > len(VERDICTS) / 10 and neither > len(VERDICTS) / 10


def arguments():
    def seed(text):
        return secrets.randbits(32) if text == "random" else int(text)
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=seed, default=1)
    parser.add_argument("--tokens", type=int, default=8000)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "host")
    return parser.parse_args()


if __name__ == "__main__":
    if not (MODULES / "jose").is_dir():
        print("ok 1 - verdicts of jose # SKIP jose is not there: tools/setup issuer\n1..1")
        sys.exit(0)
    OPTIONS = arguments()
    VERDICTS = run(OPTIONS)
    tap.main(__name__)
