# SPDX-License-Identifier: Apache-2.0
"""Seeds for the fuzz targets: tokens and key sets as issuers make them, signed with the tests' keys. Made again for each
run; the options at the end of each are those of the targets (see their first comment)."""
import base64
import json
import pathlib
import re
import subprocess

KEYS = pathlib.Path(__file__).resolve().parent.parent / "keys"

ISSUER = "https://dev-4fszoklachwdh46m.us.auth0.com/"
AUDIENCE = "https://api.theholefoundation.org"
NOW = 1767225600
CLIENT = "k2bXJ0c3VpdGUgY2xpZW50"

USER = {"iss": ISSUER, "sub": "auth0|65f0c0ffee", "aud": [AUDIENCE, ISSUER + "userinfo"], "iat": NOW, "exp": NOW + 86400,
        "azp": CLIENT, "scope": "read:foia write:foia", "permissions": ["read:foia", "write:foia"]}
MACHINE = {"iss": ISSUER, "sub": "machine@clients", "aud": AUDIENCE, "iat": NOW, "exp": NOW + 86400, "azp": "machine",
           "gty": "client-credentials"}
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "a"}

# Bits of tests/fuzz/fuzz_token.c.
BUILT, SUBJECT_OPTIONAL, KID_OPTIONAL, AUDIENCE_ABSENT, TYPE_DEMANDED = 1, 2, 4, 8, 16
MAX_LIFETIME, MAX_AGE, CLIENTS, SCOPE_CLAIM, NO_LEEWAY, ONE_KEY = 32, 64, 128, 256, 512, 1024
CLOCK_FLOOR, CLAIM_RULE, A_DAY_LATER, ISSUED_AHEAD = 2048, 4096, 8192, 16384


def without(claims, *names):
    return {name: value for name, value in claims.items() if name not in names}


# Header, payload, options. The payload is a text where JSON's own writer would not write it so.
TOKENS = [
    (HEADER, USER, 0),
    (HEADER, MACHINE, CLIENTS),
    ({**HEADER, "typ": "at+jwt"}, {**without(USER, "azp"), "client_id": CLIENT, "jti": "x"}, TYPE_DEMANDED | CLIENTS),
    (without(HEADER, "kid", "typ"), {**USER, "sub": "anon@1"}, KID_OPTIONAL | ONE_KEY),
    ({**HEADER, "kid": "b"}, {**USER, "nbf": NOW, "iat": NOW + 0.5}, MAX_LIFETIME | MAX_AGE),
    ({**HEADER, "kid": "gone"}, USER, 0),
    ({**HEADER, "alg": "none"}, USER, 0),
    ({**HEADER, "crit": ["b64"], "b64": False}, USER, 0),
    (HEADER, without(USER, "sub", "azp"), SUBJECT_OPTIONAL),
    (HEADER, {**without(USER, "aud"), "token_use": "access"}, AUDIENCE_ABSENT | CLAIM_RULE),
    (HEADER, {**without(USER, "scope"), "scp": ["read:foia", "write:foia"]}, SCOPE_CLAIM | NO_LEEWAY),
    (HEADER, {**USER, "https://api.example/roles": ["admin"], "realm_access": {"roles": ["x", "y"], "n": [[], {}]}}, 0),
    (HEADER, {**USER, "t": True, "f": False, "z": None, "i": -(2 ** 53), "d": 1.25, "e": 1e300, "deep": [[[[[[]]]]]]}, 0),
    (HEADER, {**USER, "sub": "auth0|\u00e9\U0001d11e\"\\\u2028", "\u0000": "\u0000"}, 0),
    (HEADER, {**USER, "cnf": {"jkt": "x"}}, 0),
    (HEADER, USER, CLOCK_FLOOR),
    (HEADER, USER, A_DAY_LATER | NO_LEEWAY),
    *((HEADER, {**USER, "exp": exp}, 0) for exp in (2 ** 53, 2 ** 53 + 1, 2 ** 64 + NOW, NOW + 1.5, -1, 1e99, "1", True)),
    *((HEADER, {**USER, name: NOW + 61.5}, 0) for name in ("nbf", "iat")),
    (HEADER, {**USER, "sub": "\u0000"}, 0),
    (HEADER, {**MACHINE, "sub": "machine@client"}, 0),
    (HEADER, {**USER, "aud": [AUDIENCE, 1]}, 0),
    (HEADER, {**USER, "scope": ["read:foia", "\u0000"]}, 0),
    (HEADER, {**USER, "client_id": "x"}, 0),
    (HEADER, {**USER, "client_id": "machine"}, CLIENTS),
    (HEADER, {**USER, "iat": NOW + 9999}, ISSUED_AHEAD),
    *((HEADER, json.dumps(USER).replace(str(NOW + 86400), exp), 0) for exp in ("1.767312e+09", "17673120.00e2", "0.5E1",
    *"1e16", "0e999")),
    ({**HEADER, "zip": "DEF"}, USER, 0),
    (HEADER, '{"a":1,"\\u0061":2}', 0),
    (HEADER, "[]", 0),
]

