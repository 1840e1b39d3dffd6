/* SPDX-License-Identifier: Apache-2.0 */
/* ward: one access token, from its bytes to its claims. */
#ifndef WARD_TOKEN_H
#define WARD_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/config.h"
#include "ward/key.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Leeway of a struct ward_expect that has not set one, seconds. */
#define WARD_DEFAULT_LEEWAY 60u

/** Value of `leeway` that means none at all; 0 means the default. */
#define WARD_NO_LEEWAY UINT32_MAX

/** A claim that a token must have, a string with exactly this value: `token_use` = `access`. */
struct ward_claim_rule {
    struct ward_text name;
    struct ward_text value;
};

/**
 * What every token must show. Constant: put it in flash. Zeroed fields mean what is said beside them, so that an
 * Auth0 API needs only `issuers` and `audiences`.
 */
struct ward_expect {
    /** Accepted values of `iss`, compared whole; Auth0's end in a slash. 1 to 4, all of the same key set. */
    struct ward_texts issuers;
    /**
     * One name for all of `issuers` where they are one authority (a tenant and its custom domain): a subject then is
     * the same person under each, with one owner id, one budget and one set of rows. 1 to 255 bytes; it is part of
     * what the device stores, so keep it: a build with another name, also with none or with the first, finds stored
     * denials that are not its own and is closed until they are dropped (WARD_DENIALS_OF_OTHER). Ids are made with it
     * in place of the issuer: named like the issuer that you had first, rows of that one stay right. Empty: off, each
     * issuer's subjects are their own, and who was denied before an issuer was added is not denied under that one.
     * Some issuers share keys between tenants: leave it off where you are not sure.
     */
    struct ward_text authority;
    /** Accepted members of `aud`. 1 to 4. */
    struct ward_texts audiences;
    /**
     * Clients that may call, at most 16. None: any. Each of `client_id` and `azp` that the token has must be listed;
     * they need not be the same. `client_id` is the one that claims name.
     */
    struct ward_texts clients;
    /** Claims that must be there with these values. */
    const struct ward_claim_rule *claims;
    /** How many, at most 8. */
    size_t claim_count;
    /** The `typ` that is demanded, such as `at+jwt`. Empty: absent, `JWT` and `at+jwt` all pass. */
    struct ward_text type;
    /** The claim that holds the scopes. Empty: `scope`. Okta and Entra ID use `scp`. */
    struct ward_text scope_claim;
    /** Seconds by which clocks may differ, on every time check: at most 300. 0: WARD_DEFAULT_LEEWAY. */
    uint32_t leeway;
    /** Longest time from `iat` to `exp` in seconds; then `iat` is required. 0: not looked at. */
    uint32_t max_lifetime;
    /** Longest time since `iat` in seconds; then `iat` is required. 0: not looked at. */
    uint32_t max_age;
    /** For issuers whose access tokens have no `aud` (Cognito): then it is not looked at, and `clients` or `claims`
     * must say whom the token is for. */
    bool audience_absent;
    /** Lets a token without `sub` pass; it then owns nothing, and its budget is its client's. */
    bool subject_optional;
    /** Lets a token without `kid` pass where the key set has exactly one key. */
    bool kid_optional;
    /**
     * Lets a token pass whose `iat` is later than now and the leeway, for devices whose clocks run behind by more than
     * a leeway can be: RFC 7519 does not ask for this check. The price: ward_deny() with a time (`issued_until` = now)
     * misses tokens that say that they were issued later, and `max_age` counts from what they say.
     */
    bool issued_ahead;
};

/**
 * Whether the expectations can be used; call it once at start. ward_verify() asks again, so that a mistake refuses
 * every token.
 *
 * @retval WARD_OK                      they can
 * @retval WARD_EXPECT_ISSUERS          and so on: the field of that name breaks the rule beside the code
 * @retval WARD_EXPECT_AUTHORITY
 * @retval WARD_EXPECT_AUDIENCES
 * @retval WARD_EXPECT_AUDIENCE_ABSENT
 * @retval WARD_EXPECT_CLIENTS
 * @retval WARD_EXPECT_CLAIMS
 * @retval WARD_EXPECT_TYPE
 * @retval WARD_EXPECT_SCOPE_CLAIM
 * @retval WARD_EXPECT_LEEWAY
 * @retval WARD_EXPECT_MAX_LIFETIME
 * @retval WARD_EXPECT_MAX_AGE
 */
