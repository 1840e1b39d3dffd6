/* SPDX-License-Identifier: Apache-2.0 */
/* ward: one result for every call that can fail. */
#ifndef WARD_STATUS_H
#define WARD_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "ward/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a call came to. A struct, so that `if (ward_verify(…))` does not compile: test it with ward_ok() and
 * nothing else. A zeroed status is not a success.
 */
struct ward_status {
    uint32_t code; /**< one of enum ward_code */
};

/**
 * Every result. Numbered in groups, never renumbered: a number in an old log keeps its meaning.
 * ward_status_name() gives the name without WARD_, ward_status_sentence() a sentence for people.
 */
enum ward_code {
    /** No result: what a zeroed status holds. */
    WARD_NO_RESULT = 0,

    /** Success. Far from 0, 1 and -1, so that no flipped bit or skipped instruction makes one by chance. */
    WARD_OK = 0x5ac3e917,

    /* The token's form: RFC 7515 section 3.1, RFC 4648 section 5, RFC 8259. The JSON codes are shared with key sets. */
    WARD_TOKEN_EMPTY = 0x0101,           /**< no bytes at all */
    WARD_TOKEN_TOO_LONG = 0x0102,        /**< longer than WARD_MAX_TOKEN */
    WARD_TOKEN_OPAQUE = 0x0103,          /**< no dot: a reference, not a JWT */
    WARD_TOKEN_ENCRYPTED = 0x0104,       /**< five segments: a JWE */
    WARD_TOKEN_MALFORMED = 0x0105,       /**< neither one, three nor five segments */
    WARD_TOKEN_NOT_BASE64URL = 0x0106,   /**< a segment is not strict base64url without padding */
    WARD_JSON_MALFORMED = 0x0110,        /**< breaks the grammar of RFC 8259, or ends too early */
    WARD_JSON_NOT_UTF8 = 0x0111,         /**< a byte sequence that is not UTF-8, or an escaped lone surrogate */
    WARD_JSON_DUPLICATE_MEMBER = 0x0112, /**< one object has a member name twice */
    WARD_JSON_TOO_DEEP = 0x0113,         /**< nested deeper than WARD_MAX_JSON_DEPTH */
    WARD_JSON_TOO_MANY_VALUES = 0x0114,  /**< more values than WARD_MAX_HEADER_VALUES or WARD_MAX_JSON_VALUES */
    WARD_JSON_NOT_OBJECT = 0x0115,       /**< the outermost value is not an object */
    WARD_JSON_BYTE_ORDER_MARK = 0x0116,  /**< starts with a byte order mark, or its first byte 0xef */

    /* The header and the key it names: RFC 7515 section 4, RFC 8725, RFC 9068 section 4. */
    WARD_HEADER_TOO_LONG = 0x0201,       /**< longer than WARD_MAX_HEADER once decoded */
    WARD_ALGORITHM_MISSING = 0x0202,     /**< no `alg` */
    WARD_ALGORITHM_REFUSED = 0x0203,     /**< `alg` is not exactly RS256 */
    WARD_HEADER_MEMBER_REFUSED = 0x0204, /**< `crit`, `b64`, `enc` or `cty` is there */
    WARD_TYPE_MISSING = 0x0205,          /**< no `typ`, though the expectations demand one */
    WARD_TYPE_REFUSED = 0x0206,          /**< `typ` is another kind of token */
    WARD_KID_MISSING = 0x0207,           /**< no `kid`, and policy or key set leave open which key is meant */
    WARD_KID_INVALID = 0x0208,           /**< `kid` is not a string of 1 to 128 bytes */
    WARD_KEY_UNKNOWN = 0x0209,           /**< no key of the set has this `kid` */
    WARD_KEYS_ABSENT = 0x020a,           /**< the key set is empty */
    WARD_KEYS_STALE = 0x020b,            /**< the keys were fetched longer ago than is allowed */
    WARD_KEY_REFRESH_PENDING = 0x020c,   /**< no key has this `kid`, and a refresh that may bring it is under way */
    WARD_KEYS_LAST = 0x020d,    /**< a warning: the next time the issuer changes its key, this device has none left */
    WARD_KEYS_CHANGED = 0x020e, /**< for the audit: the issuer's keys are others than before, and in use */
    WARD_KEYS_LEFT_OUT =
        0x020f, /**< a warning: the issuer has more usable keys than WARD_MAX_KEYS, and some found no slot */
    WARD_KEYS_UNDATED =
        0x0210, /**< no clock, and the answer's `Date` is missing or not within its certificate's validity */
    WARD_KEYS_HELD = 0x0211, /**< a warning: new keys have waited for a minute for a check that has not ended */

