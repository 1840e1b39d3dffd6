# SPDX-License-Identifier: Apache-2.0
"""Who is there, and for how long: a token holds for its transaction, and whatever goes wrong leaves nobody."""
import re
import time

import pytest
from postgres_client import Refused
from postgres_server import ROOT
from postgres_tokens import PEOPLE, claims_now, session, take, token_now, token_of, who
from tokens import ISSUER, base64url

ANN = PEOPLE["ann"]["sub"]


@pytest.fixture
def lasting(server):
    """A connection whose tokens last for its session, as a superuser has chosen for its role."""
    server.admin("DROP ROLE IF EXISTS lasting; DROP ROLE IF EXISTS other; CREATE ROLE lasting LOGIN; CREATE ROLE "
                 "other; GRANT other TO lasting, app; ALTER ROLE lasting SET ward.token_lasts = session")
    with server.connect("lasting") as connection:
        yield connection


def refused(call, *words):
    with pytest.raises(Refused) as found:
        call(*words)
    return found.value


# ---- A transaction.

def test_nobody_is_there_at_first(app):
    assert (who(app), session(app)) == (None, None)
    assert app.say("SELECT auth.uid(), auth.jwt(), auth.has_scope('read:foia'), auth.denied(), auth.issuer()") == [
        (None, None, "f", None, None)]


def test_a_token_holds_until_its_transaction_ends(app):
    for end in ("COMMIT", "ROLLBACK"):
        app.say("BEGIN")
        take(app, token_of("ann"))
        assert who(app) == ANN
        app.say(end)
        assert who(app) is None, end


def test_a_statement_of_its_own_is_a_transaction(app):
    take(app, token_of("ann"))
    assert who(app) is None


def test_statements_in_one_text_are_one_transaction(app):
    assert app.say(f"SELECT auth.jwt_session_init('{token_of('ann')}'); SELECT auth.user_id()") == [(ANN,)]
    assert who(app) is None


def test_a_procedure_that_commits_ends_it(server, app):
    server.admin("CREATE PROCEDURE twice(token text, OUT before text, OUT after text) LANGUAGE plpgsql AS $$ BEGIN "
                 "PERFORM auth.jwt_session_init(token); before := auth.user_id(); COMMIT; after := auth.user_id(); "
                 "END $$")
    assert app.say(f"CALL twice('{token_of('ann')}', NULL, NULL)") == [(ANN, None)]


def test_a_deferred_trigger_still_knows_who_it_was(server, app):
    server.admin("CREATE TABLE noted (who text); GRANT ALL ON noted TO PUBLIC; CREATE TABLE changed (n int); GRANT ALL "
                 "ON changed TO PUBLIC; "
                 "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO noted VALUES "
                 "(auth.user_id()); RETURN NULL; END $$; "
                 "CREATE CONSTRAINT TRIGGER later AFTER INSERT ON changed DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
                 "EXECUTE FUNCTION note()")
    app.say("BEGIN")
    take(app, token_of("ann"))
    app.say("INSERT INTO changed VALUES (1)")
    app.say("COMMIT")
    assert app.say("SELECT who FROM noted") == [(ANN,)]


@pytest.mark.parametrize("lasts", ["transaction", "session"])
def test_a_prepared_transaction_takes_nobody_along(server, lasts, app, lasting):
    connection = lasting if lasts == "session" else app
    connection.say("BEGIN")
    take(connection, token_of("ann"))
    connection.say(f"PREPARE TRANSACTION '{lasts}'")
    assert who(connection) == (ANN if lasts == "session" else None)
    connection.say(f"ROLLBACK PREPARED '{lasts}'")


def test_another_token_takes_the_place_of_the_first(app):
    app.say("BEGIN")
    take(app, token_of("ann"))
    take(app, token_of("ben"))
    assert who(app) == PEOPLE["ben"]["sub"]
    app.say("ROLLBACK")


# ---- What goes wrong.

CATCH = "DO $$ BEGIN PERFORM auth.jwt_session_init({}); EXCEPTION WHEN OTHERS THEN NULL; END $$"


@pytest.mark.parametrize("bad", ["NULL", "''", "'no.token.here'", "'opaque'"])
def test_a_token_that_is_refused_leaves_nobody_though_it_is_caught(app, bad):
    app.say("BEGIN")
    take(app, token_of("ann"))
    app.say(CATCH.format(bad))
    assert who(app) is None
    app.say("ROLLBACK")


def test_a_call_with_null_is_refused(app):
    error = refused(app.ask, "SELECT auth.jwt_session_init($1)", None)
    assert (error.code, error.message) == ("28000", "TOKEN_EMPTY: the token is empty")