TEXTS = [
    *(json.dumps(payload) for _, payload, _ in TOKENS if isinstance(payload, dict)), json.dumps(USER, indent=1),
    '{"a":{"b":1,"b":2}}', '"\\ud834\\udd1e\\u0000\\n"', '"\U0001d11e\u00e9\u20ac"', "[]", "{}",
    "-0.5e+10", "[[[[[[[[]]]]]]]]", "[[[[[[[[[]]]]]]]]]", "[1,2,,3]", '{"a":1,}', "tru", '"\\ud800"', "[1] 2",
    "[" + ",".join("0" * 40) + "]",
]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def compact(value):
    return (value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))).encode()


def sign(key, data):
    return subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEYS / f"{key}.pem"], input=data, check=True,
                          capture_output=True).stdout


def token(header, payload):
    signed = base64url(compact(header)) + b"." + base64url(compact(payload))
    return signed + b"." + base64url(sign(header.get("kid") if header.get("kid") == "b" else "a", signed))


def token_seeds():
    """Each token as it is on the wire, and as the parts of which the target builds it."""
    for header, payload, options in TOKENS:
        yield token(header, payload) + options.to_bytes(2, "little")
        yield compact(header) + b"\xff" + compact(payload) + b"\xff" + (options | BUILT).to_bytes(2, "little")
    wire = token(HEADER, USER)
    for spoilt in (wire[:-4], wire.replace(b".", b"..", 1), wire + b"=", b"a.b.c.d.e", b"opaque", b""):
        yield spoilt + b"\0\0"


def modulus(key):
    output = subprocess.run(["openssl", "rsa", "-in", KEYS / f"{key}.pem", "-noout", "-modulus"], check=True,
                            capture_output=True, text=True).stdout
    return bytes.fromhex(re.search(r"=([0-9A-F]+)", output).group(1))


def jwk(key, **members):
    return {"kty": "RSA", "use": "sig", "n": base64url(modulus(key)).decode(), "e": "AQAB", "kid": key, "alg": "RS256",
            **members}


def jwks_seeds():
    a, b = jwk("a", x5t="x", x5c=["MIID"]), jwk("b")
    sets = [
        {"keys": [a, b]},
        {"keys": [jwk("m"), jwk("l"), jwk("odd"), jwk("short"), jwk("exponent3", e="Aw")]},
        {"keys": [{"kty": "EC", "kid": "e"}, {**a, "use": "enc"}, {**a, "key_ops": ["sign", "verify"]}, b], "other": [1]},
        {"keys": [a, a, {**b, "kid": "a"}]},
        {"keys": [a, {**b, "kid": "a"}, {**b, "e": "AAEAAQ"}, a, jwk("m", kid="a")]},
        {"keys": [{**one, "kid": f"k{i}"} for i in range(9) for one in (a, b)] + [{**a, "kid": "k0"}, b]},
        {"keys": [without(a, "kid"), without(b, "kid", "use", "alg")]},
        {"keys": [{**a, "n": "AA" + a["n"]}, {**b, "kid": "\u00e9\U0001d11e"}, {**a, "kid": "x" * 129}]},
        {"keys": [{**a, "kid": f"k{i}"} for i in range(17)] + [b]},
        {"keys": []},
        {"keys": [{"kty": "RSA", "n": "", "e": "AQAB"}]},
    ]
    for options, one in enumerate(sets):
        yield compact(one) + bytes([1, 7, 0, 64, options % 4])
    yield compact(sets[0])[:-30] + bytes([1, 1, 1, 1, 0])
    yield b'{"keys":[{"kty":"RSA","kty":"RSA"}]}' + bytes([3, 3, 3, 3, 3])


