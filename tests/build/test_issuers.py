# SPDX-License-Identifier: Apache-2.0
"""Real issuers' shapes: the presets of ISSUERS.md are compiled and tried on a token of each issuer and on one that must not pass."""
import base64
import json
import pathlib
import re
import subprocess
import tempfile

import pytest
from tokens import NOW, jwk, token

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="ward-issuers-"))
PRESETS = dict(re.findall(r"```c\n/\* preset: (\w+) \*/\n(.*?)```", (ROOT / "ISSUERS.md").read_text(), re.S))

# try PRESET JWKS TOKEN [owner]: the result's name, and the scopes of an accepted token; or the owner id of its subject.
MAIN = """
#include <stdio.h>
#include <string.h>
#include "ward/ward.h"
%s
static const struct { const char *name; const struct ward_expect *expect; } presets[] = { %s };
int main(int argc, char **argv)
{
    static struct ward_jwks keys;
    static struct ward_jwks_reader reader;
    static struct ward_workspace work;
    struct ward_claims claims;
    const struct ward_expect *expect = NULL;
    struct ward_text scope;
    uint8_t owner[WARD_OWNER_SIZE];
    for (size_t i = 0; argc >= 4 && i < sizeof presets / sizeof presets[0]; i++)
        if (strcmp(presets[i].name, argv[1]) == 0)
            expect = presets[i].expect;
    if (expect == NULL || !ward_ok(ward_expect_check(expect)))
        return 2;
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    if (!ward_ok(ward_jwks_feed(&reader, argv[2], strlen(argv[2]), &work)) || !ward_ok(ward_jwks_end(&reader)))
        return 3;
    const struct ward_status status = ward_verify(expect, &keys, ward_time_set(%d), argv[3], strlen(argv[3]), &work, &claims);
    if (argc == 5) {
        if (!ward_ok(status) || !ward_ok(ward_owner_id(ward_authority_of(expect, claims.issuer), claims.subject, &work, owner)))
            return 4;
        for (size_t i = 0; i < sizeof owner; i++)
            printf("%%02x", owner[i]);
        return 0;
    }
    printf("%%s", ward_status_name(status));
    size_t at = 0;
    while (ward_ok(status) && ward_ok(ward_scope_next(&claims, &at, &scope)))
        printf(" %%.*s", (int)scope.length, scope.data);
    return 0;
}
"""


@pytest.fixture(scope="module", autouse=True)
def build():
    table = ", ".join(f'{{ "{name}", &{name} }}' for name in PRESETS)
    (FOLDER / "presets.c").write_text(MAIN % ("\n".join(PRESETS.values()), table, NOW))
    subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", FOLDER / "presets.c",
                    ROOT / "build/host/libward.a", "-o", FOLDER / "presets"], check=True)


def answer(preset, claims, header=None, keys=None, words=()):
    header = {"alg": "RS256", "typ": "JWT", "kid": "a", **(header or {})}
    header = {name: value for name, value in header.items() if value is not None}
    made = token({"iat": NOW, "exp": NOW + 3600, **claims}, header)
    keys = keys or [jwk("a", alg="RS256", use="sig")]
    done = subprocess.run([FOLDER / "presets", preset, json.dumps({"keys": keys}), made, *words], capture_output=True, text=True)
    assert done.returncode == 0, done
    return done.stdout


TENANT = "https://dev-4fszoklachwdh46m.us.auth0.com/"
API = "https://api.theholefoundation.org"
USER = {"iss": TENANT, "sub": "auth0|65f0c0ffee", "aud": [API, TENANT + "userinfo"], "azp": "k2bXJ0c3Vp", "scope": "openid read:foia",
        "permissions": ["read:foia"]}
MACHINE = {"iss": TENANT, "sub": "m2mclient@clients", "aud": API, "azp": "m2mclient", "gty": "client-credentials"}
ENTRA = "9188040d-6c67-4c5b-b112-36a304b66dad"


def test_auth0_user():
    assert answer("auth0", USER) == "OK openid read:foia"
    assert answer("auth0", {**USER, "aud": TENANT + "userinfo"}) == "AUDIENCE_REFUSED"