def test_an_error_leaves_nobody(lasting):
    take(lasting, token_of("ann"))
    assert who(lasting) == ANN
    assert refused(lasting.say, "SELECT 1/0").code == "22012"
    assert who(lasting) is None


def test_a_rollback_leaves_nobody(lasting):
    take(lasting, token_of("ann"))
    lasting.say("BEGIN")
    assert who(lasting) == ANN
    lasting.say("ROLLBACK")
    assert who(lasting) is None


def test_a_savepoint_that_is_rolled_back_leaves_nobody(app):
    for before in (True, False):
        app.say("BEGIN")
        if before:
            take(app, token_of("ann"))
        app.say("SAVEPOINT a")
        if not before:
            take(app, token_of("ann"))
        assert who(app) == ANN
        app.say("ROLLBACK TO a")
        assert who(app) is None, before
        app.say("ROLLBACK")


def test_a_savepoint_that_is_released_changes_nothing(app):
    app.say("BEGIN; SAVEPOINT a")
    take(app, token_of("ann"))
    app.say("RELEASE a")
    assert who(app) == ANN
    app.say("ROLLBACK")


def test_an_error_that_is_caught_leaves_nobody(app):
    app.say("BEGIN")
    take(app, token_of("ann"))
    app.say("DO $$ BEGIN PERFORM 1/0; EXCEPTION WHEN division_by_zero THEN NULL; END $$")
    assert who(app) is None
    app.say("ROLLBACK")


# ---- A session, where a superuser says so.

def test_a_session_s_token_holds_beyond_its_transaction(lasting):
    take(lasting, token_of("ann"))
    lasting.say("BEGIN; SELECT 1; COMMIT")
    assert who(lasting) == ANN


@pytest.mark.parametrize("words", ["DISCARD ALL", "RESET ALL", "SET ROLE other", "SET LOCAL ROLE other", "RESET ROLE",
                                   "SET ROLE NONE",
                                   "SET SESSION AUTHORIZATION DEFAULT", "RESET SESSION AUTHORIZATION",
                                   "DO $$ BEGIN SET ROLE other; END $$"])
def test_who_becomes_somebody_else_leaves_nobody(lasting, words):
    take(lasting, token_of("ann"))
    assert who(lasting) == ANN
    lasting.say(words)
    lasting.say("RESET search_path")
    assert who(lasting) is None


def test_an_own_setting_that_is_reset_changes_nothing(lasting):
    take(lasting, token_of("ann"))
    lasting.say("SET work_mem = '1MB'; RESET work_mem; DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES")
    assert who(lasting) == ANN


def test_a_token_is_nobody_s_under_another_role_however_that_was_taken(lasting):
    take(lasting, token_of("ann"))
    lasting.say("SELECT set_config('role', 'other', false)")
    assert who(lasting) is None
    lasting.say("SELECT set_config('role', 'none', false)")
    assert who(lasting) is None, "it does not come back with the role"


def test_a_superuser_who_becomes_another_user_leaves_nobody(server, lasting):
    with server.connect() as connection:
        connection.say("SET ward.token_lasts = session; SET SESSION AUTHORIZATION app")
        take(connection, token_of("ann"))
        assert who(connection) == ANN
        connection.say("SELECT set_config('session_authorization', 'lasting', false)")
        assert who(connection) is None
        connection.say("SET ROLE other")
        take(connection, token_of("ann"))
        assert who(connection) == ANN
        connection.say("SELECT set_config('session_authorization', 'app', false), set_config('role', 'other', false)")
        assert who(connection) is None, "the role is the same, whose session it is is not"


def test_a_function_with_its_owner_s_rights_is_asked_by_the_caller(server, app):
    server.admin("CREATE FUNCTION owners() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT current_user || ' ' "
                 "|| auth.user_id() $$")
    app.say("BEGIN")
    take(app, token_of("ann"))
    assert app.one("SELECT owners()") == f"postgres {ANN}"
    app.say("ROLLBACK")


def test_changed_settings_leave_nobody(server):
    for change in ("ward.issuer = 'https://other.example/'", "ward.audience = 'other'", "ward.clients = 'other'",
                   "ward.token_type = 'at+jwt'",
                   "ward.scope_claim = 'scp'", "ward.key_file = '/nowhere'", "ward.leeway = 1",
                   "ward.token_lasts = transaction"):
        with server.connect() as connection:
            connection.say("SET ward.token_lasts = session")
            take(connection, token_of("ann"))
            assert who(connection) == ANN
            connection.say(f"SET {change}")
            assert who(connection) is None, change


# ---- Time.

