#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""complexity.py: no function of ward has a cyclomatic complexity above 10; every case, && and || counts.

--self-test shows that it can fail.
"""
import subprocess
import sys
import tempfile

from sources import ROOT, tracked

MOST = 10


def measure(files):
    """Each function: complexity, file, line, name."""
    listed = subprocess.run(["pmccabe", *files], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for row in listed.splitlines():
        _, complexity, _, _, _, place = row.split("\t")
        file, _, rest = place.partition("(")
        yield int(complexity), file, int(rest.partition(")")[0]), place.rpartition(" ")[2]


def report(functions):
    """A TAP line for each file; the number of those that are not ok."""
    functions = list(functions)
    bad = 0
    for number, file in enumerate(sorted({function[1] for function in functions}), 1):
        over = [function for function in functions if function[1] == file and function[0] > MOST]
        for complexity, _, line, name in over:
            print(f"# {file}:{line}: {name} has {complexity}, more than {MOST}")
        highest = max(function[0] for function in functions if function[1] == file)
        print(f"{'not ok' if over else 'ok'} {number} - complexity: {file}: at most {highest} a function")
        bad += bool(over)
    return bad if functions else 1


def self_test():
    """A function at the mark passes, one above it does not."""
    with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
        for name, comparisons in (("at_the_mark", MOST), ("above_it", MOST + 1)):
            condition = " || ".join(f"a == {i}" for i in range(comparisons))
            file.write(f"int {name}(int a)\n{{\n    return {condition};\n}}\n")
        file.flush()
        found = {name: complexity for complexity, _, _, name in measure([file.name])}
    good = found == {"at_the_mark": MOST, "above_it": MOST + 1}
    print(f"{'ok' if good else 'not ok'} 1 - complexity: a function above {MOST} is seen: {found}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(self_test() if "--self-test" in sys.argv[1:] else 1 if report(measure(tracked(".c") + tracked(".h"))) else 0)
