/* SPDX-License-Identifier: Apache-2.0 */
/* Every result once more: its name and a sentence that says what is wrong and what can be done. No include guard: each
 * of the two files that include it defines RESULT first. A test holds the list against enum ward_code. */
RESULT(NO_RESULT, "no call has written a result here")
RESULT(OK, "success")

RESULT(TOKEN_EMPTY, "the token is empty")
RESULT(TOKEN_TOO_LONG, "the token is longer than WARD_MAX_TOKEN: raise it, or ask the issuer for fewer claims")
RESULT(TOKEN_OPAQUE, "the token has no dots, so it is not a JWT: ask the issuer for a token with this API's audience")
RESULT(TOKEN_ENCRYPTED, "the token is encrypted (JWE): set the API's token profile to signed tokens")
RESULT(TOKEN_MALFORMED, "the token does not have three segments with dots between: see that all of it was copied")
RESULT(TOKEN_NOT_BASE64URL,
       "a segment of the token is not strict base64url: look for a blank, a line end, a quote or padding (=)")
RESULT(JSON_MALFORMED, "the JSON breaks RFC 8259 or ends too early")
RESULT(JSON_NOT_UTF8, "the JSON holds bytes that are not UTF-8 or a lone surrogate")
RESULT(JSON_DUPLICATE_MEMBER, "an object in the JSON has the same member twice")
RESULT(JSON_TOO_DEEP, "the JSON is nested deeper than WARD_MAX_JSON_DEPTH: raise it")
RESULT(JSON_TOO_MANY_VALUES,
       "the JSON has more values than WARD_MAX_HEADER_VALUES (header) or WARD_MAX_JSON_VALUES (claims): raise it")
RESULT(JSON_NOT_OBJECT, "the JSON is not an object")
RESULT(JSON_BYTE_ORDER_MARK,
       "the JSON starts with a byte order mark or another such character: write it as UTF-8 without one")

RESULT(HEADER_TOO_LONG, "the token's header is longer than WARD_MAX_HEADER: raise it, or have x5c left out of it")
RESULT(ALGORITHM_MISSING, "the header has no alg")
RESULT(ALGORITHM_REFUSED, "the header's alg is not RS256: set the API's signing algorithm to RS256")
RESULT(HEADER_MEMBER_REFUSED,
       "the header has crit, b64, enc or cty, which change what is signed or what the payload is")
RESULT(TYPE_MISSING, "the header has no typ and one is demanded: leave type empty where the issuer writes none")
RESULT(TYPE_REFUSED,
       "the header's typ is not the one in type, or where that is empty neither JWT nor at+jwt: is it an access token")
RESULT(KID_MISSING, "the header has no kid, so the key is open: set kid_optional where the key set has exactly one key")
RESULT(KID_INVALID, "the header's kid is not a string of 1 to 128 bytes")
RESULT(KEY_UNKNOWN,
       "no usable key of the set has the header's kid: refresh the key set, or the token is another issuer's")
RESULT(KEYS_ABSENT, "there are no keys to check with")
RESULT(KEYS_STALE, "the keys were fetched too long ago: see why the key set cannot be fetched")
RESULT(KEY_REFRESH_PENDING, "no key has the header's kid yet: the key set is being refreshed")
RESULT(KEYS_LAST, "the issuer's next change of key leaves this device without one: provision newer keys")
RESULT(KEYS_CHANGED, "the issuer's keys have changed, and the new ones are in use")
RESULT(KEYS_LEFT_OUT,
       "the issuer has more keys than this device holds, so tokens of some may have to wait: raise WARD_MAX_KEYS")
RESULT(KEYS_UNDATED,
       "the device has no clock, and the answer's Date does not lie within its certificate's validity: set the clock")
RESULT(KEYS_HELD,
       "a check that has not ended keeps the keys from being refreshed: take all of its steps, or give it up (abort)")

RESULT(JWK_TYPE_REFUSED, "kty is not RSA")
RESULT(JWK_USE_REFUSED, "use is there and not sig: no null, leave it out or write sig")
RESULT(JWK_OPERATIONS_REFUSED,
       "key_ops is there and lacks verify: an empty list allows nothing, leave it out or add verify")
