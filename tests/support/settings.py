# SPDX-License-Identifier: Apache-2.0
"""What the tests in Python were started with: tests/conftest.py sets it before it loads them. A program may set it,
too."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# The programs of this machine that are tested.
ward = ROOT / "build" / "host" / "ward"
device = ROOT / "build" / "host" / "device"
stack = ROOT / "build" / "host" / "stack"
limits = ROOT / "build" / "host"
# The emulated board, where a test does not name its own.
board = os.environ.get("BOARD", "mps2-an385")
# How long and how often what is random or under load goes on; None: as the test says.
seconds = count = seed = None