    /* One key of a key set, skipped: RFC 7517, RFC 7518 section 6.3. */
    WARD_JWK_TYPE_REFUSED = 0x0220,       /**< `kty` is not RSA */
    WARD_JWK_USE_REFUSED = 0x0221,        /**< `use` is there and not `sig` */
    WARD_JWK_OPERATIONS_REFUSED = 0x0222, /**< `key_ops` is there and lacks `verify` */
    WARD_JWK_ALGORITHM_REFUSED = 0x0223,  /**< `alg` is there and not RS256 */
    WARD_JWK_MODULUS_INVALID = 0x0224,    /**< `n` is missing, not base64url, or even */
    WARD_JWK_MODULUS_TOO_SHORT = 0x0225,  /**< fewer than 2048 bits */
    WARD_JWK_MODULUS_TOO_LONG = 0x0226,   /**< more than WARD_MAX_RSA_BITS */
    WARD_JWK_EXPONENT_REFUSED = 0x0227,   /**< `e` is not exactly 65537 */
    WARD_JWK_KID_INVALID = 0x0228,        /**< `kid` is not a string, or empty */
    WARD_JWK_KID_TOO_LONG = 0x0229,       /**< longer than WARD_MAX_KID */

    /* A key set as a whole: RFC 7517 section 5. */
    WARD_JWKS_MALFORMED = 0x0240,        /**< not an object with an array of objects named `keys` */
    WARD_JWKS_DUPLICATE_MEMBER = 0x0241, /**< a member that ward reads stands twice in one object */
    WARD_JWKS_KID_CONFLICT = 0x0242,     /**< no usable key is left: different keys share one `kid` */
    WARD_JWKS_NO_USABLE_KEY = 0x0243,    /**< nothing in it verifies RS256 */
    WARD_JWKS_LIMIT_RSA_BITS = 0x0244,   /**< no usable key, and WARD_MAX_RSA_BITS was what kept one out */
    WARD_JWKS_LIMIT_KID = 0x0245,        /**< no usable key, and WARD_MAX_KID was what kept one out */

    /* The signature: RFC 8017 section 8.2.2. */
    WARD_SIGNATURE_LENGTH = 0x0301,  /**< not as long as the key's modulus */
    WARD_SIGNATURE_INVALID = 0x0302, /**< the signature does not belong to this token and key */
    WARD_CRYPTO_FAILED = 0x0303,     /**< the crypto backend could not do its work */