RESULT(JWK_ALGORITHM_REFUSED, "alg is there and not RS256: no null, leave it out or write RS256")
RESULT(JWK_MODULUS_INVALID, "n is missing, not base64url or even")
RESULT(JWK_MODULUS_TOO_SHORT, "n has fewer than 2048 bits")
RESULT(JWK_MODULUS_TOO_LONG, "n has more bits than WARD_MAX_RSA_BITS: raise it, to 4096 at most")
RESULT(JWK_EXPONENT_REFUSED, "e is not 65537")
RESULT(JWK_KID_INVALID, "kid is not a string or is empty")
RESULT(JWK_KID_TOO_LONG, "kid is longer than WARD_MAX_KID: raise it, to 128 at most")

RESULT(JWKS_MALFORMED, "the key set is not an object with an array of objects named keys")
RESULT(JWKS_DUPLICATE_MEMBER, "a member of the key set or of one of its keys stands there twice")
RESULT(JWKS_KID_CONFLICT, "no key of the set can be used: different keys have the same kid")
RESULT(JWKS_NO_USABLE_KEY, "no key of the set can verify RS256")
RESULT(JWKS_LIMIT_RSA_BITS, "no key of the set can be used: raise WARD_MAX_RSA_BITS")
RESULT(JWKS_LIMIT_KID, "no key of the set can be used: raise WARD_MAX_KID")

RESULT(SIGNATURE_LENGTH, "the signature is not as long as the key's modulus")
RESULT(SIGNATURE_INVALID, "the signature does not belong to this token and key")
RESULT(CRYPTO_FAILED, "the crypto backend could not do its work")

RESULT(ISSUER_MISSING, "the token has no iss")
RESULT(ISSUER_INVALID, "iss is not a string")
RESULT(ISSUER_REFUSED, "iss is not an expected issuer: compare the whole text, Auth0's end in a slash")
RESULT(AUDIENCE_MISSING,
       "the token has no aud: where the issuer writes none set audience_absent, with clients or claims")
RESULT(AUDIENCE_INVALID, "aud is neither a string nor an array of strings")
RESULT(AUDIENCE_REFUSED, "aud names no expected audience: ask the issuer for a token with one of audiences")
RESULT(EXPIRY_MISSING, "the token has no exp")
RESULT(EXPIRY_INVALID, "exp is not a number of seconds from 0 to 2^53")
RESULT(TOKEN_EXPIRED, "the token has expired: get a new one")
RESULT(NOT_BEFORE_INVALID, "nbf is not a number of seconds from 0 to 2^53")
RESULT(TOKEN_NOT_YET_VALID, "nbf lies in the future by more than leeway: check the clocks")
RESULT(ISSUED_MISSING, "the token has no iat, which max_lifetime and max_age need")
RESULT(ISSUED_INVALID, "iat is not a number of seconds from 0 to 2^53")
RESULT(ISSUED_IN_FUTURE, "iat lies in the future by more than leeway: check the clocks, or set issued_ahead")
RESULT(LIFETIME_TOO_LONG, "exp lies further after iat than max_lifetime")
RESULT(TOKEN_TOO_OLD, "iat lies further back than max_age and leeway")
RESULT(SUBJECT_MISSING, "the token has no sub: set subject_optional where the issuer writes none")
RESULT(SUBJECT_INVALID, "sub is not a string of 1 to 255 bytes without NUL")
RESULT(CLIENT_MISSING, "the token has neither client_id nor azp, and clients are listed")
RESULT(CLIENT_INVALID, "client_id or azp is not a string of 1 to 255 bytes without NUL")
RESULT(CLIENT_REFUSED, "client_id or azp, each that is there, is not one of clients")
RESULT(SCOPE_INVALID, "the claim of scope_claim is neither a string nor an array of strings, or holds NUL")
RESULT(CLAIM_MISSING, "a claim that claims demands is missing")
RESULT(CLAIM_INVALID, "a claim that claims demands is not a string")
RESULT(CLAIM_REFUSED, "a claim that claims demands has another value")
RESULT(SENDER_CONSTRAINED, "the token is bound to a key (cnf) that a plain bearer does not show")