def json_seeds():
    for text in TEXTS:
        yield text.encode() + b"\xff"
        yield text.encode() + b"\x03"


# Bits of tests/fuzz/fuzz_request.c.
PROTECTED, HIDDEN, CORS, NO_CLOCK, PIECE = 1, 2, 4, 8, 16

ORIGIN = b"https://app.theholefoundation.org"

# Where a good token leads, and targets and credentials that lead nowhere.
PLACES = [(b"GET", b"/api/foia/7"), (b"HEAD", b"/api/foia"), (b"POST", b"/api/foia/"), (b"GET", b"/api/foia/admin/x?y=z"),
          (b"GET", b"/me"), (b"PUT", b"/api/sensor/1")]
STRANGE = [b"/", b"*", b"//api/foia", b"/api/../api/foia", b"/api/foia/.", b"/api/foia/%2e%2E", b"/api/foia/%2f",
           b"/api/fo%69a", b"/m%65", b"/api/foia/%61dmin", b"/api/foia/%41%c3%a4", b"/api/foia;x", b"/api/foia/adminx",
           b"/api/foia#x", b"/API/foia", b"/nothing", b"http://device/me", b"HTTPS://[::1]:443/me?x", b"http://device",
           b"http://a@device/me", b"device:443", b"/api/foia/%5c", b"/api/foia/%00", b"/api/foia/%",
           b"/api/foia/" + b"a" * 510]
CREDENTIALS = [b"Bearer", b"Bearer ", b"bearer x", b"Bearer a.b.c", b"Bearer x, Bearer y", b"Bearer\tx", b"Basic eDp5", b"", b"Bearer x\r\n y",
               b"Bearer x\r\nAuthorization: Bearer y"]


# Heads and bodies of requests, some of which servers have been known to end at different places.
DEVICE, CHUNKS = b"Host: device", b"2\r\n{}\r\n0\r\n\r\n"
REQUEST_FRAMINGS = [((DEVICE, b"Transfer-Encoding: "), CHUNKS),
                    ((DEVICE, b"Transfer-Encoding: chunked", b"Transfer-Encoding:"), CHUNKS),
                    ((DEVICE, b"Transfer-Encoding: gzip, chunked"), CHUNKS),
                    ((DEVICE, b"Transfer-Encoding: chunked,"), CHUNKS),
                    ((DEVICE, b"Transfer-Encoding: chunked", b"Content-Length: 2"), CHUNKS),
                    ((DEVICE, b"Content-Length:"), b"{}"),
                    ((DEVICE, b"Content-Length: 2", b"Content-Length: 2"), b"{}"),
                    ((DEVICE, b"Content-Length: 2", b"Expect: 100-continue"), b"{}"),
                    ((DEVICE, b"Content-Length: 2", b"Expect: 100-continue, x"), b"{}"), ((DEVICE, b": x"), b""),
                    ((DEVICE, DEVICE), b""), ((b"X: y",), b""), ((b"Host: [::1]:443",), b""),
                    ((b"Host: [::1%25x]",), b""), ((b"Host: a b/c",), b""), ((b"Host: d%41:", b"X: a\rb"), b""),
                    ((DEVICE, b"Transfer-Encoding: chunked"), b"2;x\n{}\r\n0\r\n\r\n"),
                    ((DEVICE, b"Transfer-Encoding: chunked"), b"2\r\n{}\r\n0\r\nX: y\n\r\n"),
                    ((DEVICE, b"X: y\n z"), b"")]


def request(method, target, *headers, body=b""):
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", b"Host: device", *headers, b"", body])


