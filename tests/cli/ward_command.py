# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: how it is run, and what its exit codes promise."""
import pathlib
import re
import subprocess
import tempfile

import settings
from tokens import AUDIENCE, ISSUER, NOW, jwks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WARD = settings.ward


def new_folder():
    """For the files of one test file; it goes with the run (tests/conftest.py)."""
    return pathlib.Path(tempfile.mkdtemp(prefix="ward-cli-"))


JWKS = new_folder() / "jwks.json"
JWKS.write_text(jwks("a", "b"))
USUAL = ["--jwks", str(JWKS), "--issuer", ISSUER, "--audience", AUDIENCE, "--now", str(NOW)]
COMMANDS = ("verify", "explain", "check", "keys", "jwks", "provision", "bundle", "routes", "audit")


def ward(*words, stdin=b"", full=None, **options):
    """Runs it; `full` takes its output instead of the result."""
    return subprocess.run([WARD, *map(str, words)], input=stdin, stdout=full or subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=30, **options)


def refused(result, name, *words):
    """The reason in the first line; what helps a person, `words` among it, is indented after it."""
    assert result.returncode == 1, result
    assert result.stdout == b"", result
    assert re.fullmatch(rb"ward: refused: " + name.encode() + rb": [^\n]+\n(  [^\n]+\n)*", result.stderr), result.stderr
    for word in words:
        assert word.encode() in result.stderr, (word, result.stderr.decode())


def usage(result, *words):
    assert result.returncode == 2, result
    assert result.stdout == b"", result
    assert b"--help" in result.stderr, result.stderr
    for word in words:
        assert word.encode() in result.stderr, result.stderr


def unusable(result, *words):
    assert result.returncode == 3, result
    for word in words:
        assert word.encode() in result.stderr, result.stderr
