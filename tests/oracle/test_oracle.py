# SPDX-License-Identifier: Apache-2.0
"""The same requests to ward and to Auth0's own validator, express-oauth2-jwt-bearer, behind Express.

Both must give the same status and the same error in the challenge, or the difference stands in DIFFERENCES with its
reason. A reason that no request needs is a failure too.
"""
import collections
import http.client
import json
import pathlib
import re
import subprocess
import tempfile
import time

import pytest
import settings
from node import NodeServer
from tokens import AUDIENCE, ISSUER, base64url, jwks, payload, sign, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROUTES = """GET,HEAD /foia read:foia
POST /foia write:foia
GET,HEAD /both read:foia write:foia
GET,HEAD /either admin:foia|read:foia
GET,HEAD /admin admin:database
GET,HEAD /any WARD_AUTHENTICATED
"""
NOW = int(time.time())
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "a"}
GOOD_CLAIMS = payload(iat=NOW, exp=NOW + 3600)
GOOD = token(GOOD_CLAIMS)

# One request: `authorization` holds the values of its Authorization headers.
Request = collections.namedtuple("Request", "method target authorization", defaults=["GET", "/foia", ()])

GRANTED, BARE = (200, "-"), (401, "")
REQUEST, TOKEN, SCOPE = (400, "invalid_request"), (401, "invalid_token"), (403, "insufficient_scope")
NO_ERROR = (400, "")

# Why ward answers in another way: the reason, and the requests that need it with status and error of the challenge,
# first ward's, then express-oauth2-jwt-bearer's.
DIFFERENCES = {
    "a malformed request has its error in the challenge (RFC 6750, 3.1); express-oauth2-jwt-bearer leaves it out": {
        "the scheme alone": (REQUEST, NO_ERROR), "the scheme and a space": (REQUEST, NO_ERROR), "two words": (REQUEST, NO_ERROR),
        "a tab after the scheme": (REQUEST, NO_ERROR)},
    "another scheme is not a Bearer credential: a bare challenge, as where there is none (RFC 6750, 3.1)": {
        "another scheme": (BARE, NO_ERROR), "another scheme, one word": (BARE, NO_ERROR), "an empty header": (BARE, NO_ERROR),
        "the token without a scheme": (BARE, NO_ERROR)},
    "one or more spaces may follow the scheme (RFC 6750, 2.1)": {"two spaces after the scheme": (GRANTED, NO_ERROR)},
    "Node shows the first of several Authorization headers; ward refuses them": {"two headers": (REQUEST, GRANTED)},
    "tokens in queries end up in logs (RFC 9700, 4.3.2): ward never looks for one there": {
        "the token in the query": (BARE, GRANTED), "header and query": (GRANTED, REQUEST)},
    "a token has one spelling: no padding and no stray characters, which Node's base64 ignores": {
        "padding after the signature": (TOKEN, GRANTED), "a comma after the token": (REQUEST, GRANTED)},
    "JSON means one thing: a member that is there twice refuses": {
        "a member twice in the header": (TOKEN, GRANTED), "a claim twice": (TOKEN, GRANTED)},
    "b64 changes what is signed (RFC 7797): refused even where crit does not name it": {"b64: false": (TOKEN, GRANTED)},
    "an ID token is not an access token: typ is looked at": {"typ: id_token+jwt": (TOKEN, GRANTED)},
    "memory is bounded: WARD_MAX_TOKEN": {"longer than 32768": (TOKEN, GRANTED)},
    "a device's clock is allowed 60 s, a server's 5 s": {
        "expired half a minute ago": (GRANTED, TOKEN), "valid in half a minute": (GRANTED, TOKEN)},
    "iat in the future means that a clock is wrong; express-oauth2-jwt-bearer looks at it only with maxTokenAge": {
        "issued in an hour": (TOKEN, GRANTED)},
    "a claim of a wrong form refuses, and sub is needed": {
        "exp is beyond 2^53": (TOKEN, GRANTED), "aud has a number beside": (TOKEN, GRANTED), "no sub": (TOKEN, GRANTED),
        "sub is empty": (TOKEN, GRANTED), "sub holds NUL": (TOKEN, GRANTED), "scope is a number": (TOKEN, SCOPE)},
}


def bearer(text, target="/foia", method="GET"):
    return Request(method, target, (f"Bearer {text}",))


def claims(**changes):
    """A request with changed claims."""
    return bearer(token({name: value for name, value in {**GOOD_CLAIMS, **changes}.items() if value is not None}))


def header(**changes):
    return bearer(token(GOOD_CLAIMS, {name: value for name, value in {**HEADER, **changes}.items() if value is not None}))