def request_seeds():
    """Requests that are granted, and those that must not be."""
    tokens = [token(HEADER, {**USER, "scope": scope}) for scope in ("read:foia write:foia", "read:foia", "write:foiax read:foi", ["write:foia"])]
    bearers = [b"Authorization: Bearer " + one for one in tokens]
    for number, (method, target) in enumerate(PLACES):
        for bearer in bearers:
            yield request(method, target, bearer) + bytes([PROTECTED | PIECE * (number % 16)])
        yield request(method, target, bearers[0]) + b"\0"
        yield request(method, target) + bytes([PROTECTED | HIDDEN])
    for target in (b"/health", b"/api/version"):
        for options in (0, PROTECTED, PROTECTED | HIDDEN):
            yield request(b"GET", target) + bytes([options])
    for target in STRANGE:
        yield request(b"GET", target, bearers[0]) + bytes([PROTECTED])
        yield request(b"DELETE", target, bearers[0]) + bytes([PROTECTED | HIDDEN])
    for credential in CREDENTIALS:
        yield request(b"GET", b"/me", b"Authorization: " + credential) + bytes([PROTECTED])
    yield request(b"GET", b"/me", bearers[0]) + bytes([PROTECTED | NO_CLOCK])
    yield from cors_and_body_seeds(bearers[0])
    yield from connection_seeds(bearers)


def cors_and_body_seeds(bearer):
    for origin, options in ((ORIGIN, CORS), (b"*", CORS), (b"https://evil.example", CORS), (ORIGIN, 0), (ORIGIN, CORS | HIDDEN)):
        yield request(b"OPTIONS", b"/api/foia/7", b"Origin: " + origin, b"Access-Control-Request-Method: POST") + bytes([PROTECTED | options])
    yield request(b"POST", b"/api/foia", bearer, b"Content-Length: 2", body=b"{}GET / HTTP/1.1\r\n\r\n") + bytes([PROTECTED])
    chunked = b"2;x=y\r\n{}\r\n0\r\n" + bearer + b"\r\n\r\n"
    yield request(b"POST", b"/api/foia", b"Transfer-Encoding: chunked", body=chunked) + bytes([PROTECTED])
    yield request(b"GET", b"/me", b"Connection: Upgrade", b"Upgrade: websocket", bearer) + bytes([PROTECTED])
    for head, body in REQUEST_FRAMINGS:
        one = b"\r\n".join([b"POST /api/foia HTTP/1.1", *head, bearer, b"", body])
        yield one + request(b"GET", b"/me", bearer) + bytes([PROTECTED])
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([PROTECTED])


def connection_seeds(bearers):
    """Several requests, one after the other."""
    get = [request(b"GET", b"/api/foia/7", bearer) for bearer in bearers] + [request(b"GET", b"/health"), request(b"GET", b"/me")]
    post = request(b"POST", b"/api/foia", bearers[0], b"Content-Length: 2", body=b"{}")
    chunked = request(b"POST", b"/api/foia", bearers[0], b"Transfer-Encoding: chunked", body=b"1;x=y\r\nx\r\n0\r\nX: y\r\n\r\n")
    closing = request(b"GET", b"/health", b"Connection: close")
    for options in (PROTECTED, PROTECTED | PIECE * 6, PROTECTED | PIECE * 15):
        yield get[0] + get[5] + get[1] + bytes([options])
        yield post + chunked + get[0] + bytes([options])
        yield b"\r\n" + get[4] + closing + get[0] + bytes([options])
        yield get[0] + b"x" + get[0] + bytes([options])
        yield request(b"POST", b"/me", b"Content-Length: 40", body=get[5]) + bytes([options])


# Bits of tests/fuzz/fuzz_response.c, and what each answer says.
CLEAN, IN_PLACE, ROOM = 1, 2, 4
BODY = b'{"keys":[]}'
LENGTH, CHUNKED = b"Content-Length: 11", b"Transfer-Encoding: chunked"
TIMES = [b"Date: Sun, 06 Nov 1994 08:49:37 GMT", b"Age: 3", b"Cache-Control: public, max-age=15", b"Retry-After: 120", b'ETag: W/"5f-1"']
STATUSES = [b"HTTP/1.1 " + status for status in (b"204 No Content", b"301 Moved", b"304 Not Modified", b"429 No", b"503 No", b"101 Switching", b"20 OK", b"200")]
FRAMINGS = [[LENGTH, CHUNKED], [CHUNKED, LENGTH], [LENGTH, LENGTH], [CHUNKED, CHUNKED], [b"Transfer-Encoding: gzip, chunked"], [b"Content-Length: 11 "],
            [b"Content-Length: 12"], [b"Content-Length: 65537"], [b"Content-Length: 18446744073709551616"], [b"Content-Length: 1, 1"], [b"Content-Length:"],
            [b"Content-Encoding: gzip", LENGTH], [b"Content-Encoding: identity", LENGTH], [b"X: " + b"a" * 300, LENGTH],
            [b"Cache-Control: max-age=5" + b" " * 300, LENGTH], [b"Transfer-Encoding: chunked\t"], [LENGTH, b" folded"], [b": x", LENGTH], [b"X : y", LENGTH]]


