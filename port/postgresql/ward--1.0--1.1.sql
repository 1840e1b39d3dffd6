-- SPDX-License-Identifier: Apache-2.0
-- ward 1.1: scopes, and who is denied.
\echo Use "ALTER EXTENSION ward UPDATE TO '1.1'" to load this file. \quit

-- Nothing that somebody has put into another schema is found, not even an operator that would suit better.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FUNCTION auth.has_scope(expression text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'ward_pg_sql_has_scope'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.has_scope(text) IS
    'whether the token has these scopes: a b (both), a|b (either); false for nobody';

CREATE FUNCTION auth.issuer() RETURNS text
    AS 'MODULE_PATHNAME', 'ward_pg_sql_issuer'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION auth.issuer() IS 'who issued the token; NULL: nobody';

CREATE TABLE auth.denials (
    subject text NOT NULL,
    issuer text NOT NULL DEFAULT '*',
    issued_until timestamptz NOT NULL DEFAULT 'infinity',
    reason text,
    denied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, issuer)
);
-- What ALTER DEFAULT PRIVILEGES gives others in every new table is not theirs in this one: whoever is denied would
-- delete the row.
DO $$
DECLARE other text;
BEGIN
    FOR other IN SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
                 FROM pg_class, aclexplode(relacl)
                 WHERE pg_class.oid = 'auth.denials'::regclass AND grantee <> relowner LOOP
        EXECUTE format('REVOKE ALL ON auth.denials FROM %s', other);
    END LOOP;
END $$;
COMMENT ON TABLE auth.denials IS 'who is denied, though the token is good; policies ask auth.denied()';
COMMENT ON COLUMN auth.denials.subject IS 'sub of the tokens';
COMMENT ON COLUMN auth.denials.issuer IS 'iss of the tokens; *: any';
COMMENT ON COLUMN auth.denials.issued_until IS 'tokens issued at or before this time, and those that do not say when';
SELECT pg_catalog.pg_extension_config_dump('auth.denials', '');

-- With its owner's rights, so that who asks about himself need not read the table. Nobody gets NULL, which passes no
-- policy, negated or not.
CREATE FUNCTION auth.denied() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
    RETURN CASE WHEN auth.session() IS NOT NULL THEN EXISTS (
        SELECT FROM auth.denials
        WHERE denials.subject = auth.session() ->> 'sub'
          AND denials.issuer IN ('*', auth.issuer())
          AND (denials.issued_until = 'infinity' OR auth.session() ->> 'iat' IS NULL
               OR pg_catalog.to_timestamp((auth.session() ->> 'iat')::double precision) <= denials.issued_until)) END;
COMMENT ON FUNCTION auth.denied() IS 'whether the subject is denied by auth.denials; NULL: nobody';
