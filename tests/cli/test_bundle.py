# SPDX-License-Identifier: Apache-2.0
"""`ward bundle`: bundles are made, signed here or elsewhere, shown and checked; `ward provision` makes images of them."""
import base64
import json
import subprocess
import time

from ward_command import ROOT, new_folder, refused, unusable, usage, ward
from flash import DIGEST, HEADER, KEYS, sections_of
from tokens import jwk, jwks

FOLDER = new_folder()
PEM = {key: ROOT / "tests" / "keys" / f"{key}.pem" for key in ("a", "c", "d", "short", "exponent3")}
ISSUER = "https://issuer.example/"
NAMES = ["--operator", "https://fleet.example/", "--fleet", "thermostats", "--issuer", ISSUER]
NOW = int(time.time())
BUNDLE = 5  # the section of a record


def file(name, content):
    path = FOLDER / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


SET = file("jwks.json", jwks("a", "b"))
OPERATORS = file("operators.json", jwks("c", "d"))
DENY = file("deny.json", json.dumps([{"sub": "auth0|x", "issued_until": NOW}, {"owner": "0" * 32, "issued_until": "always"},
                                     {"everybody": True, "issued_until": 5}], indent=2) + "\n")


def make(*words, key="c", source=SET, names=NAMES):
    return ward("bundle", "make", source, *names, "--kid", key, "--key", PEM[key], *words)


def check(bundle, *words, names=NAMES):
    return ward("bundle", "check", bundle, *names, "--operator-keys", OPERATORS, *words)


def made(name, *words, **options):
    result = make(*words, **options)
    assert result.returncode == 0 and result.stderr == b"", result
    return file(name, result.stdout)


