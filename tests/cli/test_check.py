# SPDX-License-Identifier: Apache-2.0
"""`ward check`, one request and lists of them: the answers, the exit codes, the simulated clock."""
import json
import re
import subprocess

from ward_command import JWKS, USUAL, WARD, new_folder, unusable, usage, ward
from tokens import AUDIENCE, ISSUER, NOW, jwk, jwks, payload, token

FOLDER = new_folder()
ROUTES = FOLDER / "routes"
ROUTES.write_text("""# for these tests
GET,HEAD   /foia/*   read:foia
POST       /foia/*   write:foia admin:foia|superuser
GET        /open     WARD_PUBLIC
GET        /any      WARD_AUTHENTICATED
GET        /plain    WARD_ALLOW_CLEARTEXT WARD_AUTHENTICATED
""")
GOOD = token()
OTHER = token(payload(sub="auth0|other"))
BASE = ["check", "--routes", ROUTES, *USUAL]


def check(path, *words, authorization=f"Bearer {GOOD}", stdin=b""):
    header = [] if authorization is None else ["--authorization", authorization]
    return ward(*BASE, "--path", path, *header, *words, stdin=stdin)


def answer(result):
    """Status, headers and body of an HTTP answer on stdout."""
    head, _, body = result.stdout.decode().partition("\r\n\r\n")
    status, *headers = head.split("\r\n")
    assert re.fullmatch(r"HTTP/1\.1 \d{3} [A-Za-z ]+", status), status
    return int(status.split()[1]), dict(header.split(": ", 1) for header in headers), body


def granted(result):
    status, headers, body = answer(result)
    assert (result.returncode, status, result.stderr) == (0, 200, b""), result
    assert headers["Cache-Control"] == "no-store"
    return body


def refused(result, status, name, error=None):
    got, headers, body = answer(result)
    assert (result.returncode, got) == (1, status), result
    assert re.fullmatch(rf"ward: refused: {name}: [^\n]+\n", result.stderr.decode()), result.stderr
    assert headers["Cache-Control"] == "no-store"
    if error:
        assert json.loads(body)["error"] == error, body
    return headers, body


def requests(lines, *words):
    """The answers to a list of requests, a line each."""
    result = ward(*BASE, *words, "--requests", "-", stdin="\n".join(lines).encode() + b"\n")
    assert result.returncode == 0 and result.stderr == b"", result
    return result.stdout.decode().splitlines()


def outcomes(lines, *words):
    """Status and reason of each answer."""
    return [tuple(line.split()[3:5]) for line in requests([f"token good {GOOD}", f"token other {OTHER}", *lines], *words)]


def test_granted_prints_the_answer_and_who_is_calling():
    body = json.loads(granted(check("/foia/7?x=1")))
    assert body["pattern"] == "/foia/*" and body["route"] == 0 and body["subject"] == "auth0|65f0c0ffee", body
    assert body["kind"] == "user" and body["client"] == "client" and body["scopes"] == ["read:foia", "write:foia"], body
    assert re.fullmatch("[0-9a-f]{32}", body["owner"])


def test_head_prints_no_body():
    assert granted(check("/foia", "--method", "HEAD")) == ""
    assert refused(check("/foia", "--method", "HEAD", authorization=None), 401, "CREDENTIAL_MISSING")[1] == ""