WARD_MUST_USE struct ward_status ward_expect_check(const struct ward_expect *expect);

/** Who a token speaks for. */
enum ward_subject_kind {
    WARD_SUBJECT_NONE = 0,     /**< no `sub` */
    WARD_SUBJECT_USER = 1,     /**< a person */
    WARD_SUBJECT_MACHINE = 2,  /**< the client itself: `sub` is the client followed by `@clients` */
    WARD_SUBJECT_ANONYMOUS = 3 /**< `sub` begins with `anon@`: nobody in particular */
};

/**
 * What a verified token says. Its texts point into the token's buffer and live as long as that is left alone;
 * the fields marked private point into the workspace. Zeroed: nothing is known.
 */
struct ward_claims {
    struct ward_text issuer;   /**< `iss`: one of those expected */
    struct ward_text audience; /**< the expected audience that the token names; empty with `audience_absent` */
    struct ward_text subject;  /**< `sub`; empty only with `subject_optional` */
    struct ward_text client;   /**< `client_id`, else `azp`; empty where the token has neither */
    uint64_t expires;          /**< `exp`, seconds since 1970, a fraction cut */
    uint64_t issued;           /**< `iat`, likewise; 0 where the token has none */
    uint8_t kind;              /**< one of enum ward_subject_kind */
    const char *json;          /**< private */
    const uint32_t *values;    /**< private */
    uint16_t count;            /**< private */
    uint16_t scope;            /**< private */
};