def part(bundle, number):
    text = bundle.read_text().strip().split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_a_bundle_says_what_it_was_told_to():
    bundle = made("said", "--seq", 7, "--iat", NOW - 5, "--lifetime", 100, "--deny", DENY)
    assert part(bundle, 0) == {"alg": "RS256", "typ": "jwk-set+jwt", "kid": "c"}
    payload = part(bundle, 1)
    assert payload.pop("keys") == [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": jwk(kid)["n"], "e": "AQAB"} for kid in "ab"]
    assert payload == {"iss": "https://fleet.example/", "sub": ISSUER, "aud": "thermostats", "iat": NOW - 5, "exp": NOW + 95, "seq": 7,
                       "deny": json.loads(DENY.read_text())}
    result = check(bundle)
    assert result.returncode == 0 and result.stdout.startswith(b"taken: seq 7, issued "), result
    assert b"2 keys, 2 owner ids denied, everybody up to 5 " in result.stdout, result


def test_without_a_number_the_time_is_the_number():
    payload = part(made("timed"), 1)
    assert NOW <= payload["iat"] == payload["seq"] <= NOW + 100 and payload["exp"] == payload["iat"] + 604800


def test_a_key_elsewhere_signs_what_is_given_out():
    result = ward("bundle", "make", SET, *NAMES, "--kid", "d", "--to-sign", "--iat", NOW)
    assert result.returncode == 0 and result.stdout.count(b".") == 1, result
    to_sign = file("to-sign", result.stdout)
    signature = FOLDER / "signature"
    subprocess.run(["openssl", "dgst", "-sha256", "-sign", PEM["d"], "-out", signature, to_sign], check=True)
    result = ward("bundle", "join", to_sign, "--signature", signature)
    assert result.stdout == make("--iat", NOW, key="d").stdout, result
    assert check(file("joined", result.stdout)).returncode == 0
    unusable(ward("bundle", "join", to_sign, "--signature", file("no-signature", b"x" * 255)), "255 bytes")
    signature.write_bytes(bytes([signature.read_bytes()[0] ^ 1]) + signature.read_bytes()[1:])
    refused(check(file("joined", ward("bundle", "join", to_sign, "--signature", signature).stdout)), "SIGNATURE_INVALID")


def test_what_a_device_refuses_is_named():
    bundle = made("usual", "--iat", NOW - 100, "--lifetime", 200)
    for place, name in ((1, "BUNDLE_OPERATOR"), (3, "BUNDLE_FLEET"), (5, "BUNDLE_ISSUER")):
        names = [*NAMES[:place], "https://other/", *NAMES[place + 1:]]
        refused(check(bundle, names=names), name)
    refused(check(bundle, "--now", NOW + 100), "BUNDLE_EXPIRED")
    assert check(bundle, "--now", NOW + 99).returncode == 0
    refused(check(file("another", make(key="a", source=OPERATORS).stdout)), "BUNDLE_SIGNER")
    refused(check(file("cut", bundle.read_bytes()[:-7])), "SIGNATURE_LENGTH")


def test_what_no_device_would_take_is_not_written():
    for result, name in ((make("--deny", file("wrong.json", '[{"sub":"x"}]')), "BUNDLE_DENIALS_INVALID"),
                         (make("--deny", file("object.json", "{}")), "BUNDLE_DENIALS_INVALID"),
                         (make("--deny", file("broken.json", "[{]")), "JSON_MALFORMED"),
                         (make("--lifetime", "0"), "BUNDLE_EXPIRED"),
                         (make(source=OPERATORS), "BUNDLE_OPERATOR_KEY"),
                         (ward("bundle", "make", SET, *NAMES, "--kid", "c", "--key", PEM["short"]), "JWK_MODULUS_TOO_SHORT"),
                         (ward("bundle", "make", SET, *NAMES, "--kid", "c", "--key", PEM["exponent3"]), "JWK_EXPONENT_REFUSED"),
                         (ward("bundle", "make", SET, *NAMES, "--kid", "c", "--key", SET), "no private key in PEM"),
                         (ward("bundle", "make", FOLDER / "none", *NAMES, "--kid", "c", "--key", PEM["c"]), "cannot read"),
                         (make("--deny", FOLDER / "none"), "cannot read")):
        unusable(result, name)
        assert result.stdout == b"", result
    many = file("many.json", json.dumps({"keys": [dict(jwk("a"), kid="x" * 120 + str(number)) for number in range(16)]}))
    unusable(make("--deny", file("long.json", "[" + " " * 60000 + "]"), source=many), "BUNDLE_TOO_LONG")


def test_an_operators_key_becomes_the_set_that_devices_have():
    public = file("public.pem", subprocess.run(["openssl", "pkey", "-in", PEM["c"], "-pubout"], check=True, capture_output=True).stdout)
    for pem in (PEM["c"], public):
        result = ward("bundle", "key", pem, "--kid", "c")
        assert result.returncode == 0 and result.stderr == b"", result
        assert json.loads(result.stdout) == {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "c", "n": jwk("c")["n"], "e": "AQAB"}]}
    own = file("own.json", result.stdout)
    assert ward("bundle", "check", made("own"), *NAMES, "--operator-keys", own).returncode == 0
    assert ward("provision", own, "--c", "operators").returncode == 0
    for key, name in ((PEM["short"], "JWK_MODULUS_TOO_SHORT"), (PEM["exponent3"], "JWK_EXPONENT_REFUSED"), (SET, "no key in PEM"),
                      (FOLDER / "none", "no key in PEM")):
        result = ward("bundle", "key", key, "--kid", "c")
        unusable(result, name)
        assert result.stdout == b"", result


def test_a_bundle_is_shown_without_a_check():
    bundle = made("shown", "--seq", 7, "--deny", DENY)
    result = ward("bundle", "show", bundle)
    assert result.returncode == 0 and result.stderr == b"", result
    lines = result.stdout.decode().splitlines()
    assert lines[0] == "Nothing of this was checked: ward bundle check does."
    assert '  kid    "c"' in lines and f'  sub    "{ISSUER}"' in lines and "  seq    7" in lines, lines
    assert "    sub \"auth0|x\", issued until " in result.stdout.decode() and '    owner "' + "0" * 32 + '", issued until "always"' in lines
    assert [line.split() for line in lines if "usable" in line] == [["a", "2048", "usable"], ["b", "2048", "usable"]]
    assert ward("bundle", "show", "-", stdin=bundle.read_bytes()).stdout == result.stdout
    for content in (b"", b"x", b"x.y", b"x.y.z", b"e30.e30\n.AA", b"\0.\0.\0", b"e30.W10x.AA"):
        unusable(ward("bundle", "show", "-", stdin=content), "no bundle")
    unusable(ward("bundle", "show", "-", stdin=b"a" * 70000), "longer than")
    assert ward("bundle", "show", "-", stdin=b"e30.e30.AA").returncode == 0