def test_each_refusal_prints_its_answer_and_names_its_reason():
    headers, _ = refused(check("/foia", authorization=None), 401, "CREDENTIAL_MISSING", "unauthorized")
    assert headers["WWW-Authenticate"] == 'Bearer realm="api"'
    headers, _ = refused(check("/foia", authorization="Bearer a b"), 400, "CREDENTIAL_INVALID", "invalid_request")
    assert 'error="invalid_request"' in headers["WWW-Authenticate"]
    headers, _ = refused(check("/foia", authorization="Bearer x"), 401, "TOKEN_OPAQUE", "invalid_token")
    assert 'error="invalid_token"' in headers["WWW-Authenticate"]
    headers, body = refused(check("/foia", "--method", "POST"), 403, "SCOPE_INSUFFICIENT", "insufficient_scope")
    assert 'scope="write:foia admin:foia"' in headers["WWW-Authenticate"] and json.loads(body)["scope"] == "write:foia admin:foia"
    refused(check("/nothing"), 404, "ROUTE_NOT_FOUND", "not_found")
    headers, _ = refused(check("/foia", "--method", "DELETE"), 405, "METHOD_NOT_ALLOWED", "method_not_allowed")
    assert headers["Allow"] == "GET, HEAD, POST"
    refused(check("/foia", "--method", "BREW"), 405, "METHOD_NOT_ALLOWED")
    refused(check("/foia", "--method", ""), 405, "METHOD_NOT_ALLOWED")
    refused(check("/foia/../x"), 400, "PATH_INVALID", "invalid_request")
    for target in ("", "foia", "*", "device:443", "ftp://device/foia", "http://me@device/foia", "http:///foia"):
        refused(check(target), 400, "TARGET_INVALID", "invalid_request")
    refused(check("*", "--method", "OPTIONS"), 404, "ROUTE_NOT_FOUND")
    refused(check("/foia", "--cleartext"), 403, "CHANNEL_UNPROTECTED", "https_required")
    later = ward(*BASE[:-1], str(NOW + 86460), "--path", "/foia", "--authorization", f"Bearer {GOOD}")
    assert json.loads(refused(later, 401, "TOKEN_EXPIRED")[1])["error_description"] == "The access token expired"


def test_public_routes_ask_for_no_token():
    assert json.loads(granted(check("/open", authorization=None)))["subject"] == ""


def test_the_header_comes_from_standard_input():
    for end in (b"", b"\n"):
        granted(check("/any", authorization="-", stdin=f"Bearer {GOOD}".encode() + end))
    refused(check("/any", authorization="-", stdin=f"Bearer {GOOD}\r\n".encode()), 400, "CREDENTIAL_INVALID")
    refused(check("/any", authorization="-", stdin=b"Bearer " + b"a" * 100000), 401, "TOKEN_TOO_LONG")


def test_several_headers_are_refused():
    refused(check("/any", "--authorization-count", "2"), 400, "CREDENTIALS_MULTIPLE", "invalid_request")
    granted(check("/any", "--authorization-count", "255"))
    refused(check("/any", "--authorization-count", "0"), 401, "CREDENTIAL_MISSING")


def test_cleartext_passes_where_the_route_allows_it():
    granted(check("/plain", "--cleartext"))


def test_routes_can_be_hidden():
    refused(check("/nothing", "--hide-routes", authorization=None), 401, "CREDENTIAL_MISSING", "unauthorized")
    refused(check("/foia", "--hide-routes", "--method", "DELETE", authorization=None), 401, "CREDENTIAL_MISSING")
    refused(check("/foia", "--hide-routes", "--method", "DELETE"), 405, "METHOD_NOT_ALLOWED")


def test_scopes_come_from_where_the_policy_says():
    words = f"Bearer {token(payload(scope='read:foia', permissions=['write:foia', 'admin:foia']))}"
    granted(check("/foia", authorization=words))
    refused(check("/foia", "--scopes-from", "permissions", authorization=words), 403, "SCOPE_INSUFFICIENT")
    granted(check("/foia", "--scopes-from", "permissions", "--method", "POST", authorization=words))
    refused(check("/foia", "--scopes-from", "both", authorization=words), 403, "SCOPE_INSUFFICIENT")
    granted(check("/foia", "--scopes-from", "both", authorization=f"Bearer {token(payload(permissions=['read:foia']))}"))