def test_auth0_machine_without_scopes():
    assert answer("auth0", MACHINE) == "OK"
    assert answer("auth0", {**MACHINE, "aud": "https://other.example"}) == "AUDIENCE_REFUSED"


def test_auth0_identity_token_is_for_the_client_and_not_for_the_api():
    identity = {"iss": TENANT, "sub": "auth0|65f0c0ffee", "aud": "k2bXJ0c3Vp", "nonce": "x"}
    assert answer("auth0", identity) == "AUDIENCE_REFUSED"


def test_auth0_rfc9068_profile():
    claims = {**USER, "client_id": "k2bXJ0c3Vp", "jti": "8dYzSzsKkxUWnD6bZ5qZ6o"}
    del claims["azp"]
    assert answer("auth0_rfc9068", claims, {"typ": "at+jwt"}) == "OK openid read:foia"
    assert answer("auth0", claims, {"typ": "at+jwt"}) == "OK openid read:foia"
    assert answer("auth0_rfc9068", claims) == "TYPE_REFUSED"


def test_auth0_custom_domain():
    assert answer("auth0_custom_domain", {**USER, "iss": "https://login.theholetruth.org/"}).startswith("OK")
    assert answer("auth0_custom_domain", USER).startswith("OK")
    assert answer("auth0_custom_domain", {**USER, "iss": "https://login.theholetruth.com/"}) == "ISSUER_REFUSED"


def test_auth0_custom_domain_is_one_authority():
    """Its users are who they are at the tenant, and were before there was a custom domain."""
    custom, tenant = (answer("auth0_custom_domain", {**USER, "iss": issuer}, words=["owner"]) for issuer in ("https://login.theholetruth.org/", TENANT))
    assert custom == tenant == answer("auth0", USER, words=["owner"]) and len(custom) == 32


def test_auth0_old_kids_of_54_characters():
    kid = "RkI5MjI5OUY5ODc1N0Q4QzM0OUYzNkVGMTJDOUEzQkFCOTU3NjE2Rg"
    assert answer("auth0", USER, {"kid": kid}, [jwk("a", kid=kid)]).startswith("OK")


def test_okta():
    claims = {"ver": 1, "jti": "AT.x", "iss": "https://example.okta.com/oauth2/default", "aud": "api://default",
              "cid": "0oa2hl2inow5Uqc6c357", "uid": "00u1", "scp": ["openid", "read:press"], "auth_time": NOW, "sub": "jane@example.com"}
    assert answer("okta", claims, {"typ": None}) == "OK openid read:press"
    assert answer("okta", {**claims, "cid": "0oa2hl2inow5Uqc6c358"}) == "CLAIM_REFUSED"


def test_entra_version_2():
    claims = {"aud": "6e74172b-be56-4843-9ff4-e66a39bb12e3", "iss": f"https://login.microsoftonline.com/{ENTRA}/v2.0", "nbf": NOW,
              "aio": "AXQA", "azp": "6731de76-14a6-49ae-97bc-6eba6914391e", "azpacr": "1", "name": "Jäne Doe", "oid": "0-0", "rh": "0.x",
              "scp": "access_as_user", "sub": "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ", "tid": ENTRA, "uti": "x", "ver": "2.0"}
    keys = [jwk("a", use="sig", x5t="a", x5c=["MII"], issuer="x"), *[jwk("b", kid=f"flapping-{i}") for i in range(8)]]
    assert answer("entra_v2", claims, {"x5t": "a"}, keys) == "OK access_as_user"
    assert answer("entra_v2", {**claims, "iss": "https://login.microsoftonline.com/other/v2.0"}) == "ISSUER_REFUSED"


def test_entra_version_1():
    claims = {"aud": "api://6e74172b-be56-4843-9ff4-e66a39bb12e3", "iss": f"https://sts.windows.net/{ENTRA}/", "nbf": NOW,
              "acr": "1", "appid": "6731de76-14a6-49ae-97bc-6eba6914391e", "appidacr": "0", "ipaddr": "203.0.113.1", "oid": "0-0",
              "scp": "user_impersonation", "sub": "x", "tid": ENTRA, "upn": "jane@example.com", "ver": "1.0"}
    assert answer("entra_v1", claims, {"x5t": "a"}) == "OK user_impersonation"
    assert answer("entra_v1", {**claims, "ver": "2.0"}) == "CLAIM_REFUSED"


