# SPDX-License-Identifier: Apache-2.0
"""Test cases in Python: functions named test_…, run in order, reported as TAP."""
import sys
import traceback


class Skip(Exception):
    """Raised by a case that cannot run here; its text is the reason."""


def run(cases, prefix=""):
    """Runs the cases; returns an exit code."""
    failed = 0
    for number, case in enumerate(cases, 1):
        name = prefix + case.__name__.removeprefix("test_")
        try:
            case()
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} - {name}", flush=True)
    print(f"1..{len(cases)}")
    return 1 if failed else 0


def main(module, prefix=""):
    """Runs every test_… function of a module and ends the program."""
    cases = [value for name, value in vars(sys.modules[module]).items() if name.startswith("test_")]
    sys.exit(run(cases, prefix))