/**
 * Verifies one compact JWS access token (RFC 7515, RFC 7519; profile of RFC 9068 section 4; advice of RFC 8725).
 *
 * The order of work: expectations and clock; length, segments, header; the key; signature length, one SHA-256 pass, one
 * RSA operation; only then is the payload decoded and read. The first thing that is wrong is the result.
 *
 * The token is consumed. Until its key is found it stays as it was; after that its signature is wiped on every path and
 * its payload decoded in place; on refusal the whole buffer is wiped.
 *
 * @param expect  what the token must show
 * @param keys    the issuer's keys; not changed during the call
 * @param now     wall clock and how far it is trusted; only a set clock verifies
 * @param token   the token's bytes, no NUL needed; the caller's, exclusively ward's during the call, not in flash
 * @param length  bytes in token
 * @param work    scratch; nothing in it needs to be set
 * @param claims  written on WARD_OK, else zeroed; its texts point into token
 *
 * @retval WARD_OK                      every demand of expect holds
 * @retval WARD_EXPECT_…                expect cannot be used: see ward_expect_check()
 * @retval WARD_CLOCK_NOT_SET           now is not trusted
 * @retval WARD_KEYS_ABSENT             keys is empty
 * @retval WARD_TOKEN_EMPTY             no bytes
 * @retval WARD_TOKEN_TOO_LONG          more than WARD_MAX_TOKEN bytes
 * @retval WARD_TOKEN_OPAQUE            no dot; Auth0 gives opaque tokens when `audience` was not asked for
 * @retval WARD_TOKEN_ENCRYPTED         a JWE
 * @retval WARD_TOKEN_MALFORMED         any other number of segments
 * @retval WARD_TOKEN_NOT_BASE64URL     a segment is not strict base64url
 * @retval WARD_HEADER_TOO_LONG         its header is longer than WARD_MAX_HEADER
 * @retval WARD_JSON_MALFORMED          header or payload is not JSON
 * @retval WARD_JSON_BYTE_ORDER_MARK    it starts with a byte order mark
 * @retval WARD_JSON_NOT_UTF8           its text is not UTF-8
 * @retval WARD_JSON_DUPLICATE_MEMBER   one object has a member twice
 * @retval WARD_JSON_TOO_DEEP           nested deeper than WARD_MAX_JSON_DEPTH
 * @retval WARD_JSON_TOO_MANY_VALUES    more than WARD_MAX_HEADER_VALUES or WARD_MAX_JSON_VALUES
 * @retval WARD_JSON_NOT_OBJECT         header or payload is another kind of value
 * @retval WARD_ALGORITHM_MISSING       no `alg`
 * @retval WARD_ALGORITHM_REFUSED       `alg` is not RS256
 * @retval WARD_HEADER_MEMBER_REFUSED   `crit`, `b64`, `enc` or `cty` is there; `zip` is ignored
 * @retval WARD_TYPE_MISSING            no `typ`, and one is demanded
 * @retval WARD_TYPE_REFUSED            `typ` is another one
 * @retval WARD_KID_MISSING             no `kid`, and none is not allowed or leaves the key open
 * @retval WARD_KID_INVALID             `kid` is not 1 to 128 bytes of text
 * @retval WARD_KEY_UNKNOWN             no key has this `kid`; the token is untouched: refresh the keys and try again
 * @retval WARD_SIGNATURE_LENGTH        the signature is base64url, but not as long as the modulus
 * @retval WARD_SIGNATURE_INVALID       the signature is another's
 * @retval WARD_CRYPTO_FAILED           the backend could not do its work
 * @retval WARD_ISSUER_MISSING, WARD_ISSUER_INVALID, WARD_ISSUER_REFUSED
 * @retval WARD_AUDIENCE_MISSING, WARD_AUDIENCE_INVALID, WARD_AUDIENCE_REFUSED
 * @retval WARD_EXPIRY_MISSING, WARD_EXPIRY_INVALID, WARD_TOKEN_EXPIRED
 * @retval WARD_NOT_BEFORE_INVALID, WARD_TOKEN_NOT_YET_VALID
 * @retval WARD_ISSUED_MISSING, WARD_ISSUED_INVALID, WARD_ISSUED_IN_FUTURE
 * @retval WARD_LIFETIME_TOO_LONG, WARD_TOKEN_TOO_OLD
 * @retval WARD_SUBJECT_MISSING, WARD_SUBJECT_INVALID
 * @retval WARD_CLIENT_MISSING, WARD_CLIENT_INVALID, WARD_CLIENT_REFUSED
 * @retval WARD_SCOPE_INVALID, WARD_SENDER_CONSTRAINED
 * @retval WARD_CLAIM_MISSING, WARD_CLAIM_INVALID, WARD_CLAIM_REFUSED
 *
 * Stack: see `make size`. No allocation, no recursion, no shared state.
 */
WARD_MUST_USE struct ward_status ward_verify(const struct ward_expect *expect, const struct ward_jwks *keys,
                                             struct ward_time now, char *token, size_t length,
                                             struct ward_workspace *work, struct ward_claims *claims);

/**
 * A token between ward_verify_begin() and its last step. The caller's, one for each token that is under way, which has a workspace of its
 * own as well; private. Zeroed: none is under way.
 */
struct ward_verification {
    const struct ward_expect *expect;
    struct ward_workspace *work;
    char *bytes;
    size_t length;
    bool stepped; /* the crypto backend waits for the next step */
    bool whole;   /* the JSON of exactly this token was found whole */
};

/**
 * Begins what ward_verify() does in one go, for a loop that has other things to do while a slow processor verifies a signature: all that
 * comes before the RSA operation, one SHA-256 pass over the token included, which is not divided.
 *
 *     struct ward_status status = ward_verify_begin(&verification, &expect, &keys, now(), token, length, &work);
 *     …
 *     if (status.code == WARD_UNFINISHED) // once each time round
 *         status = ward_verify_step(&verification, now(), &claims);
 *
 * Until it has its result or is given up, the token is exclusively ward's, not a byte of it to be read, written or moved; keys, expect,
 * work and verification stay as they are and where they are, and work serves nothing else. Nothing else is held: no digest runs, no lock is taken.
 *
 * What is not named here is as for ward_verify().
 *
 * @param verification  written; nothing needs to be set in it
 *
 * @retval WARD_UNFINISHED  it is under way: the steps follow. Never WARD_OK
 * @retval (others)         those of ward_verify() that need no RSA operation; nothing is under way, and the token is as ward_verify()
 *                          leaves it
 */