def test_origins_that_may_call_are_told_so():
    allow = ["--allow-origin", "https://a.example", "--allow-origin", "https://b.example"]
    result = check("/foia", *allow, "--origin", "https://b.example")
    assert answer(result)[1]["Access-Control-Allow-Origin"] == "https://b.example" and result.returncode == 0
    assert "Access-Control-Allow-Origin" not in answer(check("/foia", *allow, "--origin", "https://c.example"))[1]
    headers, body = refused(check("/foia", *allow, "--origin", "https://a.example", "--method", "OPTIONS", "--requested-method", "POST",
                                  authorization=None), 204, "PREFLIGHT")
    assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST" and body == ""


def test_of_many_keys_the_one_that_the_token_names_is_kept():
    many = [jwk("b", kid=f"k{i}") for i in range(40)]
    (FOLDER / "many.json").write_text(jwks(*many, "a"))
    words = ["check", "--routes", ROUTES, "--jwks", FOLDER / "many.json", "--issuer", ISSUER, "--audience", AUDIENCE,
        "--now", NOW]
    for header, stdin in ((f"Bearer {GOOD}", b""), (f"bearer {GOOD}", b""), ("-", f"Bearer {GOOD}".encode())):
        result = ward(*words, "--path", "/foia", "--authorization", header, stdin=stdin)
        assert result.returncode == 0 and b"left out: raise WARD_MAX_KEYS" in result.stderr, result
    assert ward(*words, "--path", "/foia").returncode == 1


def test_a_challenge_names_the_metadata_that_it_was_given():
    url = "https://api.example/.well-known/oauth-protected-resource"
    for words, authorization, rest in ((("/foia",), None, ""), (("/foia", "--method", "POST"), f"Bearer {GOOD}", ', error="insufficient_scope"'),
                                       (("/foia",), "Bearer x", ', error="invalid_token"')):
        _, headers, _ = answer(check(*words, "--resource-metadata", url, authorization=authorization))
        assert headers["WWW-Authenticate"].startswith(f'Bearer realm="api", resource_metadata="{url}"{rest}'), headers
    assert "WWW-Authenticate" not in answer(check("/nowhere", "--resource-metadata", url))[1]


def test_wrong_usage_names_what_is_wrong():
    usage(ward("check"), "--routes")
    usage(ward("check", "--routes", ROUTES), "--jwks")
    usage(ward(*BASE), "--path", "--requests")
    usage(check("/foia", "--requests", "-"), "--path", "--requests")
    usage(ward("check", "--routes", ROUTES, "--jwks", JWKS, "--path", "/", "--audience", AUDIENCE), "EXPECT_ISSUERS")
    usage(ward("check", "--routes", ROUTES, "--jwks", JWKS, "--path", "/", "--issuer", ISSUER), "EXPECT_AUDIENCES")
    usage(check("/", "--leeway", "301"), "--leeway")
    usage(check("/", "--now", "1"), "--now", "twice")
    usage(check("/", "--peer", "1.2.3"), "--peer")
    usage(check("/", "--peer", "1.2.3.256"), "--peer")
    usage(check("/", "--peer", " 1.2.3.4"), "--peer")
    usage(check("/", "--scopes-from", "roles"), "--scopes-from")
    usage(check("/", *["--allow-origin", "https://x"] * 9), "--allow-origin", "often")
    usage(check("/", "--allow-origin", ""), "POLICY_ORIGINS")
    usage(check("/", "--resource-metadata", "http://x"), "POLICY_RESOURCE_METADATA", "https://")
    usage(check("/", "--audit", FOLDER / "audit"), "--audit", "--requests")
    usage(check("/", "operand"), "too many")
    usage(check("/", "--authorization-count", "256"), "--authorization-count")
    for words in (["--method", "GET"], ["--authorization", "x"], ["--authorization-count", "1"], ["--cleartext"], ["--peer", "1.2.3.4"], ["--origin", "x"],
                  ["--requested-method", "GET"]):
        usage(ward(*BASE, "--requests", "-", *words), words[0], "--requests")