RESULT(SCOPE_INSUFFICIENT, "the token's scopes are not sufficient")
RESULT(PATH_INVALID, "the path can be read in more than one way, or is too long")
RESULT(ROUTE_NOT_FOUND, "no route matches the path")
RESULT(METHOD_NOT_ALLOWED, "the route does not have this method")
RESULT(CHANNEL_UNPROTECTED, "the request came in clear: use https")
RESULT(CREDENTIAL_MISSING, "the request has no bearer token")
RESULT(CREDENTIAL_INVALID, "the Authorization header is malformed")
RESULT(CREDENTIALS_MULTIPLE, "the request has more than one Authorization header")
RESULT(SIGNATURE_BUDGET_SPENT, "too many signatures were checked: try again later")
RESULT(SUBJECT_BUDGET_SPENT, "the subject has made too many requests: try again later")
RESULT(SUBJECT_DENIED, "the subject or its token is on the deny list")
RESULT(PERMISSIONS_INVALID, "permissions is not an array of strings")
RESULT(PREFLIGHT, "a CORS preflight was answered")
RESULT(DENY_LIST_FULL, "the deny list is full: raise WARD_DENY_SLOTS or remove an entry")
RESULT(AUDIT_END, "no event of the audit is left to read: ask again later")
RESULT(DENIALS_NOT_HELD,
       "more denials are stored than this build holds: raise WARD_DENY_SLOTS, or drop them all with ward_deny_reset()")
RESULT(DENIALS_OF_OTHER,
       "the stored denials are of another authority: restore its name, or drop them all with ward_deny_reset()")
RESULT(DENIALS_DROPPED, "an operator has dropped all denials")
RESULT(POLICY_CHANGED, "the policy has changed while the request was under way: send it again")
RESULT(TARGET_INVALID, "the request target is neither a path nor an http or https URL, or its host is not valid")

RESULT(CLOCK_NOT_SET, "the clock is not set, so no token can be checked")
RESULT(BUFFER_TOO_SMALL, "the buffer is too small for the text")
RESULT(ENTROPY_MISSING, "there is no source of random bytes")
RESULT(NOT_PROVIDED, "the platform does not provide this")
RESULT(UNFINISHED, "the check has not come to its end: take its next step, or give it up")
RESULT(NOT_UNDER_WAY,
       "no check is under way here: begin one before its steps, and let no other use its workspace until it has ended")

RESULT(FETCH_URL,
       "the key set's URL cannot be fetched: it must be https://, a host, and a port that exists; no user, no fragment")
RESULT(FETCH_UNREACHABLE, "the issuer cannot be reached: check this device's network and routes")
RESULT(FETCH_CERTIFICATE, "the issuer's certificate is not from a trusted authority or is out of date")
RESULT(FETCH_HOST, "the issuer's certificate is for another host")
RESULT(FETCH_TIMED_OUT, "the issuer took too long to answer")
RESULT(FETCH_CUT_OFF, "the issuer's answer was cut off")
RESULT(FETCH_TOO_LONG, "the issuer's answer is too long")
RESULT(FETCH_HTTP_STATUS, "the issuer answered with another status than 200")
RESULT(FETCH_PROTOCOL, "the issuer's answer is not HTTP over TLS: check the URL's port and what stands between")
RESULT(FETCH_AUTHORITIES, "the trusted authorities cannot be read, or there are none")
RESULT(FETCH_MEMORY,
       "memory ran out before the issuer could be judged: give the fetch more, or have the issuer send a shorter chain")
RESULT(FETCH_NAME, "the issuer's name cannot be resolved: check the URL's host and the network's DNS")
RESULT(FETCH_REFUSED, "the issuer's host refuses the connection: check the URL's port, and whether its server runs")
RESULT(FETCH_NOTHING_SHARED, "the issuer's server has no TLS version, cipher suite or group that this device has: "
                             "allow it TLS 1.2 or 1.3, AES-128-GCM and P-256")
