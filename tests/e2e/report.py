# SPDX-License-Identifier: Apache-2.0
"""Two ways to tell what came of a story's rows: a table for people, TAP for the tests."""
import argparse
import subprocess
import sys

# What ends a story early, and is told as a row of it.
TROUBLE = (OSError, RuntimeError, subprocess.SubprocessError)
EMULATED = "The device is QEMU's mps2-an385 (Cortex-M3); its entropy, flash and clock are emulated."


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


def tell(prefix, description, begins, testbed, play, last=None, trouble=TROUBLE):
    """A demo's program: plays the story on its testbed, for people or with --tap; ends with 1 where a row is not as
    expected."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--tap", action="store_true")
    show = Tap(prefix) if arguments.parse_args().tap else Show()
    show.note(begins)
    try:
        with testbed as made:
            try:
                play(show, made)
            except trouble as what:
                show.row("the story", "comes to its end", "breaks off", what)
    except TROUBLE as what:
        sys.exit(f"demo: {what}")
    if last:
        show.note(last)
    show.end(EMULATED)
    sys.exit(1 if show.bad else 0)
