# SPDX-License-Identifier: Apache-2.0
"""The testbed of a test file, and one device for all of its cases: none leaves anything on it that another one sees."""
import pytest


@pytest.fixture(scope="module")
def testbed(request):
    with request.module.TESTBED as made:
        yield made


@pytest.fixture(scope="module")
def emulated(testbed):
    with testbed.serving() as device:
        yield device
