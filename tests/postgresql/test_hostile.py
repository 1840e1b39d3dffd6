# SPDX-License-Identifier: Apache-2.0
"""What a reviewer has tried to break from outside: as a user of the database, or with an issuer's strange token."""
import json
import os
import time

import pytest
from postgres_client import Refused
from postgres_tokens import PEOPLE, claims_now, keys_file, take, token_of, who
from tokens import jwks, token

ANN = PEOPLE["ann"]["sub"]


def code_of(call, *words):
    with pytest.raises(Refused) as found:
        call(*words)
    return found.value.code


# ---- Whoever owns a database prepares it for the day that a superuser makes the extension there.

TRAPS = """
CREATE FUNCTION {schema}.trap(a jsonb, b jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.caught VALUES (current_user); RETURN a OPERATOR(pg_catalog.->>) 'sub'; END $$;
CREATE OPERATOR {schema}.->> (FUNCTION = {schema}.trap, LEFTARG = jsonb, RIGHTARG = jsonb);
"""


@pytest.mark.parametrize("schema", ["public", "first"])
def test_an_operator_that_lay_in_wait_is_not_taken_into_a_function_with_a_superusers_rights(server, schema):
    name = f"prepared_{schema}"
    server.admin(f"CREATE ROLE {name} LOGIN")
    server.admin(f"CREATE DATABASE {name} OWNER {name}")
    with server.connect(name, name) as owner:
        owner.say("CREATE TABLE public.caught (who text); GRANT ALL ON public.caught TO PUBLIC")
        if schema != "public":
            owner.say(f"CREATE SCHEMA {schema}; GRANT ALL ON SCHEMA {schema} TO PUBLIC")
            owner.say(f"ALTER DATABASE {name} SET search_path = {schema}, public")
        owner.say(TRAPS.format(schema=schema))
    server.admin("CREATE EXTENSION ward VERSION '1.0'", name)
    server.admin("ALTER EXTENSION ward UPDATE", name)
    with server.connect(name, name) as owner:
        owner.say("BEGIN")
        take(owner, token_of("ann"))
        assert owner.one("SELECT auth.denied()") == "f"
        owner.say("COMMIT")
        assert owner.say("SELECT who FROM public.caught") == []


def test_rights_that_every_new_table_gets_are_not_those_of_the_denials(server):
    """A superuser's ALTER DEFAULT PRIVILEGES for the application's tables: whoever is denied would delete the row."""
    server.admin("CREATE ROLE usual LOGIN")
    server.admin("CREATE DATABASE usual")
    server.admin("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO usual, PUBLIC; "
                 "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO usual", "usual")
    server.admin("CREATE EXTENSION ward", "usual")
    with server.connect("usual", "usual") as connection:
        for words in ("SELECT * FROM auth.denials", "DELETE FROM auth.denials", "TRUNCATE auth.denials",
                      "CREATE FUNCTION auth.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"):
            assert code_of(connection.say, words) == "42501", words
        assert connection.say("SELECT auth.user_id(), auth.denied()") == [(None, None)]


# ---- What is a superuser's to know.

def test_what_is_wrong_with_the_key_file_is_told_to_the_log_alone(server, app, folder):
    path = folder / "keys" / "jwks.json"
    app.say("SET client_min_messages = debug5")
    try:
        path.write_text("{")
        app.notices.clear()
        assert code_of(take, app, token_of("ann")) == "28000"
        assert not [notice for notice in app.notices if str(path) in str(notice)], app.notices
        assert f'ward.key_file "{path}"' in server.said()
    finally:
        path.unlink()
        keys_file(folder / "keys")


# ---- A strange token of the right issuer.

def test_a_claim_whose_name_is_escaped_is_nobody_else(app):
    """jsonb takes the last of two names that are one, auth.denied() asks jsonb."""
    app.say("BEGIN")
    for raw in ('{"s\\u0075b":"auth0|ben",', '{"sub":"auth0|ben",', '{"\\u0073ub":"auth0|ben",'):
        try:
            take(app, twice(raw))
        except Refused as error:
            assert error.code == "28000", error
            app.say("ROLLBACK; BEGIN")
            continue
        assert app.one("SELECT auth.user_id() = auth.session() ->> 'sub'") == "t", raw
    app.say("ROLLBACK")


def twice(raw):
    """Claims that begin with these."""
    return token(raw + json.dumps(claims_now(**PEOPLE["ann"]))[1:])


