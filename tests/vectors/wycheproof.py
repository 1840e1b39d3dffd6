#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wycheproof.py [RUNNER] [psa]: Wycheproof's verdicts on RS256 signatures, on tokens and on keys against ward's; `psa`
says which backend the runner has, where that has verdicts of its own."""
import collections
import json
import sys

from suite import Suite, base64url, from_base64url, key_set, read_json, some_key

TOKENS = "wycheproof/json_web_signature_test.json"
RS256_CASES = "wycheproof/wycheproof_rs256_index.json"
KEYS = "wycheproof/json_web_key_test.json"
SIGNATURES = {bits: f"wycheproof/rsa_signature_{bits}_sha256_test.json" for bits in (2048, 4096)}

MISSING_NULL = "acceptable to Wycheproof; ward compares the one block that RFC 8017 section 9.2 has, with its NULL"
EXPONENT = "a good signature, but ward's keys have the exponent 65537"

# Every verdict that is not Wycheproof's: file and case, ward's status, why.
EXPLAINED = {
    (KEYS, 7): ("OK", "a key with ROCA's fingerprint: ward does not judge how an issuer made its primes"),
    (SIGNATURES[2048], 8): ("SIGNATURE_INVALID", MISSING_NULL),
    (SIGNATURES[2048], 258): ("JWK_EXPONENT_REFUSED", EXPONENT),
    (SIGNATURES[2048], 259): ("JWK_EXPONENT_REFUSED", EXPONENT),
    (SIGNATURES[4096], 8): ("SIGNATURE_INVALID", MISSING_NULL),
}

# The same, where the backend is PSA's.
if sys.argv[2:] == ["psa"]:
    EXPLAINED[KEYS, 7] = ("CRYPTO_FAILED", "a key of 2049 bits: mbedTLS's PSA takes moduli of whole bytes only")

# Good tokens and keys of algorithms that ward does not have: refused whatever Wycheproof says of them.
OTHER_ALGORITHM = "valid, but of another algorithm than RS256"

# Tokens of keys for other algorithms that hold once their key is called an RS256 key: they are RS256 tokens.
RS256_IN_DISGUISE = {332}

suite = Suite()
runner = suite.runner
met = set()
counts = collections.defaultdict(collections.Counter)


def cases(name):
    vectors = read_json(name)
    found = [(group, case) for group in vectors["testGroups"] for case in group["tests"]]
    if not found or len(found) != vectors["numberOfTests"]:
        raise ValueError(f"{name} has {len(found)} cases and says {vectors['numberOfTests']}")
    return found


def rs256_cases():
    results = {case["tcId"]: case["result"] for case in read_json(RS256_CASES)}
    if set(results.values()) != {"valid", "invalid"}:
        raise ValueError(f"{RS256_CASES} has the results {set(results.values())}")
    return results


def key_of(group):
    return group.get("public") or group["private"]


def judge(name, case, status, result):
    """What is wrong about ward's status for a case whose result, by Wycheproof, is this; counts it if nothing is."""
    number = case["tcId"]
    if (name, number) in EXPLAINED:
        met.add((name, number))
        expected, why = EXPLAINED[name, number]
        if status != expected:
            return [f"{number} {case['comment']} is {status}, not {expected} as explained"]
        counts[name][why] += 1
        return []
    if result not in ("valid", "invalid") or (status == "OK") != (result == "valid"):
        return [f"{number} {case['comment']} is {status}, and to Wycheproof {result}"]
    counts[name]["as Wycheproof"] += 1
    return []


def rs256_tokens():
    results = rs256_cases()
    seen = set()
    for group, case in cases(TOKENS):
        if case["tcId"] not in results:
            continue
        seen.add(case["tcId"])
        answer = runner.ask("jws", key_set(key_of(group)), case["jws"].encode())
        yield from judge(TOKENS, case, answer[0], results[case["tcId"]])
        if results[case["tcId"]] != case["result"]:
            yield f"{case['tcId']}: the index says {results[case['tcId']]}, the file {case['result']}"
        if answer[0] == "OK" and bytes.fromhex(answer[1]) != from_base64url(case["jws"].split(".")[1]):
            yield f"{case['tcId']}: the payload is {answer[1]}"
    yield from (f"{number} is in the index only" for number in sorted(set(results) - seen))


def rs256_tokens_verified():
    """ward_verify() has the same verdicts; what it accepts by its signature, it refuses since it holds no claims."""
    results = rs256_cases()
    for group, case in cases(TOKENS):
        if case["tcId"] not in results:
            continue
        keys, token = key_set(key_of(group)), case["jws"].encode()
        stages = runner.ask("jws", keys, token)[0]
        status, fate = runner.ask("verify", keys, token)
        signed = stages == "OK" or stages.startswith("SIGNATURE_")
        if status != stages and not (stages == "OK" and status.startswith("JSON_")):
            yield f"{case['tcId']} is {status} by ward_verify() and {stages} by its stages"
        if fate != ("wiped" if signed else "kept"):
            yield f"{case['tcId']} is {status}: the token's buffer is {fate}"


