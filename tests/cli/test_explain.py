# SPDX-License-Identifier: Apache-2.0
"""What the command line tells a person about a token that was refused, and `ward explain`."""
import json
import os
import re

import pytest
from ward_command import JWKS, USUAL, new_folder, refused, unusable, usage, ward
from tokens import AUDIENCE, ISSUER, NOW, base64url, jwk, jwks, payload, token

FOLDER = new_folder()
GOOD = token()


@pytest.fixture(autouse=True)
def plain_locale(monkeypatch):
    """The library's own words, in no other language."""
    monkeypatch.setenv("LC_ALL", "C")


def verify(*words, stdin=b""):
    return ward("verify", *USUAL, *words, stdin=stdin)


def test_what_stands_where_a_token_breaks_is_named():
    place = len(GOOD) + 1
    for text, words in ((GOOD + "\r\n", [f"byte {place} of {place}", "a carriage return (CR)", "CR and LF in all: 1",
        "tr -d"]),
                        (GOOD + " ", [f"byte {place}", "a blank"]), (GOOD + "\t", ["a tab"]), (GOOD + "==",
                            ["padding (=)"]),
                        ("\n".join(GOOD[i:i + 64] for i in range(0, len(GOOD), 64)), ["byte 65 of", "a line end (LF)"]),
                        ("Bearer " + GOOD, ["byte 7 of", "in the header", "a blank", "leave it and the blank out"]),
                        (f'"{GOOD}"', ["byte 1 of", "a quote"]), (GOOD[:30] + "+" + GOOD[31:],
                            ["byte 31 of", "plain base64"]),
                        (GOOD[:-1] + "\u00e9", ["0xc3"]), (GOOD[:-1],
                            ["the signature has only characters", "missing or were changed"])):
        refused(verify("-", stdin=text.encode()), "TOKEN_NOT_BASE64URL", *words)
    for coding in ("utf-8", "utf-16-le", "utf-16-be"):
        marked = verify("-", stdin=("\ufeff" + GOOD).encode(coding))
        refused(marked, "TOKEN_NOT_BASE64URL", "byte 1 of", "it starts with a byte order mark")
    head, body, signature = GOOD.split(".")
    refused(verify("a.b"), "TOKEN_MALFORMED", "2 segments")
    refused(verify("Bearer abc"), "TOKEN_OPAQUE", "'Bearer'")
    refused(verify(f"{head}.{body}"), "TOKEN_MALFORMED", "all of it was copied")


def test_json_that_breaks_has_a_place():
    header = '{"alg":"RS256","kid":"a"%s}'
    refused(verify(token(header=header % ",")), "JSON_MALFORMED", "at byte 26 of the header (decoded): 0x7d")
    refused(verify(token('{"iss":"x",}')), "JSON_MALFORMED", "at byte 12 of the claims (decoded): 0x7d")
    refused(verify(token('{"keys":5,"x":tru}')), "JSON_MALFORMED", "at byte 18 of the claims")
    refused(verify(token("[1,]")), "JSON_MALFORMED", "at byte 4 of the claims")
    refused(verify(token('{"iss":')), "JSON_MALFORMED", "the claims, which ends too early after its 7 bytes")
    refused(verify(token("")), "JSON_MALFORMED", "after its 0 bytes")
    refused(verify(token(b"\xef\xbb\xbf{}")), "JSON_BYTE_ORDER_MARK", "byte order mark", "at byte 1 of the claims")
    refused(verify(token(header=b"\xef\xbb\xbf{}")), "JSON_BYTE_ORDER_MARK", "at byte 1 of the header")
    refused(verify(token(b'{"x":"\xff"}')), "JSON_NOT_UTF8", "at byte 7 of the claims (decoded): 0xff")
    refused(verify(token('{"x":' + "[" * 9)), "JSON_TOO_DEEP", "at byte 13 of the claims", "WARD_MAX_JSON_DEPTH is 8")
    refused(verify(token(header=header % (',"x":[' + "1," * 30 + "1]"))), "JSON_TOO_MANY_VALUES", "in the header",
        "WARD_MAX_HEADER_VALUES is 24")
    refused(verify(token(payload(x=[1] * 600))), "JSON_TOO_MANY_VALUES", "in the claims", "WARD_MAX_JSON_VALUES is 512")
    refused(verify(token(header=header % ',"jwk":{"x":1,"x":2}')), "JSON_DUPLICATE_MEMBER", "in the header")
    refused(verify(token('{"x":{"y":1,"y":2}}')), "JSON_DUPLICATE_MEMBER", "in the claims")
    refused(verify(token("[]")), "JSON_NOT_OBJECT", "in the claims")
    refused(verify(token(header=header % (',"x":"' + "y" * 8192 + '"'))), "HEADER_TOO_LONG", "it has 8224 bytes",
        "WARD_MAX_HEADER is 8192")