def test_files_that_cannot_be_used_are_named():
    words = ["--issuer", ISSUER, "--audience", AUDIENCE, "--path", "/"]
    unusable(ward("check", "--routes", FOLDER / "missing", "--jwks", JWKS, *words), "missing", "No such file")
    unusable(ward("check", "--routes", FOLDER, "--jwks", JWKS, *words), "directory")
    unusable(ward("check", "--routes", ROUTES, "--jwks", FOLDER / "missing.json", *words), "missing.json")
    unusable(ward(*BASE, "--requests", FOLDER / "missing"), "missing", "No such file")
    unusable(ward(*BASE, "--requests", FOLDER), "directory")
    unusable(ward(*BASE, "--requests", "-", "--audit", FOLDER / "no" / "audit"), "audit", "No such file")


def test_an_answer_that_does_not_fit_is_said_so():
    long = FOLDER / "long"
    long.write_text("GET /x " + " ".join(f"scope{number:05}" for number in range(400)) + "\n")
    unusable(ward("check", "--routes", long, *USUAL, "--path", "/x", "--authorization", f"Bearer {GOOD}"), "scopes")


def test_a_full_disk_is_no_success():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([WARD, *map(str, BASE), "--path", "/open"], stdout=full, stderr=subprocess.PIPE, timeout=30)
    assert done.returncode == 3 and b"could not be written" in done.stderr
    unusable(ward(*BASE, "--requests", "-", "--audit", "/dev/full", stdin=b"1 GET /open\n"), "/dev/full")


def test_each_request_of_a_list_gets_a_line_of_answer():
    lines = requests([f"token good {GOOD}", "# a comment", "", f"{NOW} GET /foia bearer=good peer=10.0.0.1",
                      f"{NOW}.5 GET /foia?access_token=secret", f"{NOW} POST /foia bearer=good", f"{NOW} GET /open cleartext",
                      f"{NOW} GET /any count=2 bearer=good", f"{NOW} GET /any authorization=Bearer a b",
                      f"{NOW} GET /any origin=https://x bearer=good peer=" + "0f" * 16])
    assert lines == [f'{NOW} GET /foia 200 OK route=0 subject="auth0|65f0c0ffee"',
                     f"{NOW}.5 GET /foia 401 CREDENTIAL_MISSING",
                     f"{NOW} POST /foia 403 SCOPE_INSUFFICIENT",
                     f"{NOW} GET /open 403 CHANNEL_UNPROTECTED",
                     f"{NOW} GET /any 400 CREDENTIALS_MULTIPLE",
                     f"{NOW} GET /any 400 CREDENTIAL_INVALID",
                     f'{NOW} GET /any 200 OK route=3 subject="auth0|65f0c0ffee"'], lines


def test_a_subject_has_its_budget_and_others_theirs():
    spent = outcomes([f"{NOW} GET /any bearer=good"] * 21 + [f"{NOW} GET /any bearer=other"])
    assert spent == [("200", "OK")] * 20 + [("429", "SUBJECT_BUDGET_SPENT"), ("200", "OK")], spent
    later = outcomes([f"{NOW} GET /any bearer=good"] * 20 + [f"{NOW}.999 GET /any bearer=good", f"{NOW + 1} GET /any bearer=good"])
    assert later[20:] == [("429", "SUBJECT_BUDGET_SPENT"), ("200", "OK")], later


def test_an_answer_says_when_to_try_again():
    last = requests([f"token good {GOOD}", *[f"{NOW} GET /any bearer=good"] * 21])[-1]
    assert last.endswith("429 SUBJECT_BUDGET_SPENT retry=1"), last


