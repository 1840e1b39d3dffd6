# SPDX-License-Identifier: Apache-2.0
"""The example, examples/postgresql/foia.sql: whatever is tried, no other user's row is seen or changed."""
import contextlib

import pytest
from postgres_client import Refused
from postgres_server import ROOT
from postgres_tokens import PEOPLE, take, token_of

EXAMPLE = ROOT / "examples/postgresql/foia.sql"
EVERYBODY = [*PEOPLE, "nobody"]
OWNERS = ["ann", "ben", "machine"]
ROWS = {name: [f"{name} one", f"{name} two"] for name in OWNERS}
ALL = sorted(title for titles in ROWS.values() for title in titles)

# Admins see every request, nobody none.
SEEN = {**ROWS, "admin": ALL, "nobody": []}

DENY = "INSERT INTO auth.denials (subject, issued_until) VALUES ('auth0|ann', {})"


@pytest.fixture(scope="module")
def database(server):
    """The example as its users run it, and rows of three owners."""
    server.admin("DROP EXTENSION ward")
    server.run("psql", "-d", "postgres", "-f", EXAMPLE)
    for name in OWNERS:
        with server.connect("foia_api") as connection, acting(connection, name, "COMMIT"):
            for title in ROWS[name]:
                connection.say(f"INSERT INTO foia.requests (reference, title) VALUES ('{title}', '{title}')")
            connection.say("INSERT INTO foia.documents (request_id, content) SELECT id, title FROM foia.requests")
    return server


@pytest.fixture
def api(database):
    with database.connect("foia_api") as connection:
        yield connection


@contextlib.contextmanager
def acting(connection, name, end="ROLLBACK", **changes):
    """A transaction for somebody."""
    connection.say("BEGIN")
    if name != "nobody":
        take(connection, token_of(name, **changes))
    yield connection
    connection.say(end)


def column(rows):
    return sorted(row[0] for row in rows)


def refused(call, *words):
    with pytest.raises(Refused) as found:
        call(*words)
    return found.value


def untouched(server, changed=()):
    """What the table holds is as it was, except for what this one may change."""
    found = server.admin("SELECT owner, title, status FROM foia.requests")
    return sorted(row for row in found if row[0] not in changed) == sorted(
        (PEOPLE[name]["sub"], title, "open") for name in OWNERS if PEOPLE[name]["sub"] not in changed for title
                                                                           in ROWS[name])


# ---- Reading.

READS = {
    "the table": "SELECT title FROM foia.requests",
    "a condition that asks for others": "SELECT title FROM foia.requests WHERE owner IS NOT NULL OR true",
    "its view": "SELECT title FROM foia.titles",
    "its view for callers": "SELECT title FROM foia.open_requests",
    "the documents": "SELECT content FROM foia.documents",
    "a join": "SELECT r.title FROM foia.documents d RIGHT JOIN foia.requests r ON r.id = d.request_id",
    "a cursor": "DECLARE c CURSOR FOR SELECT title FROM foia.requests; FETCH ALL FROM c",
    "a query that is prepared": "DEALLOCATE ALL; PREPARE p AS SELECT title FROM foia.requests; EXECUTE p",
    "for update": "SELECT title FROM foia.requests FOR KEY SHARE",
    "a table function": "SELECT title FROM foia.requests TABLESAMPLE BERNOULLI (100)",
}


@pytest.mark.parametrize("what,words", READS.items())
def test_everybody_reads_the_own_rows_by_every_way(api, what, words):
    for name in EVERYBODY:
        with acting(api, name):
            assert column(api.say(words)) == SEEN[name], (name, what)


@pytest.mark.parametrize("name", EVERYBODY)
def test_copy_and_a_function_with_the_owner_s_rights(api, name):
    with acting(api, name):
        for words in ("COPY foia.requests (title) TO STDOUT", "COPY (SELECT title FROM foia.requests) TO STDOUT"):
            api.say(words)
            assert sorted(api.copied.decode().splitlines()) == SEEN[name], words
        assert api.one("SELECT foia.count_requests()") == str(len(SEEN[name]))