def test_both_sides_are_shown():
    refused(ward("verify", *USUAL[:4], "--audience", "https://other", *USUAL[6:], GOOD), "AUDIENCE_REFUSED",
        "the signature holds",
            f'"{AUDIENCE}", "{ISSUER}userinfo"', '"https://other"', f"{NOW + 86400} (2026-01-02 00:00:00 UTC)",
            f"after {NOW - 60} (2025-12-31 23:59:00 UTC), now less 60 s")
    refused(ward("verify", *USUAL, "--issuer", "https://x/", token(payload(iss="https://y/"))), "ISSUER_REFUSED",
        '"https://y/"',
            f'"{ISSUER}" or "https://x/"')
    refused(verify(token(payload(exp=NOW - 61.5))), "TOKEN_EXPIRED",
        f"{NOW - 61.5} = {NOW - 62} (2025-12-31 23:58:58 UTC)")
    refused(verify(token(payload(nbf=NOW + 61))), "TOKEN_NOT_YET_VALID",
        f"up to {NOW + 60} (2026-01-01 00:01:00 UTC), now and 60 s")
    refused(verify("--client", "one", "--client", "two", GOOD), "CLIENT_REFUSED", 'azp "client"', '"one" or "two"')
    refused(verify("--claim", "token_use=access", token(payload(token_use="id"))), "CLAIM_REFUSED", 'token_use "id"',
        '"access"')
    refused(verify("--type", "at+jwt", GOOD), "TYPE_REFUSED", '"JWT"', '"at+jwt"', "signature was not checked")
    refused(verify("--scope", "admin:all", GOOD), "SCOPE_INSUFFICIENT", '"read:foia write:foia"', '"admin:all"')
    broken = GOOD[:-9] + ("A" if GOOD[-9] != "A" else "B") + GOOD[-8:]
    refused(verify(broken), "SIGNATURE_INVALID", "the signature does not hold, so anybody may have written")


def test_what_a_token_says_is_escaped_and_cut():
    long = "x" * 5000
    result = verify(token(payload(iss="\x1b[31m\u202e" + long, aud=["\n", {"a": 1}, ["b"], 5, None, *["y"] * 50])))
    refused(result, "ISSUER_REFUSED", "\\u001b[31m\\u202e", "x…", '"\\u000a", an object, an array, 5, null', ", …")
    assert not any(text.encode() in result.stderr for text in ("\x1b", "\u202e", long[:1000])), result.stderr
    inner = verify(token(payload(iss=GOOD))).stderr
    assert GOOD.encode() not in inner and GOOD.rsplit(".", 1)[1][:20].encode() not in inner


def test_a_token_for_microsoft_graph_is_named():
    header = {"alg": "RS256", "typ": "JWT", "kid": "b", "nonce": "x"}
    refused(verify(token(header=header)), "SIGNATURE_INVALID", "Microsoft Graph")
    assert b"Microsoft" not in verify(token(header={**header, "nonce": None, "kid": "a"})).stderr


