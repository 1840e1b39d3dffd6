# SPDX-License-Identifier: Apache-2.0
"""The boards: the folders of boards/ that have a board.mk, and what stands in it. A folder more is a board more, for the
steps of `make test` and for `make bench`."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def names():
    return sorted(file.parent.name for file in (ROOT / "boards").glob("*/board.mk"))


def settings(board, file=None):
    """The variables that board.mk and what it includes set on a line of their own: {name: words}. Nothing in them is
    looked up but $(BASE), the board's name, and no condition is decided: tests/harness holds it against make."""
    found = {}
    for line in (ROOT / (file or f"boards/{board}/board.mk")).read_text().splitlines():
        if line.startswith("include "):
            found |= settings(board, line.split()[1])
        elif assigned := re.match(r"(\w+) *[:?]?= *(.*)", line):
            found[assigned[1]] = assigned[2].replace("$(BASE)", board).split()
    return found


def core(board):
    return settings(board)["BOARD_CPU"][0]


def core_name(board):
    """As people write it: Cortex-M3."""
    return core(board).replace("cortex-m", "Cortex-M")


def usual_flavour(board):
    """The flavour (tests/variants.mk) in which an image has the usual limits: a board with limits of its own lays them
    aside."""
    return "usual" if settings(board).get("LIMITS") else "tests"


def has_demo(board):
    """Whether its image is the usual one, HTTP on a UART."""
    return not settings(board).get("BOARD_IMAGES")


def has_network(board):
    return has_demo(board) and bool(settings(board).get("BOARD_NETWORK_SOURCES"))