def response(*headers, body=BODY, status=b"HTTP/1.1 200 OK"):
    return b"\r\n".join([status, *headers, b"", body])


def response_seeds():
    """Answers that are taken, and those that must not be."""
    options = bytes([CLEAN | ROOM * 63, 255])
    chunks = b"5\r\n" + BODY[:5] + b"\r\n6;a=b\r\n" + BODY[5:] + b"\r\n0\r\n\r\n"
    trailed = b"b\r\n" + BODY + b"\r\n0\r\nRetry-After: 7\r\n\r\nHTTP/1.1 500 No\r\n\r\n"
    for end in (options, bytes([0, 0]), bytes([IN_PLACE, 6]), bytes([ROOM * 2, 3])):
        yield response(*TIMES, LENGTH) + end
        yield response(*TIMES, CHUNKED, body=chunks) + end
        yield response(CHUNKED, body=trailed) + end
        yield response() + end
    for status in STATUSES:
        yield response(*TIMES, LENGTH, status=status) + options
    for headers in FRAMINGS:
        yield response(*headers) + options
        yield response(*headers, body=chunks) + options
    for version in (b"1.0", b"0.9", b"1.2", b"2.0"):
        yield response(LENGTH, status=b"HTTP/" + version + b" 200 OK") + options
        yield response(CHUNKED, status=b"HTTP/" + version + b" 200 OK", body=chunks) + options
    yield response(*TIMES, LENGTH, status=b"HTTP/1.1 103 Early", body=b"") + response(CHUNKED, body=chunks) + options
    for size in (b"ffff", b"10001", b"ffffffffffffffff", b"10000000000000001", b"", b"x", b"0x1", b"1 "):
        yield response(CHUNKED, body=size + b"\r\n" + BODY) + options


# Bits of tests/fuzz/fuzz_record.c.
SEALED, COMPILED_KEYS, NEW_FIRMWARE, OTHER_ISSUER, OFFLINE, KEYS_ONLY = 1, 2, 4, 8, 16, 32
URL = ISSUER + ".well-known/jwks.json"


def section(tag, *parts):
    body = b"".join(parts)
    return tag.to_bytes(2, "big") + bytes([0, tag == 4]) + len(body).to_bytes(4, "big") + body


def number(value, size):
    return value.to_bytes(size, "big")


def stored_key(key, kid):
    n = modulus(key)
    return number(5 + len(kid) + len(n), 2) + bytes([1, 1]) + number(8 * len(n), 2) + number(len(kid), 1) + kid + n


def sections(*kept, version=1, url=URL, denials=2, authority=b"", cut=0):
    """Those of a record (src/state/record.h), the keys and the gate's among them."""
    issuer, url = ISSUER.encode(), url.encode()
    keys = section(3, number(version, 4), number(NOW - 60, 8), number(NOW - 90, 8), number(len(issuer), 2), issuer, number(len(url), 2), url, *kept)
    entries = b"".join(bytes([i] * 16) + number(NOW + i, 8) for i in range(denials))
    gate = section(4, bytes(32), number(NOW, 8), number(len(authority), 2), authority, entries[:len(entries) - cut])
    return section(1, number(NOW, 8)) + section(2, number(3, 4)) + keys + gate