def test_a_name_of_a_file_is_no_token():
    there = FOLDER / "my.token"
    there.write_text(GOOD)
    refused(verify(there), "TOKEN_MALFORMED", "my.token is a file", "- <")
    for name in ("nothing-here.txt", "/no/such/place", "nothing-here.jwt"):
        result = verify(name)
        assert b"is it the name of a file?" in result.stderr and name.encode() not in result.stderr, result
    assert b"name of a file" not in verify("v4AbCdEf").stderr
    usage(ward("verify", "--jwks", "-", *USUAL[2:], "-", stdin=GOOD.encode()), "--jwks", "standard input")
    assert ward("verify", "--jwks", "-", *USUAL[2:], GOOD, stdin=JWKS.read_bytes()).returncode == 0


def test_a_comma_in_a_scope_expression_is_told():
    refused(verify("--scope", "read:foia,write:foia", GOOD), "SCOPE_INSUFFICIENT", "comma", "separate with a blank")
    assert verify("--scope", "a,b", token(payload(scope="a,b"))).returncode == 0
    assert b"comma" not in verify("--scope", "admin:all", GOOD).stderr


def test_why_no_key_of_the_tokens_kid_is_used_is_told():
    for keys, words in ((("b",), ["no key of it"]), ((jwk("a", use="enc"), "b"), ["JWK_USE_REFUSED"]),
                        ((jwk("a", alg=None), "b"), ["JWK_ALGORITHM_REFUSED", "no null"]), ((jwk("a", key_ops=[]),
                            "b"), ["JWK_OPERATIONS"]),
                        ((jwk("a"), jwk("c", kid="a"), "b"), ["different keys of this kid"]),
                        ((jwk("short", kid="a"), "b"), ["JWK_MODULUS_TOO_SHORT"])):
        some = FOLDER / "some.json"
        some.write_text(jwks(*keys))
        refused(ward("verify", "--jwks", some, *USUAL[2:], GOOD), "KEY_UNKNOWN", 'kid "a"', *words)


def test_of_many_keys_the_one_that_the_token_names_is_kept():
    many = [jwk("b", kid=f"k{i}") for i in range(40)]
    file = FOLDER / "many.json"
    for keys in ((*many, "a"), ("a", *many), (*many[:20], "a", *many[20:])):
        file.write_text(jwks(*keys))
        assert ward("verify", "--jwks", file, *USUAL[2:], GOOD).returncode == 0
    escaped = token(header='{"alg":"RS256","kid":"\\u0061"}')
    assert ward("verify", "--jwks", file, *USUAL[2:], escaped).returncode == 0


def test_keys_in_conflict_do_not_take_the_others_with_them():
    file = FOLDER / "conflict.json"
    file.write_text(jwks(jwk("b", kid="x"), "a", jwk("c", kid="x"), jwk("b", kid="x")))
    assert ward("verify", "--jwks", file, *USUAL[2:], GOOD).returncode == 0
    assert b"3 of them out: different keys have the same kid" in ward("jwks", file).stdout


def test_what_real_issuers_write_is_accepted():
    groups = [f"{i:08x}-0000-4000-8000-{i:012x}" for i in range(200)]
    chain = [base64url(bytes(1600)) for _ in range(3)]
    header = {"alg": "RS256", "typ": "JWT", "kid": "a", "x5t": "x", "x5t#S256": "y"}
    exponents = json.dumps(payload()).replace(str(NOW + 86400), "1.767312e+09").replace(str(NOW), "1.7672256E9")
    for name, text in (("200 groups", token(payload(groups=groups))), ("x5c", token(header={**header, "x5c": chain})),
                       ("both", token(payload(groups=groups), {**header, "x5c": chain})), ("zip",
                           token(header={**header, "zip": "RS256"})),
                       ("exponents", token(exponents)), ("two clients", token(payload(client_id="one", azp="two")))):
        assert verify("-", stdin=text.encode()).returncode == 0, name
    zeros = FOLDER / "zeros.json"
    zeros.write_text(jwks(jwk("a", e="AAEAAQ")))
    assert ward("verify", "--jwks", zeros, *USUAL[2:], GOOD).returncode == 0


