# SPDX-License-Identifier: Apache-2.0
"""What is shown of a case that failed: what its devices printed, what its issuers saw. Who has something to show adds
it here."""
import dataclasses
import typing

# Devices and issuers that are shown, the last ones; lines of each; characters of a line.
LAST, MOST, WIDEST = 4, 60, 200


@dataclasses.dataclass
class Source:
    """`lines()` are what it has said in all; `alive()`: whether it is still there for the next case; `start`: lines of
    cases before."""

    title: str
    lines: typing.Callable
    alive: typing.Callable
    start: int = 0


# In the order in which they came.
sources = []


def add(title, lines, alive=lambda: True):
    sources.append(Source(title, lines, alive))


def next_case():
    """Forgets what has ended, and what was said until now."""
    sources[:] = [source for source in sources if source.alive()]
    for source in sources:
        source.start = len(source.lines())


def sections():
    """[(title, text)] of the last ones, each cut to its last lines."""
    found = []
    for source in sources[-LAST:]:
        there = source.lines()[source.start:]
        left_out = [f"… and {len(there) - MOST} lines before"] if len(there) > MOST else []
        cut = [str(line)[:WIDEST] + ("…" if len(str(line)) > WIDEST else "") for line in there[-MOST:]]
        found.append((source.title, "\n".join([*left_out, *cut]) or "(nothing)"))
    return found
