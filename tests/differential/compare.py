#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare.py [--seed N|random] [--comparisons N] [--build FOLDER]: ward's decoders and claims against Python's own.

base64url, JSON, UTF-8, NumericDate, integers and claims, on random and mutated inputs, with the same verdict and the same
value, or it fails and shows the input, both verdicts and the seed. The same seed makes the same inputs.
"""
import argparse
import collections
import pathlib
import random
import secrets
import sys
import traceback

sys.dont_write_bytecode = True
import claims
import inputs
import oracle
import payloads
from program import Ended, ask, question

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BATCH = 5000
MOST_SHOWN = 10

# Every refusal of claims and scopes: a run that does not meet one has not compared it.
CLAIM_REFUSALS = """ISSUER_MISSING ISSUER_INVALID ISSUER_REFUSED AUDIENCE_MISSING AUDIENCE_INVALID AUDIENCE_REFUSED EXPIRY_MISSING
    EXPIRY_INVALID TOKEN_EXPIRED NOT_BEFORE_INVALID TOKEN_NOT_YET_VALID ISSUED_MISSING ISSUED_INVALID ISSUED_IN_FUTURE
    LIFETIME_TOO_LONG TOKEN_TOO_OLD SUBJECT_MISSING SUBJECT_INVALID CLIENT_MISSING CLIENT_INVALID CLIENT_REFUSED SCOPE_INVALID
    SENDER_CONSTRAINED CLAIM_MISSING CLAIM_INVALID CLAIM_REFUSED JSON_NOT_OBJECT JSON_DUPLICATE_MEMBER
    SCOPE_INSUFFICIENT SCOPE_EXPRESSION PERMISSIONS_INVALID""".split()
JSON_REFUSALS = """JSON_MALFORMED JSON_BYTE_ORDER_MARK JSON_NOT_UTF8 JSON_TOO_DEEP JSON_TOO_MANY_VALUES
    JSON_DUPLICATE_MEMBER""".split()

# An input and what is asked about it; `right` is the set of right statuses, `words` what must follow OK.
Comparison = collections.namedtuple("Comparison", "shown question right words")


def verdict(value, words):
    return (frozenset(["REFUSED"]), None) if value is None else (oracle.ACCEPTED, words(value))


def compare_base64url(draw):
    text = inputs.base64url(draw)
    right, words = verdict(oracle.base64url(text), lambda data: [data.hex()])
    for command in ("base64url", "stream"):
        yield Comparison(text, question(command, text), right, words)


def compare_json(draw):
    text = inputs.json_text(draw)
    value, right = oracle.read(text)
    yield Comparison(text, question("json", text), right, oracle.table(value) if right == oracle.ACCEPTED else None)


def compare_utf8(draw):
    data = inputs.utf8(draw)
    while any(byte < 0x20 or byte in b"\"\\" for byte in data):
        data = inputs.utf8(draw)
    try:
        right, words = oracle.ACCEPTED, ["s" + data.decode("utf-8", "strict").encode().hex()]
    except UnicodeDecodeError:
        right, words = frozenset(["JSON_NOT_UTF8"]), None
    yield Comparison(data, question("json", b'"' + data + b'"'), right, words)


def compare_numbers(draw):
    text = inputs.date(draw)
    value, _ = oracle.read(text)
    right, words = verdict(oracle.date_parts(value), lambda parts: [str(part) for part in parts])
    yield Comparison(text, question("date", text), right, words)
    right, words = verdict(oracle.integer(value), lambda number: [str(number)])
    yield Comparison(text, question("integer", text), right, words)


def compare_claims(draw):
    """One expectation and twenty payloads."""
    expect = payloads.expectation(draw)
    yield Comparison(None, question("expect", *expect.arguments()), oracle.ACCEPTED, [])
    for _ in range(20):
        text = payloads.payload(draw, expect)
        right, words = claims.judge(expect, text)
        yield Comparison((vars(expect), text), question("claims", text), right, words)


# Area, its comparisons, the program that is asked, the share of all comparisons, refusals that must come up.
AREAS = [
    ("base64url: base64", compare_base64url, "differential", 0.25, ["REFUSED"]),
    ("JSON: json", compare_json, "vectors", 0.25, JSON_REFUSALS),
    ("UTF-8: bytes.decode", compare_utf8, "vectors", 0.15, ["JSON_NOT_UTF8"]),
    ("NumericDate and integers: decimal", compare_numbers, "differential", 0.15, ["REFUSED"]),
    ("claims: json and decimal", compare_claims, "differential", 0.2, CLAIM_REFUSALS),
]


def agrees(comparison, answer):
    if answer[0] not in comparison.right:
        return False
    return answer[0] != "OK" or answer[1:] == comparison.words


def show(comparison, answer, options):
    """`ascii` escapes what a terminal would obey."""
    print(f"# input {ascii(comparison.shown)}")
    print(f"# ward   {' '.join(answer)}")
    print(f"# Python {' or '.join(sorted(comparison.right))} {' '.join(comparison.words or [])}")
    print(f"# again: tests/differential/compare.py --seed {options.seed} --comparisons {options.comparisons}")
    print(f"# asked: {comparison.question}")


class Area:
    def __init__(self, options, entry):
        self.name, self.make, self.program, share, self.demanded = entry
        self.options = options
        self.wanted = int(options.comparisons * share)
        self.done = self.wrong = 0
        self.seen = collections.Counter()

    def batch(self, number):
        draw = random.Random(f"{self.options.seed} {self.name} {number}")
        comparisons = []
        while len(comparisons) < min(BATCH, self.wanted - self.done):
            comparisons += self.make(draw)
        return comparisons

    def run(self):
        number = 0
        while self.done < self.wanted and self.wrong < MOST_SHOWN:
            comparisons = self.batch(number)
            number += 1
            answers = ask(self.options.build / self.program, [one.question for one in comparisons])
            self.count(comparisons, answers)

    def count(self, comparisons, answers):
        for one, answer in zip(comparisons, answers):
            right = agrees(one, answer)
            self.wrong += not right
            if not right and self.wrong <= MOST_SHOWN:
                show(one, answer, self.options)
            # An expectation that is set is not a comparison.
            if one.shown is not None:
                self.done += 1
                self.seen.update(word for word in answer if word in ("OK", *self.demanded))

    def report(self, number):
        missing = [status for status in ["OK", *self.demanded] if not self.seen[status]]
        if missing:
            print(f"# never seen: {' '.join(missing)}")
        # Where nearly all is refused, or nearly nothing, agreement says little.
        one_sided = not 0.05 < self.seen["OK"] / max(1, self.done) < 0.95
        if one_sided:
            print(f"# {self.seen['OK']} of {self.done} are accepted")
        passed = not (self.wrong or missing or one_sided)
        print(f"{'ok' if passed else 'not ok'} {number} - {self.name}: the same verdicts and values", flush=True)
        return passed


def run_area(options, entry, number):
    area = Area(options, entry)
    try:
        area.run()
    except Ended as ended:
        print("# " + str(ended).replace("\n", "\n# "))
        area.wrong += 1
    except Exception:  # pylint: disable=broad-except
        print("# " + traceback.format_exc().strip().replace("\n", "\n# "))
        area.wrong += 1
    return area.report(number), area.done


def seed(text):
    return secrets.randbits(32) if text == "random" else int(text)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=seed, default=1)
    parser.add_argument("--comparisons", type=int, default=120000)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "host")
    return parser.parse_args()


def main():
    options = arguments()
    results = [run_area(options, entry, number) for number, entry in enumerate(AREAS, 1)]
    total = sum(done for _, done in results)
    print(f"## {total} comparisons, seed {options.seed}")
    print(f"1..{len(AREAS)}")
    sys.exit(0 if all(passed for passed, _ in results) else 1)


if __name__ == "__main__":
    main()