# ---- ward explain.

class Table:
    """What explain printed: its first line, its warning, and a verdict for each rule."""

    def __init__(self, result):
        self.text = result.stdout.decode()
        self.lines = self.text.splitlines()
        self.code = result.returncode
        self.warning = next((line for line in self.lines if line.startswith("THE SIGNATURE")), None)
        assert result.stderr == b"", result
        start = next(number for number, line in enumerate(self.lines)
            if re.match(r"  rule +holds +the token has +what is expected$", line))
        rows = [re.match(r"  (.{13}) (yes|NO|\(yes\)|\(no\)|\?) +(.*)$", line) for line in self.lines[start + 1:]]
        self.rows = [(row.group(1).strip(), row.group(2), row.group(3)) for row in rows if row]
        self.holds = {name: verdict for name, verdict, _ in self.rows}

    def first_broken(self):
        return next((name for name, verdict, _ in self.rows if verdict == "NO"), None)


def explain(text, *words, keys=JWKS):
    return Table(ward("explain", "--jwks", keys, *USUAL[2:], *words, "-", stdin=text if isinstance(text, bytes)
        else text.encode()))


FULL = ["--client", "client", "--claim", "token_use=access", "--claim", "tier=gold", "--type", "JWT",
    "--max-lifetime", "86400",
        "--max-age", "600", "--scope", "read:foia"]
ALL = payload(token_use="access", tier="gold", nbf=NOW)


def all_but(**changes):
    claims = {**ALL, **changes}
    return token({name: value for name, value in claims.items() if value is not None})


def test_every_rule_of_the_configuration_has_a_row():
    table = explain(token(ALL), *FULL)
    assert table.code == 0 and table.lines[0] == "accepted: every rule holds" and table.warning is None
    assert [name for name, _, _ in table.rows] == [
        "length", "segments", "header", "alg", "other header", "typ", "kid", "key", "signature", "claims", "iss",
        "aud", "exp", "nbf", "iat",
        "lifetime", "age", "sub", "client", "claim", "claim", "cnf", "scope claim", "scopes"]
    assert {verdict for _, verdict, _ in table.rows} == {"yes"}
    usual = explain(GOOD)
    assert not {"nbf", "lifetime", "age", "claim", "scopes"} & set(usual.holds)