def test_wrong_usage_names_what_is_missing():
    usage(ward("bundle"), "make, join, show, check or key")
    usage(ward("bundle", "sign", SET), "make, join, show, check or key")
    for action in ("make", "join", "show", "check", "key"):
        usage(ward("bundle", action), "FILE is missing")
    usage(ward("bundle", "show", SET, "--seq", 1), "--seq")
    usage(ward("bundle", "join", SET), "--signature")
    usage(ward("bundle", "key", PEM["c"]), "--kid")
    usage(ward("bundle", "key", PEM["c"], "--kid", "c", "--seq", 1), "--seq")
    usage(ward("bundle", "check", SET, *NAMES), "--operator-keys")
    usage(ward("bundle", "make", SET, *NAMES, "--kid", "c"), "--key, --to-sign")
    usage(make("--to-sign"), "--key, --to-sign")
    usage(ward("bundle", "make", SET, *NAMES, "--to-sign"), "--kid")
    usage(make("--seq", "x"), "--seq")
    usage(make("--seq", 2**53 + 1), "--seq")
    for place, name in ((0, "--operator"), (2, "--fleet"), (4, "--issuer")):
        usage(make(names=NAMES[:place] + NAMES[place + 2:]), name)
        usage(make(names=[*NAMES[:place + 1], "x" * 256, *NAMES[place + 2:]]), name)


# ---- Storage images.

def provision(bundle, *words):
    return ward("provision", bundle, "--record", *NAMES, "--operator-keys", OPERATORS, *words)


def stored(image):
    """The sections of a record."""
    return sections_of(image[HEADER:-DIGEST])


def test_a_bundle_becomes_a_storage_image():
    bundle = made("image", "--seq", 7, "--deny", DENY)
    result = provision(bundle)
    assert result.returncode == 0 and result.stderr == b"", result
    sections = stored(result.stdout)
    assert set(sections) == {BUNDLE, KEYS} and b"\x00\x06bundle" in sections[KEYS], sections
    unusable(provision(bundle, "--max-denials", 1), "WARD_DENY_SLOTS")
    assert provision(bundle, "--max-denials", 2).returncode == 0
    unusable(provision(SET), "TOKEN_")


def test_who_is_denied_is_known_under_each_name_of_the_device():
    bundle = made("names", "--seq", 7, "--deny", file("one.json", json.dumps([{"sub": "auth0|x", "issued_until": 5}])))

    def denied(*words):
        section = stored(provision(bundle, *words).stdout)[BUNDLE]
        at = 48 + 1 + section[48] * 40
        return section[32:48], [section[place:place + 16] for place in range(at, len(section), 24)]

    nobody, own = denied()
    assert nobody == bytes(16) and len(own) == 1
    others = denied("--other-issuer", "https://b.example/", "--other-issuer", "https://c.example/")[1]
    assert len(set(others)) == 3 and others[0] == own[0], others
    authority, ours = denied("--authority", "ours", "--other-issuer", "https://b.example/")
    assert authority not in (bytes(16), denied("--authority", "theirs")[0]) and len(ours) == 1 and ours != own
    assert denied("--authority", ISSUER)[1] == own
    for name in ("--authority", "--other-issuer"):
        usage(provision(bundle, name, "x" * 256), name)
    usage(provision(bundle, "--other-issuer", ""), "--other-issuer")
    usage(ward("provision", SET, "--c", "keys", "--authority", "x"), "--authority")
    usage(ward("provision", SET, "--record", "--issuer", ISSUER, "--url", "https://x", "--authority", "x"), "--operator")


def test_a_devices_own_record_takes_a_bundle_that_follows():
    first = file("first-slot", provision(made("first", "--seq", 7, "--deny", DENY)).stdout)
    slots = ["--first-slot", first, "--second-slot", file("second-slot", b"")]
    result = provision(made("next", "--seq", 8), *slots)
    assert result.returncode == 0 and b"for slot 1" in result.stderr, result
    assert len(stored(result.stdout)[BUNDLE]) == len(stored(first.read_bytes())[BUNDLE]) - 2 * 24
    unusable(provision(made("last", "--seq", 6), *slots), "BUNDLE_OLDER")


def test_words_of_a_bundle_mean_nothing_to_a_table():
    usage(ward("provision", SET, "--c", "keys", "--operator-keys", OPERATORS), "--operator-keys")
    usage(ward("provision", SET, "--record", "--issuer", ISSUER, "--fleet", "x"), "--operator")
    usage(provision(SET, "--url", "http://x"), "--url")