WARD_MUST_USE struct ward_status ward_verify_begin(struct ward_verification *verification,
                                                   const struct ward_expect *expect, const struct ward_jwks *keys,
                                                   struct ward_time now, char *token, size_t length,
                                                   struct ward_workspace *work);

/**
 * Takes one step, with at most one multiplication modulo the key's modulus. With `mbedtls_core` there are nineteen: eighteen that multiply,
 * some 80,000 instructions of a Cortex-M3 each at 2048 bits (`tests/run "known token"` counts the longest) and about 22 ms of a Cortex-M0 at
 * 16 MHz, and a last one that compares. A backend that calls a library which verifies in one go takes one step: see
 * include/ward/port/crypto.h.
 *
 * The last one reads the claims and judges them by the time that it is given: what has expired meanwhile is refused, and so is all of it by
 * a clock that is no longer set.
 *
 * @param now     as it is now, asked anew for each step
 * @param claims  written on WARD_OK, else zeroed
 *
 * @retval WARD_UNFINISHED     take the next one, now or later
 * @retval WARD_OK             every demand of expect holds; nothing is under way any more
 * @retval WARD_NOT_UNDER_WAY  there is nothing to take a step of: never begun, already ended, or its workspace serves another token
 *                             meanwhile; then its own token and the workspace are wiped, so that the other is refused as well
 * @retval (others)            those of ward_verify(): the token is wiped, and nothing is under way any more
 *
 * Stack: less than ward_verify(). No allocation, no recursion, no shared state.
 */
WARD_MUST_USE struct ward_status ward_verify_step(struct ward_verification *verification, struct ward_time now,
                                                  struct ward_claims *claims);

/**
 * Gives up what was begun, because its caller has gone or waits no longer: tells the backend, wipes token and workspace. Nothing where none
 * is under way.
 */
void ward_verify_abort(struct ward_verification *verification);

/** Type of a claim's value. */
enum ward_claim_type {
    WARD_CLAIM_NONE = 0, /**< no claim */
    WARD_CLAIM_TEXT = 1,
    WARD_CLAIM_NUMBER = 2,
    WARD_CLAIM_BOOLEAN = 3,
    WARD_CLAIM_NULL = 4,
    WARD_CLAIM_OBJECT = 5,
    WARD_CLAIM_ARRAY = 6
};

/**
 * One value among the claims, to be asked by the functions below. Valid as long as the claims are and until the
 * workspace serves the next check. Zeroed: none; every question about it is answered by WARD_CLAIM_INVALID.
 */
struct ward_claim {
    const struct ward_claims *claims; /**< private */
    uint16_t index;                   /**< private */
    uint16_t type;                    /**< one of enum ward_claim_type */
    uint16_t size;                    /**< members of an object, items of an array, else 0 */
};

/**
 * The claim of exactly this name, a namespaced one (`https://api.example/roles`) included; names are compared whole,
 * after unescaping.
 *
 * @param claims  from ward_verify()
 * @param name    the name
 * @param claim   written on WARD_OK, else zeroed
 *
 * @retval WARD_OK             there it is
 * @retval WARD_CLAIM_MISSING  the token has none of this name
 */
WARD_MUST_USE struct ward_status ward_claim_find(const struct ward_claims *claims, struct ward_text name,
                                                 struct ward_claim *claim);

/**
 * The member of exactly this name in a claim that is an object: Keycloak's `realm_access` has one `roles`.
 *
 * @retval WARD_OK             there it is
 * @retval WARD_CLAIM_INVALID  object is not an object
 * @retval WARD_CLAIM_MISSING  it has no such member
 */
