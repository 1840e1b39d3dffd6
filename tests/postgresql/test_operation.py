# SPDX-License-Identifier: Apache-2.0
"""What an operator does, and what happens to him: keys that change, a pool, a dump, an upgrade, a crash; and how fast
it is."""
import contextlib
import mmap
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import pace
import pytest
from postgres_client import Connection, Gone, Refused
from postgres_server import PORT, ROOT, USER, Server, as_user, pgbouncer
from postgres_tokens import PEOPLE, keys_file, settings, take, token_now, token_of, who
from tokens import jwks

ANN, BEN = PEOPLE["ann"]["sub"], PEOPLE["ben"]["sub"]
EXAMPLE = ROOT / "examples/postgresql/foia.sql"


@pytest.fixture(scope="module")
def foia(server):
    """The example in a database of its own, with a row of ann's and one of ben's."""
    server.admin("CREATE DATABASE foia")
    server.run("psql", "-d", "foia", "-f", EXAMPLE)
    for name in ("ann", "ben"):
        file(server, "foia", name)
    return server


def file(server, database, name):
    with server.connect("foia_api", database) as connection:
        connection.say("BEGIN")
        take(connection, token_of(name))
        connection.say(f"INSERT INTO foia.requests (title) VALUES ('{name}')")
        connection.say("COMMIT")


def titles(server, database, name):
    """What somebody sees there."""
    with server.connect("foia_api", database) as connection:
        connection.say("BEGIN")
        take(connection, token_of(name))
        return sorted(row[0] for row in connection.say("SELECT title FROM foia.requests"))


def message_of(call, *words):
    with pytest.raises(Refused) as found:
        call(*words)
    assert found.value.code == "28000"
    return found.value.message.split(":")[0]


# ---- Keys.

@pytest.fixture
def keys(server, folder):
    """The key file; as it was again afterwards."""
    path = folder / "keys" / "jwks.json"
    yield path
    path.unlink(missing_ok=True)
    keys_file(folder / "keys")