def test_without_the_scope_there_is_nothing(api):
    for scope in ("", "write:foia", "read:foi", None):
        with acting(api, "ann", scope=scope):
            assert api.say("SELECT * FROM foia.requests") == [], scope


# ---- Writing.

@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_changes_the_own_rows_alone(database, api, name):
    own = ROWS.get(name, [])
    with acting(api, name):
        assert column(api.say("UPDATE foia.requests SET title = title RETURNING title")) == (ALL if name == "admin"
                                                                                             else own)
    with acting(api, name):
        assert column(api.say("DELETE FROM foia.requests RETURNING title")) == own
    merge = "MERGE INTO foia.requests r USING (SELECT id FROM foia.requests) s ON r.id = s.id WHEN MATCHED THEN DELETE"
    with acting(api, name):
        if name == "admin":
            assert refused(api.say, merge).code == "42501"
        else:
            api.say(merge)
            assert api.say("SELECT title FROM foia.requests") == []
    assert untouched(database)


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_delete_that_is_committed_takes_no_other_row(database, api, name):
    with acting(api, name, "COMMIT"):
        api.say("DELETE FROM foia.requests")
    assert untouched(database, {PEOPLE[name]["sub"]} if name in OWNERS else ())
    with acting(api, name, "COMMIT"):
        for title in ROWS.get(name, []):
            api.say(f"INSERT INTO foia.requests (reference, title) VALUES ('{title}', '{title}')")
        if name in OWNERS:
            api.say("INSERT INTO foia.documents (request_id, content) SELECT id, title FROM foia.requests")
    assert untouched(database)


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_files_for_another_or_gives_a_row_away(database, api, name):
    other = PEOPLE["ben" if name != "ben" else "ann"]["sub"]
    for words in (f"INSERT INTO foia.requests (owner, title) VALUES ('{other}', 'planted')",
                  f"INSERT INTO foia.requests (owner, title) SELECT '{other}', 'planted'"):
        with acting(api, name):
            assert refused(api.say, words).code == "42501", words
    if name in OWNERS:
        with acting(api, name):
            assert refused(api.say, f"UPDATE foia.requests SET owner = '{other}'").code == "42501"
    assert untouched(database)


def test_nobody_files_for_nobody(api):
    for words in ("INSERT INTO foia.requests (title) VALUES ('x')", "INSERT INTO foia.requests (owner, title) VALUES "
                  "('', 'x')"):
        with acting(api, "nobody"):
            assert refused(api.say, words).code in ("42501", "23502"), words
    with acting(api, "ann", sub="anon@1"):
        assert refused(api.say, "INSERT INTO foia.requests (title) VALUES ('x')").code in ("42501", "23502")


def test_a_document_goes_to_the_own_request_alone(database, api):
    own, others = (database.admin(f"SELECT min(id) FROM foia.requests WHERE owner = '{PEOPLE[name]['sub']}'")[0][0]
                   for name in ("ann", "ben"))
    with acting(api, "ann"):
        api.say(f"INSERT INTO foia.documents (request_id, content) VALUES ({own}, 'x')")
        assert refused(api.say, f"INSERT INTO foia.documents (request_id, content) VALUES ({others}, "
                       f"'x')").code == "42501"
    with acting(api, "ann"):
        assert refused(api.say, f"UPDATE foia.documents SET request_id = {others}").code == "42501"
    with acting(api, "admin", scope="read:foia write:foia admin:foia"):
        assert refused(api.say, f"INSERT INTO foia.documents (request_id, content) VALUES ({others}, "
                       f"'x')").code == "42501"


