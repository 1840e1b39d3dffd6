-- ward 1.0: the functions that pg_session_jwt has.
\echo Use "CREATE EXTENSION ward" to load this file. \quit

-- An error where there is one already: who owns that could put another function in place of one of these.
CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO PUBLIC;

CREATE FUNCTION auth.jwt_session_init(jwt text) RETURNS void
    AS 'MODULE_PATHNAME', 'ward_pg_sql_jwt_session_init'
    LANGUAGE C VOLATILE PARALLEL RESTRICTED CALLED ON NULL INPUT;
COMMENT ON FUNCTION auth.jwt_session_init(text) IS
    'takes an access token: until the transaction ends, the functions of this schema speak of its subject';

CREATE FUNCTION auth.init() RETURNS void
    AS 'MODULE_PATHNAME', 'ward_pg_sql_init'
    LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.init() IS 'nothing to do: for callers of pg_session_jwt';

CREATE FUNCTION auth.user_id() RETURNS text
    AS 'MODULE_PATHNAME', 'ward_pg_sql_user_id'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.user_id() IS 'the subject whom rows belong to; NULL: nobody';

CREATE FUNCTION auth.uid() RETURNS uuid
    AS 'MODULE_PATHNAME', 'ward_pg_sql_uid'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.uid() IS 'the subject where it is a UUID; else NULL';

CREATE FUNCTION auth.session() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'ward_pg_sql_session'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.session() IS 'all claims of the token; NULL: nobody';

CREATE FUNCTION auth.jwt() RETURNS jsonb
    AS 'MODULE_PATHNAME', 'ward_pg_sql_session'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.jwt() IS 'as auth.session()';