def test_after_exp_there_is_nobody_also_in_the_middle_of_a_transaction(app, lasting):
    until = int(time.time()) + 3
    for connection in (app, lasting):
        connection.say("BEGIN")
        take(connection, token_of("ann", exp=until))
        assert who(connection) == ANN
    time.sleep(max(0.0, until - time.time()) + 0.1)
    for connection in (app, lasting):
        assert connection.say("SELECT auth.user_id(), auth.session(), auth.has_scope('read:foia')") == [(None, None,
                                                                                                         "f")]
        connection.say("COMMIT")


def test_the_leeway_does_not_prolong_a_token(app):
    error = refused(take, app, token_of("ann", exp=int(time.time()) - 5))
    assert (error.code, error.message) == ("28000", "TOKEN_EXPIRED: the token has expired: get a new one")


def test_an_issuer_s_clock_may_be_ahead_by_the_leeway(server, app):
    app.say("BEGIN")
    take(app, token_of("ann", iat=int(time.time()) + 30))
    app.say("ROLLBACK")
    with server.connect() as connection:
        connection.say("SET ward.leeway = 0")
        assert refused(take, connection,
                       token_of("ann", iat=int(time.time()) + 30)).message.startswith("ISSUED_IN_FUTURE: ")


# ---- What is known of who is there.

def test_the_session_is_what_the_token_says(app):
    claims = claims_now(**{"https://api.example/roles": ["a", ["b", {}], {"c": [None, True, False, []]}],
                           "number": 1.50, "large": 12345678901234567890,
                           "text": "Zoë \"\\ \n 人 \U0001f600", "empty": "", "nested": {"a": {"b": {"c": 1}}},
                           **PEOPLE["ann"]})
    app.say("BEGIN")
    take(app, token_now(**claims))
    assert session(app) == claims
    assert app.one("SELECT auth.jwt() = auth.session()") == "t"
    assert app.one("SELECT auth.issuer()") == ISSUER
    assert app.one("SELECT auth.init()") == ""
    app.say("ROLLBACK")


def test_a_uid_is_a_subject_that_is_a_uuid(app):
    for subject, uuid in (("6F0C21D2-9e8b-4c1a-8f00-0123456789ab", "6f0c21d2-9e8b-4c1a-8f00-0123456789ab"),
                          ("auth0|ann", None),
                          ("6f0c21d29e8b4c1a8f000123456789ab", None), ("6f0c21d2-9e8b-4c1a-8f00-0123456789ag", None),
                          ("6f0c21d2-9e8b-4c1a-8f00-0123456789ab0", None),
                          ("6f0c21d2-9e8b-4c1a-8f00+0123456789ab", None)):
        app.say("BEGIN")
        take(app, token_now(sub=subject))
        assert app.say("SELECT auth.uid(), auth.user_id()") == [(uuid, subject)]
        app.say("ROLLBACK")


def test_nobody_in_particular_owns_nothing(app):
    app.say("BEGIN")
    take(app, token_now(sub="anon@1234"))
    assert app.say("SELECT auth.user_id(), auth.uid(), auth.session() ->> 'sub', "
                   "auth.has_scope('read:foia')") == [(None, None, "anon@1234", "t")]
    app.say("ROLLBACK")


