-- SPDX-License-Identifier: Apache-2.0
-- ward 1.0: the functions that pg_session_jwt has.
\echo Use "CREATE EXTENSION ward" to load this file. \quit

-- Nothing that somebody has put into another schema is found, not even an operator that would suit better.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Before version 15 every role could store settings of any name for itself, and an upgrade keeps them. Who has stored one
-- is not known later: a superuser must look.
DO $$
DECLARE stored record;
BEGIN
    FOR stored IN SELECT pg_catalog.unnest(setconfig) AS setting, coalesce(rolname, 'every role') AS role
                  FROM pg_catalog.pg_db_role_setting LEFT JOIN pg_catalog.pg_roles ON pg_roles.oid = setrole LOOP
        IF stored.setting LIKE 'ward.%' THEN
            RAISE WARNING '% is stored for %', stored.setting, stored.role
                USING HINT = 'Was it a superuser? Otherwise reset it: it decides who is let in.';
        END IF;
    END LOOP;
END $$;

-- An error where there is one already: who owns that could put another function in place of one of these.
CREATE SCHEMA auth;

-- Whatever ALTER DEFAULT PRIVILEGES gives others in every new schema: nothing is put beside these functions.
DO $$
DECLARE other text;
BEGIN
    FOR other IN SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
                 FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'auth' AND grantee <> nspowner LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA auth FROM %s', other);
    END LOOP;
END $$;
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