RESULT(FETCH_CERTIFICATE_UNREADABLE, "a certificate of the issuer cannot be read: broken, or with a critical extension "
                                     "or kind of key that this device does not know")
RESULT(FETCH_CODING,
       "the issuer's answer is compressed though that was not asked for: switch Content-Encoding off for the key set")
RESULT(FETCH_IPV6, "the URL's host is an IPv6 address and this device has IPv4 alone: use a name or an IPv4 address")
RESULT(FETCH_ALERT, "the issuer's server ended TLS by an alert: see its log, it may demand a client's certificate")
RESULT(FETCH_TLS_LIBRARY,
       "libcurl does not use the OpenSSL that this program is linked with: link the libcurl that does")
RESULT(FETCH_USER_AGENT, "user_agent: 1 to 64 printable characters are needed")

RESULT(RECORD_INVALID, "the slot holds no whole record")
RESULT(RECORD_MISMATCH, "the record is of another issuer, URL or version of the firmware's keys")
RESULT(RECORD_NOT_STORED, "the record could not be stored")
RESULT(RECORD_FALLBACK, "a slot of the record is damaged and the other one is in use")
RESULT(RECORD_ABSENT, "nothing was ever stored in the slot")
RESULT(RECORD_STORE, "the place of the records cannot be opened, or another program has it")
RESULT(RECORD_NEWER, "the record is of a later build: install that build, or erase both slots")
RESULT(RECORD_UNREADABLE, "the record cannot be read: start again, and look at the storage if that does not help")
RESULT(RECORD_KEYS_LEFT_OUT,
       "some of the stored keys do not fit: raise WARD_MAX_KEYS, WARD_MAX_RSA_BITS or WARD_MAX_KID")
RESULT(RECORD_UNFINISHED, "the first record was never finished: nothing is stored yet")

RESULT(SELFTEST_DIGEST, "crypto: SHA-256 gives a wrong digest")
RESULT(SELFTEST_SIGNATURE, "crypto: a good signature is refused or a bad one accepted")
RESULT(SELFTEST_UPTIME, "uptime: missing or running backwards")
RESULT(SELFTEST_CLOCK, "clock: set to a time before the firmware was built")
RESULT(SELFTEST_ENTROPY, "entropy: failing or giving the same bytes twice")
RESULT(SELFTEST_RECORD, "record_read, record_write: one of them is missing, or a slot cannot be read")
RESULT(SELFTEST_FETCH, "fetch_begin, fetch_read, fetch_end: all three are needed or none")

RESULT(EXPECT_ISSUERS, "issuers: 1 to 4 are needed, each of 1 to 255 bytes")
RESULT(EXPECT_AUDIENCES, "audiences: 1 to 4 are needed, each of 1 to 255 bytes")
RESULT(EXPECT_AUDIENCE_ABSENT, "audience_absent: only without audiences, and only with clients or claims")
RESULT(EXPECT_CLIENTS, "clients: at most 16, each of 1 to 255 bytes")
RESULT(EXPECT_CLAIMS, "claims: at most 8, each with a name and a value")
RESULT(EXPECT_LEEWAY, "leeway: at most 300 seconds")
RESULT(EXPECT_MAX_LIFETIME, "max_lifetime: at most ten years of seconds")
RESULT(EXPECT_MAX_AGE, "max_age: at most ten years of seconds")
RESULT(EXPECT_SCOPE_CLAIM, "scope_claim: at most 64 bytes")
RESULT(EXPECT_TYPE, "type: at most 64 bytes")
RESULT(SCOPE_EXPRESSION,
       "the scope expression is empty, has an empty alternative, a space too many or a character that no scope has")
RESULT(EXPECT_AUTHORITY, "authority: at most 255 bytes")
RESULT(ROUTE_METHODS, "methods: at least one, and no other bits than methods and marks")
RESULT(ROUTE_PATTERN, "pattern: begins with /, has no escape, and * only as its last segment")
RESULT(ROUTE_SCOPES, "scopes: an expression, or none with WARD_PUBLIC or WARD_AUTHENTICATED")
RESULT(ROUTE_DUPLICATE, "a row before has the same pattern and method")
RESULT(SCOPE_EXPRESSION_LONG,
       "the scope expression has more than 32 scopes or 4096 bytes: give the route fewer alternatives")
