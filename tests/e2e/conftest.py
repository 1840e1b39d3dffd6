# SPDX-License-Identifier: Apache-2.0
"""The testbed of a test file, and a device on it."""
import contextlib
import functools
import sys

import namespace
import pytest


def pytest_collection_modifyitems(config, items):
    """Where a test needs addresses of its own, pytest starts again in a namespace that has them."""
    wanted = max([mark.args[0] for item in items for mark in item.iter_markers("addresses")], default=0)
    if wanted and not namespace.is_inside() and not config.option.collectonly:
        capture = config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()
        sys.stdout.flush()
        namespace.enter(wanted)


@pytest.fixture(scope="module")
def standing():
    """Sets a testbed up where it is used first; it stands until its file's last case."""
    with contextlib.ExitStack() as stack:
        yield functools.cache(stack.enter_context)


@pytest.fixture
def testbed(request, standing):
    """The file's TESTBED, or the one that the case is marked with, as if nothing had been done with it before."""
    mark = request.node.get_closest_marker("testbed")
    testbed = standing(mark.args[0] if mark else request.module.TESTBED)
    testbed.reset()
    return testbed


@pytest.fixture
def device(testbed):
    """A device that serves, with its issuer's keys; a new one for each case."""
    with testbed.serving() as device:
        yield device