# A token that breaks one rule: how, the status, the row.
FAULTS = [
    (lambda: "", "TOKEN_EMPTY", "length"), (lambda: "a" * 33000, "TOKEN_TOO_LONG", "length"),
    (lambda: "abc", "TOKEN_OPAQUE", "segments"), (lambda: "a.b.c.d", "TOKEN_MALFORMED", "segments"),
    (lambda: "a.b.c.d.e", "TOKEN_ENCRYPTED", "segments"),
    (lambda: "!" + GOOD, "TOKEN_NOT_BASE64URL", "header"), (lambda: token(ALL, "{"), "JSON_MALFORMED", "header"),
    (lambda: token(ALL, "[]"), "JSON_NOT_OBJECT", "header"),
    (lambda: token(ALL, '{"alg":"RS256","kid":"a","x":{"y":1,"y":2}}'), "JSON_DUPLICATE_MEMBER", "header"),
    (lambda: token(ALL, {"kid": "a"}), "ALGORITHM_MISSING", "alg"), (lambda: token(ALL, {"alg": "none", "kid": "a"}),
        "ALGORITHM_REFUSED", "alg"),
    (lambda: token(ALL, {"alg": "RS256", "kid": "a", "crit": ["x"]}), "HEADER_MEMBER_REFUSED", "other header"),
    (lambda: token(ALL, {"alg": "RS256", "kid": "a"}), "TYPE_MISSING", "typ"),
    (lambda: token(ALL, {"alg": "RS256", "kid": "a", "typ": "JWS"}), "TYPE_REFUSED", "typ"),
    (lambda: token(ALL, {"alg": "RS256", "typ": "JWT"}), "KID_MISSING", "kid"),
    (lambda: token(ALL, {"alg": "RS256", "typ": "JWT", "kid": 5}), "KID_INVALID", "kid"),
    (lambda: token(ALL, key="c"), "KEY_UNKNOWN", "key"),
    (lambda: token(ALL)[:-2], "SIGNATURE_LENGTH", "signature"), (lambda: token(ALL) + "=", "TOKEN_NOT_BASE64URL",
        "signature"),
    (lambda: token(ALL, {"alg": "RS256", "typ": "JWT", "kid": "b"}), "SIGNATURE_INVALID", "signature"),
    (lambda: token("{"), "JSON_MALFORMED", "claims"), (lambda: token("[]"), "JSON_NOT_OBJECT", "claims"),
    (lambda: token('{"x":{"y":1,"y":2}}'), "JSON_DUPLICATE_MEMBER", "claims"),
    (lambda: all_but(iss=None), "ISSUER_MISSING", "iss"), (lambda: all_but(iss="https://x"), "ISSUER_REFUSED", "iss"),
    (lambda: all_but(aud=5), "AUDIENCE_INVALID", "aud"), (lambda: all_but(aud="x"), "AUDIENCE_REFUSED", "aud"),
    (lambda: all_but(exp="x"), "EXPIRY_INVALID", "exp"), (lambda: all_but(exp=NOW - 60), "TOKEN_EXPIRED", "exp"),
    (lambda: all_but(nbf=True), "NOT_BEFORE_INVALID", "nbf"), (lambda: all_but(nbf=NOW + 60.5), "TOKEN_NOT_YET_VALID",
        "nbf"),
    (lambda: all_but(iat=None), "ISSUED_MISSING", "iat"), (lambda: all_but(iat=NOW + 61, exp=NOW + 70),
        "ISSUED_IN_FUTURE", "iat"),
    (lambda: all_but(exp=NOW + 86401), "LIFETIME_TOO_LONG", "lifetime"), (lambda: all_but(iat=NOW - 661, exp=NOW + 60),
        "TOKEN_TOO_OLD", "age"),
    (lambda: all_but(sub=None), "SUBJECT_MISSING", "sub"), (lambda: all_but(sub=""), "SUBJECT_INVALID", "sub"),
    (lambda: all_but(azp=None), "CLIENT_MISSING", "client"), (lambda: all_but(client_id="x"), "CLIENT_REFUSED",
        "client"),
    (lambda: all_but(token_use=None), "CLAIM_MISSING", "claim"), (lambda: all_but(tier="tin"), "CLAIM_REFUSED",
        "claim"),
    (lambda: all_but(cnf={}), "SENDER_CONSTRAINED", "cnf"), (lambda: all_but(scope=5), "SCOPE_INVALID", "scope claim"),
    (lambda: all_but(scope="x"), "SCOPE_INSUFFICIENT", "scopes"),
]
OF_THE_SIGNED = ("claims", "iss", "aud", "exp", "nbf", "iat", "lifetime", "age", "sub", "client", "claim", "cnf",
    "scope claim", "scopes")


def test_the_rule_that_was_broken_is_the_one_that_verify_names():
    for make, status, row in FAULTS:
        text = make()
        table = explain(text, *FULL)
        assert table.code == 1 and table.lines[0].startswith(f"refused: {status}: "), (status, table.text)
        assert table.first_broken() == row and [verdict for _, verdict, _ in table.rows].count("NO") == 1, (status,
            table.text)
        refused(ward("verify", *USUAL, *FULL, "-", stdin=text.encode()), status)
        names = [name for name, _, _ in table.rows]
        broken = next(number for number, (_, verdict, _) in enumerate(table.rows) if verdict == "NO")
        assert {verdict for _, verdict, _ in table.rows[:broken]} <= {"yes"}, (status, table.text)
        assert not {"yes", "NO"} & {verdict for _, verdict, _ in table.rows[broken + 1:]}, (status, table.text)
        assert (table.warning is None) == (row in OF_THE_SIGNED), (status, table.text)
        assert names.count("claim") == 2


