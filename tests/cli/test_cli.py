# SPDX-License-Identifier: Apache-2.0
"""The command line's contract: exit codes, what goes to which stream, and that --help tells the truth."""
import json
import re
import subprocess

import pytest
from ward_command import COMMANDS, JWKS, ROOT, USUAL, WARD, new_folder, refused, unusable, usage, ward
from tokens import AUDIENCE, ISSUER, NOW, base64url, jwk, jwks, payload, token

FOLDER = new_folder()
GOOD = token()


@pytest.fixture(autouse=True)
def plain_locale(monkeypatch):
    """The library's own words, in no other language."""
    monkeypatch.setenv("LC_ALL", "C")


def verify(*words, stdin=b""):
    return ward("verify", *USUAL, *words, stdin=stdin)


def test_the_version_is_that_of_the_headers():
    header = (ROOT / "include/ward/version.h").read_text()
    version = re.search(r'define WARD_VERSION "(.*)"', header)[1]
    done = subprocess.run([WARD, "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"ward {version}\n")


def test_accepted_prints_the_claims_as_one_json_object():
    result = verify(GOOD)
    assert result.returncode == 0 and result.stderr == b"", result
    assert json.loads(result.stdout) == payload()
    assert result.stdout.count(b"\n") == 1


def test_the_token_comes_from_standard_input():
    for stdin in (GOOD.encode(), GOOD.encode() + b"\n"):
        assert verify("-", stdin=stdin).returncode == 0
        assert verify(stdin=stdin).returncode == 0


def test_one_trailing_newline_is_forgiven_and_no_more():
    refused(verify("-", stdin=GOOD.encode() + b"\n\n"), "TOKEN_NOT_BASE64URL", "a line end")
    refused(verify("-", stdin=GOOD.encode() + b"\r\n"), "TOKEN_NOT_BASE64URL", "a carriage return")
    refused(verify("-", stdin=b"\n" + GOOD.encode()), "TOKEN_NOT_BASE64URL", "byte 1 of", "a line end")
    refused(verify(GOOD + "\n"), "TOKEN_NOT_BASE64URL", "a line end")
    refused(verify(GOOD[:-1] + "\n"), "TOKEN_NOT_BASE64URL", "a line end")


def test_every_kind_of_value_is_printed_as_json():
    claims = payload(**{"https://x/y": {"a": [1, -2.5, 1e3, True, False, None, "", {"b": []}], "c": {}},
                        "text": "\"\\/\b\f\n\r\t\u0000\u007f\u0085\u200e\u202e\u2028é€😀"})
    result = verify(token(claims))
    assert result.returncode == 0, result
    assert json.loads(result.stdout) == json.loads(json.dumps(claims))
    assert all(byte >= 0x20 for byte in result.stdout[:-1])
    for mark in ("\u007f", "\u0085", "\u200e", "\u202e", "\u2028"):
        assert mark.encode() not in result.stdout


def test_a_long_text_is_printed_whole():
    text = "é\"" * 100
    assert json.loads(verify(token(payload(text=text))).stdout)["text"] == text


def test_refusals_name_the_reason():
    later = str(NOW + 86400 + 60)
    refused(ward("verify", *USUAL[:-1], later, GOOD), "TOKEN_EXPIRED")
    refused(verify("--scope", "admin:database", GOOD), "SCOPE_INSUFFICIENT")
    refused(verify("opaque"), "TOKEN_OPAQUE")
    refused(verify(""), "TOKEN_EMPTY")
    refused(verify(stdin=b""), "TOKEN_EMPTY")
    refused(verify(token(key="c")), "KEY_UNKNOWN")
    refused(verify("a" * 33000), "TOKEN_TOO_LONG", "33000 bytes", "WARD_MAX_TOKEN is 32768")
    refused(verify(stdin=b"a" * 100000), "TOKEN_TOO_LONG", "100000 bytes")
    refused(verify(stdin=b"a" * 32769), "TOKEN_TOO_LONG", "32769 bytes")
    refused(verify(stdin=b"a" * 32768 + b"\n"), "TOKEN_OPAQUE")


def test_scopes_that_suffice_are_accepted():
    assert verify("--scope", "read:foia write:foia", GOOD).returncode == 0
    assert verify("--scope=admin:foia|read:foia", GOOD).returncode == 0


def test_each_option_of_verify_does_what_it_says():
    claims = payload(aud=None, token_use="access", client_id="client", scp=["a"])
    special = token(claims)
    base = ["verify", "--jwks", JWKS, "--issuer", ISSUER, "--now", NOW]
    assert ward(*base, "--audience-absent", "--claim", "token_use=access", special).returncode == 0
    refused(ward(*base, "--audience-absent", "--claim", "token_use=id", special), "CLAIM_REFUSED")
    assert ward(*base, "--audience-absent", "--client", "client", special).returncode == 0
    refused(ward(*base, "--audience-absent", "--client", "other", special), "CLIENT_REFUSED")
    assert ward(*base, "--audience-absent", "--client", "client", "--scope-claim", "scp", "--scope", "a", special).returncode == 0
    assert verify("--leeway", "0", GOOD).returncode == 0
    refused(ward("verify", *USUAL[:-1], str(NOW + 86400), "--leeway", "0", GOOD), "TOKEN_EXPIRED")
    assert ward("verify", *USUAL[:-1], str(NOW + 86459), GOOD).returncode == 0
    assert ward("verify", *USUAL[:-1], str(NOW + 86699), "--leeway", "300", GOOD).returncode == 0
    refused(verify("--max-lifetime", "86399", GOOD), "LIFETIME_TOO_LONG")
    refused(ward("verify", *USUAL[:-1], str(NOW + 200), "--max-age", "100", GOOD), "TOKEN_TOO_OLD")
    refused(verify("--type", "at+jwt", GOOD), "TYPE_REFUSED")
    nobody = token(payload(sub=None))
    refused(verify(nobody), "SUBJECT_MISSING")
    assert verify("--subject-optional", nobody).returncode == 0
    ahead = token(payload(iat=NOW + 61))
    refused(verify(ahead), "ISSUED_IN_FUTURE", "issued_ahead")
    assert verify("--issued-ahead", ahead).returncode == 0
    anonymous_key = token(header={"alg": "RS256"})
    refused(verify("--kid-optional", anonymous_key), "KID_MISSING")
    one = FOLDER / "one.json"
    one.write_text(jwks("a"))
    assert ward("verify", "--jwks", one, *USUAL[2:], "--kid-optional", anonymous_key).returncode == 0
    assert ward("verify", *USUAL, "--issuer", "https://other/", "--audience", "x", GOOD).returncode == 0


def test_the_clock_of_this_machine_is_the_default():
    refused(ward("verify", *USUAL[:-2], token(payload(exp=NOW, iat=NOW - 10))), "TOKEN_EXPIRED")
    assert ward("verify", *USUAL[:-2], token(payload(exp=4102444800))).returncode == 0


def test_wrong_usage_names_what_is_wrong():
    usage(ward(), "usage")
    usage(ward("nonsense"), "nonsense")
    usage(ward("verify", GOOD), "--jwks", "missing")
    usage(ward("verify", "--jwks", JWKS, "--audience", AUDIENCE, GOOD), "EXPECT_ISSUERS")
    usage(ward("verify", "--jwks", JWKS, "--issuer", ISSUER, GOOD), "EXPECT_AUDIENCES")
    usage(ward("verify", "--jwks", JWKS, "--issuer", ISSUER, "--audience", "", GOOD), "EXPECT_AUDIENCES")
    usage(ward("verify", "--jwks", JWKS, "--issuer", "", "--audience", AUDIENCE, GOOD), "EXPECT_ISSUERS")
    usage(verify("--leeway", "301", GOOD), "--leeway", "300")
    usage(verify("--leeway", "4294967295", GOOD), "--leeway")
    usage(verify("--leeway", "-1", GOOD), "--leeway")
    usage(verify("--leeway", "1x", GOOD), "--leeway")
    usage(verify("--leeway", "", GOOD), "--leeway")
    usage(verify("--leeway"), "--leeway", "missing")
    usage(verify("--now", "1", GOOD), "--now", "twice")
    usage(ward("verify", *USUAL[:-1], "99999999999999999999", GOOD), "--now")
    usage(verify("--no-such-option", GOOD), "--no-such-option")
    usage(verify("--kid-optional=yes", GOOD), "--kid-optional")
    usage(verify("--scope", "", GOOD), "--scope")
    usage(verify("--scope", "a||b", GOOD), "--scope")
    usage(verify("--claim", "token_use", GOOD), "--claim", "NAME=VALUE")
    usage(verify("--claim", "=x", GOOD), "EXPECT_CLAIMS")
    usage(verify("--audience-absent", GOOD), "EXPECT_AUDIENCE_ABSENT")
    usage(verify(*["--issuer", "x"] * 4, GOOD), "--issuer", "often")
    usage(verify("--max-age", "999999999999", GOOD), "--max-age")
    usage(verify("--max-age", "999999999", GOOD), "EXPECT_MAX_AGE")
    usage(verify(GOOD, GOOD), "too many")
    usage(ward("jwks"), "FILE")
    usage(ward("jwks", "--x", JWKS), "--x")
    usage(ward("provision", JWKS), "--c")
    usage(ward("provision", JWKS, "--c", "1x"), "--c")
    usage(ward("provision", JWKS, "--c", "a-b"), "--c")


def test_no_message_repeats_control_characters():
    result = ward("verify", "--\x1b[31m")
    usage(result)
    assert b"\x1b" not in result.stderr
    assert b"\x1b" not in ward("\x1b[31m").stderr


def test_no_message_repeats_what_could_be_a_token():
    for result in (ward(GOOD), ward("verify", *USUAL, GOOD, GOOD), ward("verify", f"--tokn={GOOD}"), ward("verify", f"-{GOOD}"),
                   verify("--leeway", GOOD), verify("--scope", GOOD + "|")):
        usage(result)
        assert GOOD[:8].encode() not in result.stderr, result


def test_files_that_cannot_be_used_are_named():
    unusable(ward("verify", "--jwks", FOLDER / "missing.json", *USUAL[2:], GOOD), "missing.json", "No such file")
    unusable(ward("verify", "--jwks", FOLDER, *USUAL[2:], GOOD), "directory")
    for text, name in (("", "JSON_MALFORMED"), ("{}", "JWKS_MALFORMED"), ('{"keys":[]}', "JWKS_NO_USABLE_KEY"),
                       (jwks("a")[:-5], "JSON_MALFORMED"), (jwks("a", jwk("b", kid="a")), "JWKS_KID_CONFLICT")):
        bad = FOLDER / "bad.json"
        bad.write_text(text)
        unusable(ward("verify", "--jwks", bad, *USUAL[2:], GOOD), "bad.json", name)
        unusable(ward("jwks", bad), name)
        unusable(ward("provision", bad, "--c", "keys"), name)
    for text, words in (("", ["the file is empty"]), ('{"keys":[\n{"a":1,}]}', ["at byte 18, in line 2"]),
        ("{\n\n", ["ends after byte 3, in line 3"]),
                        ("\ufeff{}", ["JSON_BYTE_ORDER_MARK", "at byte 1, in line 1"])):
        bad.write_text(text)
        unusable(ward("verify", "--jwks", bad, *USUAL[2:], GOOD), "bad.json", *words)
    for coding in ("utf-16-le", "utf-16-be"):
        bad.write_bytes(("\ufeff" + jwks("a")).encode(coding))
        unusable(ward("jwks", bad), "JSON_MALFORMED", "at byte 1, in line 1: a byte order mark of UTF-16")


def test_a_full_disk_is_no_success():
    with open("/dev/full", "wb") as full:
        for words in (["verify", *USUAL, GOOD], ["jwks", JWKS], ["provision", JWKS, "--c", "keys"], ["--help"]):
            result = subprocess.run([WARD, *map(str, words)], stdout=full, stderr=subprocess.PIPE, timeout=30)
            assert result.returncode == 3 and b"could not be written" in result.stderr, result


def test_jwks_lists_every_key_and_why_it_is_skipped():
    mixed = FOLDER / "mixed.json"
    mixed.write_text(jwks("a", jwk("b", use="enc"), {"kty": "EC", "kid": "elliptic"}, jwk("short"), jwk("exponent3"),
                          jwk("c", kid="\x1b[31m")))
    result = ward("jwks", mixed)
    assert result.returncode == 0, result
    rows = result.stdout.decode().splitlines()
    assert re.match(r"a +2048 +usable", rows[1])
    assert re.match(r"b +2048 +JWK_USE_REFUSED", rows[2])
    assert re.match(r"elliptic +- +JWK_TYPE_REFUSED", rows[3])
    assert re.match(r"short +1024 +JWK_MODULUS_TOO_SHORT", rows[4])
    assert re.match(r"exponent3 +2048 +JWK_EXPONENT_REFUSED", rows[5])
    assert re.match(r"\\u001b\[31m +2048 +usable", rows[6])
    assert "2 of 6 usable" in rows[7]
    assert ward("jwks", "-", stdin=mixed.read_bytes()).stdout == result.stdout


def test_jwks_takes_files_of_any_length():
    long = FOLDER / "long.json"
    long.write_text('{"x":"' + "y" * 3000000 + '",' + jwks(*[jwk("a", kid=f"k{i}") for i in range(60)])[1:])
    result = ward("jwks", long)
    assert result.returncode == 0 and b"60 of 60 usable" in result.stdout and b"left out" in result.stdout, result


def test_provision_writes_a_table_that_compiles():
    result = ward("provision", JWKS, "--c", "issuer_keys")
    assert result.returncode == 0, result
    source = FOLDER / "keys.c"
    source.write_bytes(result.stdout)
    command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", "-c", source, "-o", FOLDER / "keys.o"]
    subprocess.run(command, check=True)
    short = subprocess.run([*command, "-DWARD_MAX_KEYS=1"], capture_output=True, text=True)
    assert short.returncode != 0 and "WARD_MAX_KEYS: these keys need 2" in short.stderr


def test_provisioned_keys_are_those_that_were_read():
    kid = '"\\??/\x01é'
    (FOLDER / "odd.json").write_text(jwks(jwk("a", kid=kid), "m", "odd"))
    (FOLDER / "keys.c").write_bytes(ward("provision", FOLDER / "odd.json", "--c", "keys").stdout)
    (FOLDER / "main.c").write_text("""
        #include <stdio.h>
        #include "ward/ward.h"
        extern const struct ward_jwks keys;
        int main(void)
        {
            static struct ward_jwks set;
            static struct ward_jwks_reader reader;
            static struct ward_workspace work;
            int c;
            ward_jwks_begin(&reader, &set, NULL, ward_text_of(NULL, 0));
            while ((c = getchar()) != EOF) {
                char byte = (char)c;
                if (!ward_ok(ward_jwks_feed(&reader, &byte, 1, &work))) return 2;
            }
            if (!ward_ok(ward_jwks_end(&reader))) return 3;
            return memcmp(&set, &keys, sizeof set) == 0 ? 0 : 1;
        }""")
    subprocess.run(["gcc", "-I", ROOT / "include", FOLDER / "main.c", FOLDER / "keys.c", ROOT / "build/host/libward.a", "-o",
                    FOLDER / "main"], check=True)
    with open(FOLDER / "odd.json", "rb") as stdin:
        assert subprocess.run([FOLDER / "main"], stdin=stdin).returncode == 0


def test_help_and_options_agree():
    tables = {name: re.search(rf"#define {name}.*?\n\n", (ROOT / "tools" / "ward" / header).read_text(), re.S).group(0)
              for name, header in (("EXPECT_OPTIONS", "tool.h"), ("DEVICE_OPTIONS", "device.h"),
                                   ("VERIFICATION_OPTIONS", "verification.h"), ("OPERATOR_OPTIONS", "bundle.h"))}
    for command in COMMANDS:
        result = ward(command, "--help")
        assert result.returncode == 0 and result.stderr == b"", result
        source = (ROOT / "tools" / "ward" / f"{command}.c").read_text()
        for name, table in tables.items():
            source = re.sub(rf"^ +{name},\n", lambda _, table=table: table, source, flags=re.M)
        defined = set(re.findall(r'\{ "(--[a-z-]+)",', source))
        shown = set(re.findall(r"^  (--[a-z-]+)", result.stdout.decode(), re.M))
        assert defined == shown, (defined, shown)
        for option in shown:
            missing = ward(command, option)
            assert b"no such option" not in missing.stderr, missing
    overview = ward("--help")
    assert overview.returncode == 0
    for command in COMMANDS:
        assert command.encode() in overview.stdout


def test_two_dashes_end_the_options():
    refused(verify("--", "--help"), "TOKEN_OPAQUE")


def test_a_token_with_every_byte_is_only_refused():
    for byte in range(1, 256):
        result = verify("-", stdin=bytes([byte]) * 10)
        assert result.returncode == 1, (byte, result)


def test_the_secret_part_of_a_token_is_never_printed():
    signature = GOOD.rsplit(".", 1)[1]
    tampered = GOOD[:-10] + base64url(b"evil") + GOOD[-4:]
    for text in (GOOD, tampered):
        result = verify(text)
        assert signature[:8].encode() not in result.stdout + result.stderr
