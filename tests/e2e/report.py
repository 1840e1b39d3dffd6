# SPDX-License-Identifier: Apache-2.0
"""Two ways to tell what came of a story's rows: a table for people, TAP for the tests."""


class Show:
    """The table for people."""

    def __init__(self, costs=False):
        self.costs, self.count, self.bad = costs, 0, 0

    def note(self, text):
        print(text, flush=True)

    def section(self, title, lines=()):
        cost = f" {'instructions':>12}" if self.costs else ""
        print(f"\n{title:<44} {'expected':<28} {'got':<28}{cost}".rstrip())
        for line in lines:
            print(line)

    def row(self, what, expected, said, detail, cost=None):
        """One row; `detail` is shown where it is not as expected."""
        self.count += 1
        self.bad += said != expected
        cost = f" {cost:>12,}" if cost is not None else ""
        print(f"{what:<44} {expected:<28} {said:<28}{cost}{'' if said == expected else '  <-- not as expected'}".rstrip(), flush=True)
        if said != expected:
            print(f"    {detail}")

    def end(self, how):
        verdict = "every row is as expected" if self.bad == 0 else f"{self.bad} not as expected"
        print(f"\n{self.count} rows, {verdict}. {how}")


class Tap(Show):
    """The same for the tests."""

    def __init__(self, prefix, costs=False):
        super().__init__(costs)
        self.prefix = prefix

    def note(self, text):
        for line in text.splitlines():
            print(f"# {line}", flush=True)

    def section(self, title, lines=()):
        self.note("\n".join([title, *lines]))

    def row(self, what, expected, said, detail, cost=None):
        self.count += 1
        self.bad += said != expected
        print(f"{'ok' if said == expected else 'not ok'} {self.count} - {self.prefix}: {what}: {expected}", flush=True)
        if said != expected:
            print(f"# got {said}: {detail}")

    def end(self, how):
        print(f"1..{self.count}")
