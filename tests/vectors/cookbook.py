#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cookbook.py [RUNNER]: the JOSE cookbook (RFC 7520 and two more): what is RS256 passes, the rest is refused by name."""
import json

from suite import Suite, base64url, from_base64url, key_set, read_json, some_key

FOLDER = "jose-cookbook/"

# One key each: the status of a set of it, and why the key was skipped.
KEYS = {
    "jwk/3_1.ec_public_key.json": ("JWKS_NO_USABLE_KEY", "JWK_TYPE_REFUSED"),
    "jwk/3_2.ec_private_key.json": ("JWKS_NO_USABLE_KEY", "JWK_TYPE_REFUSED"),
    "jwk/3_3.rsa_public_key.json": ("OK", "NO_RESULT"),
    # The private members are none that ward reads.
    "jwk/3_4.rsa_private_key.json": ("OK", "NO_RESULT"),
    "jwk/3_5.symmetric_key_mac_computation.json": ("JWKS_NO_USABLE_KEY", "JWK_TYPE_REFUSED"),
    "jwk/3_6.symmetric_key_encryption.json": ("JWKS_NO_USABLE_KEY", "JWK_TYPE_REFUSED"),
}

# JSON serialisations are not compact tokens; their dots, and those in a kid, decide what they look like instead.
NOT_COMPACT = {"json": "TOKEN_OPAQUE", "json_flat": "TOKEN_OPAQUE"}

NO_KEY = ("JWKS_NO_USABLE_KEY", "JWK_TYPE_REFUSED")
FOR_ENCRYPTION = ("JWKS_NO_USABLE_KEY", "JWK_USE_REFUSED")
RSA_KEY = ("OK", "NO_RESULT")
OTHER = {"compact": "ALGORITHM_REFUSED", **NOT_COMPACT}
ENCRYPTED = {"compact": "TOKEN_ENCRYPTED", **NOT_COMPACT}

# Examples with keys and outputs: what a set of the keys is, and each output while a usable key of that kid is there.
# A file may hold two, one in the other: then the part's name follows.
EXAMPLES = {
    "jws/4_1.rsa_v15_signature.json": (RSA_KEY, {"compact": "OK", **NOT_COMPACT}),
    "jws/4_2.rsa-pss_signature.json": (RSA_KEY, OTHER),
    "jws/4_3.ecdsa_signature.json": (NO_KEY, OTHER),
    "jws/4_4.hmac-sha2_integrity_protection.json": (NO_KEY, OTHER),
    "jws/4_5.signature_with_detached_content.json": (NO_KEY, OTHER),
    "jws/4_6.protecting_specific_header_fields.json": (NO_KEY, NOT_COMPACT),
    "jws/4_7.protecting_content_only.json": (NO_KEY, NOT_COMPACT),
    "jws/4_8.multiple_signatures.json": (("OK", "JWK_TYPE_REFUSED"), {"json": "TOKEN_ENCRYPTED"}),
    "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json": (FOR_ENCRYPTION, ENCRYPTED),
    "jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json": (FOR_ENCRYPTION, ENCRYPTED),
    # The key is a password, so there is no key set.
    "jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json": (None, ENCRYPTED),
    "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json": (NO_KEY, ENCRYPTED),
    "jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json": (NO_KEY, ENCRYPTED),
    "jwe/5_6.direct_encryption_using_aes-gcm.json": (NO_KEY, ENCRYPTED),
    "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2.json": (NO_KEY, ENCRYPTED),
    "jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json": (NO_KEY, ENCRYPTED),
    "jwe/5_9.compressed_content.json": (NO_KEY, ENCRYPTED),
    "jwe/5_10.including_additional_authentication_data.json": (NO_KEY, NOT_COMPACT),
    "jwe/5_11.protecting_specific_header_fields.json": (NO_KEY, NOT_COMPACT),
    "jwe/5_12.protecting_content_only.json": (NO_KEY, NOT_COMPACT),
    "jwe/5_13.encrypting_to_multiple_recipients.json": (NO_KEY, {"json": "TOKEN_ENCRYPTED"}),
    "6.nesting_signatures_and_encryption.json sign": (RSA_KEY, {"compact": "ALGORITHM_REFUSED"}),
    "6.nesting_signatures_and_encryption.json encrypt": (FOR_ENCRYPTION, ENCRYPTED),
    "curve25519/jws.json": (NO_KEY, OTHER),
    "curve25519/ecdh-es.json": (NO_KEY, ENCRYPTED),
    # Three dots with the one in the payload "$.02".
    "rfc7797/4.2.hmac-sha2_b64_false.json": (NO_KEY, {"json": "TOKEN_MALFORMED", "json_flat": "TOKEN_MALFORMED"}),
    "rfc7797/hmac-sha2_b64_false.json": (NO_KEY, OTHER),
}

RS256 = FOLDER + "jws/4_1.rsa_v15_signature.json"
SEVERAL = FOLDER + "jws/4_8.multiple_signatures.json"
UNPROTECTED = FOLDER + "jws/4_7.protecting_content_only.json"
UNENCODED = FOLDER + "rfc7797/hmac-sha2_b64_false.json"
UNENCODED_DOT = FOLDER + "rfc7797/4.2.hmac-sha2_b64_false.json"

suite = Suite()
runner = suite.runner


def status_of(keys, token):
    return runner.ask("jws", key_set(*keys), token.encode())[0]