    /* The claims: RFC 7519 section 4, RFC 9068 section 4, RFC 8693 section 4.3, RFC 7800. */
    WARD_ISSUER_MISSING = 0x0401,      /**< no `iss` */
    WARD_ISSUER_INVALID = 0x0402,      /**< `iss` is not a string */
    WARD_ISSUER_REFUSED = 0x0403,      /**< `iss` is none of the expected issuers */
    WARD_AUDIENCE_MISSING = 0x0404,    /**< no `aud` */
    WARD_AUDIENCE_INVALID = 0x0405,    /**< `aud` is neither a string nor an array of strings */
    WARD_AUDIENCE_REFUSED = 0x0406,    /**< `aud` names none of the expected audiences */
    WARD_EXPIRY_MISSING = 0x0407,      /**< no `exp` */
    WARD_EXPIRY_INVALID = 0x0408,      /**< `exp` is not a NumericDate that ward takes */
    WARD_TOKEN_EXPIRED = 0x0409,       /**< now is at or after `exp` and the leeway */
    WARD_NOT_BEFORE_INVALID = 0x040a,  /**< `nbf` is there and not a NumericDate that ward takes */
    WARD_TOKEN_NOT_YET_VALID = 0x040b, /**< now and the leeway are before `nbf` */
    WARD_ISSUED_MISSING = 0x040c,      /**< no `iat`, though a longest lifetime or age is set */
    WARD_ISSUED_INVALID = 0x040d,      /**< `iat` is there and not a NumericDate that ward takes */
    WARD_ISSUED_IN_FUTURE = 0x040e,    /**< `iat` is later than now and the leeway */
    WARD_LIFETIME_TOO_LONG = 0x040f,   /**< `exp` lies further after `iat` than the longest lifetime */
    WARD_TOKEN_TOO_OLD = 0x0410,       /**< `iat` lies further back than the longest age and the leeway */
    WARD_SUBJECT_MISSING = 0x0411,     /**< no `sub` */
    WARD_SUBJECT_INVALID = 0x0412,     /**< `sub` is not a string of 1 to 255 bytes without NUL */
    WARD_CLIENT_MISSING = 0x0413,      /**< neither `client_id` nor `azp`, though clients are listed */
    WARD_CLIENT_INVALID = 0x0414,      /**< `client_id` or `azp` is not a string of 1 to 255 bytes without NUL */
    WARD_CLIENT_REFUSED = 0x0415,      /**< `client_id` or `azp` is none of the clients listed */
    WARD_SCOPE_INVALID = 0x0416,       /**< the scope claim is neither a string nor an array of strings, or holds NUL */
    WARD_CLAIM_MISSING = 0x0417,       /**< a required claim is not there; also: no claim of this name */
    WARD_CLAIM_INVALID = 0x0418,       /**< a required claim is not a string; also: the claim is of another type */
    WARD_CLAIM_REFUSED = 0x0419,       /**< a required claim has another value */
    WARD_SENDER_CONSTRAINED = 0x041a,  /**< `cnf`: the token is bound to a key that a plain bearer does not show */

    /* Access. */
    WARD_SCOPE_INSUFFICIENT = 0x0501, /**< the scopes do not satisfy the expression */
    WARD_PATH_INVALID = 0x0502,    /**< the path could be read in more than one way, or is longer than WARD_MAX_PATH */
    WARD_ROUTE_NOT_FOUND = 0x0503, /**< no pattern matches the path */
    WARD_METHOD_NOT_ALLOWED = 0x0504,     /**< the pattern that matches has no row for the method */
    WARD_CHANNEL_UNPROTECTED = 0x0505,    /**< the request came in clear and its route does not allow that */
    WARD_CREDENTIAL_MISSING = 0x0506,     /**< no bearer token */
    WARD_CREDENTIAL_INVALID = 0x0507,     /**< `Authorization: Bearer` is malformed */
    WARD_CREDENTIALS_MULTIPLE = 0x0508,   /**< more than one Authorization header */
    WARD_SIGNATURE_BUDGET_SPENT = 0x0509, /**< the budget of signature checks, the peer's or all strangers', is spent */
    WARD_SUBJECT_BUDGET_SPENT = 0x050a,   /**< the subject's budget of requests is spent */
    WARD_SUBJECT_DENIED = 0x050b,         /**< the deny list has the subject or its token's time */
    WARD_PERMISSIONS_INVALID = 0x050c,    /**< `permissions` is not an array of strings */
    WARD_PREFLIGHT = 0x050d,              /**< a CORS preflight: answered, nothing was asked for yet */
    WARD_DENY_LIST_FULL = 0x050e,         /**< the deny list has no slot left; nothing was denied */
    WARD_AUDIT_END = 0x0512,              /**< the audit has no event after the cursor's */
    WARD_DENIALS_NOT_HELD =
        0x0516, /**< more denials are stored than this build has slots for: nobody is granted until ward_deny_reset() */
    WARD_DENIALS_OF_OTHER = 0x0517, /**< the stored denials are of another `authority`: likewise */
    WARD_DENIALS_DROPPED = 0x0518,  /**< audit: an operator has dropped all denials, ward_deny_reset() */
    WARD_POLICY_CHANGED = 0x0519,   /**< ward_gate_forget() was called while the request was under way */
    WARD_TARGET_INVALID = 0x051a,   /**< the request target is none for its method: ward_target_of() */