def forms():
    """Requests whose credential is missing, malformed, in another place, or several."""
    return {
        "no credential": Request(),
        "a good token": bearer(GOOD),
        "HEAD": bearer(GOOD, method="HEAD"),
        "the scheme in small letters": Request(authorization=(f"bearer {GOOD}",)),
        "the scheme alone": Request(authorization=("Bearer",)),
        "the scheme and a space": Request(authorization=("Bearer ",)),
        "two spaces after the scheme": Request(authorization=(f"Bearer  {GOOD}",)),
        "a tab after the scheme": Request(authorization=(f"Bearer\t{GOOD}",)),
        "two words": Request(authorization=(f"Bearer {GOOD} x",)),
        "a comma after the token": Request(authorization=(f"Bearer {GOOD},",)),
        "another scheme": Request(authorization=("Basic dXNlcjpwYXNz",)),
        "another scheme, one word": Request(authorization=("Negotiate",)),
        "the token without a scheme": Request(authorization=(GOOD,)),
        "two headers": Request(authorization=(f"Bearer {GOOD}", f"Bearer {GOOD}")),
        "the token in the query": Request(target=f"/foia?access_token={GOOD}"),
        "header and query": Request(target=f"/foia?access_token={GOOD}", authorization=(f"Bearer {GOOD}",)),
        "an empty header": Request(authorization=("",)),
    }


def broken():
    """Requests with tokens that are not good before any claim is read."""
    head, body, signature = GOOD.split(".")
    twice = json.dumps(HEADER)[:-1] + ', "alg": "RS256"}'
    double = json.dumps(GOOD_CLAIMS)[:-1] + f', "sub": "{GOOD_CLAIMS["sub"]}"}}'
    return {
        "opaque": bearer("v4xPz1qLw8fUaYb2Tn6KcJ0hRgEs3DmV"),
        "five segments": bearer(f"{base64url(json.dumps({'alg': 'RSA-OAEP-256', 'enc': 'A256GCM'}))}.a.a.a.a"),
        "four segments": bearer(f"{GOOD}.x"),
        "no signature": bearer(f"{head}.{body}."),
        "no payload": bearer(f"{head}..{signature}"),
        "subject changed": bearer(f"{head}.{base64url(json.dumps({**GOOD_CLAIMS, 'sub': 'auth0|admin'}))}.{signature}"),
        "a signature of another token": bearer(f"{head}.{body}.{token(payload()).split('.')[2]}"),
        "a short signature": bearer(f"{head}.{body}.{signature[:8]}"),
        "padding after the signature": bearer(f"{GOOD}=="),
        "alg: none": bearer(f"{base64url(json.dumps({**HEADER, 'alg': 'none'}))}.{body}."),
        "alg: HS256": header(alg="HS256"),
        "alg: RS512": header(alg="RS512"),
        "no alg": header(alg=None),
        "crit": header(crit=["exp"]),
        "b64: false": header(b64=False),
        "an unknown kid": header(kid="nobodys"),
        "no kid, two keys": header(kid=None),
        "a kid that is a number": header(kid=7),
        "signed by another key of the set": bearer(token(GOOD_CLAIMS, HEADER, key="b")),
        "typ: at+jwt": header(typ="at+jwt"),
        "typ: id_token+jwt": header(typ="id_token+jwt"),
        "no typ": header(typ=None),
        "an embedded key": header(jwk={"kty": "RSA"}),
        "a member twice in the header": bearer(token(GOOD_CLAIMS, twice)),
        "a claim twice": bearer(token(double, HEADER)),
        "a payload that is an array": bearer(token("[]", HEADER)),
        "a payload that is not JSON": bearer(token("{", HEADER)),
        "longer than 32768": bearer(token({**GOOD_CLAIMS, "text": "x" * 25000}, HEADER)),
        "200 groups": bearer(token({**GOOD_CLAIMS, "groups": [f"{i:036x}" for i in range(200)]}, HEADER)),
        "zip": header(zip="DEF"),
        "dates with exponents": bearer(token(json.dumps({**GOOD_CLAIMS, "exp": 1e10}).replace("10000000000.0",
            "1.0E+10"), HEADER)),
        "two clients": bearer(token({**GOOD_CLAIMS, "client_id": "one", "azp": "two"}, HEADER)),
    }


def times():
    now = int(time.time())
    return {
        "expired an hour ago": claims(exp=now - 3600),
        "expired half a minute ago": claims(exp=now - 30),
        "exp is text": claims(exp=str(now + 3600)),
        "exp is negative": claims(exp=-1),
        "exp is beyond 2^53": claims(exp=2**60),
        "no exp": claims(exp=None),
        "valid in an hour": claims(nbf=now + 3600),
        "valid in half a minute": claims(nbf=now + 30),
        "nbf is text": claims(nbf="0"),
        "issued in an hour": claims(iat=now + 3600),
        "iat is text": claims(iat="0"),
        "no iat": claims(iat=None),
    }


