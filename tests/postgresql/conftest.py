# SPDX-License-Identifier: Apache-2.0
"""A server for each file of tests, as its `SETTINGS` and `PRELOAD` say, and its key file."""
import pathlib
import tempfile

import pytest
from postgres_server import Server
from postgres_tokens import keys_file, settings


@pytest.fixture(scope="module")
def folder():
    return pathlib.Path(tempfile.mkdtemp(prefix="pg-"))


@pytest.fixture(scope="module")
def server(request, folder):
    (folder / "keys").mkdir()
    (folder / "keys").chmod(0o755)
    more = getattr(request.module, "SETTINGS", "")
    preload = getattr(request.module, "PRELOAD", "ward")
    with Server(folder, settings(keys_file(folder / "keys")) + more, preload) as server:
        server.admin("CREATE EXTENSION ward; CREATE ROLE app LOGIN; GRANT CREATE ON SCHEMA public TO app")
        yield server


@pytest.fixture
def app(server):
    """A connection of an application, whose role is nobody special."""
    with server.connect("app") as connection:
        yield connection