WARD_MUST_USE struct ward_status ward_claim_member(const struct ward_claim *object, struct ward_text name,
                                                   struct ward_claim *claim);

/**
 * The items of an array, or the members of an object, one after the other in the order of the token. All of them together
 * cost one pass over what is in the container.
 *
 *     size_t at = 0;
 *     while (ward_ok(ward_claim_next(&roles, &at, NULL, &role)))
 *         …
 *
 * @param at    the place: 0 before the first; changed on WARD_OK, and nobody else's
 * @param name  the member's name, or the empty text for an array's item; may be NULL
 * @param claim written on WARD_OK, else zeroed; not the container itself
 *
 * @retval WARD_OK             there it is
 * @retval WARD_CLAIM_INVALID  container is neither
 * @retval WARD_CLAIM_MISSING  that was the last
 */
WARD_MUST_USE struct ward_status ward_claim_next(const struct ward_claim *container, size_t *at, struct ward_text *name,
                                                 struct ward_claim *claim);

/**
 * Item `number` of an array, or member `number` of an object, counted from 0 in the order of the token. It walks there from
 * the first: for all of them ward_claim_next() is the one to call.
 *
 * @param name  the member's name, or the empty text for an array's item; may be NULL
 *
 * @retval WARD_OK             there it is
 * @retval WARD_CLAIM_INVALID  container is neither
 * @retval WARD_CLAIM_MISSING  it has no more than `number`
 */
WARD_MUST_USE struct ward_status ward_claim_item(const struct ward_claim *container, size_t number,
                                                 struct ward_text *name, struct ward_claim *claim);

/** All claims as one object, for ward_claim_item(). */
struct ward_claim ward_claim_all(const struct ward_claims *claims);

/**
 * A claim's text.
 *
 * @param text  written on WARD_OK, else emptied; points into the token
 *
 * @retval WARD_OK             a string without NUL
 * @retval WARD_CLAIM_INVALID  not a string, or one that holds NUL
 */
WARD_MUST_USE struct ward_status ward_claim_text(const struct ward_claim *claim, struct ward_text *text);

/**
 * A claim's integer.
 *
 * @param integer  written on WARD_OK, else 0; -2^53 to 2^53, the range in which every JSON library agrees (RFC 8259 section 6)
 *
 * @retval WARD_OK             a number without fraction or exponent, in range
 * @retval WARD_CLAIM_INVALID  anything else
 */
WARD_MUST_USE struct ward_status ward_claim_integer(const struct ward_claim *claim, int64_t *integer);

/**
 * A claim's truth.
 *
 * @param truth  written on WARD_OK, else false
 *
 * @retval WARD_OK             true or false
 * @retval WARD_CLAIM_INVALID  anything else
 */
WARD_MUST_USE struct ward_status ward_claim_boolean(const struct ward_claim *claim, bool *truth);

/**
 * A claim as it stands in the token's JSON: for a number its digits, for a string its unescaped text with any NUL.
 *
 * @param literal  written on WARD_OK, else emptied; points into the token
 *
 * @retval WARD_OK             a string, number, boolean or null
 * @retval WARD_CLAIM_INVALID  an object, an array or nothing
 */
WARD_MUST_USE struct ward_status ward_claim_literal(const struct ward_claim *claim, struct ward_text *literal);

/**
 * Whether one item of an array of strings, or the string itself, is exactly `text`.
 *
 * @retval WARD_OK             it is
 * @retval WARD_CLAIM_MISSING  it is not
 * @retval WARD_CLAIM_INVALID  the claim is neither a string nor an array of strings
 */
WARD_MUST_USE struct ward_status ward_claim_has(const struct ward_claim *claim, struct ward_text text);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_verify(...) WARD_CHECKED(WARD_LIMITS, ward_verify(__VA_ARGS__))
#define ward_verify_begin(...) WARD_CHECKED(WARD_LIMITS, ward_verify_begin(__VA_ARGS__))
#endif

#endif
