# SPDX-License-Identifier: Apache-2.0
"""How fast this machine is now, so that time limits grow with it: a limit is what a machine that does nothing else needs, several times over.

A piece of work of a known size is timed by the clock; a machine that is slow, or busy with something else, takes longer for it.
WARD_PACE sets the factor by hand.
"""
import functools
import os
import time

# What the work takes where the limits were chosen: one core of a server of 2023, idle.
REFERENCE = 0.033
WORK = 1_000_000


@functools.cache
def factor():
    """By how much limits grow: 1 to 8."""
    if os.environ.get("WARD_PACE"):
        return float(os.environ["WARD_PACE"])
    times = []
    for _ in range(3):
        begin, total = time.monotonic(), 0
        for number in range(WORK):
            total += number
        times.append(time.monotonic() - begin)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    found = min(8.0, max(1.0, sorted(times)[1] / REFERENCE, load))
    # What is started from here sees the same.
    os.environ["WARD_PACE"] = f"{found:.2f}"
    return found


def seconds(limit):
    """A limit in seconds, for this machine."""
    return limit * factor()