def put(path, text):
    """As an operator should: the whole file at once."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.chmod(0o644)
    os.replace(new, path)


def test_keys_are_read_again_when_the_file_changes(app, keys):
    take(app, token_of("ann"))
    assert message_of(take, app, token_of("ann", key="b")) == "KEY_UNKNOWN"
    put(keys, jwks("a", "b"))
    take(app, token_of("ann", key="b"))
    put(keys, jwks("b"))
    take(app, token_of("ann", key="b"))
    assert message_of(take, app, token_of("ann")) == "KEY_UNKNOWN", "a key that was taken out verifies nothing"


def test_a_change_that_leaves_no_trace_is_seen(app, keys):
    """Bytes that are changed through memory: the file has the same length and the same times, to the nanosecond."""
    first, second = jwks("a"), jwks("b")
    assert len(first) == len(second)
    with keys.open("r+b") as file_, mmap.mmap(file_.fileno(), len(first)) as memory:
        memory[:] = first.encode()
        before = keys.stat()
        take(app, token_of("ann"))
        memory[:] = second.encode()
        assert (keys.stat().st_mtime_ns, keys.stat().st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)
        take(app, token_of("ann", key="b"))
        assert message_of(take, app, token_of("ann")) == "KEY_UNKNOWN"


def test_a_change_in_place_is_seen(app, keys):
    """The same length, the same file, its time put back."""
    first, second = jwks("a"), jwks("b")
    keys.write_text(first)
    take(app, token_of("ann"))
    before = keys.stat()
    keys.write_text(second.ljust(len(first)))
    os.utime(keys, ns=(before.st_atime_ns, before.st_mtime_ns))
    take(app, token_of("ann", key="b"))
    assert message_of(take, app, token_of("ann")) == "KEY_UNKNOWN"


def test_an_old_file_that_is_put_in_place_is_seen(app, keys):
    put(keys, jwks("a"))
    long_ago = time.time() - 10000
    os.utime(keys, (long_ago, long_ago))
    time.sleep(3.2)
    take(app, token_of("ann"))
    take(app, token_of("ann"))
    new = keys.with_suffix(".new")
    new.write_text(jwks("b"))
    new.chmod(0o644)
    os.utime(new, (long_ago, long_ago))
    os.replace(new, keys)
    take(app, token_of("ann", key="b"))


@pytest.mark.parametrize("what,spoil,log", [
    ("gone", lambda path: path.unlink(), "No such file or directory"),
    ("cut off", lambda path: put(path, jwks("a")[:-10]), "JSON_MALFORMED"),
    ("without a key", lambda path: put(path, '{"keys": []}'), "JWKS_NO_USABLE_KEY"),
    ("too long", lambda path: put(path, jwks("a") + " " * 70000), "longer than 65536 bytes"),
    ("a pipe", lambda path: (path.unlink(), os.mkfifo(path), path.chmod(0o644)), "not a regular file"),
    ("a folder", lambda path: (path.unlink(), path.symlink_to("/tmp")), "not a regular file"),
    ("nobody's to read", lambda path: path.chmod(0o000), "Permission denied"),
])
def test_keys_that_cannot_be_read_verify_nobody_and_the_log_says_why(server, app, keys, what, spoil, log):
    take(app, token_of("ann"))
    spoil(keys)
    said = len(server.said())
    try:
        with pytest.raises(Refused) as found:
            take(app, token_of("ann"))
        assert (found.value.code, found.value.message) == ("28000", "KEYS_ABSENT: there are no keys to check "
                                                           "with"), what
        assert "ward.key_file" in found.value.hint and str(keys.parent) not in str(found.value.all)
        assert re.search(rf'ward.key_file ".*{keys.name}": .*{log}', server.said()[said:])
    finally:
        keys.unlink(missing_ok=True)
    keys_file(keys.parent)
    take(app, token_of("ann"))


def test_a_session_s_token_does_not_outlive_the_keys_that_were_there(server, keys):
    with server.connect() as connection:
        connection.say("SET ward.token_lasts = session")
        take(connection, token_of("ann"))
        put(keys, jwks("a", "b"))
        assert who(connection) is None
        take(connection, token_of("ann"))
        connection.say("BEGIN")
        assert who(connection) == ANN
        put(keys, jwks("b"))
        assert who(connection) == ANN, "a transaction goes on with what it began with"
        connection.say("COMMIT")
        assert who(connection) is None


# ---- A pool.

@pytest.fixture
def pool(server):
    """PgBouncer in transaction mode, with one connection to the server for all of its clients; its socket."""
    if pgbouncer() is None:
        pytest.skip("pgbouncer is not there: tools/setup database brings it")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pool-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    folder.chmod(0o755)
    (folder / "pool.ini").write_text(f"""[databases]