def record_seeds():
    """Records as devices store them, with everything that a device may find in one."""
    a, b = stored_key("a", b"a"), stored_key("b", b"b")
    for options in (SEALED, SEALED | COMPILED_KEYS, SEALED | COMPILED_KEYS | NEW_FIRMWARE, SEALED | OTHER_ISSUER, SEALED | OFFLINE):
        yield sections(a, b) + bytes([options])
        yield sections(a, version=2) + bytes([options])
    yield sections() + bytes([SEALED])
    yield sections(a, url="") + bytes([SEALED | OFFLINE])
    yield sections(a, denials=70) + bytes([SEALED])
    yield sections(a, denials=16) + bytes([SEALED])
    # Half a denial, also after more of them than there are slots (found by fuzzing: rule and model did not agree).
    for denials in (1, 16, 17, 18):
        yield sections(a, denials=denials, cut=12) + bytes([SEALED])
    yield sections(a, authority=b"one") + bytes([SEALED])
    yield sections(a)[28:] + bytes([SEALED | KEYS_ONLY])
    yield sections(a)[:-5] + bytes([SEALED])
    yield section(9, b"later") + sections(a) + bytes([SEALED])
    yield b"ward" + number(2, 2) + number(0, 2) + number(7, 4) + number(len(sections(a)), 4) + sections(a) + bytes(32) + b"\0"
    yield b"\xff" * 100 + b"\0"
    yield b"\0"


# The actions of tests/fuzz/fuzz_keyring.c, below a parameter in the upper four bits.
(BEGIN, FEED, REST, GOOD_END, BAD_END, ASK, CHECK, STORE, PASS, CLOCK, TOUCH, REBOOT, NEXT, USED, LOOK, RUDE) = range(16)


def keyring_seeds():
    """A body, actions, and how many these are."""
    a, b = jwk("a"), jwk("b")
    fetch = [BEGIN, REST, GOOD_END]
    lives = [
        [NEXT, *fetch, NEXT, STORE, LOOK, PASS | 0x30, NEXT, *fetch],
        [BEGIN, FEED | 0x70, ASK | 0x10, FEED | 0xf0, LOOK, REST, GOOD_END, ASK | 0x10, ASK | 0x20, NEXT],
        [*fetch, CHECK, BEGIN, REST, GOOD_END, NEXT, PASS, CHECK, NEXT, BEGIN],
        [BEGIN, FEED | 0x20, BAD_END, NEXT, PASS | 0x20, NEXT, BEGIN, REST, BAD_END | 0x50, ASK, NEXT],
        [*fetch, STORE, REBOOT, LOOK, NEXT, CLOCK | 0x20, LOOK, NEXT, STORE | 0x10, REBOOT, NEXT],
        [CLOCK, BEGIN, REST, GOOD_END | 0x80, LOOK, BEGIN, REST, GOOD_END | 0x90, TOUCH, NEXT, TOUCH | 0x10, LOOK],
        [*fetch, USED, LOOK, USED | 0x10, LOOK, PASS | 0x70, LOOK, NEXT, RUDE, NEXT, RUDE | 0x10],
    ]
    for keys in ({"keys": [a, b]}, {"keys": [a]}, {"keys": [{**a, "kid": "b"}, b]}, {"keys": []}):
        for life in lives:
            yield compact(keys) + bytes(life) + bytes([len(life)])
    yield b"{" + bytes(lives[0]) + bytes([len(lives[0])])


def bundle_seeds():
    """Payloads, one after the other, as an operator with two keys signs them; the last byte says by which key each is."""
    def said(seq, *left_out, **more):
        usual = {"iss": "https://fleet.example/", "sub": ISSUER, "aud": "thermostats", "iat": NOW, "exp": NOW + 86400, "seq": seq,
                 "keys": [jwk("a")]}
        return compact(without({**usual, **more}, *left_out))
    deny = [{"sub": "auth0|x", "issued_until": NOW}, {"owner": "0" * 32, "issued_until": "always"}, {"everybody": True, "issued_until": 5}]
    lives = [[said(1), said(2, deny=deny), said(2, deny=deny), said(1)], [said(3, deny=deny), said(4, deny=[])],
             [said(1, deny=[{"sub": f"{number}", "issued_until": 1} for number in range(20)])], [said(1, keys=[]), said(1, "seq"), said(1, "iat")],
             [said(1, aud=["x", "thermostats"]), said(1, iss="x"), said(1, sub="x"), said(1, aud="x"), said(1, exp=NOW)],
             [said(1, iat=NOW + 900000000, exp=NOW + 900000001), said(2)], [b"{", b"[]", b'{"keys":[],"deny":{}}'],
             [said(1, deny=[{"sub": "a\u0000"}]), said(1, deny=[[]]), said(1, deny=[{"sub": "x", "issued_until": 1.5}])]]
    for number, life in enumerate(lives):
        for options in (0, 0b1010, number):
            yield b"\xff".join(life) + bytes([options])