    /* The platform. */
    WARD_CLOCK_NOT_SET = 0x0601,    /**< the time is unknown or only a floor: nothing can be granted */
    WARD_BUFFER_TOO_SMALL = 0x0602, /**< the text does not fit; nothing of it was written */
    WARD_ENTROPY_MISSING = 0x0603,  /**< there is no source of random bytes, or it has none now */
    WARD_NOT_PROVIDED = 0x0604,     /**< the platform does not have this */
    WARD_UNFINISHED = 0x0605,       /**< no result yet: the next step of the check goes on */
    WARD_NOT_UNDER_WAY =
        0x0606, /**< a step of a check that was not begun, has ended, or lost its workspace to another */

    /* Fetching a key set: RFC 9110, RFC 9112, RFC 8446, RFC 5280, RFC 6125. The keys in use stay as they are. */
    WARD_FETCH_URL = 0x0610,         /**< not an https URL, or longer than the platform takes */
    WARD_FETCH_UNREACHABLE = 0x0611, /**< no network, no route, nobody answers */
    WARD_FETCH_CERTIFICATE = 0x0612, /**< the server's chain does not lead to a trusted authority, or is out of date */
    WARD_FETCH_HOST = 0x0613,        /**< the server's certificate is for another host */
    WARD_FETCH_TIMED_OUT = 0x0614,   /**< it took too long */
    WARD_FETCH_CUT_OFF = 0x0615,     /**< the connection ended before the answer did */
    WARD_FETCH_TOO_LONG = 0x0616,    /**< headers or body are longer than the platform takes */
    WARD_FETCH_HTTP_STATUS = 0x0617, /**< a status other than 200; a redirect too */
    WARD_FETCH_PROTOCOL = 0x0618,    /**< what came is not TLS or not HTTP */
    WARD_FETCH_AUTHORITIES = 0x0619, /**< the trusted authorities cannot be read, or there are none */
    /** Memory ran out in the connection, the handshake or the check of the chain: nothing is known of the server. */
    WARD_FETCH_MEMORY = 0x061a,
    WARD_FETCH_NAME = 0x061b,    /**< the URL's host has no address, or no server of names says one */
    WARD_FETCH_REFUSED = 0x061c, /**< the host is there and refuses the connection: nothing listens at this port */
    /** No version, cipher suite, group or signature of TLS that both sides know. */
    WARD_FETCH_NOTHING_SHARED = 0x061d,
    /** A certificate is broken, or has a critical extension or a kind of key that this device does not know. */
    WARD_FETCH_CERTIFICATE_UNREADABLE = 0x061e,
    /** The body is compressed or coded in another way (Content-Encoding), though `identity` alone was asked for. */
    WARD_FETCH_CODING = 0x061f,
    WARD_FETCH_IPV6 = 0x0638, /**< the URL's host is an IPv6 address, and this platform has IPv4 alone */
    /** The server ended TLS by an alert that says none of the above: it may demand a client's certificate. */
    WARD_FETCH_ALERT = 0x0639,
    WARD_FETCH_TLS_LIBRARY = 0x063a, /**< libcurl is built with another TLS library than judges certificates here */
    WARD_FETCH_USER_AGENT = 0x063b,  /**< `user_agent`: 1 to 64 printable characters (RFC 9110 section 10.1.5) */

    /* The stored record. */
    WARD_RECORD_INVALID = 0x0620,  /**< the slot holds no whole record */
    WARD_RECORD_MISMATCH = 0x0621, /**< a whole record, but of another issuer, URL or version of the firmware's keys */
    WARD_RECORD_NOT_STORED = 0x0622, /**< the slot could not be written */
    WARD_RECORD_FALLBACK = 0x0623,   /**< one slot is damaged; the record in use is the other one's */
    WARD_RECORD_ABSENT = 0x0624,     /**< nothing was ever stored in the slot */
    WARD_RECORD_STORE = 0x0625,      /**< the place of the records cannot be opened, or another program has it */
    WARD_RECORD_NEWER =
        0x0626, /**< a whole record that only a later build can read; nothing is granted, and it stays as it is */
    WARD_RECORD_UNREADABLE =
        0x0627, /**< the slot cannot be read now, whatever it holds; nothing is granted or stored until another start can */
    WARD_RECORD_KEYS_LEFT_OUT = 0x0628, /**< some of the record's keys do not fit this build; the others are in use */
    WARD_RECORD_UNFINISHED = 0x0629,    /**< nothing but a torn first record: power failed while it was written */

