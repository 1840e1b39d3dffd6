# SPDX-License-Identifier: Apache-2.0
"""No token stays where others read: in the server's log, whatever is logged, in pg_stat_activity and
pg_stat_statements."""
import contextlib
import time

import pytest
from postgres_client import Refused
from postgres_tokens import PEOPLE, take, token_of, who

PRELOAD = "ward, pg_stat_statements, auto_explain"
SETTINGS = """
log_statement = all
log_min_duration_statement = 0
log_min_error_statement = debug5
log_min_messages = debug1
log_error_verbosity = verbose
log_parameter_max_length_on_error = -1
auto_explain.log_min_duration = 0
auto_explain.log_nested_statements = on
pg_stat_statements.track = all
"""
ANN = PEOPLE["ann"]["sub"]


def parts(token):
    """What must not be found: each of the three, except for what all headers have in common."""
    header, payload, signature = token.split(".")
    return [f"{header}.{payload[:10]}", payload[20:60], signature[:40], signature[-40:]]


WAYS = {
    "a parameter": lambda connection, token: take(connection, token),
    "a literal": lambda connection, token: connection.say(f"SELECT auth.jwt_session_init('{token}')"),
    "a literal among others": lambda connection, token: connection.say(f"BEGIN; SELECT "
                                                                       f"auth.jwt_session_init('{token}'); SELECT 1/0"),
    "a block": lambda connection, token: connection.say(f"DO $$ BEGIN PERFORM auth.jwt_session_init('{token}'); "
                                                        f"PERFORM 1/0; END $$"),
    "a query put together": lambda connection, token: connection.say(
        f"DO $$ BEGIN EXECUTE format('SELECT auth.jwt_session_init(%L)', '{token}'); PERFORM 1/0; END $$"),
    "a broken query put together": lambda connection, token: connection.say(
        f"DO $$ BEGIN EXECUTE 'SELECT auth.jwt_session_init(''{token}'') FROM'; END $$"),
    "what was prepared": lambda connection, token: connection.say(f"PREPARE p AS SELECT "
                                                                  f"auth.jwt_session_init('{token}'); EXECUTE p"),
    "a mistake": lambda connection, token: connection.say(f"SELECT auth.jwt_session_init('{token}')::int"),
    "a cast": lambda connection, token: connection.ask("SELECT $1::int", token),
    "an unknown function": lambda connection, token: connection.say(f"SELECT auth.jwt_sesion_init('{token}')"),
}


@pytest.mark.parametrize("what,way", WAYS.items())
@pytest.mark.parametrize("good", [True, False], ids=["good", "refused"])
def test_no_token_is_in_the_log(server, app, what, way, good):
    token = token_of("ann") if good else token_of("ann", aud="other")
    app.say(f"SELECT 'begin {what}'")
    error = None
    try:
        way(app, token)
    except Refused as found:
        error = found
    with contextlib.suppress(Refused):
        app.say("ROLLBACK")
    app.say(f"SELECT 'end {what}'")
    said = server.said()
    for part in parts(token):
        assert part not in said, (what, part)
    if not good and "init" in what:
        assert error and error.code == "28000"
    assert error is None or not [part for part in parts(token) if part
                                 in str(error.all)], "nor in what the client is told"
    assert f"SELECT 'begin {what}'" in said and f"SELECT 'end {what}'" in said, "all else is logged"


def test_a_refused_call_is_not_logged_with_its_text_whatever_it_looks_like(server):
    """Half a token is none, and still somebody's."""
    server.admin("CREATE ROLE quiet LOGIN; ALTER ROLE quiet SET log_statement = none; "
                 "ALTER ROLE quiet SET log_min_duration_statement = -1; ALTER ROLE quiet SET "
                 "auto_explain.log_min_duration = -1")
    with server.connect("quiet") as connection:
        for words in (token_of("ann")[:-330], "half-a-token", "half.a.token"):
            with pytest.raises(Refused) as found:
                connection.say(f"SELECT auth.jwt_session_init('{words}')")
            assert found.value.code == "28000" and words not in server.said()
        with pytest.raises(Refused):
            connection.say("SELECT 'all else is', 1/0")
        assert "SELECT 'all else is', 1/0" in server.said()


