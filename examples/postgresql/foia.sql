-- SPDX-License-Identifier: Apache-2.0
-- Requests under the Freedom of Information Act, each of which belongs to who has filed it.
--
--     psql -d mydatabase -v ON_ERROR_STOP=1 -f foia.sql        as a superuser, once ward.issuer and the others are set
--
-- Users and machines see and change their own requests with the scopes read:foia and write:foia; admin:foia reads all of them
-- and decides. Who stands in auth.denials sees nothing, and nobody is shown a row.
\set ON_ERROR_STOP on
BEGIN;

CREATE EXTENSION ward;

-- The application logs in as foia_api. It owns nothing, and no policy is left out for it.
CREATE ROLE foia_owner NOLOGIN;
CREATE ROLE foia_api LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE SCHEMA foia AUTHORIZATION foia_owner;
GRANT USAGE ON SCHEMA foia TO foia_api;

SET LOCAL ROLE foia_owner;

CREATE TABLE foia.requests (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL DEFAULT auth.user_id(),
    reference text UNIQUE,
    title text NOT NULL,
    status text NOT NULL DEFAULT 'open',
    filed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON foia.requests (owner);

CREATE TABLE foia.documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES foia.requests ON DELETE CASCADE,
    content text NOT NULL
);

-- FORCE: for the owner's views and functions, too.
ALTER TABLE foia.requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE foia.documents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- TRUNCATE, REFERENCES and TRIGGER are not asked by any policy: nobody is granted them.
GRANT SELECT, INSERT, UPDATE, DELETE ON foia.requests, foia.documents TO foia_api;

-- Each question in a SELECT of its own is asked once a statement, not once a row.

-- Whatever else lets a row through: not for who is denied. NULL, for nobody, lets none through either.
CREATE POLICY not_denied ON foia.requests AS RESTRICTIVE
    USING (NOT (SELECT auth.denied()));

CREATE POLICY own_read ON foia.requests FOR SELECT
    USING (owner = (SELECT auth.user_id()) AND (SELECT auth.has_scope('read:foia')));
-- While it is open: nobody grants the own request. What holds for the row before holds for the row after, too.
CREATE POLICY own_file ON foia.requests FOR INSERT
    WITH CHECK (owner = (SELECT auth.user_id()) AND status = 'open' AND (SELECT auth.has_scope('write:foia')));
CREATE POLICY own_change ON foia.requests FOR UPDATE
    USING (owner = (SELECT auth.user_id()) AND status = 'open' AND (SELECT auth.has_scope('write:foia')));
CREATE POLICY own_withdraw ON foia.requests FOR DELETE
    USING (owner = (SELECT auth.user_id()) AND (SELECT auth.has_scope('write:foia')));

CREATE POLICY admin_read ON foia.requests FOR SELECT
    USING ((SELECT auth.has_scope('admin:foia')));
CREATE POLICY admin_decide ON foia.requests FOR UPDATE
    USING ((SELECT auth.has_scope('admin:foia')));

-- A document is as visible as its request: the query in the policy is asked the policies of foia.requests.
CREATE POLICY of_request ON foia.documents FOR SELECT
    USING (EXISTS (SELECT FROM foia.requests WHERE requests.id = documents.request_id));
-- DELETE is asked no WITH CHECK: a policy for all of it by what can be seen would let readers delete.
CREATE POLICY own_change ON foia.documents
    USING (EXISTS (SELECT FROM foia.requests WHERE requests.id = documents.request_id
                                               AND requests.owner = (SELECT auth.user_id()))
           AND (SELECT auth.has_scope('write:foia')));

-- A view that asks with the caller's rights (PostgreSQL 15), and one with its owner's, for whom the policies hold as well.
CREATE VIEW foia.open_requests WITH (security_invoker) AS
    SELECT id, title, filed_at FROM foia.requests WHERE status = 'open';
CREATE VIEW foia.titles AS
    SELECT title FROM foia.requests;
GRANT SELECT ON foia.open_requests, foia.titles TO foia_api;

CREATE FUNCTION foia.count_requests() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    RETURN (SELECT count(*) FROM foia.requests);

COMMIT;