def expect(what, status, expected):
    return [] if status == expected else [f"{what} is {status}, not {expected}"]


def key(name, expected):
    jwk = read_json(FOLDER + name)
    answer = runner.ask("jwks", key_set(jwk))
    yield from expect("the set", answer[0], expected[0])
    yield from expect("the key", answer[4], expected[1])
    yield from expect("the key without a set", runner.ask("jwks", json.dumps(jwk).encode())[0], "JWKS_MALFORMED")


def keys_of(example):
    keys = example["input"].get("key", [])
    return [jwk for jwk in (keys if isinstance(keys, list) else [keys]) if isinstance(jwk, dict)]


def example_of(name):
    path, _, part = name.partition(" ")
    example = read_json(FOLDER + path)
    return example[part] if part else example


def outputs(name, keys_expected, forms):
    example = example_of(name)
    keys = keys_of(example)
    if keys_expected is not None:
        answer = runner.ask("jwks", key_set(*keys))
        yield from expect("the set", answer[0], keys_expected[0])
        yield from expect("the last key that was skipped", answer[4], keys_expected[1])
    if keys_expected is None or keys_expected[0] != "OK":
        keys = [some_key(**({"kid": keys[0]["kid"]} if keys and "kid" in keys[0] else {}))]
    if set(forms) != set(example["output"]):
        yield f"the outputs are {sorted(example['output'])}"
    for form, expected in forms.items():
        output = example["output"].get(form, "")
        token = output if isinstance(output, str) else json.dumps(output, separators=(",", ":"))
        yield from expect(form, status_of(keys, token), expected)


def rs256_signature():
    example = read_json(RS256)
    keys, token = keys_of(example), example["output"]["compact"]
    header, payload, signature = token.split(".")
    answer = runner.ask("jws", key_set(*keys), token.encode())
    if answer[0] != "OK" or bytes.fromhex(answer[1]).decode() != example["input"]["payload"]:
        yield f"the example is {answer}"
    private = read_json(FOLDER + "jwk/3_4.rsa_private_key.json")
    yield from expect("under the same key with its private half", status_of([private], token), "OK")
    yield from expect("detached", status_of(keys, f"{header}..{signature}"), "SIGNATURE_INVALID")
    yield from expect("cut", status_of(keys, token[:-2]), "SIGNATURE_LENGTH")
    yield from expect("unsigned", status_of(keys, f"{header}.{payload}."), "SIGNATURE_LENGTH")
    yield from expect("under another key", status_of([some_key(kid=keys[0]["kid"])], token), "SIGNATURE_INVALID")
    yield from expect("under a key of another kid", status_of([some_key(kid="x")], token), "KEY_UNKNOWN")


def several_signatures():
    """Each signature as a compact token of its own. The kid of the RS256 one stands in the unprotected header, and all
    of the ES512 one's header does."""
    example = read_json(SEVERAL)
    keys, output = keys_of(example), example["output"]["json"]
    expected = {"RS256": "OK", "ES512": "JSON_MALFORMED", "HS256": "ALGORITHM_REFUSED"}
    seen = {}
    for one in output["signatures"]:
        protected = one.get("protected", "")
        token = f"{protected}.{output['payload']}.{one['signature']}"
        algorithm = json.loads(from_base64url(protected) or b"{}").get("alg") or one["header"]["alg"]
        seen[algorithm] = status_of(keys, token)
        if algorithm == "RS256":
            yield from expect("without kid under two keys", status_of([*keys, some_key(kid="x")], token), "KID_MISSING")
    if seen != expected:
        yield f"the signatures are {seen}"


def unprotected_header():
    flat = read_json(UNPROTECTED)["output"]["json_flat"]
    token = f".{flat['payload']}.{flat['signature']}"
    yield from expect("without a protected header", status_of([some_key()], token), "JSON_MALFORMED")


def unencoded_payload():
    """RFC 7797 changes what is signed. Its examples are HS256; with RS256 in place of that, `b64` is what refuses."""
    header, payload, signature = read_json(UNENCODED)["output"]["compact"].split(".")
    members = {**json.loads(from_base64url(header)), "alg": "RS256"}
    for names in (("alg", "b64", "crit"), ("alg", "b64"), ("alg", "crit")):
        written = base64url(json.dumps({name: members[name] for name in names}).encode())
        status = status_of([some_key()], f"{written}.{payload}.{signature}")
        yield from expect(f"a header of {', '.join(names)}", status, "HEADER_MEMBER_REFUSED")
    flat = read_json(UNENCODED_DOT)["output"]["json_flat"]
    token = f"{flat['protected']}.{flat['payload']}.{flat['signature']}"
    yield from expect("a payload with a dot", status_of([some_key()], token), "TOKEN_MALFORMED")


def main():
    for name, expected in KEYS.items():
        suite.test(f"{name}: {expected[0]}", key, name, expected)
    for name, (keys_expected, forms) in EXAMPLES.items():
        suite.test(f"{name}: {', '.join(f'{form} {status}' for form, status in forms.items())}", outputs, name,
                   keys_expected, forms)
    suite.test("the RS256 example, whole and spoilt", rs256_signature)
    suite.test("several signatures: only the RS256 one passes", several_signatures)
    suite.test("a header outside the signature is not a header", unprotected_header)
    suite.test("an unencoded payload is refused by its header", unencoded_payload)
    suite.summary(f"{len(KEYS)} keys, {len(EXAMPLES)} examples; {runner.asked} questions")
    suite.end()


main()
