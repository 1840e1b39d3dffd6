# SPDX-License-Identifier: Apache-2.0
"""The client in TypeScript, run in Node, before the servers and by the cases of the client in Python."""
import importlib.util
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = HERE.parent / "python"
sys.path[:0] = [str(HERE), str(PYTHON)]
pytest.register_assert_rewrite("test_peers", "test_decisions", "test_secrets", "test_hostile")

# Its fixtures; `conftest` is this file's own name.
spec = importlib.util.spec_from_file_location("conftest_of_python", PYTHON / "conftest.py")
shared = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shared)
trust, world = shared.trust, shared.world

import bridge  # noqa: E402
from peer import Peer  # noqa: E402


class JsonPeer(Peer):
    """Says that JSON is JSON, which oauth4webapi looks at."""

    def next(self, asked):
        answer = super().next(asked)
        if isinstance(answer, tuple) and isinstance(answer.body, dict):
            answer = answer._replace(headers={"Content-Type": "application/json", **answer.headers})
        return answer


shared.Peer = JsonPeer


class ByNode(shared.Blocking):
    """Threads call, a process of Node does it."""

    tokens, device = bridge.Tokens, bridge.Device


def start(words=("node",)):
    node = bridge.Node(words)
    bridge.Tokens.node = bridge.Device.node = node
    return node


@pytest.fixture(scope="module")
def node():
    """A process for each file: what a file has changed of it ends with it."""
    made = start()
    yield made
    made.close()


@pytest.fixture
def way(node):
    made = ByNode()
    yield made
    for opened in made.opened:
        made.close(opened)


@pytest.fixture
def waits(node):
    """The seconds of each wait, which takes none."""
    node.waits.clear()
    node.call("record")
    yield node.waits
    node.call("record", off=True)