    /* What ward_selftest() finds wrong. */
    WARD_SELFTEST_DIGEST = 0x0630,    /**< SHA-256 of a known text comes out wrong */
    WARD_SELFTEST_SIGNATURE = 0x0631, /**< a good signature is refused, or a bad one accepted */
    WARD_SELFTEST_UPTIME = 0x0632,    /**< the uptime is missing or runs backwards */
    WARD_SELFTEST_CLOCK = 0x0633,     /**< the clock claims to be set and shows a time before the firmware was built */
    WARD_SELFTEST_ENTROPY = 0x0634,   /**< the entropy source fails, or gives the same bytes twice */
    WARD_SELFTEST_RECORD = 0x0635, /**< one of record_read() and record_write() is missing, or a slot cannot be read */
    WARD_SELFTEST_FETCH = 0x0636,  /**< not all three of fetch_begin(), fetch_read() and fetch_end() are there */

    /* A configuration that is refused, by the name of the field. */
    WARD_EXPECT_ISSUERS = 0x0701,   /**< `issuers`: 1 to 4, each 1 to 255 bytes */
    WARD_EXPECT_AUDIENCES = 0x0702, /**< `audiences`: 1 to 4, each 1 to 255 bytes; none only with `audience_absent` */
    WARD_EXPECT_AUDIENCE_ABSENT =
        0x0703, /**< `audience_absent`: without `audiences`, and with `clients` or `claims` in their place */
    WARD_EXPECT_CLIENTS = 0x0704,      /**< `clients`: at most 16, each 1 to 255 bytes */
    WARD_EXPECT_CLAIMS = 0x0705,       /**< `claims`: at most 8, each with a name and a value */
    WARD_EXPECT_LEEWAY = 0x0706,       /**< `leeway`: at most 300 seconds, or WARD_NO_LEEWAY */
    WARD_EXPECT_MAX_LIFETIME = 0x0707, /**< `max_lifetime`: at most ten years of seconds */
    WARD_EXPECT_MAX_AGE = 0x0708,      /**< `max_age`: at most ten years of seconds */
    WARD_EXPECT_SCOPE_CLAIM = 0x0709,  /**< `scope_claim`: at most 64 bytes */
    WARD_EXPECT_TYPE = 0x070a,         /**< `type`: at most 64 bytes */
    WARD_SCOPE_EXPRESSION = 0x070b,    /**< a scope expression that breaks its grammar */
    WARD_EXPECT_AUTHORITY = 0x070c,    /**< `authority`: at most 255 bytes */
    WARD_ROUTE_METHODS = 0x0710,       /**< `methods` of a route: none, or a bit that is neither a method nor a mark */
    WARD_ROUTE_PATTERN =
        0x0711, /**< `pattern`: from `/` on, no escape, `*` only as the last segment, none of what a path may not hold */
    WARD_ROUTE_SCOPES = 0x0712, /**< `scopes`: an expression, or none together with WARD_PUBLIC or WARD_AUTHENTICATED */
    WARD_ROUTE_DUPLICATE = 0x0713, /**< a row before has the same pattern and one of these methods */
    WARD_SCOPE_EXPRESSION_LONG =
        0x0717, /**< a scope expression of more than WARD_MAX_SCOPES scopes or WARD_MAX_SCOPE_EXPRESSION bytes */
    WARD_POLICY_EXPECT = 0x0720, /**< `expect` is missing */
    WARD_POLICY_SIGNATURE_RATE =
        0x0721, /**< `signature_rate`: a burst that refills in a day at most, at most 1000 a second */
    WARD_POLICY_PEER_RATE = 0x0722,         /**< `signature_rate_per_peer`: likewise */
    WARD_POLICY_SUBJECT_RATE = 0x0723,      /**< `subject`: likewise */
    WARD_POLICY_SCOPES_FROM = 0x0724,       /**< `scopes_from` is none of enum ward_scopes_from */
    WARD_POLICY_REALM = 0x0725,             /**< `realm`: at most 64 printable characters without quote and backslash */
    WARD_POLICY_ORIGINS = 0x0726,           /**< `origins`: at most 8, each of 1 to 255 printable characters */
    WARD_POLICY_SIGNATURE_RESERVE = 0x0727, /**< `signature_reserve`: likewise, as `signature_rate` */
    WARD_POLICY_RESOURCE_METADATA =
        0x0729, /**< `resource_metadata`: `https://` and at most 255 printable characters without quote and backslash */
    WARD_GATE_BUNDLES = 0x072a,   /**< `expect` of the keyring's `bundles` is not the policy's */
    WARD_GATE_HOOKS = 0x0728,     /**< `hooks` of the gate are not those of its keyring: they are one lock domain */
    WARD_KEYRING_ISSUER = 0x0730, /**< `issuer`: 1 to 255 bytes */
    WARD_KEYRING_URL =
        0x0731, /**< `url`: `https://` and at most 255 printable characters; or none, and then `compiled` or `bundles` */
    WARD_KEYRING_BUILD_TIME = 0x0732, /**< `build_time`: a time from 2024 to 2099 */
    WARD_KEYRING_COOLDOWN = 0x0733,   /**< `cooldown`: at most 3600 seconds */
    WARD_KEYRING_MAX_STALE = 0x0734,  /**< `max_stale`: one hour to 90 days, in seconds */
    WARD_KEYRING_BUNDLES =
        0x0735, /**< `bundles`: WARD_MAX_BUNDLE is 0; or of its fields one is missing or longer than 255 bytes, `keys` are not one or
                     two with a kid of their own each, or one of them is an issuer's in `compiled` */