def test_what_the_database_cannot_hold_is_an_error_and_nobody(server, app):
    app.say("BEGIN")
    take(app, token_now(note="a\0b", **PEOPLE["ann"]))
    assert who(app) == ANN
    assert refused(app.say, "SELECT auth.session()").code == "22021"
    app.say("ROLLBACK")
    server.admin("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
    server.admin("CREATE EXTENSION ward", "latin")
    with server.connect("app", "latin") as connection:
        connection.say("BEGIN")
        take(connection, token_now(sub="zoë"))
        assert connection.say("SELECT auth.user_id(), auth.session() ->> 'sub', "
                              "length(auth.user_id())") == [("zoë", "zoë", "3")]
        take(connection, token_now(sub="人"))
        assert refused(connection.say, "SELECT auth.user_id()").code == "22P05"
        connection.say("ROLLBACK")
        assert who(connection) is None


@pytest.mark.parametrize("expression,has", [("read:foia", "t"), ("read:foia write:foia", "t"), ("admin:foia", "f"),
                                            ("admin:foia|read:foia", "t"),
                                            ("read:foia admin:foia", "f"), ("read", "f"), ("READ:FOIA", "f")])
def test_scopes_are_asked_by_an_expression(app, expression, has):
    assert app.one("SELECT auth.has_scope($1)", expression) == "f", "nobody has none"
    app.say("BEGIN")
    take(app, token_of("ann"))
    assert app.one("SELECT auth.has_scope($1)", expression) == has
    assert app.one("SELECT auth.has_scope(NULL)") is None
    app.say("ROLLBACK")


@pytest.mark.parametrize("expression", ["", "a  b", "a|", "|", "a\"b"])
def test_an_expression_that_is_none_is_an_error_also_for_nobody(app, expression):
    error = refused(app.ask, "SELECT auth.has_scope($1)", expression)
    assert error.code == "22023" and error.message.startswith("SCOPE_EXPRESSION: "), error


# ---- Refusals.

def sentences():
    """ward's own list of names and sentences."""
    text = (ROOT / "src/encoding/status_list.h").read_text()
    return {name: "".join(re.findall(r'"([^"]*)"', words)) for name, words
            in re.findall(r"^RESULT\((\w+),(.*?)\)$", text, re.M | re.S)}


def hostile():
    good = token_of("ann")
    header, body, _ = good.split(".")
    return {"TOKEN_EMPTY": "", "TOKEN_OPAQUE": "opaque", "TOKEN_MALFORMED": "a.b", "TOKEN_TOO_LONG": "a" * 40000,
            "SIGNATURE_INVALID": f"{header}.{body}.{token_of('ben').split('.')[2]}",
            "KEY_UNKNOWN": token_of("ann", key="b"), "ISSUER_REFUSED": token_of("ann", iss="https://other.example/"),
            "AUDIENCE_REFUSED": token_of("ann", aud="other"), "TOKEN_EXPIRED": token_of("ann",
                                                                                        exp=int(time.time()) - 100),
            "TOKEN_NOT_YET_VALID": token_of("ann", nbf=int(time.time()) + 1000),
            "SUBJECT_MISSING": token_of("ann", sub=None),
            "EXPIRY_MISSING": token_of("ann", exp=None), "SIGNATURE_LENGTH": f"{header}.{body}.{base64url(bytes(200))}"}


def test_a_refused_token_is_28000_with_ward_s_name_and_sentence(app):
    known = sentences()
    for name, token in hostile().items():
        error = refused(take, app, token)
        assert (error.code, error.message) == ("28000", f"{name}: {known[name]}"), name
        assert who(app) is None


# ---- The functions themselves.

def test_every_function_is_parallel_restricted_and_none_is_leakproof(server):
    rows = server.admin("SELECT p.proname, p.proparallel, p.proleakproof, p.provolatile FROM pg_proc p JOIN pg_depend "
                        "d ON d.objid = p.oid AND "
                        "d.classid = 'pg_proc'::regclass JOIN pg_extension e ON e.oid = d.refobjid AND d.deptype = 'e' "
                        "WHERE e.extname = 'ward'")
    assert {row[0] for row in rows} == {"jwt_session_init", "init", "user_id", "uid", "session", "jwt", "has_scope",
                                        "issuer", "denied"}
    assert {row[1:3] for row in rows} == {("r", "f")}
    assert {row[0] for row in rows if row[3] == "v"} == {"jwt_session_init", "init"}


def test_a_parallel_worker_is_nobody_and_a_query_does_not_ask_it(server, app):
    server.admin("CREATE TABLE many AS SELECT n, CASE n % 2 WHEN 0 THEN 'auth0|ann' ELSE 'x' END AS owner FROM "
                 "generate_series(1, 20000) n; "
                 "GRANT SELECT ON many TO PUBLIC; ANALYZE many; "
                 "CREATE FUNCTION lying() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN "
                 "auth.user_id(); END $$")
    app.say("SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET "
            "parallel_leader_participation = off")
    app.say("BEGIN")
    take(app, token_of("ann"))
    plan = "\n".join(row[0] for row in app.say("EXPLAIN SELECT count(*) FROM many WHERE owner = lying()"))
    assert "Gather" in plan, plan
    assert app.one("SELECT count(*) FROM many WHERE owner = lying()") == "0", "a worker is nobody"
    plan = "\n".join(row[0] for row in app.say("EXPLAIN SELECT count(*) FROM many WHERE owner = auth.user_id()"))
    assert "Gather" not in plan, plan
    assert app.one("SELECT count(*) FROM many WHERE owner = auth.user_id()") == "10000"
    assert app.one("SELECT count(*) FROM many WHERE owner = (SELECT auth.user_id())") == "10000"
    app.say("ROLLBACK")


def test_what_a_backend_knew_goes_with_it(server):
    server.admin("ALTER ROLE app SET ward.token_lasts = session")
    try:
        with server.connect("app") as connection:
            take(connection, token_of("ann"))
            assert who(connection) == ANN
        with server.connect("app") as connection:
            assert who(connection) is None
    finally:
        server.admin("ALTER ROLE app RESET ward.token_lasts")
