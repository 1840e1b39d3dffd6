# SPDX-License-Identifier: Apache-2.0
"""What decides who is let in is a superuser's to set, and nothing that anybody else can set is believed: not before the
library is loaded, not with a connection, not stored."""
import pathlib
import re
import tempfile

import pytest
from postgres_client import Refused
from postgres_server import ROOT, Server
from postgres_tokens import PEOPLE, keys_file, settings, take, token_now, token_of, who
from tokens import AUDIENCE, ISSUER, jwks

ANN = PEOPLE["ann"]["sub"]

# A superuser's choice that a default would undo.
SETTINGS = "ward.clients = 'client robot'\n"

# The attacker's own issuer: with its settings his token would be let in.
EVIL = "https://evil.example/"


@pytest.fixture(scope="module")
def evil(folder):
    """What the attacker would have set: {setting: value}."""
    path = folder / "evil.json"
    path.write_text(jwks("b"))
    path.chmod(0o644)
    return {"ward.issuer": EVIL, "ward.audience": "evil", "ward.key_file": str(path), "ward.token_lasts": "session",
            "ward.leeway": "300", "ward.clients": ""}


def evil_token():
    return token_now(key="b", iss=EVIL, aud="evil", sub=ANN)


def code_of(call, *words):
    with pytest.raises(Refused) as found:
        call(*words)
    return found.value.code


def lets_in_whom_it_should(connection):
    """The settings in force are the superuser's."""
    assert code_of(take, connection, evil_token()) == "28000"
    assert code_of(take, connection, token_of("ann", azp="stranger")) == "28000"
    assert who(connection) is None
    connection.say("BEGIN")
    take(connection, token_of("ann"))
    assert who(connection) == ANN
    connection.say("COMMIT")
    assert who(connection) is None, "a token lasts for its transaction"
    assert connection.say("SELECT current_setting('ward.issuer'), current_setting('ward.audience')") == [(ISSUER,
                                                                                                          AUDIENCE)]


# ---- Before the library is loaded.