    /* A bundle of keys and denials that an operator has signed: bundle.h. What was in force stays as it is. */
    WARD_BUNDLE_TAKEN = 0x0801,          /**< for the audit: a bundle is in force that was not before */
    WARD_BUNDLE_NOT_CONFIGURED = 0x0802, /**< this firmware takes no bundles: `bundles` of the keyring is missing */
    WARD_BUNDLE_TOO_LONG = 0x0803,       /**< longer than WARD_MAX_BUNDLE */
    WARD_BUNDLE_BUSY =
        0x0804, /**< a fetch is under way, or a check still uses the set that it would overwrite: again later */
    WARD_BUNDLE_SIGNER = 0x0805,           /**< no operator key of this firmware has the header's `kid` */
    WARD_BUNDLE_OPERATOR = 0x0806,         /**< `iss` is not the operator */
    WARD_BUNDLE_FLEET = 0x0807,            /**< `aud` does not name this fleet */
    WARD_BUNDLE_ISSUER = 0x0808,           /**< `sub` is not the issuer whose keys this keyring keeps */
    WARD_BUNDLE_EXPIRED = 0x0809,          /**< now is at or after `exp` */
    WARD_BUNDLE_SEQUENCE_INVALID = 0x080a, /**< no `seq`, or not an integer of 1 to 2^53 */
    WARD_BUNDLE_OLDER =
        0x080b, /**< `seq` is not higher than that of a bundle of the same operator key that was in force */
    WARD_BUNDLE_CHANGED = 0x080c, /**< `seq` is that of the bundle in force, and all else is not */
    WARD_BUNDLE_EARLIER =
        0x080d, /**< `iat` is before that of the bundle in force, which another operator key has signed */
    WARD_BUNDLE_DENIALS_INVALID = 0x080e, /**< `deny` is not an array of entries as bundle.h has them */
    WARD_BUNDLE_DENIALS_FULL = 0x080f,    /**< `deny` names more than WARD_DENY_SLOTS holds */
    WARD_BUNDLE_OPERATOR_KEY =
        0x0810 /**< a key set has an operator's key among its own, which must never verify a token */
};

/** The only test of success. */
static inline bool ward_ok(struct ward_status status)
{
    return status.code == (uint32_t)WARD_OK;
}

/** A status from its code. */
static inline struct ward_status ward_status_of(enum ward_code code)
{
    struct ward_status status = { (uint32_t)code };
    return status;
}

/**
 * The name of a result without its WARD_, such as "KEY_UNKNOWN"; "UNKNOWN" for a number that is none. Static text,
 * never NULL. In an object of its own: a firmware that prints numbers does not pay for it.
 */
const char *ward_status_name(struct ward_status status);

/**
 * One English sentence that says what is wrong and, where there is something to do, what. Static text without quotes
 * or a full stop, never NULL, never a part of any input. In an object of its own, as above.
 */
const char *ward_status_sentence(struct ward_status status);

#ifdef __cplusplus
}
#endif

#endif