def persons():
    return {
        "another issuer": claims(iss="https://dev-evil.us.auth0.com/"),
        "the issuer without its slash": claims(iss=ISSUER[:-1]),
        "an issuer that begins the same": claims(iss=ISSUER + "x"),
        "no iss": claims(iss=None),
        "iss is an array": claims(iss=[ISSUER]),
        "another audience": claims(aud="https://api.example.com"),
        "the audience as text": claims(aud=AUDIENCE),
        "an audience that begins the same": claims(aud=[AUDIENCE + "/x"]),
        "no aud": claims(aud=None),
        "aud is an empty array": claims(aud=[]),
        "aud has a number beside": claims(aud=[AUDIENCE, 7]),
        "aud is an object": claims(aud={AUDIENCE: 1}),
        "no sub": claims(sub=None),
        "sub is a number": claims(sub=7),
        "sub is empty": claims(sub=""),
        "sub holds NUL": claims(sub="a\0b"),
        "bound to a key (cnf.jkt)": claims(cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
    }


def scopes():
    both, either = "/both", "/either"
    return {
        "both scopes": bearer(GOOD, both),
        "one of both scopes": claims(scope="read:foia")._replace(target=both),
        "one of either": bearer(GOOD, either),
        "none of either": claims(scope="write:foia")._replace(target=either),
        "a scope that is missing": bearer(GOOD, "/admin"),
        "no scope claim": claims(scope=None),
        "an empty scope claim": claims(scope=""),
        "the scope as an array": claims(scope=["read:foia"]),
        "a scope that holds the needed one": claims(scope="xread:foiax"),
        "a scope in other letters": claims(scope="READ:FOIA"),
        "scope is a number": claims(scope=7),
        "scopes only in permissions": claims(scope="openid", permissions=["read:foia"]),
        "no scope is needed": claims(scope=None)._replace(target="/any"),
        "a scope for writing": bearer(GOOD, method="POST"),
        "a scope for reading, writing": claims(scope="read:foia")._replace(method="POST"),
    }


def cases():
    """All requests by name, as of now."""
    return {**forms(), **broken(), **times(), **persons(), **scopes()}


# Their names; what is asked is made when it is asked, as long as it is fresh.
CASES = list(cases())


class Oracle(NodeServer):
    """Auth0's validator as a server on loopback, until the `with` block ends."""

    def __enter__(self):
        self.files = tempfile.TemporaryDirectory(prefix="ward-oracle-")
        self.folder = pathlib.Path(self.files.name)
        (self.folder / "jwks.json").write_text(jwks("a", "b"))
        (self.folder / "routes").write_text(ROUTES)
        try:
            self.start(ROOT / "tests" / "oracle" / "server.mjs", self.folder / "jwks.json")
        except BaseException:
            self.files.cleanup()
            raise
        self.port = self.reported["port"]
        return self

    def __exit__(self, *_):
        self.end()
        self.files.cleanup()


def challenge_error(value):
    """The error of the first challenge; "" where it is bare, "-" where there is none."""
    if value is None:
        return "-"
    assert value.startswith("Bearer "), value
    found = re.search(r'error="([^"]*)"', value.split(", DPoP ")[0])
    return found.group(1) if found else ""


def ask_express(oracle, request):
    connection = http.client.HTTPConnection("127.0.0.1", oracle.port, timeout=20)
    connection.putrequest(request.method, request.target)
    for value in request.authorization:
        connection.putheader("Authorization", value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, challenge_error(response.getheader("WWW-Authenticate"))


def ask_ward(oracle, request):
    words = ["--authorization", request.authorization[0]] if request.authorization else []
    if len(request.authorization) > 1:
        words += ["--authorization-count", str(len(request.authorization))]
    done = subprocess.run([settings.ward, "check", "--routes", oracle.folder / "routes", "--jwks", oracle.folder / "jwks.json", "--issuer", ISSUER,
                           "--audience", AUDIENCE, "--method", request.method, "--path", request.target, *words],
                          capture_output=True, timeout=30)
    assert done.returncode in (0, 1), done
    status, *headers = done.stdout.decode().partition("\r\n\r\n")[0].split("\r\n")
    fields = dict(line.split(": ", 1) for line in headers)
    return int(status.split()[1]), challenge_error(fields.get("WWW-Authenticate"))


def listed():
    """What is known to differ: both answers of a request, by its name."""
    return {name: answers for requests in DIFFERENCES.values() for name, answers in requests.items()}


@pytest.fixture(scope="module")
def oracle():
    with Oracle() as oracle:
        yield oracle


@pytest.fixture(scope="module")
def requests():
    return cases()


@pytest.mark.parametrize("name", CASES)
def test_both_answer_alike_or_as_differently_as_is_listed(oracle, requests, name):
    answers = ask_ward(oracle, requests[name]), ask_express(oracle, requests[name])
    alike = answers[0] == answers[1]
    known = listed().get(name)
    assert known is None or not alike, f"a difference is listed and is none: both answer {answers[0]}"
    assert alike or answers == known, f"ward answers {answers[0]}, express-oauth2-jwt-bearer {answers[1]}; listed is {known}"


def test_every_reason_is_needed():
    assert all(DIFFERENCES.values())
    unknown = set(listed()) - set(CASES)
    assert not unknown, f"no request is called so: {unknown}"
    assert len(listed()) == sum(len(requests) for requests in DIFFERENCES.values()), "a request stands under two reasons"
    print(f"## {len(CASES) - len(listed())} of {len(CASES)} requests answered as by express-oauth2-jwt-bearer; the others, with reason:")
    for reason, requests in DIFFERENCES.items():
        print(f"##   {len(requests)}  {reason}")