def test_a_library_that_was_not_there_from_the_start_does_nothing(evil):
    """Its settings are anybody's then: so it refuses to be loaded late, by whatever call."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pg-"))
    (folder / "keys").mkdir(mode=0o755)
    with Server(folder, settings(keys_file(folder / "keys"))) as server:
        server.admin("CREATE EXTENSION ward; CREATE ROLE app LOGIN")
        server.stop()
        conf = server.data / "postgresql.conf"
        conf.write_text(conf.read_text().replace("shared_preload_libraries = 'ward'", "shared_preload_libraries = ''"))
        server.start()
        options = " ".join(f"-c {name}={value}" for name, value in evil.items() if value)
        with server.connect("app", options=options) as connection:
            assert connection.one("SELECT current_setting('ward.issuer')") == EVIL, "a placeholder is anybody's"
            for words in ("SELECT auth.user_id()", "SELECT auth.session()", "SELECT auth.has_scope('read:foia')",
                          "SELECT auth.denied()"):
                assert code_of(connection.say, words) == "55000", words
            for token in (evil_token(), token_of("ann")):
                assert code_of(take, connection, token) == "55000"
        with server.connect() as connection:
            assert code_of(connection.say, "LOAD 'ward'") == "55000"
            assert code_of(connection.say, "DROP EXTENSION ward; CREATE EXTENSION ward; SELECT auth.init()") == "55000"


# ---- After.

def test_what_a_connection_brings_along_is_refused(server, evil):
    for name, value in evil.items():
        with pytest.raises(Refused) as found:
            server.connect("app", options=f"-c {name}={value}")
        assert (found.value.code, found.value.all["S"]) == ("42501", "FATAL"), name


def test_nobody_but_a_superuser_sets_them(app, evil):
    for name, value in evil.items():
        for words in (f"SET {name} = '{value}'", f"SET LOCAL {name} = '{value}'",
                      f"SELECT set_config('{name}', '{value}', false)",
                      f"ALTER ROLE app SET {name} = '{value}'", f"ALTER SYSTEM SET {name} = '{value}'",
                      f"CREATE FUNCTION mine() RETURNS int LANGUAGE sql SET {name} = '{value}' AS 'SELECT 1'"):
            assert code_of(app.say, words) == "42501", words
    lets_in_whom_it_should(app)
    assert code_of(app.say, "SHOW ward.key_file") == "42501", "where the keys lie is nobody else's business"


def test_nobody_but_a_superuser_stores_them(server, evil):
    server.admin("CREATE ROLE dbowner LOGIN")
    server.admin("CREATE DATABASE theirs OWNER dbowner")
    with server.connect("dbowner", "theirs") as connection:
        for name, value in evil.items():
            for words in (f"ALTER ROLE dbowner SET {name} = '{value}'", f"ALTER DATABASE theirs SET {name} = '{value}'",
                          f"CREATE FUNCTION mine() RETURNS int LANGUAGE sql SET {name} = '{value}' AS 'SELECT 1'"):
                assert code_of(connection.say, words) == "42501", words
        assert code_of(connection.say, "CREATE EXTENSION ward") == "42501", "it is not trusted: a superuser creates it"


def test_a_setting_that_does_not_exist_is_not_made(app):
    assert code_of(app.say, "SET ward.isuer = 'x'") == "42602"


def test_what_was_stored_before_is_told_to_the_superuser(server):
    """Version 14 let every role store what it liked, and an upgrade keeps it."""
    server.admin("CREATE DATABASE upgraded")
    server.admin("ALTER ROLE app SET ward.issuer = 'https://evil.example/'")
    try:
        with server.connect("postgres", "upgraded") as connection:
            connection.say("CREATE EXTENSION ward")
            assert [(notice["S"], notice["M"]) for notice in connection.notices] == [
                ("WARNING", "ward.issuer=https://evil.example/ is stored for app")]
    finally:
        server.admin("ALTER ROLE app RESET ward.issuer")


def test_claims_that_others_take_from_settings_are_not_believed(app):
    for name in ("request.jwt.claims", "request.jwt.claim.sub", "pg_session_jwt.jwt", "pg_session_jwt.jwk",
                 "jwt.claims.sub", "auth.user_id"):
        app.say("SELECT set_config('" + name + "', '{\"sub\": \"auth0|ann\"}', false)")
    assert app.say("SELECT auth.user_id(), auth.session(), auth.has_scope('read:foia')") == [(None, None, "f")]


def test_a_superuser_sets_them_for_a_database_and_for_a_role(server, evil):
    server.admin("CREATE DATABASE other")
    server.admin("CREATE ROLE special LOGIN; "
                 + "; ".join(f"ALTER DATABASE other SET {name} = '{value}'" for name,
                             value in evil.items() if name != "ward.token_lasts"))
    server.admin("CREATE EXTENSION ward", "other")
    server.admin("ALTER ROLE special SET ward.token_lasts = session")
    with server.connect("special", "other") as connection:
        assert code_of(take, connection, token_of("ann")) == "28000"
        take(connection, evil_token())
        assert who(connection) == ANN


@pytest.mark.parametrize("setting,good,claims,refusal", [
    ("ward.issuer", f"https://first.example/, {ISSUER}", {}, None),
    ("ward.issuer", "https://first.example/", {}, "ISSUER_REFUSED"),
    ("ward.issuer", "", {}, "EXPECT_ISSUERS"),
    ("ward.audience", "other", {}, "AUDIENCE_REFUSED"),
    ("ward.audience", f"other {AUDIENCE}", {}, None),
    ("ward.audience", "", {}, "EXPECT_AUDIENCES"),
    ("ward.clients", "robot", {"azp": "robot"}, None),
    ("ward.clients", "robot other", {"azp": "stranger"}, "CLIENT_REFUSED"),
    ("ward.token_type", "at+jwt", {}, "TYPE_REFUSED"),
    ("ward.token_type", "JWT", {}, None),
])
def test_each_setting_decides(server, setting, good, claims, refusal):
    with server.connect() as connection:
        connection.say(f"SET {setting} = '{good}'; BEGIN")
        if refusal is None:
            take(connection, token_of("ann", **claims))
            assert who(connection) == ANN
            return
        with pytest.raises(Refused) as found:
            take(connection, token_of("ann", **claims))
        assert found.value.message.startswith(f"{refusal}: ")
        if refusal.startswith("EXPECT_"):
            assert found.value.hint == f"A superuser sets {setting}."


def test_the_scopes_may_be_another_claim(server):
    for claim, value in (("permissions", ["read:foia", "write:foia"]), ("scp", "read:foia")):
        with server.connect() as connection:
            connection.say(f"SET ward.scope_claim = '{claim}'; BEGIN")
            take(connection, token_of("ann", scope="admin:foia", **{claim: value}))
            assert connection.say("SELECT auth.has_scope('read:foia'), auth.has_scope('admin:foia')") == [("t", "f")]


@pytest.mark.parametrize("setting,bad", [("ward.issuer", "a b c d e"), ("ward.audience", "a,b,c,d,e"),
                                         ("ward.issuer", "a" * 256), ("ward.leeway", "301"),
                                         ("ward.clients", " ".join("abcdefghijklmnopq")), ("ward.scope_claim", "a b"),
                                         ("ward.token_type", "a" * 65),
                                         ("ward.token_lasts", "ever"), ("ward.leeway", "-1")])
def test_a_wrong_value_is_refused_when_it_is_set(server, setting, bad):
    with server.connect() as connection:
        assert code_of(connection.say, f"SET {setting} = '{bad}'") == "22023"


# ---- What is written of them.

def test_the_page_lists_the_settings_and_functions_that_there_are(server):
    page = (ROOT / "docs/postgresql.md").read_text()
    listed = re.findall(r"^\| `(ward\.\w+)` \| (\S*) ?\|", page, re.M)
    defaults = {name: value for name, value in server.admin(
        "SELECT name, CASE unit WHEN 's' THEN boot_val || 's' ELSE boot_val END FROM pg_settings WHERE name LIKE "
                                                            "'ward.%'")}
    assert dict(listed) == defaults
    assert {row[0] for row in server.admin("SELECT context FROM pg_settings WHERE name LIKE 'ward.%'")} == {"superuser"}
    functions = [row[0] for row in server.admin("SELECT p.proname || '(' || pg_get_function_arguments(p.oid) || ')' "
                                                "FROM pg_proc p WHERE pronamespace = 'auth'::regnamespace")]
    assert sorted(re.findall(r"^\| `auth\.(.*?)` \|", page, re.M)) == sorted(functions)