def test_forged_tokens_spend_the_budget_of_signatures_and_cached_ones_pass():
    forged = GOOD[:-2] + ("AA" if GOOD[-2:] != "AA" else "BA")
    lines = [f"token good {GOOD}", f"token forged {forged}", f"token new {OTHER}",
             *[f"token {name} {token(payload(sub=name))}" for name in ("third", "fourth")], f"{NOW} GET /any bearer=good peer=10.0.0.1",
             *[f"{NOW} GET /any bearer=forged peer=10.0.0.{peer}" for peer in range(2, 12)],
             f"{NOW} GET /any bearer=new peer=10.0.0.99", f"{NOW} GET /any bearer=good peer=10.0.0.99",
             f"{NOW} GET /any bearer=third peer=10.0.0.99", f"{NOW} GET /any bearer=new peer=10.0.0.1", f"{NOW + 1} GET /any bearer=fourth peer=10.0.0.98"]
    seen = [line.split()[4] for line in requests(lines)]
    # A stranger waits; one that was granted a token, by whatever address, does not.
    assert seen == ["OK", *["SIGNATURE_INVALID"] * 8, *["SIGNATURE_BUDGET_SPENT"] * 2, "SIGNATURE_BUDGET_SPENT", "OK", "OK", "OK", "OK"], seen


def test_the_deny_list_works_from_the_next_request_on():
    lines = requests([f"token good {GOOD}", f"{NOW} GET /any bearer=good", f"{NOW} deny auth0|65f0c0ffee", f"{NOW} GET /any bearer=good",
                      f"{NOW} undeny auth0|65f0c0ffee", f"{NOW} GET /any bearer=good", f"{NOW} undeny auth0|65f0c0ffee",
                      f"{NOW} deny auth0|65f0c0ffee {NOW - 1}", f"{NOW} GET /any bearer=good",
                      f"{NOW} deny auth0|65f0c0ffee {NOW}", f"{NOW} GET /any bearer=good"])
    assert [line.split()[-1] if "deny" in line.split()[0] else line.split()[4] for line in lines] == [
        "OK", "OK", "SUBJECT_DENIED", "OK", "OK", "NO_RESULT", "OK", "OK", "OK", "SUBJECT_DENIED"], lines


TENANT = "https://tenant.example/"
ELSEWHERE = token(payload(iss=TENANT))


def test_a_denied_subject_is_denied_under_every_issuer():
    lines = [f"token good {GOOD}", f"token elsewhere {ELSEWHERE}", f"{NOW} GET /any bearer=good peer=10.0.0.1", f"{NOW} GET /any bearer=elsewhere peer=10.0.0.2",
             f"{NOW} deny auth0|65f0c0ffee", f"{NOW} GET /any bearer=good peer=10.0.0.1", f"{NOW} GET /any bearer=elsewhere peer=10.0.0.2",
             f"{NOW} undeny auth0|65f0c0ffee", f"{NOW} GET /any bearer=elsewhere peer=10.0.0.2", f"{NOW} undeny auth0|65f0c0ffee"]
    for words in (["--issuer", TENANT], ["--issuer", TENANT, "--authority", "both"]):
        seen = [line.split()[-1] if "deny" in line.split()[0] else line.split()[4] for line in requests(lines, *words)]
        assert seen == ["OK", "OK", "OK", "SUBJECT_DENIED", "SUBJECT_DENIED", "OK", "OK", "NO_RESULT"], seen


def test_under_one_authority_a_subject_is_one():
    def owner(authorization, *words):
        return json.loads(granted(check("/any", "--issuer", TENANT, *words, authorization=f"Bearer {authorization}")))["owner"]
    assert owner(GOOD) != owner(ELSEWHERE)
    assert owner(GOOD, "--authority", "both") == owner(ELSEWHERE, "--authority", "both") not in (owner(GOOD), owner(ELSEWHERE))
    assert owner(ELSEWHERE, "--authority", ISSUER) == owner(GOOD)
    usage(check("/", "--authority", "a" * 256), "EXPECT_AUTHORITY")