def test_a_token_that_nobody_signed_is_called_so_first():
    forged = token(ALL, {"alg": "RS256", "typ": "JWT", "kid": "b"})
    table = explain(forged, *FULL)
    assert table.lines[1].startswith("THE SIGNATURE DOES NOT HOLD: anybody may have written this token.")
    assert explain(token(ALL, key="c"), *FULL).lines[1].startswith("THE SIGNATURE WAS NOT CHECKED")
    unsigned = ".".join((base64url('{"alg":"none","kid":"a"}'), base64url(json.dumps(ALL)), ""))
    table = explain(unsigned, *FULL)
    assert table.code == 1 and table.warning and table.holds["signature"] == "?"


def test_rules_after_the_broken_one_are_read_and_marked():
    claims = {**ALL, "iss": "https://x/", "aud": "other", "exp": NOW - 600, "nbf": NOW + 600, "sub": None, "azp": "x",
        "tier": "tin", "cnf": {},
              "scope": ["read:foi", "write:foia"]}
    table = explain(token({name: value for name, value in claims.items() if value is not None}), *FULL)
    verdicts = [(name, verdict) for name, verdict, _ in table.rows[10:]]
    assert verdicts == [("iss", "NO"), ("aud", "(no)"), ("exp", "(no)"), ("nbf", "(no)"), ("iat", "(yes)"),
        ("lifetime", "(yes)"), ("age", "(yes)"),
                        ("sub", "(no)"), ("client", "(no)"), ("claim", "(yes)"), ("claim", "(no)"), ("cnf",
                            "(no)"), ("scope claim", "(yes)"),
                        ("scopes", "(no)")], verdicts
    for scope, expression, verdict in (("a b", "a", "(yes)"), ("a b", "b a", "(yes)"), ("a", "a b|a", "(yes)"),
        ("a", "b|c", "(no)"), (["a", "b"], "a b", "(yes)"),
                                       ("ab", "a", "(no)"), (None, "a", "(no)")):
        assert explain(token(payload(iss="x", scope=scope)), "--scope", expression).holds["scopes"] == verdict, (scope,
            expression)


def test_explain_never_shows_the_signature_or_all_of_a_token():
    for text in (GOOD, GOOD[:-12] + "AAAAAAAAAAAA", token(payload(iss=GOOD, sub=GOOD, aud=GOOD))):
        shown = explain(text).text
        assert text not in shown and not any(part[:24] in shown for part in (text.rsplit(".", 1)[1], GOOD.rsplit(".",
            1)[1])), shown


def test_explain_prints_no_json():
    for text in (GOOD, GOOD[:-2]):
        try:
            json.loads(explain(text).text)
        except ValueError:
            continue
        raise AssertionError("a program could take it for verified claims")


def test_explain_has_the_exit_codes_of_verify():
    assert explain(GOOD).code == 0 and explain(GOOD, "--scope", "x").code == 1
    usage(ward("explain", GOOD), "--jwks", "missing")
    usage(ward("explain", "--url", "https://a/", *USUAL[2:], GOOD), "--url", "no such option")
    usage(ward("explain", *USUAL, "--leeway", "301", GOOD), "--leeway")
    unusable(ward("explain", "--jwks", FOLDER / "none.json", *USUAL[2:], GOOD), "none.json", "No such file")
    with open("/dev/full", "wb") as full:
        assert ward("explain", *USUAL, GOOD, full=full).returncode == 3


def test_any_bytes_are_only_refused():
    for byte in range(256):
        for text in (bytes([byte]) * 9, b"." + bytes([byte]) * 5 + b".",
            base64url(bytes([byte] * 3)).encode() + b".e30.",
                     f"{GOOD.split('.')[0]}.{base64url(bytes([123, byte, 34]))}.AA".encode()):
            result = ward("explain", *USUAL, "-", stdin=text)
            assert result.returncode == 1 and result.stderr == b"", (byte, result)
