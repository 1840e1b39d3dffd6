# SPDX-License-Identifier: Apache-2.0
"""What the demo asks the firmware: requests, and what must come of each."""
import collections

USER = "auth0|65f0c0ffee1234567890abcd"

# A request: `token` is a name of tests/issuer/tokens.mjs or None. It is sent once, or up to `most` times until its status
# comes. `reason` is the gate's result, which only the console says; `shows` stands in the response's headers or body.
Row = collections.namedtuple("Row", "what method target token status reason body shows headers most",
                             defaults=["", "", (), 1])


def bad(what, token, reason):
    return Row(what, "GET", "/api/foia/requests", token, 401, reason, shows='error="invalid_token"')


# Sections: a title, operator's commands, rows.
SECTIONS = [
    ("Who may", [], [
        Row("a user reads FOIA requests", "GET", "/api/foia/requests", "user", 200, "OK", shows='"category":"FOIA Dashboard"'),
        Row("again: the signature is known", "GET", "/api/foia/requests", "user", 200, "OK", shows='"kind":"user"'),
        Row("a machine client runs a workflow", "POST", "/api/workflows/nightly", "machine", 200, "OK", shows='"kind":"machine"'),
        Row("a monitor without a token", "GET", "/health", None, 200, "OK"),
        Row("a client asks where tokens come from", "GET", "/.well-known/oauth-protected-resource", None, 200, "OK",
            shows='"authorization_servers":["https://dev-4fszoklachwdh46m.us.auth0.com/"]'),
    ]),
    ("Who may not", [], [
        Row("no token", "GET", "/api/foia/requests", None, 401, "CREDENTIAL_MISSING",
            shows='resource_metadata="https://api.theholefoundation.org/.well-known/oauth-protected-resource"'),
        Row("two tokens", "GET", "/api/foia/requests", "user", 400, "CREDENTIALS_MULTIPLE", headers=("Authorization: Bearer x",)),
        Row("the user, without the scope", "GET", "/api/database/admin/users", "user", 403, "SCOPE_INSUFFICIENT",
            shows='scope="admin:database"'),
        Row("a method that the route lacks", "DELETE", "/api/transparency/1", "user", 405, "METHOD_NOT_ALLOWED", shows="GET, HEAD"),
        Row("a path that is not listed", "GET", "/api/secrets", "user", 404, "ROUTE_NOT_FOUND"),
        Row("a path with two meanings", "GET", "/api/foia/../database/admin", "user", 400, "PATH_INVALID"),
        bad("expired yesterday", "expired", "TOKEN_EXPIRED")._replace(shows="The access token expired"),
        bad("valid in an hour", "not_yet_valid", "TOKEN_NOT_YET_VALID"),
        bad("for another API", "wrong_audience", "AUDIENCE_REFUSED"),
        bad("of another issuer, same key", "wrong_issuer", "ISSUER_REFUSED"),
        bad("subject changed to auth0|admin", "tampered", "SIGNATURE_INVALID"),
        bad("alg: none", "none", "ALGORITHM_REFUSED"),
        bad("HS256 with the public key", "hs256", "ALGORITHM_REFUSED"),
        bad("signed by a stranger's key", "unknown_key", "KEY_UNKNOWN"),
        bad("encrypted (JWE)", "encrypted", "TOKEN_ENCRYPTED"),
        bad("opaque", "opaque", "TOKEN_OPAQUE"),
    ]),
    ("Whose row it is", [], [
        Row("the user makes a project", "POST", "/api/projects", "user", 201, "OK", "Field notes", '{"number":1,'),
        Row("another user makes one", "POST", "/api/projects", "other_user", 201, "OK", "Budget 2027", '{"number":2,'),
        Row("the user lists: only the own one", "GET", "/api/projects", "user", 200, "OK",
            shows='{"projects":[{"number":1,"name":"Field notes"}]}'),
        Row("the other renames the user's row", "PUT", "/api/projects/1", "other_user", 404, "OK", "Mine now"),
        Row("the other deletes the user's row", "DELETE", "/api/projects/1", "other_user", 404, "OK"),
        Row("the user's row is as it was", "GET", "/api/projects/1", "user", 200, "OK", shows='"name":"Field notes"'),
        Row("the user deletes it", "DELETE", "/api/projects/1", "user", 200, "OK"),
    ]),
    ("How often", [], [
        Row("the machine, until it is too much", "POST", "/api/workflows/nightly", "machine", 429, "SUBJECT_BUDGET_SPENT",
            shows="Retry-After", most=60),
        Row("a flood of forged tokens", "GET", "/api/foia/requests", "tampered", 429, "SIGNATURE_BUDGET_SPENT", shows="Retry-After", most=60),
        Row("meanwhile the user is served", "GET", "/api/foia/requests", "user", 200, "OK"),
    ]),
    ("Denied by the operator", [f"!deny {USER}"], [
        bad("the user, denied", "user", "SUBJECT_DENIED"),
    ]),
    ("Allowed again", [f"!undeny {USER}"], [
        Row("the user", "GET", "/api/foia/requests", "user", 200, "OK"),
    ]),
]