def test_documents_are_changed_by_their_owner_who_may_write_alone(database, api):
    """What can be read can still not be deleted: not with read:foia, and not by an admin."""
    for name, scope, changed in (("ann", "read:foia", []), ("ann", "read:foia write:foia", ROWS["ann"]),
                                 ("admin", "read:foia admin:foia", []),
                                 ("admin", "read:foia write:foia admin:foia", []), ("nobody", None, [])):
        for words in ("UPDATE foia.documents SET content = content RETURNING content",
                      "DELETE FROM foia.documents RETURNING content"):
            with acting(api, name, **({"scope": scope} if scope else {})):
                assert column(api.say(words)) == changed, (name, scope, words)


def test_nobody_grants_the_own_request(database, api):
    for words in ("UPDATE foia.requests SET status = 'granted'",
                  "INSERT INTO foia.requests (title, status) VALUES ('x', 'granted')"):
        with acting(api, "ann"):
            assert refused(api.say, words).code == "42501", words
    decided = f"UPDATE foia.requests SET status = {{}} WHERE title = '{ROWS['ann'][0]}'"
    with acting(api, "admin", "COMMIT"):
        api.say(decided.format("'refused'"))
    try:
        with acting(api, "ann"):
            assert column(api.say("SELECT title FROM foia.requests")) == ROWS["ann"]
            for words in ("UPDATE foia.requests SET title = title RETURNING title",
                          "UPDATE foia.requests SET status = 'open' RETURNING title"):
                assert column(api.say(words)) == ROWS["ann"][1:], "what was decided stays as it is"
    finally:
        with acting(api, "admin", "COMMIT"):
            api.say(decided.format("'open'"))
    assert untouched(database)


def test_an_admin_decides_and_does_not_withdraw(database, api):
    with acting(api, "admin"):
        assert column(api.say("UPDATE foia.requests SET status = 'granted' RETURNING title")) == ALL
        assert api.say("DELETE FROM foia.requests RETURNING title") == []
    assert untouched(database)


# ---- Ways around.

AROUND = {
    "SET row_security = off; SELECT * FROM foia.requests": "42501",
    "TRUNCATE foia.requests CASCADE": "42501",
    "COPY foia.requests (title) FROM STDIN": "0A000",
    "SET ROLE foia_owner": "42501",
    "SET SESSION AUTHORIZATION postgres": "42501",
    "ALTER TABLE foia.requests DISABLE ROW LEVEL SECURITY": "42501",
    "ALTER TABLE foia.requests NO FORCE ROW LEVEL SECURITY": "42501",
    "DROP POLICY own_read ON foia.requests": "42501",
    "CREATE POLICY mine ON foia.requests USING (true)": "42501",
    "CREATE TRIGGER t BEFORE UPDATE ON foia.requests FOR EACH ROW EXECUTE FUNCTION "
          "suppress_redundant_updates_trigger()": "42501",
    "CREATE TABLE mine (id bigint REFERENCES foia.requests)": "42501",
    "CREATE OR REPLACE FUNCTION auth.user_id() RETURNS text LANGUAGE sql AS $$ SELECT 'auth0|ben' $$": "42501",
    "CREATE FUNCTION auth.mine() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$": "42501",
    "SELECT * FROM auth.denials": "42501",
    "DELETE FROM auth.denials": "42501",
    "DROP EXTENSION ward": "42501",
}


@pytest.mark.parametrize("words,code", AROUND.items())
def test_a_way_around_is_closed(database, api, words, code):
    with acting(api, "ann"):
        assert refused(api.say, words).code == code
    assert untouched(database)


def test_a_condition_of_the_attacker_s_is_not_shown_others_rows(api):
    """Cheaper than the policy, and it tells what it sees: it is asked after."""
    api.say("CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE "
            "NOTICE '%', $1; RETURN true; END $$")
    with acting(api, "ann"):
        for table in ("foia.requests", "foia.titles", "foia.open_requests"):
            api.notices.clear()
            api.say(f"SELECT * FROM {table} WHERE pg_temp.tell(title)")
            assert sorted(notice["M"] for notice in api.notices) == ROWS["ann"], table
        assert api.say("SELECT 1 FROM foia.requests WHERE 1 / (CASE WHEN title LIKE 'ben%' THEN 0 ELSE 1 END) = "
                       "5") == []