# The words of each target's dictionary.
CLAIM_WORDS = ["iss", "sub", "aud", "exp", "nbf", "iat", "azp", "client_id", "scope", "scp", "permissions", "cnf",
               "token_use", "access", "@clients", "anon@", ISSUER, AUDIENCE, CLIENT, "machine", str(NOW), str(NOW + 86400),
               "alg", "RS256", "typ", "JWT", "at+jwt", "application/", "kid", "crit", "b64", "zip", "enc", "cty",
               "read:foia", "write:foia", "\\u0061", "9007199254740992"]
REQUEST_WORDS = ["Bearer ", "Authorization: ", "Origin: ", "Access-Control-Request-Method: ", ORIGIN.decode(),
                 "/api/foia", "/admin/", "/health", "/me", "/api/version", "/api/sensor/", "%2e", "%2f", "%5c", "%00",
                 "%61", "..", "//", ";", "OPTIONS", "Host: ", "[::1]", "Transfer-Encoding: ", "chunked",
                 "Content-Length: ", "Expect: ", "100-continue", "http://", "https://", "CONNECT ", "HTTP/1.0", " RTSP/1.1",
                 "\r\n", "\r\n\r\n", "0\r\n\r\n"]
RESPONSE_WORDS = ["HTTP/1.1 ", "HTTP/1.0 ", "200", "103", "Transfer-Encoding: ", "chunked", "Content-Length: ", "Content-Encoding: ", "identity", "gzip",
                  "Cache-Control: ", "max-age=", "Retry-After: ", "Age: ", "Date: ", "Sun, 06 Nov 1994 08:49:37 GMT", "\r\n", "\r\n\r\n",
                  "0\r\n\r\n", "ffffffff"]
KEY_WORDS = ["keys", "kty", "RSA", "use", "sig", "key_ops", "verify", "alg", "RS256", "n", "e", "AQAB", "kid", "x5c"]

def kernel_seeds():
    """A byte for the length, a modulus and a signature, least and most significant bytes first: ones, zeros, and by turns."""
    for length, size in ((0, 256), (1, 384), (2, 512), (3, 257)):
        for modulus in (b"\xff", b"\x00", b"\x01\x00\x00\x00\xff\xff\xff\xff"):
            for signature in (b"\x7f" + b"\xff" * (size - 1), b"\x00" * (size - 1) + b"\x02", b"\xff" * size):
                yield bytes([length]) + (modulus * size)[:size] + signature


SEEDS = {"fuzz_json": json_seeds, "fuzz_jwks": jwks_seeds, "fuzz_keys": jwks_seeds, "fuzz_token": token_seeds,
         "fuzz_claims": token_seeds, "fuzz_request": request_seeds, "fuzz_response": response_seeds,
         "fuzz_record": record_seeds, "fuzz_keyring": keyring_seeds, "fuzz_bundle": bundle_seeds, "fuzz_kernel": kernel_seeds}
WORDS = {"fuzz_json": ["\\ud834\\udd1e"], "fuzz_jwks": KEY_WORDS, "fuzz_keys": KEY_WORDS,
         "fuzz_token": CLAIM_WORDS, "fuzz_claims": CLAIM_WORDS, "fuzz_request": REQUEST_WORDS, "fuzz_response": RESPONSE_WORDS,
         "fuzz_record": ["ward", ISSUER, URL], "fuzz_keyring": KEY_WORDS, "fuzz_kernel": [],
         "fuzz_bundle": [*KEY_WORDS, "iss", "sub", "aud", "iat", "exp", "seq", "deny", "owner", "everybody", "issued_until", "always", ISSUER]}


def dictionary(target):
    words = (word.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\x0d").replace("\n", "\\x0a") for word in WORDS[target])
    return "".join(f'"{word}"\n' for word in words)