RESULT(POLICY_EXPECT, "expect: missing")
RESULT(POLICY_SIGNATURE_RATE, "signature_rate: at most 1000 a second, and a burst that refills within a day")
RESULT(POLICY_PEER_RATE, "signature_rate_per_peer: at most 1000 a second, and a burst that refills within a day")
RESULT(POLICY_SUBJECT_RATE, "subject: at most 1000 a second, and a burst that refills within a day")
RESULT(POLICY_SCOPES_FROM, "scopes_from: unknown")
RESULT(POLICY_REALM, "realm: at most 64 printable characters without quote and backslash")
RESULT(POLICY_ORIGINS, "origins: at most 8, each of 1 to 255 printable characters")
RESULT(POLICY_SIGNATURE_RESERVE, "signature_reserve: at most 1000 a second, and a burst that refills within a day")
RESULT(POLICY_RESOURCE_METADATA,
       "resource_metadata: https:// and at most 255 printable characters without quote and backslash")
#if WARD_MAX_BUNDLE > 0
RESULT(GATE_BUNDLES, "expect: that of the policy and that of the keyring's bundles must be the same object")
#endif
RESULT(GATE_HOOKS, "hooks: those of the gate and of its keyring must be the same")
RESULT(KEYRING_ISSUER, "issuer: 1 to 255 bytes are needed")
RESULT(KEYRING_URL, "url: https and at most 255 printable characters, or none together with compiled keys or bundles")
RESULT(KEYRING_BUILD_TIME, "build_time: a time from 2024 to 2099 is needed")
RESULT(KEYRING_COOLDOWN, "cooldown: at most 3600 seconds")
RESULT(KEYRING_MAX_STALE, "max_stale: one hour to 90 days, in seconds")
RESULT(KEYRING_BUNDLES, "bundles: WARD_MAX_BUNDLE above 0, names of 1 to 255 bytes, expect, one or two keys with a "
                        "kid, none of them compiled")

#if WARD_MAX_BUNDLE > 0
RESULT(BUNDLE_TAKEN, "a bundle of the operator is in force")
#endif
RESULT(BUNDLE_NOT_CONFIGURED, "this firmware takes no bundles: give its keyring an operator in bundles")
#if WARD_MAX_BUNDLE > 0
RESULT(BUNDLE_TOO_LONG, "the bundle is longer than WARD_MAX_BUNDLE: raise it, or leave x5c out of its keys")
RESULT(BUNDLE_BUSY, "a fetch is under way or a check uses the old keys: give the bundle again in a moment")
RESULT(BUNDLE_SIGNER, "no operator key of this firmware has the bundle's kid: sign with a key that is compiled in")
RESULT(BUNDLE_OPERATOR, "the bundle's iss is another operator than operator_name")
RESULT(BUNDLE_FLEET, "the bundle's aud does not name this fleet")
RESULT(BUNDLE_ISSUER, "the bundle's sub is another issuer than the keyring's: compare the whole text")
RESULT(BUNDLE_EXPIRED, "the bundle has expired: make a new one")
RESULT(BUNDLE_SEQUENCE_INVALID, "the bundle's seq is missing or not a whole number of 1 to 2^53")
RESULT(BUNDLE_OLDER, "the bundle's seq is not above the last one of its key: count it up for each bundle")
RESULT(BUNDLE_CHANGED, "the bundle in force has the same seq and other content: count seq up for each bundle")
RESULT(BUNDLE_EARLIER, "the bundle's iat is before that of the bundle in force, which another operator key has signed")
RESULT(BUNDLE_DENIALS_INVALID,
       "deny is not an array of {sub, owner or everybody, and issued_until: seconds since 1970 or always}")
RESULT(BUNDLE_DENIALS_FULL, "the bundle denies more than the device holds: raise WARD_DENY_SLOTS, or use everybody")
RESULT(BUNDLE_OPERATOR_KEY,
       "a key of the set is an operator's, which must never verify tokens: give the issuer its own")
#endif