def test_rates_can_be_tried():
    forged = GOOD[:-2] + ("AA" if GOOD[-2:] != "AA" else "BA")
    flood = [f"token good {GOOD}", f"token forged {forged}", *[f"{NOW} GET /any bearer=forged peer=10.0.0.1"] * 6]

    def checked(*words, before=()):
        return sum("SIGNATURE_INVALID" in line for line in requests([flood[0], flood[1], *before, *flood[2:]], *words))
    assert [checked(), checked("--signature-rate", "1/1/20"), checked("--signature-rate-per-peer", "1/10/3"), checked("--signature-rate", "1/1/1", "--signature-rate-per-peer", "1/10/3")] == [2, 5, 3, 1]
    known = [f"{NOW} GET /any bearer=good peer=10.0.0.1"]
    assert [checked(before=known), checked("--signature-reserve", "1/60/1", before=known)] == [6, 3]
    for rate in ("", "1", "1/1", "1/1/1/1", "0/1/1", "1/0/1", "1/1/0", "1/1/65536", "1/1/x", "/1/1", "1/1/", "1234567890/1/1"):
        usage(check("/", "--signature-rate", rate), "--signature-rate", "COUNT/SECONDS/BURST")
    for option, name in (("--signature-rate", "SIGNATURE_RATE"), ("--signature-rate-per-peer", "PEER_RATE"), ("--signature-reserve", "SIGNATURE_RESERVE")):
        usage(check("/", option, "1001/1/1"), f"POLICY_{name}")


def test_a_key_change_forgets_what_was_cached():
    forged = GOOD[:-2] + ("AA" if GOOD[-2:] != "AA" else "BA")
    flood = [f"token forged {forged}", *[f"{NOW} GET /any bearer=forged"] * 8]
    assert outcomes([f"{NOW} GET /any bearer=good", *flood, f"{NOW} GET /any bearer=good"])[-1] == ("200", "OK")
    assert outcomes([f"{NOW} GET /any bearer=good", *flood, f"{NOW} key-change", f"{NOW} GET /any bearer=good"])[-1] == (
        "429", "SIGNATURE_BUDGET_SPENT")


def test_a_line_that_cannot_be_used_is_named_by_its_number():
    for line, words in (("x GET /", "TIME METHOD TARGET"), ("1 GET", "TIME METHOD TARGET"), ("1", "TIME METHOD TARGET"),
                        ("1.2345 GET /", "TIME"), ("1. GET /", "TIME"), ("-1 GET /", "TIME"), ("99999999999999999999 GET /", "TIME"),
                        ("1 GET / bearer=unknown", "word"), ("1 GET / peer=x", "word"), ("1 GET / count=256", "word"),
                        ("1 GET / nonsense", "word"), ("token x", "NAME TOKEN"), ("token " + "n" * 40 + " x", "NAME TOKEN"),
                        ("token x " + "y" * 33000, "NAME TOKEN"), ("1 deny", "SUBJECT"), ("1 deny x y", "SUBJECT"),
                        ("1 GET / authorization=" + "a" * 70000, "too long"), ("1 GET /\0x", "NUL")):
        result = ward(*BASE, "--requests", "-", stdin=b"\n" + line.encode() + b"\n1 GET /open\n")
        unusable(result, "-:2: ", words, "--help")


def test_a_list_without_a_last_newline_is_read_whole():
    assert ward(*BASE, "--requests", "-", stdin=b"1 GET /open").stdout == b'1 GET /open 200 OK route=2 subject=""\n'


def test_names_with_control_characters_are_escaped():
    odd = token(payload(sub="a\x1b[31m\u202e"))
    body = granted(check("/any", authorization=f"Bearer {odd}"))
    assert "\x1b" not in body and json.loads(body)["subject"] == "a\x1b[31m\u202e"
    line = requests([f"token odd {odd}", f"{NOW} G\x1bT /\x1b", f"{NOW} GET /any bearer=odd"])
    assert "\x1b" not in "".join(line), line