def test_entra_tokens_of_microsoft_graph_are_refused_by_their_audience_at_the_latest():
    claims = {"aud": "https://graph.microsoft.com", "iss": f"https://sts.windows.net/{ENTRA}/", "scp": "User.Read",
        "sub": "x", "ver": "1.0"}
    assert answer("entra_v1", claims, {"nonce": "x"}) == "AUDIENCE_REFUSED"


def test_cognito():
    claims = {"sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI",
              "version": 2, "client_id": "3ovdr3l7kp5o2a1lqhkm8d5q4j", "token_use": "access", "scope": "press/read press/write",
              "auth_time": NOW, "jti": "x", "username": "jane", "cognito:groups": ["operators"]}
    assert answer("cognito", claims, {"typ": None}) == "OK press/read press/write"
    identity = {**claims, "token_use": "id", "aud": "3ovdr3l7kp5o2a1lqhkm8d5q4j"}
    assert answer("cognito", identity) == "CLAIM_REFUSED"
    assert answer("cognito", {**claims, "client_id": "another"}) == "CLIENT_REFUSED"


def test_keycloak():
    claims = {"jti": "x", "iss": "https://sso.example.org/realms/plant", "aud": ["press-line-4", "account"], "typ": "Bearer", "azp": "panel",
              "sid": "x", "acr": "1", "allowed-origins": ["https://panel.example.org"], "realm_access": {"roles": ["operator"]},
              "resource_access": {"press-line-4": {"roles": ["start", "stop"]}}, "scope": "openid profile", "email_verified": True}
    assert answer("keycloak", claims) == "OK openid profile"
    assert answer("keycloak", {**claims, "sub": "u-1"}) == "OK openid profile"
    assert answer("keycloak", {**claims, "typ": "ID"}) == "CLAIM_REFUSED"


def test_google_identity_token():
    claims = {"iss": "https://accounts.google.com", "azp": "407408718192-abcdefghijklmnop.apps.googleusercontent.com",
              "aud": "407408718192-abcdefghijklmnop.apps.googleusercontent.com", "sub": "110169484474386276334", "hd": "example.com",
              "email": "jane@example.com", "email_verified": True, "at_hash": "x", "name": "Jane", "locale": "de"}
    assert answer("google_id_token", claims) == "OK"
    assert answer("google_id_token", {**claims, "iss": "accounts.google.com"}) == "OK"
    assert answer("google_id_token", {**claims, "iss": "accounts.google.com/"}) == "ISSUER_REFUSED"
    assert answer("google_id_token", {**claims, "hd": "evil.example"}) == "CLAIM_REFUSED"


def test_wso2_with_a_kid_of_92_bytes_and_a_zero_byte_before_the_modulus():
    kid = ("ZjcwNmI2ZDJmNWQ0M2I5YzZiYzJmZmM4YjMwMDFlOTA4MGE3ZWZj" * 2)[:86] + "_RS256"
    assert len(kid) == 92
    key = jwk("a", kid=kid, alg="RS256")
    modulus = base64.urlsafe_b64decode(key["n"] + "==")
    key["n"] = base64.urlsafe_b64encode(b"\0" + modulus).rstrip(b"=").decode()
    claims = {"iss": "https://apim.example.org:9443/oauth2/token", "sub": "admin@carbon.super", "aud": "qD4fBq5c0v0XJ9Y6nWg3kZsEa1Aa",
              "azp": "qD4fBq5c0v0XJ9Y6nWg3kZsEa1Aa", "scope": ["default", "am_application_scope"], "nbf": NOW, "jti": "x"}
    assert answer("wso2", claims, {"kid": kid, "x5t": "x"}, [key]) == "OK default am_application_scope"


def test_every_preset_was_tried():
    source = pathlib.Path(__file__).read_text()
    for name in PRESETS:
        assert f'answer("{name}"' in source, name
    assert len(PRESETS) >= 10