def test_a_function_of_somebody_without_policies_sees_the_caller_s_rows(database, api):
    """Also what the planner knows of the table is not told."""
    database.admin("ANALYZE foia.requests")
    with acting(api, "ann"):
        assert api.say("SELECT most_common_vals, histogram_bounds FROM pg_stats WHERE tablename = 'requests'") == []
        plan = "\n".join(row[0] for row in api.say("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT * FROM "
                                                   "foia.requests"))
    for name in ("ben", "machine"):
        assert not [title for title in ROWS[name] if title in plan], plan


def test_what_postgresql_itself_tells_is_existence(api):
    """The documented exception: unique and foreign keys see every row, and an error says so."""
    with acting(api, "ann"):
        assert refused(api.say, "INSERT INTO foia.requests (reference, title) VALUES ('ben one', 'x')").code == "23505"
    with acting(api, "ann"):
        assert api.say("INSERT INTO foia.requests (reference, title) VALUES ('ben one', 'x') ON CONFLICT DO NOTHING "
                       "RETURNING id") == []
    with acting(api, "ann"):
        error = refused(api.say, "INSERT INTO foia.requests (reference, title) VALUES ('ben one', 'x') "
                                 "ON CONFLICT (reference) DO UPDATE SET title = 'taken'")
        assert error.code == "42501"


def test_a_plan_that_is_kept_is_nobody_else_s(api):
    """One connection, one prepared statement, all of them in turn, as with a pool."""
    api.say("PREPARE mine AS SELECT title FROM foia.requests")
    for _ in range(4):
        for name in EVERYBODY:
            with acting(api, name):
                assert column(api.say("EXECUTE mine")) == SEEN[name], name
        assert api.say("EXECUTE mine") == []


# ---- Denials.

@pytest.mark.parametrize("until,is_denied", [("'infinity'", True), ("now()", True),
                                             ("now() - interval '1 day'", False)])
def test_who_is_denied_sees_and_changes_nothing(database, api, until, is_denied):
    database.admin(DENY.format(until))
    try:
        with acting(api, "ann"):
            assert api.one("SELECT auth.denied()") == ("t" if is_denied else "f")
            for words in ("SELECT title FROM foia.requests", "SELECT title FROM foia.titles",
                          "UPDATE foia.requests SET title = title RETURNING title"):
                assert column(api.say(words)) == ([] if is_denied else ROWS["ann"])
            if is_denied:
                assert refused(api.say, "INSERT INTO foia.requests (title) VALUES ('x')").code == "42501"
        with acting(api, "ben"):
            assert column(api.say("SELECT title FROM foia.requests")) == ROWS["ben"]
            assert api.one("SELECT auth.denied()") == "f"
    finally:
        database.admin("DELETE FROM auth.denials")


def test_a_token_that_does_not_say_when_it_was_issued_is_denied_with_the_older_ones(database, api):
    database.admin(DENY.format("now() - interval '1 day'"))
    try:
        with acting(api, "ann", iat=None):
            assert api.one("SELECT auth.denied()") == "t"
    finally:
        database.admin("DELETE FROM auth.denials")


def test_a_denial_may_be_of_one_issuer(database, api):
    database.admin("INSERT INTO auth.denials (subject, issuer) VALUES ('auth0|ann', 'https://other.example/')")
    try:
        with acting(api, "ann"):
            assert api.one("SELECT auth.denied()") == "f"
            database.admin("UPDATE auth.denials SET issuer = 'https://dev-4fszoklachwdh46m.us.auth0.com/'")
            assert api.one("SELECT auth.denied()") == "t", "the next statement sees it"
    finally:
        database.admin("DELETE FROM auth.denials")


def test_the_example_s_role_is_nobody_special(database):
    (row,) = database.admin("SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid), "
                            "(SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class WHERE relnamespace "
                            "= 'foia'::regnamespace AND "
                            "relkind = 'r') FROM pg_roles r WHERE rolname = 'foia_api'")
    assert row == ("f", "f", "0", "t")