* = host={server.sockets} port={PORT}
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 1
logfile = {folder}/log
""")
    (folder / "users").write_text('"foia_api" ""\n')
    for file_name in ("pool.ini", "users"):
        (folder / file_name).chmod(0o644)
    process = subprocess.Popen(as_user(pgbouncer(), "-q", folder / "pool.ini"), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, cwd="/")
    path = folder / ".s.PGSQL.6432"
    end = time.monotonic() + pace.seconds(20)
    while not path.exists():
        assert process.poll() is None and time.monotonic() < end, "PgBouncer does not start"
        time.sleep(0.05)
    yield path
    process.send_signal(signal.SIGTERM)
    process.wait(pace.seconds(20))


def pid_of(connection):
    return connection.one("SELECT pg_backend_pid()")


def test_a_pool_in_transaction_mode_gives_nobody_the_last_client_s_rows(foia, pool):
    with Connection(pool, "foia_api", "foia") as ann, Connection(pool, "foia_api", "foia") as ben:
        assert pid_of(ann) == pid_of(ben), "one backend serves both"
        for _ in range(3):
            ann.say("BEGIN")
            take(ann, token_of("ann"))
            assert ann.say("SELECT title, auth.user_id() FROM foia.requests") == [("ann", ANN)]
            ann.say("COMMIT")
            assert ben.say("SELECT title FROM foia.requests") == [] and who(ben) is None
            ben.say("BEGIN")
            assert who(ben) is None
            take(ben, token_of("ben"))
            assert ben.say("SELECT title, auth.user_id() FROM foia.requests") == [("ben", BEN)]
            ben.say("ROLLBACK")
            assert who(ann) is None
            with contextlib.suppress(Refused):
                ann.say(f"BEGIN; SELECT auth.jwt_session_init('{token_of('ann')}'); SELECT 1/0")
            ann.say("ROLLBACK")
            assert who(ben) is None


def test_a_client_that_leaves_in_the_middle_leaves_nobody_behind(foia, pool):
    with Connection(pool, "foia_api", "foia") as ann:
        ann.say("BEGIN")
        take(ann, token_of("ann"))
        assert who(ann) == ANN
    with Connection(pool, "foia_api", "foia") as ben:
        assert who(ben) is None and ben.say("SELECT title FROM foia.requests") == []


def test_in_such_a_pool_a_session_s_token_would_be_the_next_client_s(foia, pool):
    """Why a token holds for its transaction unless a superuser says otherwise. The tests above would see it."""
    foia.admin("ALTER ROLE foia_api SET ward.token_lasts = session")
    try:
        with Connection(pool, "foia_api", "foia") as ann, Connection(pool, "foia_api", "foia") as ben:
            take(ann, token_of("ann"))
            assert who(ben) == ANN
    finally:
        foia.admin("ALTER ROLE foia_api RESET ward.token_lasts")


# ---- Dump, restore, upgrade.

def dump_of(server, database):
    """Its text, without the words that newer versions make up for each run."""
    text = server.run("pg_dump", "-d", database).stdout
    return "".join(line for line in text.splitlines(True) if not line.startswith(("\\restrict", "\\unrestrict")))


def test_a_dump_is_restored_with_its_rows_policies_and_denials(foia):
    foia.admin("INSERT INTO auth.denials (subject, reason) VALUES ('auth0|ben', 'kept')", "foia")
    dump = dump_of(foia, "foia")
    assert "CREATE EXTENSION IF NOT EXISTS ward" in dump and "CREATE FUNCTION auth." not in dump
    foia.admin("CREATE DATABASE restored")
    foia.run("psql", "-d", "restored", "-v", "ON_ERROR_STOP=1", "-q", input=dump)
    try:
        assert foia.admin("SELECT subject, issuer, issued_until, reason FROM auth.denials",
                          "restored") == [("auth0|ben", "*", "infinity", "kept")]
        assert titles(foia, "restored", "ann") == ["ann"]
        assert titles(foia, "restored", "ben") == [], "who was denied is"
        with foia.connect("foia_api", "restored") as connection:
            assert connection.say("SELECT title FROM foia.requests") == []
        assert dump_of(foia, "restored") == dump
    finally:
        foia.admin("DELETE FROM auth.denials", "foia")


def test_an_upgrade_keeps_policies_and_rows(server):
    server.admin("CREATE DATABASE older")
    server.admin("CREATE EXTENSION ward VERSION '1.0'; CREATE TABLE mine (owner text DEFAULT auth.user_id()); GRANT "
                 "ALL ON mine TO app; "
                 "ALTER TABLE mine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY own ON mine "
                 "USING (owner = auth.user_id())",
                 "older")
    def insert_and_read(name):
        with server.connect("app", "older") as connection:
            connection.say("BEGIN")
            take(connection, token_of(name))
            connection.say("INSERT INTO mine DEFAULT VALUES")
            rows = connection.say("SELECT * FROM mine")
            connection.say("COMMIT")
            return rows
    assert insert_and_read("ann") == [(ANN,)]
    with server.connect("app", "older") as connection:
        with pytest.raises(Refused) as found:
            connection.say("SELECT auth.has_scope('read:foia')")
        assert found.value.code == "42883"
    server.admin("ALTER EXTENSION ward UPDATE", "older")
    assert server.admin("SELECT extversion FROM pg_extension WHERE extname = 'ward'", "older") == [("1.1",)]
    assert insert_and_read("ann") == [(ANN,), (ANN,)] and insert_and_read("ben") == [(BEN,)]
    assert server.admin("SELECT count(*) FROM auth.denials", "older") == [("0",)]

    def objects(database):
        """What belongs to the extension there, its texts and rights."""
        return server.admin("SELECT pg_describe_object(classid, objid, objsubid) AS what, "
                            "coalesce(pg_get_functiondef(p.oid), ''), "
                            "coalesce(p.proacl::text, c.relacl::text, n.nspacl::text, '') FROM pg_depend d LEFT JOIN "
                            "pg_proc p ON p.oid = d.objid "
                            "LEFT JOIN pg_class c ON c.oid = d.objid LEFT JOIN pg_namespace n ON n.oid = d.objid WHERE "
                            "d.deptype = 'e' AND "
                            "refobjid = (SELECT oid FROM pg_extension WHERE extname = 'ward') ORDER BY what", database)
    server.admin("CREATE DATABASE fresh")
    server.admin("CREATE EXTENSION ward", "fresh")
    assert objects("older") == objects("fresh") and len(objects("fresh")) >= 11


def test_a_schema_that_somebody_else_has_is_not_taken_over(server):
    server.admin("CREATE ROLE squatter LOGIN")
    server.admin("CREATE DATABASE squatted OWNER squatter")
    with server.connect("squatter", "squatted") as connection:
        connection.say("CREATE SCHEMA auth; CREATE FUNCTION auth.user_id() RETURNS text LANGUAGE sql AS $$ SELECT "
                       "'auth0|ann' $$")
    with pytest.raises(Refused) as found:
        server.admin("CREATE EXTENSION ward", "squatted")
    assert found.value.code == "42P06"


def test_it_goes_without_a_trace(server):
    server.admin("CREATE DATABASE gone")
    server.admin("CREATE EXTENSION ward; DROP EXTENSION ward", "gone")
    assert server.admin("SELECT count(*) FROM pg_namespace WHERE nspname = 'auth'", "gone") == [("0",)]


# ---- A crash.

@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crash_of_the_backend_loses_no_row_and_leaves_nobody(foia, how):
    before = titles(foia, "foia", "ann")
    foia.admin("ALTER ROLE foia_api SET ward.token_lasts = session")
    foia.admin("INSERT INTO auth.denials (subject) VALUES ('auth0|ben')", "foia")
    connection = foia.connect("foia_api", "foia")
    take(connection, token_of("ann"))
    connection.say("BEGIN; INSERT INTO foia.requests (title) VALUES ('lost')")
    assert who(connection) == ANN
    os.kill(connection.pid, how)
    with pytest.raises((Gone, OSError, Refused)):
        for _ in range(100):
            connection.say("SELECT pg_sleep(0.1)")
    time.sleep(0.2)
    foia.wait()
    try:
        with foia.connect("foia_api", "foia") as after:
            assert who(after) is None and after.say("SELECT title FROM foia.requests") == []
        assert titles(foia, "foia", "ann") == before
        assert titles(foia, "foia", "ben") == [], "who was denied is"
    finally:
        foia.admin("ALTER ROLE foia_api RESET ward.token_lasts")
        foia.admin("DELETE FROM auth.denials", "foia")


# ---- How fast.

def rate(server, folder, script, token, clients=1):
    """Transactions a second by pgbench, its statements with parameters."""
    path = folder / "script.sql"
    path.write_text(script)
    done = server.run("pgbench", "-n", "-M", "extended", "-T", "2", "-c", clients, "-j", clients, "-D",
                      f"token={token}", "-f", path, "foia", "-U", "foia_api")
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])


def test_checks_a_second_beside_a_bare_select(foia, folder):
    token = token_now(**PEOPLE["ann"])
    bare = rate(foia, folder, "SELECT 1;\n", token)
    checked = rate(foia, folder, "SELECT auth.jwt_session_init(:token);\n", token)
    rows = rate(foia, folder, "BEGIN;\nSELECT auth.jwt_session_init(:token);\nSELECT title FROM "
                "foia.requests;\nCOMMIT;\n", token)
    plain = rate(foia, folder, "BEGIN;\nSELECT 1;\nSELECT 1;\nCOMMIT;\n", token)
    print(f"## one connection, statements a second: SELECT 1: {bare:,.0f}; a token of {len(token)} bytes checked: "
          f"{checked:,.0f}, "
          f"{1e6 / checked - 1e6 / bare:,.0f} µs more each")
    print(f"## transactions a second: BEGIN, SELECT 1 twice, COMMIT: {plain:,.0f}; BEGIN, a token, the own rows, "
          f"COMMIT: {rows:,.0f}")
    assert checked > 100 / pace.factor()