def other_tokens():
    results = rs256_cases()
    for group, case in cases(TOKENS):
        if case["tcId"] in results:
            continue
        status = runner.ask("jws", key_set(key_of(group)), case["jws"].encode())[0]
        if status == "OK":
            yield f"{case['tcId']} {case['comment']} ({group['comment']}) is accepted"
        else:
            counts[TOKENS]["as Wycheproof" if case["result"] == "invalid" else OTHER_ALGORITHM] += 1


def disguised(key):
    """The same key, or one of the same kid, as a key that ward takes: what is left to refuse is the token."""
    if key["kty"] == "RSA":
        return {"kty": "RSA", "n": key["n"], "e": key["e"], "kid": key["kid"], "alg": "RS256", "use": "sig"}
    return some_key(kid=key["kid"])


def algorithm(token):
    """What the header says, as far as a strict reader gets."""
    try:
        segments = token.split(".")
        header = json.loads(from_base64url(segments[0]))
        strict = base64url(from_base64url(segments[0])) == segments[0]
        return header["alg"] if len(segments) == 3 and strict else None
    except (ValueError, KeyError):
        return None


def other_tokens_disguised():
    """The old attack on the algorithm: a token of another one, while the key set has an RS256 key for its kid."""
    results = rs256_cases()
    for group, case in cases(TOKENS):
        if case["tcId"] in results:
            continue
        status = runner.ask("jws", key_set(disguised(key_of(group))), case["jws"].encode())[0]
        if case["tcId"] in RS256_IN_DISGUISE:
            right = status == "OK" and algorithm(case["jws"]) == "RS256"
        elif algorithm(case["jws"]) is not None:
            right = status == "ALGORITHM_REFUSED"
        else:
            right = status.startswith(("TOKEN_", "JSON_"))
        if not right:
            yield f"{case['tcId']} {case['comment']} ({group['comment']}) is {status}"


def keys():
    for group, case in cases(KEYS):
        usable = any(key.get("alg") == "RS256" for key in key_of(group)["keys"])
        status = runner.ask("jws", json.dumps(key_of(group)).encode(), case["jws"].encode())[0]
        if case["result"] == "valid" and not usable and status == "JWKS_NO_USABLE_KEY":
            counts[KEYS][OTHER_ALGORITHM] += 1
        else:
            yield from judge(KEYS, case, status, case["result"])


def signatures(bits):
    name = SIGNATURES[bits]
    for group, case in cases(name):
        modulus, exponent = (bytes.fromhex(group["publicKey"][part]) for part in ("modulus", "publicExponent"))
        message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
        statuses = []
        for n in (modulus, modulus.lstrip(b"\0")):
            key = {"kty": "RSA", "alg": "RS256", "n": base64url(n), "e": base64url(exponent)}
            statuses.append(runner.ask("rs256", key_set(key), message, signature)[0])
        yield from judge(name, case, statuses[0], case["result"])
        if statuses[0] != statuses[1]:
            yield f"{case['tcId']} is {statuses[0]} with a zero before the modulus, {statuses[1]} without"


def all_met():
    for name in (TOKENS, RS256_CASES, KEYS, *SIGNATURES.values()):
        read_json(name)
    yield from (f"{name} {number} was not met" for name, number in sorted(set(EXPLAINED) - met))


def main():
    suite.test("tokens: RS256 cases have Wycheproof's verdict up to the payload", rs256_tokens)
    suite.test("tokens: ward_verify() judges RS256 cases as its stages do and wipes what had a key",
               rs256_tokens_verified)
    suite.test("tokens: cases of other algorithms are refused", other_tokens)
    suite.test("tokens: cases of other algorithms are refused while an RS256 key has their kid",
               other_tokens_disguised)
    suite.test("keys: cases have Wycheproof's verdict or an explained one", keys)
    for bits in SIGNATURES:
        suite.test(f"signatures, {bits} bits: cases have Wycheproof's verdict or an explained one", signatures, bits)
    suite.test("every explained verdict was met", all_met)
    for name, reasons in counts.items():
        for why, count in sorted(reasons.items(), key=lambda item: -item[1]):
            suite.note(f"{name.split('/')[1]}: {count} {why}")
    ours = sum(reasons["as Wycheproof"] for reasons in counts.values())
    total = sum(sum(reasons.values()) for reasons in counts.values())
    suite.summary(f"{total} verdicts: {ours} as Wycheproof, {total - ours} explained; {runner.asked} questions")
    suite.end()


main()
