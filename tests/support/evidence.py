"""What is shown of a case that failed: what its devices printed, what its issuers saw. Who has something to show adds it here."""

# (title, function that gives the lines), in the order in which they came.
sources = []
# Devices and issuers that are shown, the last ones; lines of each; characters of a line.
LAST, MOST, WIDEST = 4, 60, 200


def add(title, lines, alive=lambda: True):
    """`lines()` are shown if a case fails; `alive()`: whether it is still there for the next case."""
    sources.append((title, lines, alive))


def next_case():
    """Forgets what has ended."""
    sources[:] = [source for source in sources if source[2]()]


def sections():
    """[(title, text)] of all, each cut to its last lines."""
    found = []
    for title, lines, _ in sources[-LAST:]:
        there = list(lines())
        left_out = [f"… and {len(there) - MOST} lines before"] if len(there) > MOST else []
        cut = [str(line)[:WIDEST] + ("…" if len(str(line)) > WIDEST else "") for line in there[-MOST:]]
        found.append((title, "\n".join([*left_out, *cut]) or "(nothing)"))
    return found