def test_what_is_no_token_is_logged_as_it_is(server, app):
    words = ["some.package.with.a.very.long.name.of.a.class", "a" * 100, f"{'a' * 20}.{'b' * 20}", "1.5",
             f"{'a' * 30}.{'b' * 30}.c", "..", ""]
    app.say("SELECT " + ", ".join(f"'{word}'" for word in words))
    said = server.said()
    for word in words:
        assert f"'{word}'" in said, word


def test_a_statement_with_a_token_leaves_pg_stat_activity(server, app):
    token = token_of("ann")
    app.say(f"BEGIN; SELECT auth.jwt_session_init('{token}')")
    assert server.admin(f"SELECT query, state FROM pg_stat_activity WHERE pid = {app.pid}") == [
        ("(a statement with a token in it)", "idle in transaction")]
    assert who(app) == ANN
    app.say("COMMIT")


@pytest.mark.parametrize("words", ["SELECT auth.jwt_sesion_init('{}')", "SELECT auth.jwt_session_init('{}') FROM",
                                   "SELECT auth.jwt_session_init('{}')::int", "DO $$ nonsense {} $$"])
def test_a_statement_that_failed_leaves_pg_stat_activity_too(server, app, words):
    token = token_of("ann")
    with pytest.raises(Refused):
        app.say(words.format(token))
    ((query, state),) = server.admin(f"SELECT query, state FROM pg_stat_activity WHERE pid = {app.pid}")
    assert not [part for part in parts(token) if part in query] and state == "idle"


def test_many_statements_in_one_text_take_no_longer_than_they_are(app):
    """Each is looked at once, not the whole text for each."""
    def seconds(count):
        began = time.monotonic()
        app.say("SET work_mem = '1MB';" * count)
        return time.monotonic() - began
    assert seconds(8000) < 24 * max(0.1, seconds(1000))


def test_pg_stat_statements_has_the_call_without_the_token(server, app):
    server.admin("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    token = token_of("ann")
    app.say(f"SELECT auth.jwt_session_init('{token}')")
    take(app, token)
    found = [row[0] for row in server.admin("SELECT query FROM pg_stat_statements WHERE query LIKE "
                                            "'%jwt_session_init%'")]
    assert "SELECT auth.jwt_session_init($1)" in found
    assert not [part for part in parts(token) for query in found if part in query]


UTILITIES = {
    "a cursor": "BEGIN; DECLARE c CURSOR FOR SELECT auth.jwt_session_init('{}'); FETCH c; COMMIT",
    "an explanation": "EXPLAIN (ANALYZE) SELECT auth.jwt_session_init('{}')",
    "a table of it": "CREATE TEMP TABLE kept AS SELECT auth.user_id() FROM (SELECT auth.jwt_session_init('{}')) s",
    "a copy": "COPY (SELECT auth.jwt_session_init('{}')) TO STDOUT",
    "a block": "DO $$ BEGIN PERFORM auth.jwt_session_init('{}'); END $$",
    "a setting": "SET my.token = '{}'",
    "what is prepared": "PREPARE p AS SELECT auth.jwt_session_init('{}')",
}


@pytest.mark.parametrize("what,words", UTILITIES.items())
def test_pg_stat_statements_has_no_other_statement_with_a_token(server, app, what, words):
    """It replaces constants in queries alone, and shows each statement to everybody of the same role, as in a pool."""
    server.admin("CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset()")
    token = token_of("ann")
    app.say(words.format(token))
    app.say(words.format("no.such.token") if "my.token" in words else "SET my.other = 'all else is'")
    found = [row[0] for row in server.admin("SELECT query FROM pg_stat_statements")]
    assert not [part for part in parts(token) for query in found if part in query], what
    assert [query for query in found if "SET my." in query], "all else is kept"
