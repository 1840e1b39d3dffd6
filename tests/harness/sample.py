# SPDX-License-Identifier: Apache-2.0
"""Cases of every outcome, for test_harness.py alone: it is not among the tests, and `tests/pytest
tests/harness/sample.py` fails."""
import pathlib
import tempfile
import time

import evidence
import pytest

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-sample-"))


@pytest.fixture
def broken():
    raise RuntimeError("the fixture is broken")


def test_passes():
    print("## a measure: 42")


@pytest.mark.parametrize("number", (1, 2))
def test_is_two_cases(number):
    assert number


def test_fails():
    evidence.add("the device's console", lambda: ["READY address=10.0.2.15"])
    evidence.add("what the issuer saw", lambda: ["TLSv1.3 /.well-known/jwks.json"])
    assert 1 + 1 == 3


def test_is_skipped():
    pytest.skip("there is no browser")


def test_has_a_broken_fixture(broken):
    pass


def test_waits(tmp_path):
    (tmp_path / "file").touch()
    print("waiting", flush=True)
    pathlib.Path(tempfile.gettempdir(), "waits").touch()
    time.sleep(60)
