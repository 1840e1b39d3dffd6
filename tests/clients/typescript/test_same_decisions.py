# SPDX-License-Identifier: Apache-2.0
"""What the client in TypeScript decides: each case of the client in Python."""
import bridge
import pytest
import test_decisions as cases

globals().update({name: case for name, case in vars(cases).items() if name.startswith("test_")})


@pytest.fixture(autouse=True, scope="module")
def in_their_place(node):
    """The cases call the functions in TypeScript."""
    before = dict(vars(cases))
    vars(cases).update(bridge.decisions(node))
    yield
    vars(cases).update(before)