@pytest.mark.parametrize("number", ["1e131071", "1e400", "-1e999999999", "1e-200000", "0.1e-16383"])
def test_a_number_that_is_absurd_is_told_or_refused_and_leaves_nobody_else(app, number):
    app.say("BEGIN")
    text = json.dumps(claims_now(n=4711, **PEOPLE["ann"])).replace("4711", number)
    try:
        take(app, token(text))
        app.one("SELECT length(auth.session()::text)")
        assert who(app) == ANN
    except Refused as error:
        assert error.code in ("28000", "22003", "22023"), error
        app.say("ROLLBACK")
        assert who(app) is None
        return
    app.say("ROLLBACK")


@pytest.mark.parametrize("text", [r"\ud800", r"\udc00\ud800", r"\ufffe", r"\u0000", "\x7f"])
def test_half_a_character_is_no_text_of_anybody(app, text):
    app.say("BEGIN")
    try:
        take(app, twice('{"half":"' + text + '",'))
        app.one("SELECT auth.session()")
        assert who(app) == ANN
    except Refused as error:
        assert error.code in ("28000", "22021", "22P05"), error
        app.say("ROLLBACK")
        assert who(app) is None
        return
    app.say("ROLLBACK")


# ---- Ends of transactions.

def test_a_chain_of_transactions_is_several(app):
    for end in ("COMMIT AND CHAIN", "ROLLBACK AND CHAIN"):
        app.say("BEGIN")
        take(app, token_of("ann"))
        app.say(end)
        assert who(app) is None, end
        app.say("COMMIT")


def test_an_error_when_it_commits_leaves_nobody(server, app):
    server.admin("CREATE TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED); GRANT ALL ON once TO app")
    app.say("BEGIN")
    take(app, token_of("ann"))
    app.say("INSERT INTO once VALUES (1), (1)")
    assert code_of(app.say, "COMMIT") == "23505"
    assert who(app) is None


def test_a_worker_is_nobody_though_a_function_says_that_it_is_safe(server, app):
    server.admin("CREATE TABLE many AS SELECT n, 'auth0|ann' AS owner FROM generate_series(1, 20000) n; ANALYZE many; "
                 "GRANT SELECT ON many TO app")
    app.say("CREATE FUNCTION pg_temp.safe() RETURNS text LANGUAGE plpgsql PARALLEL SAFE AS $$ BEGIN RETURN "
            "auth.user_id(); END $$; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET "
            "min_parallel_table_scan_size = 0; SET parallel_leader_participation = off; SET "
            "max_parallel_workers_per_gather = 2")
    app.say("BEGIN")
    take(app, token_of("ann"))
    found = {row[0] for row in app.say("SELECT DISTINCT pg_temp.safe() FROM many")}
    assert found in ({None}, {ANN}) and who(app) == ANN, "workers change nothing for their leader"
    app.say("COMMIT")


def test_a_token_in_a_function_that_is_another_role_is_that_roles_alone(server, app):
    server.admin("CREATE ROLE elsewhere; GRANT elsewhere TO app; CREATE FUNCTION public.elsewhere(jwt text) RETURNS "
                 "text LANGUAGE plpgsql SET role = elsewhere AS $$ BEGIN PERFORM auth.jwt_session_init(jwt); RETURN "
                 "auth.user_id(); END $$")
    app.say("BEGIN")
    assert app.one("SELECT public.elsewhere($1)", token_of("ann")) == ANN
    assert who(app) is None
    app.say("COMMIT")


# ---- Keys.

def test_a_key_file_behind_a_link_that_is_changed_is_another(app, folder):
    path = folder / "keys" / "jwks.json"
    one, two = folder / "keys" / "one.json", folder / "keys" / "two.json"
    for file, key in ((one, "a"), (two, "b")):
        file.write_text(jwks(key))
        file.chmod(0o644)
        os.utime(file, (time.time() - 1000,) * 2)
    try:
        path.unlink()
        path.symlink_to(one)
        time.sleep(3.1)
        take(app, token_of("ann"))
        take(app, token_of("ann"))
        new = path.with_suffix(".new")
        new.symlink_to(two)
        os.replace(new, path)
        assert code_of(take, app, token_of("ann")) == "28000"
        take(app, token_of("ann", key="b"))
    finally:
        path.unlink()
        keys_file(folder / "keys")


def test_half_a_key_file_is_none(app, folder):
    path = folder / "keys" / "jwks.json"
    whole = jwks("a", "b")
    try:
        for length in (0, 1, len(whole) // 2, len(whole) - 1):
            path.write_text(whole[:length])
            assert code_of(take, app, token_of("ann")) == "28000", length
        path.write_text(whole)
        take(app, token_of("ann"))
    finally:
        keys_file(folder / "keys")


def test_a_token_of_many_megabytes_is_refused(app):
    app.say("BEGIN")
    take(app, token_of("ann"))
    assert code_of(take, app, "a." * 8_000_000) == "28000"
    app.say("ROLLBACK")
    assert who(app) is None
